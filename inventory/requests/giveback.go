package requests

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Return is what comes back as it was.
type Return struct {
	LocationID *uuid.UUID // where the warehouse puts it; nil: the request's warehouse
	Lines      []inventory.Line
	Note       string
}

// good are the kinds of places that unused parts go back to, and that parts are taken from.
var good = []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet}

// ReturnUnused brings parts back that were not used. The technician hands them in: they leave his van
// and are in transit. The warehouse receives them by its scan: what was handed in, and what is missing or
// in transit of a canceled request. Straight out of the van a supervisor alone takes them, of a
// technician who is suspended or has left.
func (c *Counter) ReturnUnused(ctx context.Context, by who.Actor, id uuid.UUID, version int, in Return) (Request, error) {
	return c.change(ctx, by, id, version, VerbReturn, "returned_unused", func(ctx context.Context, r *Request) (map[string]any, error) {
		var f fault.Faults
		handsIn := his(by, r)
		if handsIn && in.LocationID != nil {
			f.Add("/location_id", "is for the warehouse to say")
		}
		if !handsIn && !by.Has(who.Warehouse, who.Supervisor, who.Admin) {
			return nil, fault.New(fault.Forbidden, "the technician hands parts in, and the warehouse receives them")
		}
		all, err := c.Resolve(ctx, in.Lines, &f)
		if err != nil {
			return nil, err
		}
		van, err := c.Locate(ctx, r.VanID)
		if err != nil {
			return nil, err
		}
		transit, err := c.Place(ctx, inventory.KindTransit, r.OutletID)
		if err != nil {
			return nil, err
		}
		var entries []inventory.Entry
		if handsIn {
			for _, line := range all {
				r.handIn(line, &f)
			}
			entries = inventory.Between(all, van, transit)
		} else {
			to, err := c.store(ctx, by, r, in.LocationID, &f)
			if err != nil {
				return nil, err
			}
			t, err := c.technician(ctx, r.TechnicianID)
			if err != nil {
				return nil, err
			}
			emptiesVan := t.Status != "active" && by.Has(who.Supervisor, who.Admin)
			for _, line := range all {
				fromTransit, fromVan := r.takeBack(line, emptiesVan, &f)
				entries = append(entries, some(fromTransit, transit, to)...)
				entries = append(entries, some(fromVan, van, to)...)
			}
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		data, err := c.carry(ctx, by, inventory.MovementUnused, r, entries, in.Note)
		if err != nil {
			return nil, err
		}
		if data["handed_in"] = handsIn; handsIn {
			return data, nil
		}
		return data, c.arrived(ctx, entries)
	})
}

// some is an entry where there is something to move.
func some(c inventory.Counted, from, to inventory.Location) []inventory.Entry {
	if c.Quantity == 0 {
		return nil
	}
	return []inventory.Entry{{Counted: c, From: from, To: to}}
}

// arrived lets whoever waits have what came into a warehouse.
func (c *Counter) arrived(ctx context.Context, entries []inventory.Entry) error {
	parts := map[uuid.UUID][]uuid.UUID{}
	for _, e := range entries {
		warehouse := e.To.ID
		if e.To.Kind == inventory.KindBin && e.To.WarehouseID != nil {
			warehouse = *e.To.WarehouseID
		}
		parts[warehouse] = append(parts[warehouse], e.Part.ID)
	}
	for warehouse, of := range parts {
		if err := c.FillBackorders(ctx, warehouse, of); err != nil {
			return err
		}
	}
	return nil
}

// store is the place that parts come back to, or were taken from: the one that is named, or the request's warehouse.
func (c *Counter) store(ctx context.Context, by who.Actor, r *Request, named *uuid.UUID, f *fault.Faults) (inventory.Location, error) {
	if named == nil {
		named = r.WarehouseID
	}
	if named == nil {
		f.Add("/location_id", "is required")
		return inventory.Location{}, nil
	}
	return c.Named(ctx, by, *named, "/location_id", good, f)
}

// handIn notes what the technician hands in, if so much of it is in his van for this request.
func (r *Request) handIn(c inventory.Counted, f *fault.Faults) {
	l := r.line(c.Part.ID)
	if l == nil || l.Received == 0 {
		f.Add(c.At.Line+"/part_id", "part %s was not received", c.Part.Number)
		return
	}
	if c.Quantity > l.InVan() {
		f.Add(c.CountAt(), "%d of part %s are in the van for this request", l.InVan(), c.Part.Number)
		return
	}
	for i, s := range c.Serials {
		if !slices.Contains(l.VanSerials(), s) {
			f.Add(c.SerialAt(i), "unit %s is not in the van for this request", s)
		}
	}
	l.HandedIn += c.Quantity
	l.HandedInSerials = append(l.HandedInSerials, c.Serials...)
}

// takeBack notes what the warehouse receives, and says what of it was in transit and what comes
// straight out of the van, where somebody may empty that.
func (r *Request) takeBack(c inventory.Counted, emptiesVan bool, f *fault.Faults) (fromTransit, fromVan inventory.Counted) {
	l := r.line(c.Part.ID)
	if l == nil || l.Issued == 0 {
		f.Add(c.At.Line+"/part_id", "part %s was not issued", c.Part.Number)
		return fromTransit, fromVan
	}
	if c.Part.Serialized {
		return l.takeBackUnits(c, emptiesVan, f)
	}
	fromTransit, fromVan = c, c
	handed := min(c.Quantity, l.HandedIn)
	withdrawn := min(c.Quantity-handed, l.Missing)
	fromTransit.Quantity = handed + withdrawn
	fromVan.Quantity = c.Quantity - fromTransit.Quantity
	switch {
	case fromVan.Quantity > 0 && !emptiesVan:
		f.Add(c.CountAt(), "%d of part %s were handed in or are missing: what is in the van its technician hands in", handed+withdrawn, c.Part.Number)
		return fromTransit, fromVan
	case fromVan.Quantity > l.InVan():
		f.Add(c.CountAt(), "%d of part %s can come back from this request", handed+withdrawn+l.InVan(), c.Part.Number)
		return fromTransit, fromVan
	}
	l.withdraw(withdrawn, nil)
	l.HandedIn -= handed
	l.Returned += handed + fromVan.Quantity
	return fromTransit, fromVan
}

// takeBackUnits is takeBack of units, each from where the request has it.
func (l *Line) takeBackUnits(c inventory.Counted, emptiesVan bool, f *fault.Faults) (fromTransit, fromVan inventory.Counted) {
	fromTransit, fromVan = c, c
	fromTransit.Serials, fromVan.Serials = nil, nil
	for i, s := range c.Serials {
		switch {
		case slices.Contains(l.HandedInSerials, s):
			l.HandedInSerials = less(l.HandedInSerials, []string{s})
			l.HandedIn--
			l.Returned++
			l.ReturnedSerials = append(l.ReturnedSerials, s)
			fromTransit.Serials = append(fromTransit.Serials, s)
		case l.Missing > 0 && slices.Contains(l.TransitSerials(), s):
			l.withdraw(1, []string{s})
			fromTransit.Serials = append(fromTransit.Serials, s)
		case slices.Contains(l.VanSerials(), s) && l.InVan() > 0 && !emptiesVan:
			f.Add(c.SerialAt(i), "unit %s is in the van: its technician hands it in", s)
		case slices.Contains(l.VanSerials(), s) && l.InVan() > 0:
			l.Returned++
			l.ReturnedSerials = append(l.ReturnedSerials, s)
			fromVan.Serials = append(fromVan.Serials, s)
		default:
			f.Add(c.SerialAt(i), "unit %s cannot come back from this request", s)
		}
	}
	fromTransit.Quantity, fromVan.Quantity = len(fromTransit.Serials), len(fromVan.Serials)
	return fromTransit, fromVan
}

// withdraw notes that the warehouse has again what was on its way to the technician.
func (l *Line) withdraw(n int, serials []string) {
	l.Withdrawn += n
	l.WithdrawnSerials = append(l.WithdrawnSerials, serials...)
	l.Missing = min(l.Missing, l.InTransit())
}
