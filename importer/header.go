package importer

import (
	"slices"
	"strconv"
	"strings"

	"callout/internal/fault"
)

// header finds the columns of a file by name.
type header struct {
	at    map[string]int
	names []string
}

// header reads the first row, and refuses a file that lacks a column the mapping names.
func (m *Mapping) header(s *scanner) (header, error) {
	if b, _ := s.in.Peek(2); string(b) == "\xff\xfe" || string(b) == "\xfe\xff" {
		return header{}, fault.New(fault.Invalid, "the file is UTF-16: save it as UTF-8")
	}
	r, err := s.row()
	if err != nil {
		return header{}, err
	}
	if r.bad != nil {
		return header{}, fault.New(fault.Invalid, "the header cannot be read: %s", *r.bad)
	}
	h := header{at: map[string]int{}}
	var f fault.Faults
	for i, name := range r.cells {
		name = strings.TrimSpace(name)
		h.names = append(h.names, name)
		if strings.Contains(name, "\r") {
			return h, fault.New(fault.Invalid, "the lines of the file end in CR alone: save it with LF or CRLF")
		}
		if _, twice := h.at[name]; twice && name != "" {
			f.Add("/columns/"+strconv.Itoa(i), "column %s stands twice", name)
		}
		h.at[name] = i
	}
	var missing []string
	for _, c := range m.columns() {
		if _, there := h.at[c]; !there {
			missing = append(missing, c)
		}
	}
	slices.Sort(missing)
	for _, c := range slices.Compact(missing) {
		f.Add("/columns", "column %s of the mapping is not in the file: it has %s", c, strings.Join(h.names, ", "))
	}
	return h, f.Err(fault.Invalid, "the header does not fit the mapping")
}

// columns lists every column that a template of the mapping asks for.
func (m *Mapping) columns() []string {
	var all []string
	add := func(t template) {
		for _, p := range t.parts {
			if p.column != "" && p.lookup == "" {
				all = append(all, p.column)
			}
		}
	}
	add(m.typeKey)
	for _, l := range m.lookups {
		add(l.key)
	}
	for _, l := range m.layers() {
		for _, e := range l {
			add(e.text)
		}
	}
	return all
}
