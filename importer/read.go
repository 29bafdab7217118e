package importer

import (
	"errors"
	"io"

	"callout/internal/fault"
	"callout/internal/words"
)

// Read reads the rows of a CSV file one by one and hands each to yield, which may stop it by
// an error. Every row is either accepted or refused, and a refused row does not end the
// reading. Read fails as invalid where the header does not fit the mapping, and otherwise only
// with the errors of r and of yield; the Tally counts what was handed over until then.
func (m *Mapping) Read(r io.Reader, yield func(Row) error) (Tally, error) {
	var t Tally
	s := newScanner(r, m.encoding, m.delimiter)
	h, err := m.header(s)
	if errors.Is(err, io.EOF) {
		return t, fault.New(fault.Invalid, "the file is empty")
	}
	if err != nil {
		return t, err
	}
	seen := map[string]int{} // line by id
	for {
		in, err := s.row()
		t.Blank = s.blank
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, err
		}
		out := m.row(h, in, seen)
		t.Read++
		if out.Refusal == nil {
			t.Accepted++
		} else {
			t.Refused++
		}
		if err := yield(out); err != nil {
			return t, err
		}
	}
}

// row reads one row whose cells stand under the header.
func (m *Mapping) row(h header, in raw, seen map[string]int) Row {
	refuse := func(id string, why ...words.Text) Row {
		return Row{Refusal: &Refusal{Line: in.line, Lines: in.lines, ID: id, Reasons: why}}
	}
	if in.bad != nil {
		return refuse("", *in.bad)
	}
	if len(in.cells) != len(h.names) {
		if in.lines > 1 {
			return refuse("", words.Say("%d columns where the header has %d, over %d lines: a quote may be missing",
				len(in.cells), len(h.names), in.lines))
		}
		return refuse("", words.Say("%d columns where the header has %d", len(in.cells), len(h.names)))
	}
	r := &row{builder: builder{m: m}, at: h.at, cells: in.cells, found: map[string]map[string]string{}}
	r.pick()
	rec := r.record()
	rec.Line, rec.Lines = in.line, in.lines
	if id := rec.Key.ID; id != "" {
		if before, twice := seen[id]; twice {
			r.badAt("external_id", "stands on line %d already", before)
		} else {
			seen[id] = in.line
		}
	}
	if len(r.reasons) > 0 {
		return refuse(rec.Key.ID, r.reasons...)
	}
	return Row{Record: &rec}
}
