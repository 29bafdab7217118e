package importer

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// lookup says what a code of the file means: a set of named texts for each.
type lookup struct {
	name      string
	key       template
	rows      map[string]map[string]string
	otherwise map[string]string // nil: a row with an unknown code is refused
}

// has says whether any row has the field, so that a template may ask for it.
func (l *lookup) has(field string) bool {
	if _, yes := l.otherwise[field]; yes {
		return true
	}
	for _, r := range l.rows {
		if _, yes := r[field]; yes {
			return true
		}
	}
	return false
}

// find gives the texts of a code, and whether the lookup knows what to do with it.
func (l *lookup) find(code string) (map[string]string, bool) {
	if r, yes := l.rows[code]; yes {
		return r, true
	}
	return l.otherwise, l.otherwise != nil
}

// lookups reads the tables of a mapping: written in it, or standing in a CSV file beside it.
func lookups(f *faults, n node, dir fs.FS) map[string]*lookup {
	all := map[string]*lookup{}
	if !n.is(f, table) {
		return all
	}
	for _, m := range n.members {
		m.only(f, "key", "missing", "default", "rows", "file", "column")
		l := &lookup{name: m.key, rows: map[string]map[string]string{}}
		all[m.key] = l
		if m.must(f, "key") != "" {
			// A key is made of columns only: lookups do not wait for each other.
			l.key = compile(f, m.member("key"), nil)
			if l.key.constant() {
				f.at(m.member("key"), "a key needs a {column}")
			}
		}
		inline, file := m.member("rows"), m.member("file")
		if (inline.kind == absent) == (file.kind == absent) {
			f.at(m, "a lookup has either rows or a file")
		}
		if inline.is(f, table) {
			for _, r := range inline.members {
				l.rows[r.key] = texts(f, r)
			}
		}
		if file.is(f, scalar) {
			l.load(f, m, dir)
		}
		missing := m.word(f, "missing", "refuse", "refuse", "default")
		otherwise := m.member("default")
		if (missing == "default") != (otherwise.kind != absent) {
			f.at(m, "missing: default and a default go together")
		}
		if otherwise.kind != absent {
			l.otherwise = texts(f, otherwise)
		}
	}
	return all
}

// texts reads a table of names and plain texts.
func texts(f *faults, n node) map[string]string {
	all := map[string]string{}
	if n.is(f, table) {
		for _, m := range n.members {
			if m.is(f, scalar) {
				all[m.key] = m.text
			}
		}
	}
	return all
}

// load fills the lookup from a UTF-8 CSV file, each row under the text of the key column.
func (l *lookup) load(f *faults, n node, dir fs.FS) {
	at := n.member("file")
	column := n.must(f, "column")
	b, err := fs.ReadFile(dir, at.text)
	if err != nil {
		f.at(at, "cannot read the file %s", at.text)
		return
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\uFEFF")))
	head, err := in.Read()
	if err != nil {
		f.at(at, "the file %s has no header", at.text)
		return
	}
	key := -1
	for i, name := range head {
		head[i] = strings.TrimSpace(name)
		if head[i] == column {
			key = i
		}
	}
	if key < 0 && column != "" {
		f.at(n.member("column"), "the file %s has no column %s: it has %s", at.text, column, strings.Join(head, ", "))
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) || key < 0 {
			return
		}
		if err != nil {
			f.at(at, "the file %s cannot be read: %s", at.text, err.Error())
			return
		}
		r := map[string]string{}
		for i, c := range cells {
			r[head[i]] = strings.TrimSpace(c)
		}
		if _, twice := l.rows[r[column]]; twice {
			f.at(at, "the file %s has the key %q twice", at.text, r[column])
		}
		l.rows[r[column]] = r
	}
}

// codes lists the keys in order, so that mistakes come out the same each time.
func (l *lookup) codes() []string { return slices.Sorted(maps.Keys(l.rows)) }
