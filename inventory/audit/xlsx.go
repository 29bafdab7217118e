package audit

import (
	"bytes"
	"fmt"
	"strings"

	"callout/internal/words"

	"github.com/xuri/excelize/v2"
)

// XLSX is the report as a spreadsheet in a language. A text never becomes a formula, whatever it
// begins with.
func (r Report) XLSX(l words.Language) (b []byte, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("spreadsheet of a reconciliation: %w", err)
		}
	}()
	x := excelize.NewFile()
	defer func() { _ = x.Close() }()
	name := words.Say("Reconciliation").In(l)
	if err := x.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	if err := x.SetDocProps(&excelize.DocProperties{Title: r.title().In(l), Creator: "Callout", Created: r.At.UTC().Format("2006-01-02T15:04:05Z")}); err != nil {
		return nil, err
	}
	w, err := x.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	s := styles{file: x, money: map[int]int{}}
	if s.bold, err = x.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	if err := r.fill(w, &s, l); err != nil {
		return nil, err
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

// fill writes the sheet from top to bottom.
func (r Report) fill(w *excelize.StreamWriter, s *styles, l words.Language) error {
	columns := r.columns()
	if err := w.SetColWidth(1, len(columns), 14); err != nil {
		return err
	}
	lines := r.preamble()
	head := len(lines) + 3
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	n := 0
	row := func(cells ...any) error {
		n++
		return w.SetRow(fmt.Sprintf("A%d", n), cells)
	}
	if err := row(excelize.Cell{StyleID: s.bold, Value: r.title().In(l)}); err != nil {
		return err
	}
	for _, line := range lines {
		if err := row(line.In(l)); err != nil {
			return err
		}
	}
	n++
	heads := make([]any, len(columns))
	for i, c := range columns {
		heads[i] = excelize.Cell{StyleID: s.bold, Value: c.head.In(l)}
	}
	if err := row(heads...); err != nil {
		return err
	}
	for _, of := range r.Rows {
		cells := make([]any, len(columns))
		for i, c := range columns {
			cell, err := s.cell(c.cell(of, l), 0)
			if err != nil {
				return err
			}
			cells[i] = cell
		}
		if err := row(cells...); err != nil {
			return err
		}
	}
	for _, t := range r.sums() {
		cells := make([]any, len(columns))
		cells[0] = excelize.Cell{StyleID: s.bold, Value: t.label().In(l)}
		for i, c := range columns {
			if c.sum == nil {
				continue
			}
			cell, err := s.cell(c.sum(t, l), s.bold)
			if err != nil {
				return err
			}
			cells[i] = cell
		}
		if err := row(cells...); err != nil {
			return err
		}
	}
	return nil
}

// styles are the ways a cell can look.
type styles struct {
	file  *excelize.File
	bold  int
	money map[int]int // by how many digits stand behind the point
}

// cell is how a value stands in the spreadsheet: numbers as numbers, all else as text.
func (s *styles) cell(v any, style int) (any, error) {
	switch v := v.(type) {
	case money:
		id, made := s.money[v.scale()]
		if !made {
			format := "#,##0"
			if v.scale() > 0 {
				format += "." + strings.Repeat("0", v.scale())
			}
			var err error
			if id, err = s.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
				return nil, err
			}
			s.money[v.scale()] = id
		}
		return excelize.Cell{StyleID: id, Value: v.major()}, nil
	case string:
		return excelize.Cell{StyleID: style, Value: v}, nil
	case nil:
		return nil, nil
	}
	return excelize.Cell{StyleID: style, Value: v}, nil
}
