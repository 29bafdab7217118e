package requests

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Issuing is what a warehouse hands out for a request.
type Issuing struct {
	WarehouseID uuid.UUID
	Lines       []inventory.Line
}

// Issue hands the parts of an approved request out: from the warehouse into transit. Less than
// was asked for may be issued, more may not; what the warehouse does not hold is a fault.Conflict
// that names the shortage.
func (c *Counter) Issue(ctx context.Context, by who.Actor, id uuid.UUID, version int, in Issuing) (r PartRequest, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		if r, err = c.lockRequest(ctx, by, id); err != nil {
			return err
		}
		if err := r.become(RequestIssued, version); err != nil {
			return err
		}
		var f fault.Faults
		warehouse, err := c.Named(ctx, by, in.WarehouseID, "/warehouse_id", []inventory.Kind{inventory.KindWarehouse, inventory.KindOutlet}, &f)
		if err != nil {
			return err
		}
		all, err := c.Resolve(ctx, in.Lines, &f)
		if err != nil {
			return err
		}
		for _, line := range all {
			switch asked := r.line(line.Part.ID); {
			case asked == nil:
				f.Add(line.At.Line+"/part_id", "part %s was not asked for", line.Part.Number)
			case line.Quantity > asked.Quantity:
				f.Add(line.CountAt(), "%d of part %s were asked for", asked.Quantity, line.Part.Number)
			default:
				asked.Issued, asked.IssuedSerials = line.Quantity, line.Serials
			}
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return err
		}
		transit, err := c.Place(ctx, inventory.KindTransit, r.OutletID)
		if err != nil {
			return err
		}
		r.WarehouseID, r.IssuedBy = &warehouse.ID, inventory.ActorID(by)
		return c.carry(ctx, by, inventory.MovementIssue, &r, inventory.Between(all, warehouse, transit))
	})
	return r, err
}

// Receive takes what was issued into the acting technician's van. More than was issued, and serials
// that were not, are refused; what is missing stays in transit as a difference.
func (c *Counter) Receive(ctx context.Context, by who.Actor, id uuid.UUID, version int, lines []inventory.Line) (r PartRequest, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		if r, err = c.lockRequest(ctx, by, id); err != nil {
			return err
		}
		if by.TechnicianID == nil || *by.TechnicianID != r.TechnicianID {
			return fault.New(fault.Forbidden, "only the technician who asked for the parts receives them")
		}
		if err := r.become(RequestReceived, version); err != nil {
			return err
		}
		var f fault.Faults
		all, err := c.Resolve(ctx, lines, &f)
		if err != nil {
			return err
		}
		for _, line := range all {
			r.receive(line, &f)
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return err
		}
		transit, err := c.Place(ctx, inventory.KindTransit, r.OutletID)
		if err != nil {
			return err
		}
		van, err := c.Locate(ctx, r.VanID)
		if err != nil {
			return err
		}
		return c.carry(ctx, by, inventory.MovementDelivery, &r, inventory.Between(all, transit, van))
	})
	return r, err
}

// receive notes what came of a line, if that and no more was issued.
func (r *PartRequest) receive(c inventory.Counted, f *fault.Faults) {
	l := r.line(c.Part.ID)
	switch {
	case l == nil || l.Issued == 0:
		f.Add(c.At.Line+"/part_id", "part %s was not issued", c.Part.Number)
		return
	case !c.Part.Serialized && c.Quantity > l.Issued:
		f.Add(c.CountAt(), "%d of part %s were issued", l.Issued, c.Part.Number)
	}
	for i, s := range c.Serials {
		if !slices.Contains(l.IssuedSerials, s) {
			f.Add(c.SerialAt(i), "unit %s was not issued", s)
		}
	}
	l.Received, l.ReceivedSerials = c.Quantity, c.Serials
}

// line is the line of r that asks for a part, nil where none does.
func (r *PartRequest) line(part uuid.UUID) *RequestLine {
	i := slices.IndexFunc(r.Lines, func(l RequestLine) bool { return l.PartID == part })
	if i < 0 {
		return nil
	}
	return &r.Lines[i]
}

// carry moves the parts of a request and writes what became of it.
func (c *Counter) carry(ctx context.Context, by who.Actor, kind inventory.MovementKind, r *PartRequest, entries []inventory.Entry) error {
	moved, err := c.Move(ctx, by, inventory.Slip{Kind: kind, JobID: r.JobID, ReferenceID: &r.ID}, entries)
	if err != nil {
		return err
	}
	if err := c.saveRequest(ctx, r); err != nil {
		return err
	}
	if err := c.saveLines(ctx, r); err != nil {
		return err
	}
	data := inventory.Manifest(moved)
	data["number"] = r.Number
	missing := 0
	for _, line := range r.Lines {
		missing += r.Difference(line)
	}
	data["difference"] = missing
	return c.Tell(ctx, by, "part_request."+string(r.Status), r.ID, r.OutletID, data)
}
