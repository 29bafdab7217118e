package audit

import (
	"fmt"
	"math"
	"slices"
	"time"

	"callout/internal/words"

	"golang.org/x/text/currency"
)

// money is an amount in minor units of a currency.
type money struct {
	minor    int64
	currency string
}

// scale is how many digits of the amount stand behind the point: two where the currency is unknown.
func (m money) scale() int {
	unit, err := currency.ParseISO(m.currency)
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale
}

// major is the amount in the currency itself.
func (m money) major() float64 { return float64(m.minor) / math.Pow10(m.scale()) }

// String is the amount to the last digit.
func (m money) String() string { return fmt.Sprintf("%.*f", m.scale(), m.major()) }

// column is one column of a sheet. A cell is a string, an int, money, or nil where there is nothing to say.
type column struct {
	head  words.Text
	cell  func(Row, words.Language) any
	sum   func(sum, words.Language) any // nil: none
	owner bool                          // it says whose the row is: a report by part has none
}

// sum is a line below the rows: of one unit, or of all that a currency has several of.
type sum struct {
	UnitTotals
	of    Totals
	mixed bool // of several units: what has a value alone can be added up
	last  bool // the currency's last line: what counts rows and returns stands in it
}

// sums are the lines below the rows.
func (r Report) sums() []sum {
	var all []sum
	for _, t := range r.Totals {
		for _, u := range t.Units {
			all = append(all, sum{UnitTotals: u, of: t, last: len(t.Units) == 1})
		}
		if len(t.Units) != 1 {
			all = append(all, sum{UnitTotals: UnitTotals{Values: t.Values}, of: t, mixed: true, last: true})
		}
	}
	return all
}

// pieces is a column of pieces.
func pieces(head words.Text, of func(Figures) int) column {
	return column{head: head, cell: func(r Row, _ words.Language) any { return of(r.Figures) }, sum: func(s sum, _ words.Language) any {
		if s.mixed {
			return nil
		}
		return of(s.Figures)
	}}
}

// worth is a column of what pieces are worth.
func worth(head words.Text, of func(Figures) int) column {
	return column{head: head, cell: func(r Row, _ words.Language) any {
		if v := r.Values(); v != nil {
			return money{int64(of(*v)), r.Currency}
		}
		return nil
	}, sum: func(s sum, _ words.Language) any { return money{int64(of(s.Values)), s.of.Currency} }}
}

// returns is a column of old parts.
func returns(head words.Text, of func(Row) int, total func(Totals) int) column {
	return column{head: head, cell: func(r Row, _ words.Language) any { return of(r) }, sum: func(s sum, _ words.Language) any {
		if !s.last {
			return nil
		}
		return total(s.of)
	}}
}

// The figures of a row, in the order of the equation.
var (
	opening  = func(f Figures) int { return f.Opening }
	issued   = func(f Figures) int { return f.Issued }
	used     = func(f Figures) int { return f.Used }
	returned = func(f Figures) int { return f.Returned }
	variance = func(f Figures) int { return f.Variance }
	closing  = func(f Figures) int { return f.Closing }
)

var (
	codeColumn   = column{head: words.Say("Code"), cell: func(r Row, _ words.Language) any { return r.HolderCode }, owner: true}
	holderColumn = column{head: words.Say("Holder"), cell: func(r Row, l words.Language) any { return r.HolderKind.Called(r.HolderName).In(l) }, owner: true}
	partColumn   = column{head: words.Say("Part"), cell: func(r Row, _ words.Language) any { return r.PartNumber }}
	nameColumn   = column{head: words.Say("Name"), cell: func(r Row, l words.Language) any { return r.PartIn(l) }}
	unitColumn   = column{head: words.Say("Unit"), cell: func(r Row, l words.Language) any { return words.Word(l, r.Unit) }, sum: func(s sum, l words.Language) any {
		if s.mixed {
			return nil
		}
		return words.Word(l, s.Unit)
	}}
	currencyColumn = column{head: words.Say("Currency"), cell: func(r Row, _ words.Language) any { return r.Currency }, sum: func(s sum, _ words.Language) any { return s.of.Currency }}
	soundColumn    = column{head: words.Say("Adds up"), cell: func(r Row, l words.Language) any { return yes(r.Holds(), l) }}
	shortColumn    = column{head: words.Say("Short"), cell: func(r Row, _ words.Language) any { return r.Short }, sum: func(s sum, _ words.Language) any {
		if s.mixed {
			return nil
		}
		return s.Short
	}}
	openColumn    = returns(words.Say("Open returns"), func(r Row) int { return r.OpenReturns }, func(t Totals) int { return t.OpenReturns })
	overdueColumn = returns(words.Say("Overdue returns"), func(r Row) int { return r.OverdueReturns }, func(t Totals) int { return t.OverdueReturns })
	ageColumn     = column{head: words.Say("Oldest return, days"), cell: func(r Row, _ words.Language) any { return age(r) }}
	costColumn    = column{head: words.Say("Unit cost"), cell: func(r Row, _ words.Language) any {
		if r.UnitCost == nil {
			return nil
		}
		return money{*r.UnitCost, r.Currency}
	}}
)

// columns are those of the spreadsheet.
var columns = []column{
	codeColumn, holderColumn, partColumn, nameColumn, unitColumn,
	pieces(words.Say("Opening"), opening), pieces(words.Say("Issued"), issued), pieces(words.Say("Used"), used),
	pieces(words.Say("Returned"), returned), pieces(words.Say("Variance"), variance), pieces(words.Say("Closing"), closing),
	soundColumn, shortColumn, openColumn, overdueColumn, ageColumn, currencyColumn, costColumn,
	worth(words.Say("Opening value"), opening), worth(words.Say("Issued value"), issued), worth(words.Say("Used value"), used),
	worth(words.Say("Returned value"), returned), worth(words.Say("Variance value"), variance), worth(words.Say("Closing value"), closing),
}

// columns are those of the spreadsheet that the report has something for.
func (r Report) columns() []column {
	if r.By != ByPart {
		return columns
	}
	return slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return c.owner })
}

// label is what stands before a line of sums.
func (s sum) label() words.Text {
	if s.mixed {
		return words.Say("Total, all units")
	}
	return words.Say("Total")
}

func yes(is bool, l words.Language) string {
	if is {
		return words.Say("yes").In(l)
	}
	return words.Say("NO").In(l)
}

func age(r Row) any {
	if r.OldestReturnAt == nil {
		return nil
	}
	return r.OldestReturnAge
}

// PartIn is the part's name in a language.
func (r Row) PartIn(l words.Language) string {
	return words.Either(l, r.PartName, r.PartNameZh)
}

// stamp is a moment as it stands on a sheet.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// title is what a sheet is called.
func (r Report) title() words.Text { return words.Say("Stock reconciliation by %s", words.Noun(r.By)) }

// preamble are the lines above the table.
func (r Report) preamble() []words.Text {
	verdict := words.Say("The equation holds in every row: opening + issued - used - returned - variance = closing.")
	if !r.Sound() {
		broken := 0
		for _, row := range r.Rows {
			broken += one(!row.Holds())
		}
		verdict = words.Say("THE EQUATION DOES NOT HOLD in %d of %d rows: opening + issued - used - returned - variance = closing.", broken, len(r.Rows))
	}
	drawn, costs := words.Say("From %s to %s, as booked; drawn up %s", stamp(r.From), stamp(r.To), stamp(r.At)),
		words.Say("Loss is positive variance. Values are pieces times the moving average of the day of drawing up.")
	if r.Locked {
		drawn = words.Say("From %s to %s, as booked and locked %s", stamp(r.From), stamp(r.To), stamp(r.At))
		costs = words.Say("Loss is positive variance. Values are pieces times the average cost that was kept when the period was locked.")
	}
	return append(append([]words.Text{drawn}, r.only()...), verdict, costs)
}

// only are the lines that say what the report leaves out.
func (r Report) only() []words.Text {
	var lines []words.Text
	for _, o := range []struct {
		name string
		line words.Text
	}{
		{r.Period, words.Say("Only the locked period %s", r.Period)},
		{r.Only.Outlet, words.Say("Only the outlet %s", r.Only.Outlet)},
		{r.Only.Technician, words.Say("Only the technician %s", r.Only.Technician)},
		{r.Only.Part, words.Say("Only the part %s", r.Only.Part)},
		{r.Only.Place, words.Say("Only the place %s", r.Only.Place)},
	} {
		if o.name != "" {
			lines = append(lines, o.line)
		}
	}
	if len(lines) == 0 {
		lines = append(lines, words.Say("Of everything: no filter"))
	}
	return lines
}

// FileName is a name for a file of the report, without its extension.
func (r Report) FileName() string {
	return "reconciliation-" + string(r.By) + "-" + r.From.UTC().Format(time.DateOnly) + "-" + r.To.UTC().Format(time.DateOnly)
}
