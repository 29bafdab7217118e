package demo_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"callout/demo"
	"callout/importer"
	"callout/inventory/gs1"
)

func TestRequests(t *testing.T) {
	m, err := demo.Mapping(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, s := range demo.Skills() {
		known[s.Code] = true
	}
	for _, p := range demo.Parts() {
		known[p.Number] = true
	}
	keys, customers := map[importer.Key]bool{}, map[string]bool{}
	for file, want := range map[string]int{demo.FirstFile: 1685, demo.SecondFile: 5964} {
		in, err := demo.Files().Open(file)
		if err != nil {
			t.Fatal(err)
		}
		tally, err := m.Read(in, func(r importer.Row) error {
			if r.Refusal != nil {
				t.Errorf("line %d: %v", r.Refusal.Line, r.Refusal.Reasons)
				return nil
			}
			keys[r.Record.Key], customers[r.Record.Customer.ExternalID] = true, true
			if !strings.HasSuffix(r.Record.Customer.Name, " (made up)") || len(r.Record.Job.Skills) == 0 {
				t.Errorf("%+v", r.Record)
			}
			for _, s := range r.Record.Job.Skills {
				if !known[s.Code] {
					t.Errorf("no skill %s", s.Code)
				}
			}
			for _, p := range r.Record.Job.Parts {
				if !known[p.Number] {
					t.Errorf("no part %s", p.Number)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if tally != (importer.Tally{Read: want, Accepted: want}) {
			t.Errorf("%s: %+v", file, tally)
		}
	}
	if len(keys) != 7649 || len(customers) != 6059 {
		t.Errorf("%d keys, %d customers", len(keys), len(customers))
	}
}

func TestShift(t *testing.T) {
	la := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ name, now, at, want string }{
		{"same clock in winter", "2026-11-23T20:00:00Z", "2020-01-01T09:30:05-08:00", "2026-11-23T09:30:05-08:00"},
		{"same clock in summer", "2026-07-01T20:00:00Z", "2020-01-01T09:30:00-08:00", "2026-07-01T09:30:00-07:00"},
		{"the day of Los Angeles, not of Greenwich", "2026-11-24T05:00:00Z", "2020-01-01T00:02:00-08:00", "2026-11-23T00:02:00-08:00"},
		{"the day after", "2026-11-23T20:00:00Z", "2020-01-02T23:56:00-08:00", "2026-11-24T23:56:00-08:00"},
		{"before summer time begins", "2026-03-08T20:00:00Z", "2020-01-01T01:30:00-08:00", "2026-03-08T01:30:00-08:00"},
		{"in the hour that it skips", "2026-03-08T20:00:00Z", "2020-01-01T02:30:00-08:00", "2026-03-08T03:30:00-07:00"},
		{"after it began", "2026-03-08T20:00:00Z", "2020-01-01T09:30:00-08:00", "2026-03-08T09:30:00-07:00"},
		{"in the hour that is shown twice", "2026-11-01T20:00:00Z", "2020-01-01T01:30:00-08:00", "2026-11-01T01:30:00-07:00"},
	} {
		if got := day(t, c.now).Shift(la(c.at)); !got.Equal(la(c.want)) {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func TestWindow(t *testing.T) {
	for _, date := range []string{"2026-11-23T20:00:00Z", "2026-03-08T20:00:00Z", "2026-11-01T20:00:00Z"} {
		d := day(t, date)
		promised, all := 0, records(t, demo.FirstFile)
		for _, r := range all {
			moved := d.Move(r)
			w := *moved.Job.Window
			if w != d.Window(r.Key.ID) || r.Job.Window != nil {
				t.Fatalf("%v", w)
			}
			length := w.To.Sub(w.From)
			if length <= 4*time.Hour {
				promised++
			}
			if length < 2*time.Hour || length > 4*time.Hour && length < 22*time.Hour || w.From.Before(d.At(0, 0)) || !w.To.Before(d.At(24, 0)) {
				t.Errorf("%s: %v", r.Key.ID, w)
			}
		}
		if share := 100 * promised / len(all); share < 57 || share > 63 {
			t.Errorf("%d %% of the windows are promised", share)
		}
	}
}

func TestStock(t *testing.T) {
	outlets, err := demo.Outlets()
	if err != nil {
		t.Fatal(err)
	}
	staff := roster(t, day(t, "2026-11-23T20:00:00Z"))
	places := demo.Stock(outlets, staff)
	if len(places) != len(outlets)+len(staff) || !reflect.DeepEqual(places, demo.Stock(outlets, staff)) {
		t.Errorf("%d places", len(places))
	}
	parts := map[string]demo.Part{}
	for _, p := range demo.Parts() {
		if parts[p.Number].Number != "" || !strings.Contains(p.Name, "(made up)") || !strings.Contains(p.NameZh, "虚构") {
			t.Errorf("%+v", p)
		}
		parts[p.Number] = p
	}
	seen := map[string]bool{}
	for _, p := range places {
		if seen[p.Code] || len(p.Holds) == 0 && p.Kind == "warehouse" {
			t.Errorf("%+v", p)
		}
		seen[p.Code] = true
		for _, h := range p.Holds {
			part, known := parts[h.Part]
			want := 0
			if part.Serialized {
				want = h.Quantity
			}
			if !known || h.Quantity < 1 || len(h.Serials) != want {
				t.Errorf("%s: %+v", p.Code, h)
			}
			for _, s := range h.Serials {
				if seen[s] {
					t.Errorf("serial %s twice", s)
				}
				seen[s] = true
				if _, err := gs1.DigitalLink(part.GTIN, s); err != nil {
					t.Errorf("GS1 cannot say serial %s: %v", s, err)
				}
			}
		}
	}
	for _, w := range staff {
		if !seen[w.Van] {
			t.Errorf("%s has no van", w.Code)
		}
	}
}

func TestLogins(t *testing.T) {
	staff := map[string]string{}
	for _, w := range roster(t, day(t, "2026-11-23T20:00:00Z")) {
		staff[w.Code] = w.Outlet
	}
	mends := false
	for _, w := range roster(t, day(t, "2026-11-23T20:00:00Z")) {
		for _, c := range w.Certificates {
			mends = mends || w.Code == "R11-01" && c.Skill == "streetlight" && c.Level >= 4 && c.From.Before(w.Shift.From) && c.To.After(w.Shift.To)
		}
	}
	if !mends {
		t.Error("the technician of the demo cannot mend street lights")
	}
	roles, seen := map[string]bool{}, map[string]bool{}
	for _, l := range demo.Logins() {
		if seen[l.Login] || !regexp.MustCompile(`^[a-z0-9-]+@callout\.example$`).MatchString(l.Login) {
			t.Errorf("login %s", l.Login)
		}
		seen[l.Login] = true
		for _, r := range l.Roles {
			roles[r] = true
		}
		if l.Technician != "" && staff[l.Technician] != l.Outlet {
			t.Errorf("%s is not a technician of %s", l.Technician, l.Outlet)
		}
	}
	if len(roles) != 7 {
		t.Errorf("roles %v", roles)
	}
}
