package returns

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Scan is what the warehouse found when an old part was due at its counter.
type Scan struct {
	WarehouseID uuid.UUID
	Missing     bool       // nothing came; the members below are then empty
	PartID      *uuid.UUID // nil is the part that was expected
	Serial      string
	Quantity    int // 0 is what was expected
	Damaged     bool
	Note        string
}

// Receive holds an old part against what was expected: matched, or discrepant with the
// gravest thing that is wrong. What came enters the warehouse's place for defective parts, out of
// the customer's site. It is received once.
func (c *Returns) Receive(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Scan) (r Return, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		if r, err = c.readReturn(ctx, by, id, " FOR UPDATE OF r"); err != nil {
			return err
		}
		if err := r.become(StatusReceived, version); err != nil {
			return err
		}
		var f fault.Faults
		warehouse, err := c.Named(ctx, by, s.WarehouseID, "/warehouse_id", []inventory.Kind{inventory.KindWarehouse, inventory.KindOutlet}, &f)
		if err != nil {
			return err
		}
		came, err := c.scanned(ctx, r, s, &f)
		if err != nil {
			return err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return err
		}
		now := c.Now()
		r.WarehouseID, r.ReceivedBy, r.ReceivedAt, r.UpdatedAt, r.Note = &warehouse.ID, inventory.ActorID(by), &now, now, s.Note
		if err := c.reconcile(ctx, by, &r, came, warehouse, s.Damaged); err != nil {
			return err
		}
		if err := c.saveReturn(ctx, r); err != nil {
			return err
		}
		return c.Tell(ctx, by, "part_return.received", r.ID, r.OutletID, map[string]any{
			"number": r.Number, "job_id": r.JobID, "status": r.Status, "discrepancy": r.Discrepancy, "movement_id": r.MovementID,
			"expected_serial": r.ExpectedSerial, "received_serial": r.ReceivedSerial, "received_part_id": r.ReceivedPartID,
		})
	})
	return r, err
}

// scanned is what came as the scanner has it; nil where nothing did.
func (c *Returns) scanned(ctx context.Context, r Return, s Scan, f *fault.Faults) (*inventory.Counted, error) {
	if s.Missing {
		for at, given := range map[string]bool{"/part_id": s.PartID != nil, "/serial": s.Serial != "", "/quantity": s.Quantity != 0, "/damaged": s.Damaged} {
			if given {
				f.Add(at, "cannot be told of what is missing")
			}
		}
		return nil, nil
	}
	id := r.PartID
	if s.PartID != nil {
		id = *s.PartID
	}
	p, err := c.FindPart(ctx, id)
	if fault.Is(err, fault.NotFound) {
		f.Add("/part_id", "no such %s", words.Noun("part"))
		return &inventory.Counted{}, nil
	} else if err != nil {
		return nil, err
	}
	came := &inventory.Counted{Part: p, Quantity: s.Quantity, At: inventory.Pointers{Quantity: "/quantity", Serial: "/serial"}}
	if s.Quantity == 0 {
		came.Quantity = r.Quantity
	}
	switch {
	case p.Serialized && s.Serial == "":
		f.Add("/serial", "part %s has serials: name it", p.Number)
	case p.Serialized && came.Quantity != 1:
		f.Add("/quantity", "a part with a serial comes back one by one")
	case p.Serialized:
		came.Serials = []string{s.Serial}
	case s.Serial != "":
		f.Add("/serial", "part %s has no serials", p.Number)
	case came.Quantity > r.Quantity:
		f.Add("/quantity", "%d are expected", r.Quantity)
	}
	return came, nil
}

// reconcile judges what came, moves it, and ends the return.
func (c *Returns) reconcile(ctx context.Context, by who.Actor, r *Return, came *inventory.Counted, warehouse inventory.Location, damaged bool) error {
	if came == nil {
		return r.end(DiscrepancyMissing)
	}
	r.ReceivedPartID, r.ReceivedQuantity = &came.Part.ID, &came.Quantity
	var found inventory.Standing
	if came.Part.Serialized {
		unit := inventory.SerialOf{Part: came.Part.ID, Serial: came.Serials[0]}
		r.ReceivedSerial = &unit.Serial
		at, err := c.Standings(ctx, []inventory.SerialOf{unit})
		if err != nil {
			return err
		}
		found = at[unit]
	}
	d := judge(*r, *came, found.Kind, damaged)
	// What the books have elsewhere in the house cannot come from a customer: they stay as they are.
	if found.Kind == "" || found.Kind == inventory.KindCustomerSite {
		if err := c.takeIn(ctx, by, r, came, found, warehouse); err != nil {
			return err
		}
	}
	return r.end(d)
}

// judge says what is wrong with a return, the gravest thing first; "" where it matches. at is the
// kind of place where the books have the unit that came, "" where they do not know it.
func judge(r Return, came inventory.Counted, at inventory.Kind, damaged bool) Discrepancy {
	switch {
	case came.Part.ID != r.PartID:
		return DiscrepancyOtherPart
	case at == inventory.KindDefective || at == inventory.KindQuarantine || at == inventory.KindVendorRepair || at == inventory.KindScrap || at == inventory.KindSupplier:
		return DiscrepancyAlreadyReturned
	case at != "" && at != inventory.KindCustomerSite:
		return DiscrepancyInStock
	case r.ExpectedSerial != nil && (len(came.Serials) == 0 || came.Serials[0] != *r.ExpectedSerial):
		return DiscrepancyOtherSerial
	case came.Quantity < r.Quantity:
		return DiscrepancyMissing
	case damaged:
		return DiscrepancyDamaged
	}
	return ""
}

// end closes r as matched, or as discrepant where something is wrong. Receiving and judging are one
// step of its version.
func (r *Return) end(d Discrepancy) error {
	if d == "" {
		return r.settle(StatusMatched)
	}
	r.Discrepancy = &d
	return r.settle(StatusDiscrepant)
}

func (r *Return) settle(s Status) error {
	err := r.become(s, r.Version)
	r.Version--
	return err
}

// takeIn moves what came out of the customer's site into the warehouse's place for defective parts.
// A unit that the books know at a customer's comes from there, whichever outlet's customer that was.
func (c *Returns) takeIn(ctx context.Context, by who.Actor, r *Return, came *inventory.Counted, found inventory.Standing, warehouse inventory.Location) error {
	to, err := c.SubPlace(ctx, inventory.KindDefective, warehouse)
	if err != nil {
		return err
	}
	from, err := c.Place(ctx, inventory.KindCustomerSite, r.OutletID)
	if err == nil && found.Kind == inventory.KindCustomerSite {
		from, err = c.Locate(ctx, found.LocationID)
	}
	if err != nil {
		return err
	}
	moved, err := c.Move(ctx, by, inventory.Slip{Kind: inventory.MovementReturn, JobID: &r.JobID, ReferenceID: &r.ID}, []inventory.Entry{{Counted: *came, From: from, To: to}})
	if err != nil {
		return err
	}
	r.MovementID = &moved[0].ID
	return nil
}
