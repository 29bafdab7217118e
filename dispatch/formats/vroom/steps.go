package vroom

import (
	"callout/dispatch/solve"
)

// steps holds the jobs that stand in vehicles' steps to those vehicles, and lets the search begin with them.
func (c *compiler) steps() {
	jobs, held := map[int64]int{}, map[int]bool{}
	for i, j := range c.jobs {
		jobs[j.id] = i
	}
	initial := make([][]int, len(c.vehicles))
	for i := range c.vehicles {
		for k, s := range c.vehicles[i].steps {
			where := at("/vehicles/%d/steps/%d", i, k)
			switch {
			case s.kind == "break" && (s.at != nil || s.after != nil || s.before != nil):
				c.Add(where, "a break cannot be held to a time by a step: give it a window")
			case s.kind != "job":
			case s.id == nil:
				c.Add(where+"/id", "is required")
			default:
				job, known := jobs[*s.id]
				switch {
				case !known:
					c.Add(where+"/id", "there is no such job")
				case held[job]:
					c.Add(where+"/id", "stands in another step already")
				default:
					held[job] = true
					initial[i] = append(initial[i], job)
					c.hold(job, i, s, where)
				}
			}
		}
	}
	if len(held) > 0 {
		c.p.Initial = initial
	}
}

// hold pins a job to a vehicle as a step says.
func (c *compiler) hold(i, vehicle int, s step, where string) {
	j := &c.p.Jobs[i]
	j.Pin = &solve.Pin{Shift: vehicle}
	if s.at != nil {
		j.Pin.Timed, j.Pin.Start = true, *s.at
	}
	from, to := int64(-solve.Forever), int64(solve.Forever)
	if s.after != nil {
		from = *s.after
	}
	if s.before != nil {
		to = *s.before
	}
	if s.after == nil && s.before == nil {
		return
	}
	if s.at != nil && (*s.at < from || *s.at > to) {
		c.Add(where+"/service_at", "is not between service_after and service_before")
	}
	windows := j.Windows
	if windows == nil {
		windows = []solve.Window{{From: c.p.Shifts[vehicle].From, To: c.p.Shifts[vehicle].To}}
	}
	j.Windows = nil
	for _, w := range windows {
		if w = (solve.Window{From: max(w.From, from), To: min(w.To, to)}); w.From <= w.To {
			j.Windows = append(j.Windows, w)
		}
	}
	if j.Windows == nil {
		c.Add(where, "leaves the job no time to begin")
		j.Windows = windows
	}
}
