package dispatch_test

import (
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// tasks counts those of a plan that wait on the queue.
func (f *field) tasks(t *testing.T, plan uuid.UUID) int {
	t.Helper()
	return must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM river_job WHERE kind = 'planning' AND args->>'plan_id' = $1::text AND state IN ('available', 'scheduled', 'retryable')`,
		plan.String()))(t)
}

// A process that dies after it took a plan's task and before it began leaves a plan that waits for nobody.
func TestPlanThatWaitsWithoutATaskIsTakenUp(t *testing.T) {
	t.Parallel()
	for how, leave := range map[string]string{
		"in hand of a dead process": `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now(), attempted_by = '{gone}' WHERE kind = 'planning'`,
		"never queued":              `DELETE FROM river_job WHERE kind = 'planning'`,
		"put off for long":          `UPDATE river_job SET state = 'retryable', attempt = 9, scheduled_at = now() + interval '2 hours' WHERE kind = 'planning'`,
		"given up":                  `UPDATE river_job SET state = 'discarded', attempt = 25, max_attempts = 25, finalized_at = now() WHERE kind = 'planning'`,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			f := newField(t)
			f.full(2, 5)
			p := dispatch.NewPlanner(f.board)
			plan := must(p.Start(t.Context(), who.System, quick()))(t)
			must(pg.Exec(t.Context(), f.db, leave))(t)
			before := f.tasks(t, plan.ID)
			f.rescued(t, 1, p)
			if n := f.tasks(t, plan.ID); n != before {
				t.Errorf("%d tasks at once", n)
			}
			f.setClock(at("07:02"))
			f.rescued(t, 8, p, dispatch.NewPlanner(f.board))
			if n := f.tasks(t, plan.ID); n != before+1 {
				t.Fatalf("%d tasks, want one more than %d", n, before)
			}
			p.Work(f.queue)
			f.works(t)
			if done := f.ended(t, p, plan.ID); done.Status != dispatch.PlanProposed {
				t.Errorf("%s: %v", done.Status, done.Failure)
			}
		})
	}
}

// rescued has each of some processes look so often after plans that nobody looks after, all at once.
func (f *field) rescued(t *testing.T, times int, all ...*dispatch.Planner) {
	t.Helper()
	var looking sync.WaitGroup
	for _, p := range all {
		for range times {
			looking.Go(func() {
				if err := p.Rescue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	looking.Wait()
}

// A plan whose task is on the queue, or behind another search, needs no second one however long it waits.
func TestPlanThatWaitsItsTurnIsLeftAlone(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.full(2, 5)
	p := dispatch.NewPlanner(f.board)
	plan := must(p.Start(t.Context(), who.System, quick()))(t)
	f.setClock(at("09:00"))
	for _, state := range []string{"available", "scheduled"} {
		must(pg.Exec(t.Context(), f.db, `UPDATE river_job SET state = $1::river_job_state, scheduled_at = $2 WHERE kind = 'planning'`, state, time.Now().Add(2*time.Second)))(t)
		f.rescued(t, 2, p)
		if n := f.tasks(t, plan.ID); n != 1 {
			t.Errorf("%s: %d tasks", state, n)
		}
	}
}
