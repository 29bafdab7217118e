package importer

import (
	"slices"
	"strings"

	"callout/internal/fault"
)

// layers of a mapping with the place of each.
func (m *Mapping) layers() []layer {
	all := []layer{m.fields, m.defaults}
	for _, l := range m.types {
		all = append(all, l)
	}
	return all
}

// check holds what can be known before any row: required fields have a source, constants fit.
func (m *Mapping) check(f *faults, doc node) {
	for _, d := range fields {
		if d.required && !m.fills(d.path) {
			f.at(doc.member("fields"), "%s is filled by nothing", d.path)
		}
		for _, l := range m.layers() {
			if e, there := l[d.path]; there {
				m.checkEntry(f, d, e)
			}
		}
	}
	if m.fillsSome("asset.") && !m.fillsSome("product.code") {
		f.at(doc.member("fields"), "an asset needs a product.code")
	}
	if m.fillsSome("job.window.from") != m.fillsSome("job.window.to") {
		f.at(doc.member("fields"), "a window needs both from and to")
	}
	slices.SortStableFunc(f.Faults, func(a, b fault.Field) int {
		return a.Detail.Args[0].(int) - b.Detail.Args[0].(int)
	})
}

// fills says whether something fills a field: for every type, unless a default does.
func (m *Mapping) fills(path string) bool {
	if _, yes := m.fields[path]; yes {
		return true
	}
	if _, yes := m.defaults[path]; yes {
		return true
	}
	for _, l := range m.types {
		if _, yes := l[path]; !yes {
			return false
		}
	}
	return m.typeMust && len(m.types) > 0
}

func (m *Mapping) fillsSome(prefix string) bool {
	for _, l := range m.layers() {
		for path := range l {
			if strings.HasPrefix(path, prefix) {
				return true
			}
		}
	}
	return false
}

// checkEntry tries an entry that no row can change, and the texts of a lookup that stands alone.
func (m *Mapping) checkEntry(f *faults, d field, e entry) {
	words := m.vocabulary.words(d.path)
	if e.names != nil {
		for _, n := range e.names {
			if len(words) > 0 && !slices.Contains(words, n.name) {
				f.at(e.node, "%q is not one of %s", n.name, strings.Join(words, ", "))
			}
		}
		return
	}
	if d.path == "site.point.system" && !e.text.constant() {
		f.at(e.node, "the coordinate system is the same for the whole file: wgs84")
		return
	}
	if e.text.constant() {
		b := builder{m: m}
		b.read(d, e.text.fill(nil))
		for _, why := range b.reasons {
			f.at(e.node, "%s", why)
		}
	}
	if len(e.text.parts) != 1 || len(words) == 0 {
		return
	}
	p := e.text.parts[0]
	l := m.lookups[p.lookup]
	if l == nil {
		return
	}
	for _, code := range l.codes() {
		r, _ := l.find(code)
		if w, there := r[p.column]; there && w != "" && !slices.Contains(words, w) {
			f.at(e.node, "lookup %s says %q, which is not one of %s", l.name, w, strings.Join(words, ", "))
		}
	}
}
