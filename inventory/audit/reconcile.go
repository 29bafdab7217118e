package audit

import (
	"context"
	"slices"
	"strings"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Reconcile holds what went in and out against what is there, for every holder and part within
// the actor's scope. All figures are of one moment, whatever is booked meanwhile.
func (a *Auditor) Reconcile(ctx context.Context, by who.Actor, q Query) (Report, error) {
	d, err := a.begin(ctx, by, q)
	if err != nil {
		return Report{}, err
	}
	r := d.Report
	if r.Rows, err = a.rows(ctx, d, narrow{}); err != nil {
		return Report{}, err
	}
	r.Totals = total(r.Rows)
	return r, nil
}

// draft is a report that has no rows yet, with what its statements ask by.
type draft struct {
	Report
	args      []any
	returnsAt time.Time // the moment of the old parts that are expected
	base      end       // the locked end that the figures begin with
	lock      end       // the locked period that the end lies in
}

// begin settles what a query is about and by which locked periods it is reckoned.
func (a *Auditor) begin(ctx context.Context, by who.Actor, q Query) (d draft, err error) {
	if q, err = a.settle(ctx, q); err != nil {
		return d, err
	}
	if err := a.blind(ctx, by, q); err != nil {
		return d, err
	}
	bases, err := pg.Query[end](ctx, a.ledger.DB(), baseSQL, q.From)
	if err != nil {
		return d, err
	}
	locks, err := pg.Query[end](ctx, a.ledger.DB(), keptSQL, q.To)
	if err != nil {
		return d, err
	}
	d = draft{
		Report: Report{Query: q, At: a.ledger.Now(), Locked: len(locks) == 1},
		args:   append(a.args(by, q), q.From, q.To), base: inventory.One(bases), lock: inventory.One(locks),
	}
	if len(bases) == 1 {
		d.Since = &d.base.EndsAt
	}
	d.returnsAt = d.At
	if q.To.Before(d.At) {
		d.returnsAt = q.To
	}
	if d.Locked {
		d.At = d.lock.LockedAt.UTC()
	}
	d.args = append(d.args, d.returnsAt)
	d.Only, err = a.only(ctx, by, q)
	return d, err
}

// narrow are the rows that alone are wanted: a holder and a part each, and the places of the holders. The
// zero narrow wants all.
type narrow struct {
	places  []uuid.UUID // nil: wherever they are
	holders []uuid.UUID // uuid.Nil where the rows are by part
	parts   []uuid.UUID
}

// reckon has fn ask what takes long.
func (a *Auditor) reckon(ctx context.Context, fn func(context.Context) error) error {
	return a.ledger.DB().InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, a.ledger.DB(), elbowRoomSQL); err != nil {
			return err
		}
		return fn(ctx)
	})
}

// rows adds up the figures of rows, in the order of their places.
func (a *Auditor) rows(ctx context.Context, d draft, n narrow) ([]Row, error) {
	var pools []pooled
	err := a.reckon(ctx, func(ctx context.Context) (err error) {
		pools, err = pg.Query[pooled](ctx, a.ledger.DB(), figuresSQL,
			append(slices.Clone(d.args), d.base.ID, d.base.EndsAt, d.lock.ID, d.lock.EndsAt, n.places, n.holders, n.parts)...)
		return err
	})
	rows := joined(pools)
	slices.SortFunc(rows, func(a, b Row) int { return a.Place().Compare(b.Place()) })
	return rows, err
}

// Only names what a report is about where that is not everything; what is empty does not narrow it.
type Only struct {
	Outlet     string
	Technician string
	Part       string
	Place      string
}

// onlySQL names what a query asks for, as far as it is within the actor's scope.
const onlySQL = `
SELECT coalesce(o.name, $3::uuid::text, '') AS outlet, coalesce(t.name, $4::uuid::text, '') AS technician,
  coalesce(p.number || ' ' || p.name, $6::uuid::text, '') AS part, coalesce(l.code || ' ' || l.name, $5::uuid::text, '') AS place
FROM (VALUES (1)) AS x
LEFT JOIN outlets o ON o.id = coalesce($3::uuid, $1) AND ($1::uuid IS NULL OR o.id = $1)
LEFT JOIN technicians t ON t.id = coalesce($4::uuid, $2) AND ($2::uuid IS NULL OR t.id = $2) AND ($1::uuid IS NULL OR t.outlet_id = $1)
LEFT JOIN locations l ON l.id = $5 AND ($1::uuid IS NULL OR l.outlet_id = $1)
LEFT JOIN parts p ON p.id = $6`

func (a *Auditor) only(ctx context.Context, by who.Actor, q Query) (Only, error) {
	rows, err := pg.Query[Only](ctx, a.ledger.DB(), onlySQL, a.args(by, q)[1:]...)
	return inventory.One(rows), err
}

// total sums the rows by currency.
func total(rows []Row) []Totals {
	var all []Totals
	for _, r := range rows {
		i := slices.IndexFunc(all, func(t Totals) bool { return t.Currency == r.Currency })
		if i < 0 {
			i, all = len(all), append(all, Totals{Currency: r.Currency})
		}
		t := &all[i]
		u := t.of(r.Unit)
		u.Figures, u.Short = u.plus(r.Figures), u.Short+r.Short
		if v := r.Values(); v != nil {
			t.Values, u.Values = t.Values.worthPlus(*v), u.Values.worthPlus(*v)
		} else {
			t.Unpriced++
		}
		t.Rows++
		t.Unsound += one(!r.Holds())
		t.Variances += one(r.Variance != 0)
		t.OpenReturns += r.OpenReturns
		t.OverdueReturns += r.OverdueReturns
	}
	slices.SortFunc(all, func(a, b Totals) int { return strings.Compare(a.Currency, b.Currency) })
	for _, t := range all {
		slices.SortFunc(t.Units, func(a, b UnitTotals) int { return strings.Compare(a.Unit, b.Unit) })
	}
	return all
}

// of is the sum of a unit, begun where there is none.
func (t *Totals) of(unit string) *UnitTotals {
	i := slices.IndexFunc(t.Units, func(u UnitTotals) bool { return u.Unit == unit })
	if i < 0 {
		i, t.Units = len(t.Units), append(t.Units, UnitTotals{Unit: unit})
	}
	return &t.Units[i]
}
