package dispatch

import (
	"bytes"
	"context"
	"database/sql/driver"
	"slices"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Value is the causes as the column keeps them.
func (c Causes) Value() (driver.Value, error) { return asJSON([]Cause(c)) }

// Scan reads the column.
func (c *Causes) Scan(src any) error { return fromJSON(src, (*[]Cause)(c)) }

const openRepairSQL = "SELECT" + planColumns + ` FROM plans p
WHERE p.kind = 'repair' AND p.status = 'proposed' AND p.outlet_id = $1 AND p.day = $2`

// openRepair is the repair that is proposed for an outlet's day, or nil.
func openRepair(ctx context.Context, db *pg.DB, outlet uuid.UUID, day time.Time) (*Plan, error) {
	found, err := pg.Query[Plan](ctx, db, openRepairSQL, outlet, day)
	if err != nil || len(found) == 0 {
		return nil, pg.Fault(err, "plan")
	}
	found[0].Changes, err = readChanges(ctx, db, found[0].ID)
	return &found[0], err
}

const (
	// repairLock keeps two repairs of one outlet apart.
	repairLockSQL = `SELECT pg_advisory_xact_lock(72713, hashtext($1::uuid::text))`

	insertRepairSQL = `
INSERT INTO plans (id, kind, causes, status, outlets, outlet_id, day, days, options, policy, result, inputs, solution, hash, routes,
  requested_by, version, created_at, updated_at)
VALUES ($1, 'repair', $2, 'proposed', $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14)`
)

// proposeRepair puts the proposal in the place of the one before. It is not new where it says what that one said.
func (p *Planner) proposeRepair(ctx context.Context, outlet uuid.UUID, day time.Time, m *mending, causes Causes) (plan *Plan, isNew bool, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		plan, isNew = nil, false
		if _, err := pg.Exec(ctx, p.db, repairLockSQL, outlet); err != nil {
			return pg.Fault(err, "plan")
		}
		old, err := openRepair(ctx, p.db, outlet, day)
		if err != nil {
			return err
		}
		if old != nil && m != nil && slices.EqualFunc(old.left(), m.changes, sameChange) {
			plan = old
			return nil
		}
		var next *uuid.UUID
		if m != nil {
			next = &m.id
		}
		if old != nil {
			if err := p.supersede(ctx, *old, next); err != nil {
				return err
			}
		}
		if m == nil {
			return nil
		}
		made, err := p.insertRepair(ctx, outlet, day, m, causes)
		plan, isNew = &made, true
		return err
	})
	return plan, isNew, err
}

// left are the changes that nobody has applied yet, by job.
func (p Plan) left() []PlanChange {
	return byJob(slices.DeleteFunc(slices.Clone(p.Changes), func(c PlanChange) bool { return c.AppliedAt != nil }))
}

func byJob(all []PlanChange) []PlanChange {
	slices.SortFunc(all, func(a, b PlanChange) int { return bytes.Compare(a.JobID[:], b.JobID[:]) })
	return all
}

func sameChange(a, b PlanChange) bool {
	moment := func(a, b *time.Time) bool { return (a == nil) == (b == nil) && (a == nil || a.Equal(*b)) }
	id := func(a, b *uuid.UUID) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return a.JobID == b.JobID && a.JobVersion == b.JobVersion && a.Kind == b.Kind && id(a.TechnicianID, b.TechnicianID) && moment(a.StartsAt, b.StartsAt)
}

// insertRepair writes a proposal.
func (p *Planner) insertRepair(ctx context.Context, outlet uuid.UUID, day time.Time, m *mending, causes Causes) (plan Plan, err error) {
	at := p.now()
	plan = Plan{
		ID: m.id, Kind: PlanRepair, Causes: causes, Status: PlanProposed, Outlets: []uuid.UUID{outlet}, OutletID: &outlet, Day: day, Days: 1,
		Options: PlanOptions{Objective: ObjectiveRepair, Iterations: m.options.Iterations, Seed: m.options.Seed, Threads: m.options.Threads},
		Policy:  m.sheet.version, Result: m.result(), RequestedBy: requesterOf(who.System), Version: 1, CreatedAt: at, UpdatedAt: at, Changes: m.changes,
	}
	inputs, err := packInputs(m.sheet, m.options)
	if err != nil {
		return plan, err
	}
	solution, hash, err := packSolution(m.after)
	if err != nil {
		return plan, err
	}
	plan.Hash = hash
	if _, err := pg.Exec(ctx, p.db, insertRepairSQL, plan.ID, plan.Causes, plan.Outlets, plan.OutletID, plan.Day, plan.Options, plan.Policy, plan.Result,
		inputs, solution, hash, pg.JSON[[]PlanRoute]{V: m.routes()}, plan.RequestedBy, at); err != nil {
		return plan, pg.Fault(err, "plan")
	}
	if err := insertChanges(ctx, p.db, plan.ID, plan.Changes); err != nil {
		return plan, err
	}
	return plan, p.tellPlan(ctx, who.System, "plan.proposed", plan, map[string]any{
		"kind": plan.Kind, "day": plan.Day.Format(time.DateOnly), "changes": len(plan.Changes), "unserved": len(plan.Result.Unserved), "causes": plan.Causes,
	})
}

// supersede puts a proposal away: another takes its place, or nothing is to be mended any more.
func (p *Planner) supersede(ctx context.Context, old Plan, by *uuid.UUID) error {
	if err := old.move(ctx, p.db, PlanDiscarded, p.now()); err != nil {
		return err
	}
	return p.tellPlan(ctx, who.System, "plan.superseded", old, map[string]any{"by": by})
}

// result says what the repair comes to, beside the day as it goes.
func (m *mending) result() *PlanResult {
	r := m.sheet.result(m.before, m.after)
	r.Levels[len(r.Levels)-1] = "disturbance"
	r.Unchanged = -len(m.changes)
	for _, j := range m.sheet.jobs {
		if j.Booking != nil {
			r.Unchanged++
		}
	}
	for _, c := range m.changes {
		if c.Kind == ChangeAdded {
			r.Unchanged++
		}
	}
	r.Notes = slices.Clone(m.sheet.notes)
	for _, j := range r.Unserved {
		if slices.ContainsFunc(m.sheet.jobs, func(s sheetJob) bool { return s.ID == j.JobID && s.Booking != nil }) {
			r.Notes = append(r.Notes, words.Say("job %s finds nobody: %s", j.Number, j.Text))
		}
	}
	return r
}
