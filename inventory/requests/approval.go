package requests

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Allowance is what somebody allows of a request: so many of a part; of parts that it does not name, all.
type Allowance struct {
	WarehouseID *uuid.UUID // nil: the request's, or whichever of the outlet has the most of it
	Lines       []inventory.Want
}

// Approve allows a request or a part of it, and sets aside what is free. Nobody approves his own, nor
// one for himself.
func (c *Counter) Approve(ctx context.Context, by who.Actor, id uuid.UUID, version int, a Allowance) (Request, error) {
	return c.change(ctx, by, id, version, VerbApprove, "approved", func(ctx context.Context, r *Request) (map[string]any, error) {
		if asked(by, r) || his(by, r) {
			return nil, fault.New(fault.Forbidden, "nobody approves his own request")
		}
		var f fault.Faults
		if a.WarehouseID != nil {
			if _, err := c.Named(ctx, by, *a.WarehouseID, "/warehouse_id", shelves, &f); err != nil {
				return nil, err
			}
			r.WarehouseID = a.WarehouseID
		}
		allowed := r.allowed(a.Lines, &f)
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		r.ApprovedBy = inventory.ActorID(by)
		if err := c.allow(ctx, r, allowed); err != nil {
			return nil, err
		}
		return map[string]any{"parts": r.parts(), "value": r.Value, "currency": r.Currency}, nil
	})
}

// his says whether a request is for the acting technician.
func his(by who.Actor, r *Request) bool {
	return by.TechnicianID != nil && *by.TechnicianID == r.TechnicianID
}

// asked says whether the acting person asked for the parts, for whomever.
func asked(by who.Actor, r *Request) bool { return r.RequestedBy != nil && *r.RequestedBy == by.UserID }

const decidedSQL = `
SELECT count(*) FROM events WHERE subject_id = $1 AND actor_id = $2 AND kind IN ('part_request.approved', 'part_request.substituted')`

// notApprover refuses to let somebody hand out what he approved or chose himself.
func (c *Counter) notApprover(ctx context.Context, by who.Actor, r *Request) error {
	n, err := pg.One[int](ctx, c.DB(), decidedSQL, r.ID, by.UserID)
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "nobody hands out what he approved himself")
	}
	return err
}

// allowed holds what somebody allows against what was asked for.
func (r *Request) allowed(lines []inventory.Want, f *fault.Faults) map[uuid.UUID]int {
	allowed, sum := map[uuid.UUID]int{}, 0
	for i, w := range lines {
		l := r.line(w.PartID)
		_, twice := allowed[w.PartID]
		switch at := inventory.LineAt(i); {
		case l == nil:
			f.Add(at+"/part_id", "was not asked for")
		case twice:
			f.Add(at+"/part_id", "part %s stands in two lines", l.PartNumber)
		case w.Quantity > l.Quantity:
			f.Add(at+"/quantity", "%d of part %s were asked for", l.Quantity, l.PartNumber)
		}
		allowed[w.PartID] = w.Quantity
	}
	for _, l := range r.Lines {
		n, named := allowed[l.PartID]
		if !named {
			n = l.Quantity
		}
		sum += n
	}
	if sum == 0 && len(r.Lines) > 0 {
		f.Add("/lines", "leaves nothing of the request: reject it instead")
	}
	return allowed
}

// allow approves r: of a part that allowed does not name, all. It notes what that is worth, finds the
// warehouse and sets aside what is free there.
func (c *Counter) allow(ctx context.Context, r *Request, allowed map[uuid.UUID]int) error {
	for i := range r.Lines {
		n, named := allowed[r.Lines[i].PartID]
		if !named {
			n = r.Lines[i].Quantity
		}
		r.Lines[i].Approved = &n
	}
	now := c.Now()
	r.Status, r.DecidedAt = StatusApproved, &now
	if err := c.judge(ctx, r); err != nil {
		return err
	}
	if r.WarehouseID == nil {
		var err error
		if r.WarehouseID, err = c.bestWarehouse(ctx, r); err != nil {
			return err
		}
	}
	_, err := c.reserve(ctx, r, true)
	return err
}

// Reject refuses a request, and says why.
func (c *Counter) Reject(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Request, error) {
	return c.change(ctx, by, id, version, VerbReject, "rejected", func(_ context.Context, r *Request) (map[string]any, error) {
		if strings.TrimSpace(reason) == "" {
			return nil, inventory.Wrong("/reason", "must not be blank")
		}
		now := c.Now()
		r.Status, r.RejectedReason, r.DecidedAt = StatusRejected, &reason, &now
		return map[string]any{"reason": reason}, nil
	})
}
