package dispatch_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// node is another process on the same database.
func (f *field) node() *dispatch.Board {
	return dispatch.NewBoard(f.db, f.board.Deps, func() time.Time { return *f.clock.Load() })
}

// agrees holds the live ranking of a job against that of a process which has just begun, and against the database's.
func (f *field) agrees(t *testing.T, j uuid.UUID, nodes ...*dispatch.Board) {
	t.Helper()
	ctx := t.Context()
	want, err := f.node().Candidates(ctx, who.System, j, dispatch.Asked{})
	var now []dispatch.Candidate
	fails := f.db.InTx(ctx, func(ctx context.Context) error {
		now, err = f.board.Candidates(ctx, who.System, j, dispatch.Asked{})
		return err
	})
	if fmt.Sprint(err) != fmt.Sprint(fails) || !reflect.DeepEqual(now, want) {
		t.Errorf("a new process says %+v, %v; the database %+v, %v", want, err, now, fails)
	}
	for i, n := range nodes {
		got, fails := n.Candidates(ctx, who.System, j, dispatch.Asked{})
		if fmt.Sprint(fails) != fmt.Sprint(err) || !reflect.DeepEqual(got, want) {
			t.Errorf("node %d says %+v, %v; want %+v, %v", i, got, fails, want, err)
		}
	}
}

// TestEveryNodeSeesWhatIsCommitted has two processes change everything that ranking depends on, while both rank.
func TestEveryNodeSeesWhatIsCommitted(t *testing.T) {
	t.Parallel()
	f := newField(t)
	nodes := []*dispatch.Board{f.board, f.node()}
	s := &stir{f: f, nodes: nodes}
	for i := range 6 {
		li := f.newTechnician(fmt.Sprintf("T%d", i), i%4)
		f.newShift(li, at("08:00").AddDate(0, 0, 1), at("17:00").AddDate(0, 0, 1))
		s.crew = append(s.crew, li)
	}
	for i := range 16 {
		more := []func(*dispatch.NewJob){atSite(f.newSite(float64(i%5)*900, float64(i%3)*700))}
		if i%2 == 0 {
			more = append(more, f.needing(1+i%3))
		}
		if i%3 == 0 {
			more = append(more, window("09:00", "12:00"))
		}
		s.jobs = append(s.jobs, f.newJob(more...).ID)
	}
	// Nobody else books him: he is of another outlet.
	own := f.newTechnicianAt("Own", 3, f.newOutlet("own", offset(40_000, 0)).ID, offset(40_000, 0))
	far := atSite(f.newSite(40_000, 0))
	probe, work := f.newJob(far, window("10:00", "10:30")), f.newJob(far)

	var writers, readers sync.WaitGroup
	ended := make(chan struct{})
	for i := range 4 {
		writers.Go(func() { s.write(t, rand.New(rand.NewPCG(7, uint64(i))), 25) })
	}
	writers.Go(func() { f.ownCommits(t, nodes, own, probe, work) })
	for i := range nodes {
		readers.Go(func() {
			for k := 0; ; k++ {
				select {
				case <-ended:
					return
				default:
				}
				if _, err := nodes[i].Candidates(t.Context(), who.System, s.jobs[k%len(s.jobs)], dispatch.Asked{}); err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(ended)
	readers.Wait()
	if s.done.Load() < 30 {
		t.Errorf("only %d changes took effect", s.done.Load())
	}
	for _, j := range append(s.jobs, probe.ID, work.ID) {
		f.agrees(t, j, nodes...)
	}
	// As the day goes on, visits begin, holds lapse and breaks pass, without any event.
	for _, clock := range []string{"07:20", "08:30", "10:15", "12:45", "16:59", "17:30"} {
		f.setClock(at(clock))
		for _, j := range s.jobs[:8] {
			f.agrees(t, j, nodes...)
		}
	}
}

// ownCommits books and frees a technician whom nobody else touches: the next ranking on either node knows.
func (f *field) ownCommits(t *testing.T, nodes []*dispatch.Board, own dispatch.Technician, probe, work dispatch.Job) {
	t.Helper()
	ctx := t.Context()
	for i := range 12 {
		at10 := at("10:00")
		var err error
		if work, err = nodes[i%2].Assign(ctx, who.System, work.ID, work.Version, dispatch.Assignment{TechnicianID: own.ID, StartAt: &at10}); err != nil {
			t.Error(err)
			return
		}
		for _, free := range []bool{false, true} {
			for n, node := range nodes {
				all, err := node.Candidates(ctx, who.System, probe.ID, dispatch.Asked{})
				if err != nil {
					t.Error(err)
					return
				}
				for _, c := range all {
					if len(all) != 1 || c.TechnicianID != own.ID || c.Ranked != free {
						t.Errorf("round %d: node %d ranks him %v, he is free: %v", i, n, c.Ranked, free)
					}
				}
			}
			if free {
				break
			}
			if work, err = nodes[i%2].Unassign(ctx, who.System, work.ID, work.Version, ""); err != nil {
				t.Error(err)
				return
			}
		}
	}
}
