package uses

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// weighAll holds each use against its part: serials where the part has them, and the old part's
// number and the customer's wish where it has to come back.
func (u *Uses) weighAll(ctx context.Context, v visit, told []PartUse, at []inventory.Pointers) ([]weighed, error) {
	var lines []inventory.Line
	for _, p := range told {
		lines = append(lines, inventory.Line{PartID: p.PartID}, inventory.Line{PartID: p.OldPartID})
	}
	parts, err := u.PartsOf(ctx, lines)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	all := make([]weighed, len(told))
	fresh, gone := map[inventory.SerialOf]bool{}, map[inventory.SerialOf]bool{}
	for i, p := range told {
		part, known := parts[p.PartID]
		if !known {
			f.Add(at[i].Line+"/part_id", "no such %s", words.Noun("part"))
			continue
		}
		w := weighed{PartUse: p, Counted: inventory.Counted{Part: part, Quantity: p.Quantity, At: at[i]}, old: part}
		if p.NewScan != "" {
			w.Scans, w.Raw = []string{p.NewScan}, map[string]string{p.NewSerial: p.NewScan}
		}
		if err := u.takesThePlaceOf(ctx, &w, parts, &f); err != nil {
			return nil, err
		}
		w.weigh(&f)
		if !p.OccurredAt.IsZero() && p.OccurredAt.Before(v.CreatedAt) {
			f.Add(at[i].Line+"/occurred_at", "lies before the job was opened")
		}
		for _, s := range []struct {
			serial  inventory.SerialOf
			pointer string
			seen    map[inventory.SerialOf]bool
		}{
			{inventory.SerialOf{Part: part.ID, Serial: p.NewSerial}, at[i].Serial, fresh},
			{inventory.SerialOf{Part: w.old.ID, Serial: p.OldSerial}, at[i].Line + "/old_serial", gone},
		} {
			if s.serial.Serial != "" && s.seen[s.serial] {
				f.Add(s.pointer, "serial %s stands twice", s.serial.Serial)
			}
			s.seen[s.serial] = true
		}
		all[i] = w
	}
	return all, f.Err(fault.Invalid, "these parts cannot be used like this")
}

// A part takes the place of those that it supersedes, and of those that supersede it.
const successionSQL = `
WITH RECURSIVE up (id) AS (SELECT $1::uuid UNION SELECT p.superseded_by FROM parts p JOIN up ON p.id = up.id WHERE p.superseded_by IS NOT NULL),
  down (id) AS (SELECT $1::uuid UNION SELECT p.id FROM parts p JOIN down ON p.superseded_by = down.id)
SELECT count(*)::int FROM (SELECT id FROM up UNION SELECT id FROM down) s WHERE id = $2`

// takesThePlaceOf finds the part that came out, where it is another than went in.
func (u *Uses) takesThePlaceOf(ctx context.Context, w *weighed, parts map[uuid.UUID]inventory.Part, f *fault.Faults) error {
	if w.OldPartID == uuid.Nil || w.OldPartID == w.Part.ID {
		return nil
	}
	old, known := parts[w.OldPartID]
	if !known {
		f.Add(w.At.Line+"/old_part_id", "no such %s", words.Noun("part"))
		return nil
	}
	related, err := pg.One[int](ctx, u.DB(), successionSQL, w.Part.ID, old.ID)
	if err == nil && related == 0 {
		f.Add(w.At.Line+"/old_part_id", "part %s does not take the place of part %s", w.Part.Number, old.Number)
	}
	w.old = old
	return err
}

// weigh holds one use against its parts.
func (w *weighed) weigh(f *fault.Faults) {
	p, c := w.Part, &w.Counted
	switch {
	case p.Serialized && w.NewSerial == "":
		f.Add(c.At.Serial, "part %s has serials: name it", p.Number)
	case p.Serialized && w.PartUse.Quantity != 1:
		f.Add(c.At.Quantity, "a part with a serial is used one by one")
	case p.Serialized:
		c.Serials = []string{w.NewSerial}
	case w.NewSerial != "":
		f.Add(c.At.Serial, "part %s has no serials", p.Number)
	case w.PartUse.Quantity < 1:
		f.Add(c.At.Quantity, "is required")
	}
	switch {
	case p.ReturnRequired && w.OldPartWish == WishNone:
		f.Add(c.At.Line+"/old_part_wish", "the old part of %s has to come back, unless the customer keeps it", p.Number)
	case w.OldUnreadable && w.OldSerial != "":
		f.Add(c.At.Line+"/old_serial_unreadable", "the old part's serial is told: somebody could read it")
	case w.OldUnreadable && (!w.old.Serialized || w.OldPartWish == WishNone):
		f.Add(c.At.Line+"/old_serial_unreadable", "is told only of an old part with a serial")
	case p.ReturnRequired && w.old.Serialized && w.OldSerial == "" && !w.OldUnreadable:
		f.Add(c.At.Line+"/old_serial", "the old part's serial is required: part %s has to come back", p.Number)
	case w.OldSerial != "" && !w.old.Serialized:
		f.Add(c.At.Line+"/old_serial", "part %s has no serials", w.old.Number)
	case w.OldSerial != "" && w.OldSerial == w.NewSerial && w.old.ID == p.ID:
		f.Add(c.At.Line+"/old_serial", "is the new part's serial")
	case w.OldSerial != "" && w.OldPartWish == WishNone:
		f.Add(c.At.Line+"/old_part_wish", "must say what becomes of the old part")
	}
}

const awaitedSQL = `
SELECT r.part_id, r.expected_serial AS serial, r.number
FROM part_returns r JOIN unnest($1::uuid[], $2::text[]) AS w (part_id, serial) ON r.part_id = w.part_id AND r.expected_serial = w.serial
WHERE r.status IN ('expected', 'collected', 'in_transit')`

// checkOldUnits refuses an old part that cannot have come out of a customer's thing: one that the
// books have somewhere else, or that is expected back already.
func (u *Uses) checkOldUnits(ctx context.Context, by who.Actor, all []weighed) error {
	var old []inventory.SerialOf
	var parts []uuid.UUID
	var serials []string
	for _, w := range all {
		if w.OldSerial != "" {
			old, parts, serials = append(old, w.oldUnit()), append(parts, w.old.ID), append(serials, w.OldSerial)
		}
	}
	if len(old) == 0 {
		return nil
	}
	known, err := u.Standings(ctx, old)
	if err != nil {
		return err
	}
	type awaited struct {
		PartID         uuid.UUID
		Serial, Number string
	}
	rows, err := pg.Query[awaited](ctx, u.DB(), awaitedSQL, parts, serials)
	if err != nil {
		return err
	}
	expected := map[inventory.SerialOf]string{}
	for _, r := range rows {
		expected[inventory.SerialOf{Part: r.PartID, Serial: r.Serial}] = r.Number
	}
	var f fault.Faults
	for _, w := range all {
		at := w.At.Line + "/old_serial"
		s, there := known[w.oldUnit()]
		switch number, twice := expected[w.oldUnit()]; {
		case w.OldSerial == "":
		case twice:
			f.Add(at, "unit %s of part %s is expected back already: part return %s", w.OldSerial, w.old.Number, number)
		case there && s.Kind != inventory.KindCustomerSite && s.Location().Readable(by):
			f.Add(at, "unit %s of part %s cannot have come out here: it is in %s", w.OldSerial, w.old.Number, s.Location().Called())
		case there && s.Kind != inventory.KindCustomerSite:
			f.Add(at, "unit %s of part %s cannot have come out here", w.OldSerial, w.old.Number)
		}
	}
	return f.Err(fault.Conflict, "the books do not allow this movement")
}

// oldUnit is what came out.
func (w weighed) oldUnit() inventory.SerialOf {
	return inventory.SerialOf{Part: w.old.ID, Serial: w.OldSerial}
}
