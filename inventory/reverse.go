package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// belongs says to what a movement belongs that is not corrected by itself, where no paper does.
var belongs = map[MovementKind]words.Noun{
	MovementIssue: "part request", MovementDelivery: "part request", MovementUnused: "part request",
	MovementKeep: "part return", MovementCollect: "part return", MovementShip: "part return", MovementReturn: "part return", MovementDispose: "part return",
	MovementCount: "count",
}

// Reverse corrects a movement by one that leads back, with a note that says why. It happens once,
// the parts must still be where the movement took them, and a reversal is not reversed itself. What of a
// delivery is taken back may be announced again as its rest; what belongs to other papers is corrected there.
func (l *Ledger) Reverse(ctx context.Context, by who.Actor, id uuid.UUID, note string) (back Movement, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		m, err := l.FindMovement(ctx, by, id)
		if err != nil {
			return err
		}
		switch {
		case m.ReversedByID != nil:
			return fault.New(fault.Conflict, "this movement is reversed already")
		case m.Kind == MovementReverse:
			return fault.New(fault.Conflict, "a reversal is not reversed: move the parts once more")
		}
		if err := l.ownMovement(ctx, m); err != nil {
			return err
		}
		if err := mayUndo(by, m); err != nil {
			return err
		}
		e, err := l.wayBack(ctx, by, m)
		if err != nil {
			return err
		}
		if m.Kind == MovementTransfer && (e.From.Kind == KindVan || e.To.Kind == KindVan) && by.UserID != uuid.Nil && !by.Has(who.Supervisor, who.Admin) {
			return fault.New(fault.Forbidden, "what was put into a van or taken out of it is taken back by a supervisor's word alone")
		}
		moved, err := l.Move(ctx, by, Slip{Kind: MovementReverse, JobID: m.JobID, ReversesID: &m.ID, Note: note}, []Entry{e})
		if err != nil {
			return err
		}
		if m.Kind == MovementReceive && m.ReferenceID != nil {
			if err := l.AmendDeliveries(ctx, *m.ReferenceID); err != nil {
				return err
			}
		}
		back = moved[0]
		data := Manifest(moved)
		data["reverses"], data["reference_id"] = m.ID, m.ReferenceID
		return l.Tell(ctx, by, "movement.reversed", m.ID, outletOf(e.From, e.To), data)
	})
	return back, err
}

// mayUndo refuses one person alone to take goods out of the house again: what a supplier delivered goes
// back by a supervisor's word, and not by his who received it.
func mayUndo(by who.Actor, m Movement) error {
	switch {
	case by.UserID == uuid.Nil || m.Kind != MovementReceive:
		return nil
	case !by.Has(who.Supervisor, who.Admin):
		return fault.New(fault.Forbidden, "what was received leaves the house again by a supervisor's word alone")
	case m.MovedBy != nil && *m.MovedBy == by.UserID:
		return fault.New(fault.Forbidden, "nobody takes back a receipt of his own")
	}
	return nil
}

// wayBack is the entry that undoes a movement.
func (l *Ledger) wayBack(ctx context.Context, by who.Actor, m Movement) (e Entry, err error) {
	if e.Part, err = l.FindPart(ctx, m.PartID); err != nil {
		return e, err
	}
	if e.From, err = l.Locate(ctx, m.ToLocation); err != nil {
		return e, err
	}
	if e.To, err = l.Locate(ctx, m.FromLocation); err != nil {
		return e, err
	}
	for _, at := range []Location{e.From, e.To} {
		if !at.Usable(by) {
			return e, fault.New(fault.Forbidden, "%s is not your outlet's", at.Called())
		}
	}
	if e.From.Kind == KindQuarantine {
		if err := l.heldStill(ctx, m, e); err != nil {
			return e, err
		}
	}
	e.Quantity, e.Serials, e.At, e.value = m.Quantity, m.Serials, Pointers{None: true}, m.Value
	return e, nil
}

func outletOf(places ...Location) *uuid.UUID {
	for _, p := range places {
		if p.OutletID != nil {
			return p.OutletID
		}
	}
	return nil
}
