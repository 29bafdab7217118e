package returns

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Scan is what the warehouse found when an old part came to its counter.
type Scan struct {
	Thing

	WarehouseID uuid.UUID
	Missing     bool // nothing came; the thing is then empty
	Damaged     bool
	Note        string
}

// counters are the kinds of places that old parts come back to.
var counters = []inventory.Kind{inventory.KindWarehouse, inventory.KindOutlet}

// Receive holds an old part against what was expected: matched, or discrepant with the gravest thing
// that is wrong. What matches goes to the warehouse's place for defective parts, what does not into
// quarantine; what the books have on a shelf of ours stays where it is. It is received once, and never
// by the technician who had to bring it. One that the customer was to keep may come after all.
func (c *Returns) Receive(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Scan) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.received", func(ctx context.Context, r *Return) (map[string]any, error) {
		return c.arrive(ctx, by, r, s)
	})
}

// HandIn receives an old part from the technician's own hands: one in a parcel is received from that.
func (c *Returns) HandIn(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Scan) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.received", func(ctx context.Context, r *Return) (map[string]any, error) {
		if r.Status == StatusInTransit {
			return nil, fault.New(fault.Conflict, "part return %s is in a parcel, waybill %s: receive it from there", r.Number, *r.Waybill)
		}
		return c.arrive(ctx, by, r, s)
	})
}

// arrive is the end of the way of an expected old part.
func (c *Returns) arrive(ctx context.Context, by who.Actor, r *Return, s Scan) (map[string]any, error) {
	if !r.Status.Open() && !r.kept() {
		return nil, inventory.CannotBecome("part return", r.Status, arriving)
	}
	if r.brings(by.TechnicianID) {
		return nil, fault.New(fault.Forbidden, "nobody receives what he had to bring himself")
	}
	var f fault.Faults
	warehouse, err := c.Named(ctx, by, s.WarehouseID, "/warehouse_id", counters, &f)
	if err != nil {
		return nil, err
	}
	came, err := c.cameBack(ctx, *r, s, &f)
	if err != nil {
		return nil, err
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	as := r.Status
	r.ArrivedAs = &as
	if as == StatusWaived {
		if err := c.unwaive(ctx, by, r); err != nil {
			return nil, err
		}
	}
	return c.takeIn(ctx, by, r, came, warehouse, s)
}

// cameBack is what came as the scanner has it; nil where nothing did.
func (c *Returns) cameBack(ctx context.Context, r Return, s Scan, f *fault.Faults) (*inventory.Counted, error) {
	if s.Missing && r.kept() {
		f.Add("/missing", "the customer keeps it: nobody waits for it")
		return nil, nil
	}
	if s.Missing {
		for at, given := range map[string]bool{
			"/part_id": s.PartID != nil, "/serial": s.Serial != "", "/scan": s.Scan != "", "/quantity": s.Quantity != 0, "/damaged": s.Damaged,
		} {
			if given {
				f.Add(at, "cannot be told of what is missing")
			}
		}
		return nil, nil
	}
	if r.Unreadable && s.Serial == "" && s.Scan == "" && s.PartID == nil {
		s.Serial = r.Number // which is its label from now on
	}
	came, known, err := c.identify(ctx, s.Thing, r.PartID, r.Quantity, f)
	if known && came.Part.ID == r.PartID && came.Quantity > r.Quantity {
		f.Add("/quantity", "%d are expected", r.Quantity)
	}
	return &came, err
}

// takeIn judges what came, notes it, and moves it into the warehouse.
func (c *Returns) takeIn(ctx context.Context, by who.Actor, r *Return, came *inventory.Counted, warehouse inventory.Location, s Scan) (map[string]any, error) {
	now := c.Now()
	r.WarehouseID, r.ReceivedBy, r.ReceivedAt = &warehouse.ID, inventory.ActorID(by), &now
	if s.Note != "" {
		r.Note = s.Note
	}
	if s.Scan != "" {
		r.ReceivedScan = &s.Scan
	}
	d := DiscrepancyMissing
	if came != nil {
		var err error
		if d, err = c.takeThing(ctx, by, r, *came, warehouse, s.Damaged); err != nil {
			return nil, err
		}
	}
	if r.Status != StatusDiscrepant { // what nobody expected begins so
		to := StatusMatched
		if d != "" {
			to = StatusDiscrepant
		}
		if err := r.become(to); err != nil {
			return nil, err
		}
	}
	if d != "" {
		r.Discrepancy = &d
	}
	return map[string]any{
		"discrepancy": r.Discrepancy, "movement_id": r.MovementID, "expected_serial": r.ExpectedSerial, "received_serial": r.ReceivedSerial,
		"received_part_id": r.ReceivedPartID, "arrived_as": r.ArrivedAs, "warehouse_id": r.WarehouseID,
		"expected_quantity": r.Quantity, "received_quantity": r.ReceivedQuantity,
	}, nil
}

// takeThing judges and moves a thing that is here.
func (c *Returns) takeThing(ctx context.Context, by who.Actor, r *Return, came inventory.Counted, warehouse inventory.Location, damaged bool) (Discrepancy, error) {
	r.ReceivedPartID, r.ReceivedQuantity = &came.Part.ID, &came.Quantity
	if came.Part.Serialized {
		r.ReceivedSerial = &came.Serials[0]
	}
	// In this order: where somebody takes the same thing in meanwhile, his return is seen as well.
	found, err := c.standing(ctx, came)
	if err != nil {
		return "", err
	}
	if err := c.checkClaimed(ctx, by, *r, came); err != nil {
		return "", err
	}
	d := judge(*r, came, found.Kind, damaged)
	if found.Kind != "" && !comesFrom(found.Kind) {
		return d, nil // the books have it on a shelf of ours: what is here is for a count to find
	}
	shelf := inventory.KindQuarantine
	if d == "" {
		shelf = inventory.KindDefective
	}
	to, err := c.SubPlace(ctx, shelf, warehouse)
	if err != nil {
		return "", err
	}
	from, err := c.origin(ctx, *r, came)
	if err != nil {
		return "", err
	}
	r.MovementID, err = c.carry(ctx, by, inventory.Slip{Kind: inventory.MovementReturn, JobID: r.JobID, ReferenceID: &r.ID}, came, from, to)
	r.PlacedAt = &to.ID
	return d, err
}

// A unit that another return waits for belongs there; one that lies here undecided came before.
const claimedSQL = `
SELECT r.number, r.outlet_id FROM part_returns r
WHERE r.id <> $1 AND ((r.status IN ('expected', 'collected', 'in_transit') AND r.part_id = $2 AND r.expected_serial = $3)
  OR ($4 AND r.status IN ('matched', 'discrepant', 'resolved') AND r.movement_id IS NOT NULL AND r.received_part_id = $2 AND r.received_serial = $3))
ORDER BY r.id DESC LIMIT 1`

// checkClaimed refuses a unit that another part return waits for, and an unannounced one that another
// has taken in.
func (c *Returns) checkClaimed(ctx context.Context, by who.Actor, r Return, came inventory.Counted) error {
	if len(came.Serials) == 0 {
		return nil
	}
	rows, err := pg.Query[Return](ctx, c.DB(), claimedSQL, r.ID, came.Part.ID, came.Serials[0], r.UseID == nil)
	if err != nil || len(rows) == 0 {
		return err
	}
	var f fault.Faults
	if by.Sees(rows[0].OutletID) {
		f.Add(came.At.Serial, "unit %s of part %s belongs to part return %s", came.Serials[0], came.Part.Number, rows[0].Number)
	} else {
		f.Add(came.At.Serial, "unit %s of part %s belongs to a part return of another outlet", came.Serials[0], came.Part.Number)
	}
	return f.Err(fault.Conflict, "the books do not allow this movement")
}
