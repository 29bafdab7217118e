package cases

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/who"

	"github.com/google/uuid"
)

// timer goes off at a deadline of a case. A deadline that has moved since lets it pass.
type timer struct {
	CaseID   uuid.UUID `json:"case_id"`
	Deadline deadline  `json:"deadline"`
	Due      time.Time `json:"due"`
}

// Kind names the task.
func (timer) Kind() string { return "case_deadline" }

// Work says who does the desk's tasks. Call it before the queue works.
func (d *Desk) Work(q *queue.Queue) { queue.Handle(q, time.Minute, d.ring) }

// setTimer has d look at a deadline of c when it comes, if anything waits for it then.
func (d *Desk) setTimer(ctx context.Context, c Case, which deadline) error {
	due, waits := c.due(which)
	if !waits {
		return nil
	}
	return d.queue.At(ctx, due, timer{c.ID, which, due})
}

// moveTimers sets timers for the deadlines that are other ones than before. The old timers go
// off in vain.
func (d *Desk) moveTimers(ctx context.Context, before, c Case) error {
	for which := range overdue {
		was, _ := before.due(which)
		if due, _ := c.due(which); due.Equal(was) {
			continue
		}
		if err := d.setTimer(ctx, c, which); err != nil {
			return err
		}
	}
	return nil
}

const toldSQL = `
SELECT EXISTS (SELECT FROM events WHERE subject_id = $1 AND kind = $2 AND (data->'details'->>'due_at')::timestamptz = $3)`

// ring tells the log that a deadline has passed in vain: once, however often the timer goes off.
func (d *Desk) ring(ctx context.Context, t timer) error {
	return d.db.InTx(ctx, func(ctx context.Context) error {
		c, err := lock(ctx, d.db, who.System, t.CaseID)
		if fault.Is(err, fault.NotFound) {
			return nil
		} else if err != nil {
			return err
		}
		due, waits := c.due(t.Deadline)
		if !waits || !due.Equal(t.Due) {
			return nil
		}
		told, err := pg.One[bool](ctx, d.db, toldSQL, c.ID, overdue[t.Deadline], due)
		if err != nil || told {
			return err
		}
		return d.tell(ctx, who.System, d.now(), overdue[t.Deadline], c, "", passed{due})
	})
}

// passed says which deadline has passed.
type passed struct {
	DueAt time.Time `json:"due_at"`
}
