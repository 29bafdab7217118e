package week

import (
	"cmp"
	"context"
	"slices"

	"callout/inventory/audit"

	"github.com/google/uuid"
)

// end looks for signals, and locks the week.
func (w *week) end(ctx context.Context) error {
	w.clock.reach(w.day.At(0, 0))
	begins := w.clock.Now()
	w.clock.reach(w.day.At(6, 0))
	if err := w.settleShortages(ctx); err != nil {
		return err
	}
	raised, err := w.Signals.Scan(ctx, w.head)
	if err != nil {
		return err
	}
	names := w.names()
	for _, s := range raised {
		r := Raised{Rule: s.Rule}
		if s.TechnicianID != nil {
			r.Technician = names[*s.TechnicianID]
		}
		r.Planted = slices.ContainsFunc(w.summary.Planted, func(a Act) bool { return a.Rule == r.Rule && a.Technician == r.Technician })
		w.summary.Raised = append(w.summary.Raised, r)
	}
	slices.SortFunc(w.summary.Raised, func(a, b Raised) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Technician, b.Technician))
	})
	p, err := w.Auditor.LockPeriod(ctx, w.head, audit.Lock{Name: "WEEK-" + w.day.String(), EndsAt: begins, Note: "The simulated week"})
	w.summary.Period = p.Name
	return err
}

// names are the technicians' by their ids.
func (w *week) names() map[uuid.UUID]string {
	all := map[uuid.UUID]string{}
	for _, s := range w.shops {
		for _, t := range s.crew {
			all[t.ID] = t.Name
		}
	}
	return all
}
