package counts

import (
	"context"

	"callout/inventory"
)

// units are the units of a count's lines: where the books have them now, and where they were found.
type units struct {
	at    map[inventory.SerialOf]inventory.Standing
	found map[inventory.SerialOf]Serial // where they were not when they were found
}

// unitsOf finds the units of lines.
func (c *Counts) unitsOf(ctx context.Context, lines []Line) (units, error) {
	u := units{found: map[inventory.SerialOf]Serial{}}
	var all []inventory.SerialOf
	for _, l := range lines {
		for _, s := range l.Serials {
			unit := inventory.SerialOf{Part: l.PartID, Serial: s.Serial}
			all = append(all, unit)
			if s.FoundAt != nil && s.BooksAt != nil && *s.BooksAt != l.LocationID {
				u.found[unit] = s
			}
		}
	}
	if len(all) == 0 {
		return u, nil
	}
	var err error
	u.at, err = c.Standings(ctx, all)
	return u, err
}

// differing are the units of a line that are not where the books have them. What the books have
// settled since it was counted differs no more.
func (u units) differing(l Line) []Differing {
	var all []Differing
	for _, s := range l.Serials {
		unit := inventory.SerialOf{Part: l.PartID, Serial: s.Serial}
		now, known := u.at[unit]
		d := Differing{Serial: s.Serial, scan: s.Scan}
		switch {
		case l.Adjusted != nil && s.Difference == nil:
			continue
		case l.Adjusted != nil:
			d.Difference = *s.Difference
			if d.Difference == DifferenceMisplaced {
				d.BooksAt, d.BooksName, d.BooksKind, d.booksOutlet = s.BooksAt, s.BooksName, s.BooksKind, s.BooksOutlet
			}
			all = append(all, d)
			continue
		case s.FoundAt == nil && known && now.LocationID == l.LocationID:
			d.Difference = DifferenceMissing
			if other, found := u.found[unit]; found && *other.BooksAt == l.LocationID {
				d.FoundIn = &other.LocationID
			}
		case s.FoundAt == nil, known && now.LocationID == l.LocationID, s.BooksAt != nil && *s.BooksAt == l.LocationID:
			continue
		case s.BooksAt == nil && !known:
			d.Difference = DifferenceUnknown
		case known && s.BooksAt != nil && *s.BooksAt == now.LocationID:
			d.Difference = DifferenceMisplaced
		default:
			d.Difference = DifferenceMoved
		}
		if known && d.Difference != DifferenceMissing {
			d.BooksAt, d.BooksName, d.BooksKind, d.booksOutlet = &now.LocationID, &now.Name, now.Kind, now.OutletID
		}
		all = append(all, d)
	}
	return all
}
