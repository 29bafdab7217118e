package receiving

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// ReceiveTransfer takes what was sent into the place that it was sent to. What was not sent is
// refused; what is missing stays in transit, and may be received later. Nobody receives what he
// sent himself, and into a van nobody but its technician.
func (d *Dock) ReceiveTransfer(ctx context.Context, by who.Actor, id uuid.UUID, version int, lines []inventory.Line) (t Transfer, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if t, err = d.lockTransfer(ctx, by, id); err != nil {
			return err
		}
		if err := inventory.Stale("transfer", version, t.Version); err != nil {
			return err
		}
		to, err := d.Locate(ctx, t.ToLocation)
		if err != nil {
			return err
		}
		if err := d.mayReceive(ctx, by, t, to); err != nil {
			return err
		}
		left, err := d.inTransit(ctx, t)
		if err != nil {
			return err
		}
		all, err := d.takeFromTransit(ctx, &t, lines, left, func(l *TransferLine, c inventory.Counted) {
			l.Received, l.ReceivedSerials = l.Received+c.Quantity, append(l.ReceivedSerials, c.Serials...)
		})
		if err != nil {
			return err
		}
		next := TransferReceived
		if slices.ContainsFunc(t.Lines, func(l TransferLine) bool { return l.Left() > 0 }) {
			next = TransferShort
		}
		if err := t.become(next); err != nil {
			return err
		}
		now := d.Now()
		t.ReceivedBy, t.ReceivedAt = inventory.ActorID(by), &now
		transit, err := d.Locate(ctx, t.TransitID)
		if err != nil {
			return err
		}
		moved, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementTransfer, ReferenceID: &t.ID}, inventory.Between(all, transit, to))
		if err != nil {
			return err
		}
		if err := d.saveTransfer(ctx, &t); err != nil {
			return err
		}
		return d.tellTransfer(ctx, by, t, moved)
	})
	return t, err
}

// mayReceive refuses whoever is not at the other end.
func (d *Dock) mayReceive(ctx context.Context, by who.Actor, t Transfer, to inventory.Location) error {
	if !by.Sees(t.ToOutlet) {
		return fault.New(fault.Forbidden, "%s is not your outlet's", to.Called())
	}
	if t.SentBy != nil && *t.SentBy == by.UserID {
		return fault.New(fault.Forbidden, "nobody receives what he sent himself")
	}
	if !to.Active {
		return fault.New(fault.Conflict, "%s is closed", to.Called())
	}
	return d.mayTakeIn(ctx, by, to)
}

// mayTakeIn refuses to fill a van but by its technician, and a technician to fill anything else.
func (d *Dock) mayTakeIn(ctx context.Context, by who.Actor, to inventory.Location) error {
	if to.Kind != inventory.KindVan && !by.OnlyTechnician() {
		return nil
	}
	if to.Kind == inventory.KindVan && by.TechnicianID != nil {
		van, err := d.Van(ctx, *by.TechnicianID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if van.ID == to.ID {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "a technician takes parts into his own van alone, and nobody else does")
}

// takeFromTransit reads lines and notes what becomes of what is in transit of t, and takes the units
// out of left. None of it may have been received, or come back, before.
func (d *Dock) takeFromTransit(ctx context.Context, t *Transfer, lines []inventory.Line, left map[uuid.UUID][]string, note func(*TransferLine, inventory.Counted)) ([]inventory.Counted, error) {
	var f fault.Faults
	all, err := d.Resolve(ctx, lines, &f)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		i := slices.IndexFunc(t.Lines, func(l TransferLine) bool { return l.PartID == c.Part.ID })
		if i < 0 {
			f.Add(c.At.Line+"/part_id", "part %s was not sent", c.Part.Number)
			continue
		}
		l := &t.Lines[i]
		if c.Quantity > l.Left() && !c.Part.Serialized {
			f.Add(c.CountAt(), "%d of part %s are on their way", l.Left(), c.Part.Number)
		}
		for j, s := range c.Serials {
			switch {
			case !slices.Contains(l.Serials, s):
				f.Add(c.SerialAt(j), "unit %s was not sent", s)
			case !slices.Contains(left[l.PartID], s):
				f.Add(c.SerialAt(j), "unit %s is not on its way any more", s)
			}
		}
		left[l.PartID] = without(left[l.PartID], c.Serials)
		note(l, c)
	}
	return all, f.Err(fault.Invalid, "the request cannot be met as it is")
}
