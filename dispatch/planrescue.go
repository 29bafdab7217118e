package dispatch

import (
	"context"
	"time"

	"callout/internal/pg"

	"github.com/google/uuid"
)

const (
	deadPlansSQL = `
UPDATE plans SET status = CASE WHEN attempt < $2 THEN 'queued' ELSE 'failed' END,
  failure = CASE WHEN attempt < $2 THEN NULL ELSE $3 END, failed_because = CASE WHEN attempt < $2 THEN NULL ELSE $4::jsonb END,
  beat_at = NULL, version = version + 1, updated_at = $1
WHERE status = 'running' AND beat_at < now() - interval '15 seconds' RETURNING id, status`

	// Held until the task is written: of two processes that look at once, one puts a plan on the queue.
	waitingPlansSQL = `SELECT id FROM plans WHERE status = 'queued' AND updated_at < $1 ORDER BY id LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED`

	// forgotten is after how long somebody looks whether a plan that waits has a task.
	forgotten = time.Minute
)

// Rescue has the plans searched for that nobody looks after: those whose worker has died, and those that wait without a
// task on the queue. One that has cost too many workers has failed.
func (p *Planner) Rescue(ctx context.Context) error {
	return p.db.InTx(ctx, func(ctx context.Context) error {
		why := lostFailure()
		told, cause := why.columns()
		dead, err := pg.Query[struct {
			ID     uuid.UUID
			Status PlanStatus
		}](ctx, p.db, deadPlansSQL, p.now(), mostAttempts, cause, told)
		if err != nil {
			return pg.Fault(err, "plan")
		}
		for _, d := range dead {
			if d.Status == PlanFailed {
				err = p.note(ctx, d.ID, Progress{Status: PlanFailed, Failure: &why.told})
			} else {
				err = p.Queue.Add(ctx, planning{d.ID})
			}
			if err != nil {
				return err
			}
		}
		return p.remember(ctx)
	})
}

// remember puts the plans on the queue that wait and have no task there: the process that had it in hand died before it
// began, or the queue has put it off for long.
func (p *Planner) remember(ctx context.Context) error {
	waiting, err := pg.Query[struct{ ID uuid.UUID }](ctx, p.db, waitingPlansSQL, p.now().Add(-forgotten))
	if err != nil {
		return pg.Fault(err, "plan")
	}
	for _, w := range waiting {
		task := planning{w.ID}
		// The queue goes by the clock of the machine.
		waits, err := p.Queue.Waits(ctx, task, time.Now().Add(forgotten))
		if err == nil && !waits {
			err = p.Queue.Add(ctx, task)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
