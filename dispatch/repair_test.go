package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/who"
)

func TestRepairOfAnAbsence(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, _, _, others := f.crew3()
	jobs := []dispatch.Job{
		f.placed(li, "09:30", window("09:00", "11:00"), f.needing(2)), f.placed(li, "11:00", window("10:30", "12:00")), f.placed(li, "14:00"),
	}
	p := f.mender(t)
	must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("07:30"), EndsAt: at("18:00"), Reason: "flu"}))(t)
	f.heed(t, p)
	plan := f.proposed(t, p, "absence.announced")
	if len(plan.Changes) != len(jobs) {
		t.Errorf("%d changes: %+v", len(plan.Changes), plan.Changes)
	}
	for _, j := range jobs {
		c := moves(t, plan, j)
		if c.Kind != dispatch.ChangeMoved || *c.TechnicianID == li.ID {
			t.Errorf("%+v", c)
		}
		if j.WindowFrom != nil && (c.StartsAt.Before(*j.WindowFrom) || c.StartsAt.After(*j.WindowTo)) {
			t.Errorf("job %s would begin at %s", j.Number, clock(*c.StartsAt))
		}
		if j.WindowFrom == nil && c.StartsAt.Before(at("14:00")) {
			t.Errorf("job %s would begin at %s, before anybody expects it", j.Number, clock(*c.StartsAt))
		}
	}
	if r := must(f.board.Risks(t.Context(), who.System, f.outlet.ID, monday))(t); r.RepairID == nil || *r.RepairID != plan.ID || len(r.Jobs) != 3 {
		t.Errorf("%+v", r)
	}
	// Nothing more happened, so nothing more is proposed.
	f.heed(t, p)
	if n := len(f.repairs(t, p)); n != 1 {
		t.Errorf("%d repairs", n)
	}
	f.takes(t, p, plan)
	f.untouched(t, others...)
	f.calm(t)
	if again := must(p.Replay(t.Context(), who.System, plan.ID))(t); !again.Same() {
		t.Error("computed again it is another")
	}
}

func TestRepairOfADelay(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]bool{"said": true, "silent": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newField(t)
			li, _, _, others := f.crew3()
			first := f.placed(li, "08:00")
			next := f.placed(li, "09:30", window("09:00", "10:30"), atSite(f.newSite(-8000, 0)))
			last := f.placed(li, "13:00", window("12:00", "14:00"))
			f.setClock(at("08:00"))
			first = f.work(t, first)
			p := f.mender(t)
			cause := "job.overdue"
			if said {
				f.setClock(at("08:10"))
				must(f.board.Delay(t.Context(), asTechnician(li), first.ID, first.Version, dispatch.NewDelay{Minutes: 150, Reason: "rust"}))(t)
				cause = "job.delayed"
			} else {
				f.setClock(at("08:30"))
				done := f.work(t, others[0])
				f.setClock(at("09:05"))
				must(f.board.Finish(t.Context(), who.System, done.ID, done.Version, "done"))(t)
				for _, clock := range []string{"09:14", "09:40"} {
					f.setClock(at(clock))
					f.heed(t, p)
				}
				if n := len(f.repairs(t, p)); n != 0 {
					t.Fatalf("%d repairs while there is time", n)
				}
				f.setClock(at("10:15"))
			}
			f.heed(t, p)
			plan := f.proposed(t, p, cause)
			c := moves(t, plan, next)
			if len(plan.Changes) != 1 || *c.TechnicianID == li.ID {
				t.Fatalf("%+v", plan.Changes)
			}
			if said {
				f.takes(t, p, plan)
				f.calm(t)
			}
			f.untouched(t, append(others, last)...)
		})
	}
}

func TestFreeTimeIsUsed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, cause string
		free        func(testing.TB, *field, dispatch.Technician, dispatch.Job)
	}{
		{"finished early", "job.finished", func(t testing.TB, f *field, li dispatch.Technician, j dispatch.Job) {
			t.Helper()
			must(f.board.Finish(t.Context(), asTechnician(li), j.ID, j.Version, "done"))(t)
		}},
		{"a part is missing", "job.held", func(t testing.TB, f *field, li dispatch.Technician, j dispatch.Job) {
			t.Helper()
			must(f.board.Hold(t.Context(), asTechnician(li), j.ID, j.Version, dispatch.HoldParts, "the fan"))(t)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newField(t)
			li := f.newTechnician("Li", 3)
			long := f.placed(li, "08:00", func(n *dispatch.NewJob) { n.Minutes = 240 })
			rest := []dispatch.Job{f.placed(li, "12:30", func(n *dispatch.NewJob) { n.Minutes = 240 })}
			waiting := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP2 })
			f.newJob(f.needing(5))
			f.setClock(at("08:00"))
			long = f.work(t, long)
			p := f.mender(t)
			f.setClock(at("08:40"))
			tt.free(t, f, li, long)
			f.heed(t, p)
			plan := f.proposed(t, p, tt.cause)
			c := moves(t, plan, waiting)
			if len(plan.Changes) != 1 || c.Kind != dispatch.ChangeAdded || *c.TechnicianID != li.ID || c.StartsAt.Before(at("08:40")) || c.EndsAt.After(at("12:30")) {
				t.Fatalf("%+v", plan.Changes)
			}
			f.takes(t, p, plan)
			f.untouched(t, rest...)
		})
	}
}

func TestCanceledJobLeavesRoom(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	morning, noon := f.placed(li, "08:00", func(n *dispatch.NewJob) { n.Minutes = 180 }), f.placed(li, "11:00", func(n *dispatch.NewJob) { n.Minutes = 60 })
	afternoon := f.placed(li, "12:00", func(n *dispatch.NewJob) { n.Minutes = 300 })
	waiting := f.newJob(window("10:00", "12:00"))
	p := f.mender(t)
	must(f.board.Cancel(t.Context(), who.System, noon.ID, noon.Version, "has mended it himself"))(t)
	f.heed(t, p)
	plan := f.proposed(t, p, "job.canceled")
	c := moves(t, plan, waiting)
	if len(plan.Changes) != 1 || !c.StartsAt.Equal(at("11:00")) {
		t.Errorf("%+v", plan.Changes)
	}
	f.takes(t, p, plan)
	f.untouched(t, morning, afternoon)
	f.calm(t)
}

func TestUrgentJobFindsSomebody(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang, zhao := f.newTechnician("Li", 3), f.newTechnician("Wang", 3), f.newTechnicianAt("Zhao", 3, f.outlet.ID, offset(-4000, 0))
	f.setClock(at("09:40"))
	var kept []dispatch.Job
	for _, of := range []dispatch.Technician{li, wang} {
		kept = append(kept, f.placed(of, "10:00", window("09:30", "10:15")), f.placed(of, "11:00", window("11:00", "11:10"), f.needing(3)))
	}
	soft := f.placed(zhao, "10:00", atSite(f.newSite(-1000, 0)))
	p := f.mender(t)
	urgent := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
	f.heed(t, p)
	plan := f.proposed(t, p, "job.opened")
	c := moves(t, plan, urgent)
	if c.Kind != dispatch.ChangeAdded || c.StartsAt.After(at("11:10")) || len(plan.Changes) > 2 {
		t.Errorf("%+v", plan.Changes)
	}
	f.takes(t, p, plan)
	f.untouched(t, kept...)
	if got := must(f.board.Find(t.Context(), who.System, urgent.ID))(t); got.Status != dispatch.StatusScheduled {
		t.Errorf("the urgent job is %s", got.Status)
	}
	if got := must(f.board.Find(t.Context(), who.System, soft.ID))(t); got.Booking == nil {
		t.Error("another job has nobody any more")
	}
}

// TestWindowThatNobodyCanKeepIsMissedByLittle has a repair that is late itself applied: it is later without it.
func TestWindowThatNobodyCanKeepIsMissedByLittle(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	f.newTechnicianAt("Wang", 3, f.outlet.ID, offset(-12000, 0))
	first := f.placed(li, "08:00")
	next := f.placed(li, "09:30", window("09:00", "10:00"))
	f.setClock(at("08:00"))
	first = f.work(t, first)
	p := f.mender(t)
	f.setClock(at("09:50"))
	must(f.board.Delay(t.Context(), asTechnician(li), first.ID, first.Version, dispatch.NewDelay{Minutes: 180, Reason: "rust"}))(t)
	f.heed(t, p)
	plan := f.proposed(t, p, "job.delayed")
	c := moves(t, plan, next)
	if !c.StartsAt.After(at("10:00")) || c.StartsAt.After(at("10:25")) || *c.TechnicianID == li.ID {
		t.Fatalf("%+v", c)
	}
	f.takes(t, p, plan)
	r := must(f.board.Risks(t.Context(), who.System, f.outlet.ID, monday))(t)
	if len(r.Jobs) != 1 || r.Jobs[0].Job.ID != next.ID || r.Jobs[0].Risks[0].Minutes > 25 {
		t.Errorf("%+v", r.Jobs)
	}
}
