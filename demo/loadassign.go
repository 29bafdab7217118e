package demo

import (
	"context"

	"callout/dispatch"
	"callout/internal/pg"
	"callout/internal/who"
)

// assign hands the day's jobs out as POST /v1/board/auto-assign does, without waiting for a worker.
func (l *loader) assign(ctx context.Context, s *Summary) error {
	l.tell("assignments", 0, s.Outlets)
	r, err := l.Board.StartRun(ctx, who.System, dispatch.NewRun{Day: l.day.date})
	if err != nil {
		return err
	}
	if err := l.Board.Perform(ctx, r.ID); err != nil {
		return err
	}
	l.tell("assignments", s.Outlets, s.Outlets)
	s.Assigned, err = pg.One[int](ctx, l.DB, `SELECT count(*) FROM bookings WHERE active`)
	return err
}
