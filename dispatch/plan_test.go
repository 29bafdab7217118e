package dispatch_test

import (
	"context"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// planner is the planner of a field, with hands that do its tasks.
func (f *field) planner(t testing.TB) *dispatch.Planner {
	t.Helper()
	p := dispatch.NewPlanner(f.board)
	p.Work(f.queue)
	f.works(t)
	return p
}

// quick asks for a plan of the field's day, of so few steps that nobody waits.
func quick(more ...func(*dispatch.NewPlan)) dispatch.NewPlan {
	n := dispatch.NewPlan{Day: monday, Days: 1, Options: dispatch.PlanOptions{Iterations: 3000, Seed: 7, Threads: 1}}
	for _, ask := range more {
		ask(&n)
	}
	return n
}

// planned starts a plan and waits until its search has ended.
func (f *field) planned(t testing.TB, p *dispatch.Planner, by who.Actor, n dispatch.NewPlan) dispatch.Plan {
	t.Helper()
	plan := must(p.Start(t.Context(), by, n))(t)
	if plan.Status != dispatch.PlanQueued {
		t.Errorf("starts as %s", plan.Status)
	}
	return f.ended(t, p, plan.ID)
}

func (f *field) ended(t testing.TB, p *dispatch.Planner, id uuid.UUID) dispatch.Plan {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := p.Follow(ctx, who.System, id, 0, func([]dispatch.PlanEvent) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return must(p.Find(t.Context(), who.System, id))(t)
}

func TestPlanProposesAndIsApplied(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 4)
	for i := range 10 {
		f.newJob(f.needing(3), window("08:00", "16:00"), atSite(f.newSite(float64(i)*300, 0)))
	}
	far := f.booked(li, "11:00", f.needing(3), atSite(f.newSite(100, 0)))
	impossible := f.newJob(f.needing(5))
	by := dispatcher(&f.outlet.ID)
	plan := f.planned(t, p, by, quick())
	if plan.Status != dispatch.PlanProposed {
		t.Fatalf("%s: %v", plan.Status, plan.Failure)
	}
	r := plan.Result
	if r.After.Served != 11 || r.After.Jobs != 12 || r.Before.Served != 1 || r.Before.Missed != [3]int{0, 11, 0} || r.After.Missed != [3]int{0, 1, 0} {
		t.Errorf("%+v", r)
	}
	if len(r.Unserved) != 1 || r.Unserved[0].JobID != impossible.ID || r.Unserved[0].Code != "no_certificate" {
		t.Errorf("unserved: %+v", r.Unserved)
	}
	known(t, r.Unserved[0].Text)
	if len(plan.Changes) != 10 || r.Unchanged != 1 {
		t.Errorf("%d changes, %d unchanged: %+v", len(plan.Changes), r.Unchanged, plan.Changes)
	}
	if n := len(f.ofStatus(t, dispatch.StatusScheduled)); n != 1 {
		t.Errorf("a plan has booked %d jobs", n)
	}
	half := []uuid.UUID{plan.Changes[0].JobID, plan.Changes[1].JobID}
	applied := must(p.Apply(t.Context(), by, plan.ID, plan.Version, half))(t)
	if len(applied.Done) != 2 || len(applied.Refused) != 0 || applied.Plan.Status != dispatch.PlanProposed {
		t.Errorf("half: %+v", applied)
	}
	_, err := p.Apply(t.Context(), by, plan.ID, plan.Version, nil)
	wants(t, err, fault.Stale)
	rest := must(p.Apply(t.Context(), by, plan.ID, applied.Plan.Version, nil))(t)
	if len(rest.Done) != 8 || len(rest.Refused) != 0 || rest.Plan.Status != dispatch.PlanApplied {
		t.Errorf("rest: %+v", rest)
	}
	booked := f.ofStatus(t, dispatch.StatusScheduled)
	if len(booked) != 11 {
		t.Fatalf("%d jobs are booked", len(booked))
	}
	for _, j := range booked {
		k := must(f.board.Find(t.Context(), who.System, j.ID))(t).Booking
		if j.ID == far.ID {
			if k.TechnicianID != li.ID || !k.StartsAt.Equal(at("11:00")) {
				t.Errorf("what was pinned has moved: %+v", k)
			}
			continue
		}
		e := k.Explanation
		if e.Source != dispatch.SourcePlan || *e.PlanID != plan.ID || len(e.Terms) < 2 || e.Policy != plan.Policy {
			t.Errorf("%+v", e)
		}
		known(t, e.Terms[0].Text)
	}
	if n := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM events WHERE kind = 'job.assigned' AND data -> 'details' ->> 'plan_id' = $1`, plan.ID.String()))(t); n != 10 {
		t.Errorf("%d events tell of the plan's bookings", n)
	}
	_ = wang
	_, err = p.Apply(t.Context(), by, plan.ID, rest.Plan.Version, nil)
	wants(t, err, fault.Conflict, "applied")
}
