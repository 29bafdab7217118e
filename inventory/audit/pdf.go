package audit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"callout/internal/paper"
	"callout/internal/words"

	"codeberg.org/go-pdf/fpdf"
)

// MostOnPaper is how many rows a printed report has at the most; the spreadsheet has all.
const MostOnPaper = 2000

// The measures of a page, A4 on its side, in millimetres; of the letters in points.
const (
	pageWidth, pageHeight = 297.0, 210.0
	margin                = 10.0
	lineHeight            = 3.9
	rowGap                = 1.1
	cellGap               = 2.5
	bottom                = pageHeight - 14
	letters               = 8.0
)

// printed is a column on paper: what stands in its cell, and what below that.
type printed struct {
	upper, lower column
	width        float64 // in mm
	indent       float64 // of it: a text behind a number keeps away from it
}

// onPaper are the columns that a page has room for: below the pieces of each figure what they are worth.
var onPaper = []printed{
	{upper: holderColumn, width: 29},
	{upper: partColumn, width: 24},
	{upper: nameColumn, width: 33},
	{upper: unitColumn, lower: currencyColumn, width: 16},
	figured("Opening", opening), figured("Issued", issued), figured("Used", used), figured("Returned", returned), figured("Variance", variance), figured("Closing", closing),
	{upper: soundColumn, width: 14, indent: 3},
	{upper: shortColumn, width: 11},
	{upper: openColumn, width: 14},
	{upper: overdueColumn, width: 14},
	{upper: ageColumn, width: 14},
}

// figured is the column of a figure.
func figured(head string, of func(Figures) int) printed {
	return printed{upper: pieces(words.Say(head), of), lower: worth(words.Say("value"), of), width: 18}
}

// sheet is a document that a table is written on.
type sheet struct {
	*fpdf.Fpdf
	columns []printed
	lang    words.Language
	y       float64
}

// PDF is the report on paper in a language: the columns that fit, and the rows that need attention first.
func (r Report) PDF(l words.Language) ([]byte, error) {
	s := sheet{Fpdf: paper.Open(pageWidth, pageHeight, r.title().In(l), r.At), lang: l, columns: slices.Clone(onPaper)}
	if r.By == ByPart { // nobody is the holder: his room is the name's
		s.columns = s.columns[1:]
		s.columns[1].width += onPaper[0].width
	}
	s.page()
	s.SetFontSize(13)
	s.Text(margin, s.y+4, paper.Printable(r.title().In(l)))
	s.SetFontSize(letters)
	s.y += 11
	for _, line := range r.preamble() {
		s.line(line.In(l))
	}
	s.y += lineHeight / 2
	s.head()
	for _, row := range r.Rows[:min(len(r.Rows), MostOnPaper)] {
		s.row(func(c column) any { return c.cell(row, l) }, !row.Holds())
	}
	if left := len(r.Rows) - MostOnPaper; left > 0 {
		s.line(words.Say("%d more rows stand in the spreadsheet.", left).In(l))
	}
	s.rule()
	for _, t := range r.sums() {
		first := true
		s.row(func(c column) any {
			switch {
			case first:
				first = false
				return t.label().In(l)
			case c.sum == nil:
				return nil
			}
			return c.sum(t, l)
		}, false)
	}
	s.number()
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return nil, fmt.Errorf("paper of a reconciliation: %w", err)
	}
	return b.Bytes(), nil
}

// rule draws a line above the next row.
func (s *sheet) rule() { s.Line(margin, s.y-3.5, pageWidth-margin, s.y-3.5) }

// page begins a page.
func (s *sheet) page() {
	s.AddPage()
	s.SetFontSize(letters)
	s.y = margin + 2
}

// number writes onto each page which of how many it is.
func (s *sheet) number() {
	for n, all := 1, s.PageCount(); n <= all; n++ {
		s.SetPage(n)
		s.SetFontSize(letters)
		text := words.Say("Page %d of %d", n, all).In(s.lang)
		s.Text(pageWidth-margin-s.GetStringWidth(text), pageHeight-7, text)
	}
}

// head writes the names of the columns.
func (s *sheet) head() {
	s.row(func(c column) any { return c.head.In(s.lang) }, false)
	s.rule()
}

// line writes a text across the page.
func (s *sheet) line(text string) {
	for _, line := range s.wrapped(paper.Printable(text), pageWidth-2*margin) {
		s.Text(margin, s.y, line)
		s.y += lineHeight
	}
}

// row writes one row of the table, on a grey ground where it must not be overlooked. It is as high
// as its longest text.
func (s *sheet) row(cell func(column) any, loud bool) {
	cells, high := make([][]string, len(s.columns)), 1
	for i, c := range s.columns {
		for _, half := range []column{c.upper, c.lower} {
			if half.cell != nil {
				cells[i] = append(cells[i], s.lines(cell(half), c.width-c.indent-cellGap)...)
			}
		}
		high = max(high, len(cells[i]))
	}
	height := float64(high)*lineHeight + rowGap
	if s.y+height > bottom {
		s.page()
		s.head()
	}
	if loud {
		s.SetFillColor(225, 225, 225)
		s.Rect(margin, s.y-3.3, pageWidth-2*margin, height-0.2, "F")
	}
	x := margin
	for i, c := range s.columns {
		_, worded := c.upper.cell(Row{}, s.lang).(string)
		for n, text := range cells[i] {
			s.write(x+c.indent, s.y+float64(n)*lineHeight, c.width-c.indent-cellGap, text, worded)
		}
		x += c.width
	}
	s.y += height
}

// lines are those of a cell; a number is never divided, and where there is nothing the line is empty.
func (s *sheet) lines(cell any, width float64) []string {
	switch v := cell.(type) {
	case nil:
		return []string{""}
	case string:
		return s.wrapped(paper.Printable(v), width)
	default:
		return []string{fmt.Sprint(v)}
	}
}

// write puts a text at the beginning of a cell, a number at its end: in smaller letters where it is
// too long, for no digit may be missing.
func (s *sheet) write(x, y, width float64, text string, worded bool) {
	wide := s.GetStringWidth(text)
	if wide > width {
		s.SetFontSize(letters * width / wide)
		defer s.SetFontSize(letters)
		wide = width
	}
	if !worded {
		x += width - wide
	}
	s.Text(x, y, text)
}

// wrapped are the lines of a text in a width: they end behind a space or a dash where there is one,
// before or behind a Chinese character, and else in the middle of a word.
func (s *sheet) wrapped(text string, width float64) []string {
	var lines []string
	all := []rune(text)
	begin, cut, wide := 0, 0, 0.0
	for i := 0; i < len(all); i++ {
		if i > begin && (all[i-1] == ' ' || all[i-1] == '-' || all[i] > 0x2e7f || all[i-1] > 0x2e7f) {
			cut = i
		}
		if wide += s.GetStringWidth(string(all[i])); wide <= width || i == begin {
			continue
		}
		if cut <= begin {
			cut = i
		}
		lines = append(lines, strings.TrimSpace(string(all[begin:cut])))
		begin, wide = cut, 0
		i = cut - 1
	}
	return append(lines, strings.TrimSpace(string(all[begin:])))
}
