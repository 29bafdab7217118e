package dispatch

import (
	"slices"
	"time"

	"callout/dispatch/workday"
	"callout/internal/geo"

	"github.com/google/uuid"
)

// elastic is how far a day may reach in an estimate: nothing is refused there, all is told.
const elastic = 30 * 24 * time.Hour

// goOn works out the rest of the day, from where and when the technician is free.
func (c *course) goOn(r Roster, rest []Job, said map[uuid.UUID]Delay, travel geo.Travel, now time.Time) {
	d := workday.Day{
		Technician: r.Technician.ID, Outlet: r.Technician.OutletID, Start: c.place, End: r.Technician.Home.Orb(),
		Shift: workday.Window{From: wholeSecond(c.free), To: c.free.Add(elastic).Unix()},
	}
	for _, j := range rest {
		from := later(j.Booking.StartsAt, now)
		if s := said[j.ID].StartsAt; s != nil {
			from = later(from, *s)
		}
		d.Stops = append(d.Stops, workday.Visit{
			ID: j.ID, At: j.Location.Orb(), Duration: int64(j.Booking.EndsAt.Sub(j.Booking.StartsAt) / time.Second),
			Windows: []workday.Window{{From: wholeSecond(from), To: workday.Forever}},
		})
		c.last = j.ID
	}
	s := c.rest(&d, r, rest, travel, now)
	for _, stop := range s.Stops {
		c.etas[stop.Visit] = ETA{unix(stop.Arrive), unix(stop.Start), unix(stop.End)}
	}
	c.home, c.rests = unix(s.Home), d.Breaks
}

// rest gives the day its breaks, as far as it has room for them, and returns how it goes then. What was
// promised goes before a break: one that would delay a stop by more than its own length, or past the customer's
// window, is lost.
func (c *course) rest(d *workday.Day, r Roster, rest []Job, travel geo.Travel, now time.Time) workday.Schedule {
	fixed, breaks := r.off(d, now)
	d.Breaks = fixed
	s, _ := workday.NewRoute(*d, travel).Schedule()
	for _, b := range breaks {
		over := !c.busy.IsZero() && b.Latest < c.busy.Unix()
		if len(rest) == 0 && !over {
			continue
		}
		with := *d
		with.Breaks = append(slices.Clip(d.Breaks), b)
		slower, holds := workday.NewRoute(with, travel).Schedule()
		if holds && len(slower.Pauses) > len(s.Pauses) && bearable(s, slower, rest, b.Duration) {
			*d, s = with, slower
			continue
		}
		lost := lostBreak{Break{unix(b.Earliest), unix(b.Latest), int(b.Duration / 60)}, c.last}
		for i := len(s.Stops) - 1; i >= 0 && s.Stops[i].End > b.Latest; i-- {
			lost.job = s.Stops[i].Visit
		}
		if over {
			lost.job = c.with
		}
		c.lost = append(c.lost, lost)
	}
	return s
}

// off are the absences within the day, which keep their time, and the breaks still to come.
func (r Roster) off(d *workday.Day, now time.Time) (fixed, breaks []workday.Break) {
	var ends time.Time
	for _, s := range r.Shifts {
		if !s.works() {
			continue
		}
		ends = later(ends, s.EndsAt)
		for _, b := range s.Breaks {
			if !b.Latest.Before(now) {
				d.Breaks = append(d.Breaks, workday.Break{Earliest: b.Earliest.Unix(), Latest: b.Latest.Unix(), Duration: int64(b.Length() / time.Second)})
			}
		}
	}
	for _, a := range r.Absences {
		// He does not wait for the end of one that the shift ends with: he goes home.
		if a.EndsAt.Before(ends) {
			d.Absent(workday.Window{From: a.StartsAt.Unix(), To: wholeSecond(a.EndsAt)})
		}
	}
	for _, b := range d.Breaks {
		absent := func(a Absence) bool { return b.Earliest == b.Latest && a.StartsAt.Unix() == b.Earliest }
		if slices.ContainsFunc(r.Absences, absent) {
			fixed = append(fixed, b)
		} else {
			breaks = append(breaks, b)
		}
	}
	return fixed, breaks
}

// bearable says whether a day with a break more keeps what it promised without it. The stops are in the order of the jobs.
func bearable(without, with workday.Schedule, rest []Job, length int64) bool {
	for i, s := range with.Stops {
		before := without.Stops[i].Start
		if s.Start-before > length {
			return false
		}
		if w := rest[i].WindowTo; w != nil && before <= w.Unix() && s.Start > w.Unix() {
			return false
		}
	}
	return true
}

// wholeSecond is t in whole seconds, and never before it.
func wholeSecond(t time.Time) int64 { return t.Add(time.Second - 1).Unix() }
