package counts

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Last is when a part was counted last in a place that holds it or is said to.
type Last struct {
	LocationID   uuid.UUID
	LocationName string
	LocationKind inventory.Kind
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string     // empty where nobody translated it
	CountedAt    *time.Time // nil: never
	CountID      *uuid.UUID
}

// LastKey is a place in a list of what was counted last.
type LastKey struct {
	At               time.Time
	Location, PartID uuid.UUID
}

// LastFilter narrows a list of what was counted last; the zero filter is all of it.
type LastFilter struct {
	LocationID *uuid.UUID
	PartID     *uuid.UUID
	OutletID   *uuid.UUID
}

const lastSQL = `
SELECT b.location_id, o.name AS location_name, o.kind AS location_kind, b.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, last.counted_at, last.count_id
FROM balances b JOIN locations o ON o.id = b.location_id JOIN parts p ON p.id = b.part_id
LEFT JOIN LATERAL (SELECT l.counted_at, l.count_id FROM count_lines l JOIN counts c ON c.id = l.count_id
  WHERE l.location_id = b.location_id AND l.part_id = b.part_id AND c.status = 'approved' AND l.counted_at IS NOT NULL
  ORDER BY l.counted_at DESC LIMIT 1) last ON true
WHERE o.kind IN ('warehouse', 'bin', 'outlet', 'van', 'defective', 'quarantine', 'collected')
  AND (b.quantity <> 0 OR last.counted_at IS NOT NULL)
  AND ($1::uuid IS NULL OR o.outlet_id = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians t WHERE t.id = $2 AND t.van_id IN (o.id, o.warehouse_id)))
  AND ($3::uuid IS NULL OR b.location_id = $3) AND ($4::uuid IS NULL OR b.part_id = $4) AND ($9::uuid IS NULL OR o.outlet_id = $9)
  AND (coalesce(last.counted_at, 'epoch'), b.location_id, b.part_id) > ($5, $6, $7)
ORDER BY coalesce(last.counted_at, 'epoch'), b.location_id, b.part_id LIMIT $8`

// ListLast returns when the parts within the actor's scope were counted last, those never counted
// first, and the place to go on from; zero at the end.
func (c *Counts) ListLast(ctx context.Context, by who.Actor, f LastFilter, after LastKey, limit int) ([]Last, LastKey, error) {
	rows, err := pg.Query[Last](ctx, c.DB(), lastSQL, by.OutletID, inventory.OnlyHis(by), f.LocationID, f.PartID, after.At, after.Location, after.PartID, limit+1, f.OutletID)
	if err != nil || len(rows) <= limit {
		return rows, LastKey{}, err
	}
	end := rows[limit-1]
	key := LastKey{At: time.Unix(0, 0).UTC(), Location: end.LocationID, PartID: end.PartID}
	if end.CountedAt != nil {
		key.At = *end.CountedAt
	}
	return rows[:limit], key, nil
}
