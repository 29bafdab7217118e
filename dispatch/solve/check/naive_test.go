package check_test

import (
	"cmp"
	"slices"

	"callout/dispatch/solve"
)

// This file says once more, in the plainest way, what a route is: it is driven through with a
// clock. Nothing of it is shared with the checker or with the search.

const never = int64(solve.Forever)

// trip is one way to do a shift: its jobs in their order, and the leg on which each break is taken.
type trip struct {
	jobs []int
	on   []int // by break in the order of breaks; legs count from 0
}

// table is a matrix of drives.
type table [][]solve.Leg

func (t table) Leg(from, to int) solve.Leg { return t[from][to] }

// breaksOf lists a shift's breaks in the order in which they are taken.
func breaksOf(s *solve.Shift) []int {
	order := make([]int, len(s.Breaks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		last := func(i int) int64 {
			t := -never
			for _, w := range s.Breaks[i].Windows {
				t = max(t, w.To)
			}
			return t
		}
		first := func(i int) int64 {
			t := never
			for _, w := range s.Breaks[i].Windows {
				t = min(t, w.From)
			}
			return t
		}
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(first(a), first(b)))
	})
	return order
}

// waysToBreak gives every way to put so many breaks on so many legs, in order.
func waysToBreak(breaks, legs int) [][]int {
	if breaks == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, w := range waysToBreak(breaks-1, legs) {
		from := 0
		if len(w) > 0 {
			from = w[len(w)-1]
		}
		for l := from; l < legs; l++ {
			all = append(all, append(slices.Clone(w), l))
		}
	}
	return all
}

// trips gives every way in which a shift may do the jobs in that order.
func trips(p *solve.Problem, shift int, jobs []int) (all []trip) {
	breaks := len(p.Shifts[shift].Breaks)
	if len(jobs) == 0 {
		breaks = 0
	}
	for _, on := range waysToBreak(breaks, len(jobs)+1) {
		all = append(all, trip{slices.Clone(jobs), on})
	}
	return all
}

// into moves a time on until it is in one of the windows.
func into(windows []solve.Window, t int64) int64 {
	if len(windows) == 0 {
		return t
	}
	best := never
	for _, w := range windows {
		if w.To >= t {
			best = min(best, max(t, w.From))
		}
	}
	return best
}

// begins is the first moment from t on when somebody on the shift may begin a job that takes him
// so long; never where there is none.
func begins(s *solve.Shift, job *solve.Job, t, long int64) int64 {
	if job.Pin != nil && job.Pin.Timed {
		if t > job.Pin.Start {
			return never
		}
		return job.Pin.Start
	}
	for {
		was := t
		if job.Release != 0 {
			t = max(t, job.Release)
		}
		if t = into(job.Windows, t); t >= never {
			return never
		}
		for _, need := range job.Needs {
			if job.Pin != nil {
				break
			}
			var spans []solve.Window
			for _, g := range s.Grants {
				if g.Skill == need.Skill && g.Level >= need.Level {
					spans = append(spans, solve.Window{From: g.From, To: g.To})
				}
			}
			// Join what touches, then keep the begins from which the whole work is covered.
			slices.SortFunc(spans, func(a, b solve.Window) int { return cmp.Compare(a.From, b.From) })
			joined := []solve.Window{}
			for _, w := range spans {
				if n := len(joined); n > 0 && w.From <= joined[n-1].To {
					joined[n-1].To = max(joined[n-1].To, w.To)
				} else {
					joined = append(joined, w)
				}
			}
			for i := range joined {
				joined[i].To -= long
			}
			joined = slices.DeleteFunc(joined, func(w solve.Window) bool { return w.From > w.To })
			if len(joined) == 0 {
				return never
			}
			if t = into(joined, t); t >= never {
				return never
			}
		}
		if t == was {
			return t
		}
	}
}

// drive goes through a trip, everything as early as it can be, but no job before its floor. Where
// the trip cannot be done it is false.
func drive(p *solve.Problem, shift int, w trip, floor []int64) (solve.Route, bool) {
	s := &p.Shifts[shift]
	r := solve.Route{Leave: s.From, Home: s.From}
	if len(w.jobs) == 0 {
		return r, true
	}
	order := breaksOf(s)
	between := func(a, b int) solve.Leg {
		if a < 0 || b < 0 {
			return solve.Leg{}
		}
		return p.Travel[s.Profile].Leg(a, b)
	}
	t, at, taken := s.From, s.Start, 0
	extra := int64(0)
	for n := range len(w.jobs) + 1 {
		to := s.End
		if n < len(w.jobs) {
			to = p.Jobs[w.jobs[n]].Place
		}
		leg := between(at, to)
		wheel := int64(leg.Seconds)
		r.Driving, r.Metres, extra = r.Driving+int64(leg.Seconds), r.Metres+int64(leg.Metres), extra+int64(leg.Cost)
		for ; taken < len(order) && w.on[taken] == n; taken++ {
			b := s.Breaks[order[taken]]
			begin := into(b.Windows, t)
			if begin >= never {
				return r, false
			}
			wheel -= min(wheel, begin-t)
			t = begin + b.Duration
			r.Pauses = append(r.Pauses, solve.Pause{Break: order[taken], After: n, Start: begin, End: t})
		}
		t += wheel
		if n == len(w.jobs) {
			break
		}
		job := &p.Jobs[w.jobs[n]]
		long := slower(job.Work, s.Pace)
		if at != to {
			long += slower(job.Setup, s.Pace)
		}
		start := begins(s, job, max(t, floor[w.jobs[n]]), long)
		if start >= never {
			return r, false
		}
		r.Stops = append(r.Stops, solve.Stop{Job: w.jobs[n], Driving: int64(leg.Seconds), Metres: int64(leg.Metres), Arrive: t, Start: start, End: start + long})
		r.Working, r.Waiting = r.Working+long, r.Waiting+start-t
		if job.Due != 0 {
			r.Lateness += max(0, start+long-job.Due)
		}
		t, at = start+long, to
	}
	r.Home, r.Overtime = t, max(0, t-s.To)
	r.Cost = solve.CostUnit*(s.Rates.Fixed+extra) + 5*(s.Rates.Driving*r.Driving+s.Rates.Work*r.Working+s.Rates.Overtime*r.Overtime) + 18*s.Rates.Km*r.Metres
	return r, r.Home <= s.To+s.Overtime && bears(p, s, &r)
}

// slower is how long somebody of a pace takes, rounded up.
func slower(seconds int64, pace int) int64 {
	if pace == 0 {
		pace = 1000
	}
	whole := seconds * int64(pace) / 1000
	if whole*1000 < seconds*int64(pace) {
		whole++
	}
	return whole
}

// bears says whether a shift bears the route: its limits, its load, and who is allowed.
func bears(p *solve.Problem, s *solve.Shift, r *solve.Route) bool {
	if s.MaxJobs > 0 && len(r.Stops) > s.MaxJobs || s.MaxDriving > 0 && r.Driving > s.MaxDriving || s.MaxMetres > 0 && r.Metres > s.MaxMetres {
		return false
	}
	for d := range 4 {
		at := func(a []int64) int64 {
			if d < len(a) {
				return a[d]
			}
			return 0
		}
		for n := range len(r.Stops) + 1 {
			load := int64(0)
			for m, stop := range r.Stops {
				if m < n {
					load += at(p.Jobs[stop.Job].Pickup)
				} else {
					load += at(p.Jobs[stop.Job].Deliver)
				}
			}
			if load > at(s.Capacity) {
				return false
			}
		}
	}
	for _, stop := range r.Stops {
		job := &p.Jobs[stop.Job]
		if job.Pin == nil && (job.Allowed != nil && !slices.Contains(job.Allowed, s.Technician) || slices.Contains(job.Forbidden, s.Technician)) {
			return false
		}
	}
	return true
}
