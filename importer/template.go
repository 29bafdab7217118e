package importer

import "strings"

// template is a text with the values of columns and lookups in it: "{street}, {city}".
type template struct {
	parts []part
}

// part is a piece of plain text, or the name of a column, or a lookup and one of its fields.
type part struct {
	plain  string
	column string
	lookup string
}

// constant says whether nothing of the row goes into t.
func (t template) constant() bool {
	for _, p := range t.parts {
		if p.column != "" {
			return false
		}
	}
	return true
}

// compile reads a template. A name before a dot is a lookup if there is one of that name;
// "{{" and "}}" stand for the braces themselves.
func compile(f *faults, n node, lookups map[string]*lookup) template {
	var t template
	var plain strings.Builder
	for rest := n.text; rest != ""; {
		at := strings.IndexAny(rest, "{}")
		if at < 0 {
			plain.WriteString(rest)
			break
		}
		plain.WriteString(rest[:at])
		brace := rest[at]
		rest = rest[at+1:]
		if rest != "" && rest[0] == brace {
			plain.WriteByte(brace)
			rest = rest[1:]
			continue
		}
		end := strings.IndexAny(rest, "{}")
		if brace == '}' || end < 0 || rest[end] != '}' || strings.TrimSpace(rest[:end]) == "" {
			f.at(n, "the braces of %q do not match: write {column}, or {{ for a brace", n.text)
			return template{parts: []part{{column: n.text}}}
		}
		if plain.Len() > 0 {
			t.parts = append(t.parts, part{plain: plain.String()})
			plain.Reset()
		}
		t.parts = append(t.parts, placeholder(f, n, strings.TrimSpace(rest[:end]), lookups))
		rest = rest[end+1:]
	}
	if plain.Len() > 0 {
		t.parts = append(t.parts, part{plain: plain.String()})
	}
	return t
}

func placeholder(f *faults, n node, name string, lookups map[string]*lookup) part {
	before, after, dotted := strings.Cut(name, ".")
	l := lookups[before]
	if !dotted || l == nil {
		return part{column: name}
	}
	if !l.has(after) {
		f.at(n, "lookup %s has no field %s", before, after)
	}
	return part{lookup: before, column: after}
}

// fill is the template's text for a row. It is empty where it has placeholders and all of
// them are: "{street}, {city}" of an empty row is nothing, not a comma.
func (t template) fill(r *row) string {
	var b strings.Builder
	asked, found := false, false
	for _, p := range t.parts {
		v := p.plain
		if p.column != "" {
			asked = true
			v = r.value(p)
			found = found || v != ""
		}
		b.WriteString(v)
	}
	if asked && !found {
		return ""
	}
	return strings.TrimSpace(b.String())
}
