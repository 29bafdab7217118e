package counts

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// found is what somebody counted of a part in a place.
type found struct {
	place    Place
	part     inventory.Part
	quantity int // of a part without serials
	serials  []string
	raw      map[string]string // by serial, the scan that it was read from
	scans    []string
	at       string // where the request says so
}

func (f found) spot() spot { return spot{f.place.ID, f.part.ID} }

// reader gathers what a row of scans says.
type reader struct {
	count   *Count
	place   *Place // where the next scan is
	parts   map[string]inventory.Part
	units   map[string][]inventory.Part // by serial, the parts that have such a unit
	gathers map[spot]*found
	order   []spot
	faults  fault.Faults
}

const partsOfScansSQL = `SELECT * FROM parts WHERE gtin = ANY($1::text[]) OR number = ANY($2::text[])`

const partsOfSerialsSQL = `
SELECT u.part_id AS part, u.serial FROM units u WHERE u.serial = ANY($1::text[])
  AND (cardinality($2::uuid[]) = 0 OR u.part_id = ANY($2)) LIMIT 2000`

// read says what scans mean, one after the other: the label of a place is where the next ones are.
func (c *Counts) readScans(ctx context.Context, k *Count, start *Place, scans []string) ([]found, error) {
	r := reader{count: k, place: start, parts: map[string]inventory.Part{}, units: map[string][]inventory.Part{}, gathers: map[spot]*found{}}
	codes := make([]gs1.Code, len(scans))
	for i, raw := range scans {
		var err error
		if codes[i], err = gs1.Parse(raw); err != nil {
			r.faults = append(r.faults, fault.Field{Pointer: pointer("/scans", i), Detail: fault.From(err).Detail})
		}
	}
	if err := c.learn(ctx, &r, codes); err != nil {
		return nil, err
	}
	for i, code := range codes {
		if code.Format != "" {
			r.take(code, scans[i], pointer("/scans", i))
		}
	}
	all := make([]found, len(r.order))
	for i, s := range r.order {
		all[i] = *r.gathers[s]
	}
	return all, r.faults.Err(fault.Invalid, "the request cannot be met as it is")
}

// learn finds the parts and units that the codes may name.
func (c *Counts) learn(ctx context.Context, r *reader, codes []gs1.Code) error {
	var gtins, numbers, plain []string
	for _, code := range codes {
		gtins, numbers = append(gtins, code.GTIN), append(numbers, code.Part, code.Plain)
		if code.Plain != "" {
			plain = append(plain, code.Plain)
		}
	}
	parts, err := pg.Query[inventory.Part](ctx, c.DB(), partsOfScansSQL, gtins, numbers)
	if err != nil {
		return err
	}
	for _, p := range parts {
		r.parts[p.Number] = p
		if p.GTIN != nil {
			r.parts["gtin "+*p.GTIN] = p
		}
	}
	units, err := pg.Query[inventory.SerialOf](ctx, c.DB(), partsOfSerialsSQL, plain, partIDs(r.count.Parts))
	if err != nil {
		return err
	}
	var of []uuid.UUID
	for _, u := range units {
		of = append(of, u.Part)
	}
	named, err := c.PartNames(ctx, of)
	for _, u := range units {
		r.units[u.Serial] = append(r.units[u.Serial], named[u.Part])
	}
	return err
}

// take adds one scan.
func (r *reader) take(code gs1.Code, raw, at string) {
	if place := r.placeOf(code); place != nil {
		r.place = place
		return
	} else if code.Location != "" {
		r.faults.Add(at, "%s is no place of this count", code.Location)
		return
	}
	part, serial, ok := r.partOf(code, at)
	switch {
	case !ok:
		return
	case r.place == nil:
		r.faults.Add(at, "scan the place first, or name it")
		return
	case part.Serialized && serial == "":
		r.faults.Add(at, "part %s has serials, and this scan names none", part.Number)
		return
	}
	s := spot{r.place.ID, part.ID}
	f := r.gathers[s]
	if f == nil {
		f = &found{place: *r.place, part: part, raw: map[string]string{}, at: at}
		r.gathers[s], r.order = f, append(r.order, s)
	}
	f.scans = append(f.scans, raw)
	switch {
	case !part.Serialized:
		f.quantity += max(1, code.Count)
	case !slices.Contains(f.serials, serial):
		f.serials, f.raw[serial] = append(f.serials, serial), raw
	}
}

// placeOf is the place of the count that a code is the label of, nil where it is none.
func (r *reader) placeOf(code gs1.Code) *Place {
	name := code.Location
	if _, part := r.parts[code.Plain]; name == "" && !part {
		name = code.Plain
	}
	for i, p := range r.count.Places {
		if name != "" && p.Code == name {
			return &r.count.Places[i]
		}
	}
	return nil
}

// partOf is the part that a code names, and the serial of the unit where it names one.
func (r *reader) partOf(code gs1.Code, at string) (inventory.Part, string, bool) {
	for _, name := range []string{"gtin " + code.GTIN, code.Part, code.Plain} {
		if p, known := r.parts[name]; known && name != "" {
			return p, code.Serial, true
		}
	}
	switch units := r.units[code.Plain]; {
	case code.Plain == "" || len(units) == 0:
		r.faults.Add(at, "no part is known by this scan")
	case len(units) > 1:
		r.faults.Add(at, "several parts have a unit %s: name the part", code.Plain)
	default:
		return units[0], code.Plain, true
	}
	return inventory.Part{}, "", false
}

// Told is how many of a part are there, or which units: no quantity and no serials are a fault,
// a quantity of 0 is none.
type Told struct {
	PartID   uuid.UUID
	Quantity *int
	Serials  []string
}

// readLines says what told lines mean.
func (c *Counts) readLines(ctx context.Context, place Place, told []Told) ([]found, error) {
	named := make([]uuid.UUID, len(told))
	for i, t := range told {
		named[i] = t.PartID
	}
	parts, err := c.PartNames(ctx, named)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	var all []found
	seen := map[uuid.UUID]bool{}
	for i, t := range told {
		at := inventory.LineAt(i)
		p, known := parts[t.PartID]
		if !known {
			f.Add(at+"/part_id", "no such %s", words.Noun("part"))
			continue
		}
		n := len(t.Serials)
		switch {
		case seen[p.ID]:
			f.Add(at+"/part_id", "part %s stands in two lines", p.Number)
		case !p.Serialized && n > 0:
			f.Add(at+"/serials", "part %s has no serials", p.Number)
		case t.Quantity == nil && n == 0:
			f.Add(at+"/quantity", "is required")
		case p.Serialized && n == 0 && *t.Quantity > 0:
			f.Add(at+"/serials", "part %s has serials: name each", p.Number)
		case p.Serialized && t.Quantity != nil && *t.Quantity != n:
			f.Add(at+"/quantity", "%d serials are named", n)
		}
		seen[p.ID] = true
		counted := found{place: place, part: p, serials: t.Serials, at: at + "/part_id"}
		if t.Quantity != nil {
			counted.quantity = *t.Quantity
		}
		all = append(all, counted)
	}
	return all, f.Err(fault.Invalid, "the request cannot be met as it is")
}
