package requests

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// shelf is a place of a warehouse, with how many of a part it can give: what is set aside for the
// request first, then what is free.
type shelf struct {
	PartID uuid.UUID
	ID     uuid.UUID
	Mine   int
	Free   int
}

const shelvesSQL = `
SELECT b.part_id, l.id, coalesce(v.quantity, 0)::int AS mine, (b.quantity - b.reserved)::int AS free
FROM balances b JOIN locations l ON l.id = b.location_id
LEFT JOIN reservations v ON v.location_id = b.location_id AND v.part_id = b.part_id AND v.request_id = $3
WHERE b.part_id = ANY($2) AND (l.id = $1 OR (l.warehouse_id = $1 AND l.kind = 'bin')) AND b.quantity > 0
ORDER BY l.kind, l.code`

const binsSQL = `SELECT id, code, name, kind, outlet_id, warehouse_id, may_go_negative, active FROM locations WHERE warehouse_id = $1 AND kind = 'bin'`

// taken says from which places of the warehouse lines are taken to a place: units from where they are,
// other parts from where whoever picked says so, from where they are set aside, and from where they are
// free. What is nowhere is asked of the warehouse itself.
func (c *Counter) taken(ctx context.Context, r *Request, warehouse, to inventory.Location, all []inventory.Counted, from []*uuid.UUID) ([]inventory.Entry, error) {
	bins, err := pg.Query[inventory.Location](ctx, c.DB(), binsSQL, warehouse.ID)
	if err != nil {
		return nil, err
	}
	places := map[uuid.UUID]inventory.Location{warehouse.ID: warehouse}
	for _, b := range bins {
		places[b.ID] = b
	}
	var parts []uuid.UUID
	var units []inventory.SerialOf
	for _, line := range all {
		parts = append(parts, line.Part.ID)
		for _, s := range line.Serials {
			units = append(units, inventory.SerialOf{Part: line.Part.ID, Serial: s})
		}
	}
	on, err := pg.Query[shelf](ctx, c.DB(), shelvesSQL, warehouse.ID, parts, r.ID)
	if err != nil {
		return nil, err
	}
	at, err := c.Standings(ctx, units)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	only := make([]*inventory.Location, len(all))
	for i, line := range all {
		if i >= len(from) || from[i] == nil {
			continue
		}
		place, known := places[*from[i]]
		if !known {
			f.Add(line.At.Line+"/from_location_id", "is no place of %s", warehouse.Called())
		}
		only[i] = &place
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	var entries []inventory.Entry
	// What somebody took from a certain shelf first: no other line takes it too.
	for _, named := range []bool{true, false} {
		for i, line := range all {
			if (only[i] != nil) != named {
				continue
			}
			for _, e := range split(line, warehouse, places, only[i], on, at) {
				e.To = to
				entries = append(entries, e)
			}
		}
	}
	return entries, nil
}

// split cuts a line into what is taken from each place, and takes that off what the shelves can give.
func split(line inventory.Counted, warehouse inventory.Location, places map[uuid.UUID]inventory.Location, only *inventory.Location, on []shelf, at map[inventory.SerialOf]inventory.Standing) []inventory.Entry {
	if line.Part.Serialized {
		return splitUnits(line, warehouse, places, only, at)
	}
	take := map[uuid.UUID]int{}
	left := line.Quantity
	for _, give := range []func(*shelf) *int{func(s *shelf) *int { return &s.Mine }, func(s *shelf) *int { return &s.Free }} {
		for i := range on {
			s := &on[i]
			if s.PartID != line.Part.ID || (only != nil && only.ID != s.ID) {
				continue
			}
			n := min(left, max(0, *give(s)))
			*give(s) -= n
			take[s.ID] += n
			left -= n
		}
	}
	if only != nil {
		return []inventory.Entry{{Counted: line, From: *only}}
	}
	take[warehouse.ID] += left // the ledger says what is missing
	return cut(line, places, take)
}

// cut is an entry for each place that something is taken from, in the order of their codes.
func cut(line inventory.Counted, places map[uuid.UUID]inventory.Location, take map[uuid.UUID]int) []inventory.Entry {
	var entries []inventory.Entry
	for id, n := range take {
		if n > 0 {
			e := inventory.Entry{Counted: line, From: places[id]}
			e.Quantity = n
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b inventory.Entry) int { return strings.Compare(a.From.Code, b.From.Code) })
	return entries
}

// splitUnits takes each unit from where it is, if that is in the warehouse.
func splitUnits(line inventory.Counted, warehouse inventory.Location, places map[uuid.UUID]inventory.Location, only *inventory.Location, at map[inventory.SerialOf]inventory.Standing) []inventory.Entry {
	var entries []inventory.Entry
	whole := true
	for i, serial := range line.Serials {
		e := inventory.Entry{Counted: line, From: warehouse}
		if place, here := places[at[inventory.SerialOf{Part: line.Part.ID, Serial: serial}].LocationID]; here {
			e.From = place
		}
		if only != nil {
			e.From = *only
		}
		e.Serials, e.Quantity = []string{serial}, 1
		e.At = inventory.Pointers{Line: line.At.Line, Quantity: line.CountAt(), Serial: line.SerialAt(i)}
		if raw, scanned := line.Raw[serial]; scanned {
			e.Scans = []string{raw}
		}
		entries = append(entries, e)
		whole = whole && e.From.ID == entries[0].From.ID
	}
	if whole && len(entries) > 0 {
		return []inventory.Entry{{Counted: line, From: entries[0].From}}
	}
	return entries
}
