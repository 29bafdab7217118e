package check

import (
	"cmp"
	"slices"

	"callout/dispatch/solve"
)

// owed lists the breaks that a shift must take: all that its stops at set times leave room for,
// each judged together with those before it.
func (v *verifier) owed(s *solve.Shift, r *solve.Route, order []int) []int {
	var pins []*solve.Job
	for _, stop := range r.Stops {
		if job := &v.p.Jobs[stop.Job]; timed(job) {
			pins = append(pins, job)
		}
	}
	slices.SortStableFunc(pins, func(a, b *solve.Job) int { return cmp.Compare(a.Pin.Start, b.Pin.Start) })
	if len(pins) == 0 || v.room(s, pins, order) {
		return order
	}
	var owed []int
	for _, b := range order {
		if with := append(owed[:len(owed):len(owed)], b); v.room(s, pins, with) {
			owed = with
		}
	}
	return owed
}

// room says whether what is done at set times can be done together with some breaks. For each
// number of breaks taken it follows the one who is free first: he can do whatever the others can.
func (v *verifier) room(s *solve.Shift, pins []*solve.Job, breaks []int) bool {
	free := make([]int64, len(breaks)+1) // by breaks taken: when his work ends
	for k := range free {
		free[k] = solve.Forever
	}
	free[0] = s.From
	place := s.Start
	for n := range len(pins) + 1 {
		to, until := s.End, s.To+s.Overtime
		if n < len(pins) {
			to, until = pins[n].Place, pins[n].Pin.Start
		}
		drive := int64(v.leg(s, place, to).Seconds)
		next := make([]int64, len(free))
		for j := range next {
			next[j] = solve.Forever
			for k, t := range free[:j+1] {
				if t == solve.Forever {
					continue
				}
				// Between two set times the drive takes the time that there is.
				t = min(t, until)
				if over := v.along(s, t, min(drive, until-t), breaks[k:j]); over <= until {
					next[j] = until
				}
			}
			if n < len(pins) && next[j] != solve.Forever {
				next[j] += duration(s, pins[n], place)
			}
		}
		free, place = next, to
	}
	return free[len(breaks)] != solve.Forever
}

// along is when a drive of so many seconds that is left at t is over, with some breaks on its way;
// Forever where one of them would begin too late.
func (v *verifier) along(s *solve.Shift, t, drive int64, breaks []int) int64 {
	over, rest := t, t+drive
	for _, b := range breaks {
		begin := soonest(s.Breaks[b].Windows, over)
		if begin == solve.Forever {
			return solve.Forever
		}
		over = begin + s.Breaks[b].Duration
		rest += s.Breaks[b].Duration
	}
	return max(over, rest)
}

// soonest is the first time from t on within one of the windows, Forever where there is none.
func soonest(windows []solve.Window, t int64) int64 {
	if len(windows) == 0 {
		return t
	}
	first := int64(solve.Forever)
	for _, w := range windows {
		if w.From <= w.To && t <= w.To {
			first = min(first, max(t, w.From))
		}
	}
	return first
}
