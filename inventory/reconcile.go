package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

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

// ReceiveReturn holds an old part against what was expected: matched, or discrepant with the
// gravest thing that is wrong. What came enters the warehouse's place for defective parts, out of
// the customer's site. It is received once.
func (c *Counter) ReceiveReturn(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Scan) (r PartReturn, err error) {
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		if r, err = c.readReturn(ctx, by, id, " FOR UPDATE OF r"); err != nil {
			return err
		}
		if err := r.become(ReturnReceived, version); err != nil {
			return err
		}
		var f fault.Faults
		warehouse, err := c.named(ctx, by, s.WarehouseID, "/warehouse_id", []Kind{KindWarehouse, KindOutlet}, &f)
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
		now := c.now()
		r.WarehouseID, r.ReceivedBy, r.ReceivedAt, r.UpdatedAt, r.Note = &warehouse.ID, actor(by), &now, now, s.Note
		if err := c.reconcile(ctx, by, &r, came, warehouse, s.Damaged); err != nil {
			return err
		}
		if err := c.saveReturn(ctx, r); err != nil {
			return err
		}
		return c.tell(ctx, by, "part_return.received", r.ID, r.OutletID, map[string]any{
			"number": r.Number, "job_id": r.JobID, "status": r.Status, "discrepancy": r.Discrepancy, "movement_id": r.MovementID,
			"expected_serial": r.ExpectedSerial, "received_serial": r.ReceivedSerial, "received_part_id": r.ReceivedPartID,
		})
	})
	return r, err
}

// scanned is what came as the scanner has it; nil where nothing did.
func (c *Counter) scanned(ctx context.Context, r PartReturn, s Scan, f *fault.Faults) (*counted, error) {
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
		return &counted{}, nil
	} else if err != nil {
		return nil, err
	}
	came := &counted{part: p, quantity: s.Quantity, at: pointers{quantity: "/quantity", serial: "/serial"}}
	if s.Quantity == 0 {
		came.quantity = r.Quantity
	}
	switch {
	case p.Serialized && s.Serial == "":
		f.Add("/serial", "part %s has serials: name it", p.Number)
	case p.Serialized && came.quantity != 1:
		f.Add("/quantity", "a part with a serial comes back one by one")
	case p.Serialized:
		came.serials = []string{s.Serial}
	case s.Serial != "":
		f.Add("/serial", "part %s has no serials", p.Number)
	case came.quantity > r.Quantity:
		f.Add("/quantity", "%d are expected", r.Quantity)
	}
	return came, nil
}

// reconcile judges what came, moves it, and ends the return.
func (c *Counter) reconcile(ctx context.Context, by who.Actor, r *PartReturn, came *counted, warehouse Location, damaged bool) error {
	if came == nil {
		return r.end(DiscrepancyMissing)
	}
	r.ReceivedPartID, r.ReceivedQuantity = &came.part.ID, &came.quantity
	var found standing
	if came.part.Serialized {
		unit := serialOf{came.part.ID, came.serials[0]}
		r.ReceivedSerial = &unit.serial
		at, err := c.standings(ctx, []serialOf{unit})
		if err != nil {
			return err
		}
		found = at[unit]
	}
	d := judge(*r, *came, found.Kind, damaged)
	// What the books have elsewhere in the house cannot come from a customer: they stay as they are.
	if found.Kind == "" || found.Kind == KindCustomerSite {
		if err := c.takeIn(ctx, by, r, came, found, warehouse); err != nil {
			return err
		}
	}
	return r.end(d)
}

// judge says what is wrong with a return, the gravest thing first; "" where it matches. at is the
// kind of place where the books have the unit that came, "" where they do not know it.
func judge(r PartReturn, came counted, at Kind, damaged bool) Discrepancy {
	switch {
	case came.part.ID != r.PartID:
		return DiscrepancyOtherPart
	case at == KindDefective || at == KindQuarantine || at == KindVendorRepair || at == KindScrap || at == KindSupplier:
		return DiscrepancyAlreadyReturned
	case at != "" && at != KindCustomerSite:
		return DiscrepancyInStock
	case r.ExpectedSerial != nil && (len(came.serials) == 0 || came.serials[0] != *r.ExpectedSerial):
		return DiscrepancyOtherSerial
	case came.quantity < r.Quantity:
		return DiscrepancyMissing
	case damaged:
		return DiscrepancyDamaged
	}
	return ""
}

// end closes r as matched, or as discrepant where something is wrong. Receiving and judging are one
// step of its version.
func (r *PartReturn) end(d Discrepancy) error {
	if d == "" {
		return r.settle(ReturnMatched)
	}
	r.Discrepancy = &d
	return r.settle(ReturnDiscrepant)
}

func (r *PartReturn) settle(s ReturnStatus) error {
	err := r.become(s, r.Version)
	r.Version--
	return err
}

// takeIn moves what came out of the customer's site into the warehouse's place for defective parts.
// A unit that the books know at a customer's comes from there, whichever outlet's customer that was.
func (c *Counter) takeIn(ctx context.Context, by who.Actor, r *PartReturn, came *counted, found standing, warehouse Location) error {
	to, err := c.defective(ctx, warehouse)
	if err != nil {
		return err
	}
	from, err := c.place(ctx, KindCustomerSite, r.OutletID)
	if err == nil && found.Kind == KindCustomerSite {
		from, err = c.locate(ctx, found.LocationID)
	}
	if err != nil {
		return err
	}
	moved, err := c.move(ctx, by, slip{kind: MovementReturn, jobID: &r.JobID, referenceID: &r.ID}, []entry{{*came, from, to}})
	if err != nil {
		return err
	}
	r.MovementID = &moved[0].ID
	return nil
}
