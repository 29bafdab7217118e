package counts

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"callout/internal/words"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/currency"
)

// heads are the columns of a variance sheet, and how wide they are.
var heads = []struct {
	text  words.Text
	width float64
}{
	{words.Say("Place"), 20},
	{words.Say("Part"), 16},
	{words.Say("Name"), 24},
	{words.Say("Counted"), 10},
	{words.Say("Expected"), 10},
	{words.Say("Told afterwards"), 12},
	{words.Say("Variance"), 10},
	{words.Say("Value"), 12},
	{words.Say("Currency"), 10},
	{words.Say("Reason"), 16},
	{words.Say("Note"), 24},
	{words.Say("Units that differ"), 48},
	{words.Say("Not counted, kept because"), 32},
	{words.Say("Value kept"), 12},
}

// XLSX is the sheet as a spreadsheet in a language. A text never becomes a formula, whatever it
// begins with.
func (s Sheet) XLSX(l words.Language) (b []byte, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("spreadsheet of a count: %w", err)
		}
	}()
	x := excelize.NewFile()
	defer func() { _ = x.Close() }()
	title := words.Say("Count %s of %s", s.Count.Number, s.Count.LocationKind.Called(s.Count.LocationName)).In(l)
	name := words.Say("Variances").In(l)
	if err := x.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	if err := x.SetDocProps(&excelize.DocProperties{Title: title, Creator: "Callout", Created: s.Count.CreatedAt.UTC().Format("2006-01-02T15:04:05Z")}); err != nil {
		return nil, err
	}
	bold, err := x.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	w, err := x.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, h := range heads {
		if err := w.SetColWidth(i+1, i+1, h.width); err != nil {
			return nil, err
		}
	}
	for n, row := range s.rows(l, title, bold) {
		if err := w.SetRow(fmt.Sprintf("A%d", n+1), row); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// rows are the cells of the spreadsheet from top to bottom.
func (s Sheet) rows(l words.Language, title string, bold int) [][]any {
	strong := func(v any) any { return excelize.Cell{StyleID: bold, Value: v} }
	state := words.Word(l, string(s.Count.Status))
	if at := s.Count.ApprovedAt; at != nil {
		state += " " + at.UTC().Format("2006-01-02 15:04 UTC")
	}
	head := make([]any, len(heads))
	for i, h := range heads {
		head[i] = strong(h.text.In(l))
	}
	all := [][]any{{strong(title)}, {state}, {}, head}
	for _, v := range s.Lines {
		all = append(all, v.cells(l))
	}
	for _, t := range s.Totals {
		total := make([]any, len(heads))
		total[0], total[8] = strong(words.Say("Total").In(l)), strong(t.Currency)
		total[7] = strong(major(t.Over-t.Under, t.Currency))
		if t.KeptLines > 0 {
			total[12], total[13] = strong(words.Say("Kept without being counted, %d lines", t.KeptLines).In(l)), strong(major(t.KeptWorth, t.Currency))
		}
		all = append(all, total)
	}
	return all
}

// cells are the cells of one line.
func (v Variance) cells(l words.Language) []any {
	cells := []any{v.LocationKind.Called(v.LocationName).In(l), v.PartNumber, words.Either(l, v.PartName, v.PartNameZh), nil, nil, nil, nil, nil, v.Currency, nil, v.Note, v.units(l), nil, nil}
	if v.Counted != nil {
		cells[3], cells[4], cells[5], cells[6], cells[7] = *v.Counted, *v.Expected, v.Told, v.Over, major(v.Worth, v.Currency)
	}
	if v.Kept() {
		cells[4], cells[12], cells[13] = *v.Expected, *v.KeptReason, major(v.KeptWorth(), v.Currency)
	}
	if v.Reason != nil {
		cells[9] = words.Word(l, string(*v.Reason))
	}
	return cells
}

// units says which units differ, and how.
func (v Variance) units(l words.Language) string {
	var all []string
	for _, d := range v.Differs {
		said := words.Say("%s %s", d.Serial, d.Difference)
		if d.BooksName != nil {
			said = words.Say("%s %s, by the books in %s", d.Serial, d.Difference, d.BooksKind.Called(*d.BooksName))
		}
		all = append(all, said.In(l))
	}
	return strings.Join(all, "; ")
}

// major is an amount of minor units in the currency itself.
func major(minor int64, iso string) float64 {
	digits := 2
	if unit, err := currency.ParseISO(iso); err == nil {
		digits, _ = currency.Standard.Rounding(unit)
	}
	return float64(minor) / math.Pow10(digits)
}
