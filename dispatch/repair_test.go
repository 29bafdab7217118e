package dispatch_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
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
			must(f.board.Finish(t.Context(), asTechnician(li), j.ID, j.Version, "done"))(t)
		}},
		{"a part is missing", "job.held", func(t testing.TB, f *field, li dispatch.Technician, j dispatch.Job) {
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

// harmlessAbsence has Li be absent at noon, which concerns one job of his that no window holds.
func (f *field) harmlessAbsence(t testing.TB) (moved dispatch.Job, li dispatch.Technician, p *dispatch.Planner) {
	t.Helper()
	li, _, _, _ = f.crew3()
	moved = f.placed(li, "12:00")
	p = f.mender(t)
	must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:30"), EndsAt: at("18:00"), Reason: "court"}))(t)
	return moved, li, p
}

func (f *field) allow(t testing.TB, jobs float64) {
	t.Helper()
	book := policy.NewBook(f.db, func() time.Time { return *f.clock.Load() })
	was := must(book.Current(t.Context()))(t)
	must(book.Publish(t.Context(), who.System, policy.Publication{
		BasedOn: was.Version, Figures: map[policy.Name]policy.Figure{policy.RepairAutoApply: {Value: jobs, Unit: policy.UnitPoints}},
	}))(t)
}

func TestSmallRepairIsAppliedUnderPolicyAlone(t *testing.T) {
	t.Parallel()
	t.Run("not by default", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		moved, _, p := f.harmlessAbsence(t)
		f.heed(t, p)
		f.proposed(t, p, "absence.announced")
		f.untouched(t, moved)
	})
	t.Run("where it is allowed", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		f.allow(t, 2)
		moved, li, p := f.harmlessAbsence(t)
		f.heed(t, p)
		plan := f.repairs(t, p)[0]
		if now := must(f.board.Find(t.Context(), who.System, moved.ID))(t); plan.Status != dispatch.PlanApplied || now.Booking.TechnicianID == li.ID {
			t.Errorf("the plan is %s, the job is with %s", plan.Status, now.Booking.Technician)
		}
		n := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM events WHERE subject_id = $1 AND kind = 'plan.applied' AND actor_id IS NULL`, plan.ID))(t)
		if n != 1 {
			t.Errorf("%d events tell it", n)
		}
		f.calm(t)
	})
	t.Run("not where a customer has a window", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		f.allow(t, 2)
		li, _, _, _ := f.crew3()
		j := f.placed(li, "12:00", window("11:30", "13:00"))
		p := f.mender(t)
		must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:00"), EndsAt: at("18:00"), Reason: "court"}))(t)
		f.heed(t, p)
		f.proposed(t, p, "absence.announced")
		f.untouched(t, j)
	})
	t.Run("not where too many move", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		f.allow(t, 1)
		li, _, _, _ := f.crew3()
		a, b := f.placed(li, "12:00"), f.placed(li, "14:00")
		p := f.mender(t)
		must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:00"), EndsAt: at("18:00"), Reason: "court"}))(t)
		f.heed(t, p)
		if plan := f.proposed(t, p, "absence.announced"); len(plan.Changes) != 2 {
			t.Errorf("%+v", plan.Changes)
		}
		f.untouched(t, a, b)
	})
}

func TestTwoEventsAreOneRepair(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang, _, _ := f.crew3()
	chen := f.newTechnicianAt("Chen", 3, f.outlet.ID, offset(0, 3000))
	lis := []dispatch.Job{f.placed(li, "09:30", window("09:00", "11:00")), f.placed(li, "14:00")}
	chens := []dispatch.Job{f.placed(chen, "10:00", window("09:00", "12:00"))}
	p := f.mender(t)
	sick := dispatch.NewAbsence{StartsAt: at("07:30"), EndsAt: at("18:00"), Reason: "flu"}
	must2(f.crew.Announce(t.Context(), who.System, li.ID, sick))(t)
	must2(f.crew.Announce(t.Context(), who.System, chen.ID, sick))(t)
	f.heed(t, p)
	both := f.proposed(t, p, "absence.announced", "absence.announced")
	if len(both.Changes) != 3 {
		t.Errorf("%+v", both.Changes)
	}

	// A third comes later: what is proposed then answers all three, and the first proposal is put away.
	urgent := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
	f.heed(t, p)
	all := f.proposed(t, p, "absence.announced", "absence.announced", "job.opened")
	for _, j := range append(append(lis, chens...), urgent) {
		if c := moves(t, all, j); *c.TechnicianID == li.ID || *c.TechnicianID == chen.ID {
			t.Errorf("%+v", c)
		}
	}
	if old := must(p.Find(t.Context(), who.System, both.ID))(t); old.Status != dispatch.PlanDiscarded {
		t.Errorf("the first is %s", old.Status)
	}
	f.takes(t, p, all)
	f.calm(t)

	// Where all is well again, a proposal that nobody took is put away.
	j := f.placed(wang, "15:30")
	a, _ := must2(f.crew.Announce(t.Context(), who.System, wang.ID, dispatch.NewAbsence{StartsAt: at("15:20"), EndsAt: at("18:00"), Reason: "court"}))(t)
	f.heed(t, p)
	last := f.proposed(t, p, "absence.announced")
	moves(t, last, j)
	must(f.crew.CancelAbsence(t.Context(), who.System, a.ID, a.Version))(t)
	f.heed(t, p)
	if got := must(p.Find(t.Context(), who.System, last.ID))(t); got.Status != dispatch.PlanDiscarded {
		t.Errorf("with nothing to mend the proposal is %s", got.Status)
	}
}

// TestEventWhileARepairIsApplied has a customer cancel while the repair that moves his job is applied: whoever is first,
// nobody goes to a canceled job, and the rest is applied once.
func TestEventWhileARepairIsApplied(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, _, _, _ := f.crew3()
	a, b := f.placed(li, "09:30", window("09:00", "11:00")), f.placed(li, "14:00")
	p := f.mender(t)
	must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("07:30"), EndsAt: at("18:00"), Reason: "flu"}))(t)
	f.heed(t, p)
	plan := f.proposed(t, p, "absence.announced")
	var all sync.WaitGroup
	begin := make(chan struct{})
	errs := make([]error, 4)
	for i, do := range []func() error{
		func() error {
			_, err := f.board.Cancel(t.Context(), who.System, a.ID, a.Version, "sold the house")
			return err
		},
		func() error {
			_, err := p.Apply(t.Context(), who.System, plan.ID, plan.Version, nil)
			return err
		},
		func() error {
			_, err := p.Apply(t.Context(), who.System, plan.ID, plan.Version, nil)
			return err
		},
		func() error { return p.Heed(t.Context()) },
	} {
		all.Go(func() { <-begin; errs[i] = do() })
	}
	close(begin)
	all.Wait()
	if errs[3] != nil {
		t.Error(errs[3])
	}
	for _, err := range errs[:3] {
		if err != nil && !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	f.heed(t, p)
	now := must(f.board.Find(t.Context(), who.System, a.ID))(t)
	if canceled := errs[0] == nil; canceled != (now.Status == dispatch.StatusCanceled) || canceled && now.Booking != nil {
		t.Errorf("canceled: %v, the job is %s", canceled, now.Status)
	}
	for _, j := range []dispatch.Job{a, b} {
		n := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM events WHERE subject_id = $1 AND kind = 'job.reassigned'`, j.ID))(t)
		if n > 1 {
			t.Errorf("job %s was moved %d times", j.Number, n)
		}
	}
	// Whatever was left is proposed again.
	if moved := must(f.board.Find(t.Context(), who.System, b.ID))(t); moved.Booking.TechnicianID == li.ID {
		moves(t, f.proposed(t, p, "absence.announced", "job.canceled"), b)
	}
}

// TestBurstIsAnsweredByTheOneWhoWatches has two processes watch while a crew falls ill, one by one.
func TestBurstIsAnsweredByTheOneWhoWatches(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang, _, _ := f.crew3()
	f.newTechnicianAt("Chen", 3, f.outlet.ID, offset(0, 3000))
	jobs := []dispatch.Job{f.placed(li, "09:30", window("09:00", "11:00")), f.placed(li, "14:00"), f.placed(wang, "15:00")}
	f.mender(t)
	var eyes sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range 2 {
		eyes.Go(func() { dispatch.NewPlanner(f.board).Watch(ctx, slog.New(slog.DiscardHandler)) })
	}
	defer eyes.Wait()
	defer stop()
	for _, of := range []dispatch.Technician{li, wang} {
		for i := range 5 {
			from := at("07:30").Add(time.Duration(i) * time.Minute)
			must2(f.crew.Announce(t.Context(), who.System, of.ID, dispatch.NewAbsence{StartsAt: from, EndsAt: at("18:00"), Reason: "flu"}))(t)
		}
	}
	p := dispatch.NewPlanner(f.board)
	var all []dispatch.Plan
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if all = f.repairs(t, p); len(all) > 0 && len(all[0].Changes) >= len(jobs) {
			break
		}
	}
	if len(all) == 0 || len(all) > 3 {
		t.Fatalf("%d repairs of ten events", len(all))
	}
	for _, j := range jobs {
		moves(t, all[0], j)
	}
	for _, old := range all[1:] {
		if old.Status != dispatch.PlanDiscarded {
			t.Errorf("an earlier repair is %s", old.Status)
		}
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
