package workday

import (
	"slices"

	"callout/internal/geo"

	"github.com/paulmach/orb"
)

// Route is a day made ready to be asked where a visit would fit. Asking changes nothing, so
// that many may ask at once.
//
// Its nodes are the home at the start (0), the stops (1 … n) and the home at the end (n+1).
type Route struct {
	day    Day
	stops  []Visit
	travel geo.Travel
	layers layers
	spots  []geo.Spot
	legs   []geo.Leg // leg i leads from node i to node i+1
	ends   []int64   // by node and layer: the earliest end of the work there; Forever = cannot be
	starts []int64   // by node and layer: the latest start for which the rest holds; -Forever = none
	busy   int64     // seconds of work and drives
	lates  []int64   // lateness of stop i and all after it, as scheduled
	moves  int       // the stops before this one hold all that can move and be late
	holds  bool      // the day as booked can be done
	duty   Window    // when there can be work: the shift, and to bookings beyond it
}

// NewRoute prepares a day. The day's slices are read, never changed.
func NewRoute(day Day, travel geo.Travel) *Route {
	r := &Route{day: day, travel: travel, stops: slices.Clone(day.Stops)}
	r.day.Stops = nil
	r.duty = day.Shift
	for i := range r.stops {
		if s := &r.stops[i]; s.Fixed {
			r.duty = Window{min(r.duty.From, s.Start), max(r.duty.To, s.Start)}
		}
	}
	r.spots = make([]geo.Spot, 0, len(r.stops)+2)
	r.spots = append(r.spots, geo.At(day.Start))
	for i := range r.stops {
		s := &r.stops[i]
		r.spots = append(r.spots, geo.At(s.At))
		// A stop that may move must not move out of its certificates. One that has none was
		// somebody's decision.
		if !s.Fixed {
			if ws := r.allowed(nil, s); len(ws) > 0 {
				s.Windows = ws
			}
		}
	}
	r.spots = append(r.spots, geo.At(day.End))
	breaks := slices.Clone(day.Breaks)
	slices.SortStableFunc(breaks, compareBreaks)
	r.owe(breaks)
	return r
}

// Before is the place that somebody comes from to a visit at the position.
func (r *Route) Before(position int) orb.Point {
	if position == 0 {
		return r.day.Start
	}
	return r.stops[position-1].At
}

// owe measures the day with those breaks that it has room for.
func (r *Route) owe(breaks []Break) {
	r.layers = newLayers(breaks)
	r.measure()
	if r.holds || len(breaks) == 0 {
		return
	}
	var owed []Break
	for _, b := range breaks {
		r.layers = newLayers(append(slices.Clip(owed), b))
		if r.measure(); r.holds {
			owed = r.layers.breaks
		}
	}
	r.layers = newLayers(owed)
	r.measure()
}

// insert makes the visit a stop at the position. It must have been found to fit there.
func (r *Route) insert(v Visit, position int) {
	if !v.Fixed {
		v.Windows = r.allowed(nil, &v)
	}
	r.stops = slices.Insert(r.stops, position, v)
	r.spots = slices.Insert(r.spots, position+1, geo.At(v.At))
	r.measure()
}

// measure fills the tables from the stops.
func (r *Route) measure() {
	nodes, n := len(r.spots), r.layers.n
	r.legs = slices.Grow(r.legs[:0], nodes-1)[:nodes-1]
	r.busy = 0
	for i := range r.legs {
		r.legs[i] = r.travel.Between(r.spots[i], r.spots[i+1])
		r.busy += r.legs[i].Seconds
	}
	for i := range r.stops {
		r.busy += r.stops[i].Duration
	}
	r.ends = slices.Grow(r.ends[:0], nodes*n)[:nodes*n]
	r.starts = slices.Grow(r.starts[:0], nodes*n)[:nodes*n]
	r.forward()
	r.backward()
	r.holds = r.day.onDuty() && r.ends[nodes*n-1] < Forever
	r.tally()
}

func (r *Route) forward() {
	n := r.layers.n
	for k := range n {
		r.ends[k] = Forever
	}
	r.ends[0] = r.day.Shift.From
	for i := range r.legs {
		for j := range n {
			at := int64(Forever)
			for k := range j + 1 {
				if t := r.ends[i*n+k]; t < Forever {
					t, drive := r.drive(i, t)
					at = min(at, r.layers.arrive(k, j, t, drive))
				}
			}
			r.ends[(i+1)*n+j] = r.end(i+1, at)
		}
	}
}

// end is when the work at a node ends for one who arrives at a time.
func (r *Route) end(node int, arrival int64) int64 {
	if node > len(r.stops) {
		if arrival > r.day.Shift.To {
			return Forever
		}
		return arrival
	}
	s := &r.stops[node-1]
	if t := s.earliest(arrival); t < Forever {
		return t + s.Duration
	}
	return Forever
}

func (r *Route) backward() {
	n, home := r.layers.n, len(r.stops)+1
	for k := range n {
		r.starts[k], r.starts[home*n+k] = -Forever, -Forever
	}
	r.starts[home*n+n-1] = r.day.Shift.To
	for i := home - 1; i >= 1; i-- {
		s := &r.stops[i-1]
		for k := range n {
			until := int64(-Forever)
			for j := k; j < n; j++ {
				until = max(until, r.depart(i, k, j))
			}
			r.starts[i*n+k] = s.latest(until - s.Duration)
		}
	}
}

// depart is the latest end of work at node i in layer k from which node i+1 is reached in layer j.
func (r *Route) depart(i, k, j int) int64 {
	until := r.starts[(i+1)*r.layers.n+j]
	if !r.set(i) || !r.set(i+1) {
		return r.layers.depart(k, j, until, r.legs[i].Seconds)
	}
	end := r.stops[i-1].Start + r.stops[i-1].Duration
	if t, drive := r.drive(i, end); r.layers.arrive(k, j, t, drive) <= until {
		return end
	}
	return -Forever
}

// set says whether the time at a node cannot move: a promise, or an end of the shift.
func (r *Route) set(node int) bool {
	return node == 0 || node > len(r.stops) || r.stops[node-1].Fixed
}

// drive is the departure and the length of leg i for one who could leave at t. Between two
// times that cannot move, both are cut to what there is: that has been promised already.
func (r *Route) drive(i int, t int64) (departure, seconds int64) {
	seconds = r.legs[i].Seconds
	if !r.set(i) || !r.set(i+1) {
		return t, seconds
	}
	until := r.day.Shift.To
	if i < len(r.stops) {
		until = r.stops[i].Start
	}
	t = min(t, until)
	return t, min(seconds, until-t)
}

// earliest and latest are the stop's own, without the copy of a Fixed one's window.
func (v *Visit) earliest(t int64) int64 {
	switch {
	case v.Fixed && t <= v.Start:
		return v.Start
	case v.Fixed:
		return Forever
	case len(v.Windows) == 0:
		return t
	}
	return earliest(v.Windows, t)
}

func (v *Visit) latest(t int64) int64 {
	switch {
	case v.Fixed && t >= v.Start:
		return v.Start
	case v.Fixed:
		return -Forever
	case len(v.Windows) == 0:
		return t
	}
	return latest(v.Windows, t)
}
