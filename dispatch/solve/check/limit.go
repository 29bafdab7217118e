package check

import "callout/dispatch/solve"

// limits holds a route against what its shift bears. What its pinned jobs come to by themselves
// was decided already.
func (v *verifier) limits(s *solve.Shift, r, sum *solve.Route, at string) {
	var pins []solve.Stop
	var settled solve.Route
	place := s.Start
	for _, stop := range r.Stops {
		if job := &v.p.Jobs[stop.Job]; pinned(job) {
			leg := v.leg(s, place, job.Place)
			settled.Driving += int64(leg.Seconds)
			settled.Metres += int64(leg.Metres)
			pins, place = append(pins, stop), job.Place
		}
	}
	if len(pins) > 0 {
		leg := v.leg(s, place, s.End)
		settled.Driving += int64(leg.Seconds)
		settled.Metres += int64(leg.Metres)
	}
	if s.MaxJobs != 0 {
		v.within(at+"/stops", int64(len(r.Stops)), int64(max(s.MaxJobs, len(pins))))
	}
	if s.MaxDriving != 0 {
		v.within(at+"/driving", sum.Driving, max(s.MaxDriving, settled.Driving))
	}
	if s.MaxMetres != 0 {
		v.within(at+"/metres", sum.Metres, max(s.MaxMetres, settled.Metres))
	}
	v.capacity(s, r, pins, at)
}

// capacity follows what is on board: what is delivered is there from the start, what is picked
// up stays to the end.
func (v *verifier) capacity(s *solve.Shift, r *solve.Route, pins []solve.Stop, at string) {
	dimensions := 0
	for _, stop := range r.Stops {
		job := &v.p.Jobs[stop.Job]
		dimensions = max(dimensions, len(job.Deliver), len(job.Pickup))
	}
	for d := range dimensions {
		var room int64
		if d < len(s.Capacity) {
			room = s.Capacity[d]
		}
		for _, load := range v.loads(pins, d) {
			room = max(room, load)
		}
		for n, load := range v.loads(r.Stops, d) {
			if load > room {
				v.faults.Add(at+"/stops", "%d of dimension %d are on board after %d stops; there is room for %d", load, d, n, room)
				break
			}
		}
	}
}

// loads is how much of a dimension is on board when setting out, and after each stop.
func (v *verifier) loads(stops []solve.Stop, d int) []int64 {
	loads := make([]int64, 1, len(stops)+1)
	for _, stop := range stops {
		loads[0] += in(v.p.Jobs[stop.Job].Deliver, d)
	}
	for n, stop := range stops {
		job := &v.p.Jobs[stop.Job]
		loads = append(loads, loads[n]-in(job.Deliver, d)+in(job.Pickup, d))
	}
	return loads
}

// in is the amount in a dimension, which beyond the end is 0.
func in(amounts []int64, d int) int64 {
	if d < len(amounts) {
		return amounts[d]
	}
	return 0
}
