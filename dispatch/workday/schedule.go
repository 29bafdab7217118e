package workday

import (
	"slices"

	"github.com/google/uuid"
)

// Schedule says when everything of a day happens. Each stop in turn begins as early as it can
// while everything after it can still be done.
type Schedule struct {
	Leave                             int64 // leaves Start: no earlier than the first stop asks for
	Home                              int64 // is at End
	Stops                             []Stop
	Pauses                            []Pause
	Travel, Metres, Waiting, Lateness int64 // of the whole day
}

// Stop is one stop of a Schedule.
type Stop struct {
	Visit    uuid.UUID
	Travel   int64 // seconds of the drive to it, pauses not counted
	Metres   int64
	Arrive   int64 // after Start only where bookings leave too little time for the drive
	Start    int64
	End      int64
	Waiting  int64 // idle between arrival, or a pause there, and Start
	Lateness int64 // by how much End misses the due time
}

// Pause is a break taken.
type Pause struct {
	Break Break
	After int // how many stops come before it
	Start int64
	End   int64
}

// Schedule works out the day. It is false where the day as booked cannot be done.
func (r *Route) Schedule() (Schedule, bool) {
	if !r.holds {
		return Schedule{}, false
	}
	s := Schedule{Stops: make([]Stop, 0, len(r.stops))}
	t, k := r.day.Shift.From, 0
	for i, leg := range r.legs {
		from, drive := r.drive(i, t)
		start, j := r.next(i+1, from, k, drive)
		leave := t
		if i == 0 {
			leave = max(t, r.layers.depart(k, j, start, leg.Seconds))
			from, s.Leave = leave, leave
		}
		s.Pauses = r.layers.appendPauses(s.Pauses, k, j, i, from)
		arrive := max(r.layers.arrive(k, j, from, drive), leave+leg.Seconds)
		s.Travel += leg.Seconds
		s.Metres += leg.Metres
		t, k = start, j
		if i == len(r.stops) {
			s.Home = arrive
			break
		}
		v := &r.stops[i]
		t += v.Duration
		s.Waiting += max(0, start-arrive)
		s.Lateness += v.lateness(t)
		s.Stops = append(s.Stops, Stop{v.ID, leg.Seconds, leg.Metres, arrive, start, t, max(0, start-arrive), v.lateness(t)})
	}
	return s, true
}

// appendPauses takes the breaks k … j-1 on leg i, left at t, each as early as it may be.
func (l *layers) appendPauses(to []Pause, k, j, i int, t int64) []Pause {
	for _, b := range l.breaks[k:j] {
		begin := max(t, b.Earliest)
		t = begin + b.Duration
		to = append(to, Pause{b, i, begin, t})
	}
	return to
}

// next is the earliest start at a node from which the rest of the day holds, for one who left
// for it at t in layer k, and the layer he is then in. Of equal starts the one with more breaks
// behind it is never worse.
func (r *Route) next(node int, t int64, k int, drive int64) (start int64, layer int) {
	start, layer = Forever, k
	for j := k; j < r.layers.n; j++ {
		at := r.layers.arrive(k, j, t, drive)
		if node <= len(r.stops) {
			at = r.stops[node-1].earliest(at)
		}
		if at <= start && at < Forever && at <= r.starts[node*r.layers.n+j] {
			start, layer = at, j
		}
	}
	return start, layer
}

// tally sums up lateness as scheduled, from each stop to the end of the day.
func (r *Route) tally() {
	r.lates = slices.Grow(r.lates[:0], len(r.stops)+1)[:len(r.stops)+1]
	clear(r.lates)
	r.moves = 0
	for i := range r.stops {
		if v := &r.stops[i]; v.Due != 0 && !v.Fixed {
			r.moves = i + 1
		}
	}
	if !r.holds || r.moves == 0 {
		return
	}
	t, k := r.day.Shift.From, 0
	for i := range r.stops {
		from, drive := r.drive(i, t)
		t, k = r.next(i+1, from, k, drive)
		t += r.stops[i].Duration
		r.lates[i] = r.stops[i].lateness(t)
	}
	for i := len(r.stops) - 1; i >= 0; i-- {
		r.lates[i] += r.lates[i+1]
	}
}

// pushed is the lateness that stop i and those after it gain when the drive to stop i is left
// at t in layer k and takes so many seconds. It is never below 0.
func (r *Route) pushed(i int, t int64, k int, drive int64) int64 {
	if i >= r.moves {
		return 0
	}
	late := -r.lates[i]
	for m := i; m < len(r.stops); m++ {
		if m > i {
			t, drive = r.drive(m, t)
		}
		t, k = r.next(m+1, t, k, drive)
		t += r.stops[m].Duration
		late += r.stops[m].lateness(t)
	}
	return max(0, late)
}
