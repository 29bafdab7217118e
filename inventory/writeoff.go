package inventory

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
)

// A write-off takes what was on its way out of the books. The list price is what it is worth at the
// least: no receipt at next to nothing makes a dear part cheap.
const writtenOffSQL = `
SELECT coalesce(max(n), 0)::bigint FROM (
  SELECT sum(greatest(m.value, p.list_price * m.quantity)) AS n
  FROM movements m JOIN parts p ON p.id = m.part_id JOIN locations f ON f.id = m.from_location JOIN locations t ON t.id = m.to_location
  WHERE m.moved_by = $1 AND m.moved_at > $2 AND m.booked_at > $2 AND m.kind = 'count' AND f.kind = 'transit' AND t.kind = 'adjustment'
  GROUP BY p.currency) w`

// CheckWriteOffs refuses an outlet's actor who wrote off, within a day and with the movements of the
// transaction of ctx, more than limit minor units of what was in transit: of transfers and of part
// requests taken together, so that nobody cuts a large loss into small ones.
func (l *Ledger) CheckWriteOffs(ctx context.Context, by who.Actor, limit int64) error {
	if by.OutletID == nil {
		return nil
	}
	// Held until the end: two write-offs at once do not both pass beside each other.
	if _, err := pg.Exec(ctx, l.db, `SELECT pg_advisory_xact_lock(hashtextextended('written off by ' || $1::text, 0))`, by.UserID.String()); err != nil {
		return err
	}
	worth, err := pg.One[int64](ctx, l.db, writtenOffSQL, by.UserID, l.Now().Add(-24*time.Hour))
	if err == nil && worth > limit {
		err = fault.New(fault.Forbidden, "the write-offs of a day are worth more than an outlet may approve: ask a supervisor of the whole house")
	}
	return err
}
