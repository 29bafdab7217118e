package uses

import (
	"context"
	"strconv"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Settle books what a closing job used and was not booked during the visit, out of the
// technician's van, within the transaction of ctx. It returns everything that was ever used on
// the job. A use that cannot be booked is a fault whose pointers are "/parts/0/quantity" and the like.
func (l *Uses) Settle(ctx context.Context, by who.Actor, job, technician uuid.UUID, uses []PartUse) (all []Use, err error) {
	err = l.DB().InTx(ctx, func(ctx context.Context) error {
		booked, err := l.usesOf(ctx, job)
		if err != nil {
			return err
		}
		rest, at, err := unbooked(booked, uses)
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			if _, err := l.book(ctx, by, job, technician, rest, at); err != nil {
				return err
			}
		}
		all, err = l.usesOf(ctx, job)
		return err
	})
	return all, err
}

// unbooked leaves of uses what is not among booked: a unit by its serial, other parts by their
// count. It says where each stood in uses, and refuses one that tells of a unit otherwise than before.
func unbooked(booked []Use, uses []PartUse) (rest []PartUse, at []inventory.Pointers, err error) {
	units := map[inventory.SerialOf]Use{}
	counts := map[uuid.UUID]int{}
	for _, b := range booked {
		if b.NewSerial != "" {
			units[inventory.SerialOf{Part: b.PartID, Serial: b.NewSerial}] = b
		} else {
			counts[b.PartID] += b.Quantity
		}
	}
	var f fault.Faults
	for i, u := range uses {
		p := usePointers("/parts/" + strconv.Itoa(i))
		if b, known := units[inventory.SerialOf{Part: u.PartID, Serial: u.NewSerial}]; known && u.NewSerial != "" {
			if b.OldSerial != u.OldSerial {
				f.Add(p.Line+"/old_serial", "was booked as %q before", b.OldSerial)
			}
			if b.OldPartWish != u.OldPartWish {
				f.Add(p.Line+"/old_part_wish", "was booked as %s before", b.OldPartWish)
			}
			continue
		}
		if u.NewSerial == "" && u.Quantity > 0 {
			known := min(u.Quantity, counts[u.PartID])
			counts[u.PartID] -= known
			if u.Quantity -= known; u.Quantity == 0 {
				continue
			}
		}
		rest, at = append(rest, u), append(at, p)
	}
	return rest, at, f.Err(fault.Conflict, "the visit was booked otherwise")
}

const undeliveredSQL = `SELECT number FROM part_requests WHERE job_id = $1 AND status = 'issued' ORDER BY id`

// Missing names what keeps a job from closing once its uses are settled: parts that were handed
// out for it and never received. Whatever was received is in the van or was used, and an old part
// that has to come back is expected since its use.
func (l *Uses) Missing(ctx context.Context, job uuid.UUID) ([]words.Text, error) {
	type issued struct{ Number string }
	rows, err := pg.Query[issued](ctx, l.DB(), undeliveredSQL, job)
	var missing []words.Text
	for _, r := range rows {
		missing = append(missing, words.Say("the parts of request %s are issued and not received yet", r.Number))
	}
	return missing, err
}

// takeUseBack undoes what a use brought about, before its movement is reversed: nothing is expected
// back from it. A closed job's record names the part, and stays true.
func (l *Uses) takeUseBack(ctx context.Context, by who.Actor, m inventory.Movement) error {
	j, err := l.Job(ctx, who.System, *m.JobID, nil)
	if err != nil {
		return err
	}
	if j.Status == "closed" {
		return fault.New(fault.Conflict, "job %s is closed, and its sealed record names this part", j.Number)
	}
	return l.returns.TakeBack(ctx, by, m.ID)
}

// Reverse corrects a movement by one that leads back. Of a use it undoes what the use brought about as well.
func (l *Uses) Reverse(ctx context.Context, by who.Actor, id uuid.UUID, note string) (back inventory.Movement, err error) {
	err = l.DB().InTx(ctx, func(ctx context.Context) error {
		m, err := l.FindMovement(ctx, by, id)
		if err != nil {
			return err
		}
		if m.Kind == inventory.MovementUse && m.ReversedByID == nil {
			if err := l.takeUseBack(ctx, by, m); err != nil {
				return err
			}
		}
		back, err = l.Ledger.Reverse(ctx, by, id, note)
		return err
	})
	return back, err
}
