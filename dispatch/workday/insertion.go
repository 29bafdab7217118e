package workday

import (
	"callout/internal/geo"
)

// Insertion is where a visit fits best into a day, and what it costs: the terms of its score.
// Times are those of the visit if the rest of the day gives way to it as far as windows allow.
type Insertion struct {
	Position   int // how many of the day's stops come before it
	Arrive     int64
	Start      int64
	End        int64
	Drive      int64 // seconds from the place before it
	Travel     int64 // seconds of driving that it adds to the day; a little below 0 by rounding at times
	Metres     int64 // metres of driving that it adds
	Lateness   int64 // seconds by which End misses its due time
	Pushed     int64 // seconds of lateness that it adds to later stops, never below 0
	Waiting    int64 // seconds idle before Start. Before the first stop there are none: he leaves later
	LevelsOver int   // levels of certificates beyond those needed, summed over the needs
	Load       int64 // work and drives of the day before it, per mille of the shift
	Cost       int64 // minor units: the technician's rate for the added drive and the work
}

// Insert prepares a day and finds the place in it where the visit scores best. Where there is
// none it gives all the reasons instead.
func Insert(day Day, v Visit, travel geo.Travel, w Weights) (Insertion, []Refusal) {
	r := NewRoute(day, travel)
	if in, fits := r.Best(&v, w); fits {
		return in, nil
	}
	return Insertion{}, r.Refusals(&v)
}

// Best finds the position where the visit scores best: the first of equals, and there the
// earliest start. It is false where the visit fits nowhere; Refusals says why.
func (r *Route) Best(v *Visit, w Weights) (Insertion, bool) {
	return r.best(v, geo.At(v.At), w)
}

// best is Best for a visit whose place is prepared already.
func (r *Route) best(v *Visit, at geo.Spot, w Weights) (Insertion, bool) {
	var few [8]Window
	windows := r.allowed(few[:0], v)
	if !r.holds || len(windows) == 0 {
		return Insertion{}, false
	}
	in, fits := r.search(v, at, windows, w)
	if fits {
		in.LevelsOver = r.levelsOver(v, in.Start, in.End)
		in.Load = r.busy * 1000 / (r.day.Shift.To - r.day.Shift.From)
	}
	return in, fits
}

// search tries every position for a visit that may begin in the windows.
func (r *Route) search(v *Visit, at geo.Spot, windows []Window, w Weights) (found Insertion, fits bool) {
	n, last := r.layers.n, closing(windows)
	var least int64
	to := r.travel.Between(r.spots[0], at)
	for i, leg := range r.legs {
		// A drive is as long as the drive back, so one serves as the way on and then as the next way there.
		there, on := to, r.travel.Between(at, r.spots[i+1])
		to = on
		if r.soonest(i) > last {
			continue
		}
		in := Insertion{
			Position: i, Drive: there.Seconds,
			Travel: there.Seconds + on.Seconds - leg.Seconds, Metres: there.Metres + on.Metres - leg.Metres,
		}
		in.Cost = (in.Travel + v.Duration) * r.day.CostPerHour / 3600
		if fits && w.Score(in) >= least {
			continue
		}
		layer := -1
		for j := range n {
			arrive := r.arrival(i, j, there.Seconds)
			start := earliest(windows, arrive)
			if start < Forever && (layer < 0 || start <= in.Start) && start+v.Duration <= r.until(i, j, on.Seconds) {
				in.Arrive, in.Start, layer = arrive, start, j
			}
		}
		if layer < 0 {
			continue
		}
		in.End = in.Start + v.Duration
		in.Lateness = v.lateness(in.End)
		if i == 0 {
			in.Arrive = r.layers.arrive(0, layer, max(r.day.Shift.From, r.layers.depart(0, layer, in.Start, there.Seconds)), there.Seconds)
		}
		in.Waiting = in.Start - in.Arrive
		in.Pushed = r.pushed(i, in.End, layer, on.Seconds)
		if score := w.Score(in); !fits || score < least {
			found, least, fits = in, score, true
		}
	}
	return found, fits
}

// soonest is the earliest end of the work at node i in any layer.
func (r *Route) soonest(i int) int64 {
	t := int64(Forever)
	for _, end := range r.ends[i*r.layers.n : (i+1)*r.layers.n] {
		t = min(t, end)
	}
	return t
}

// arrival is the earliest arrival in layer j at a place so many seconds from node i.
func (r *Route) arrival(i, j int, drive int64) int64 {
	at := int64(Forever)
	for k, t := range r.ends[i*r.layers.n : i*r.layers.n+j+1] {
		at = min(at, r.layers.arrive(k, j, t, drive))
	}
	return at
}

// until is the latest time to leave a place in layer k for node i+1, so many seconds away,
// such that the rest of the day holds.
func (r *Route) until(i, k int, drive int64) int64 {
	t := int64(-Forever)
	for j := k; j < r.layers.n; j++ {
		t = max(t, r.layers.depart(k, j, r.starts[(i+1)*r.layers.n+j], drive))
	}
	return t
}
