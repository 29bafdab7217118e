package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// document is the paper that a movement belongs to, and its number.
type document struct {
	Kind   string
	Number string
}

const documentSQL = `
SELECT 'delivery' AS kind, number FROM deliveries WHERE id = $1
UNION ALL SELECT 'transfer', number FROM transfers WHERE id = $1
UNION ALL SELECT 'count', number FROM counts WHERE id = $1
UNION ALL SELECT 'part_request', number FROM part_requests WHERE id = $1
UNION ALL SELECT 'part_return', number FROM part_returns WHERE id = $1
UNION ALL SELECT 'release_' || outcome, id::text FROM held_releases WHERE id = $1`

// ownMovement refuses to reverse by itself what belongs to a paper, and says to which and what to do there.
// The receipt of a delivery is taken back as it is, and a use has a way of its own.
func (l *Ledger) ownMovement(ctx context.Context, m Movement) error {
	if m.Kind == MovementUse {
		return nil
	}
	var d document
	if m.ReferenceID != nil {
		rows, err := pg.Query[document](ctx, l.db, documentSQL, *m.ReferenceID)
		if err != nil {
			return err
		}
		d = One(rows)
	}
	switch d.Kind {
	case "delivery":
		return nil
	case "part_request":
		return fault.New(fault.Conflict, "this movement belongs to part request %s: it is canceled, given back or settled there", d.Number)
	case "part_return":
		return fault.New(fault.Conflict, "this movement belongs to part return %s: what became of the old part is decided there", d.Number)
	case "count":
		return fault.New(fault.Conflict, "this movement belongs to count %s: count the place once more", d.Number)
	case "transfer":
		if m.Kind == MovementCount {
			return fault.New(fault.Conflict, "this movement wrote off what transfer %s lost: what is found again is counted in", d.Number)
		}
		return fault.New(fault.Conflict, "this movement belongs to transfer %s: receive or settle it, or send the parts back", d.Number)
	case "release_good":
		return fault.New(fault.Conflict, "this movement belongs to held release %s: transfer the parts into quarantine to hold them back once more", d.Number)
	case "release_supplier":
		return fault.New(fault.Conflict, "this movement belongs to held release %s: what the supplier sends again is received by a delivery", d.Number)
	case "release_scrap":
		return fault.New(fault.Conflict, "this movement belongs to held release %s: scrap that is found again is counted in", d.Number)
	}
	if whole, part := belongs[m.Kind]; part {
		return fault.New(fault.Conflict, "this movement belongs to a %s", whole)
	}
	return nil
}

// What a quarantine holds is what the newest movements brought, as its list says; of parts with serials the
// units say it themselves.
const heldStillSQL = `
SELECT coalesce((SELECT quantity FROM balances WHERE location_id = $1 AND part_id = $2), 0) - coalesce((SELECT sum(m.quantity) FROM movements m
  WHERE m.to_location = $1 AND m.part_id = $2 AND m.id > $3 AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)), 0) >= $4`

// heldStill refuses to take back what was held back of a delivery once something else became of it.
func (l *Ledger) heldStill(ctx context.Context, m Movement, e Entry) error {
	if m.Kind != MovementReceive {
		return fault.New(fault.Conflict, "what is held back is released, not taken back")
	}
	// Its releases take their turns at this row as well.
	if _, err := pg.Exec(ctx, l.db, `SELECT FROM locations WHERE id = $1 FOR NO KEY UPDATE`, e.From.ID); err != nil {
		return pg.Fault(err, "location")
	}
	still, err := pg.One[bool](ctx, l.db, heldStillSQL, e.From.ID, e.Part.ID, m.ID, m.Quantity)
	if err == nil && !still && !e.Part.Serialized {
		err = fault.New(fault.Conflict, "some of what was held back left %s already", e.From.Called())
	}
	return err
}

// A closed delivery waits again where something of it is to come.
const amendDeliveriesSQL = `
UPDATE deliveries d SET version = d.version + 1, updated_at = $2,
  status = CASE WHEN w.again THEN 'received' ELSE d.status END, reason = CASE WHEN w.again THEN NULL ELSE d.reason END
FROM (SELECT id, status = 'closed' AND delivery_waits(id) AS again FROM deliveries WHERE id = ANY($1)) w WHERE w.id = d.id`

// AmendDeliveries has whoever read deliveries before some of them was taken back, or went back to the supplier, read
// them anew. One that was closed is received again while something of it is to come.
func (l *Ledger) AmendDeliveries(ctx context.Context, ids ...uuid.UUID) error {
	// First held: what another reversal took back meanwhile counts as well.
	if _, err := pg.Exec(ctx, l.db, `SELECT FROM deliveries WHERE id = ANY($1) ORDER BY id FOR UPDATE`, ids); err != nil {
		return pg.Fault(err, "delivery")
	}
	_, err := pg.Exec(ctx, l.db, amendDeliveriesSQL, ids, l.now())
	return pg.Fault(err, "delivery")
}
