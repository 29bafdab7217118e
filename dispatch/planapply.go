package dispatch

import (
	"context"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Applied is what became of the changes that somebody took of a plan.
type Applied struct {
	Plan    Plan
	Done    []uuid.UUID // jobs
	Refused []Skipped   // they do not fit any more, and are left as they are
}

// Apply books the changes of a plan: those of some jobs, or (nil) all that are left. The board may have changed
// since: what does not fit any more is returned and left as it is, and so is what depends on it. What was applied
// is applied once, whoever asks.
func (p *Planner) Apply(ctx context.Context, by who.Actor, id uuid.UUID, version int, jobs []uuid.UUID) (a Applied, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		a = Applied{}
		if a.Plan, err = lockPlan(ctx, p.db, by, id); err != nil {
			return err
		}
		if err := a.Plan.may("apply", version); err != nil {
			return err
		}
		all, err := readChanges(ctx, p.db, id)
		if err != nil {
			return err
		}
		some, err := chosen(all, jobs)
		if err != nil {
			return err
		}
		f, err := p.fitting(ctx, a.Plan, some)
		if err != nil {
			return err
		}
		fit, refused := f.choose(some)
		a.Refused = refused
		if err := p.bookPlan(ctx, by, &a, f, fit); err != nil {
			return err
		}
		left := 0
		for _, c := range all {
			if c.AppliedAt == nil {
				left++
			}
		}
		return p.endApplying(ctx, by, &a, left-len(fit))
	})
	return a, err
}

// chosen are the changes of some jobs that are not applied yet.
func chosen(all []PlanChange, jobs []uuid.UUID) (some []PlanChange, err error) {
	of := make(map[uuid.UUID]PlanChange, len(all))
	for _, c := range all {
		of[c.JobID] = c
		if jobs == nil && c.AppliedAt == nil {
			some = append(some, c)
		}
	}
	var f fault.Faults
	for i, id := range jobs {
		c, known := of[id]
		switch {
		case !known:
			f.Add(fmt.Sprintf("/job_ids/%d", i), "the plan changes nothing about this job")
		case c.AppliedAt == nil:
			some = append(some, c)
		}
	}
	return some, f.Err(fault.Invalid, "the plan cannot be applied like this")
}

const appliedSQL = `UPDATE plan_changes SET applied_at = $3 WHERE plan_id = $1 AND job_id = ANY ($2)`

// endApplying notes what was applied; a plan of which nothing is left is applied.
func (p *Planner) endApplying(ctx context.Context, by who.Actor, a *Applied, left int) error {
	at := p.now()
	if _, err := pg.Exec(ctx, p.db, appliedSQL, a.Plan.ID, a.Done, at); err != nil {
		return pg.Fault(err, "plan")
	}
	status := PlanProposed
	if left == 0 {
		status = PlanApplied
	}
	if err := a.Plan.move(ctx, p.db, status, at); err != nil {
		return err
	}
	return p.tellPlan(ctx, by, "plan.applied", a.Plan, map[string]any{"applied": len(a.Done), "refused": len(a.Refused), "left": left})
}

// bookPlan books changes that fit. All that is given up is given up first, so that jobs may change places.
func (p *Planner) bookPlan(ctx context.Context, by who.Actor, a *Applied, f *fitting, fit []PlanChange) error {
	at := p.now()
	before := map[uuid.UUID]*uuid.UUID{}
	for _, c := range fit {
		j, why := f.jobs[c.JobID], ReleaseReassigned
		if c.Kind == ChangeDropped {
			why = ReleaseUnassigned
		}
		before[j.ID] = j.technician()
		if err := p.release(ctx, &j, at, why); err != nil {
			return err
		}
		f.jobs[j.ID] = j
	}
	for _, c := range fit {
		if err := p.bookChange(ctx, by, a.Plan, f.jobs[c.JobID], c, before[c.JobID], at); err != nil {
			return err
		}
		a.Done = append(a.Done, c.JobID)
	}
	return nil
}

// changeVerbs are what the kinds of changes do to a job.
var changeVerbs = map[ChangeKind]Verb{ChangeAdded: VerbAssign, ChangeMoved: VerbReassign, ChangeDropped: VerbUnassign}

func (p *Planner) bookChange(ctx context.Context, by who.Actor, plan Plan, j Job, c PlanChange, before *uuid.UUID, at time.Time) error {
	verb := changeVerbs[c.Kind]
	n := note{From: j.Status, TechnicianID: before}
	if err := j.undergo(verb, j.Version, at); err != nil {
		return err
	}
	if c.Kind == ChangeDropped {
		n.Details = planned{PlanID: plan.ID}
	} else {
		k := c.booking(plan, at)
		if err := insertBooking(ctx, p.db, j, k); err != nil {
			return err
		}
		told := k.booked()
		told.Before = before
		j.Booking, n.TechnicianID, n.Details = &k, &k.TechnicianID, planned{told, plan.ID}
	}
	if err := saveJob(ctx, p.db, j); err != nil {
		return err
	}
	return p.tell(ctx, by, at, kinds[verb], j, n)
}

// planned is what an event says of a booking that a plan made.
type planned struct {
	booked
	PlanID uuid.UUID `json:"plan_id"`
}

// booking is the booking that a change asks for.
func (c PlanChange) booking(plan Plan, at time.Time) Booking {
	k := Booking{
		ID: uuid.Must(uuid.NewV7()), JobID: c.JobID, TechnicianID: *c.TechnicianID, Technician: c.Technician, StartsAt: *c.StartsAt, EndsAt: *c.EndsAt,
		Active: true, Version: 1, CreatedAt: at, UpdatedAt: at, OutletID: c.outlet,
		Explanation: Explanation{Source: SourcePlan, Policy: plan.Policy, PlanID: &plan.ID},
	}
	driving, metres, late := int64(c.Driving), int64(c.Metres), int64(c.Lateness)
	k.Explanation.Terms = []Term{
		{TermTravel, driving, "s", 0, words.Say("%d minutes on the road to it", minutes(driving))},
		{TermDistance, metres, "m", 0, words.Say("%.1f km on the road to it", float64(metres)/1000)},
	}
	if late > 0 {
		k.Explanation.Terms = append(k.Explanation.Terms, Term{TermLateness, late, "s", 0, words.Say("ends %d minutes after it is due", minutes(late))})
	}
	return k
}
