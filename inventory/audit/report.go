package audit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Figures are what one row of a reconciliation adds up: Opening + Issued − Used − Returned −
// Variance = Closing, to the piece. Loss is positive variance, and what was found is negative.
type Figures struct {
	Opening  int // there at the beginning
	Issued   int // all that came in
	Used     int // on jobs
	Returned int // all that went out otherwise
	Variance int // what counts took out, less what they put in
	Closing  int // there at the end: the balance of now, less all that came later
}

// Holds says whether the equation does.
func (f Figures) Holds() bool {
	return f.Opening+f.Issued-f.Used-f.Returned-f.Variance == f.Closing
}

// plus adds two rows of figures, the other so many times.
func (f Figures) plus(o Figures, times int) Figures {
	return Figures{
		f.Opening + o.Opening*times, f.Issued + o.Issued*times, f.Used + o.Used*times,
		f.Returned + o.Returned*times, f.Variance + o.Variance*times, f.Closing + o.Closing*times,
	}
}

// times is the figures' worth at so much a piece.
func (f Figures) times(cost int64) Figures { return Figures{}.plus(f, int(cost)) }

// Row is what a holder had, got and gave of one part.
type Row struct {
	Figures
	HolderID        *uuid.UUID // technician, outlet or location; nil where the rows are by part, or an outlet is nobody's
	HolderCode      string
	HolderName      string
	HolderKind      inventory.Kind // of a location; of vans that nobody drives as well
	PartID          uuid.UUID
	PartNumber      string
	PartName        string
	PartNameZh      string
	Unit            string
	Short           int    // of what was used, how many the books did not have: a flagged variance that the next count settles
	UnitCost        *int64 // the moving average of now in minor units of Currency; nil where nobody said what the part costs
	Currency        string
	OpenReturns     int // old parts that are expected now, whenever they were due
	OverdueReturns  int
	OldestReturnAt  *time.Time // since when the oldest of them is expected
	OldestReturnAge int        // in whole days
}

// Values are the figures at the unit cost, in minor units; nil where that is not known.
func (r Row) Values() *Figures {
	if r.UnitCost == nil {
		return nil
	}
	v := r.times(*r.UnitCost)
	return &v
}

// Attention is why somebody should look at a row.
type Attention string

// The reasons, the most urgent first.
const (
	AttentionUnsound  Attention = "unsound"
	AttentionVariance Attention = "variance" // or a shortage
	AttentionOverdue  Attention = "overdue"
	AttentionReturns  Attention = "open_returns"
	AttentionNone     Attention = "none"
)

var urgency = []Attention{AttentionUnsound, AttentionVariance, AttentionOverdue, AttentionReturns, AttentionNone}

// Attention is the most urgent reason to look at the row.
func (r Row) Attention() Attention {
	switch {
	case !r.Holds():
		return AttentionUnsound
	case r.Variance != 0 || r.Short > 0:
		return AttentionVariance
	case r.OverdueReturns > 0:
		return AttentionOverdue
	case r.OpenReturns > 0:
		return AttentionReturns
	}
	return AttentionNone
}

// weight is how much there is to look at, among rows with the same reason.
func (r Row) weight() int {
	switch r.Attention() {
	case AttentionUnsound:
		return abs(r.Opening + r.Issued - r.Used - r.Returned - r.Variance - r.Closing)
	case AttentionVariance:
		return abs(r.Variance) + r.Short
	case AttentionOverdue:
		return r.OverdueReturns
	case AttentionReturns, AttentionNone:
	}
	return r.OpenReturns
}

func abs(n int) int { return max(n, -n) }

// Place is where a row stands among the others: what needs attention first, then by name.
type Place struct {
	Urgency int
	Weight  int
	Holder  string
	Part    string
	ID      uuid.UUID
}

// Place is where the row stands.
func (r Row) Place() Place {
	p := Place{Urgency: slices.Index(urgency, r.Attention()), Weight: r.weight(), Holder: r.HolderName, Part: r.PartNumber}
	if r.HolderID != nil {
		p.ID = *r.HolderID
	}
	return p
}

// Compare orders places.
func (p Place) Compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Urgency, o.Urgency), cmp.Compare(o.Weight, p.Weight), strings.Compare(p.Holder, o.Holder),
		strings.Compare(p.Part, o.Part), slices.Compare(p.ID[:], o.ID[:]))
}

// Totals sum the rows of one currency. Their values leave out what costs nobody knows.
type Totals struct {
	Figures
	Currency       string
	Values         Figures
	Unpriced       int // rows whose part's cost nobody knows
	Rows           int
	Unsound        int
	Variances      int // rows with a variance
	Short          int // pieces
	OpenReturns    int
	OverdueReturns int
}

// Report is a reconciliation: its rows are in the order of their places.
type Report struct {
	Query
	At     time.Time
	Since  *time.Time // the locked end that the figures begin with
	Rows   []Row
	Totals []Totals // by currency
}

// Sound says whether the equation holds in every row.
func (r Report) Sound() bool {
	return !slices.ContainsFunc(r.Rows, func(row Row) bool { return !row.Holds() })
}

// After cuts the page of rows that follows a place, and says whether that is the last one.
func (r Report) After(p Place, limit int) (page []Row, last bool) {
	from := 0
	if p != (Place{}) {
		found := false
		if from, found = slices.BinarySearchFunc(r.Rows, p, func(row Row, p Place) int { return row.Place().Compare(p) }); found {
			from++
		}
	}
	to := min(from+limit, len(r.Rows))
	return r.Rows[from:to], to == len(r.Rows)
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
		t.Figures = t.plus(r.Figures, 1)
		if v := r.Values(); v != nil {
			t.Values = t.Values.plus(*v, 1)
		} else {
			t.Unpriced++
		}
		t.Rows++
		t.Unsound += one(!r.Holds())
		t.Variances += one(r.Variance != 0)
		t.Short += r.Short
		t.OpenReturns += r.OpenReturns
		t.OverdueReturns += r.OverdueReturns
	}
	slices.SortFunc(all, func(a, b Totals) int { return strings.Compare(a.Currency, b.Currency) })
	return all
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// Reconcile holds what went in and out against what is there, for every holder and part within
// the actor's scope. All figures are of one moment, whatever is booked meanwhile.
func (a *Auditor) Reconcile(ctx context.Context, by who.Actor, q Query) (Report, error) {
	q, err := a.settle(ctx, q)
	if err != nil {
		return Report{}, err
	}
	now := a.ledger.Now()
	bases, err := pg.Query[base](ctx, a.ledger.DB(), baseSQL, q.From)
	if err != nil {
		return Report{}, err
	}
	r := Report{Query: q, At: now}
	if len(bases) == 1 {
		r.Since = &bases[0].EndsAt
	}
	first := inventory.One(bases)
	err = a.ledger.DB().InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, a.ledger.DB(), elbowRoomSQL); err != nil {
			return err
		}
		r.Rows, err = pg.Query[Row](ctx, a.ledger.DB(), figuresSQL, append(a.args(by, q), q.From, q.To, first.ID, first.EndsAt, now)...)
		return err
	})
	if err != nil {
		return Report{}, err
	}
	slices.SortFunc(r.Rows, func(a, b Row) int { return a.Place().Compare(b.Place()) })
	r.Totals = total(r.Rows)
	return r, nil
}
