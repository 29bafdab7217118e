package receiving

import (
	"context"
	"slices"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Held is stock that one movement brought into a place for what is held back, as much of it as is there still.
type Held struct {
	MovementID   uuid.UUID
	Kind         inventory.MovementKind
	LocationID   uuid.UUID
	LocationName string
	OutletID     *uuid.UUID
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string // empty where nobody translated it
	Quantity     int
	Serials      []string
	Because      []Reason // what the checks of a delivery found
	Note         string
	DeliveryID   *uuid.UUID
	HeldBy       *uuid.UUID  // who found what is wrong, otherwise who took it there
	BookedBy     *uuid.UUID  // who took it there
	Holders      []uuid.UUID // all who had a hand in it
	HeldSince    time.Time
}

// heldBy says whether a person had a hand in it that the stock is held back.
func (h Held) heldBy(person uuid.UUID) bool { return slices.Contains(h.Holders, person) }

// What stands in a quarantine is what the newest movements brought: the oldest pieces left first. Of
// parts with serials the units say it exactly. What a delivery brought there is held back by those whose checks
// failed, or who counted more than or other than its note says, and by who booked it.
const heldSQL = `
WITH place AS (
  SELECT b.location_id, b.part_id, b.quantity, p.serialized, l.name, l.outlet_id, p.number, p.name AS part_name, p.name_zh AS part_name_zh
  FROM balances b JOIN locations l ON l.id = b.location_id JOIN parts p ON p.id = b.part_id
  WHERE l.kind = 'quarantine' AND b.quantity > 0 AND ($1::uuid IS NULL OR l.outlet_id = $1)
    AND ($2::uuid IS NULL OR l.id = $2) AND ($3::uuid IS NULL OR p.id = $3)),
plain AS (
  SELECT place.location_id, place.part_id, m.id AS movement_id, '{}'::text[] AS serials,
    least(m.quantity, place.quantity - coalesce(sum(m.quantity) OVER (PARTITION BY m.to_location, m.part_id ORDER BY m.id DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))::int AS quantity
  FROM place JOIN movements m ON m.to_location = place.location_id AND m.part_id = place.part_id
  WHERE NOT place.serialized AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)),
units AS (
  SELECT place.location_id, place.part_id, s.movement_id, array_agg(u.serial ORDER BY u.serial) AS serials, count(*)::int AS quantity
  FROM place JOIN unit_moves s ON s.to_location = place.location_id AND s.part_id = place.part_id JOIN units u ON u.id = s.unit_id
  WHERE place.serialized AND NOT EXISTS (SELECT FROM unit_moves n WHERE n.unit_id = s.unit_id AND n.seq > s.seq)
    AND ($5::text[] IS NULL OR u.serial = ANY($5)) GROUP BY 1, 2, 3)
SELECT m.id AS movement_id, m.kind, place.location_id, place.name AS location_name, place.outlet_id, place.part_id, place.number AS part_number,
  place.part_name, place.part_name_zh, h.quantity, h.serials, coalesce(d.held_because, '{}') AS because, m.note, d.delivery_id,
  coalesce(c.finders[1], m.moved_by) AS held_by, m.moved_by AS booked_by, array_remove(c.finders || m.moved_by, NULL) AS holders, m.moved_at AS held_since
FROM (SELECT * FROM plain WHERE quantity > 0 UNION ALL SELECT location_id, part_id, movement_id, serials, quantity FROM units) h (location_id, part_id, movement_id, serials, quantity)
JOIN place USING (location_id, part_id) JOIN movements m ON m.id = h.movement_id
LEFT JOIN delivery_lines d ON d.delivery_id = m.reference_id AND d.part_id = m.part_id
CROSS JOIN LATERAL (SELECT array_agg(e.counted_by ORDER BY e.id) AS finders FROM delivery_counts e
  WHERE e.delivery_id = d.delivery_id AND e.part_id = d.part_id AND e.struck_at IS NULL AND (h.serials = '{}' OR h.serials && e.serials)
    AND (NOT (e.model_ok AND e.marking_ok AND e.packaging_ok) OR d.held_because && ARRAY['over', 'not_announced', 'other_serial'])) c
WHERE m.id > $4 AND ($6::uuid IS NULL OR place.outlet_id = $6)
  AND ($7::timestamptz IS NULL OR m.moved_at >= $7) AND ($8::timestamptz IS NULL OR m.moved_at < $8)
ORDER BY m.id LIMIT $9`

// HeldFilter narrows a list of held stock; the zero filter is all of it.
type HeldFilter struct {
	LocationID *uuid.UUID
	PartID     *uuid.UUID
	OutletID   *uuid.UUID
	From       *time.Time // held back then or later
	To         *time.Time // held back before
}

// held is what one place holds back of a part; with serials, of those alone.
func (d *Dock) held(ctx context.Context, at uuid.UUID, c inventory.Counted) ([]Held, error) {
	var serials []string
	if c.Part.Serialized {
		serials = c.Serials
	}
	return pg.Query[Held](ctx, d.DB(), heldSQL, nil, at, c.Part.ID, uuid.Nil, serials, nil, nil, nil, nil)
}

// ListHeld returns what is held back within the actor's scope, why and since when, oldest first, and
// the movement to go on from; uuid.Nil at the end. What the actor counts is left out.
func (d *Dock) ListHeld(ctx context.Context, by who.Actor, f HeldFilter, after uuid.UUID, limit int) ([]Held, uuid.UUID, error) {
	list := inventory.Statement{SQL: heldSQL, Args: []any{by.OutletID, f.LocationID, f.PartID, after, nil, f.OutletID, f.From, f.To}}
	page, next, err := inventory.Page(ctx, d.DB(), list, limit, func(h Held) uuid.UUID { return h.MovementID }, nil)
	if err != nil {
		return nil, uuid.Nil, err
	}
	blind, err := d.Blind(ctx, by)
	return slices.DeleteFunc(page, func(h Held) bool { return blind.Hides(h.LocationID, h.PartID) }), next, err
}
