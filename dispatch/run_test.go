package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// works has the queue do the board's tasks until the test ends.
func (f *field) works(t testing.TB) {
	t.Helper()
	f.board.Work(f.queue)
	ctx, stop := context.WithCancel(context.Background())
	var hands sync.WaitGroup
	hands.Go(func() { _ = f.queue.Work(ctx, 2, 5*time.Second) })
	t.Cleanup(func() { stop(); hands.Wait() })
}

// ran starts a run and waits until it has ended.
func (f *field) ran(t testing.TB, by who.Actor, n dispatch.NewRun) dispatch.Run {
	t.Helper()
	r := must(f.board.StartRun(t.Context(), by, n))(t)
	if r.Status != dispatch.RunQueued {
		t.Errorf("starts as %s", r.Status)
	}
	done := 0
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		r = must(f.board.FindRun(t.Context(), by, r.ID))(t)
		if r.Done < done || r.Total > 0 && r.Done > r.Total {
			t.Errorf("%d of %d are done after %d", r.Done, r.Total, done)
		}
		done = r.Done
		if r.Status == dispatch.RunDone || r.Status == dispatch.RunFailed {
			return r
		}
	}
	t.Fatalf("the run does not end: %+v", r)
	return r
}

func TestRunAssignsTheDay(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.works(t)
	f.newTechnician("Li", 3)
	f.newTechnician("Wang", 4)
	for i := range 12 {
		f.newJob(f.needing(3), window("08:00", "16:00"), atSite(f.newSite(float64(i)*300, 0)))
	}
	impossible := f.newJob(f.needing(5))
	early := f.newJob(window("05:00", "07:30"))
	tomorrow := f.newJob(func(n *dispatch.NewJob) {
		n.WindowFrom, n.WindowTo = ptr(at("09:00").AddDate(0, 0, 1)), ptr(at("10:00").AddDate(0, 0, 1))
	})
	by := dispatcher(&f.outlet.ID)
	trial := f.ran(t, by, dispatch.NewRun{Day: monday, DryRun: true})
	if got := trial.Results[f.outlet.ID]; got.Assigned != 12 || len(got.Placed) != 12 || len(got.Unserved) != 2 || trial.Assigned != 12 || trial.Done != 14 {
		t.Errorf("dry run: %+v", trial)
	}
	if n := len(f.ofStatus(t, dispatch.StatusScheduled)); n != 0 {
		t.Errorf("a dry run has booked %d jobs", n)
	}
	r := f.ran(t, by, dispatch.NewRun{Day: monday})
	if r.Status != dispatch.RunDone || r.Total != 14 || r.Done != 14 || r.Assigned != 12 {
		t.Errorf("%+v", r)
	}
	got := r.Results[f.outlet.ID]
	if len(got.Unserved) != 2 || len(got.Changed) != 0 || len(got.Placed) != 0 {
		t.Fatalf("%+v", got)
	}
	for _, u := range got.Unserved {
		known(t, u.Text)
		want := map[uuid.UUID]string{impossible.ID: "no_certificate", early.ID: "window"}[u.JobID]
		if u.Code != want {
			t.Errorf("%s: %s, want %s", u.Number, u.Code, want)
		}
	}
	booked := f.ofStatus(t, dispatch.StatusScheduled)
	if len(booked) != 12 {
		t.Fatalf("%d jobs are booked", len(booked))
	}
	for _, j := range booked {
		k := must(f.board.Find(t.Context(), who.System, j.ID))(t).Booking
		if k.StartsAt.Before(at("08:00")) || k.StartsAt.After(at("16:00")) || *k.RunID != r.ID || k.Explanation.Source != dispatch.SourceMass || k.Pinned {
			t.Errorf("%s: %+v", j.Number, k)
		}
	}
	if j := must(f.board.Find(t.Context(), who.System, tomorrow.ID))(t); j.Status != dispatch.StatusOpen {
		t.Errorf("tomorrow's job is %s", j.Status)
	}
	_, err := f.board.FindRun(t.Context(), dispatcher(ptr(uuid.New())), r.ID)
	wants(t, err, fault.NotFound)
}

func (f *field) ofStatus(t testing.TB, s dispatch.Status) []dispatch.Job {
	t.Helper()
	jobs, _, err := f.board.List(t.Context(), who.System, dispatch.JobQuery{Statuses: []dispatch.Status{s}}, uuid.Nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

func TestRunRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	f := newField(t)
	_, err := f.board.StartRun(t.Context(), who.System, dispatch.NewRun{Day: monday.AddDate(0, 0, -1), Outlets: []uuid.UUID{f.outlet.ID, uuid.New()}})
	wants(t, err, fault.Invalid, "/day", "/outlet_ids/1")
	other := f.newOutlet("other", offset(40_000, 0))
	_, err = f.board.StartRun(t.Context(), dispatcher(&f.outlet.ID), dispatch.NewRun{Day: monday, Outlets: []uuid.UUID{other.ID}})
	wants(t, err, fault.Invalid, "/outlet_ids/0")
}

// stumbling is a case file at which the worker dies once, somewhere in the middle.
type stumbling struct{ told atomic.Int64 }

func (s *stumbling) JobChanged(_ context.Context, _ who.Actor, j dispatch.Job) error {
	if j.Status == dispatch.StatusScheduled && s.told.Add(1) == 70 {
		return errors.New("the power fails")
	}
	return nil
}

func TestRunGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	f := newField(t)
	file := &stumbling{}
	f.board.Tell(file)
	request := f.newCase(t)
	f.works(t)
	for i := range 15 {
		f.newTechnician(fmt.Sprintf("T%d", i), 3)
	}
	for range 90 {
		f.newJob(func(n *dispatch.NewJob) { n.CaseID = &request })
	}
	r := f.ran(t, who.System, dispatch.NewRun{Day: monday})
	if r.Status != dispatch.RunDone || r.Assigned != 90 || r.Done != 90 || r.Total != 90 || r.Results[f.outlet.ID].Assigned != 90 {
		t.Errorf("%+v", r)
	}
	if n := len(f.ofStatus(t, dispatch.StatusScheduled)); n != 90 {
		t.Errorf("%d jobs are booked", n)
	}
	// 50 were kept by the first batch; the second was undone and done again.
	if told := file.told.Load(); told != 70+40 {
		t.Errorf("%d bookings were tried", told)
	}
}

// slow is a case file that takes its time, so that others come in between.
type slow struct{}

func (slow) JobChanged(context.Context, who.Actor, dispatch.Job) error {
	time.Sleep(2 * time.Millisecond)
	return nil
}

func TestRunLeavesAloneWhatOthersChange(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.board.Tell(slow{})
	request := f.newCase(t)
	f.works(t)
	for i := range 16 {
		f.newTechnician(fmt.Sprintf("T%d", i), 3)
	}
	extra := f.newTechnician("Extra", 3)
	jobs := make([]dispatch.Job, 120)
	for i := range jobs {
		jobs[i] = f.newJob(func(n *dispatch.NewJob) { n.CaseID = &request })
	}
	var all sync.WaitGroup
	var canceled, byHand atomic.Int64
	all.Go(func() {
		for i, j := range jobs {
			if i%2 == 0 {
				if _, err := f.board.Cancel(context.Background(), who.System, j.ID, j.Version, "x"); err == nil {
					canceled.Add(1)
				} else if !fault.Is(err, fault.Stale) {
					t.Error(err)
				}
			} else if _, err := f.board.Assign(context.Background(), who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: extra.ID}); err == nil {
				byHand.Add(1)
			} else if !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
	})
	r := f.ran(t, who.System, dispatch.NewRun{Day: monday})
	all.Wait()
	booked := f.ofStatus(t, dispatch.StatusScheduled)
	byRun := 0
	for _, j := range booked {
		if j.Booking.RunID != nil {
			byRun++
		}
	}
	if byRun != r.Assigned || len(booked)-byRun != int(byHand.Load()) || len(f.ofStatus(t, dispatch.StatusCanceled)) != int(canceled.Load()) {
		t.Errorf("%d booked by the run, which says %d; %d by hand, %d canceled", byRun, r.Assigned, byHand.Load(), canceled.Load())
	}
	t.Logf("run %d, changed %d, by hand %d, canceled %d", r.Assigned, len(r.Results[f.outlet.ID].Changed), byHand.Load(), canceled.Load())
}
