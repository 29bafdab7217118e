package scans

import (
	"context"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// found are the rows that a scan names, by kind, within the actor's scope.
type found map[Kind][]uuid.UUID

// An outlet's user finds the units that ever were at a location of his outlet, and the papers of
// his outlet; a technician his own papers. A serial ($5) stands for units of the part that the scan
// names, or of any part where it names none that is known; what stands for itself ($7) for all that
// it could be. A plain serial may be that of many parts: of those, the last 20.
const namedSQL = `
WITH p AS MATERIALIZED (SELECT id FROM parts WHERE gtin = $3 UNION SELECT id FROM parts WHERE number = ANY($4)),
  u AS MATERIALIZED (SELECT id FROM units
    WHERE serial = ANY(ARRAY[$5, $7]) AND (serial = $7 OR part_id IN (SELECT id FROM p) OR NOT EXISTS (SELECT FROM p))),
  r AS MATERIALIZED (SELECT id FROM part_returns WHERE number = $7
    UNION SELECT r.id FROM part_return_shipments s JOIN part_returns r ON r.shipment_id = s.id WHERE s.waybill = $7
    UNION SELECT id FROM part_returns WHERE expected_serial = ANY(ARRAY[$5, $7]) AND status IN ('expected', 'collected', 'in_transit')
      AND (expected_serial = $7 OR part_id IN (SELECT id FROM p) OR NOT EXISTS (SELECT FROM p)))
(SELECT 'part' AS kind, id FROM p)
UNION ALL (SELECT 'unit', u.id FROM u
  WHERE $1::uuid IS NULL OR EXISTS (SELECT FROM unit_moves m JOIN locations l ON l.id IN (m.from_location, m.to_location) WHERE m.unit_id = u.id AND l.outlet_id = $1)
  ORDER BY u.id DESC LIMIT 20)
UNION ALL (SELECT 'location', id FROM locations WHERE code = ANY($6) AND ($1::uuid IS NULL OR outlet_id IS NULL OR outlet_id = $1))
UNION ALL (SELECT 'part_request', id FROM part_requests WHERE number = $7
  AND ($1::uuid IS NULL OR outlet_id = $1 OR suppliers @> ARRAY[$1::uuid]) AND ($2::uuid IS NULL OR technician_id = $2))
UNION ALL (SELECT 'part_return', id FROM part_returns WHERE id IN (SELECT id FROM r)
    AND ($1::uuid IS NULL OR outlet_id = $1) AND ($2::uuid IS NULL OR technician_id = $2)
  ORDER BY id DESC LIMIT 20)
UNION ALL (SELECT 'part_return_shipment', s.id FROM part_return_shipments s WHERE s.waybill = $7 AND ($1::uuid IS NULL OR s.outlet_id = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM part_returns r WHERE r.shipment_id = s.id AND r.technician_id = $2)))
UNION ALL (SELECT 'delivery', id FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE number = $7 UNION SELECT id FROM deliveries WHERE lower(note_number) = lower($7)) AND ($1::uuid IS NULL OR outlet_id = $1) AND $2::uuid IS NULL
  ORDER BY id DESC LIMIT 20)
UNION ALL (SELECT 'transfer', t.id FROM transfers t WHERE t.number = $7 AND ($1::uuid IS NULL OR t.from_outlet = $1 OR t.to_outlet = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians e WHERE e.id = $2 AND e.van_id IN (t.from_location, t.to_location))))
UNION ALL (SELECT 'count', c.id FROM counts c JOIN locations l ON l.id = c.location_id WHERE c.number = $7 AND ($1::uuid IS NULL OR c.outlet_id = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians e WHERE e.id = $2 AND e.van_id IN (l.id, l.warehouse_id))))
UNION ALL (SELECT 'job', j.id FROM jobs j WHERE j.number = $7 AND ($1::uuid IS NULL OR j.outlet_id = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $2 AND b.active)))`

// named finds what a code names.
func (s *Scanner) named(ctx context.Context, by who.Actor, c gs1.Code) (found, error) {
	type row struct {
		Kind Kind
		ID   uuid.UUID
	}
	rows, err := pg.Query[row](ctx, s.DB(), namedSQL, by.OutletID, inventory.OnlyHis(by),
		set(c.GTIN), either(c.Part, c.Plain), set(c.Serial), either(c.Location, c.Plain), set(c.Plain))
	all := found{}
	for _, r := range rows {
		all[r.Kind] = append(all[r.Kind], r.ID)
	}
	return all, err
}

// set is nil for what a code does not say, which no row equals.
func set(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// either is what a code says of a thing by its label, and what may be that as it stands.
func either(label, plain string) []string {
	all := []string{}
	for _, s := range []string{label, plain} {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}
