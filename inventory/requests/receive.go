package requests

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Receive takes what was issued into the acting technician's van. What does not come is missing: it
// stays in transit, and may come later. What comes beyond what was issued is noted with its scan and
// stays where the books have it. What was received before is not received again.
func (c *Counter) Receive(ctx context.Context, by who.Actor, id uuid.UUID, version int, lines []inventory.Line) (Request, error) {
	return c.change(ctx, by, id, version, VerbReceive, "received", func(ctx context.Context, r *Request) (map[string]any, error) {
		if !his(by, r) {
			return nil, fault.New(fault.Forbidden, "only the technician who asked for the parts receives them")
		}
		if r.CanceledAt != nil {
			return nil, fault.New(fault.Conflict, "request %s is canceled: what is on its way goes back to the warehouse", r.Number)
		}
		if err := c.mayStillCome(ctx, r); err != nil {
			return nil, err
		}
		var f fault.Faults
		all, err := c.Resolve(ctx, lines, &f)
		if err != nil {
			return nil, err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		transit, err := c.Place(ctx, inventory.KindTransit, r.OutletID)
		if err != nil {
			return nil, err
		}
		van, err := c.Locate(ctx, r.VanID)
		if err != nil {
			return nil, err
		}
		var entries []inventory.Entry
		for _, line := range all {
			came, beyond := r.receive(line)
			if came.Quantity > 0 {
				entries = append(entries, inventory.Entry{Counted: came, From: transit, To: van})
			}
			if err := c.note(ctx, by, r, beyond); err != nil {
				return nil, err
			}
		}
		for i := range r.Lines {
			r.Lines[i].Missing = r.Lines[i].InTransit()
		}
		return c.carry(ctx, by, inventory.MovementDelivery, r, entries, "")
	})
}

// mayStillCome refuses to receive what comes late for a job that is over: nobody would ask what became of it.
func (c *Counter) mayStillCome(ctx context.Context, r *Request) error {
	if r.JobID == nil {
		return nil
	}
	j, err := c.Job(ctx, who.System, *r.JobID, nil)
	if err == nil && isOver(j) {
		err = fault.New(fault.Conflict, "job %s is %s: what is on its way for request %s goes back to the warehouse", j.Number, words.Noun(j.Status), r.Number)
	}
	return err
}

// receive notes what came of a line and is in transit, and says what came beyond that.
func (r *Request) receive(c inventory.Counted) (came, beyond inventory.Counted) {
	l := r.line(c.Part.ID)
	if l == nil {
		l = &Line{}
	}
	came, beyond = c, c
	if !c.Part.Serialized {
		came.Quantity = min(c.Quantity, l.InTransit())
		beyond.Quantity = c.Quantity - came.Quantity
		l.Received += came.Quantity
		return came, beyond
	}
	came.Serials, beyond.Serials = nil, nil
	on, here := l.TransitSerials(), append(l.VanSerials(), r.keptSerials(c.Part.ID)...)
	for _, s := range c.Serials {
		switch {
		case slices.Contains(on, s):
			came.Serials = append(came.Serials, s)
		case !slices.Contains(here, s):
			beyond.Serials = append(beyond.Serials, s)
		}
	}
	came.Quantity, beyond.Quantity = len(came.Serials), len(beyond.Serials)
	l.Received += came.Quantity
	l.ReceivedSerials = append(l.ReceivedSerials, came.Serials...)
	return came, beyond
}
