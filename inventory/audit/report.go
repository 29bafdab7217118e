package audit

import (
	"cmp"
	"slices"
	"strings"
	"time"

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

// plus adds two rows of figures.
func (f Figures) plus(o Figures) Figures {
	return Figures{
		f.Opening + o.Opening, f.Issued + o.Issued, f.Used + o.Used, f.Returned + o.Returned, f.Variance + o.Variance, f.Closing + o.Closing,
	}
}

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
	UnitCost        *int64 // of good stock where there is any, in minor units of Currency; nil where nobody said what the part costs
	Currency        string
	OpenReturns     int // old parts that are expected at the end, or now where that is earlier
	OverdueReturns  int
	OldestReturnAt  *time.Time // since when the oldest of them is expected
	OldestReturnAge int        // in whole days

	worth *Figures // nil: the figures at the unit cost
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

// Place is where a row stands among the others: what needs attention first, then by name. A page
// finds the same order with pageSQL.
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

// UnitTotals sum the rows of one currency whose parts have one unit: metres are not added to cans.
type UnitTotals struct {
	Figures
	Unit   string
	Values Figures
	Short  int
}

// Totals sum the rows of one currency. Their values leave out what costs nobody knows.
type Totals struct {
	Currency       string
	Units          []UnitTotals // what can be added up, unit by unit
	Values         Figures
	Unpriced       int // rows whose part's cost nobody knows
	Rows           int
	Unsound        int
	Variances      int // rows with a variance
	OpenReturns    int
	OverdueReturns int
}

// Report is a reconciliation: its rows are in the order of their places.
type Report struct {
	Query
	At     time.Time  // when it was drawn up, or its period was locked
	Since  *time.Time // the locked end that the figures begin with
	Locked bool       // the end lies in a locked period: the costs are those that its lock kept
	Only   Only
	Rows   []Row
	Totals []Totals // by currency
}

// Sound says whether the equation holds in every row.
func (r Report) Sound() bool {
	return !slices.ContainsFunc(r.Rows, func(row Row) bool { return !row.Holds() })
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
