package inventory

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// A write-off takes what was on its way out of the books, or what was held back out of the house. What a good
// piece costs, and the list price, is what it is worth at the least: no receipt at next to nothing makes a dear part
// cheap, nor do old parts that lie beside it.
const writtenOffSQL = `
SELECT coalesce(max(n), 0)::bigint FROM (
  SELECT sum(greatest(m.value, p.list_price * m.quantity, CASE WHEN v.quantity > 0 THEN v.value / v.quantity ELSE v.last_cost END * m.quantity)) AS n
  FROM movements m JOIN parts p ON p.id = m.part_id JOIN locations f ON f.id = m.from_location JOIN locations t ON t.id = m.to_location
  LEFT JOIN part_values v ON v.part_id = m.part_id AND v.pool = 'good'
  WHERE m.moved_by = $1 AND m.moved_at > $2 AND m.booked_at > $2 AND (
    m.kind = 'count' AND f.kind = 'transit' AND t.kind = 'adjustment'
    OR m.kind = 'dispose' AND f.kind = 'quarantine' AND t.kind IN ('scrap', 'supplier') AND EXISTS (SELECT FROM held_releases r WHERE r.id = m.reference_id))
  GROUP BY p.currency) w`

// CheckWriteOffs refuses an actor who wrote off, within a day and with the movements of the transaction of ctx,
// more than limit minor units: of transfers, of part requests and of what was held back taken together, so
// that nobody cuts a large loss into small ones. A supervisor of the whole house has no limit.
func (l *Ledger) CheckWriteOffs(ctx context.Context, by who.Actor, limit int64) error {
	supervises := by.Has(who.Supervisor, who.Admin)
	if by.UserID == uuid.Nil || by.OutletID == nil && supervises {
		return nil
	}
	// Held until the end: two write-offs at once do not both pass beside each other.
	if _, err := pg.Exec(ctx, l.db, `SELECT pg_advisory_xact_lock(hashtextextended('written off by ' || $1::text, 0))`, by.UserID.String()); err != nil {
		return err
	}
	worth, err := pg.One[int64](ctx, l.db, writtenOffSQL, by.UserID, l.Now().Add(-24*time.Hour))
	switch {
	case err != nil || worth <= limit:
		return err
	case !supervises:
		return fault.New(fault.Forbidden, "this is worth more than leaves the house within a day without a supervisor: ask one")
	}
	return fault.New(fault.Forbidden, "the write-offs of a day are worth more than an outlet may approve: ask a supervisor of the whole house")
}
