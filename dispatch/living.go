package dispatch

import (
	"context"
	"slices"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// foresee says for each row what is to be expected of its jobs now, in one statement however many they are.
func (b *Board) foresee(ctx context.Context, rows []Row) error {
	now := b.now()
	p, err := b.Policies.At(ctx, now)
	if err != nil {
		return err
	}
	var all []Job
	for _, r := range rows {
		all = append(all, r.Jobs...)
	}
	said, err := delaysOf(ctx, b.db, all)
	if err != nil {
		return err
	}
	for i, r := range rows {
		rows[i].course = courseOf(r.Roster, r.Jobs, said, drivingOf(p, nil), now)
		rows[i].Outlooks = rows[i].outlooks(p, now)
	}
	return nil
}

// Risks is what is at risk on an outlet's day.
type Risks struct {
	Outlet   Outlet
	From, To time.Time  // the day, by the outlet's clock
	At       time.Time  // when they were judged
	Jobs     []AtRisk   // the worst first
	RepairID *uuid.UUID // the plan that is proposed to mend it; nil where there is none
}

// Risks returns the jobs of an outlet's day whose promises the day breaks, as it goes now, or is about to break.
func (b *Board) Risks(ctx context.Context, by who.Actor, outlet uuid.UUID, day time.Time) (r Risks, err error) {
	p, err := b.Picture(ctx, by, outlet, day)
	if err != nil {
		return r, err
	}
	r = Risks{Outlet: p.Outlet, From: p.From, To: p.To, At: b.now()}
	for _, row := range p.Rows {
		for _, j := range row.Jobs {
			if o := row.Outlooks[j.ID]; len(o.Risks) > 0 {
				r.Jobs = append(r.Jobs, AtRisk{j, o})
			}
		}
	}
	for _, j := range p.Unassigned {
		if risks := adrift(j, p.From, p.To, r.At); len(risks) > 0 {
			r.Jobs = append(r.Jobs, AtRisk{j, Outlook{Risks: risks}})
		}
	}
	slices.SortFunc(r.Jobs, worstFirst)
	open, err := openRepair(ctx, b.db, outlet, day)
	if open != nil {
		r.RepairID = &open.ID
	}
	return r, err
}
