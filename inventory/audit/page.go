package audit

import (
	"context"
	"slices"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Page is a page of the rows of a reconciliation. What is of all rows comes with the first alone: the
// others add up their own rows and no more.
type Page struct {
	Report
	First bool
	Count int // of all rows; with the first page
	Next  *Cursor
}

// Cursor is the row after which a page begins, in the time that its reconciliation is about.
type Cursor struct {
	From, To time.Time
	Urgency  int
	Weight   int
	Holder   uuid.UUID // uuid.Nil where the rows are by part
	Part     uuid.UUID
}

// rest are the rows that follow the cursor, of all.
func (c Cursor) rest(all []Row) []Row {
	if c == (Cursor{}) {
		return all
	}
	if i := slices.IndexFunc(all, func(r Row) bool { return r.PartID == c.Part && r.Place().ID == c.Holder }); i >= 0 {
		return all[i+1:]
	}
	// It is another row by now: from the next that would stand after it.
	for i, r := range all {
		if p := r.Place(); p.Urgency > c.Urgency || p.Urgency == c.Urgency && p.Weight < c.Weight {
			return all[i:]
		}
	}
	return nil
}

// at is where a page that ends with the row is gone on from.
func (d draft) at(r Row) *Cursor {
	p := r.Place()
	return &Cursor{From: d.From, To: d.To, Urgency: p.Urgency, Weight: p.Weight, Holder: p.ID, Part: r.PartID}
}

// ReconcilePage is what Reconcile says, a page at a time; the zero Cursor begins.
func (a *Auditor) ReconcilePage(ctx context.Context, by who.Actor, q Query, after Cursor, limit int) (Page, error) {
	first := after == Cursor{}
	if !first && q.Period == "" {
		q.From, q.To = after.From, after.To
	}
	d, err := a.begin(ctx, by, q)
	if err != nil {
		return Page{}, err
	}
	p := Page{Report: d.Report, First: first}
	// Where the books are unsound only the sums of all say which rows are.
	if first || after.Urgency == 0 {
		var all []Row
		if all, err = a.rows(ctx, d, narrow{}); err != nil {
			return Page{}, err
		}
		if first {
			p.Totals, p.Count = total(all), len(all)
		}
		p.Rows = after.rest(all)
	} else if p.Rows, err = a.further(ctx, d, after, limit+1); err != nil {
		return Page{}, err
	}
	if len(p.Rows) > limit {
		p.Rows = p.Rows[:limit]
		p.Next = d.at(p.Rows[limit-1])
	}
	return p, nil
}

// mostAsked is how many rows are added up at once at the most.
const mostAsked = 4000

// further are the next rows after a cursor, so many or all that are left. Which they are, what needs
// attention tells without the sums; then only these are added up.
func (a *Auditor) further(ctx context.Context, d draft, after Cursor, most int) ([]Row, error) {
	var all []Row
	// Some turn out to be of nothing; where many do, more are asked for.
	for batch := most; len(all) < most; batch = min(4*batch, mostAsked) {
		var keys []Cursor
		var rows []Row
		err := a.reckon(ctx, func(ctx context.Context) (err error) {
			if keys, err = pg.Query[Cursor](ctx, a.ledger.DB(), pageSQL, append(slices.Clone(d.args), after.Urgency, after.Weight, after.Holder, after.Part, batch)...); err != nil {
				return err
			}
			rows, err = a.rowsOf(ctx, d, keys)
			return err
		})
		if err != nil {
			return nil, err
		}
		// One that became unsound meanwhile would stand before the cursor.
		all = append(all, slices.DeleteFunc(rows, func(r Row) bool { return !r.Holds() })...)
		if len(keys) < batch {
			break
		}
		after = keys[len(keys)-1]
	}
	return all, nil
}

// rowsOf adds up the rows of holders and parts.
func (a *Auditor) rowsOf(ctx context.Context, d draft, keys []Cursor) ([]Row, error) {
	n := narrow{holders: make([]uuid.UUID, len(keys)), parts: make([]uuid.UUID, len(keys))}
	for i, k := range keys {
		n.holders[i], n.parts[i] = k.Holder, k.Part
	}
	if d.By != ByPart { // whose rows are of every place
		places, err := pg.Query[struct{ ID uuid.UUID }](ctx, a.ledger.DB(), placesOfSQL, append(slices.Clone(d.args[:6]), n.holders)...)
		if err != nil {
			return nil, err
		}
		n.places = make([]uuid.UUID, len(places))
		for i, p := range places {
			n.places[i] = p.ID
		}
	}
	return a.rows(ctx, d, n)
}

const placesOfSQL = placesSQL + ` SELECT id FROM places WHERE coalesce(holder, '00000000-0000-0000-0000-000000000000') = ANY ($7)`

// pageSQL are the rows that follow a cursor ($11 to $14), in the order of their places. Every place that
// ever held a part has its balance, and what needs attention shows in the movements between $8 and $9
// alone, and in the old parts that are expected.
const pageSQL = placesSQL + `, legs AS (` + legsSQL + `
), marks AS (
  SELECT p.holder, m.part_id, m.n AS variance, 0 AS short, 0 AS returns, 0 AS overdue
  FROM legs m ` + bordersSQL + `
  WHERE m.other = ANY (ARRAY(SELECT id FROM outer_places)) AND m.booked_at >= $8 AND m.booked_at < $9 AND ($7::uuid IS NULL OR m.part_id = $7) AND q.id IS NULL
  UNION ALL
  SELECT p.holder, m.part_id, 0, m.short, 0, 0
  FROM (SELECT id, part_id, short, booked_at, from_location AS place, to_location AS other FROM movements WHERE short > 0) m ` + bordersSQL + `
  WHERE m.booked_at >= $8 AND m.booked_at < $9 AND ($7::uuid IS NULL OR m.part_id = $7) AND q.id IS NULL AND ` + standsSQL + `
  UNION ALL SELECT r.holder, r.part_id, 0, 0, r.returns, r.overdue FROM (` + returnsSQL + `) r
  UNION ALL
  SELECT DISTINCT p.holder, b.part_id, 0, 0, 0, 0 FROM balances b JOIN places p ON p.id = b.location_id WHERE $7::uuid IS NULL OR b.part_id = $7
), marked AS (
  SELECT holder, part_id, abs(sum(variance)) + sum(short) AS lost, sum(variance) <> 0 OR sum(short) > 0 AS varies, sum(returns) AS returns, sum(overdue) AS overdue
  FROM marks GROUP BY 1, 2
), placed AS (
  SELECT s.holder, s.part_id, CASE WHEN varies THEN 1 WHEN overdue > 0 THEN 2 WHEN returns > 0 THEN 3 ELSE 4 END AS urgency,
    (CASE WHEN varies THEN lost WHEN overdue > 0 THEN overdue ELSE returns END)::int AS weight,
    ` + holderNameSQL + ` COLLATE "C" AS name, p.number COLLATE "C" AS number, coalesce(s.holder, '00000000-0000-0000-0000-000000000000') AS id
  FROM marked s JOIN parts p ON p.id = s.part_id
  ` + holdersSQL + `
), cursor AS (
  SELECT ` + holderNameSQL + ` COLLATE "C" AS name, coalesce(p.number, '') COLLATE "C" AS number
  FROM (SELECT $13::uuid AS holder) s LEFT JOIN parts p ON p.id = $14
  ` + holdersSQL + `
)
SELECT r.urgency, r.weight, r.id AS holder, r.part_id AS part FROM placed r, cursor c
WHERE (r.urgency, -r.weight, r.name, r.number, r.id) > ($11::int, -$12::int, c.name, c.number, $13)
ORDER BY r.urgency, r.weight DESC, r.name, r.number, r.id LIMIT $15`
