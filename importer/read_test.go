package importer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"callout/importer"
	"callout/internal/fault"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const head = "id,phone,name,email,address,area,lat,lng,via,type,what,at,model,serial,bought,warranty,skills,from,to\n"

// good is a row that fits; with changes some of its columns.
func good(changes ...string) string {
	cells := map[string]string{
		"id": "r1", "phone": "+13105550101", "name": "Ann", "address": "1 Main St", "area": "1",
		"lat": "33.9", "lng": "-118.3", "via": "7", "type": "lamp", "what": "dark", "at": "2020-01-01 08:00:00",
	}
	for i := 0; i < len(changes); i += 2 {
		cells[changes[i]] = changes[i+1]
	}
	var row []string
	for _, name := range strings.Split(strings.TrimSpace(head), ",") {
		row = append(row, cells[name])
	}
	return strings.Join(row, ",") + "\n"
}

func read(t *testing.T, m *importer.Mapping, in io.Reader) ([]importer.Record, []importer.Refusal, importer.Tally) {
	t.Helper()
	var taken []importer.Record
	var refused []importer.Refusal
	tally, err := m.Read(in, func(r importer.Row) error {
		if (r.Record == nil) == (r.Refusal == nil) {
			t.Errorf("a row is either taken or refused: %+v", r)
		}
		if r.Record != nil {
			taken = append(taken, *r.Record)
		} else {
			refused = append(refused, *r.Refusal)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (importer.Tally{Read: len(taken) + len(refused), Accepted: len(taken), Refused: len(refused), Blank: tally.Blank}); tally != want {
		t.Errorf("tally %+v, want %+v", tally, want)
	}
	return taken, refused, tally
}

func TestRecord(t *testing.T) {
	row := good("serial", "SN-1", "model", "LUM-2", "bought", "2019-05-01", "warranty", "24", "email", "ann@example.com",
		"from", "2020-01-02T10:00:00-08:00", "to", "2020-01-02 12:30:00")
	taken, refused, _ := read(t, parse(t, mapping), strings.NewReader(head+row))
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	bought, warranty := time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC), 24
	want := importer.Record{
		Line:     2,
		Lines:    1,
		Key:      importer.Key{Source: "desk", ID: "r1"},
		Customer: importer.Customer{ExternalID: "+13105550101", Name: "Ann", Phone: "+13105550101", Email: "ann@example.com"},
		Site: importer.Site{
			ExternalID: "1 Main St", Address: "1 Main St, Harbor", Point: orb.Point{-118.3, 33.9},
			Zone: "America/Los_Angeles",
		},
		Case: importer.Case{
			Channel: "app", Type: "fault", Severity: "complex", Priority: "P1", Description: "dark",
			ReceivedAt: time.Date(2020, 1, 1, 16, 0, 0, 0, time.UTC),
		},
		Product: &importer.Product{Code: "LUM-2"},
		Asset:   &importer.Asset{Serial: "SN-1", PurchasedOn: &bought, WarrantyMonths: &warranty},
		Job: importer.Job{
			Title: "Street light, 1 Main St", Duration: time.Hour,
			Skills: []importer.Skill{{Code: "streetlight", Level: 2}},
			Photos: []importer.Photo{{Kind: "before", Count: 1}, {Kind: "after", Count: 2}},
			Parts:  []importer.Part{{Number: "LAMP-100", Quantity: 1}},
			Window: &importer.Window{From: time.Date(2020, 1, 2, 18, 0, 0, 0, time.UTC), To: time.Date(2020, 1, 2, 20, 30, 0, 0, time.UTC)},
		},
	}
	if !reflect.DeepEqual(taken[0], want) {
		t.Errorf("got  %+v\nwant %+v", taken[0], want)
	}
}

func TestPrecedence(t *testing.T) {
	taken, refused, _ := read(t, parse(t, mapping), strings.NewReader(head+
		good("id", "a", "skills", "lift; wiring:3")+ // the column before the type
		good("id", "b", "type", "other", "what", "")+ // the default after the type
		good("id", "c", "via", "99"))) // the lookup's default
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	if got := taken[0].Job.Skills; !reflect.DeepEqual(got, []importer.Skill{{Code: "lift", Level: 1}, {Code: "wiring", Level: 3}}) {
		t.Errorf("skills %v", got)
	}
	if b := taken[1]; b.Case.Severity != "general" || b.Case.Priority != "P2" || b.Case.Description != "nothing said" || b.Job.Duration != 20*time.Minute {
		t.Errorf("row b: %+v", b)
	}
	if taken[2].Case.Channel != "hotline" {
		t.Errorf("channel %s", taken[2].Case.Channel)
	}
}

func TestManyLines(t *testing.T) {
	taken, refused, tally := read(t, parse(t, mapping), strings.NewReader(head+"\n"+
		good("what", "\"two\nlines, \"\"dark\"\"\"")+"\r\n \n"+
		"r2,\"lost\nin,two\"\n"+
		good("id", "r3")))
	if len(taken) != 2 || taken[0].Case.Description != "two\nlines, \"dark\"" || taken[0].Line != 3 || taken[1].Line != 9 {
		t.Errorf("taken %+v", taken)
	}
	if len(refused) != 1 || refused[0].Lines != 2 || reasons(refused[0]) != "2 columns where the header has 19, over 2 lines: a quote may be missing" {
		t.Errorf("refused %+v", refused)
	}
	if tally.Blank != 3 {
		t.Errorf("%d blank lines", tally.Blank)
	}
}

func TestOpenQuoteLosesNothing(t *testing.T) {
	var file strings.Builder
	file.WriteString(head + good("id", "open", "name", `"Ann`))
	for i := range 300 {
		file.WriteString(good("id", fmt.Sprint("r", i)))
	}
	taken, refused, _ := read(t, parse(t, mapping), strings.NewReader(file.String()))
	if len(taken) != 300 || len(refused) != 1 {
		t.Errorf("taken %d, refused %v", len(taken), refused)
	}
}

func TestLongLine(t *testing.T) {
	taken, refused, _ := read(t, parse(t, mapping), strings.NewReader(head+good("name", strings.Repeat("x", 2<<20))+good()))
	if len(taken) != 1 || len(refused) != 1 || reasons(refused[0]) != "the line is longer than 1048576 bytes" {
		t.Errorf("taken %d, refused %v", len(taken), refused)
	}
}

func TestHeader(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty file", "", "the file is empty"},
		{"blank file", "\n\n", "the file is empty"},
		{"columns missing", strings.Replace(head, "lat,lng", "y,x", 1), "column lat of the mapping is not in the file: it has id, phone, name, email, address, area, y, x,"},
		{"column twice", strings.TrimSpace(head) + ",lat\n", "/columns/19 column lat stands twice"},
		{"UTF-16", "\xff\xfei\x00d\x00", "the file is UTF-16: save it as UTF-8"},
		{"CR alone", strings.ReplaceAll(head+good(), "\n", "\r"), "the lines of the file end in CR alone: save it with LF or CRLF"},
		{"not text", "\xb1\xe0\xba\xc5,name\n", "the header cannot be read: byte 1 of the line is not UTF-8 text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(t, mapping).Read(strings.NewReader(c.file), func(importer.Row) error { return nil })
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	row := good("name", "王芳", "address", "南京东路1号")
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(head + row)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, mapping, file string
	}{
		{"UTF-8 with BOM", mapping, "\uFEFF" + head + row},
		{"CRLF", mapping, strings.ReplaceAll(head+row, "\n", "\r\n")},
		{"no last newline", mapping, strings.TrimSuffix(head+row, "\n")},
		{"GB18030", strings.Replace(mapping, "utf-8", "gb18030", 1), gb},
		{"semicolons", strings.Replace(mapping, `delimiter: ","`, `delimiter: ";"`, 1), strings.ReplaceAll(head+row, ",", ";")},
		{"tabs", strings.Replace(mapping, `delimiter: ","`, `delimiter: "\t"`, 1), strings.ReplaceAll(head+row, ",", "\t")},
	} {
		t.Run(c.name, func(t *testing.T) {
			taken, refused, _ := read(t, parse(t, c.mapping), iotest.OneByteReader(strings.NewReader(c.file)))
			if len(refused) > 0 || taken[0].Customer.Name != "王芳" || taken[0].Site.Address != "南京东路1号, Harbor" {
				t.Errorf("taken %+v, refused %v", taken, refused)
			}
		})
	}
	broken := bytes.Replace([]byte(gb), []byte("\xb7\xbc"), []byte("\xb7\xff"), 1)
	_, refused, _ := read(t, parse(t, strings.Replace(mapping, "utf-8", "gb18030", 1)), bytes.NewReader(broken))
	if len(refused) != 1 || reasons(refused[0]) != "the line is not GB18030 text" {
		t.Errorf("refused %v", refused)
	}
}

func TestSummerTime(t *testing.T) {
	for _, c := range []struct{ at, want string }{
		{"2020-03-08 01:59:59", "2020-03-08T09:59:59Z"},
		{"2020-03-08 03:00:00", "2020-03-08T10:00:00Z"},
		{"2020-11-01 01:30:00", "2020-11-01T08:30:00Z"}, // shown twice: the first
		{"2020-11-01 02:00:00", "2020-11-01T10:00:00Z"},
		{"2020-03-08T02:30:00+08:00", "2020-03-07T18:30:00Z"},
	} {
		taken, refused, _ := read(t, parse(t, mapping), strings.NewReader(head+good("at", c.at)))
		if len(refused) > 0 || taken[0].Case.ReceivedAt.Format(time.RFC3339) != c.want {
			t.Errorf("%s: %v %v, want %s", c.at, taken, refused, c.want)
		}
	}
}

func TestStops(t *testing.T) {
	full := errors.New("disk full")
	tally, err := parse(t, mapping).Read(strings.NewReader(head+good()+good("id", "r2")), func(importer.Row) error { return full })
	if !errors.Is(err, full) || tally.Read != 1 {
		t.Errorf("tally %+v, %v", tally, err)
	}
	tally, err = parse(t, mapping).Read(io.MultiReader(strings.NewReader(head+good()), iotest.ErrReader(full)), func(importer.Row) error { return nil })
	if !errors.Is(err, full) || tally.Accepted != 1 {
		t.Errorf("tally %+v, %v", tally, err)
	}
}
