package audit

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Figure names one of the figures of a row.
type Figure string

// The figures. Opening and closing are the sums of all movements before the beginning and the end.
const (
	FigureOpening  Figure = "opening"
	FigureIssued   Figure = "issued"
	FigureUsed     Figure = "used"
	FigureReturned Figure = "returned"
	FigureVariance Figure = "variance"
	FigureClosing  Figure = "closing"
)

// Drill is what one figure consists of: its sum over all pages, and a page of its movements.
type Drill struct {
	Figure  Figure
	Sum     int
	Entries []Entry
}

// Entry is a movement as far as it counts in a figure.
type Entry struct {
	Amount       int       // what it adds to the figure: negative for a reversal
	LocationID   uuid.UUID // the place among the holder's that it came to or left
	ID           uuid.UUID // of the movement
	PartID       uuid.UUID
	PartNumber   string
	Kind         inventory.MovementKind
	FromLocation uuid.UUID
	FromKind     inventory.Kind
	ToLocation   uuid.UUID
	ToKind       inventory.Kind
	Quantity     int
	Short        int
	Serials      []string
	JobID        *uuid.UUID
	ReferenceID  *uuid.UUID
	ReversesID   *uuid.UUID
	Note         string
	MovedBy      *uuid.UUID
	OccurredAt   time.Time
	BookedAt     time.Time
}

// Step is where an entry stands in its figure: in the order of booking.
type Step struct {
	BookedAt   time.Time
	ID         uuid.UUID
	LocationID uuid.UUID
}

// Step is where the entry stands.
func (e Entry) Step() Step { return Step{e.BookedAt, e.ID, e.LocationID} }

// drilledSQL are the legs behind a figure ($10) between two moments ($8, $9).
const drilledSQL = placesSQL + `, legs AS (` + legsSQL + `
), drilled AS (
  SELECT m.id, m.place, m.booked_at, CASE WHEN $10::text IN ('opening', 'closing', 'issued') THEN m.n ELSE -m.n END AS amount
  FROM legs m ` + bordersSQL + `
  WHERE ($7::uuid IS NULL OR m.part_id = $7) AND m.booked_at < $9 AND m.booked_at >= $8 AND q.id IS NULL
    AND ($10 IN ('opening', 'closing') OR m.figure = $10)
)`

const drillSumSQL = drilledSQL + ` SELECT coalesce(sum(amount), 0)::bigint FROM drilled`

const drillSQL = drilledSQL + `
SELECT d.amount, d.place AS location_id, m.id, m.part_id, p.number AS part_number, m.kind, m.from_location, f.kind AS from_kind,
  m.to_location, t.kind AS to_kind, m.quantity, m.short, m.job_id, m.reference_id, m.reverses_id, m.note, m.moved_by, m.occurred_at, m.booked_at,
  ARRAY(SELECT u.serial FROM unit_moves s JOIN units u ON u.id = s.unit_id WHERE s.movement_id = m.id ORDER BY u.serial) AS serials
FROM (SELECT * FROM drilled WHERE (booked_at, id, place) > ($11, $12, $13) ORDER BY booked_at, id, place LIMIT $14) d
JOIN movements m ON m.id = d.id JOIN parts p ON p.id = m.part_id
JOIN locations f ON f.id = m.from_location JOIN locations t ON t.id = m.to_location
ORDER BY d.booked_at, d.id, d.place`

// Movements returns those behind one figure of the rows that a query leaves, in the order of
// booking, and the place to go on from; zero at the end.
func (a *Auditor) Movements(ctx context.Context, by who.Actor, q Query, figure Figure, after Step, limit int) (Drill, Step, error) {
	q, err := a.settle(ctx, q)
	if err != nil {
		return Drill{}, Step{}, err
	}
	if err := a.blind(ctx, by, q); err != nil {
		return Drill{}, Step{}, err
	}
	from, to := q.From, q.To
	if figure == FigureOpening {
		from, to = time.Time{}, q.From
	}
	if figure == FigureClosing {
		from = time.Time{}
	}
	d := Drill{Figure: figure}
	args := append(a.args(by, q), from, to, figure)
	if d.Sum, err = pg.One[int](ctx, a.ledger.DB(), drillSumSQL, args...); err != nil {
		return d, Step{}, err
	}
	d.Entries, err = pg.Query[Entry](ctx, a.ledger.DB(), drillSQL, append(args, after.BookedAt, after.ID, after.LocationID, limit+1)...)
	if err != nil || len(d.Entries) <= limit {
		return d, Step{}, err
	}
	d.Entries = d.Entries[:limit]
	return d, d.Entries[limit-1].Step(), nil
}
