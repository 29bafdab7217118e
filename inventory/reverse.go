package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// belongs says to what a movement belongs that is not corrected by itself.
var belongs = map[MovementKind]words.Noun{
	MovementIssue: "part request", MovementDelivery: "part request", MovementReturn: "part return",
}

// Reverse corrects a movement by one that leads back, with a note that says why. It happens once,
// the parts must still be where the movement took them, and a reversal is not reversed itself.
func (l *Ledger) Reverse(ctx context.Context, by who.Actor, id uuid.UUID, note string) (back Movement, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		m, err := l.FindMovement(ctx, by, id)
		if err != nil {
			return err
		}
		switch whole, part := belongs[m.Kind]; {
		case m.ReversedByID != nil:
			return fault.New(fault.Conflict, "this movement is reversed already")
		case m.Kind == MovementReverse:
			return fault.New(fault.Conflict, "a reversal is not reversed: move the parts once more")
		case part:
			return fault.New(fault.Conflict, "this movement belongs to a %s", whole)
		}
		e, err := l.wayBack(ctx, by, m)
		if err != nil {
			return err
		}
		if m.Kind == MovementUse {
			if err := l.takeUseBack(ctx, m); err != nil {
				return err
			}
		}
		moved, err := l.move(ctx, by, slip{kind: MovementReverse, jobID: m.JobID, reversesID: &m.ID, note: note}, []entry{e})
		if err != nil {
			return err
		}
		back = moved[0]
		data := manifest(moved)
		data["reverses"] = m.ID
		return l.tell(ctx, by, "movement.reversed", m.ID, outletOf(e.from, e.to), data)
	})
	return back, err
}

// wayBack is the entry that undoes a movement.
func (l *Ledger) wayBack(ctx context.Context, by who.Actor, m Movement) (e entry, err error) {
	if e.part, err = l.FindPart(ctx, m.PartID); err != nil {
		return e, err
	}
	if e.from, err = l.locate(ctx, m.ToLocation); err != nil {
		return e, err
	}
	if e.to, err = l.locate(ctx, m.FromLocation); err != nil {
		return e, err
	}
	for _, at := range []Location{e.from, e.to} {
		if !at.usable(by) {
			return e, fault.New(fault.Forbidden, "%s is not your outlet's", at.called())
		}
	}
	e.quantity, e.serials, e.at = m.Quantity, m.Serials, pointers{none: true}
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
