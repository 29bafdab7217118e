package uses

import (
	"context"
	"strconv"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Settle books what a closing job used and was not booked during the visit, out of the
// technician's van, within the transaction of ctx. It returns everything that was ever used on
// the job. What went out of his van the technician says, or a supervisor with a reason: to anybody else it is
// a fault.Forbidden. A use that cannot be booked is a fault whose pointers are "/parts/0/quantity" and the like.
func (u *Uses) Settle(ctx context.Context, by who.Actor, job, technician uuid.UUID, told []PartUse) (all []Use, err error) {
	err = u.DB().InTx(ctx, func(ctx context.Context) error {
		at := make([]inventory.Pointers, len(told))
		for i := range told {
			at[i] = pointersAt("/parts/" + strconv.Itoa(i))
		}
		told := append([]PartUse{}, told...)
		if err := u.readScans(ctx, told, at); err != nil {
			return err
		}
		booked, err := u.usesOf(ctx, job)
		if err != nil {
			return err
		}
		rest, at, err := unbooked(booked, told, at)
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			if err := mayTell(by, technician, rest, at); err != nil {
				return err
			}
			if _, err := u.book(ctx, by, job, technician, rest, at); err != nil {
				return err
			}
		}
		all, err = u.usesOf(ctx, job)
		return err
	})
	return all, err
}

// mayTell refuses whoever says what was used out of another's van: the technician answers for it. A
// supervisor who corrects what he forgot says why, for each use.
func mayTell(by who.Actor, technician uuid.UUID, told []PartUse, at []inventory.Pointers) error {
	if by.UserID == uuid.Nil || by.TechnicianID != nil && *by.TechnicianID == technician {
		return nil
	}
	if !by.Has(who.Supervisor, who.Admin) {
		return fault.New(fault.Forbidden, "the technician says what was used out of his van, or a supervisor with a reason")
	}
	var f fault.Faults
	for i, p := range told {
		if strings.TrimSpace(p.Because) == "" {
			f.Add(at[i].Line+"/reason", "is required: the technician did not say so himself")
		}
	}
	return f.Err(fault.Invalid, "these parts cannot be used like this")
}

// unbooked leaves of what is told what is not among booked: a unit by its serial, other parts by their
// count. It says where each stood, and refuses one that tells of a unit otherwise than before.
func unbooked(booked []Use, told []PartUse, at []inventory.Pointers) (rest []PartUse, where []inventory.Pointers, err error) {
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
	for i, p := range told {
		if b, known := units[inventory.SerialOf{Part: p.PartID, Serial: p.NewSerial}]; known && p.NewSerial != "" {
			if b.OldSerial != p.OldSerial {
				f.Add(at[i].Line+"/old_serial", "was booked as %q before", b.OldSerial)
			}
			if b.OldPartWish != p.OldPartWish && b.ToldWish != p.OldPartWish {
				f.Add(at[i].Line+"/old_part_wish", "was booked as %s before", b.OldPartWish)
			}
			continue
		}
		if p.NewSerial == "" && p.Quantity > 0 {
			known := min(p.Quantity, counts[p.PartID])
			counts[p.PartID] -= known
			if p.Quantity -= known; p.Quantity == 0 {
				continue
			}
		}
		rest, where = append(rest, p), append(where, at[i])
	}
	return rest, where, f.Err(fault.Conflict, "the visit was booked otherwise")
}

const undeliveredSQL = `SELECT number FROM part_requests WHERE job_id = $1 AND status = 'issued' ORDER BY id`

// Missing names what keeps a job from closing once its uses are settled: parts that were handed
// out for it and never received. Whatever was received is in the van or was used, and an old part
// that has to come back is expected since its use.
func (u *Uses) Missing(ctx context.Context, job uuid.UUID) ([]words.Text, error) {
	type issued struct{ Number string }
	rows, err := pg.Query[issued](ctx, u.DB(), undeliveredSQL, job)
	var missing []words.Text
	for _, r := range rows {
		missing = append(missing, words.Say("the parts of request %s are issued and not received yet", r.Number))
	}
	return missing, err
}
