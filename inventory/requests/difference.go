package requests

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Outcome is what became of a difference between what was issued and what came.
type Outcome string

// The outcomes of differences.
const (
	OutcomeFound      Outcome = "found"       // what was missing is in the warehouse
	OutcomeLost       Outcome = "lost"        // what was missing stays missing: a supervisor says so
	OutcomeHandedBack Outcome = "handed_back" // what came too much is in the warehouse again
)

// Settlement accounts for a difference.
type Settlement struct {
	Outcome    Outcome
	LocationID *uuid.UUID // of what was found; nil: the request's warehouse
	Reason     string
	Lines      []inventory.Line
}

// SettleDifference accounts for what is missing of a request or came too much. Nobody settles what
// he should have received himself; what is lost is a supervisor's to say, with a reason, who issued
// nothing of it, and much within a day that of a supervisor of the whole house.
func (c *Counter) SettleDifference(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Settlement) (Request, error) {
	return c.change(ctx, by, id, version, VerbSettle, "difference_settled", func(ctx context.Context, r *Request) (map[string]any, error) {
		if his(by, r) {
			return nil, fault.New(fault.Forbidden, "nobody settles what he should have received himself")
		}
		if s.Outcome == OutcomeLost {
			if err := c.mayWriteOff(ctx, by, r); err != nil {
				return nil, err
			}
		}
		var f fault.Faults
		if strings.TrimSpace(s.Reason) == "" && (s.Outcome == OutcomeLost || s.Reason != "") {
			f.Add("/reason", "must not be blank")
		}
		all, err := c.Resolve(ctx, s.Lines, &f)
		if err != nil {
			return nil, err
		}
		var data map[string]any
		if s.Outcome == OutcomeHandedBack {
			data, err = c.handBack(ctx, r, all, &f)
		} else {
			data, err = c.settleMissing(ctx, by, r, s, all, &f)
		}
		if err != nil {
			return nil, err
		}
		data["outcome"], data["reason"] = s.Outcome, s.Reason
		return data, nil
	})
}

// settleMissing takes what is missing out of transit: into the warehouse where it was found, out of
// the books where it is lost.
func (c *Counter) settleMissing(ctx context.Context, by who.Actor, r *Request, s Settlement, all []inventory.Counted, f *fault.Faults) (map[string]any, error) {
	kind := inventory.MovementUnused
	var to inventory.Location
	var err error
	if s.Outcome == OutcomeLost {
		kind = inventory.MovementCount
		to, err = c.Place(ctx, inventory.KindAdjustment, r.OutletID)
	} else {
		to, err = c.backTo(ctx, by, r, s.LocationID, f)
	}
	if err != nil {
		return nil, err
	}
	for _, line := range all {
		r.settle(line, s.Outcome, f)
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	transit, err := c.Place(ctx, inventory.KindTransit, r.OutletID)
	if err != nil {
		return nil, err
	}
	entries := inventory.Between(all, transit, to)
	data, err := c.carry(ctx, by, kind, r, entries, s.Reason)
	if err != nil {
		return nil, err
	}
	if s.Outcome != OutcomeLost {
		return data, c.arrived(ctx, entries)
	}
	p, err := c.policies.Current(ctx)
	if err != nil {
		return nil, err
	}
	return data, c.CheckWriteOffs(ctx, by, p.Points(policy.CountApproval))
}

const issuedBySQL = `SELECT count(*) FROM movements WHERE reference_id = $1 AND kind = 'issue' AND moved_by = $2`

// mayWriteOff refuses whoever is no supervisor, and whoever issued some of r himself.
func (c *Counter) mayWriteOff(ctx context.Context, by who.Actor, r *Request) error {
	if !by.Has(who.Supervisor, who.Admin) {
		return fault.New(fault.Forbidden, "only a supervisor says that parts are lost")
	}
	n, err := pg.One[int](ctx, c.DB(), issuedBySQL, r.ID, by.UserID)
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "nobody writes off what he issued himself")
	}
	return err
}

// settle notes what became of a missing line, if so much is missing.
func (r *Request) settle(c inventory.Counted, o Outcome, f *fault.Faults) {
	l := r.line(c.Part.ID)
	if l == nil || l.Missing < c.Quantity {
		missing := 0
		if l != nil {
			missing = l.Missing
		}
		f.Add(c.CountAt(), "%d of part %s are missing", missing, c.Part.Number)
		return
	}
	for i, s := range c.Serials {
		if !slices.Contains(l.TransitSerials(), s) {
			f.Add(c.SerialAt(i), "unit %s is not missing", s)
		}
	}
	if o == OutcomeFound {
		l.withdraw(c.Quantity, c.Serials)
	} else {
		l.Lost += c.Quantity
		l.LostSerials = append(l.LostSerials, c.Serials...)
	}
	l.Missing = min(l.Missing, l.InTransit())
}

const settleOverSQL = `UPDATE part_request_overs SET settled = $2 WHERE id = $1`

// handBack notes that the warehouse has again what came too much. The books had it there all the time.
func (c *Counter) handBack(ctx context.Context, r *Request, all []inventory.Counted, f *fault.Faults) (map[string]any, error) {
	back := 0
	changed := map[int]bool{}
	for _, line := range all {
		left := line.Quantity
		for i := range r.Overs {
			o := &r.Overs[i]
			fits := o.PartID == line.Part.ID && (o.Serial == nil || slices.Contains(line.Serials, *o.Serial))
			n := min(left, o.Quantity-o.Settled)
			if !fits || n == 0 {
				continue
			}
			o.Settled += n
			left -= n
			back += n
			changed[i] = true
		}
		if left > 0 {
			f.Add(line.CountAt(), "%d of part %s came too much", line.Quantity-left, line.Part.Number)
		}
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	for i := range changed {
		if _, err := pg.Exec(ctx, c.DB(), settleOverSQL, r.Overs[i].ID, r.Overs[i].Settled); err != nil {
			return nil, err
		}
	}
	return map[string]any{"handed_back": back}, nil
}
