package policy

import (
	"cmp"
	"maps"
	"time"
)

// Publication is what a new version changes of the one that it is based on; nil stays as it was.
type Publication struct {
	BasedOn       int        // the highest version, as its author read it
	EffectiveFrom *time.Time // nil for at once
	Note          string     // why
	TimeZone      *string
	Calendar      CalendarChange
	Pace          PaceChange
	Figures       map[Name]Figure
}

// CalendarChange is what a new version changes of the working calendar; nil stays as it was.
type CalendarChange struct {
	Days, DaysOff, MakeUpDays []string
	Opens, Closes, Source     *string
}

// PaceChange is what a new version changes of the pace of travel; nil stays as it was.
type PaceChange struct {
	Weekday, Weekend []int
	Source           *string
}

// of is the document after the change.
func (p Publication) of(d Document) Document {
	d.Figures = maps.Clone(d.Figures)
	for n, f := range p.Figures {
		f.Source = cmp.Or(f.Source, "operator")
		d.Figures[n] = f
	}
	w := &d.WorkingCalendar
	replace(&d.TimeZone, p.TimeZone)
	replace(&w.Opens, p.Calendar.Opens)
	replace(&w.Closes, p.Calendar.Closes)
	replace(&w.Source, p.Calendar.Source)
	replaceList(&w.Days, p.Calendar.Days)
	replaceList(&w.DaysOff, p.Calendar.DaysOff)
	replaceList(&w.MakeUpDays, p.Calendar.MakeUpDays)
	replaceList(&d.TravelPace.Weekday, p.Pace.Weekday)
	replaceList(&d.TravelPace.Weekend, p.Pace.Weekend)
	replace(&d.TravelPace.Source, p.Pace.Source)
	return d
}

func replace(old, by *string) {
	if by != nil {
		*old = *by
	}
}

func replaceList[T any](old *[]T, by []T) {
	if by != nil {
		*old = by
	}
}
