package workday

import (
	"callout/internal/geo"
)

// times says why a visit that may begin in the windows finds no time in the day: first what
// would hold on an empty day, without breaks and with them, and only then what is booked.
func (r *Route) times(v *Visit, at geo.Spot, windows []Window) []Refusal {
	shift := r.day.Shift
	if len(cut(windows, []Window{shift}, 0)) == 0 {
		return []Refusal{{Code: OutsideShift, From: shift.From, Until: shift.To}}
	}
	home := len(r.spots) - 1
	arrive := shift.From + r.travel.Between(r.spots[0], at).Seconds
	start := earliest(windows, arrive)
	if start == Forever {
		return []Refusal{{Code: ArrivesLate, At: arrive, Until: closing(windows)}}
	}
	if back := start + v.Duration + r.travel.Between(at, r.spots[home]).Seconds; back > shift.To {
		return []Refusal{{Code: HomeLate, At: back, Until: shift.To}}
	}
	empty := &Route{day: r.day, travel: r.travel, spots: []geo.Spot{r.spots[0], r.spots[home]}}
	for i, b := range r.layers.breaks {
		empty.layers = newLayers(r.layers.breaks[:i+1])
		empty.measure()
		if _, fits := empty.search(v, at, windows, DefaultWeights); !fits {
			return []Refusal{{Code: BreakImpossible, From: b.Earliest, Until: b.Latest}}
		}
	}
	if !r.holds {
		return []Refusal{r.fault()}
	}
	if _, fits := r.search(v, at, windows, DefaultWeights); fits {
		return nil
	}
	return r.clashes(v, at, windows)
}

// fault says where a day that cannot be done as booked goes wrong.
func (r *Route) fault() Refusal {
	state := r.ends[:r.layers.n]
	for i := 0; ; i++ {
		drive := func(t int64) (int64, int64) { return r.drive(i, t) }
		var miss Refusal
		if state, miss = r.reach(i+1, state, drive); state == nil {
			miss.Code = DayBroken
			return miss
		}
	}
}

// reach goes on from a node, whose work ends in each layer at those times, to the next. It
// returns the times there, or nil and by how much even the earliest arrival misses it.
func (r *Route) reach(node int, ends []int64, drive func(int64) (int64, int64)) ([]int64, Refusal) {
	n, soonest, reached := r.layers.n, int64(Forever), false
	next := make([]int64, n)
	for j := range n {
		arrive := int64(Forever)
		for k, t := range ends[:j+1] {
			if t < Forever {
				from, seconds := drive(t)
				arrive = min(arrive, r.layers.arrive(k, j, from, seconds))
			}
		}
		soonest = min(soonest, arrive)
		next[j] = r.end(node, arrive)
		reached = reached || next[j] < Forever
	}
	switch {
	case reached:
		return next, Refusal{}
	case node > len(r.stops):
		return nil, Refusal{Code: HomeLate, At: soonest, Until: r.day.Shift.To}
	}
	s := &r.stops[node-1]
	return nil, Refusal{Code: NoRoom, At: soonest, Until: s.latest(Forever), Booking: s.ID}
}

// clashes tries every position and names what is in the way. Where only a break is, that is
// the whole reason; else it is the nearest miss of a later booking or of the way home, and
// the first position that is reached too late.
func (r *Route) clashes(v *Visit, at geo.Spot, windows []Window) []Refusal {
	var room, late *Refusal
	for i := range r.legs {
		there, on := r.travel.Between(r.spots[i], at).Seconds, r.travel.Between(at, r.spots[i+1]).Seconds
		state, soonest, begins := make([]int64, r.layers.n), int64(Forever), false
		for j := range state {
			arrive := r.arrival(i, j, there)
			soonest = min(soonest, arrive)
			if state[j] = earliest(windows, arrive); state[j] < Forever {
				state[j] += v.Duration
				begins = true
			}
		}
		if !begins {
			if late == nil && i > 0 {
				late = &Refusal{Code: ArrivesLate, At: soonest, Until: closing(windows), Booking: r.stops[i-1].ID}
			}
			continue
		}
		var miss Refusal
		for node := i + 1; node < len(r.spots) && state != nil; node++ {
			drive := func(t int64) (int64, int64) { return r.drive(node-1, t) }
			if node == i+1 {
				drive = func(t int64) (int64, int64) { return t, on }
			}
			state, miss = r.reach(node, state, drive)
		}
		switch {
		case state != nil:
			b := r.layers.breaks[untaken(state)]
			return []Refusal{{Code: BreakImpossible, From: b.Earliest, Until: b.Latest}}
		case room == nil || miss.At-miss.Until < room.At-room.Until:
			room = &miss
		}
	}
	var why []Refusal
	for _, m := range []*Refusal{room, late} {
		if m != nil {
			why = append(why, *m)
		}
	}
	return why
}

// untaken is the first break that a day which ends in these layers has no room for.
func untaken(ends []int64) int {
	for k := len(ends) - 1; k > 0; k-- {
		if ends[k] < Forever {
			return k
		}
	}
	return 0
}
