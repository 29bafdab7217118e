package counts

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// adjusting gathers the entries that put the books right.
type adjusting struct {
	by         who.Actor
	adjustment inventory.Location
	places     map[uuid.UUID]inventory.Location
	parts      map[uuid.UUID]inventory.Part
	entries    []inventory.Entry
}

// adjustments are the entries that put the books right, each with its reason. A unit is taken from
// where the books have it, if that is a place where the actor may move parts.
func (c *Counts) adjustments(ctx context.Context, by who.Actor, k Count, s Sheet) ([]inventory.Entry, error) {
	adjustment, err := c.Place(ctx, inventory.KindAdjustment, k.OutletID)
	if err != nil {
		return nil, err
	}
	a := adjusting{by: by, adjustment: adjustment}
	var parts, places []uuid.UUID
	for _, v := range s.Lines {
		parts, places = append(parts, v.PartID), append(places, v.LocationID)
		for _, d := range v.Differs {
			if d.BooksAt != nil {
				places = append(places, *d.BooksAt)
			}
		}
	}
	if a.parts, err = c.PartNames(ctx, parts); err != nil {
		return nil, err
	}
	if a.places, err = c.located(ctx, places); err != nil {
		return nil, err
	}
	for _, v := range s.Lines {
		if err := a.adjust(v); err != nil {
			return nil, err
		}
	}
	return a.entries, nil
}

func (c *Counts) located(ctx context.Context, named []uuid.UUID) (map[uuid.UUID]inventory.Location, error) {
	rows, err := pg.Rows[inventory.Location](ctx, c.DB()).Where("id IN ?", named).Find(ctx)
	at := map[uuid.UUID]inventory.Location{}
	for _, l := range rows {
		at[l.ID] = l
	}
	return at, err
}

// adjust adds the entries of one line.
func (a *adjusting) adjust(v Variance) error {
	here := a.places[v.LocationID]
	if !v.Serialized {
		if v.Over > 0 {
			a.add(v, a.adjustment, here, v.Over)
		} else if v.Over < 0 {
			a.add(v, here, a.adjustment, -v.Over)
		}
		return nil
	}
	for _, d := range v.Differs {
		switch d.Difference {
		case DifferenceMissing:
			if d.FoundIn == nil {
				a.add(v, here, a.adjustment, 1, d)
			}
		case DifferenceUnknown:
			a.add(v, a.adjustment, here, 1, d)
		default:
			from := a.places[*d.BooksAt]
			if !from.Usable(a.by) {
				return fault.New(fault.Forbidden, "the books have unit %s of part %s in another outlet: ask a supervisor of the whole house", d.Serial, v.PartNumber)
			}
			a.add(v, from, here, 1, d)
		}
	}
	return nil
}

// add adds to the entry between two places, or begins it.
func (a *adjusting) add(v Variance, from, to inventory.Location, n int, units ...Differing) {
	var e *inventory.Entry
	for i := 0; i < len(a.entries) && len(units) > 0; i++ {
		if x := &a.entries[i]; x.Part.ID == v.PartID && x.From.ID == from.ID && x.To.ID == to.ID {
			e = x
		}
	}
	if e == nil {
		a.entries = append(a.entries, inventory.Entry{From: from, To: to, Note: v.why()})
		e = &a.entries[len(a.entries)-1]
		e.Part, e.At, e.Raw = a.parts[v.PartID], inventory.Pointers{None: true}, map[string]string{}
	}
	e.Quantity += n
	for _, u := range units {
		e.Serials = append(e.Serials, u.Serial)
		if u.scan != nil {
			e.Raw[u.Serial], e.Scans = *u.scan, append(e.Scans, *u.scan)
		}
	}
}

// why is the reason of a line as its movements note it.
func (v Variance) why() string {
	switch {
	case v.Reason == nil:
		return ""
	case v.Note == "":
		return string(*v.Reason)
	}
	return string(*v.Reason) + ": " + v.Note
}

const saveVarianceSQL = `
UPDATE count_lines SET adjusted = $4, value = $5 WHERE count_id = $1 AND location_id = $2 AND part_id = $3`

const saveDifferenceSQL = `
UPDATE count_serials s SET difference = w.difference FROM unnest($4::text[], $5::text[]) AS w (serial, difference)
WHERE s.count_id = $1 AND s.location_id = $2 AND s.part_id = $3 AND s.serial = w.serial`

// saveVariances keeps what was approved of each line.
func (c *Counts) saveVariances(ctx context.Context, k Count, s Sheet) error {
	for _, v := range s.Lines {
		if v.Counted == nil {
			continue
		}
		if _, err := pg.Exec(ctx, c.DB(), saveVarianceSQL, k.ID, v.LocationID, v.PartID, v.Over, v.Worth); err != nil {
			return pg.Fault(err, "count")
		}
		var serials, differences []string
		for _, d := range v.Differs {
			serials, differences = append(serials, d.Serial), append(differences, string(d.Difference))
		}
		if len(serials) == 0 {
			continue
		}
		if _, err := pg.Exec(ctx, c.DB(), saveDifferenceSQL, k.ID, v.LocationID, v.PartID, serials, differences); err != nil {
			return pg.Fault(err, "count")
		}
	}
	return nil
}
