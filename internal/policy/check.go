package policy

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"callout/internal/calendar"
	"callout/internal/fault"
	"callout/internal/words"
)

// units says for each unit what it measures, which values make sense, and how long it is.
var units = map[Unit]struct {
	measures    string
	least, most float64
	seconds     float64
}{
	UnitMinute:    {"time", 1, 366 * 24 * 60, 60},
	UnitHour:      {"time", 1. / 60, 366 * 24, 60 * 60},
	UnitDay:       {"time", 1. / 24 / 60, 366, 24 * 60 * 60},
	UnitFactor:    {"factor", 1, 10, 0},
	UnitKmPerHour: {"speed", 1, 300, 0},
	UnitMetre:     {"distance", 1, 100_000, 0},
	UnitPoints:    {"points", 0, 1e9, 0},
}

var weekdays = map[string]time.Weekday{
	"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday,
	"fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

// check names everything that is wrong with the document, and makes its calendar.
func (d Document) check(known map[Name]Figure) (*calendar.Calendar, fault.Faults) {
	c, bad := d.calendar()
	d.TravelPace.check(&bad, "/travel_pace")
	for _, n := range slices.Sorted(maps.Keys(d.Figures)) {
		at := "/figures/" + string(n)
		if kind, is := known[n]; is {
			d.Figures[n].check(&bad, at, units[kind.Unit].measures, n == PlanNightlyApply || n == ReplenishmentAuto)
		} else {
			bad.Add(at, "is no figure of a policy")
		}
	}
	return c, bad
}

// check names what is wrong with a figure; a switch is 0 or 1.
func (f Figure) check(bad *fault.Faults, at, measures string, isSwitch bool) {
	u := units[f.Unit]
	if isSwitch {
		u.most = 1
	}
	if u.measures != measures {
		bad.Add(at+"/unit", "must be a unit of %s", words.Noun(measures))
		return
	}
	timed := measures == "time"
	if timed != (f.Calendar == Clock || f.Calendar == Working) || !timed && f.Calendar != "" {
		if timed {
			bad.Add(at+"/calendar", "is required for a time: clock or working")
		} else {
			bad.Add(at+"/calendar", "is for times alone")
		}
		return
	}
	whole := f.Calendar == Working && f.Unit == UnitDay || f.Unit == UnitPoints
	switch {
	case !(f.Value >= u.least && f.Value <= u.most): // a NaN is neither
		bad.Add(at+"/value", "must be from %s to %s", short(u.least), short(u.most))
	case whole && f.Value != math.Trunc(f.Value):
		bad.Add(at+"/value", "must be a whole number")
	}
}

// The pace of travel: from a tenth of the speed to three times as fast.
const leastPace, mostPace = 100, 3000

func (p TravelPace) check(bad *fault.Faults, at string) {
	for _, days := range []struct {
		at     string
		speeds []int
	}{{at + "/weekday", p.Weekday}, {at + "/weekend", p.Weekend}} {
		if len(days.speeds) != 24 {
			bad.Add(days.at, "must have a speed for each of 24 hours")
		}
		for hour, v := range days.speeds {
			if v < leastPace || v > mostPace {
				bad.Add(fmt.Sprintf("%s/%d", days.at, hour), "must be from %s to %s", short(leastPace), short(mostPace))
			}
		}
	}
}

func short(v float64) string { return fmt.Sprintf("%.10g", math.Round(v*1e4)/1e4) }

// calendar reads the working calendar.
func (d Document) calendar() (*calendar.Calendar, fault.Faults) {
	var bad fault.Faults
	w, at := d.WorkingCalendar, "/working_calendar"
	c := &calendar.Calendar{}
	var err error
	// LoadLocation takes "" for UTC and Local for whatever this machine is set to.
	if c.Zone, err = time.LoadLocation(d.TimeZone); err != nil || d.TimeZone == "" || d.TimeZone == "Local" {
		bad.Add("/time_zone", "is no time zone of the IANA database")
	}
	for i, day := range w.Days {
		weekday, is := weekdays[day]
		if !is {
			bad.Add(fmt.Sprintf("%s/days/%d", at, i), "is no day of the week")
		}
		c.Week = append(c.Week, weekday)
	}
	if len(w.Days) == 0 {
		bad.Add(at+"/days", "must name a working day")
	}
	opens, errOpens := calendar.ParseClock(w.Opens)
	closes, errCloses := calendar.ParseClock(w.Closes)
	if errOpens != nil {
		bad.Add(at+"/opens", "is no time of day")
	}
	if errCloses != nil {
		bad.Add(at+"/closes", "is no time of day")
	} else if errOpens == nil && closes <= opens {
		bad.Add(at+"/closes", "must be after the opening")
	}
	c.Opens, c.Closes = opens, closes
	c.Off = readDates(&bad, at+"/days_off", w.DaysOff)
	c.MakeUp = readDates(&bad, at+"/make_up_days", w.MakeUpDays)
	for i, text := range w.MakeUpDays {
		if day, err := calendar.ParseDate(text); err == nil && c.Off[day] {
			bad.Add(fmt.Sprintf("%s/make_up_days/%d", at, i), "is a day off as well")
		}
	}
	return c, bad
}

func readDates(bad *fault.Faults, at string, texts []string) map[calendar.Date]bool {
	days := make(map[calendar.Date]bool, len(texts))
	for i, text := range texts {
		day, err := calendar.ParseDate(text)
		if err != nil {
			bad.Add(fmt.Sprintf("%s/%d", at, i), "is no date")
		}
		days[day] = true
	}
	return days
}
