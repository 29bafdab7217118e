package demo

import (
	"time"

	// The demo is in Los Angeles on machines too that know no time zones.
	_ "time/tzdata"

	"callout/importer"
)

const zone = "America/Los_Angeles"

// recorded is the day of FirstFile.
var recorded = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

// Day is a day in Los Angeles to which the demo is moved.
type Day struct {
	date time.Time // midnight UTC of the date
	zone *time.Location
}

// On is the day that it is in Los Angeles at a moment.
func On(now time.Time) (Day, error) {
	z, err := time.LoadLocation(zone)
	if err != nil {
		return Day{}, err
	}
	y, m, d := now.In(z).Date()
	return Day{time.Date(y, m, d, 0, 0, 0, 0, time.UTC), z}, nil
}

// At is the moment when the clock of Los Angeles shows a time on the day. An hour that summer
// time skips is the next one.
func (d Day) At(hour, minute int) time.Time {
	return d.wall(d.date.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
}

func (d Day) wall(wall time.Time) time.Time {
	if t, there := importer.At(wall, d.zone); there {
		return t
	}
	t, _ := importer.At(wall.Add(time.Hour), d.zone)
	return t
}

// Shift moves a time of the files to the day: what happened at nine on 1 January 2020 happens
// at nine on the day, and what happened on the 2nd, on the day after.
func (d Day) Shift(t time.Time) time.Time {
	local := t.In(d.zone)
	y, m, day := local.Date()
	days := time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Sub(recorded)
	hours, minutes, seconds := local.Clock()
	clock := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second
	return d.wall(d.date.Add(days + clock)).Add(time.Duration(local.Nanosecond()))
}

// After is the day that comes so many days later.
func (d Day) After(days int) Day { return Day{d.date.AddDate(0, 0, days), d.zone} }

// String is the date as 2006-01-02.
func (d Day) String() string { return d.date.Format(time.DateOnly) }

// Planned is when the work of the day is handed out: at five in the morning, or now where that is
// still to come. The demo is loaded as it stood then, whatever the clock shows: a plan that
// is made in the evening would find nobody at work any more.
func (d Day) Planned(now time.Time) time.Time {
	if five := d.At(5, 0); five.Before(now) {
		return five
	}
	return now
}

// Move brings a request of FirstFile to the day: it was received the day before at the same time
// of day, for nobody plans what has not come in yet, and it is wanted on the day, in the window
// that its customer is said to have.
func (d Day) Move(r importer.Record) importer.Record {
	r.Case.ReceivedAt = d.After(-1).Shift(r.Case.ReceivedAt)
	w := d.Window(r.Key.ID)
	r.Job.Window = &w
	return r
}

// Window is when the customer of a request can receive the visit: the work begins within it.
// It is made up from the request's id: for about six in ten, two to four hours that begin
// between 7:00 and 17:00; for the others any time of the day.
func (d Day) Window(id string) importer.Window {
	if draw(10, "promised", id) >= 6 {
		return importer.Window{From: d.At(0, 0), To: d.At(23, 59)}
	}
	half := 14 + draw(21, "from", id)   // half hours since midnight
	length := 4 + draw(5, "length", id) // half hours
	return importer.Window{From: d.At(0, 30*half), To: d.At(0, 30*(half+length))}
}
