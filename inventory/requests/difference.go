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
	OutcomeKept       Outcome = "kept"        // what came too much stays in the van: a supervisor says so
	OutcomeMisScan    Outcome = "mis_scan"    // it did not come: a supervisor says that the scan was wrong
)

// Settlement accounts for a difference.
type Settlement struct {
	Outcome    Outcome
	LocationID *uuid.UUID // of what was found, or that what is kept came out of; nil: the request's warehouse
	Reason     string
	Lines      []inventory.Line
}

// weighty are the outcomes that a supervisor says, with a reason.
var weighty = []Outcome{OutcomeLost, OutcomeKept, OutcomeMisScan}

// SettleDifference accounts for what is missing of a request or came too much. Nobody settles what
// he should have received himself. What is lost, kept, or was no more than a wrong scan, is a supervisor's to
// say, with a reason, who issued nothing of it; what is lost, if much within a day, that of one of the whole
// house.
func (c *Counter) SettleDifference(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Settlement) (Request, error) {
	return c.change(ctx, by, id, version, VerbSettle, "difference_settled", func(ctx context.Context, r *Request) (map[string]any, error) {
		if his(by, r) {
			return nil, fault.New(fault.Forbidden, "nobody settles what he should have received himself")
		}
		if slices.Contains(weighty, s.Outcome) {
			if err := c.answersFor(ctx, by, r, s.Outcome); err != nil {
				return nil, err
			}
		}
		var f fault.Faults
		if strings.TrimSpace(s.Reason) == "" && (slices.Contains(weighty, s.Outcome) || s.Reason != "") {
			f.Add("/reason", "must not be blank")
		}
		all, err := c.Resolve(ctx, s.Lines, &f)
		if err != nil {
			return nil, err
		}
		var data map[string]any
		switch s.Outcome {
		case OutcomeHandedBack, OutcomeMisScan:
			data, err = c.settleOvers(ctx, r, s.Outcome, all, &f)
		case OutcomeKept:
			data, err = c.keep(ctx, by, r, s, all, &f)
		default:
			data, err = c.settleMissing(ctx, by, r, s, all, &f)
		}
		if err != nil {
			return nil, err
		}
		data["outcome"], data["reason"] = s.Outcome, s.Reason
		return data, nil
	})
}

const issuedBySQL = `SELECT count(*) FROM movements WHERE reference_id = $1 AND kind = 'issue' AND moved_by = $2`

// answersFor refuses whoever is no supervisor of the van's outlet, and whoever issued some of r himself. What
// comes into the van beyond what was approved is like a request: nobody allows his own.
func (c *Counter) answersFor(ctx context.Context, by who.Actor, r *Request, o Outcome) error {
	switch {
	case !by.Has(who.Supervisor, who.Admin) || !by.Sees(r.OutletID):
		if o == OutcomeLost {
			return fault.New(fault.Forbidden, "only a supervisor says that parts are lost")
		}
		return fault.New(fault.Forbidden, "only a supervisor lets a technician keep what came too much, or takes it for a wrong scan")
	case o == OutcomeKept && asked(by, r):
		return fault.New(fault.Forbidden, "nobody approves his own request")
	}
	n, err := pg.One[int](ctx, c.DB(), issuedBySQL, r.ID, by.UserID)
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "nobody accounts for what he issued himself")
	}
	return err
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
		to, err = c.store(ctx, by, r, s.LocationID, f)
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
