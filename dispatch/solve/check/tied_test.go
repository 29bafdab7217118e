package check_test

import (
	"slices"

	"callout/dispatch/solve"
)

// bestTied is for jobs that wait for one another. With the order of each route and the legs of its
// breaks given, all begins are the earliest that satisfy everybody: those who wait wait longer and
// longer until nothing changes.
func bestTied(p *solve.Problem) (least solve.Score, routes [][]int) {
	found := false
	who := make([]int, len(p.Jobs))
	ways := make([]trip, len(p.Shifts))
	judge := func() {
		done, ok := settle(p, ways)
		if !ok {
			return
		}
		var score solve.Score
		for i := range done {
			score = plus(score, price(p, i, ways[i].jobs, &done[i]))
		}
		for j, i := range who {
			if i < 0 {
				score = plus(score, price(p, -1, []int{j}, nil))
			}
		}
		if !found || score.Compare(least) < 0 {
			least, found = score, true
			routes = routes[:0]
			for _, w := range ways {
				routes = append(routes, slices.Clone(w.jobs))
			}
		}
	}
	var fill func(i int)
	fill = func(i int) {
		if i == len(p.Shifts) {
			judge()
			return
		}
		var mine []int
		for j, at := range who {
			if at == i {
				mine = append(mine, j)
			}
		}
		orders(mine, func(jobs []int) {
			if len(jobs) < len(mine) {
				return
			}
			for _, ways[i] = range trips(p, i, jobs) {
				// What he cannot do alone he cannot do while he waits for others.
				if _, ok := settle(p, ways[i:i+1], i); ok {
					fill(i + 1)
				}
			}
		})
	}
	var choose func(j int)
	choose = func(j int) {
		if j == len(who) {
			if allowedTogether(p, who) {
				fill(0)
			}
			return
		}
		for i := -1; i < len(p.Shifts); i++ {
			who[j] = i
			choose(j + 1)
		}
	}
	choose(0)
	return least, routes
}

// settle drives through the trips of the shifts from first on until all who wait for one another
// agree.
func settle(p *solve.Problem, ways []trip, first ...int) ([]solve.Route, bool) {
	from := 0
	if len(first) > 0 {
		from = first[0]
	}
	floor := make([]int64, len(p.Jobs))
	for j := range floor {
		floor[j] = -never
	}
	for {
		done := make([]solve.Route, len(ways))
		start, end := map[int]int64{}, map[int]int64{}
		for i, w := range ways {
			r, ok := drive(p, from+i, w, floor)
			if !ok {
				return nil, false
			}
			done[i] = r
			for _, s := range r.Stops {
				start[s.Job], end[s.Job] = s.Start, s.End
			}
		}
		agreed := true
		for j := range start {
			need := start[j]
			for _, before := range p.Jobs[j].After {
				if e, served := end[before]; served {
					need = max(need, e)
				}
			}
			for k := range start {
				if p.Jobs[j].Group != 0 && p.Jobs[j].Group == p.Jobs[k].Group {
					need = max(need, start[k])
				}
			}
			if need > start[j] {
				floor[j], agreed = need, false
			}
		}
		if agreed {
			return done, true
		}
	}
}
