package audit

import (
	"fmt"
	"math"
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
	width float64 // on paper, in mm; 0: only in the spreadsheet
	cell  func(Row, words.Language) any
	sum   func(Totals) any // nil: none
}

// count is a column of pieces.
func count(head words.Text, of func(Figures) int) column {
	return column{head, 13, func(r Row, _ words.Language) any { return of(r.Figures) }, func(t Totals) any { return of(t.Figures) }}
}

// worth is the column of what the pieces of another are worth.
func worth(head words.Text, width float64, of func(Figures) int) column {
	return column{head, width, func(r Row, _ words.Language) any {
		if v := r.Values(); v != nil {
			return money{int64(of(*v)), r.Currency}
		}
		return nil
	}, func(t Totals) any { return money{int64(of(t.Values)), t.Currency} }}
}

var columns = []column{
	{words.Say("Code"), 0, func(r Row, _ words.Language) any { return r.HolderCode }, nil},
	{words.Say("Holder"), 30, func(r Row, l words.Language) any { return r.HolderKind.Called(r.HolderName).In(l) }, nil},
	{words.Say("Part"), 25, func(r Row, _ words.Language) any { return r.PartNumber }, func(t Totals) any { return t.Currency }},
	{words.Say("Name"), 35, func(r Row, l words.Language) any { return r.PartIn(l) }, nil},
	{words.Say("Unit"), 11, func(r Row, l words.Language) any { return words.Word(l, r.Unit) }, nil},
	count(words.Say("Opening"), func(f Figures) int { return f.Opening }),
	count(words.Say("Issued"), func(f Figures) int { return f.Issued }),
	count(words.Say("Used"), func(f Figures) int { return f.Used }),
	count(words.Say("Returned"), func(f Figures) int { return f.Returned }),
	count(words.Say("Variance"), func(f Figures) int { return f.Variance }),
	count(words.Say("Closing"), func(f Figures) int { return f.Closing }),
	{words.Say("Adds up"), 11, func(r Row, l words.Language) any { return yes(r.Holds(), l) }, nil},
	{words.Say("Short"), 11, func(r Row, _ words.Language) any { return r.Short }, func(t Totals) any { return t.Short }},
	{words.Say("Open returns"), 14, func(r Row, _ words.Language) any { return r.OpenReturns }, func(t Totals) any { return t.OpenReturns }},
	{words.Say("Overdue returns"), 15, func(r Row, _ words.Language) any { return r.OverdueReturns }, func(t Totals) any { return t.OverdueReturns }},
	{words.Say("Oldest return, days"), 14, func(r Row, _ words.Language) any { return age(r) }, nil},
	{words.Say("Currency"), 15, func(r Row, _ words.Language) any { return r.Currency }, func(t Totals) any { return t.Currency }},
	{words.Say("Unit cost"), 0, func(r Row, _ words.Language) any {
		if r.UnitCost == nil {
			return nil
		}
		return money{*r.UnitCost, r.Currency}
	}, nil},
	worth(words.Say("Opening value"), 0, func(f Figures) int { return f.Opening }),
	worth(words.Say("Issued value"), 0, func(f Figures) int { return f.Issued }),
	worth(words.Say("Used value"), 0, func(f Figures) int { return f.Used }),
	worth(words.Say("Returned value"), 0, func(f Figures) int { return f.Returned }),
	worth(words.Say("Variance value"), 0, func(f Figures) int { return f.Variance }),
	worth(words.Say("Closing value"), 18, func(f Figures) int { return f.Closing }),
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
