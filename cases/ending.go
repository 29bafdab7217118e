package cases

import (
	"context"
	"strings"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
)

// reasoned is what somebody said about what he did.
type reasoned struct {
	Reason string `json:"reason"`
}

// Respond records that the customer was answered for the first time, now or at a moment since the
// receipt. It returns Conflict where somebody has answered already.
func (d *Desk) Respond(ctx context.Context, by who.Actor, id uuid.UUID, version int, when *time.Time) (Case, error) {
	return d.change(ctx, by, id, version, "case.responded", func(_ context.Context, c *Case, at time.Time) (any, error) {
		switch {
		case c.RespondedAt != nil:
			return nil, fault.New(fault.Conflict, "case %s was answered already", c.Number)
		case !c.Status.running():
			return nil, c.refuse("respond")
		}
		answered := at
		if when != nil {
			answered = when.UTC().Truncate(time.Microsecond)
		}
		var f fault.Faults
		if answered.After(at) {
			f.Add("/responded_at", "must not be later than now")
		} else if answered.Before(c.ReceivedAt) {
			f.Add("/responded_at", "must not be before the receipt")
		}
		c.RespondedAt = &answered
		c.touch(at)
		return answer{answered}, wrong(f)
	})
}

// answer says when the customer was answered.
type answer struct {
	RespondedAt time.Time `json:"responded_at"`
}

// Resolve says that a case is solved without a visit, and how. It returns Conflict while jobs of
// the case are to be done.
func (d *Desk) Resolve(ctx context.Context, by who.Actor, id uuid.UUID, version int, how string) (Case, error) {
	return d.change(ctx, by, id, version, "case.resolved", func(ctx context.Context, c *Case, at time.Time) (any, error) {
		if err := c.undergo(VerbResolve, at); err != nil {
			return nil, err
		}
		w, err := d.work(ctx, *c)
		if err != nil {
			return nil, err
		}
		if err := w.refuse(*c); err != nil {
			return nil, err
		}
		c.Resolution, err = spoken("/resolution", how)
		return reasoned{c.Resolution}, err
	})
}

// Close ends a case that is resolved.
func (d *Desk) Close(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Case, error) {
	return d.change(ctx, by, id, version, "case.closed", func(_ context.Context, c *Case, at time.Time) (any, error) {
		return nil, c.undergo(VerbClose, at)
	})
}

// Reopen takes a case up again that was thought to be solved (requirement 115). Its time to the
// completion begins anew.
func (d *Desk) Reopen(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Case, error) {
	return d.change(ctx, by, id, version, "case.reopened", func(ctx context.Context, c *Case, at time.Time) (any, error) {
		if err := c.undergo(VerbReopen, at); err != nil {
			return nil, err
		}
		p, err := d.policies.Find(ctx, c.PolicyVersion)
		if err != nil {
			return nil, err
		}
		reason, err := spoken("/reason", reason)
		c.Resolution, c.ReopenReason, c.ReopenedAt = "", &reason, &at
		c.Reopened++
		c.reckon(p)
		return reasoned{reason}, err
	})
}

// holdJobsSQL holds the jobs before the case is held: closing a job holds them in this order too.
const holdJobsSQL = `SELECT id FROM jobs WHERE case_id = $1 ORDER BY id FOR NO KEY UPDATE`

// Cancel ends a case that the customer wants no more, and its open jobs with it. It returns
// Conflict where work was done or is being done on one of them.
func (d *Desk) Cancel(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (c Case, err error) {
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, d.db, holdJobsSQL, id); err != nil {
			return pg.Fault(err, "job")
		}
		if c, err = d.change(ctx, by, id, version, "case.canceled", func(ctx context.Context, c *Case, at time.Time) (any, error) {
			if err := c.undergo(VerbCancel, at); err != nil {
				return nil, err
			}
			if w, err := d.work(ctx, *c); err != nil {
				return nil, err
			} else if w.Closed > 0 {
				return nil, fault.New(fault.Conflict, "work was done for case %s: resolve it instead", c.Number)
			}
			reason, err := spoken("/reason", reason)
			c.CancelReason = &reason
			return reasoned{reason}, err
		}); err != nil {
			return err
		}
		return d.cancelJobs(ctx, by, c)
	})
	return c, err
}

// cancelJobs cancels what is open of a case that was canceled.
func (d *Desk) cancelJobs(ctx context.Context, by who.Actor, c Case) error {
	open := dispatch.JobQuery{CaseID: &c.ID, Statuses: pending}
	jobs, _, err := d.board.List(ctx, by, open, uuid.Nil, 200)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if _, err := d.board.Cancel(ctx, by, j.ID, j.Version, *c.CancelReason); err != nil {
			return err
		}
	}
	// What is left is another outlet's, or more than anybody opens for one case.
	w, err := d.work(ctx, c)
	if err != nil {
		return err
	}
	return w.refuse(c)
}

// spoken is what somebody says to what he does; it cannot be blank.
func spoken(pointer, text string) (string, error) {
	var f fault.Faults
	text = registry.Note(&f, pointer, text)
	if text == "" {
		f.Add(pointer, "must not be blank")
	}
	return text, wrong(f)
}

// work is how far the jobs of a case are.
type work struct {
	Closed  int      // since the case was opened
	Lately  int      // of those, since it was reopened last
	Pending []string // the numbers of those that are not done
}

// refuse returns Conflict while jobs are to be done.
func (w work) refuse(c Case) error {
	if len(w.Pending) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "jobs of case %s are not done: %s", c.Number, strings.Join(w.Pending, ", "))
}

// workSQL counts a job that was left incomplete as done once another one carries it on.
const workSQL = `
SELECT count(*) FILTER (WHERE j.status = 'closed') AS closed,
  count(*) FILTER (WHERE j.status = 'closed' AND ($2::timestamptz IS NULL OR j.closed_at >= $2)) AS lately,
  coalesce(array_agg(j.number ORDER BY j.id) FILTER (WHERE j.status NOT IN ('closed', 'canceled', 'incomplete')
    OR j.status = 'incomplete' AND NOT EXISTS (SELECT FROM jobs f WHERE f.follows_id = j.id)), '{}') AS pending
FROM jobs j WHERE j.case_id = $1`

func (d *Desk) work(ctx context.Context, c Case) (work, error) {
	found, err := pg.Query[work](ctx, d.db, workSQL, c.ID, c.ReopenedAt)
	if err != nil {
		return work{}, pg.Fault(err, "job")
	}
	return found[0], nil
}
