package importer_test

import (
	"strings"
	"testing"

	"callout/importer"
	"callout/internal/words"
)

func TestRefusals(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, c := range []struct{ name, row, want string }{
		{"column missing", "r1,2\n", "2 columns where the header has 19"},
		{"column too many", strings.TrimSpace(good()) + ",x\n", "20 columns where the header has 19"},
		{"bare quote", good("name", `An"n`), "a quote stands inside a field that does not begin with one"},
		{"text after a quote", good("name", `"An"n"`), "a quote is opened and never closed"},
		{"quote not doubled", good("name", `"An"n ""`), "text follows a closing quote, or a quote inside quotes is not doubled"},
		{"open quote", good("name", `"Ann`), "a quote is opened and never closed"},
		{"not UTF-8", good("name", "A\xffn"), "byte 18 of the line is not UTF-8 text"},
		{"control character", good("name", "A\x00n"), "customer.name: holds a control character"},
		{"no id", good("id", " "), "external_id: is missing"},
		{"no name", good("name", ""), "customer.name: is missing"},
		{"name too long", good("name", long[:201]), "customer.name: is longer than 200 characters"},
		{"description too long", good("what", long), "case.description: is longer than 4000 characters"},
		{"email", good("email", "Ann <a@b.c>"), `customer.email: "Ann <a@b.c>" is not an e-mail address`},
		{"latitude out of range", good("lat", "91"), "site.point.lat: 91 is not between -90 and 90 degrees"},
		{"longitude out of range", good("lng", "-180.5"), "site.point.lng: -180.5 is not between -180 and 180 degrees"},
		{"decimal comma", good("lat", `"33,9"`), `site.point.lat: "33,9" is not a number of degrees such as 31.2304`},
		{"not a number", good("lat", "NaN"), `site.point.lat: "NaN" is not a number of degrees such as 31.2304`},
		{"hexadecimal", good("lat", "0x1p4"), `site.point.lat: "0x1p4" is not a number of degrees such as 31.2304`},
		{"latitude missing", good("lat", ""), "site.point.lat: is missing"},
		{"no place", good("lat", "0.0", "lng", "-0"), "site.point: 0, 0 is no place: it stands where the point is not known"},
		{"unknown area", good("area", "9"), `lookup place does not know "9"`},
		{"unknown type", good("type", "roof"), `there is no type "roof"`},
		{"no time", good("at", ""), "case.received_at: is missing"},
		{"other time", good("at", "01/02/2020"), `case.received_at: "01/02/2020" is not a time in a layout of the mapping`},
		{"no such day", good("at", "2020-02-30"), `case.received_at: "2020-02-30" is not a time in a layout of the mapping`},
		{"hour that was skipped", good("at", "2020-03-08 02:30:00"), `case.received_at: "2020-03-08 02:30:00" never was: the clocks of America/Los_Angeles jumped over it`},
		{"long ago", good("at", "1020-01-01"), `case.received_at: "1020-01-01" is not between 1950 and 2100`},
		{"warranty", good("serial", "S", "model", "M", "warranty", "two"), `asset.warranty_months: "two" is not a whole number from 0 to 600`},
		{"serial alone", good("serial", "S"), "asset.serial: a serial number needs a product"},
		{"skill level", good("skills", "wiring:6"), `job.skills: "wiring:6" is not a name with a number from 1 to 5`},
		{"skill twice", good("skills", "wiring:1;wiring:2"), `job.skills: "wiring" stands twice`},
		{"window without end", good("from", "2020-01-01"), "job.window: must have a beginning and a later end"},
		{"window backwards", good("from", "2020-01-02", "to", "2020-01-01"), "job.window: must have a beginning and a later end"},
		{"window unread", good("from", "soon", "to", "2020-01-01"), `job.window.from: "soon" is not a time in a layout of the mapping`},
		{"row of nothing", strings.Repeat(",", 18) + "\n", `lookup place does not know ""; there is no type ""; external_id: is missing; customer.external_id`},
		{
			"everything at once", good("id", "", "lat", "x", "at", "y", "area", "9"),
			`lookup place does not know "9"; external_id: is missing; site.point.lat: "x" is not a number of degrees such as 31.2304; ` +
				`case.received_at: "y" is not a time in a layout of the mapping`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			// A good row before and after: neither is drawn in.
			taken, refused, _ := read(t, parse(t, mapping), strings.NewReader(head+good("id", "before")+c.row+good("id", "after")))
			if len(taken) != 2 || len(refused) != 1 {
				t.Fatalf("taken %d, refused %v", len(taken), refused)
			}
			got := refused[0]
			if got.Line != 3 || got.Lines != 1 || !strings.HasPrefix(reasons(got), c.want) {
				t.Errorf("line %d (%d): %s\nwant %s", got.Line, got.Lines, reasons(got), c.want)
			}
		})
	}
}

func TestOnlyTheCauseIsAReason(t *testing.T) {
	hanging := strings.NewReplacer(`key: "{type}"`, `key: "{place.name}"`, `description: "{what}"`, `description: "{place.name}"`,
		`product: {code: "{model}"}`, `product: {code: "{place.name}"}`, "    lamp:", "    Harbor:").Replace(mapping)
	for _, c := range []struct{ name, mapping, row, want string }{
		{"unknown type", mapping, good("type", "roof"), `there is no type "roof"`},
		{"unknown type and another cause", mapping, good("type", "roof", "name", ""), `there is no type "roof"; customer.name: is missing`},
		{"unknown code that all hangs on", hanging, good("area", "9", "serial", "S"), `lookup place does not know "9"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, refused, _ := read(t, parse(t, c.mapping), strings.NewReader(head+c.row))
			if len(refused) != 1 || reasons(refused[0]) != c.want {
				t.Errorf("refused %v, want %s", refused, c.want)
			}
		})
	}
}

func reasons(r importer.Refusal) string {
	var all []string
	for _, why := range r.Reasons {
		if said := unsaid(why); said != "" {
			return said + " has no Chinese"
		}
		all = append(all, why.String())
	}
	return strings.Join(all, "; ")
}

// unsaid finds a sentence in t that the catalogue cannot say in Chinese.
func unsaid(t words.Text) string {
	if t.Format != "%s" && !words.Known(t.Format) {
		return t.Format
	}
	for _, a := range t.Args {
		if inner, ok := a.(words.Text); ok {
			if s := unsaid(inner); s != "" {
				return s
			}
		}
	}
	return ""
}

func TestDuplicate(t *testing.T) {
	_, refused, _ := read(t, parse(t, mapping), strings.NewReader(head+good()+good("lat", "x", "id", "r2")+good("id", "r2")+good()))
	if len(refused) != 3 || reasons(refused[1]) != "external_id: stands on line 3 already" || reasons(refused[2]) != "external_id: stands on line 2 already" || refused[2].ID != "r1" {
		t.Errorf("refused %v", refused)
	}
}
