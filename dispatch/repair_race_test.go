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
	"callout/internal/who"
)

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
