package receiving

import (
	"context"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Outcome is what becomes of held stock.
type Outcome string

// The outcomes.
const (
	OutcomeGood     Outcome = "good"     // it can be used after all
	OutcomeSupplier Outcome = "supplier" // it goes back to where it came from
	OutcomeScrap    Outcome = "scrap"
)

// Release is a decision about held stock.
type Release struct {
	ID         uuid.UUID
	LocationID uuid.UUID // where it was held
	OutletID   *uuid.UUID
	Outcome    Outcome
	ToLocation uuid.UUID
	WitnessID  *uuid.UUID // of scrapping
	RMA        *string    // the supplier's number for what goes back
	Note       string
	ReleasedBy *uuid.UUID
	ReleasedAt time.Time
	Lines      []ReleaseLine
}

// Releasing says what is to become of held stock.
type Releasing struct {
	LocationID uuid.UUID
	Outcome    Outcome
	ToLocation *uuid.UUID // where good stock goes; nil for the others
	Lines      []inventory.Line
	WitnessID  *uuid.UUID
	RMA        string
	Note       string
}

// ReleaseHeld decides about held stock: back to good stock, back to the supplier, or scrap before a
// witness. Neither does whoever held it back release it, nor is he the witness, and what belongs to a part return is
// disposed of there. What leaves the house counts among the write-offs of who releases it.
func (d *Dock) ReleaseHeld(ctx context.Context, by who.Actor, in Releasing) (r Release, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		var f fault.Faults
		from, err := d.Named(ctx, by, in.LocationID, "/location_id", []inventory.Kind{inventory.KindQuarantine}, &f)
		if err != nil {
			return err
		}
		to, err := d.released(ctx, by, from, in, &f)
		if err != nil {
			return err
		}
		all, err := d.Resolve(ctx, in.Lines, &f)
		if err != nil {
			return err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return err
		}
		// One decision at a time: what is left to release is not for two to count.
		if _, err := pg.Exec(ctx, d.DB(), `SELECT FROM locations WHERE id = $1 FOR NO KEY UPDATE`, from.ID); err != nil {
			return pg.Fault(err, "location")
		}
		if err := d.mayRelease(ctx, by, from, in.WitnessID, all); err != nil {
			return err
		}
		r = Release{
			ID: uuid.Must(uuid.NewV7()), LocationID: from.ID, OutletID: from.OutletID, Outcome: in.Outcome, ToLocation: to.ID,
			WitnessID: in.WitnessID, Note: in.Note, ReleasedBy: inventory.ActorID(by), ReleasedAt: d.Now(),
		}
		if in.RMA != "" {
			r.RMA = &in.RMA
		}
		back, err := d.goingBack(ctx, by, from, in.Outcome, all)
		if err != nil {
			return err
		}
		moved, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementDispose, ReferenceID: &r.ID, Note: in.Note}, inventory.Between(all, from, to))
		if err != nil {
			return err
		}
		if err := d.saveRelease(ctx, r); err != nil {
			return err
		}
		if err := d.checkLeaving(ctx, by, r.Outcome, all); err != nil {
			return err
		}
		if err := d.sendBack(ctx, back); err != nil {
			return err
		}
		if to.Kind.Pool() == inventory.PoolGood {
			if err := d.serve(ctx, to, all); err != nil {
				return err
			}
		}
		data := inventory.Manifest(moved)
		data["outcome"], data["witness_id"], data["rma"], data["note"] = r.Outcome, r.WitnessID, r.RMA, r.Note
		if err := d.Tell(ctx, by, "held_stock.released", r.ID, r.OutletID, data); err != nil {
			return err
		}
		one := []Release{r}
		err = d.readReleaseLines(ctx, one)
		r = one[0]
		return err
	})
	return r, err
}

// serve has those served who wait for parts that came to a warehouse or one of its bins.
func (d *Dock) serve(ctx context.Context, at inventory.Location, all []inventory.Counted) error {
	t := fill{Warehouse: at.ID}
	if at.WarehouseID != nil {
		t.Warehouse = *at.WarehouseID
	}
	for _, c := range all {
		t.Parts = append(t.Parts, c.Part.ID)
	}
	return d.deps.Queue.Add(ctx, t)
}

// released finds where held stock goes, and checks what the outcome demands.
func (d *Dock) released(ctx context.Context, by who.Actor, from inventory.Location, in Releasing, f *fault.Faults) (to inventory.Location, err error) {
	given := map[string]bool{"/to_location_id": in.ToLocation != nil, "/witness_id": in.WitnessID != nil, "/rma": strings.TrimSpace(in.RMA) != ""}
	wanted := map[Outcome]string{OutcomeGood: "/to_location_id", OutcomeScrap: "/witness_id", OutcomeSupplier: "/rma"}[in.Outcome]
	for _, at := range []string{"/to_location_id", "/witness_id", "/rma"} {
		switch {
		case at == wanted && !given[at]:
			f.Add(at, "is required")
		case at != wanted && given[at]:
			f.Add(at, "cannot be told of this outcome")
		}
	}
	if len(*f) > 0 {
		return to, nil
	}
	switch in.Outcome {
	case OutcomeSupplier:
		return d.Place(ctx, inventory.KindSupplier, nil)
	case OutcomeScrap:
		if err := d.CheckWitness(ctx, by, from.OutletID, *in.WitnessID, f); err != nil {
			return to, err
		}
		return d.Place(ctx, inventory.KindScrap, nil)
	case OutcomeGood:
	}
	return d.Named(ctx, by, *in.ToLocation, "/to_location_id", []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet}, f)
}

// mayRelease refuses what the actor or his witness had a hand in holding back, and what is another flow's to dispose of.
func (d *Dock) mayRelease(ctx context.Context, by who.Actor, from inventory.Location, witness *uuid.UUID, all []inventory.Counted) error {
	var f fault.Faults
	for _, c := range all {
		rows, err := d.held(ctx, from.ID, c)
		if err != nil {
			return err
		}
		mine, witnessed, returned, free := 0, 0, 0, 0
		for _, h := range rows {
			switch {
			case h.Kind == inventory.MovementReturn:
				returned += h.Quantity
			case h.heldBy(by.UserID):
				mine += h.Quantity
			case witness != nil && h.heldBy(*witness):
				witnessed += h.Quantity
			default:
				free += h.Quantity
			}
		}
		// Of units each is judged; of other parts there must be enough that others held back.
		switch short := c.Part.Serialized || c.Quantity > free; {
		case short && mine > 0:
			f.Add(c.CountAt(), "nobody releases what he held back himself")
		case short && witnessed > 0:
			f.Add("/witness_id", "nobody witnesses what becomes of what he held back himself")
		case short && returned > 0:
			f.Add(c.CountAt(), "old parts of part %s are disposed of with their part returns", c.Part.Number)
		}
	}
	return f.Err(fault.Conflict, "the request cannot be met as it is")
}

// checkLeaving refuses to let more leave the house, within a day, than the actor may write off. Without a
// supervisor that is what the policy approves of a part request without a person.
func (d *Dock) checkLeaving(ctx context.Context, by who.Actor, o Outcome, all []inventory.Counted) error {
	if o == OutcomeGood || by.UserID == uuid.Nil {
		return nil
	}
	if by.Has(who.Supervisor, who.Admin) {
		return d.checkWorth(ctx, by)
	}
	p, err := d.deps.Policies.At(ctx, d.Now())
	if err != nil {
		return err
	}
	gone := make([]inventory.Amount, len(all))
	for i, c := range all {
		gone[i] = inventory.Amount{PartID: c.Part.ID, Quantity: c.Quantity}
	}
	value, _, err := d.Worth(ctx, gone)
	switch {
	case err != nil:
		return err
	case value == nil:
		return fault.New(fault.Forbidden, "nobody knows what this is worth: it leaves the house by a supervisor's word")
	}
	return d.CheckWriteOffs(ctx, by, p.Points(policy.PartAutoApprove))
}
