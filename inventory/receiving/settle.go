package receiving

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Settle accounts for what of a transfer is in transit still: what came back goes where it was sent
// from, and all else is written off, for a reason. Only a supervisor writes off, and neither who sent
// nor who received it.
func (d *Dock) Settle(ctx context.Context, by who.Actor, id uuid.UUID, version int, back []inventory.Line, reason string) (t Transfer, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if t, err = d.lockTransfer(ctx, by, id); err != nil {
			return err
		}
		from, err := d.Locate(ctx, t.FromLocation)
		if err != nil {
			return err
		}
		if !by.Sees(t.FromOutlet) {
			return fault.New(fault.Forbidden, "%s is not your outlet's", from.Called())
		}
		if strings.TrimSpace(reason) == "" {
			return inventory.Wrong("/reason", "must not be blank")
		}
		if err := t.become(TransferSettled, version); err != nil {
			return err
		}
		gone := t.serialsLeft()
		returned, err := d.takeFromTransit(ctx, &t, back, func(l *TransferLine, c inventory.Counted) {
			l.Returned += c.Quantity
			gone[l.PartID] = without(gone[l.PartID], c.Serials)
		})
		if err != nil {
			return err
		}
		lost, err := d.writeOff(ctx, by, &t, gone)
		if err != nil {
			return err
		}
		t.Reason, t.SettledBy = &reason, inventory.ActorID(by)
		transit, err := d.Locate(ctx, t.TransitID)
		if err != nil {
			return err
		}
		nowhere, err := d.Place(ctx, inventory.KindAdjustment, nil)
		if err != nil {
			return err
		}
		moved, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementTransfer, ReferenceID: &t.ID, Note: reason}, inventory.Between(returned, transit, from))
		if err != nil {
			return err
		}
		written, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &t.ID, Note: reason}, inventory.Between(lost, transit, nowhere))
		if err != nil {
			return err
		}
		if err := d.saveTransfer(ctx, &t); err != nil {
			return err
		}
		return d.tellTransfer(ctx, by, t, append(moved, written...))
	})
	return t, err
}

// serialsLeft are the units in transit still, by part.
func (t Transfer) serialsLeft() map[uuid.UUID][]string {
	left := map[uuid.UUID][]string{}
	for _, l := range t.Lines {
		left[l.PartID] = without(l.Serials, l.ReceivedSerials)
	}
	return left
}

// writeOff notes as lost what did not come back, if the actor may do that.
func (d *Dock) writeOff(ctx context.Context, by who.Actor, t *Transfer, gone map[uuid.UUID][]string) ([]inventory.Counted, error) {
	var lost []inventory.Counted
	ids := make([]uuid.UUID, len(t.Lines))
	for i, l := range t.Lines {
		ids[i] = l.PartID
	}
	parts, err := d.PartNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range t.Lines {
		l := &t.Lines[i]
		if n := l.Left(); n > 0 {
			l.Lost = n
			lost = append(lost, inventory.Counted{Part: parts[l.PartID], Quantity: n, Serials: gone[l.PartID], At: inventory.Pointers{None: true}})
		}
	}
	concerned := slices.ContainsFunc([]*uuid.UUID{t.SentBy, t.ReceivedBy}, func(u *uuid.UUID) bool { return u != nil && *u == by.UserID })
	switch {
	case len(lost) == 0:
	case !by.Has(who.Supervisor, who.Admin):
		return nil, fault.New(fault.Forbidden, "only a supervisor writes off what is missing")
	case concerned:
		return nil, fault.New(fault.Forbidden, "nobody writes off what he sent or received himself")
	}
	return lost, nil
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
	rows, err := pg.Query[Destination](ctx, d.DB(), destinationsSQL, after, limit+1)
	page, next := inventory.Cut(rows, limit, func(x Destination) uuid.UUID { return x.ID })
	return page, next, err
}
