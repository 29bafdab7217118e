package check

import (
	"cmp"
	"fmt"
	"slices"

	"callout/dispatch/solve"
)

// pauses gives the pauses of each leg, and notes what is wrong with them: each break once, in
// their order, within a window, and between what he does before and after it.
func (v *verifier) pauses(s *solve.Shift, r *solve.Route, at string) [][]solve.Pause {
	legs := make([][]solve.Pause, len(r.Stops)+1)
	taken, last, leg := make([]bool, len(s.Breaks)), -1, 0
	order := inOrder(s.Breaks)
	for n, p := range r.Pauses {
		here := fmt.Sprintf("%s/pauses/%d", at, n)
		switch {
		case p.Break < 0 || p.Break >= len(s.Breaks):
			v.faults.Add(here+"/break", "there is no break %d", p.Break)
			continue
		case p.After < 0 || p.After > len(r.Stops):
			v.faults.Add(here+"/after", "there is no stop %d", p.After)
			continue
		case taken[p.Break]:
			v.faults.Add(here+"/break", "break %d is taken already", p.Break)
		case slices.Index(order, p.Break) < last:
			v.faults.Add(here+"/break", "must be in the order of the breaks")
		case p.After < leg:
			v.faults.Add(here+"/after", "must be in the order of the stops")
		}
		taken[p.Break], last, leg = true, slices.Index(order, p.Break), max(leg, p.After)
		b := &s.Breaks[p.Break]
		v.equal(here+"/end", p.End, p.Start+b.Duration)
		if !open(b.Windows, p.Start) {
			v.faults.Add(here+"/start", "is %d, when none of its windows is open", p.Start)
		}
		ready, until := r.Leave, r.Home
		if p.After > 0 {
			ready = r.Stops[p.After-1].End
		}
		if before := legs[p.After]; len(before) > 0 {
			ready = max(ready, before[len(before)-1].End)
		}
		if p.After < len(r.Stops) {
			until = r.Stops[p.After].Start
		}
		if p.Start < ready {
			v.faults.Add(here+"/start", "is %d, before he is ready at %d", p.Start, ready)
		}
		if p.End > until {
			v.faults.Add(here+"/end", "is %d, after what follows it at %d", p.End, until)
		}
		legs[p.After] = append(legs[p.After], p)
	}
	for _, b := range v.owed(s, r, order) {
		if !taken[b] {
			v.faults.Add(at+"/pauses", "break %d is not taken", b)
		}
	}
	return legs
}

// inOrder lists the breaks in the order in which they are taken: that of their last possible
// begin, then of their first.
func inOrder(breaks []solve.Break) []int {
	order := make([]int, len(breaks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		firstA, lastA := ends(breaks[a].Windows)
		firstB, lastB := ends(breaks[b].Windows)
		return cmp.Or(cmp.Compare(lastA, lastB), cmp.Compare(firstA, firstB))
	})
	return order
}

// ends are the first and the last time within some windows.
func ends(windows []solve.Window) (first, last int64) {
	if len(windows) == 0 {
		return -solve.Forever, solve.Forever
	}
	first, last = solve.Forever, -solve.Forever
	for _, w := range windows {
		first, last = min(first, w.From), max(last, w.To)
	}
	return first, last
}
