package dispatch

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"callout/dispatch/solve"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// watch is who looks after a search: he tells how far it is, and hears when it is to end.
type watch struct {
	planner *Planner
	plan    Plan
	opts    solve.Options
	begun   time.Time
	stop    atomic.Bool
	stopped bool
	best    atomic.Pointer[solve.Plan]
	jobs    int
	ended   chan struct{}
	done    sync.WaitGroup
}

func (p *Planner) watch(ctx context.Context, plan Plan, s *sheet) *watch {
	w := &watch{planner: p, plan: plan, begun: time.Now(), ended: make(chan struct{}), jobs: len(s.jobs)}
	threads := plan.Options.Threads
	w.opts = solve.Options{
		Seed: plan.Options.Seed, Threads: cmp.Or(threads, runtime.GOMAXPROCS(0)), Iterations: plan.Options.Iterations,
		Stop: w.stop.Load, Improved: func(best *solve.Plan) { w.best.Store(best) },
	}
	if w.opts.Iterations == 0 {
		budget := plan.Options.Seconds
		w.opts.Spent = func() float64 { return min(1, time.Since(w.begun).Seconds()/budget) }
	}
	w.done.Go(func() { w.run(ctx) })
	return w
}

// breath is between two beats of a worker that is not searching yet, or no more: it asks for drives, checks, writes.
const breath = 2 * time.Second

// live tells that the worker of a plan lives, until it is told to end.
func (p *Planner) live(ctx context.Context, plan Plan) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var told sync.WaitGroup
	told.Go(func() {
		for tick := time.NewTicker(breath); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				_, _ = pg.Exec(ctx, p.db, beatPlanSQL, plan.ID, plan.Attempt) // the next one is soon
			}
		}
	})
	return func() { cancel(); told.Wait() }
}

func (w *watch) options() solve.Options { return w.opts }

// end sends the watch home.
func (w *watch) end() {
	close(w.ended)
	w.done.Wait()
	w.stopped = w.stop.Load()
}

func (w *watch) run(ctx context.Context) {
	p, home := w.planner, context.WithoutCancel(ctx)
	var told *solve.Plan
	_ = p.note(home, w.plan.ID, Progress{Status: PlanRunning, Jobs: w.jobs})
	for tick := time.NewTicker(beat); ; {
		select {
		case <-w.ended:
			tick.Stop()
			return
		case <-ctx.Done():
			w.stop.Store(true)
		case <-tick.C:
		}
		// A search whose plan is another's by now, or that cannot be told of, has no reader.
		stop, err := pg.One[bool](home, p.db, beatPlanSQL, w.plan.ID, w.plan.Attempt)
		if err != nil || stop {
			w.stop.Store(true)
		}
		if best := w.best.Load(); best != told && best != nil {
			told = best
			_ = p.note(home, w.plan.ID, w.progress(best))
		}
		if ctx.Err() != nil {
			<-w.ended
			tick.Stop()
			return
		}
	}
}

// Progress is how far a search is, and what the best plan so far comes to.
type Progress struct {
	Status   PlanStatus  `json:"status"`
	Jobs     int         `json:"jobs,omitempty"`
	Unserved int         `json:"unserved,omitempty"`
	Cost     int64       `json:"cost,omitempty"`     // minor units of money
	Lateness int64       `json:"lateness,omitempty"` // seconds, weighted
	Score    []int64     `json:"score,omitempty"`
	Seconds  float64     `json:"seconds,omitempty"` // since the search began
	Failure  *words.Text `json:"failure,omitempty"` // why it has failed
}

func (w *watch) progress(best *solve.Plan) Progress {
	return Progress{
		Status: PlanRunning, Jobs: w.jobs, Unserved: len(best.Unserved), Cost: best.Figures[solve.Cost] / solve.CostUnit, Lateness: best.Figures[solve.Lateness],
		Score: best.Score[:len(w.plan.Options.Objective.levels(1, 1))], Seconds: time.Since(w.begun).Seconds(),
	}
}

const notePlanSQL = `
INSERT INTO plan_events (plan_id, seq, data) SELECT $1, coalesce(max(seq), 0) + 1, $2 FROM plan_events WHERE plan_id = $1`

// note tells those who follow a plan how far it is.
func (p *Planner) note(ctx context.Context, plan uuid.UUID, n Progress) error {
	_, err := pg.Exec(ctx, p.db, notePlanSQL, plan, pg.JSON[Progress]{V: n})
	return pg.Fault(err, "plan")
}
