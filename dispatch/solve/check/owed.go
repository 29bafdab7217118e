package check

import (
	"callout/dispatch/solve"
)

// owed lists the breaks that a shift must take: all that its pinned stops, in their order, leave
// room for, each judged together with those before it.
func (v *verifier) owed(s *solve.Shift, r *solve.Route, order []int) []int {
	var pins []*solve.Job
	for _, stop := range r.Stops {
		if job := &v.p.Jobs[stop.Job]; pinned(job) {
			pins = append(pins, job)
		}
	}
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

// room says whether some jobs, in their order, can be done together with some breaks. For each
// number of breaks taken it follows the one who is free first: he can do whatever the others can.
func (v *verifier) room(s *solve.Shift, jobs []*solve.Job, breaks []int) bool {
	free := make([]int64, len(breaks)+1) // by breaks taken: when his work ends
	for k := range free {
		free[k] = solve.Forever
	}
	free[0] = s.From
	place, set := s.Start, true
	for n := range len(jobs) + 1 {
		to, until := s.End, s.To+s.Overtime
		if n < len(jobs) {
			to, until = jobs[n].Place, solve.Forever
			if timed(jobs[n]) {
				until = jobs[n].Pin.Start
			}
		}
		drive, squeezed := int64(v.leg(s, place, to).Seconds), set && until != solve.Forever
		next := make([]int64, len(free))
		for j := range next {
			next[j] = solve.Forever
			for k := range j + 1 {
				t, seconds := free[k], drive
				if t == solve.Forever {
					continue
				}
				if squeezed {
					t = min(t, until)
					seconds = min(seconds, until-t)
				}
				if arrive := v.along(s, t, seconds, breaks[k:j]); arrive <= until {
					next[j] = min(next[j], arrive)
				}
			}
			if n < len(jobs) && next[j] != solve.Forever {
				next[j] = v.done(s, jobs[n], place, next[j])
			}
		}
		free = next
		if n < len(jobs) {
			place, set = to, timed(jobs[n])
		}
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

// done is when a job is done by one who comes from a place and is there at t.
func (v *verifier) done(s *solve.Shift, job *solve.Job, from int, t int64) int64 {
	begin := soonest(job.Windows, max(t, job.Release))
	if job.Release == 0 {
		begin = soonest(job.Windows, t)
	}
	if timed(job) {
		begin = job.Pin.Start
	}
	if begin == solve.Forever {
		return solve.Forever
	}
	return begin + duration(s, job, from)
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
