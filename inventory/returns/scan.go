package returns

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Thing is what somebody holds in his hand, as he scanned it or typed it in.
type Thing struct {
	PartID   *uuid.UUID // nil is the part that is expected, or that the scan names
	Serial   string
	Quantity int    // 0 is as many as are expected
	Scan     string // as the scanner read it
}

// asked are the pointers of a thing's members, by those of a line.
var asked = map[string]string{
	"/lines/0/scans/0": "/scan", "/lines/0/scans": "/scan", "/lines/0/serials/0": "/serial", "/lines/0/serials": "/serial",
	"/lines/0/quantity": "/quantity", "/lines/0/part_id": "/part_id",
}

// identify says what a thing is, where a part is expected (uuid.Nil where none is) so many times. What
// cannot be is added to f, and known is then false.
func (c *Returns) identify(ctx context.Context, t Thing, expected uuid.UUID, quantity int, f *fault.Faults) (came inventory.Counted, known bool, err error) {
	before := len(*f)
	came, err = c.readThing(ctx, t, expected, f)
	if err != nil || len(*f) > before {
		return came, false, err
	}
	came.At = inventory.Pointers{Quantity: "/quantity", Serial: "/serial"}
	if t.Scan != "" && t.Serial == "" {
		came.At.Serial = "/scan"
	}
	switch {
	case came.Part.Serialized && len(came.Serials) != 1:
		f.Add("/quantity", "a part with a serial comes back one by one")
	case !came.Part.Serialized && t.Quantity == 0:
		came.Quantity = max(came.Quantity, quantity)
	}
	return came, len(*f) == before, nil
}

// readThing reads a thing as a line of the ledger. A scan may name another part than the one that is
// expected, or a serial alone, which is then one of the expected part.
func (c *Returns) readThing(ctx context.Context, t Thing, expected uuid.UUID, f *fault.Faults) (inventory.Counted, error) {
	line := inventory.Line{Quantity: t.Quantity}
	if t.Serial != "" {
		line.Serials = []string{t.Serial}
	}
	tries := []uuid.UUID{expected}
	switch {
	case t.PartID != nil:
		tries = []uuid.UUID{*t.PartID}
	case t.Scan != "":
		tries = slices.Compact([]uuid.UUID{uuid.Nil, expected})
	}
	if t.Scan != "" {
		line.Scans = []string{t.Scan}
	}
	var faults fault.Faults
	for _, part := range tries {
		line.PartID, faults = part, nil
		if p, err := c.FindPart(ctx, part); err == nil && !p.Serialized && t.Quantity == 0 {
			line.Quantity = 1 // identify knows how many there are
		} else if err != nil && !fault.Is(err, fault.NotFound) {
			return inventory.Counted{}, err
		}
		all, err := c.Ledger.Resolve(ctx, []inventory.Line{line}, &faults)
		if err != nil {
			return inventory.Counted{}, err
		}
		if len(faults) == 0 && len(all) == 1 {
			return all[0], nil
		}
	}
	for _, wrong := range faults {
		if at, known := asked[wrong.Pointer]; known {
			wrong.Pointer = at
		}
		*f = append(*f, wrong)
	}
	return inventory.Counted{}, nil
}

// standing is where the books have the unit that came; the zero Standing where they do not know it,
// or the part has no serials.
func (c *Returns) standing(ctx context.Context, came inventory.Counted) (inventory.Standing, error) {
	if len(came.Serials) == 0 {
		return inventory.Standing{}, nil
	}
	unit := inventory.SerialOf{Part: came.Part.ID, Serial: came.Serials[0]}
	at, err := c.Standings(ctx, []inventory.SerialOf{unit})
	return at[unit], err
}

// origin is the place that something comes from by the books: a unit from where its path ends, if that
// is no shelf of ours, other parts from where the return waits.
func (c *Returns) origin(ctx context.Context, r Return, came inventory.Counted) (inventory.Location, error) {
	found, err := c.standing(ctx, came)
	switch {
	case err != nil:
		return inventory.Location{}, err
	case comesFrom(found.Kind):
		return c.Locate(ctx, found.LocationID)
	case r.HeldAt != nil && came.Part.ID == r.PartID && !came.Part.Serialized:
		return c.Locate(ctx, *r.HeldAt)
	}
	return c.Place(ctx, inventory.KindCustomerSite, r.OutletID)
}

// bring moves the old part of r to a place from where it is by the books. A unit that nobody can name is
// none that they could follow: its return alone says where it is.
func (c *Returns) bring(ctx context.Context, by who.Actor, r Return, s inventory.Slip, old inventory.Counted, to inventory.Location) (*uuid.UUID, error) {
	if old.Part.Serialized && len(old.Serials) == 0 {
		return nil, nil
	}
	from, err := c.origin(ctx, r, old)
	if err != nil {
		return nil, err
	}
	return c.carry(ctx, by, s, old, from, to)
}

// comesFrom says whether what the books have in a place of a kind can come to a counter from outside.
func comesFrom(k inventory.Kind) bool {
	switch k {
	case inventory.KindCustomerSite, inventory.KindCustomerKept, inventory.KindCollected, inventory.KindReturning,
		inventory.KindScrap, inventory.KindAdjustment, inventory.KindSupplier:
		return true
	default:
		return false
	}
}

// checkExpected adds to f what keeps a thing from being the old part that r expects.
func (r Return) checkExpected(came inventory.Counted, f *fault.Faults) {
	switch {
	case came.Part.ID != r.PartID:
		f.Add(came.At.Serial, "this is part %s, not %s", came.Part.Number, r.PartNumber)
	case r.ExpectedSerial != nil && came.Serials[0] != *r.ExpectedSerial:
		f.Add(came.At.Serial, "unit %s is expected, this is %s", *r.ExpectedSerial, came.Serials[0])
	}
}
