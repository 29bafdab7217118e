package dispatch

import (
	"slices"
	"sync/atomic"
	"time"

	"callout/dispatch/workday"
	"callout/internal/geo"

	"github.com/google/uuid"
)

// member is a technician with all that ranking must know of him, his shifts made ready to be asked
// where a visit would fit. It never changes: whoever is touched is read anew.
type member struct {
	Roster

	held   []workday.Grant
	lapses time.Time // when the first of the certificates ends; zero where there is none
	duties []duty    // his shifts, as far as he works in them, in order
	booked []appointment
}

// duty is a shift with what is booked in it.
type duty struct {
	shift        Shift
	starts, ends int64 // of the shift, in microseconds
	booked       []appointment
	away         bool // an absence reaches into it
	ready        atomic.Pointer[prepared]
}

// prepared is the route of a duty, good for a while.
type prepared struct {
	since, until int64 // microseconds; the first moment and the moment after the last
	travel       geo.Travel
	route        *workday.Route
}

func newMember(r Roster, booked []appointment) *member {
	m := &member{Roster: r, held: r.grants(), booked: booked}
	for _, c := range r.Certifications {
		if end := c.validUntil(); m.lapses.IsZero() || end.Before(m.lapses) {
			m.lapses = end
		}
	}
	m.duties = make([]duty, 0, len(r.Shifts))
	for _, s := range r.Shifts {
		if !s.works() {
			continue
		}
		m.duties = m.duties[:len(m.duties)+1]
		d := &m.duties[len(m.duties)-1]
		d.shift, d.starts, d.ends = s, s.StartsAt.UnixMicro(), s.EndsAt.UnixMicro()
		d.away = r.AbsentIn(s.StartsAt, s.EndsAt) != nil
		first := slices.IndexFunc(booked, s.meets)
		if first < 0 {
			continue
		}
		last := first
		for last < len(booked) && booked[last].StartsAt.Before(s.EndsAt) {
			last++
		}
		d.booked = booked[first:last]
	}
	return m
}

// meets says whether an appointment reaches into the shift.
func (s Shift) meets(a appointment) bool {
	return a.EndsAt.After(s.StartsAt) && a.StartsAt.Before(s.EndsAt)
}

// route is what is left of a duty at a moment. It may be spare, which then holds until it is used again.
func (m *member) route(d *duty, now time.Time, travel geo.Travel, spare *workday.Route) *workday.Route {
	at := now.UnixMicro()
	if p := d.ready.Load(); p != nil && p.travel == travel && p.since <= at && at < p.until {
		if r := p.route.Later(now.Unix(), spare); r != nil {
			return r
		}
	}
	p := &prepared{at, d.unchanged(now), travel, workday.NewRoute(m.workday(d.shift, d.booked, now, m.held), travel)}
	d.ready.Store(p)
	return p.route
}

// unchanged is until when only the clock moves on in a duty: nothing begins and no hold runs out.
func (d *duty) unchanged(now time.Time) int64 {
	at := now.UnixMicro()
	if d.away && at > d.starts {
		return at + 1
	}
	until := int64(workday.Forever)
	if d.away {
		until = d.starts + 1
	}
	for _, a := range d.booked {
		if a.StartsAt.After(now) {
			until = min(until, a.StartsAt.UnixMicro())
		}
		if a.HeldUntil != nil && a.HeldUntil.After(now) {
			until = min(until, a.HeldUntil.UnixMicro())
		}
	}
	return until
}

// has says whether a job is booked or held in the duty.
func (d *duty) has(job uuid.UUID) bool {
	for i := range d.booked {
		if d.booked[i].JobID == job {
			return true
		}
	}
	return false
}

// number is what people call a job that he is booked for.
func (m *member) number(job uuid.UUID) string {
	for i := range m.booked {
		if m.booked[i].JobID == job {
			return m.booked[i].Number
		}
	}
	return ""
}
