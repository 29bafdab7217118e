package counts

import (
	"context"
	"math"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Difference is what is wrong with a unit.
type Difference string

// The differences. A unit that moved since it was found has to be counted again.
const (
	DifferenceMissing   Difference = "missing"   // the books have it here, and nobody found it
	DifferenceMisplaced Difference = "misplaced" // found here, and the books have it elsewhere
	DifferenceUnknown   Difference = "unknown"   // found here, and the books do not know it
	DifferenceMoved     Difference = "moved"     // found here, and the books moved it somewhere else since
)

// Sheet is what a count found against what the books say.
type Sheet struct {
	Count  Count
	Lines  []Variance
	Totals []Total
}

// Variance is one line of a sheet.
type Variance struct {
	Line
	Told    int   // what moved before the line was counted and was told afterwards; of units, what the books settled since
	Over    int   // counted - (expected + told); less than nought where something is missing
	Worth   int64 // of Over, at the average of the moment when it was counted, in minor units of Currency
	Late    []Late
	Differs []Differing
}

// Late is a movement that happened before a line was counted and was told afterwards: a phone was offline.
type Late struct {
	LocationID uuid.UUID
	PartID     uuid.UUID
	MovementID uuid.UUID
	Kind       inventory.MovementKind
	Quantity   int // less than nought where it took from the place
	JobNumber  *string
	OccurredAt time.Time
	MovedAt    time.Time
}

// Differing is a unit that is not where the books have it.
type Differing struct {
	Serial     string
	Difference Difference
	BooksAt    *uuid.UUID // where the books have it
	BooksName  *string    // what that place is called
	BooksKind  inventory.Kind
	FoundIn    *uuid.UUID // of what is missing: where this count found it

	booksOutlet *uuid.UUID
	scan        *string
}

// Total is what all variances of one currency are worth, in its minor units, and what nobody counted.
type Total struct {
	Currency  string
	Over      int64
	Under     int64 // as a figure above nought
	KeptLines int   // that nobody counted and that stay as the books have them
	KeptWorth int64 // what the books have of them
}

// Sheet says what differs from the books. Whoever counts in it does not see it before the count is
// over: for him it is a fault.Forbidden.
func (c *Counts) Sheet(ctx context.Context, by who.Actor, id uuid.UUID) (Sheet, error) {
	k, err := c.read(ctx, by, id, "")
	if err == nil {
		err = c.mayLook(ctx, by, k)
	}
	if err != nil {
		return Sheet{}, err
	}
	return c.sheetFor(ctx, by, k)
}

// sheetFor is the sheet of a count as far as the actor may know: where another outlet has a unit is not his affair.
func (c *Counts) sheetFor(ctx context.Context, by who.Actor, k Count) (Sheet, error) {
	s, err := c.sheet(ctx, k)
	for _, v := range s.Lines {
		for i, d := range v.Differs {
			if d.booksOutlet != nil && !by.Sees(d.booksOutlet) {
				v.Differs[i].BooksAt, v.Differs[i].BooksName = nil, nil
			}
		}
	}
	return s, err
}

const counterSQL = `SELECT count(*) FROM count_entries WHERE count_id = $1 AND counted_by = $2`

// mayLook keeps who counts blind.
func (c *Counts) mayLook(ctx context.Context, by who.Actor, k Count) error {
	if k.Status.Over() {
		return nil
	}
	blind := !by.Has(who.Supervisor, who.Admin, who.Inspector)
	if !blind && k.Status != StatusReview {
		n, err := pg.One[int](ctx, c.DB(), counterSQL, k.ID, by.UserID)
		if err != nil {
			return err
		}
		blind = n > 0
	}
	if blind {
		return fault.New(fault.Forbidden, "who counts does not see what the books expect before count %s is over", k.Number)
	}
	return nil
}

const lateSQL = `
SELECT l.location_id, l.part_id, m.id AS movement_id, m.kind, CASE WHEN m.to_location = l.location_id THEN m.quantity ELSE -m.quantity END AS quantity,
  j.number AS job_number, m.occurred_at, m.moved_at
FROM count_lines l JOIN counts c ON c.id = l.count_id
JOIN movements m ON m.part_id = l.part_id AND l.location_id IN (m.from_location, m.to_location)
  AND m.moved_at > m.occurred_at AND m.moved_at > l.counted_at AND m.occurred_at < l.counted_at
  AND (c.approved_at IS NULL OR m.moved_at <= c.approved_at)
LEFT JOIN jobs j ON j.id = m.job_id
WHERE l.count_id = $1 ORDER BY m.occurred_at, m.id`

// sheet holds the lines of a count against the books. Approved lines stay as they were approved.
func (c *Counts) sheet(ctx context.Context, k Count) (Sheet, error) {
	lines, err := c.lines(ctx, k.ID, nil)
	if err != nil {
		return Sheet{}, err
	}
	late, err := pg.Query[Late](ctx, c.DB(), lateSQL, k.ID)
	if err != nil {
		return Sheet{}, err
	}
	of := map[spot][]Late{}
	for _, m := range late {
		s := spot{m.LocationID, m.PartID}
		of[s] = append(of[s], m)
	}
	units, err := c.unitsOf(ctx, lines)
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Count: k, Lines: make([]Variance, len(lines))}
	for i, l := range lines {
		v := Variance{Line: l, Late: of[l.spot()]}
		v.weigh(units)
		s.Lines[i] = v
	}
	s.Totals = totals(s.Lines)
	return s, nil
}

// weigh says by how much a line differs.
func (v *Variance) weigh(u units) {
	if v.Serialized {
		v.Differs = u.differing(v.Line)
	}
	switch {
	case v.Counted == nil:
		return
	case v.Adjusted != nil:
		v.Over = *v.Adjusted
		v.Told = *v.Counted - *v.Expected - v.Over
	case v.Serialized:
		for _, d := range v.Differs {
			if d.Difference == DifferenceMissing {
				v.Over--
			} else {
				v.Over++
			}
		}
		v.Told = *v.Counted - *v.Expected - v.Over
	default:
		for _, m := range v.Late {
			v.Told += m.Quantity
		}
		v.Over = *v.Counted - *v.Expected - v.Told
	}
	v.Worth = int64(math.Round(v.UnitCost * float64(v.Over)))
	if v.Value != nil {
		v.Worth = *v.Value
	}
}

// totals sums what the lines are worth, by currency in the order of the lines.
func totals(lines []Variance) []Total {
	all := []Total{}
	at := map[string]int{}
	for _, l := range lines {
		if _, there := at[l.Currency]; !there {
			at[l.Currency] = len(all)
			all = append(all, Total{Currency: l.Currency})
		}
		t := &all[at[l.Currency]]
		t.Over, t.Under, t.KeptWorth = t.Over+max(0, l.Worth), t.Under+max(0, -l.Worth), t.KeptWorth+l.KeptWorth()
		if l.Kept() {
			t.KeptLines++
		}
	}
	return all
}
