package calendar_test

import (
	"testing"
	"time"

	"callout/internal/calendar"
)

var everyDay = []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func dates(t *testing.T, texts ...string) map[calendar.Date]bool {
	t.Helper()
	all := map[calendar.Date]bool{}
	for _, s := range texts {
		d, err := calendar.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		all[d] = true
	}
	return all
}

// office works Monday to Friday, 09:00 to 18:00, with the Spring Festival of 2026 in China.
func office(t *testing.T, zoneName string) *calendar.Calendar {
	t.Helper()
	c := &calendar.Calendar{
		Zone: zone(t, zoneName), Week: everyDay[1:6], Opens: 9 * 60, Closes: 18 * 60,
		Off: dates(t, "2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
			"2026-02-21", "2026-02-22", "2026-02-23"),
		MakeUp: dates(t, "2026-02-14", "2026-02-28"),
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

const layout = "2006-01-02 15:04"

func at(t *testing.T, z *time.Location, s string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation(layout, s, z)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWorkingDaysPass(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from string
		days       int
		want       string
	}{
		{"five days within two weeks", "2026-03-04 10:30", 5, "2026-03-11 10:30"},
		{"one day over a weekend", "2026-03-06 17:59", 1, "2026-03-09 17:59"},
		{"a Saturday's begin on Monday and end on Friday", "2026-03-07 12:00", 5, "2026-03-13 18:00"},
		{"an evening's begin next morning", "2026-03-04 18:00", 5, "2026-03-11 18:00"},
		{"an early morning's begin at the opening", "2026-03-04 06:00", 1, "2026-03-04 18:00"},
		{"from the very opening to the close", "2026-03-02 09:00", 5, "2026-03-06 18:00"},
		{"over the Spring Festival and a worked Saturday before it", "2026-02-12 11:00", 5, "2026-02-26 11:00"},
		{"a make-up Saturday counts", "2026-02-27 11:00", 1, "2026-02-28 11:00"},
		{"a holiday's begin after it", "2026-02-17 11:00", 1, "2026-02-24 18:00"},
		{"over a leap day", "2028-02-28 11:00", 2, "2028-03-01 11:00"},
		{"over the end of a year", "2027-12-31 11:00", 1, "2028-01-03 11:00"},
	}
	c := office(t, "Asia/Shanghai")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := c.AddDays(at(t, c.Zone, tt.from).UTC(), tt.days)
			if want := at(t, c.Zone, tt.want); !got.Equal(want) {
				t.Errorf("got %s, want %s", got.In(c.Zone).Format(layout), tt.want)
			}
		})
	}
}

func TestWorkingDaysKeepTheTimeOfDayWhenClocksChange(t *testing.T) {
	t.Parallel()
	c := office(t, "America/Los_Angeles")
	for name, tt := range map[string]struct {
		from  string
		hours time.Duration
	}{
		"clocks go forward": {"2026-03-06 11:00", 71 * time.Hour}, // Friday to Monday over 8 March
		"clocks go back":    {"2026-10-30 11:00", 73 * time.Hour}, // over 1 November
	} {
		from := at(t, c.Zone, tt.from)
		got := c.AddDays(from, 1)
		if got.Sub(from) != tt.hours || got.In(c.Zone).Format("Mon 15:04") != "Mon 11:00" {
			t.Errorf("%s: got %s after %s", name, got.In(c.Zone), got.Sub(from))
		}
		if byHours := c.Add(from, 9*time.Hour); !byHours.Equal(got) {
			t.Errorf("%s: nine working hours end at %s", name, byHours.In(c.Zone))
		}
	}
}

func TestWorkingHoursPass(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from string
		amount     time.Duration
		want       string
	}{
		{"within a day", "2026-03-04 10:30", 2 * time.Hour, "2026-03-04 12:30"},
		{"up to the close", "2026-03-04 10:30", 7*time.Hour + 30*time.Minute, "2026-03-04 18:00"},
		{"into the next day", "2026-03-04 17:00", 2 * time.Hour, "2026-03-05 10:00"},
		{"over a weekend", "2026-03-06 17:00", 4 * time.Hour, "2026-03-09 12:00"},
		{"from a Sunday", "2026-03-08 03:00", time.Hour, "2026-03-09 10:00"},
		{"a week of them", "2026-03-04 10:30", 45 * time.Hour, "2026-03-11 10:30"},
	}
	c := office(t, "Asia/Shanghai")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := c.Add(at(t, c.Zone, tt.from), tt.amount)
			if want := at(t, c.Zone, tt.want); !got.Equal(want) {
				t.Errorf("got %s, want %s", got.In(c.Zone).Format(layout), tt.want)
			}
		})
	}
}

// Work that goes on by night meets the hours that clocks jump over or show twice.
func TestNightsOfChangingClocksEnd(t *testing.T) {
	t.Parallel()
	for _, hours := range [][2]calendar.Clock{{0, 24 * 60}, {60, 150}, {150, 180}, {90, 120}, {120, 180}} {
		c := &calendar.Calendar{Zone: zone(t, "America/Los_Angeles"), Week: everyDay, Opens: hours[0], Closes: hours[1]}
		for from := at(t, c.Zone, "2026-03-06 00:00"); from.Before(at(t, c.Zone, "2026-03-10 00:00")); from = from.Add(7 * time.Minute) {
			if got := c.AddDays(from, 2); !got.After(from) || got.Sub(from) > 73*time.Hour {
				t.Fatalf("%v: two days from %s end at %s", hours, from, got)
			}
			if got := c.Add(from, 10*time.Minute); got.Sub(from) < 10*time.Minute || got.Sub(from) > 49*time.Hour {
				t.Fatalf("%v: ten minutes from %s end at %s", hours, from, got)
			}
		}
	}
}

func TestTextsThatAreNoDateOrTimeAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00"} {
		if d, err := calendar.ParseDate(s); err == nil {
			t.Errorf("date %q was read as %v", s, d)
		}
	}
	for _, s := range []string{"", "9:00", "09:60", "24:01", "25:00", "-1:00", "09:00:00", "0900", "09 00", "+9:00", "09:+1"} {
		if c, err := calendar.ParseClock(s); err == nil {
			t.Errorf("time of day %q was read as %d", s, c)
		}
	}
	for s, want := range map[string]calendar.Clock{"00:00": 0, "09:05": 545, "24:00": 1440} {
		if c, err := calendar.ParseClock(s); err != nil || c != want {
			t.Errorf("time of day %q was read as %d, %v", s, c, err)
		}
	}
}

func TestCalendarsWithoutWorkAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]calendar.Calendar{
		"no zone":            {Week: everyDay, Opens: 0, Closes: 60},
		"no day":             {Zone: time.UTC, Opens: 0, Closes: 60},
		"no hours":           {Zone: time.UTC, Week: everyDay, Opens: 60, Closes: 60},
		"closes before":      {Zone: time.UTC, Week: everyDay, Opens: 60, Closes: 0},
		"closes after a day": {Zone: time.UTC, Week: everyDay, Opens: 60, Closes: 1441},
	} {
		if c.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
