package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// book writes uses into the ledger: out of the technician's van, into the customer's site, and
// the old parts expected back. at says where in the request each use stood.
func (l *Ledger) book(ctx context.Context, by who.Actor, job, technician uuid.UUID, uses []PartUse, at []pointers) ([]Use, error) {
	van, err := l.van(ctx, technician)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.Conflict, "the technician has no van to take parts from")
	} else if err != nil {
		return nil, err
	}
	all, err := l.weighAll(ctx, uses, at)
	if err != nil {
		return nil, err
	}
	if err := l.checkOldUnits(ctx, by, uses, all); err != nil {
		return nil, err
	}
	site, err := l.place(ctx, KindCustomerSite, van.OutletID)
	if err != nil {
		return nil, err
	}
	moved, err := l.move(ctx, by, slip{kind: MovementUse, jobID: &job}, between(all, van, site))
	if err != nil {
		return nil, err
	}
	booked := make([]Use, len(uses))
	for i, u := range uses {
		u.Quantity = all[i].quantity
		booked[i] = Use{
			PartUse: u, ID: uuid.Must(uuid.NewV7()), JobID: job, PartNumber: all[i].part.Number, PartName: all[i].part.Name,
			MovementID: moved[i].ID, UsedBy: actor(by), UsedAt: l.now(),
		}
		if err := l.saveUse(ctx, booked[i]); err != nil {
			return nil, err
		}
		if all[i].part.ReturnRequired {
			if booked[i].ReturnID, err = l.expect(ctx, booked[i], technician, van.OutletID); err != nil {
				return nil, err
			}
		}
	}
	return booked, nil
}

// weighAll holds each use against its part: serials where the part has them, and the old part's
// number and the customer's wish where it has to come back.
func (l *Ledger) weighAll(ctx context.Context, uses []PartUse, at []pointers) ([]counted, error) {
	lines := make([]Line, len(uses))
	for i, u := range uses {
		lines[i].PartID = u.PartID
	}
	parts, err := l.partsOf(ctx, lines)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	all := make([]counted, len(uses))
	fresh, old := map[serialOf]bool{}, map[serialOf]bool{}
	for i, u := range uses {
		p, known := parts[u.PartID]
		if !known {
			f.Add(at[i].line+"/part_id", "no such %s", words.Noun("part"))
			continue
		}
		all[i] = counted{part: p, quantity: u.Quantity, at: at[i]}
		all[i].weigh(u, &f)
		for _, s := range []struct {
			serial, pointer string
			seen            map[serialOf]bool
		}{{u.NewSerial, at[i].serial, fresh}, {u.OldSerial, at[i].line + "/old_serial", old}} {
			if k := (serialOf{p.ID, s.serial}); s.serial != "" && s.seen[k] {
				f.Add(s.pointer, "serial %s stands twice", s.serial)
			} else {
				s.seen[k] = true
			}
		}
	}
	return all, f.Err(fault.Invalid, "these parts cannot be used like this")
}

// weigh holds one use against its part.
func (c *counted) weigh(u PartUse, f *fault.Faults) {
	p := c.part
	switch {
	case p.Serialized && u.NewSerial == "":
		f.Add(c.at.serial, "part %s has serials: name it", p.Number)
	case p.Serialized && u.Quantity != 1:
		f.Add(c.at.quantity, "a part with a serial is used one by one")
	case p.Serialized:
		c.serials = []string{u.NewSerial}
	case u.NewSerial != "":
		f.Add(c.at.serial, "part %s has no serials", p.Number)
	case u.Quantity < 1:
		f.Add(c.at.quantity, "is required")
	}
	switch {
	case p.ReturnRequired && u.OldPartWish == WishNone:
		f.Add(c.at.line+"/old_part_wish", "the old part of %s has to come back, unless the customer keeps it", p.Number)
	case p.ReturnRequired && p.Serialized && u.OldSerial == "":
		f.Add(c.at.line+"/old_serial", "the old part's serial is required: part %s has to come back", p.Number)
	case u.OldSerial != "" && !p.Serialized:
		f.Add(c.at.line+"/old_serial", "part %s has no serials", p.Number)
	case u.OldSerial != "" && u.OldSerial == u.NewSerial:
		f.Add(c.at.line+"/old_serial", "is the new part's serial")
	case u.OldSerial != "" && u.OldPartWish == WishNone:
		f.Add(c.at.line+"/old_part_wish", "must say what becomes of the old part")
	}
}

const awaitedSQL = `
SELECT r.part_id, r.expected_serial AS serial, r.number
FROM part_returns r JOIN unnest($1::uuid[], $2::text[]) AS w (part_id, serial) ON r.part_id = w.part_id AND r.expected_serial = w.serial
WHERE r.status IN ('expected', 'collected', 'in_transit')`

// checkOldUnits refuses an old part that cannot have come out of a customer's thing: one that the
// books have somewhere else, or that is expected back already.
func (l *Ledger) checkOldUnits(ctx context.Context, by who.Actor, uses []PartUse, all []counted) error {
	var old []serialOf
	var parts []uuid.UUID
	var serials []string
	for _, u := range uses {
		if u.OldSerial != "" {
			old, parts, serials = append(old, serialOf{u.PartID, u.OldSerial}), append(parts, u.PartID), append(serials, u.OldSerial)
		}
	}
	if len(old) == 0 {
		return nil
	}
	known, err := l.standings(ctx, old)
	if err != nil {
		return err
	}
	type awaited struct {
		PartID         uuid.UUID
		Serial, Number string
	}
	rows, err := pg.Query[awaited](ctx, l.db, awaitedSQL, parts, serials)
	if err != nil {
		return err
	}
	expected := map[serialOf]string{}
	for _, r := range rows {
		expected[serialOf{r.PartID, r.Serial}] = r.Number
	}
	var f fault.Faults
	for i, u := range uses {
		at, part := all[i].at.line+"/old_serial", all[i].part.Number
		s, there := known[serialOf{u.PartID, u.OldSerial}]
		switch number, twice := expected[serialOf{u.PartID, u.OldSerial}]; {
		case twice:
			f.Add(at, "unit %s of part %s is expected back already: part return %s", u.OldSerial, part, number)
		case there && s.Kind != KindCustomerSite && s.location().readable(by):
			f.Add(at, "unit %s of part %s cannot have come out here: it is in %s", u.OldSerial, part, s.location().called())
		case there && s.Kind != KindCustomerSite:
			f.Add(at, "unit %s of part %s cannot have come out here", u.OldSerial, part)
		}
	}
	return f.Err(fault.Conflict, "the books do not allow this movement")
}

const saveUseSQL = `
INSERT INTO part_uses (id, job_id, part_id, quantity, new_serial, old_serial, old_part_wish, movement_id, used_by, used_at)
VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), $7, $8, $9, $10)`

func (l *Ledger) saveUse(ctx context.Context, u Use) error {
	_, err := pg.Exec(ctx, l.db, saveUseSQL, u.ID, u.JobID, u.PartID, u.Quantity, u.NewSerial, u.OldSerial, u.OldPartWish, u.MovementID, u.UsedBy, u.UsedAt)
	return pg.Fault(err, "part use")
}
