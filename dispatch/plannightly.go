package dispatch

import (
	"context"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
)

const (
	// A plan of the night that nobody has answered, and that is to be applied by itself.
	unappliedSQL = `
SELECT p.id FROM plans p WHERE p.status = 'proposed' AND p.nightly_on IS NOT NULL AND p.created_at > $1
  AND NOT EXISTS (SELECT FROM events e WHERE e.subject_id = p.id AND e.kind = 'plan.applied')`

	// worthPlanSQL tells for how many jobs a plan would have to find a place.
	worthPlanSQL = `
SELECT (SELECT count(*) FROM jobs j WHERE j.outlet_id = $1 AND j.status IN ('open', 'scheduled')
  AND EXISTS (SELECT FROM technicians t WHERE t.outlet_id = $1 AND t.status = 'active'))`
)

// Round makes the plan of the night of each outlet when its hour has come.
func (p *Planner) Round(ctx context.Context) error {
	figures, err := p.Policies.At(ctx, p.now())
	if err != nil {
		return err
	}
	outlets, err := pg.Query[Outlet](ctx, p.db, activeOutletsSQL, nil, nil)
	if err != nil {
		return pg.Fault(err, "outlet")
	}
	for _, o := range outlets {
		if err := p.night(ctx, o, figures); err != nil {
			return fmt.Errorf("plan the night of outlet %s: %w", o.ID, err)
		}
	}
	if figures.Points(policy.PlanNightlyApply) == 0 {
		return nil
	}
	return p.applyNights(ctx)
}

// nightLong is for how long after its hour the plan of a night is still made: later it would be one of the day.
const nightLong = 2 * time.Hour

// night makes an outlet's plan of the night, once.
func (p *Planner) night(ctx context.Context, o Outlet, figures policy.Policy) error {
	now := p.now()
	today := now.In(zoneOf(o.TimeZone))
	midnight, _ := dayIn(today, today.Location())
	hour := figures.Due(policy.PlanNightly, midnight)
	if now.Before(hour) || now.After(hour.Add(nightLong)) {
		return nil
	}
	jobs, err := pg.One[int](ctx, p.db, worthPlanSQL, o.ID)
	if err != nil || jobs == 0 {
		return pg.Fault(err, "job")
	}
	date := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, time.UTC)
	days := max(1, int(figures.Due(policy.PlanHorizon, now).Sub(now)/(24*time.Hour)))
	longest := figures.Due(policy.PlanNightlyBudget, now).Sub(now).Seconds()
	plan := Plan{
		ID: uuid.Must(uuid.NewV7()), Kind: PlanAsked, Status: PlanQueued, Outlets: []uuid.UUID{o.ID}, OutletID: &o.ID, Day: date, Days: days, NightlyOn: &date,
		Options:     PlanOptions{Objective: ObjectiveService, Seconds: min(longest, 1+float64(jobs)/20)}, // twenty jobs a second: more finds nothing
		RequestedBy: requesterOf(who.System), Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		return p.begin(ctx, who.System, plan)
	})
}

// applyNights applies the plans of the night that are ready, each once: what does not fit any more is left to a dispatcher.
func (p *Planner) applyNights(ctx context.Context) error {
	ready, err := pg.Query[struct{ ID uuid.UUID }](ctx, p.db, unappliedSQL, p.now().Add(-24*time.Hour))
	if err != nil {
		return pg.Fault(err, "plan")
	}
	for _, r := range ready {
		plan, err := p.Find(ctx, who.System, r.ID)
		if err != nil {
			return err
		}
		// Somebody who answers it at the same moment is right.
		if _, err := p.Apply(ctx, who.System, plan.ID, plan.Version, nil); err != nil && !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}
