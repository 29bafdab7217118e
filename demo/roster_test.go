package demo_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"callout/demo"
	"callout/dispatch/workday"
	"callout/importer"
	"callout/internal/geo"

	"github.com/google/uuid"
)

func day(t *testing.T, date string) demo.Day {
	t.Helper()
	at, err := time.Parse(time.RFC3339, date)
	if err != nil {
		t.Fatal(err)
	}
	d, err := demo.On(at)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func roster(t *testing.T, d demo.Day) []demo.Technician {
	t.Helper()
	all, err := demo.Roster(d)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// id names the same thing by the same id.
func id(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// problem is the demo's day as the mass assignment sees it.
func problem(t *testing.T, d demo.Day) workday.Problem {
	t.Helper()
	p := workday.Problem{Travel: geo.DefaultTravel, Weights: workday.DefaultWeights}
	for _, w := range roster(t, d) {
		s := workday.Day{
			Technician: id(w.Code), Outlet: id(w.Outlet), Start: w.Home, End: w.Home, CostPerHour: w.CostPerHour,
			Shift: workday.Window{From: w.Shift.From.Unix(), To: w.Shift.To.Unix()},
			Breaks: []workday.Break{{
				Earliest: w.Shift.BreakFrom.Unix(), Latest: w.Shift.BreakTo.Unix(), Duration: int64(w.Shift.BreakMinutes * 60),
			}},
		}
		for _, c := range w.Certificates {
			s.Grants = append(s.Grants, workday.Grant{Skill: c.Skill, Level: c.Level, From: c.From.Unix(), To: c.To.Unix()})
		}
		p.Days = append(p.Days, s)
	}
	outlets, err := demo.Outlets()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records(t, demo.FirstFile) {
		r = d.Move(r)
		v := workday.Visit{
			ID: id(r.Key.ID), At: r.Site.Point, Duration: int64(r.Job.Duration.Seconds()),
			Windows: []workday.Window{{From: r.Job.Window.From.Unix(), To: r.Job.Window.To.Unix()}},
			Class:   strings.Index("012", r.Case.Priority[1:]),
		}
		for _, n := range r.Job.Skills {
			v.Needs = append(v.Needs, workday.Need{Skill: n.Code, Level: n.Level})
		}
		for _, o := range outlets {
			if o.Territory.Contains(r.Site.Point) {
				v.Outlet = id(o.Code)
			}
		}
		p.Visits = append(p.Visits, v)
	}
	return p
}

func TestNineJobsInTenFit(t *testing.T) {
	for _, c := range []struct{ name, now string }{
		{"a day in winter", "2026-11-23T20:00:00Z"},
		{"the day on which summer time begins", "2026-03-08T20:00:00Z"},
		{"the day on which it ends", "2026-11-01T20:00:00Z"},
	} {
		p := problem(t, day(t, c.now))
		start := time.Now()
		plan := workday.Greedy(p, nil)
		share := 100 * float64(len(plan.Assigned)) / float64(len(p.Visits))
		reasons := map[workday.Reason]int{}
		for _, u := range plan.Unserved {
			reasons[u.Reason]++
		}
		t.Logf("%s: %d technicians do %d of %d jobs, %.1f %%, planned in %v; left over: %v",
			c.name, len(p.Days), len(plan.Assigned), len(p.Visits), share, time.Since(start).Round(time.Millisecond), reasons)
		if share < 88 || share > 93 {
			t.Errorf("%s: %.1f %%, want 88 to 93", c.name, share)
		}
	}
}

func TestRoster(t *testing.T) {
	d := day(t, "2026-11-23T20:00:00Z")
	all := roster(t, d)
	if again := roster(t, d); !reflect.DeepEqual(all, again) {
		t.Error("the roster is another at the second call")
	}
	outlets := map[string]demo.Outlet{}
	staff := map[string]int{}
	list, err := demo.Outlets()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		outlets[o.Code] = o
	}
	skills := map[string]bool{}
	for _, s := range demo.Skills() {
		skills[s.Code] = true
	}
	seen, levels, shifts, lapsed := map[string]bool{}, map[int]int{}, map[string]int{}, 0
	for _, w := range all {
		for _, unique := range []string{w.Code, w.Name, w.NameZh, w.Phone, w.Van} {
			if seen[unique] {
				t.Errorf("%s twice", unique)
			}
			seen[unique] = true
		}
		if !strings.HasSuffix(w.Name, " (made up)") || !strings.HasSuffix(w.NameZh, "（虚构）") {
			t.Errorf("%s %s is not marked as made up", w.Name, w.NameZh)
		}
		if !outlets[w.Outlet].Territory.Contains(w.Home) {
			t.Errorf("%s lives outside of %s", w.Code, w.Outlet)
		}
		if len(w.Certificates) == 0 || w.CostPerHour < 2500 {
			t.Errorf("%+v", w)
		}
		staff[w.Outlet]++
		shifts[w.Shift.Kind]++
		for _, c := range w.Certificates {
			if !skills[c.Skill] || c.Level < 1 || c.Level > 5 || !c.From.Before(c.To) {
				t.Errorf("%s: %+v", w.Code, c)
			}
			levels[c.Level]++
			if c.From.After(w.Shift.From) || c.To.Before(w.Shift.To) {
				lapsed++
			}
		}
		s := w.Shift
		if s.BreakFrom.Before(s.From) || s.BreakTo.Before(s.BreakFrom) || s.BreakMinutes < 30 || s.BreakMinutes > 45 ||
			s.BreakTo.Add(time.Duration(s.BreakMinutes)*time.Minute).After(s.To) {
			t.Errorf("%s: %+v", w.Code, s)
		}
	}
	if len(staff) != 12 || len(shifts) != 3 || len(levels) != 5 || lapsed == 0 {
		t.Errorf("staff %v, shifts %v, levels %v, lapsed %d", staff, shifts, levels, lapsed)
	}
	t.Logf("%d technicians %v, shifts %v, levels %v, %d certificates not valid on the day", len(all), staff, shifts, levels, lapsed)
}

var vocabulary = importer.Vocabulary{
	Channels:   []string{"hotline", "app", "web_form", "email", "official_account", "chat", "outlet", "social", "platform", "crew"},
	Types:      []string{"fault", "enquiry", "complaint", "suggestion"},
	Severities: []string{"general", "complex", "urgent"},
	Priorities: []string{"P0", "P1", "P2"},
}

func records(t *testing.T, file string) []importer.Record {
	t.Helper()
	all, err := demo.Requests(vocabulary, file)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
