package audit

import (
	"bytes"
	"fmt"

	"callout/internal/paper"
	"callout/internal/words"

	"codeberg.org/go-pdf/fpdf"
)

// MostOnPaper is how many rows a printed report has at the most; the spreadsheet has all.
const MostOnPaper = 2000

// The measures of a page, A4 on its side, in millimetres.
const (
	pageWidth, pageHeight = 297.0, 210.0
	margin                = 10.0
	lineHeight            = 5.5
	bottom                = pageHeight - 14
)

// sheet is a document that a table is written on.
type sheet struct {
	*fpdf.Fpdf
	columns []column
	lang    words.Language
	y       float64
}

// PDF is the report on paper in a language: the columns that fit, and the rows that need attention first.
func (r Report) PDF(l words.Language) ([]byte, error) {
	s := sheet{Fpdf: paper.Open(pageWidth, pageHeight, r.title().In(l), r.At), lang: l}
	for _, c := range columns {
		if c.width > 0 {
			s.columns = append(s.columns, c)
		}
	}
	s.page()
	s.SetFontSize(13)
	s.Text(margin, s.y+4, paper.Printable(r.title().In(l)))
	s.SetFontSize(9)
	s.y += 2 * lineHeight
	for _, line := range r.preamble() {
		s.Text(margin, s.y, paper.Printable(line.In(l)))
		s.y += lineHeight
	}
	s.y += lineHeight / 2
	s.head()
	for _, row := range r.Rows[:min(len(r.Rows), MostOnPaper)] {
		s.row(func(c column) any { return c.cell(row, l) }, !row.Holds())
	}
	if left := len(r.Rows) - MostOnPaper; left > 0 {
		s.line(words.Say("%d more rows stand in the spreadsheet.", left).In(l))
	}
	s.Line(margin, s.y-4, pageWidth-margin, s.y-4)
	for _, t := range r.Totals {
		s.row(func(c column) any {
			if c.sum == nil {
				return nil
			}
			return c.sum(t)
		}, false)
	}
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return nil, fmt.Errorf("paper of a reconciliation: %w", err)
	}
	return b.Bytes(), nil
}

// page begins a page and numbers it.
func (s *sheet) page() {
	s.AddPage()
	s.SetFontSize(8)
	s.Text(pageWidth-margin-20, pageHeight-7, words.Say("Page %d", s.PageNo()).In(s.lang))
	s.SetFontSize(9)
	s.y = margin + 2
}

// head writes the names of the columns.
func (s *sheet) head() {
	s.row(func(c column) any { return c.head.In(s.lang) }, false)
	s.Line(margin, s.y-4, pageWidth-margin, s.y-4)
}

// line writes a text across the page.
func (s *sheet) line(text string) {
	s.Text(margin, s.y, paper.Printable(text))
	s.y += lineHeight
}

// row writes one row of the table, on a grey ground where it must not be overlooked.
func (s *sheet) row(cell func(column) any, loud bool) {
	if s.y > bottom {
		s.page()
		s.head()
	}
	if loud {
		s.SetFillColor(225, 225, 225)
		s.Rect(margin, s.y-4, pageWidth-2*margin, lineHeight, "F")
	}
	x := margin
	behind := 0.0 // the room between a number, which ends its column, and a text, which begins it
	for _, c := range s.columns {
		_, worded := c.cell(Row{}, s.lang).(string)
		if v := cell(c); v != nil {
			text := s.fitting(paper.Printable(fmt.Sprint(v)), c.width-1.5)
			at := x + behind
			if !worded {
				at = x + c.width - 1.5 - s.GetStringWidth(text)
			}
			s.Text(at, s.y, text)
		}
		if behind = 3.0; worded {
			behind = 0
		}
		x += c.width
	}
	s.y += lineHeight
}

// fitting is as much of a text as a width has room for.
func (s *sheet) fitting(text string, width float64) string {
	if s.GetStringWidth(text) <= width {
		return text
	}
	all := []rune(text)
	for len(all) > 0 && s.GetStringWidth(string(all)+"…") > width {
		all = all[:len(all)-1]
	}
	return string(all) + "…"
}
