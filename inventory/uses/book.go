package uses

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/returns"

	"github.com/google/uuid"
)

// book writes uses into the ledger: out of the technician's van, into the customer's site, and
// the old parts expected back. at says where in the request each use stood.
func (l *Uses) book(ctx context.Context, by who.Actor, job, technician uuid.UUID, uses []PartUse, at []inventory.Pointers) ([]Use, error) {
	van, err := l.Van(ctx, technician)
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
	site, err := l.Place(ctx, inventory.KindCustomerSite, van.OutletID)
	if err != nil {
		return nil, err
	}
	moved, err := l.Move(ctx, by, inventory.Slip{Kind: inventory.MovementUse, JobID: &job}, inventory.Between(all, van, site))
	if err != nil {
		return nil, err
	}
	booked := make([]Use, len(uses))
	for i, u := range uses {
		u.Quantity = all[i].Quantity
		booked[i] = Use{
			PartUse: u, ID: uuid.Must(uuid.NewV7()), JobID: job, PartNumber: all[i].Part.Number, PartName: all[i].Part.Name,
			MovementID: moved[i].ID, UsedBy: inventory.ActorID(by), UsedAt: l.Now(),
		}
		if err := l.saveUse(ctx, booked[i]); err != nil {
			return nil, err
		}
		if all[i].Part.ReturnRequired {
			if booked[i].ReturnID, err = l.returns.Expect(ctx, by, returns.Expected{
				UseID: booked[i].ID, JobID: job, PartID: u.PartID, PartNumber: booked[i].PartNumber, Quantity: u.Quantity,
				TechnicianID: technician, OutletID: van.OutletID, Serial: u.OldSerial, CustomerKeeps: u.OldPartWish == WishKeeps,
			}); err != nil {
				return nil, err
			}
		}
	}
	return booked, nil
}

// weighAll holds each use against its part: serials where the part has them, and the old part's
// number and the customer's wish where it has to come back.
func (l *Uses) weighAll(ctx context.Context, uses []PartUse, at []inventory.Pointers) ([]inventory.Counted, error) {
	lines := make([]inventory.Line, len(uses))
	for i, u := range uses {
		lines[i].PartID = u.PartID
	}
	parts, err := l.PartsOf(ctx, lines)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	all := make([]inventory.Counted, len(uses))
	fresh, old := map[inventory.SerialOf]bool{}, map[inventory.SerialOf]bool{}
	for i, u := range uses {
		p, known := parts[u.PartID]
		if !known {
			f.Add(at[i].Line+"/part_id", "no such %s", words.Noun("part"))
			continue
		}
		all[i] = inventory.Counted{Part: p, Quantity: u.Quantity, At: at[i]}
		weigh(&all[i], u, &f)
		for _, s := range []struct {
			serial, pointer string
			seen            map[inventory.SerialOf]bool
		}{{u.NewSerial, at[i].Serial, fresh}, {u.OldSerial, at[i].Line + "/old_serial", old}} {
			if k := (inventory.SerialOf{Part: p.ID, Serial: s.serial}); s.serial != "" && s.seen[k] {
				f.Add(s.pointer, "serial %s stands twice", s.serial)
			} else {
				s.seen[k] = true
			}
		}
	}
	return all, f.Err(fault.Invalid, "these parts cannot be used like this")
}

// weigh holds one use against its part.
func weigh(c *inventory.Counted, u PartUse, f *fault.Faults) {
	p := c.Part
	switch {
	case p.Serialized && u.NewSerial == "":
		f.Add(c.At.Serial, "part %s has serials: name it", p.Number)
	case p.Serialized && u.Quantity != 1:
		f.Add(c.At.Quantity, "a part with a serial is used one by one")
	case p.Serialized:
		c.Serials = []string{u.NewSerial}
	case u.NewSerial != "":
		f.Add(c.At.Serial, "part %s has no serials", p.Number)
	case u.Quantity < 1:
		f.Add(c.At.Quantity, "is required")
	}
	switch {
	case p.ReturnRequired && u.OldPartWish == WishNone:
		f.Add(c.At.Line+"/old_part_wish", "the old part of %s has to come back, unless the customer keeps it", p.Number)
	case p.ReturnRequired && p.Serialized && u.OldSerial == "":
		f.Add(c.At.Line+"/old_serial", "the old part's serial is required: part %s has to come back", p.Number)
	case u.OldSerial != "" && !p.Serialized:
		f.Add(c.At.Line+"/old_serial", "part %s has no serials", p.Number)
	case u.OldSerial != "" && u.OldSerial == u.NewSerial:
		f.Add(c.At.Line+"/old_serial", "is the new part's serial")
	case u.OldSerial != "" && u.OldPartWish == WishNone:
		f.Add(c.At.Line+"/old_part_wish", "must say what becomes of the old part")
	}
}

const awaitedSQL = `
SELECT r.part_id, r.expected_serial AS serial, r.number
FROM part_returns r JOIN unnest($1::uuid[], $2::text[]) AS w (part_id, serial) ON r.part_id = w.part_id AND r.expected_serial = w.serial
WHERE r.status IN ('expected', 'collected', 'in_transit')`

// checkOldUnits refuses an old part that cannot have come out of a customer's thing: one that the
// books have somewhere else, or that is expected back already.
func (l *Uses) checkOldUnits(ctx context.Context, by who.Actor, uses []PartUse, all []inventory.Counted) error {
	var old []inventory.SerialOf
	var parts []uuid.UUID
	var serials []string
	for _, u := range uses {
		if u.OldSerial != "" {
			old, parts, serials = append(old, inventory.SerialOf{Part: u.PartID, Serial: u.OldSerial}), append(parts, u.PartID), append(serials, u.OldSerial)
		}
	}
	if len(old) == 0 {
		return nil
	}
	known, err := l.Standings(ctx, old)
	if err != nil {
		return err
	}
	type awaited struct {
		PartID         uuid.UUID
		Serial, Number string
	}
	rows, err := pg.Query[awaited](ctx, l.DB(), awaitedSQL, parts, serials)
	if err != nil {
		return err
	}
	expected := map[inventory.SerialOf]string{}
	for _, r := range rows {
		expected[inventory.SerialOf{Part: r.PartID, Serial: r.Serial}] = r.Number
	}
	var f fault.Faults
	for i, u := range uses {
		at, part := all[i].At.Line+"/old_serial", all[i].Part.Number
		s, there := known[inventory.SerialOf{Part: u.PartID, Serial: u.OldSerial}]
		switch number, twice := expected[inventory.SerialOf{Part: u.PartID, Serial: u.OldSerial}]; {
		case twice:
			f.Add(at, "unit %s of part %s is expected back already: part return %s", u.OldSerial, part, number)
		case there && s.Kind != inventory.KindCustomerSite && s.Location().Readable(by):
			f.Add(at, "unit %s of part %s cannot have come out here: it is in %s", u.OldSerial, part, s.Location().Called())
		case there && s.Kind != inventory.KindCustomerSite:
			f.Add(at, "unit %s of part %s cannot have come out here", u.OldSerial, part)
		}
	}
	return f.Err(fault.Conflict, "the books do not allow this movement")
}

const saveUseSQL = `
INSERT INTO part_uses (id, job_id, part_id, quantity, new_serial, old_serial, old_part_wish, movement_id, used_by, used_at)
VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), $7, $8, $9, $10)`

func (l *Uses) saveUse(ctx context.Context, u Use) error {
	_, err := pg.Exec(ctx, l.DB(), saveUseSQL, u.ID, u.JobID, u.PartID, u.Quantity, u.NewSerial, u.OldSerial, u.OldPartWish, u.MovementID, u.UsedBy, u.UsedAt)
	return pg.Fault(err, "part use")
}
