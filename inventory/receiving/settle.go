package receiving

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Settling is what became of parts that were sent and never received.
type Settling struct {
	Back     []inventory.Line // what came back to where it was sent from
	WriteOff bool             // all else is lost
	Reason   string
}

// Settle accounts for what of a transfer is in transit still: some of it, or all. Only a supervisor
// writes off, neither who sent nor who received it, and much alone of the whole house; into a van only its technician takes anything back.
func (d *Dock) Settle(ctx context.Context, by who.Actor, id uuid.UUID, version int, in Settling) (t Transfer, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if t, err = d.lockTransfer(ctx, by, id); err != nil {
			return err
		}
		if err := inventory.Stale("transfer", version, t.Version); err != nil {
			return err
		}
		from, err := d.Locate(ctx, t.FromLocation)
		if err != nil {
			return err
		}
		if err := d.maySettle(ctx, by, t, from, in); err != nil {
			return err
		}
		returned, lost, err := d.settle(ctx, &t, in)
		if err != nil {
			return err
		}
		next := TransferSettled
		if slices.ContainsFunc(t.Lines, func(l TransferLine) bool { return l.Left() > 0 }) {
			next = TransferShort
		}
		if err := t.become(next); err != nil {
			return err
		}
		if next == TransferSettled {
			t.Reason, t.SettledBy = &in.Reason, inventory.ActorID(by)
		}
		moved, err := d.moveSettled(ctx, by, t, in.Reason, from, returned, lost)
		if err != nil {
			return err
		}
		if err := d.saveTransfer(ctx, &t); err != nil {
			return err
		}
		if in.WriteOff {
			if err := d.checkWorth(ctx, by); err != nil {
				return err
			}
		}
		return d.tellTransfer(ctx, by, t, moved)
	})
	return t, err
}

// checkWorth refuses an outlet's supervisor who writes off, within a day, more than he may approve of counts.
func (d *Dock) checkWorth(ctx context.Context, by who.Actor) error {
	p, err := d.deps.Policies.At(ctx, d.Now())
	if err != nil {
		return err
	}
	return d.CheckWriteOffs(ctx, by, p.Points(policy.CountApproval))
}

// maySettle refuses whoever is not at the sending end, and writing off by those concerned.
func (d *Dock) maySettle(ctx context.Context, by who.Actor, t Transfer, from inventory.Location, in Settling) error {
	concerned := slices.ContainsFunc([]*uuid.UUID{t.SentBy, t.ReceivedBy}, func(u *uuid.UUID) bool { return u != nil && *u == by.UserID })
	switch {
	case !by.Sees(t.FromOutlet):
		return fault.New(fault.Forbidden, "%s is not your outlet's", from.Called())
	case strings.TrimSpace(in.Reason) == "":
		return inventory.Wrong("/reason", "must not be blank")
	case !in.WriteOff && len(in.Back) == 0:
		return inventory.Wrong("/lines", "is required")
	case in.WriteOff && !by.Has(who.Supervisor, who.Admin):
		return fault.New(fault.Forbidden, "only a supervisor writes off what is missing")
	case in.WriteOff && concerned:
		return fault.New(fault.Forbidden, "nobody writes off what he sent or received himself")
	case len(in.Back) == 0:
		return nil
	}
	return d.mayTakeIn(ctx, by, from)
}

// settle notes what came back and, where the rest is written off, what is lost.
func (d *Dock) settle(ctx context.Context, t *Transfer, in Settling) (returned, lost []inventory.Counted, err error) {
	gone, err := d.inTransit(ctx, *t)
	if err != nil {
		return nil, nil, err
	}
	returned, err = d.takeFromTransit(ctx, t, in.Back, gone, func(l *TransferLine, c inventory.Counted) { l.Returned += c.Quantity })
	if err != nil || !in.WriteOff {
		return returned, nil, err
	}
	ids := make([]uuid.UUID, len(t.Lines))
	for i, l := range t.Lines {
		ids[i] = l.PartID
	}
	parts, err := d.PartNames(ctx, ids)
	for i := range t.Lines {
		l := &t.Lines[i]
		if n := l.Left(); n > 0 {
			l.Lost += n
			lost = append(lost, inventory.Counted{Part: parts[l.PartID], Quantity: n, Serials: gone[l.PartID], At: inventory.Pointers{None: true}})
		}
	}
	return returned, lost, err
}

// moveSettled moves what came back to where it was sent from, and what is lost out of the books.
func (d *Dock) moveSettled(ctx context.Context, by who.Actor, t Transfer, reason string, from inventory.Location, returned, lost []inventory.Counted) ([]inventory.Movement, error) {
	transit, err := d.Locate(ctx, t.TransitID)
	if err != nil {
		return nil, err
	}
	nowhere, err := d.Place(ctx, inventory.KindAdjustment, nil)
	if err != nil {
		return nil, err
	}
	moved, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementTransfer, ReferenceID: &t.ID, Note: reason}, inventory.Between(returned, transit, from))
	if err != nil {
		return nil, err
	}
	written, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &t.ID, Note: reason}, inventory.Between(lost, transit, nowhere))
	return append(moved, written...), err
}

// inTransit are the units of t that are in transit still, by part: what the books say, since some
// may be received, back or lost.
func (d *Dock) inTransit(ctx context.Context, t Transfer) (map[uuid.UUID][]string, error) {
	var units []inventory.SerialOf
	for _, l := range t.Lines {
		for _, s := range without(l.Serials, l.ReceivedSerials) {
			units = append(units, inventory.SerialOf{Part: l.PartID, Serial: s})
		}
	}
	left := map[uuid.UUID][]string{}
	if len(units) == 0 {
		return left, nil
	}
	at, err := d.Standings(ctx, units)
	for _, u := range units {
		if at[u].LocationID == t.TransitID {
			left[u.Part] = append(left[u.Part], u.Serial)
		}
	}
	return left, err
}

// Destination is a place that parts can be sent to.
type Destination struct {
	ID         uuid.UUID
	Code       string
	Name       string
	Kind       inventory.Kind
	OutletID   *uuid.UUID
	OutletName *string
}

const destinationsSQL = `
SELECT l.id, l.code, l.name, l.kind, l.outlet_id, o.name AS outlet_name FROM locations l LEFT JOIN outlets o ON o.id = l.outlet_id
WHERE l.kind IN ('warehouse', 'outlet') AND l.active AND l.id > $1 ORDER BY l.id LIMIT $2`

// Destinations are the warehouses and shop shelves of every outlet: their names and no more, to send to.
func (d *Dock) Destinations(ctx context.Context, after uuid.UUID, limit int) ([]Destination, uuid.UUID, error) {
	list := inventory.Statement{SQL: destinationsSQL, Args: []any{after}}
	return inventory.Page(ctx, d.DB(), list, limit, func(x Destination) uuid.UUID { return x.ID }, nil)
}
