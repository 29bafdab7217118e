package importer_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"callout/importer"
	"callout/internal/fault"
	"callout/internal/words"
)

// mapping is a whole one; tests change a piece of it.
const mapping = `
source: desk
file: {encoding: utf-8, delimiter: ","}
time:
  zone: America/Los_Angeles
  layouts: ["2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02"]
lookups:
  channel:
    key: "{via}"
    missing: default
    default: {code: hotline}
    rows:
      "7": {code: app}
      "3": {code: email}
  place: {key: "{area}", file: areas.csv, column: area}
types:
  key: "{type}"
  missing: refuse
  rows:
    lamp:
      case: {severity: complex, priority: P1}
      job:
        title: "Street light, {address}"
        duration: PT1H
        skills: {streetlight: 2}
        photos: {before: 1, after: 2}
        parts: {LAMP-100: 1}
    other: {job: {title: "Other", duration: 20}}
fields:
  external_id: "{id}"
  customer: {external_id: "{phone}", name: "{name}", phone: "{phone}", email: "{email}"}
  site:
    external_id: "{address}"
    address: "{address}, {place.name}"
    point: {lat: "{lat}", lng: "{lng}", system: wgs84}
  case: {channel: "{channel.code}", type: fault, description: "{what}", received_at: "{at}"}
  product: {code: "{model}"}
  asset: {serial: "{serial}", purchased_on: "{bought}", warranty_months: "{warranty}"}
  job: {skills: "{skills}", window: {from: "{from}", to: "{to}"}}
defaults:
  case: {severity: general, priority: P2, description: "nothing said"}
`

var beside = fstest.MapFS{"areas.csv": {Data: []byte("area,name\n1,Harbor\n2,West\n")}}

var vocabulary = importer.Vocabulary{
	Channels:   []string{"hotline", "app", "email"},
	Types:      []string{"fault", "enquiry"},
	Severities: []string{"general", "complex", "urgent"},
	Priorities: []string{"P0", "P1", "P2"},
	PhotoKinds: []string{"before", "after"},
}

func parse(t *testing.T, text string) *importer.Mapping {
	t.Helper()
	m, err := importer.Parse([]byte(text), beside, vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestParse(t *testing.T) {
	m := parse(t, mapping)
	if m.Source() != "desk" || m.Zone().String() != "America/Los_Angeles" {
		t.Errorf("source %q, zone %s", m.Source(), m.Zone())
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "source: desk", "source: desk\nsauce: x", `line 3: unknown key "sauce": here stand source, file, time, customers, lookups, types, fields, defaults`},
		{"unknown field", `description: "{what}"`, `describe: "{what}"`, `line 36: unknown key "describe": here stand channel, type, severity, priority, description, received_at`},
		{"no source", "source: desk", "", "line 3: source is missing"},
		{"endless source", "source: desk", "source: " + strings.Repeat("s", 61), "line 2: is longer than 60 characters"},
		{"no zone", "zone: America/Los_Angeles", "", "line 4: zone is missing"},
		{"zone of the machine", "America/Los_Angeles", "Local", `line 5: "Local" is not an IANA time zone`},
		{"no such zone", "America/Los_Angeles", "America/Lost", `line 5: "America/Lost" is not an IANA time zone`},
		{"layout of another language", `"2006-01-02"]`, `"yyyy-MM-dd"]`, `line 6: "yyyy-MM-dd" does not say a day in terms of 2006-01-02 15:04:05`},
		{"layout with half a clock", `"2006-01-02"]`, `"2006-01-02 03:04"]`, `line 6: "2006-01-02 03:04" does not say a day`},
		{"layout with an abbreviated zone", `"2006-01-02"]`, `"2006-01-02 15:04 MST"]`, `line 6: "2006-01-02 15:04 MST" does not say a day`},
		{"no layouts", `layouts: [`, `layout: [`, "layouts is missing"},
		{"layouts no list", `["2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02"]`, "x", "line 6: must be a list"},
		{"encoding", "encoding: utf-8", "encoding: latin-1", `line 3: "latin-1" is not one of utf-8, gb18030`},
		{"delimiter", `delimiter: ","`, `delimiter: "x"`, `line 3: "x" is not one of`},
		{"table for a text", "source: desk", "source: {a: b}", "line 2: must be a text"},
		{"text for a table", `job: {title: "Other", duration: 20}`, "job: x", "line 28: must be a table"},
		{"anchor", "source: desk", "source: &a desk", "line 2: must be a text"},
		{"braces", `"{id}"`, `"{id"`, `line 30: the braces of "{id" do not match`},
		{"empty braces", `"{id}"`, `"{ }"`, `line 30: the braces of "{ }" do not match`},
		{"no such field of a lookup", "{channel.code}", "{channel.word}", "line 36: lookup channel has no field word"},
		{"lookup with rows and file", "column: area}", "column: area, rows: {}}", "line 15: a lookup has either rows or a file"},
		{"lookup by nothing", `key: "{via}"`, `key: via`, "line 9: a key needs a {column}"},
		{"lookup without a key", `key: "{via}"`, ``, "line 8: key is missing"},
		{"missing lookup default", "default: {code: hotline}", "", "line 8: missing: default and a default go together"},
		{"no lookup file", "areas.csv", "../areas.csv", "line 15: cannot read the file ../areas.csv"},
		{"no lookup column", "column: area", "column: aria", "line 15: the file areas.csv has no column aria: it has area, name"},
		{"type by nothing", `key: "{type}"`, "key: lamp", "line 17: a key needs a {column}"},
		{"level", "{streetlight: 2}", "{streetlight: 6}", `line 25: "6" is not a number from 1 to 5`},
		{"photo kind", "{before: 1,", "{during: 1,", `line 26: "during" is not one of before, after`},
		{"priority", "priority: P1}", "priority: P7}", `line 21: case.priority: "P7" is not one of P0, P1, P2`},
		{"word in a lookup", `"7": {code: app}`, `"7": {code: fax}`, `line 36: lookup channel says "fax", which is not one of hotline, app, email`},
		{"duration", "PT1H\n", "1 hour\n", `line 24: job.duration: "1 hour" is neither a duration such as PT1H30M nor whole minutes`},
		{"other coordinates", "system: wgs84", "system: gcj02", `line 35: site.point.system: "gcj02" is not accepted yet: convert the points to wgs84 first`},
		{"coordinates by the row", "system: wgs84", `system: "{system}"`, "line 35: the coordinate system is the same for the whole file: wgs84"},
		{"nothing fills", "duration: 20}", "}", "job.duration is filled by nothing"},
		{"asset without product", `product: {code: "{model}"}`, "", "an asset needs a product.code"},
		{"half a window", `from: "{from}", `, "", "a window needs both from and to"},
		{"key twice", "source: desk", "source: desk\nsource: x", "the mapping is not YAML"},
		{"no YAML", "source: desk", "source: [", "the mapping is not YAML"},
		{"two documents", "source: desk", "source: desk\n---\na: b", "the mapping must be one YAML document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(mapping, c.old) {
				t.Fatalf("the mapping has no %q", c.old)
			}
			_, err := importer.Parse([]byte(strings.Replace(mapping, c.old, c.new, 1)), beside, vocabulary)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			said := []words.Text{fault.From(err).Detail}
			for _, each := range fault.From(err).Fields {
				said = append(said, each.Detail)
			}
			for _, each := range said {
				if english := unsaid(each); english != "" {
					t.Errorf("%q has no Chinese", english)
				}
			}
		})
	}
}

func TestEveryMistakeAtOnce(t *testing.T) {
	broken := strings.NewReplacer("source: desk", "sauce: desk", "utf-8", "utf-9", "PT1H", "soon").Replace(mapping)
	_, err := importer.Parse([]byte(broken), beside, vocabulary)
	if got := len(fault.From(err).Fields); got != 4 {
		t.Errorf("%d mistakes, want 4: %v", got, err)
	}
	_, err = importer.Parse([]byte("source: x"), beside, importer.Vocabulary{})
	if got := len(fault.From(err).Fields); got < 15 {
		t.Errorf("%d mistakes of an empty mapping: %v", got, err)
	}
	for _, empty := range []string{"", "# nothing", "x", "[]"} {
		if _, err := importer.Parse([]byte(empty), beside, vocabulary); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", empty, err)
		}
	}
}
