package demo_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/who"
)

// planDemoDay plans the demo day, all of whose jobs are open, and then has a mass assignment do the same; both are
// judged by the figures of a plan.
func planDemoDay(t testing.TB, o dispatch.PlanOptions) (plan, mass dispatch.PlanFigures) {
	t.Helper()
	ctx := t.Context()
	h, day := demoDay(t)
	reopen(t, h)
	search := func(o dispatch.PlanOptions) dispatch.Plan {
		p, err := h.Planner.Start(ctx, who.System, dispatch.NewPlan{Day: day, Days: 1, Options: o})
		if err == nil {
			err = h.Planner.Perform(ctx, p.ID)
		}
		if err == nil {
			p, err = h.Planner.Find(ctx, who.System, p.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	found := search(o)
	run, err := h.Board.StartRun(ctx, who.System, dispatch.NewRun{Day: day})
	if err == nil {
		err = h.Board.Perform(ctx, run.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found.Result.After, search(dispatch.PlanOptions{Iterations: 1, Threads: 1}).Result.Before
}

// better fails where the plan is not better than the mass assignment on a level of the objective.
func better(t testing.TB, plan, mass dispatch.PlanFigures) {
	t.Helper()
	for i := range plan.Missed {
		if plan.Missed[i] > mass.Missed[i] {
			t.Errorf("the plan misses %d jobs of P%d, the mass assignment %d", plan.Missed[i], i, mass.Missed[i])
		}
	}
	if plan.Served <= mass.Served || plan.Jobs != mass.Jobs {
		t.Errorf("the plan serves %d of %d jobs, the mass assignment %d of %d", plan.Served, plan.Jobs, mass.Served, mass.Jobs)
	}
	if plan.Lateness > mass.Lateness {
		t.Errorf("the plan is late by %d s, the mass assignment by %d s", plan.Lateness, mass.Lateness)
	}
	if plan.Cost*int64(mass.Served) > mass.Cost*int64(plan.Served) {
		t.Errorf("a job of the plan costs %d, one of the mass assignment %d", plan.Cost/int64(plan.Served), mass.Cost/int64(mass.Served))
	}
}

// BenchmarkPlanDemoDay plans the demo day's 1,685 jobs for 20 seconds.
func BenchmarkPlanDemoDay(b *testing.B) {
	for b.Loop() {
		plan, mass := planDemoDay(b, dispatch.PlanOptions{Seconds: 20, Seed: 1})
		better(b, plan, mass)
		b.Logf("plan: %+v", plan)
		b.Logf("mass: %+v", mass)
		b.ReportMetric(float64(plan.Served), "served")
		b.ReportMetric(float64(mass.Served), "served-by-mass")
		b.ReportMetric(float64(plan.Driving)/float64(plan.Served), "driving-s/job")
		b.ReportMetric(float64(mass.Driving)/float64(mass.Served), "driving-s/job-by-mass")
	}
}
