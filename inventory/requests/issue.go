package requests

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Issuing is what a warehouse hands out for a request.
type Issuing struct {
	WarehouseID *uuid.UUID // nil: the request's
	Lines       []inventory.Line
	From        []*uuid.UUID // by line, the place that it was taken from; nil: where it is set aside, or free
}

// Issue hands parts of an approved request out: from the warehouse and its bins into transit. A part may
// stand in several lines, one for each place that it is taken from. Less than was approved may be issued and the rest later, more may not; what the warehouse does not hold
// is a fault.Conflict that names the shortage. A part that takes the place of one that was asked for
// may be issued instead of it, where that is worth no more than was approved. Nobody issues what he
// approved himself.
func (c *Counter) Issue(ctx context.Context, by who.Actor, id uuid.UUID, version int, in Issuing) (Request, error) {
	return c.change(ctx, by, id, version, VerbIssue, "issued", func(ctx context.Context, r *Request) (map[string]any, error) {
		if err := c.notApprover(ctx, by, r); err != nil {
			return nil, err
		}
		if err := c.mayGoOut(ctx, r); err != nil {
			return nil, err
		}
		var f fault.Faults
		all, err := c.ResolveApart(ctx, in.Lines, &f)
		if err != nil {
			return nil, err
		}
		if err := c.substituteSuccessors(ctx, by, r, all); err != nil {
			return nil, err
		}
		switch {
		case in.WarehouseID != nil:
			err = c.moveTo(ctx, by, r, *in.WarehouseID)
		case r.WarehouseID == nil:
			err = inventory.Wrong("/warehouse_id", "is required")
		default:
			_, err = c.handsOut(ctx, by, r)
		}
		if err != nil {
			return nil, err
		}
		warehouse, err := c.Named(ctx, by, *r.WarehouseID, "/warehouse_id", shelves, &f)
		if err != nil {
			return nil, err
		}
		transit, err := c.Place(ctx, inventory.KindTransit, r.OutletID)
		if err != nil {
			return nil, err
		}
		for _, line := range all {
			r.issue(line, &f)
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		entries, err := c.taken(ctx, r, warehouse, transit, all, in.From)
		if err != nil {
			return nil, err
		}
		r.IssuedBy, r.Status = inventory.ActorID(by), StatusIssued
		data, err := c.carry(ctx, by, inventory.MovementIssue, r, entries, "")
		if err != nil {
			return nil, err
		}
		return data, c.trim(ctx, r)
	})
}

// mayGoOut refuses to hand out parts to a technician who is not there, or for a job that is over.
func (c *Counter) mayGoOut(ctx context.Context, r *Request) error {
	t, err := c.technician(ctx, r.TechnicianID)
	if err != nil {
		return err
	}
	if t.Status != "active" {
		return fault.New(fault.Conflict, "technician %s is %s", t.Name, words.Noun(t.Status))
	}
	if r.JobID == nil {
		return nil
	}
	j, err := c.Job(ctx, who.System, *r.JobID, nil)
	if err == nil && isOver(j) {
		err = fault.New(fault.Conflict, "job %s is %s", j.Number, words.Noun(j.Status))
	}
	return err
}

// issue notes what is handed out of a line, if so much is still to be issued.
func (r *Request) issue(c inventory.Counted, f *fault.Faults) {
	switch l := r.line(c.Part.ID); {
	case l == nil:
		f.Add(c.At.Line+"/part_id", "part %s was not asked for", c.Part.Number)
	case c.Quantity > l.ToIssue():
		f.Add(c.CountAt(), "%d of part %s are still to be issued", l.ToIssue(), c.Part.Number)
	default:
		l.Issued += c.Quantity
		l.Reserved -= min(l.Reserved, c.Quantity)
		l.IssuedSerials = append(l.IssuedSerials, c.Serials...)
	}
}

// carry moves the parts of a request, and says what moved.
func (c *Counter) carry(ctx context.Context, by who.Actor, kind inventory.MovementKind, r *Request, entries []inventory.Entry, note string) (map[string]any, error) {
	moved, err := c.Move(ctx, by, inventory.Slip{Kind: kind, JobID: r.JobID, ReferenceID: &r.ID, ReservedFor: &r.ID, Note: note}, entries)
	if err != nil {
		return nil, err
	}
	data, t := inventory.Manifest(moved), r.total()
	data["missing"], data["over"], data["in_transit"] = t.Missing, r.overs(), t.InTransit
	return data, nil
}
