package inventory

import (
	"context"
	"strconv"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Line is so much of a part, named by serials where the part has them. Quantity may then be left at 0.
type Line struct {
	PartID   uuid.UUID
	Quantity int
	Serials  []string
}

// counted is a line whose part is known and whose quantity and serials agree.
type counted struct {
	part     Part
	quantity int
	serials  []string
	at       pointers
}

// pointers say where in a request a line stood, for the faults that concern it.
type pointers struct {
	line     string // of the line itself: "/lines/0"
	quantity string // of what counts it, where that is not line + "/quantity"
	serial   string // of its one serial, where it is not among line + "/serials"
	none     bool   // the request did not name the line at all
}

// lineAt is the pointer of line i of a request.
func lineAt(i int) string { return "/lines/" + strconv.Itoa(i) }

// countAt is the pointer of what counts the line.
func (c counted) countAt() string {
	switch {
	case c.at.none || c.at.quantity != "":
		return c.at.quantity
	case c.part.Serialized:
		return c.at.line + "/serials"
	}
	return c.at.line + "/quantity"
}

// serialAt is the pointer of the line's serial in place i.
func (c counted) serialAt(i int) string {
	if c.at.none || c.at.serial != "" {
		return c.at.serial
	}
	return c.at.line + "/serials/" + strconv.Itoa(i)
}

// resolve finds the parts of lines. What does not agree is added to f.
func (l *Ledger) resolve(ctx context.Context, lines []Line, f *fault.Faults) ([]counted, error) {
	parts, err := l.partsOf(ctx, lines)
	if err != nil {
		return nil, err
	}
	all := make([]counted, 0, len(lines))
	seen := map[uuid.UUID]bool{}
	for i, line := range lines {
		c := counted{quantity: line.Quantity, serials: line.Serials, at: pointers{line: lineAt(i)}}
		var known bool
		if c.part, known = parts[line.PartID]; !known {
			f.Add(c.at.line+"/part_id", "no such %s", words.Noun("part"))
			continue
		}
		if seen[line.PartID] {
			f.Add(c.at.line+"/part_id", "part %s stands in two lines", c.part.Number)
		}
		seen[line.PartID] = true
		c.agree(f)
		all = append(all, c)
	}
	return all, nil
}

// agree holds quantity and serials against each other.
func (c *counted) agree(f *fault.Faults) {
	switch n := len(c.serials); {
	case !c.part.Serialized && n > 0:
		f.Add(c.at.line+"/serials", "part %s has no serials", c.part.Number)
	case !c.part.Serialized && c.quantity < 1:
		f.Add(c.at.line+"/quantity", "is required")
	case c.part.Serialized && n == 0:
		f.Add(c.at.line+"/serials", "part %s has serials: name each", c.part.Number)
	case c.part.Serialized && c.quantity != 0 && c.quantity != n:
		f.Add(c.at.line+"/quantity", "%d serials are named", n)
	case c.part.Serialized:
		c.quantity = n
	}
	seen := map[string]bool{}
	for i, s := range c.serials {
		if seen[s] {
			f.Add(c.serialAt(i), "serial %s stands twice", s)
		}
		seen[s] = true
	}
}

func (l *Ledger) partsOf(ctx context.Context, lines []Line) (map[uuid.UUID]Part, error) {
	ids := make([]uuid.UUID, len(lines))
	for i, line := range lines {
		ids[i] = line.PartID
	}
	parts, err := l.PartNames(ctx, ids)
	return parts, pg.Fault(err, "part")
}
