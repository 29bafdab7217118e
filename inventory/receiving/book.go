package receiving

import (
	"context"
	"slices"
	"strconv"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// PutAway says into which bin the good ones of a part go; without it they stay in the warehouse.
type PutAway struct {
	PartID     uuid.UUID
	LocationID uuid.UUID
}

// Receive books what was counted: the good ones into the warehouse or its bins, at what they cost,
// and the others into its quarantine. A delivery that is short waits for its rest.
func (d *Dock) Receive(ctx context.Context, by who.Actor, id uuid.UUID, version int, away []PutAway) (dl Delivery, err error) {
	figures, err := d.deps.Policies.At(ctx, d.Now())
	if err != nil {
		return dl, err
	}
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if dl, err = d.lock(ctx, by, id); err != nil {
			return err
		}
		if err := inventory.Stale("delivery", version, dl.Version); err != nil {
			return err
		}
		missing, counted := 0, 0
		for _, l := range dl.Lines {
			missing, counted = missing+l.Missing(), counted+l.Counted()
		}
		if (dl.Status == StatusAnnounced || dl.Status == StatusCounting) && counted == 0 {
			return fault.New(fault.Conflict, "nothing is counted of delivery %s: count it first", dl.Number)
		}
		next := StatusClosed
		if missing > 0 {
			next = StatusReceived
		}
		if err := dl.become(next); err != nil {
			return err
		}
		now := d.Now()
		dl.ReceivedBy, dl.ReceivedAt, dl.PolicyVersion = inventory.ActorID(by), &now, &figures.Version
		moved, err := d.book(ctx, by, &dl, int(figures.Points(policy.DeliveryOver)), away)
		if err != nil {
			return err
		}
		if err := d.save(ctx, &dl); err != nil {
			return err
		}
		if err := d.saveLines(ctx, dl); err != nil {
			return err
		}
		if err := d.closeFirst(ctx, dl); err != nil {
			return err
		}
		return d.tellReceived(ctx, by, dl, missing, moved)
	})
	if err != nil {
		return dl, err
	}
	return d.Find(ctx, by, id)
}

// book judges every line and moves what came.
func (d *Dock) book(ctx context.Context, by who.Actor, dl *Delivery, over int, away []PutAway) ([]inventory.Movement, error) {
	var f fault.Faults
	warehouse, err := d.Named(ctx, by, dl.WarehouseID, "", receivers, &f)
	if err != nil {
		return nil, err
	}
	places, err := d.putAway(ctx, by, *dl, warehouse, away, &f)
	if err != nil {
		return nil, err
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	supplier, err := d.Place(ctx, inventory.KindSupplier, nil)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(dl.Lines))
	for i, l := range dl.Lines {
		ids[i] = l.PartID
	}
	parts, err := d.PartNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	var entries []inventory.Entry
	var quarantine inventory.Location
	for i := range dl.Lines {
		l := &dl.Lines[i]
		v := judge(*l, over)
		l.Accepted, l.AcceptedSerials, l.Held, l.HeldSerials, l.HeldBecause = v.accepted, v.acceptedSerials, v.held, v.heldSerials, v.because
		if v.accepted > 0 {
			to, chosen := places[l.PartID]
			if !chosen {
				to = warehouse
			}
			l.PutAwayID = &to.ID
			entries = append(entries, inventory.Entry{Counted: dl.counted(i, parts[l.PartID], v.accepted, v.acceptedSerials), From: supplier, To: to})
		}
		if v.held > 0 {
			if quarantine.ID == uuid.Nil {
				if quarantine, err = d.SubPlace(ctx, inventory.KindQuarantine, warehouse); err != nil {
					return nil, err
				}
			}
			entries = append(entries, inventory.Entry{Counted: dl.counted(i, parts[l.PartID], v.held, v.heldSerials), From: supplier, To: quarantine})
		}
	}
	slip := inventory.Slip{Kind: inventory.MovementReceive, ReferenceID: &dl.ID, Note: dl.NoteNumber}
	moved, err := d.Move(ctx, by, slip, entries)
	if e := fault.From(err); e.Code == fault.Invalid && len(e.Fields) > 0 {
		err = fault.Faults(e.Fields).Err(fault.Invalid, "a piece of it hardly costs so much: correct the announcement (amendDelivery), then receive it")
	}
	return moved, err
}

// counted is so much of line i as the ledger wants it: with the scans that it was read from.
func (dl Delivery) counted(i int, p inventory.Part, n int, serials []string) inventory.Counted {
	l := dl.Lines[i]
	c := inventory.Counted{Part: p, Quantity: n, Serials: serials, Raw: map[string]string{}, UnitCost: l.UnitCost, At: inventory.Pointers{None: true, Cost: inventory.LineAt(i) + "/unit_cost"}}
	for _, e := range dl.Entries {
		if e.PartID != l.PartID || e.StruckAt != nil {
			continue
		}
		if !p.Serialized {
			c.Scans = append(c.Scans, e.Scans...)
			continue
		}
		for serial, scan := range e.Raw {
			if _, twice := c.Raw[serial]; slices.Contains(serials, serial) && !twice {
				c.Raw[serial] = scan
				c.Scans = append(c.Scans, scan)
			}
		}
	}
	slices.Sort(c.Scans)
	return c
}

// putAway finds the bins that the good ones go into.
func (d *Dock) putAway(ctx context.Context, by who.Actor, dl Delivery, warehouse inventory.Location, away []PutAway, f *fault.Faults) (map[uuid.UUID]inventory.Location, error) {
	places := map[uuid.UUID]inventory.Location{}
	for i, a := range away {
		at := "/put_away/" + strconv.Itoa(i)
		to, err := d.Named(ctx, by, a.LocationID, at+"/location_id", append(slices.Clone(receivers), inventory.KindBin), f)
		switch {
		case err != nil:
			return nil, err
		case !slices.ContainsFunc(dl.Lines, func(l Line) bool { return l.PartID == a.PartID }):
			f.Add(at+"/part_id", "the delivery has no such %s", words.Noun("part"))
		case len(*f) == 0 && to.ID != warehouse.ID && (to.WarehouseID == nil || *to.WarehouseID != warehouse.ID):
			f.Add(at+"/location_id", "%s is no part of %s", to.Called(), warehouse.Called())
		}
		if _, twice := places[a.PartID]; twice {
			f.Add(at+"/part_id", "stands twice")
		}
		places[a.PartID] = to
	}
	return places, nil
}

// tellReceived tells of the receipt, and has those served who wait for what came.
func (d *Dock) tellReceived(ctx context.Context, by who.Actor, dl Delivery, missing int, moved []inventory.Movement) error {
	data := inventory.Manifest(moved)
	data["number"], data["missing"], data["rest_of"] = dl.Number, missing, dl.RestOfID
	held := 0
	in := fill{Warehouse: dl.WarehouseID}
	for _, l := range dl.Lines {
		held += l.Held
		if l.Accepted > 0 {
			in.Parts = append(in.Parts, l.PartID)
		}
	}
	data["held"] = held
	if len(in.Parts) > 0 {
		if err := d.deps.Queue.Add(ctx, in); err != nil {
			return err
		}
	}
	return d.Tell(ctx, by, "delivery.received", dl.ID, dl.OutletID, data)
}
