package returns

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// VendorResult is what a vendor made of an old part.
type VendorResult string

// The results.
const (
	VendorRepaired VendorResult = "repaired"
	VendorReplaced VendorResult = "replaced" // he kept it, and sent another
	VendorRefused  VendorResult = "refused"  // it is scrapped
)

// disposed says what a vendor's result is as a disposition.
var disposed = map[VendorResult]DispositionKind{
	VendorRepaired: DispositionVendorRepaired, VendorReplaced: DispositionVendorReplaced, VendorRefused: DispositionVendorRefused,
}

// Answer is a vendor's answer about an old part that he has.
type Answer struct {
	Result     VendorResult
	LocationID *uuid.UUID // the shelf that it comes to; not where he refused
	Serial     string     // of what he sent instead
	Scan       string     // the same, as the scanner read it
	UnitCost   *int64     // what he charges for each, in minor units of the part's currency
	WitnessID  *uuid.UUID // who saw it scrapped where he refused
	Note       string
}

// TakeAnswer ends a return that a vendor has: repaired and replaced parts come into good stock, refused
// ones are scrapped before a witness. What he keeps when he replaces it goes to the supplier in the books,
// and what he sends comes from there. Whoever received the old part does neither, and whoever sent it to the
// vendor books nothing into good stock for it.
func (c *Returns) TakeAnswer(ctx context.Context, by who.Actor, id uuid.UUID, version int, a Answer) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.vendor_answered", func(ctx context.Context, r *Return) (map[string]any, error) {
		if r.Status != StatusAtVendor {
			return nil, inventory.CannotBecome("part return", r.Status, StatusDispositioned)
		}
		if err := c.mayTakeBack(ctx, by, *r, a.Result); err != nil {
			return nil, err
		}
		var f fault.Faults
		place, fresh, err := c.answered(ctx, by, *r, a, &f)
		if err != nil {
			return nil, err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		if err := r.become(StatusDispositioned); err != nil {
			return nil, err
		}
		d := Disposition{Kind: disposed[a.Result], LocationID: &place.ID, WitnessID: a.WitnessID, UnitCost: a.UnitCost, Note: a.Note}
		if a.Scan != "" {
			d.Scan = &a.Scan
		}
		data := map[string]any{"result": a.Result}
		if fresh == nil {
			return c.leave(ctx, by, r, place, d, data)
		}
		return c.replace(ctx, by, r, place, *fresh, d, data)
	})
}

// mayTakeBack refuses one person alone the way out of the house and back: as good stock comes what neither
// he who books it received nor sent away.
func (c *Returns) mayTakeBack(ctx context.Context, by who.Actor, r Return, as VendorResult) error {
	if r.receivedBy(by) {
		return fault.New(fault.Forbidden, "whoever received an old part does not refurbish or scrap it")
	}
	if as == VendorRefused {
		return nil // the witness is the second person
	}
	before, err := c.dispositions(ctx, []uuid.UUID{r.ID})
	if err != nil {
		return err
	}
	for _, d := range before[r.ID] {
		if d.Kind == DispositionVendor && d.DecidedBy != nil && *d.DecidedBy == by.UserID {
			return fault.New(fault.Forbidden, "whoever sent an old part to a vendor does not book it back as good stock")
		}
	}
	return nil
}

// answered is where something comes to by a vendor's answer, and what he sent instead. What the answer
// lacks, or says in vain, is added to f.
func (c *Returns) answered(ctx context.Context, by who.Actor, r Return, a Answer, f *fault.Faults) (place inventory.Location, fresh *inventory.Counted, err error) {
	refused, replaced := a.Result == VendorRefused, a.Result == VendorReplaced
	for at, vain := range map[string]bool{
		"/location_id": a.LocationID != nil && refused, "/witness_id": a.WitnessID != nil && !refused,
		"/serial": a.Serial != "" && !replaced, "/scan": a.Scan != "" && !replaced, "/unit_cost": a.UnitCost != nil && refused,
	} {
		if vain {
			f.Add(at, "has no meaning for this result")
		}
	}
	if refused {
		place, err = c.scrapHeap(ctx, by, r, a.WitnessID, a.Note, f)
		return place, nil, err
	}
	if place, err = c.shelf(ctx, by, a.LocationID, shelves, f); err != nil || !replaced {
		return place, nil, err
	}
	came, known, err := c.identify(ctx, Thing{Serial: a.Serial, Scan: a.Scan}, *r.ReceivedPartID, *r.ReceivedQuantity, f)
	if known && came.Part.ID != *r.ReceivedPartID {
		f.Add("/scan", "this is another part")
	}
	came.Quantity, came.UnitCost = *r.ReceivedQuantity, a.UnitCost
	return place, &came, err
}

// replace sends what the vendor keeps out of the house, and takes in what he sent for it.
func (c *Returns) replace(ctx context.Context, by who.Actor, r *Return, shelf inventory.Location, fresh inventory.Counted, d Disposition, data map[string]any) (map[string]any, error) {
	supplier, err := c.Place(ctx, inventory.KindSupplier, nil)
	if err != nil {
		return nil, err
	}
	kept, from, err := c.goods(ctx, *r)
	if err != nil {
		return nil, err
	}
	slip := inventory.Slip{Kind: inventory.MovementDispose, JobID: r.JobID, ReferenceID: &r.ID, Note: d.Note}
	// At once, so that the books hold all balances in their order.
	moved, err := c.Move(ctx, by, slip, []inventory.Entry{{Counted: kept, From: from, To: supplier}, {Counted: fresh, From: supplier, To: shelf}})
	if err != nil {
		return nil, err
	}
	r.PlacedAt = &shelf.ID
	for _, m := range moved {
		d.MovementIDs = append(d.MovementIDs, m.ID)
	}
	if len(fresh.Serials) > 0 {
		d.NewSerial = &fresh.Serials[0]
	}
	data["disposition"], data["movement_ids"], data["new_serial"], data["place"], data["note"] = d.Kind, d.MovementIDs, d.NewSerial, shelf.Name, d.Note
	return data, c.decide(ctx, by, r, d)
}
