package counts

import (
	"context"
	"math"
	"time"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// Reason is why the books and the shelf differ.
type Reason string

// The reasons of a variance.
const (
	ReasonMiscounted       Reason = "miscounted"
	ReasonDamaged          Reason = "damaged"
	ReasonLost             Reason = "lost"
	ReasonFound            Reason = "found"
	ReasonWrongBin         Reason = "wrong_bin"
	ReasonUnrecordedUse    Reason = "unrecorded_use"
	ReasonUnrecordedReturn Reason = "unrecorded_return"
	ReasonTheftSuspected   Reason = "theft_suspected"
	ReasonOther            Reason = "other" // the note says which
)

// Line is what was counted of a part in a place, and what the books had there at that moment.
type Line struct {
	LocationID   uuid.UUID
	LocationName string
	LocationKind inventory.Kind
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string // empty where nobody translated it
	Serialized   bool
	Currency     string
	Round        int     // in which it was counted last, or waits to be
	Counted      *int    // nil: it waits to be counted again, or was left as the books have it
	Expected     *int    // what the books had when it was counted first in its round, or left
	UnitCost     float64 // the average at that moment, in minor units of Currency
	CountedAt    *time.Time
	Disturbed    bool    // the books moved between two countings: it has to be counted anew
	Assumed      bool    // nobody counted it, somebody said that there was none
	KeptReason   *string // why it stays as the books have it though nobody counted it; nil: it does not
	KeptBy       *uuid.UUID
	Reason       *Reason
	Note         string
	Adjusted     *int     // the variance as approved
	Value        *int64   // of the variance as approved
	Serials      []Serial // of a part with serials: those expected and those found
}

// Serial is a unit that the books had in a place, or that was found there.
type Serial struct {
	LocationID uuid.UUID
	PartID     uuid.UUID
	Serial     string
	Expected   bool       // the books had it there
	FoundAt    *time.Time // nil: not found so far
	FoundBy    *uuid.UUID
	Scan       *string     // as the scanner read it
	BooksAt    *uuid.UUID  // where the books had it when it was found; nil: nowhere
	Difference *Difference // as approved

	BooksName   *string
	BooksKind   inventory.Kind
	BooksOutlet *uuid.UUID
}

// Found are the serials that were found.
func (l Line) Found() []string {
	found := []string{}
	for _, s := range l.Serials {
		if s.FoundAt != nil {
			found = append(found, s.Serial)
		}
	}
	return found
}

// Kept says whether nobody counted the line and it stays as the books have it.
func (l Line) Kept() bool { return l.KeptReason != nil }

// KeptWorth is what the books have of a kept line, at the average of that moment, in minor units of Currency.
func (l Line) KeptWorth() int64 {
	if !l.Kept() {
		return 0
	}
	return int64(math.Round(l.UnitCost * float64(*l.Expected)))
}

// spot is a part in a place.
type spot struct{ location, part uuid.UUID }

func (l Line) spot() spot { return spot{l.LocationID, l.PartID} }

const linesSQL = `
SELECT l.location_id, o.name AS location_name, o.kind AS location_kind, l.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, p.serialized, p.currency, l.round,
  l.counted, l.expected, l.unit_cost::float8 AS unit_cost, l.counted_at, l.disturbed, l.assumed, l.kept_reason, l.kept_by, l.reason, l.note, l.adjusted, l.value
FROM count_lines l JOIN parts p ON p.id = l.part_id JOIN locations o ON o.id = l.location_id
WHERE l.count_id = $1 AND ($2::uuid[] IS NULL OR l.part_id = ANY($2)) ORDER BY o.code, p.number`

const serialsSQL = `
SELECT s.location_id, s.part_id, s.serial, s.expected, s.found_at, s.found_by, s.scan, s.books_at, s.difference,
  o.name AS books_name, coalesce(o.kind, '') AS books_kind, o.outlet_id AS books_outlet
FROM count_serials s LEFT JOIN locations o ON o.id = s.books_at WHERE s.count_id = $1 AND ($2::uuid[] IS NULL OR s.part_id = ANY($2)) ORDER BY serial`

// lines reads what was counted of parts; of all where they are nil.
func (c *Counts) lines(ctx context.Context, count uuid.UUID, parts []uuid.UUID) ([]Line, error) {
	lines, err := pg.Query[Line](ctx, c.DB(), linesSQL, count, parts)
	if err != nil {
		return nil, err
	}
	at := map[spot]*Line{}
	for i := range lines {
		at[lines[i].spot()] = &lines[i]
	}
	serials, err := pg.Query[Serial](ctx, c.DB(), serialsSQL, count, parts)
	for _, s := range serials {
		l := at[spot{s.LocationID, s.PartID}]
		l.Serials = append(l.Serials, s)
	}
	return lines, err
}
