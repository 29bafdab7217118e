package importer

import (
	"slices"
	"strings"
)

// shape says how the text of a field is read.
type shape int

const (
	plain   shape = iota
	moment        // a time in one of the mapping's layouts
	day           // the same without a clock
	degrees       // decimal
	months        // a whole number
	span          // PT1H30M, or whole minutes
	counted       // names with numbers: a table in the mapping, "name:2; other" in a column
)

// field is a place of a Record that a mapping can fill.
type field struct {
	path     string
	shape    shape
	most     int  // characters; of a counted field, the highest number
	required bool // of every row
}

var fields = []field{
	{"external_id", plain, 200, true},
	{"customer.external_id", plain, 200, true},
	{"customer.name", plain, 200, true},
	{"customer.phone", plain, 40, false},
	{"customer.email", plain, 254, false},
	{"site.external_id", plain, 200, true},
	{"site.name", plain, 200, false},
	{"site.address", plain, 500, true},
	{"site.notes", plain, 2000, false},
	{"site.point.lat", degrees, 40, true},
	{"site.point.lng", degrees, 40, true},
	{"site.point.system", plain, 10, true},
	{"case.channel", plain, 40, true},
	{"case.type", plain, 40, true},
	{"case.severity", plain, 40, true},
	{"case.priority", plain, 40, true},
	{"case.description", plain, 4000, true},
	{"case.received_at", moment, 60, true},
	{"product.code", plain, 100, false},
	{"product.name", plain, 200, false},
	{"asset.serial", plain, 100, false},
	{"asset.purchased_on", day, 60, false},
	{"asset.purchase_channel", plain, 100, false},
	{"asset.warranty_months", months, 10, false},
	{"job.title", plain, 200, true},
	{"job.duration", span, 40, true},
	{"job.skills", counted, 5, false},
	{"job.photos", counted, 20, false},
	{"job.parts", counted, 999, false},
	{"job.window.from", moment, 60, false},
	{"job.window.to", moment, 60, false},
	{"job.due", moment, 60, false},
}

// entry is what a mapping says about one field.
type entry struct {
	text  template
	names []named // of a counted field that the mapping itself counts
	node  node
}

// named is a name with a number: a skill and its level, a part and its quantity.
type named struct {
	name   string
	number int
}

// layer is a set of fields, such as the row of a type or the defaults.
type layer map[string]entry

// compileLayer reads nested tables into fields by path.
func compileLayer(f *faults, n node, all map[string]*lookup) layer {
	l := layer{}
	l.add(f, n, "", all)
	return l
}

func (l layer) add(f *faults, n node, prefix string, all map[string]*lookup) {
	n.only(f, keysUnder(prefix)...)
	if n.kind != table {
		return
	}
	for _, m := range n.members {
		path := prefix + m.key
		at := slices.IndexFunc(fields, func(d field) bool { return d.path == path })
		switch {
		case at < 0:
			if len(keysUnder(path+".")) > 0 {
				l.add(f, m, path+".", all)
			}
		case fields[at].shape == counted && m.kind == table:
			l[path] = entry{names: count(f, m, fields[at]), node: m}
		case m.is(f, scalar):
			l[path] = entry{text: compile(f, m, all), node: m}
		}
	}
}

// keysUnder lists the keys that may stand in the table of a path: "" or "case.".
func keysUnder(prefix string) []string {
	var keys []string
	for _, d := range fields {
		if rest, under := strings.CutPrefix(d.path, prefix); under {
			key, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// count reads a table such as {graffiti: 2}.
func count(f *faults, n node, d field) []named {
	var all []named
	for _, m := range n.members {
		if !m.is(f, scalar) {
			continue
		}
		number, ok := whole(m.text)
		if !ok || number < 1 || number > d.most {
			f.at(m, "%q is not a number from 1 to %d", m.text, d.most)
		}
		all = append(all, named{m.key, number})
	}
	return all
}
