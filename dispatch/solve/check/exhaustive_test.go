package check_test

import (
	"slices"

	"callout/dispatch/solve"
)

// best is the least score of all plans, found by trying every one of them, and such a plan's routes.
func best(p *solve.Problem) (solve.Score, [][]int) {
	for j := range p.Jobs {
		if p.Jobs[j].Group != 0 || len(p.Jobs[j].After) > 0 {
			return bestTied(p)
		}
	}
	return bestApart(p)
}

// price is what a route adds to the score, or with nobody's a job that is unserved.
func price(p *solve.Problem, shift int, jobs []int, r *solve.Route) solve.Score {
	var count [7]int64
	var missed [solve.Classes]int64
	for n, j := range jobs {
		job := &p.Jobs[j]
		if job.Published != nil && job.Published.Shift != shift {
			count[solve.Changed]++
		}
		if shift < 0 {
			count[solve.Unserved]++
			count[solve.Missed] += job.Weight
			missed[job.Class] += job.Weight
			continue
		}
		if weight := max(job.LateWeight, 1); job.Due != 0 {
			count[solve.Lateness] += weight * max(0, r.Stops[n].End-job.Due)
		}
		for _, like := range job.Preferences {
			if like.Technician == p.Shifts[shift].Technician {
				count[solve.Dislike] += like.Points
			}
		}
	}
	if r != nil {
		count[solve.Cost] = r.Cost
		m := (r.Driving + r.Working) / 60
		count[solve.Imbalance] = m * m
	}
	objective := p.Objective
	if objective == nil {
		objective = solve.DefaultObjective()
	}
	var s solve.Score
	for l, level := range objective {
		for _, term := range level {
			if term.Of == solve.Missed && term.Class != solve.AllClasses {
				s[l] += term.Price * missed[term.Class]
			} else {
				s[l] += term.Price * count[term.Of]
			}
		}
	}
	return s
}

func plus(a, b solve.Score) solve.Score {
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// orders calls with every choice of some of the jobs, in every order.
func orders(jobs []int, with func([]int)) {
	var chosen []int
	var more func(left []int)
	more = func(left []int) {
		with(chosen)
		for i, j := range left {
			chosen = append(chosen, j)
			more(slices.Delete(slices.Clone(left), i, i+1))
			chosen = chosen[:len(chosen)-1]
		}
	}
	more(jobs)
}

// allowedTogether judges what depends only on who does what: pins, chains, groups and parts.
func allowedTogether(p *solve.Problem, shifts []int) bool {
	parts := map[[2]int]int64{}
	chain, chosen := map[int]int{}, map[int]bool{}
	for j, shift := range shifts {
		job := &p.Jobs[j]
		if job.Pin != nil && job.Pin.Shift != shift {
			return false
		}
		if shift < 0 {
			continue
		}
		technician := p.Shifts[shift].Technician
		if job.Chain != 0 {
			if chosen[job.Chain] && chain[job.Chain] != technician {
				return false
			}
			chain[job.Chain], chosen[job.Chain] = technician, true
		}
		for _, a := range job.Parts {
			parts[[2]int{technician, a.Part}] += a.Count
		}
		for _, before := range job.After {
			if shifts[before] < 0 {
				return false
			}
		}
	}
	for j, shift := range shifts {
		for k := range j {
			if p.Jobs[j].Group != 0 && p.Jobs[j].Group == p.Jobs[k].Group {
				if (shift < 0) != (shifts[k] < 0) || shift >= 0 && p.Shifts[shift].Technician == p.Shifts[shifts[k]].Technician {
					return false
				}
			}
		}
	}
	for of, count := range parts {
		held := int64(0)
		if of[0] < len(p.Stock) {
			for _, a := range p.Stock[of[0]] {
				if a.Part == of[1] {
					held += a.Count
				}
			}
		}
		if count > held {
			return false
		}
	}
	return true
}

// bestApart is for jobs whose times do not depend on another route: for each shift and set of jobs
// it finds the best way, and then the best sets.
func bestApart(p *solve.Problem) (least solve.Score, routes [][]int) {
	type option struct {
		score solve.Score
		jobs  []int
	}
	all := make([]int, len(p.Jobs))
	for j := range all {
		all[j] = j
	}
	floor := make([]int64, len(p.Jobs))
	for j := range floor {
		floor[j] = -never
	}
	options := make([]map[int]option, len(p.Shifts)) // by set of jobs
	for i := range p.Shifts {
		options[i] = map[int]option{}
		orders(all, func(jobs []int) {
			set := 0
			for _, j := range jobs {
				set |= 1 << j
			}
			for _, way := range trips(p, i, jobs) {
				r, ok := drive(p, i, way, floor)
				if !ok {
					continue
				}
				score := price(p, i, jobs, &r)
				if o, known := options[i][set]; !known || score.Compare(o.score) < 0 {
					options[i][set] = option{score, way.jobs}
				}
			}
		})
	}
	who := make([]int, len(p.Jobs))
	found := false
	var choose func(j int)
	choose = func(j int) {
		if j < len(who) {
			for i := -1; i < len(p.Shifts); i++ {
				who[j] = i
				choose(j + 1)
			}
			return
		}
		if !allowedTogether(p, who) {
			return
		}
		var score solve.Score
		sets := make([]int, len(p.Shifts))
		for j, i := range who {
			if i < 0 {
				score = plus(score, price(p, -1, []int{j}, nil))
			} else {
				sets[i] |= 1 << j
			}
		}
		ways := make([][]int, len(p.Shifts))
		for i, set := range sets {
			o, can := options[i][set]
			if !can {
				return
			}
			score, ways[i] = plus(score, o.score), o.jobs
		}
		if !found || score.Compare(least) < 0 {
			least, routes, found = score, ways, true
		}
	}
	choose(0)
	return least, routes
}
