package returns

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/who"

	"github.com/google/uuid"
)

// lookOverdue is the task that tells of the returns whose time is over.
type lookOverdue struct{}

// Kind names the task.
func (lookOverdue) Kind() string { return "part_returns_overdue" }

// Work says who looks for overdue returns. Call it before the queue works.
func (c *Returns) Work(q *queue.Queue) {
	queue.Handle(q, 5*time.Minute, func(ctx context.Context, _ lookOverdue) error {
		_, err := c.TellOverdue(ctx)
		return err
	})
	queue.Every(q, 10*time.Minute, lookOverdue{})
}

// In one statement: two who look at once do not tell of the same return. Its version stays: nobody
// changed anything that a client read.
const overdueSQL = `
UPDATE part_returns SET overdue_told_at = $1 WHERE id = (
  SELECT id FROM part_returns WHERE status IN ('expected', 'collected', 'in_transit') AND overdue_told_at IS NULL AND due_at < $1
  ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id`

// TellOverdue tells the log of each return whose time is over, once, and says of how many it told.
func (c *Returns) TellOverdue(ctx context.Context) (told int, err error) {
	for {
		found := false
		err := c.DB().InTx(ctx, func(ctx context.Context) error {
			rows, err := pg.Query[struct{ ID uuid.UUID }](ctx, c.DB(), overdueSQL, c.Now())
			if err != nil || len(rows) == 0 {
				return err
			}
			found = true
			r, err := c.Find(ctx, who.System, rows[0].ID)
			if err != nil {
				return err
			}
			data := r.told()
			data["due_at"], data["policy_version"] = r.DueAt, r.PolicyVersion
			return c.Tell(ctx, who.System, "part_return.overdue", r.ID, r.OutletID, data)
		})
		if err != nil || !found {
			return told, err
		}
		told++
	}
}
