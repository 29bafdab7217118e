package cases

import (
	"context"

	"callout/dispatch"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// pending are the statuses of a job that is to be done; visiting those from which on somebody
// has set out to the customer.
var (
	pending = []dispatch.Status{
		dispatch.StatusOpen, dispatch.StatusScheduled, dispatch.StatusDispatched, dispatch.StatusAccepted, dispatch.StatusTraveling,
		dispatch.StatusOnSite, dispatch.StatusWorking, dispatch.StatusOnHold, dispatch.StatusFinished,
	}
	visiting = map[dispatch.Status]bool{
		dispatch.StatusTraveling: true, dispatch.StatusOnSite: true, dispatch.StatusWorking: true, dispatch.StatusOnHold: true,
		dispatch.StatusFinished: true, dispatch.StatusClosed: true, dispatch.StatusIncomplete: true,
	}
	ended = map[dispatch.Status]bool{
		dispatch.StatusClosed: true, dispatch.StatusCanceled: true, dispatch.StatusIncomplete: true,
	}
)

// OpenJob has somebody visit the customer: it opens a job of the case, which is in service from
// then on. Place, thing and priority of n are the case's, and so is its due time where n names
// none. A new case may have a job at once: what is urgent is not classified first
// (requirements 14, 79).
func (d *Desk) OpenJob(ctx context.Context, by who.Actor, id uuid.UUID, n dispatch.NewJob) (j dispatch.Job, err error) {
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		c, err := lock(ctx, d.db, by, id)
		if err != nil {
			return err
		}
		if _, allowed := next[c.Status][VerbOpenJob]; !allowed {
			return c.refuse(VerbOpenJob)
		}
		n.CaseID, n.SiteID, n.AssetID, n.Priority = &c.ID, c.SiteID, c.AssetID, c.Priority
		if n.DueAt == nil {
			n.DueAt, n.DueOfCase = &c.CompletionDueAt, true
		}
		// The board tells JobChanged, which moves the case.
		j, err = d.board.Open(ctx, by, n)
		return err
	})
	return j, err
}

// heed is what a change of a job means for its case: a verb, or "" for none, and whether somebody has
// set out to a customer who was not answered yet.
func (c Case) heed(j dispatch.Job) (v Verb, answered bool) {
	switch {
	case !ended[j.Status] && c.Status != StatusInService:
		v = VerbOpenJob
	case (j.Status == dispatch.StatusClosed || j.Status == dispatch.StatusCanceled) && c.Status == StatusInService:
		v = VerbResolve
	}
	return v, visiting[j.Status] && c.RespondedAt == nil
}

const standingSQL = `SELECT status, responded_at FROM cases WHERE id = $1`

// visit says which job moved a case.
type visit struct {
	JobID uuid.UUID `json:"job_id"`
	Job   string    `json:"job"`
}

// JobChanged moves the case of a job, in the transaction of the job's change. A job that opens brings
// its case into service; the last one that closes resolves it, if any was closed since the case
// was opened or reopened; a technician who sets out has answered the customer. It returns
// Conflict for a job that is opened for a case that has ended.
func (d *Desk) JobChanged(ctx context.Context, by who.Actor, j dispatch.Job) error {
	// Most changes of jobs mean nothing to the case: only what may matter holds it. A job that is
	// opened always does: the case may be about to be resolved without it.
	if j.Status != dispatch.StatusOpen {
		standing, err := pg.Query[Case](ctx, d.db, standingSQL, j.CaseID)
		if err != nil || len(standing) == 0 {
			return pg.Fault(err, "case")
		}
		if v, answered := standing[0].heed(j); v == "" && !answered {
			return nil
		}
	}
	c, err := lock(ctx, d.db, who.System, *j.CaseID)
	if err != nil {
		return err
	}
	v, answered := c.heed(j)
	if v == VerbResolve {
		// Counted only now that the case is held: of two jobs that close at once, the second sees the first.
		if w, err := d.work(ctx, c); err != nil {
			return err
		} else if len(w.Pending) > 0 || w.Lately == 0 {
			v = ""
		}
	}
	if v == "" && !answered {
		return nil
	}
	return d.follow(ctx, by, c, v, answered, j)
}

// follow moves the case after its job.
func (d *Desk) follow(ctx context.Context, by who.Actor, c Case, v Verb, answered bool, j dispatch.Job) error {
	at, from := d.now(), c.Status
	if answered {
		c.RespondedAt = &at
	}
	if v == "" {
		c.touch(at)
	} else if err := c.undergo(v, at); err != nil {
		return err
	}
	if err := save(ctx, d.db, c); err != nil {
		return err
	}
	return d.tell(ctx, by, at, followed[v], c, from, visit{j.ID, j.Number})
}

// followed are the events of a case that its jobs move.
var followed = map[Verb]string{"": "case.responded", VerbOpenJob: "case.in_service", VerbResolve: "case.resolved"}
