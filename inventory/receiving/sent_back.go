package receiving

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// goingBack says of which deliveries the pieces are that a release sends back to the supplier, the oldest
// first where they have no serials. Nobody releases what he held back himself.
func (d *Dock) goingBack(ctx context.Context, by who.Actor, from inventory.Location, o Outcome, all []inventory.Counted) (back []after, err error) {
	if o != OutcomeSupplier {
		return nil, nil
	}
	for _, c := range all {
		rows, err := d.held(ctx, from.ID, c)
		if err != nil {
			return nil, err
		}
		left := c.Quantity
		for _, h := range rows {
			a := after{PartID: c.Part.ID, Quantity: min(left, h.Quantity)}
			if c.Part.Serialized {
				a.Serials = slices.DeleteFunc(slices.Clone(h.Serials), func(s string) bool { return !slices.Contains(c.Serials, s) })
				a.Quantity = len(a.Serials)
			}
			if a.Quantity == 0 || h.Kind == inventory.MovementReturn || h.heldBy(by.UserID) {
				continue
			}
			left -= a.Quantity
			if h.DeliveryID != nil {
				a.DeliveryID = *h.DeliveryID
				back = append(back, a)
			}
		}
	}
	return back, nil
}

const sentBackSQL = `
UPDATE delivery_lines SET sent_back = sent_back + $3, sent_back_serials = sent_back_serials || $4::text[] WHERE delivery_id = $1 AND part_id = $2`

// sendBack keeps with the deliveries what went back of them to the supplier: a rest may bring it.
func (d *Dock) sendBack(ctx context.Context, back []after) error {
	if len(back) == 0 {
		return nil
	}
	var ids []uuid.UUID
	for _, a := range back {
		ids = append(ids, a.DeliveryID)
	}
	const inOrderSQL = `SELECT id FROM deliveries WHERE id = ANY($1) ORDER BY id FOR UPDATE`
	if _, err := pg.Exec(ctx, d.DB(), inOrderSQL, ids); err != nil {
		return pg.Fault(err, "delivery")
	}
	for _, a := range back {
		if _, err := pg.Exec(ctx, d.DB(), sentBackSQL, a.DeliveryID, a.PartID, a.Quantity, orNone(a.Serials)); err != nil {
			return pg.Fault(err, "delivery")
		}
	}
	return d.AmendDeliveries(ctx, ids...)
}
