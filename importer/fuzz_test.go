package importer_test

import (
	"bytes"
	"strings"
	"testing"

	"callout/importer"
	"callout/internal/fault"
)

// FuzzRead holds that no line is lost, whatever the file: the rows cover every line that is not blank, once.
func FuzzRead(f *testing.F) {
	f.Add([]byte(good()), false)
	f.Add([]byte(good("name", `"Ann`)+good("id", "r2")), false)
	f.Add([]byte(good("name", "A\xffn")+"\r\n\r\n"+good("what", "\"a\nb\"")), false)
	f.Add([]byte("\"\n\"\"\n,\"x\"y\n\"\xb1\xff\n"), true)
	f.Add([]byte(good("lat", "1e9", "lng", "Inf", "at", "2020-03-08 02:30:00", "skills", ";:;a:99")), true)
	mappings := map[bool]*importer.Mapping{}
	for gb, encoding := range map[bool]string{false: "utf-8", true: "gb18030"} {
		m, err := importer.Parse([]byte(strings.Replace(mapping, "utf-8", encoding, 1)), beside, vocabulary)
		if err != nil {
			f.Fatal(err)
		}
		mappings[gb] = m
	}
	f.Fuzz(func(t *testing.T, body []byte, gb bool) {
		next, covered := 2, 0
		tally, err := mappings[gb].Read(bytes.NewReader(append([]byte(head), body...)), func(r importer.Row) error {
			line, lines := 0, 1
			switch {
			case r.Record != nil && r.Refusal == nil:
				line, lines = r.Record.Line, r.Record.Lines
				if r.Record.Key.ID == "" || r.Record.Job.Duration <= 0 || r.Record.Case.ReceivedAt.IsZero() {
					t.Errorf("half a record: %+v", r.Record)
				}
			case r.Refusal != nil && r.Record == nil:
				line, lines = r.Refusal.Line, r.Refusal.Lines
				if len(r.Refusal.Reasons) == 0 {
					t.Errorf("line %d is refused without a reason", line)
				}
			default:
				t.Fatalf("a row that is neither: %+v", r)
			}
			if line < next {
				t.Errorf("line %d after line %d", line, next-1)
			}
			next = line + lines
			covered += lines
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if tally.Read != tally.Accepted+tally.Refused {
			t.Errorf("tally %+v", tally)
		}
		physical := bytes.Count(body, []byte("\n"))
		if len(body) > 0 && body[len(body)-1] != '\n' {
			physical++
		}
		if covered+tally.Blank != physical {
			t.Errorf("%d lines in rows and %d blank, of %d", covered, tally.Blank, physical)
		}
	})
}

// FuzzParse holds that a mapping is either whole or refused as invalid.
func FuzzParse(f *testing.F) {
	f.Add([]byte(mapping))
	f.Add([]byte("source: &a x\nfile: *a\ntypes: {key: '{a}', rows: {<<: {}}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := importer.Parse(text, beside, vocabulary)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if m.Source() == "" || m.Zone() == nil {
			t.Error("half a mapping")
		}
	})
}
