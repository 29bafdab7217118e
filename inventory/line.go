package inventory

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// Line is so much of a part, named by serials where the part has them. What was scanned may stand
// in place of part, quantity and serials, or beside them.
type Line struct {
	PartID   uuid.UUID // uuid.Nil where a scan names the part
	Quantity int       // 0 where serials or scans count it
	Serials  []string
	Scans    []string // as the scanner read them
	UnitCost *int64   // minor units of the part's currency, of what comes from outside; nil: the books' average
}

// Counted is a line whose part is known and whose quantity and serials agree.
type Counted struct {
	Part     Part
	Quantity int
	Serials  []string
	Scans    []string          // as they were read
	Raw      map[string]string // by serial, the scan that it was read from
	UnitCost *int64
	At       Pointers
}

// Pointers say where in a request a line stood, for the faults that concern it.
type Pointers struct {
	Line     string // of the line itself: "/lines/0"
	Quantity string // of what counts it, where that is not Line + "/quantity"
	Serial   string // of its one serial, where it is not among Line + "/serials"
	Cost     string // of what a piece costs, where that is not Line + "/unit_cost"
	None     bool   // the request did not name the line at all
}

// LineAt is the pointer of line i of a request.
func LineAt(i int) string { return "/lines/" + strconv.Itoa(i) }

// CountAt is the pointer of what counts the line.
func (c Counted) CountAt() string {
	switch {
	case c.At.None || c.At.Quantity != "":
		return c.At.Quantity
	case c.Part.Serialized && len(c.Scans) > 0:
		return c.At.Line + "/scans"
	case c.Part.Serialized:
		return c.At.Line + "/serials"
	}
	return c.At.Line + "/quantity"
}

// costAt is the pointer of what a piece of the line costs.
func (c Counted) costAt() string {
	if c.At.Cost != "" {
		return c.At.Cost
	}
	if c.At.None || c.At.Quantity != "" {
		return c.CountAt()
	}
	return c.At.Line + "/unit_cost"
}

// SerialAt is the pointer of the line's serial in place i.
func (c Counted) SerialAt(i int) string {
	switch raw, scanned := c.Raw[c.Serials[i]]; {
	case c.At.None || c.At.Serial != "":
		return c.At.Serial
	case scanned:
		return c.At.Line + "/scans/" + strconv.Itoa(slices.Index(c.Scans, raw))
	}
	return c.At.Line + "/serials/" + strconv.Itoa(i)
}

// Resolve finds the parts of lines and reads what was scanned. What does not agree is added to f.
func (l *Ledger) Resolve(ctx context.Context, lines []Line, f *fault.Faults) ([]Counted, error) {
	all, err := l.ResolveApart(ctx, lines, f)
	seen := map[uuid.UUID]bool{}
	for _, c := range all {
		if seen[c.Part.ID] {
			f.Add(c.At.Line+"/part_id", "part %s stands in two lines", c.Part.Number)
		}
		seen[c.Part.ID] = true
	}
	return all, err
}

// ResolveApart is Resolve of lines of which several may be of one part, as it lies in several places. A
// unit stands in one of them.
func (l *Ledger) ResolveApart(ctx context.Context, lines []Line, f *fault.Faults) ([]Counted, error) {
	scanned, err := l.readScans(ctx, lines, f)
	if err != nil {
		return nil, err
	}
	parts, err := l.PartsOf(ctx, lines)
	if err != nil {
		return nil, err
	}
	all := make([]Counted, 0, len(lines))
	seen := map[SerialOf]bool{}
	for i, line := range lines {
		c := Counted{
			Quantity: line.Quantity, Serials: slices.Clone(line.Serials), Scans: line.Scans, UnitCost: line.UnitCost,
			Raw: map[string]string{}, At: Pointers{Line: LineAt(i)},
		}
		known := true
		if line.PartID != uuid.Nil {
			c.Part, known = parts[line.PartID]
		} else if len(line.Scans) == 0 {
			known = false
		}
		if !known {
			f.Add(c.At.Line+"/part_id", "no such %s", words.Noun("part"))
			continue
		}
		if !c.takeScans(scanned[i], f) {
			continue
		}
		c.agree(f)
		c.once(seen, f)
		all = append(all, c)
	}
	return all, nil
}

// agree holds quantity and serials against each other.
func (c *Counted) agree(f *fault.Faults) {
	switch n := len(c.Serials); {
	case !c.Part.Serialized && n > 0:
		f.Add(c.At.Line+"/serials", "part %s has no serials", c.Part.Number)
	case !c.Part.Serialized && c.Quantity < 1:
		f.Add(c.At.Line+"/quantity", "is required")
	case c.Part.Serialized && n == 0:
		f.Add(c.At.Line+"/serials", "part %s has serials: name each", c.Part.Number)
	case c.Part.Serialized && c.Quantity != 0 && c.Quantity != n:
		f.Add(c.At.Line+"/quantity", "%d serials are named", n)
	case c.Part.Serialized:
		c.Quantity = n
	}
}

// once refuses a serial that stands in the lines already.
func (c *Counted) once(seen map[SerialOf]bool, f *fault.Faults) {
	for i, s := range c.Serials {
		if seen[SerialOf{c.Part.ID, s}] {
			f.Add(c.SerialAt(i), "serial %s stands twice", s)
		}
		seen[SerialOf{c.Part.ID, s}] = true
	}
}

// PartsOf reads the parts that lines name.
func (l *Ledger) PartsOf(ctx context.Context, lines []Line) (map[uuid.UUID]Part, error) {
	ids := make([]uuid.UUID, 0, len(lines))
	for _, line := range lines {
		if line.PartID != uuid.Nil {
			ids = append(ids, line.PartID)
		}
	}
	parts, err := l.PartNames(ctx, ids)
	return parts, pg.Fault(err, "part")
}

// scannedPart is a scan with the part that it names; the zero part where it names none.
type scannedPart struct {
	code    gs1.Code
	part    Part
	several bool // several parts have a unit with this serial
}

const scannedPartsSQL = `
SELECT p.* FROM parts p WHERE p.gtin = ANY($1::text[]) OR p.number = ANY($2::text[])`

// readScans reads every scan of lines and finds the parts that they name.
func (l *Ledger) readScans(ctx context.Context, lines []Line, f *fault.Faults) (map[int][]scannedPart, error) {
	read := map[int][]scannedPart{}
	var gtins, numbers []string
	for i, line := range lines {
		for j, raw := range line.Scans {
			code, err := gs1.Parse(raw)
			if err != nil {
				*f = append(*f, fault.Field{Pointer: LineAt(i) + "/scans/" + strconv.Itoa(j), Detail: fault.From(err).Detail})
			}
			read[i] = append(read[i], scannedPart{code: code})
			gtins, numbers = append(gtins, code.GTIN), append(numbers, code.Part, code.Plain)
		}
	}
	if len(read) == 0 {
		return read, nil
	}
	rows, err := pg.Query[Part](ctx, l.db, scannedPartsSQL, gtins, numbers)
	if err != nil {
		return nil, err
	}
	bySerial, err := l.partsBySerial(ctx, numbers)
	if err != nil {
		return nil, err
	}
	byGTIN, byNumber := map[string]Part{}, map[string]Part{}
	for _, p := range rows {
		byNumber[p.Number] = p
		if p.GTIN != nil {
			byGTIN[*p.GTIN] = p
		}
	}
	for _, scans := range read {
		for j, s := range scans {
			p, found := byGTIN[s.code.GTIN]
			if !found {
				p, found = byNumber[s.code.Part]
			}
			if !found {
				p, found = byNumber[s.code.Plain]
			}
			if of := bySerial[s.code.Plain]; !found && s.code.Plain != "" && len(of) == 1 {
				p, scans[j].code.Serial = of[0], s.code.Plain
			}
			scans[j].part, scans[j].several = p, !found && len(bySerial[s.code.Plain]) > 1
		}
	}
	return read, nil
}

const partsBySerialSQL = `
SELECT u.serial, p.* FROM units u JOIN parts p ON p.id = u.part_id WHERE u.serial = ANY($1::text[])`

// serials are written like this, by whoever types or scans them; the contract says the same.
var serials = regexp.MustCompile(`^[!-~]+( [!-~]+)*$`)

func isSerial(s string) bool { return len(s) <= 64 && serials.MatchString(s) }

// partsBySerial finds the parts that have a unit with one of the serials: a plain scan of it names the
// part as well, where there is only one.
func (l *Ledger) partsBySerial(ctx context.Context, serials []string) (map[string][]Part, error) {
	type unit struct {
		Serial string
		Part
	}
	rows, err := pg.Query[unit](ctx, l.db, partsBySerialSQL, serials)
	found := map[string][]Part{}
	for _, u := range rows {
		found[u.Serial] = append(found[u.Serial], u.Part)
	}
	return found, err
}

// takeScans adds what was scanned to the line: each scan is a unit of a part with serials, however
// often it was read; of a part without, it is one or as many as it says, unless somebody typed how
// many. It says whether the line's part is known then.
func (c *Counted) takeScans(scans []scannedPart, f *fault.Faults) bool {
	typed := c.Quantity > 0
	for j, s := range scans {
		at := c.At.Line + "/scans/" + strconv.Itoa(j)
		if c.Part.ID == uuid.Nil {
			c.Part = s.part
		}
		serial := s.code.Serial
		if s.part.ID != uuid.Nil && s.part.ID != c.Part.ID && s.code.Format == gs1.FormatPlain && s.code.Plain != s.part.Number {
			s.part, serial = Part{}, "" // a serial that another part has too
		}
		switch {
		case c.Part.ID == uuid.Nil && s.several:
			f.Add(at, "several parts have a unit with this serial: name the part")
			return false
		case c.Part.ID == uuid.Nil:
			f.Add(at, "no part is known by this scan")
			return false
		case s.part.ID != uuid.Nil && s.part.ID != c.Part.ID:
			f.Add(at, "this is part %s, not %s", s.part.Number, c.Part.Number)
			continue
		case s.part.ID == uuid.Nil && s.code.Format != gs1.FormatPlain:
			f.Add(at, "no part is known by this scan")
			continue
		}
		if c.Part.Serialized {
			if serial == "" && s.code.Format == gs1.FormatPlain && s.part.ID == uuid.Nil {
				serial = s.code.Plain
			}
			switch {
			case serial == "":
				f.Add(at, "part %s has serials, and this scan names none", c.Part.Number)
				continue
			case !isSerial(serial):
				f.Add(at, "is no serial: 1 to 64 letters, digits and signs of ASCII, words apart by one space")
				continue
			}
			if !slices.Contains(c.Serials, serial) {
				c.Serials = append(c.Serials, serial)
			}
			c.Raw[serial] = c.Scans[j]
			continue
		}
		if s.part.ID == uuid.Nil {
			f.Add(at, "no part is known by this scan")
			continue
		}
		if !typed {
			c.Quantity += max(1, s.code.Count)
		}
	}
	return c.Part.ID != uuid.Nil
}
