package importer

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/words"
)

// Vocabulary lists the words that the product accepts; an empty list accepts any.
type Vocabulary struct {
	Channels   []string
	Types      []string
	Severities []string
	Priorities []string
	PhotoKinds []string
}

// words of a field, nil where it takes any text.
func (v Vocabulary) words(path string) []string {
	switch path {
	case "case.channel":
		return v.Channels
	case "case.type":
		return v.Types
	case "case.severity":
		return v.Severities
	case "case.priority":
		return v.Priorities
	case "job.photos":
		return v.PhotoKinds
	case "site.point.system":
		return []string{"wgs84"}
	}
	return nil
}

// Mapping says how the rows of a file become requests. Parse makes it; it does not change.
type Mapping struct {
	source     string
	encoding   string
	delimiter  rune
	zone       *time.Location
	layouts    []layout
	region     string         // whose national numbers the phone numbers may be, ISO 3166
	language   words.Language // of the customers
	lookups    map[string]*lookup
	ordered    []string // names of the lookups
	typeKey    template
	types      map[string]layer // nil: no table of types
	typeMust   bool             // an unknown type is refused
	fields     layer
	defaults   layer
	vocabulary Vocabulary
}

// Source is the name of the system that the mapping reads, the first half of each Key.
func (m *Mapping) Source() string { return m.source }

// Zone is the time zone of the file's times and of the sites.
func (m *Mapping) Zone() *time.Location { return m.zone }

// Parse reads a mapping; dir holds the lookup files that it names. The error is an invalid
// fault that names every mistake with its line.
func Parse(b []byte, dir fs.FS, v Vocabulary) (*Mapping, error) {
	doc, err := document(b)
	if err != nil {
		return nil, err
	}
	f := &faults{}
	doc.only(f, "source", "file", "time", "customers", "lookups", "types", "fields", "defaults")
	m := &Mapping{vocabulary: v, source: doc.must(f, "source")}
	if len([]rune(m.source)) > 60 {
		f.at(doc.member("source"), "is longer than %d characters", 60)
	}
	m.parseFile(f, doc.member("file"))
	m.parseTime(f, doc.member("time"))
	m.parseCustomers(f, doc.member("customers"))
	m.lookups = lookups(f, doc.member("lookups"), dir)
	m.ordered = slices.Sorted(maps.Keys(m.lookups))
	m.parseTypes(f, doc.member("types"))
	m.fields = compileLayer(f, doc.member("fields"), m.lookups)
	m.defaults = compileLayer(f, doc.member("defaults"), m.lookups)
	m.check(f, doc)
	return m, f.Err(fault.Invalid, "the mapping has mistakes")
}

func (m *Mapping) parseFile(f *faults, n node) {
	n.only(f, "encoding", "delimiter")
	m.encoding = n.word(f, "encoding", "utf-8", "utf-8", "gb18030")
	m.delimiter = []rune(n.word(f, "delimiter", ",", ",", ";", "\t", "|"))[0]
}

func (m *Mapping) parseTime(f *faults, n node) {
	n.only(f, "zone", "layouts")
	m.zone = time.UTC
	if name := n.must(f, "zone"); name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil || name == "Local" {
			f.at(n.member("zone"), "%q is not an IANA time zone", name)
		} else {
			m.zone = zone
		}
	}
	all := n.member("layouts")
	if all.kind == absent {
		f.at(all, "%s is missing", "layouts")
	}
	if !all.is(f, list) {
		return
	}
	for _, each := range all.members {
		if l, ok := newLayout(each.text); ok {
			m.layouts = append(m.layouts, l)
		} else {
			f.at(each, "%q does not say a day in terms of 2006-01-02 15:04:05", each.text)
		}
	}
}

var regionForm = regexp.MustCompile(`^[A-Z]{2}$`)

func (m *Mapping) parseCustomers(f *faults, n node) {
	n.only(f, "region", "language")
	m.language = words.Language(n.word(f, "language", "", string(words.English), string(words.Chinese)))
	if m.region = n.word(f, "region", ""); m.region != "" && !regionForm.MatchString(m.region) {
		f.at(n.member("region"), "%q is not a country's two letters such as CN", m.region)
	}
}

func (m *Mapping) parseTypes(f *faults, n node) {
	if n.kind == absent {
		return
	}
	n.only(f, "key", "missing", "rows")
	if n.must(f, "key") != "" {
		m.typeKey = compile(f, n.member("key"), m.lookups)
		if m.typeKey.constant() {
			f.at(n.member("key"), "a key needs a {column}")
		}
	}
	m.typeMust = n.word(f, "missing", "refuse", "refuse", "default") == "refuse"
	m.types = map[string]layer{}
	if rows := n.member("rows"); rows.is(f, table) {
		for _, r := range rows.members {
			m.types[r.key] = compileLayer(f, r, m.lookups)
		}
	}
}
