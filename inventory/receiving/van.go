package receiving

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

const drivenSQL = `SELECT EXISTS (SELECT FROM technicians WHERE van_id = $1 AND status = 'active')`

// mayEmpty adds to f what keeps the actor from sending parts out of a place: a technician sends out of
// his own van alone, and out of a van sends its technician alone, as long as he is at work.
func (d *Dock) mayEmpty(ctx context.Context, by who.Actor, from inventory.Location, f *fault.Faults) error {
	if by.UserID == uuid.Nil || from.Kind != inventory.KindVan && !by.OnlyTechnician() {
		return nil
	}
	if by.TechnicianID != nil {
		van, err := d.Van(ctx, *by.TechnicianID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil && van.ID == from.ID {
			return nil
		}
	}
	if by.OnlyTechnician() {
		f.Add("/from_location_id", "a technician sends parts out of his own van alone")
		return nil
	}
	driven, err := pg.One[bool](ctx, d.DB(), drivenSQL, from.ID)
	switch {
	case err != nil:
		return err
	case driven:
		f.Add("/from_location_id", "out of this van sends its technician alone")
	case !by.Has(who.Supervisor, who.Admin):
		f.Add("/from_location_id", "out of a van without a technician at work sends a supervisor alone")
	}
	return nil
}

// What supervisors sent was decided by somebody, and what came back is no load.
const loadedLatelySQL = `
SELECT l.part_id, sum(l.quantity - l.returned)::int AS quantity FROM transfers t
JOIN transfer_lines l ON l.transfer_id = t.id JOIN locations o ON o.id = t.from_location
WHERE t.to_location = $1 AND t.created_at > $2 AND o.kind <> 'van'
  AND NOT EXISTS (SELECT FROM users u WHERE u.id = t.sent_by AND u.roles && ARRAY['supervisor', 'admin'])
GROUP BY l.part_id`

// mayLoad refuses to send more into a van, within a day, than the policy approves of a part request without
// a person, but by a supervisor. Between two vans nothing leaves the stores, and both technicians agree.
func (d *Dock) mayLoad(ctx context.Context, by who.Actor, from, to inventory.Location, all []inventory.Counted) error {
	if by.UserID == uuid.Nil || to.Kind != inventory.KindVan || from.Kind == inventory.KindVan || by.Has(who.Supervisor, who.Admin) {
		return nil
	}
	p, err := d.deps.Policies.At(ctx, d.Now())
	if err != nil {
		return err
	}
	// Held until the end: two small transfers at once do not both pass beside each other.
	if _, err := pg.Exec(ctx, d.DB(), `SELECT pg_advisory_xact_lock(hashtextextended('transfers into ' || $1::text, 0))`, to.ID.String()); err != nil {
		return err
	}
	load, err := pg.Query[inventory.Amount](ctx, d.DB(), loadedLatelySQL, to.ID, d.Now().Add(-24*time.Hour))
	if err != nil {
		return err
	}
	for _, c := range all {
		load = append(load, inventory.Amount{PartID: c.Part.ID, Quantity: c.Quantity})
	}
	value, _, err := d.Worth(ctx, load)
	if err == nil && (value == nil || *value > p.Points(policy.PartAutoApprove)) {
		err = fault.New(fault.Forbidden, "this is more than goes into a van within a day without a part request: ask a supervisor")
	}
	return err
}

// hisVan is the van of somebody who is a technician and nothing else, uuid.Nil where he has none; nil for all others.
func (d *Dock) hisVan(ctx context.Context, by who.Actor) (*uuid.UUID, error) {
	technician := inventory.OnlyHis(by)
	if technician == nil {
		return nil, nil
	}
	van, err := d.Van(ctx, *technician)
	if fault.Is(err, fault.NotFound) {
		return &uuid.Nil, nil
	}
	return &van.ID, err
}
