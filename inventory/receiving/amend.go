package receiving

import (
	"context"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Correction is what of an announcement was wrong; nil leaves it.
type Correction struct {
	Note       *string
	ExpectedAt **time.Time // to nil: nobody knows
	Lines      []CorrectedLine
}

// CorrectedLine is a part that the delivery note says something else of, or that it names besides. With a quantity of 0
// the note does not name it.
type CorrectedLine struct {
	PartID   uuid.UUID
	Quantity *int
	UnitCost **int64   // to nil: the books' average
	Serials  *[]string // to none: the note names none
}

// Amend corrects a delivery that is not booked yet. What it should bring is not his to change who counted it.
func (d *Dock) Amend(ctx context.Context, by who.Actor, id uuid.UUID, version int, c Correction) (dl Delivery, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if dl, err = d.lock(ctx, by, id); err != nil {
			return err
		}
		if err := inventory.Stale("delivery", version, dl.Version); err != nil {
			return err
		}
		if dl.Status != StatusAnnounced && dl.Status != StatusCounting {
			return fault.New(fault.Conflict, "delivery %s is %s: what is announced is corrected before it is booked", dl.Number, dl.Status)
		}
		told, err := d.correctLines(ctx, by, &dl, c.Lines)
		if err != nil {
			return err
		}
		set(&dl.Note, c.Note)
		set(&dl.ExpectedAt, c.ExpectedAt)
		dl.Version++
		if err := d.saveCorrection(ctx, &dl); err != nil {
			return err
		}
		err = d.Tell(ctx, by, "delivery.amended", dl.ID, dl.OutletID, map[string]any{
			"number": dl.Number, "note": dl.Note, "expected_at": dl.ExpectedAt, "lines": told,
		})
		if err != nil {
			return err
		}
		dl, err = d.Find(ctx, by, dl.ID)
		return err
	})
	return dl, err
}

// correctLines changes the lines of dl, and says what they were and are.
func (d *Dock) correctLines(ctx context.Context, by who.Actor, dl *Delivery, lines []CorrectedLine) (told []map[string]any, err error) {
	var f fault.Faults
	named := make([]inventory.Line, len(lines))
	for i, l := range lines {
		named[i].PartID = l.PartID
	}
	parts, err := d.PartsOf(ctx, named)
	if err != nil {
		return nil, err
	}
	left, err := d.leftOfNote(ctx, *dl)
	if err != nil {
		return nil, err
	}
	seen := map[uuid.UUID]bool{}
	var units []inventory.Counted
	for i, l := range lines {
		at := inventory.LineAt(i)
		p, known := parts[l.PartID]
		if !known || seen[l.PartID] {
			if !known {
				f.Add(at+"/part_id", "no such %s", words.Noun("part"))
			} else {
				f.Add(at+"/part_id", "part %s stands in two lines", p.Number)
			}
			continue
		}
		seen[l.PartID] = true
		was, is := dl.corrected(l)
		if was.Quantity != is.Quantity || !slices.Equal(was.Serials, is.Serials) {
			if dl.countedBy(by.UserID) {
				return nil, fault.New(fault.Forbidden, "nobody changes what a delivery should bring that he counted himself")
			}
			if left != nil && is.Quantity > left[l.PartID] {
				f.Add(at+"/quantity", "%d of it are still to come of delivery note %s", left[l.PartID], dl.NoteNumber)
			}
		}
		is.check(p, at, was.PartID == uuid.Nil && l.Quantity == nil, &f)
		units = append(units, inventory.Counted{Part: p, Serials: without(is.Serials, was.Serials), At: inventory.Pointers{Line: at, Serial: at + "/serials"}})
		told = append(told, map[string]any{"part_id": l.PartID, "before": was.announced(), "after": is.announced()})
	}
	if err := d.checkAtSupplier(ctx, by, units, &f); err != nil {
		return nil, err
	}
	return told, f.Err(fault.Invalid, "the request cannot be met as it is")
}

// corrected changes or adds a line, and says what it was; the zero Line where there was none.
func (d *Delivery) corrected(c CorrectedLine) (was, is Line) {
	i := slices.IndexFunc(d.Lines, func(l Line) bool { return l.PartID == c.PartID })
	if i < 0 {
		i = len(d.Lines)
		d.Lines = append(d.Lines, Line{DeliveryID: d.ID, PartID: c.PartID})
	} else {
		was = d.Lines[i]
	}
	l := &d.Lines[i]
	set(&l.Quantity, c.Quantity)
	set(&l.UnitCost, c.UnitCost)
	set(&l.Serials, c.Serials)
	return was, *l
}

// check adds to f what of an announced line does not agree.
func (l Line) check(p inventory.Part, at string, unsaid bool, f *fault.Faults) {
	switch {
	case unsaid:
		f.Add(at+"/quantity", "is required")
	case len(l.Serials) > 0 && !p.Serialized:
		f.Add(at+"/serials", "part %s has no serials", p.Number)
	case len(l.Serials) > 0 && len(l.Serials) != l.Quantity:
		f.Add(at+"/quantity", "%d serials are named", len(l.Serials))
	}
}

// announced is what of a line the announcement says.
func (l Line) announced() map[string]any {
	return map[string]any{"quantity": l.Quantity, "unit_cost": l.UnitCost, "serials": l.Serials}
}

func (d Delivery) countedBy(person uuid.UUID) bool {
	return slices.ContainsFunc(d.Entries, func(e Entry) bool { return e.CountedBy != nil && *e.CountedBy == person })
}

// leftOfNote is how many of each part a rest by the same delivery note may bring; nil where it is no such rest.
func (d *Dock) leftOfNote(ctx context.Context, dl Delivery) (map[uuid.UUID]int, error) {
	if dl.RestOfID == nil || !dl.SameNote {
		return nil, nil
	}
	first, err := d.lock(ctx, who.System, *dl.RestOfID)
	if err != nil {
		return nil, err
	}
	left := first.toCome()
	for _, l := range dl.Lines {
		left[l.PartID] += l.Quantity
	}
	return left, nil
}

const (
	saveAnnouncementSQL = `UPDATE deliveries SET note = $2, expected_at = $3, version = $4, updated_at = $5 WHERE id = $1`

	saveAnnouncedLineSQL = `
INSERT INTO delivery_lines (delivery_id, line, part_id, quantity, unit_cost, serials)
SELECT $1, (SELECT max(line) + 1 FROM delivery_lines WHERE delivery_id = $1), $2, $3, $4, $5
ON CONFLICT ON CONSTRAINT one_delivery_line_per_part DO UPDATE SET quantity = excluded.quantity, unit_cost = excluded.unit_cost, serials = excluded.serials`
)

func (d *Dock) saveCorrection(ctx context.Context, dl *Delivery) error {
	dl.UpdatedAt = d.Now()
	if _, err := pg.Exec(ctx, d.DB(), saveAnnouncementSQL, dl.ID, dl.Note, dl.ExpectedAt, dl.Version, dl.UpdatedAt); err != nil {
		return pg.Fault(err, "delivery")
	}
	for _, l := range dl.Lines {
		if _, err := pg.Exec(ctx, d.DB(), saveAnnouncedLineSQL, dl.ID, l.PartID, l.Quantity, l.UnitCost, orNone(l.Serials)); err != nil {
			return pg.Fault(err, "delivery")
		}
	}
	return nil
}
