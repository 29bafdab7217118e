package dispatch

import (
	"time"

	"callout/dispatch/workday"
	"callout/internal/geo"
	"callout/internal/travel"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// ETA is when a job is expected to be reached, begun and ended as the day goes now: never earlier than now,
// but for what has happened already.
type ETA struct {
	Arrive time.Time
	Start  time.Time
	End    time.Time
}

// course is what is expected of a technician's day from now on.
type course struct {
	etas  map[uuid.UUID]ETA // by job; not of jobs that are done, wait for parts, or that he will not be there for
	place orb.Point         // where he is free to go on
	free  time.Time         // from when on
	busy  time.Time         // the end of what he has begun; zero where that is nothing
	with  uuid.UUID         // the last of that
	last  uuid.UUID         // the job after which he goes home; nil where none is left
	home  time.Time         // when he is there
	rests []workday.Break   // that the day has room for, and absences within it
	lost  []lostBreak
}

// lostBreak is a break that the day leaves no room for.
type lostBreak struct {
	rest Break
	job  uuid.UUID // whose work is in its way
}

// courseOf works out what is to be expected of a technician's jobs, given in the order of their bookings, with
// what was said of them. He ends what he has begun and does the rest as booked: no earlier than was promised,
// later where drives and work take longer.
func courseOf(r Roster, jobs []Job, said map[uuid.UUID]Delay, driving travel.Figures, now time.Time) course {
	c := course{etas: make(map[uuid.UUID]ETA, len(jobs))}
	c.stand(r, jobs, now)
	for stage := 1; stage <= 3; stage++ {
		for _, j := range jobs {
			if stages[j.Status] == stage && !j.waitsForParts() {
				c.carryOn(j, said[j.ID], driving, now)
			}
		}
	}
	var rest []Job
	for _, j := range jobs {
		if _, gone := r.gone(j); j.isAhead() && !gone {
			rest = append(rest, j)
		}
	}
	if len(rest) > 0 {
		driving.Zone = rest[0].zone()
	}
	if len(rest) > 0 || c.last != uuid.Nil {
		c.goOn(r, rest, said, driving.Mean(r.ahead(c.free)), now)
	}
	return c
}

// ahead is the time in which the rest of the day is driven: from a moment on, to the end of the last shift after it.
func (r Roster) ahead(from time.Time) travel.Span {
	span := travel.Span{From: from, To: from}
	for _, s := range r.Shifts {
		if s.works() {
			span.To = later(span.To, s.EndsAt)
		}
	}
	return span
}

// stages are the statuses of what a technician has begun: what he ends first comes first.
var stages = map[Status]int{StatusWorking: 1, StatusOnHold: 1, StatusOnSite: 2, StatusTraveling: 3}

// isAhead says whether somebody is booked for the job who has not set out for it yet.
func (j Job) isAhead() bool {
	return j.Booking != nil && (j.Status == StatusScheduled || j.Status == StatusDispatched || j.Status == StatusAccepted)
}

// isDone says whether nobody has anything more to do at the job's site.
func (j Job) isDone() bool {
	switch j.Status {
	case StatusFinished, StatusClosed, StatusCanceled, StatusIncomplete:
		return true
	default:
		return false
	}
}

// waitsForParts says whether the technician goes on to other work before this one can end.
func (j Job) waitsForParts() bool { return j.HoldReason != nil && *j.HoldReason == HoldParts }

// stand finds where the technician is before what he has begun: where he worked last, otherwise at home.
func (c *course) stand(r Roster, jobs []Job, now time.Time) {
	c.place, c.free = r.Technician.Home.Orb(), now
	var last time.Time
	for _, j := range jobs {
		left := j.FinishedAt
		if j.waitsForParts() {
			left = j.StartedAt
		}
		if left != nil && left.After(last) {
			last, c.place = *left, j.Location.Orb()
		}
	}
	for _, s := range r.Shifts {
		if last.IsZero() && s.works() && s.EndsAt.After(now) {
			c.free = later(now, s.StartsAt)
			return
		}
	}
}

// carryOn goes through a job that the technician has set out for.
func (c *course) carryOn(j Job, said Delay, driving travel.Figures, now time.Time) {
	var e ETA
	switch j.Status {
	case StatusTraveling:
		driving.Zone = j.zone()
		drive := driving.Travel.Between(geo.At(c.place), geo.At(j.Location.Orb()))
		e.Arrive = later(driving.Arrive(later(*j.TravelingAt, c.busy), drive), now)
		e.Start = j.opens(e.Arrive, said)
		e.End = e.Start.Add(j.length())
	case StatusOnSite:
		e.Arrive = *j.ArrivedAt
		e.Start = j.opens(later(now, c.busy), said)
		e.End = e.Start.Add(j.length())
	default:
		e.Arrive, e.Start = *j.StartedAt, *j.StartedAt
		if j.ArrivedAt != nil {
			e.Arrive = *j.ArrivedAt
		}
		e.End = later(j.plannedEnd(said), now)
	}
	c.etas[j.ID], c.with, c.last = e, j.ID, j.ID
	c.place, c.busy, c.free = j.Location.Orb(), e.End, e.End
}

// opens is the first moment from t on when the customer expects the work to begin, and no earlier than was said.
func (j Job) opens(t time.Time, said Delay) time.Time {
	if j.WindowFrom != nil {
		t = later(t, *j.WindowFrom)
	}
	if said.StartsAt != nil {
		t = later(t, *said.StartsAt)
	}
	return t
}
