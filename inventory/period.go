package inventory

import (
	"context"
	"time"

	"callout/internal/pg"
)

// times are when a movement was told, when it happened, and when it counts.
type times struct{ moved, occurred, booked time.Time }

// ahead is how far a phone's clock may be ahead of ours.
const ahead = 2 * time.Minute

// timesOf says when the movements of a slip count: when they happened, or at the end of the last
// locked period where that is later. No period is locked until the transaction ends.
func (l *Ledger) timesOf(ctx context.Context, s Slip) (times, error) {
	since, err := pg.One[*time.Time](ctx, l.db, `SELECT books_open()`)
	if err != nil {
		return times{}, err
	}
	now := l.now()
	t := times{now, now, now}
	if !s.OccurredAt.IsZero() {
		t.occurred, t.booked = s.OccurredAt.UTC(), s.OccurredAt.UTC()
	}
	if t.occurred.After(now.Add(ahead)) {
		return t, Wrong("/occurred_at", "lies in the future")
	}
	if since != nil && t.booked.Before(*since) {
		t.booked = since.UTC()
	}
	return t, nil
}
