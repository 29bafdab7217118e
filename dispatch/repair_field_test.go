package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/who"

	"github.com/google/uuid"
)

// mender is the planner of a field that has heard all that happened so far.
func (f *field) mender(t testing.TB) *dispatch.Planner {
	t.Helper()
	p := dispatch.NewPlanner(f.board)
	f.heed(t, p)
	return p
}

func (f *field) heed(t testing.TB, p *dispatch.Planner) {
	t.Helper()
	if err := p.Heed(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// placed opens a job and books it as a plan does: no person named the time.
func (f *field) placed(of dispatch.Technician, clock string, more ...func(*dispatch.NewJob)) dispatch.Job {
	f.t.Helper()
	j := f.booked(of, clock, more...)
	f.exec(`UPDATE bookings SET pinned = false WHERE job_id = $1`, j.ID)
	return j
}

// repairs are the plans that the day has asked for, the newest first.
func (f *field) repairs(t testing.TB, p *dispatch.Planner) (all []dispatch.Plan) {
	t.Helper()
	found, _, err := p.List(t.Context(), dispatcher(&f.outlet.ID), dispatch.PlanQuery{}, uuid.Nil, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range found {
		if plan.Kind == dispatch.PlanRepair {
			all = append(all, must(p.Find(t.Context(), who.System, plan.ID))(t))
		}
	}
	return all
}

// proposed is the one repair that is open, and holds what it says against the causes that it must name.
func (f *field) proposed(t testing.TB, p *dispatch.Planner, causes ...string) dispatch.Plan {
	t.Helper()
	var open []dispatch.Plan
	for _, plan := range f.repairs(t, p) {
		if plan.Status == dispatch.PlanProposed {
			open = append(open, plan)
		}
	}
	if len(open) != 1 {
		t.Fatalf("%d repairs are open", len(open))
	}
	plan := open[0]
	got := map[string]int{}
	for _, c := range plan.Causes {
		known(t, c.Text)
		got[c.Kind]++
	}
	for _, c := range causes {
		if got[c]--; got[c] < 0 {
			t.Fatalf("%+v do not name %s", plan.Causes, c)
		}
	}
	for _, n := range plan.Result.Notes {
		known(t, n)
	}
	return plan
}

// moves is what a plan does to a job.
func moves(t testing.TB, plan dispatch.Plan, j dispatch.Job) dispatch.PlanChange {
	t.Helper()
	for _, c := range plan.Changes {
		if c.JobID == j.ID {
			return c
		}
	}
	t.Fatalf("the plan does not change job %s: %+v", j.Number, plan.Changes)
	return dispatch.PlanChange{}
}

// takes applies a plan, all of which must fit.
func (f *field) takes(t testing.TB, p *dispatch.Planner, plan dispatch.Plan) {
	t.Helper()
	a := must(p.Apply(t.Context(), dispatcher(&f.outlet.ID), plan.ID, plan.Version, nil))(t)
	if len(a.Refused) != 0 || len(a.Done) != len(plan.Changes) || a.Plan.Status != dispatch.PlanApplied {
		t.Fatalf("%+v", a)
	}
}

// calm fails where something is at risk on the board.
func (f *field) calm(t testing.TB) {
	t.Helper()
	r := must(f.board.Risks(t.Context(), who.System, f.outlet.ID, monday))(t)
	for _, a := range r.Jobs {
		t.Errorf("job %s: %s", a.Job.Number, a.Risks[0].Text)
	}
	if r.RepairID != nil {
		t.Error("a repair is still proposed")
	}
}

// untouched fails where a job is not booked as it was.
func (f *field) untouched(t testing.TB, jobs ...dispatch.Job) {
	t.Helper()
	for _, j := range jobs {
		if now := must(f.board.Find(t.Context(), who.System, j.ID))(t).Booking; now == nil || now.ID != j.Booking.ID {
			t.Errorf("job %s was moved: %+v", j.Number, now)
		}
	}
}

// crew3 is Li with work for a morning, and Wang and Zhao who have a job each and time to spare.
func (f *field) crew3() (li, wang, zhao dispatch.Technician, others []dispatch.Job) {
	li, wang, zhao = f.newTechnician("Li", 3), f.newTechnicianAt("Wang", 3, f.outlet.ID, offset(2000, 0)), f.newTechnicianAt("Zhao", 3, f.outlet.ID, offset(-4000, 0))
	others = []dispatch.Job{f.placed(wang, "08:30", window("08:00", "09:00")), f.placed(zhao, "13:00", window("12:30", "13:30"), atSite(f.newSite(-4000, 0)))}
	return li, wang, zhao, others
}
