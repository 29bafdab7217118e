package returns

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Deciding is what somebody decides about an old part that lies here.
type Deciding struct {
	Kind       DispositionKind // refurbish, scrap or vendor
	LocationID *uuid.UUID      // refurbish: the shelf for good stock; vendor: the vendor
	WitnessID  *uuid.UUID      // scrap: who saw it, a user
	RMA        string          // vendor: the number of the case there
	UnitCost   *int64          // refurbish: of the work, in minor units of the part's currency
	PhotoIDs   []uuid.UUID
	Note       string // scrap: why
}

// The kinds of places where good stock stands, and where vendors repair.
var (
	shelves = []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet}
	vendors = []inventory.Kind{inventory.KindVendorRepair}
)

// Dispose decides what becomes of an old part: good stock again, scrap before a witness, or to a vendor
// who answers later. What is wrong with it must be resolved before, and whoever received it neither
// refurbishes nor scraps it.
func (c *Returns) Dispose(ctx context.Context, by who.Actor, id uuid.UUID, version int, d Deciding) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.disposed", func(ctx context.Context, r *Return) (map[string]any, error) {
		to := StatusDispositioned
		if d.Kind == DispositionVendor {
			to = StatusAtVendor
		}
		before := r.Status
		if before == StatusDiscrepant { // what is wrong is decided first
			return nil, inventory.CannotBecome("part return", before, to)
		}
		if err := r.become(to); err != nil {
			return nil, err
		}
		if r.MovementID == nil {
			return nil, fault.New(fault.Conflict, "nothing of part return %s lies here", r.Number)
		}
		if d.Kind != DispositionVendor && r.receivedBy(by) {
			return nil, fault.New(fault.Forbidden, "whoever received an old part does not refurbish or scrap it")
		}
		var f fault.Faults
		place, err := c.destination(ctx, by, *r, d, &f)
		if err != nil {
			return nil, err
		}
		if err := c.checkPhotos(ctx, *r, d.PhotoIDs, &f); err != nil {
			return nil, err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		made := Disposition{Kind: d.Kind, LocationID: &place.ID, WitnessID: d.WitnessID, UnitCost: d.UnitCost, PhotoIDs: d.PhotoIDs, Note: d.Note}
		if d.RMA != "" {
			made.RMA = &d.RMA
		}
		return c.leave(ctx, by, r, place, made, map[string]any{"from_status": before})
	})
}

// destination is where an old part goes by a decision. What the decision lacks, or says in vain, is added to f.
func (c *Returns) destination(ctx context.Context, by who.Actor, r Return, d Deciding, f *fault.Faults) (inventory.Location, error) {
	for _, m := range []struct {
		at    string
		given bool
		kinds []DispositionKind
	}{
		{"/location_id", d.LocationID != nil, []DispositionKind{DispositionRefurbish, DispositionVendor}},
		{"/witness_id", d.WitnessID != nil, []DispositionKind{DispositionScrap}},
		{"/rma", d.RMA != "", []DispositionKind{DispositionVendor}},
		{"/unit_cost", d.UnitCost != nil, []DispositionKind{DispositionRefurbish}},
	} {
		if m.given && !slices.Contains(m.kinds, d.Kind) {
			f.Add(m.at, "has no meaning for this disposition")
		}
	}
	switch d.Kind {
	case DispositionScrap:
		return c.scrapHeap(ctx, by, r, d.WitnessID, d.Note, f)
	case DispositionVendor:
		if d.RMA == "" {
			f.Add("/rma", "is required")
		}
		return c.shelf(ctx, by, d.LocationID, vendors, f)
	case DispositionRefurbish:
		return c.shelf(ctx, by, d.LocationID, shelves, f)
	default:
		f.Add("/kind", "has no meaning for this disposition")
		return inventory.Location{}, nil
	}
}

const hadSQL = `
SELECT EXISTS (SELECT FROM part_returns r LEFT JOIN technicians t ON t.id = r.technician_id
  WHERE r.id = $2 AND $1 IN (r.received_by, r.collected_by, t.user_id))`

// scrapHeap is where things end, before a witness and with a reason.
func (c *Returns) scrapHeap(ctx context.Context, by who.Actor, r Return, witness *uuid.UUID, note string, f *fault.Faults) (inventory.Location, error) {
	if witness == nil {
		f.Add("/witness_id", "is required")
	} else if had, err := pg.One[bool](ctx, c.DB(), hadSQL, *witness, r.ID); err != nil {
		return inventory.Location{}, err
	} else if had {
		f.Add("/witness_id", "nobody witnesses the end of an old part that he brought or received")
	} else if err := c.CheckWitness(ctx, by, r.OutletID, *witness, f); err != nil {
		return inventory.Location{}, err
	}
	if note == "" {
		f.Add("/note", "is required")
	}
	return c.Place(ctx, inventory.KindScrap, r.OutletID)
}

// shelf is the place of one of the kinds that a request names.
func (c *Returns) shelf(ctx context.Context, by who.Actor, id *uuid.UUID, kinds []inventory.Kind, f *fault.Faults) (inventory.Location, error) {
	if id == nil {
		f.Add("/location_id", "is required")
		return inventory.Location{}, nil
	}
	return c.Named(ctx, by, *id, "/location_id", kinds, f)
}

// leave moves what came to where it goes, and writes the decision down.
func (c *Returns) leave(ctx context.Context, by who.Actor, r *Return, to inventory.Location, d Disposition, data map[string]any) (map[string]any, error) {
	thing, from, err := c.goods(ctx, *r)
	if err != nil {
		return nil, err
	}
	thing.UnitCost = d.UnitCost
	movement, err := c.carry(ctx, by, inventory.Slip{Kind: inventory.MovementDispose, JobID: r.JobID, ReferenceID: &r.ID, Note: d.Note}, thing, from, to)
	if err != nil {
		return nil, err
	}
	r.PlacedAt = &to.ID
	d.MovementIDs = append(d.MovementIDs, *movement)
	data["disposition"], data["movement_ids"], data["witness_id"], data["rma"], data["place"] = d.Kind, d.MovementIDs, d.WitnessID, d.RMA, to.Name
	data["note"] = d.Note
	if d.WitnessID != nil {
		if data["witness"], err = pg.One[string](ctx, c.DB(), `SELECT name FROM users WHERE id = $1`, *d.WitnessID); err != nil {
			return nil, err
		}
	}
	return data, c.decide(ctx, by, r, d)
}
