package dispatch

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// PlanEvent is something told of a plan's search.
type PlanEvent struct {
	Seq  int
	Data Progress
}

const (
	planEventsSQL = `SELECT seq, data FROM plan_events WHERE plan_id = $1 AND seq > $2 ORDER BY seq`

	// pause is between two looks at the database of somebody who follows a plan, on whichever process.
	pause = 250 * time.Millisecond
)

// Follow tells what happens to a plan from after an event on, until its search has ended: tell is called with
// what is new, and now and then with nothing. It ends with the error of tell, or of ctx.
func (p *Planner) Follow(ctx context.Context, by who.Actor, id uuid.UUID, after int, tell func([]PlanEvent) error) error {
	for {
		// Read before the events: whoever ends a plan writes both at once.
		plan, err := findPlan(ctx, p.db, by, id, "")
		if err != nil {
			return err
		}
		news, err := pg.Query[PlanEvent](ctx, p.db, planEventsSQL, id, after)
		if err != nil {
			return pg.Fault(err, "plan")
		}
		if err := tell(news); err != nil {
			return err
		}
		if len(news) > 0 {
			after = news[len(news)-1].Seq
		}
		if plan.Status.Ended() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
