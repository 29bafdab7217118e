package check_test

import (
	"strings"
	"testing"

	"callout/dispatch/solve"
)

// planOf writes down the plan that some trips make, with the reasons of what they leave out.
func planOf(tb testing.TB, p *solve.Problem, ways []trip, unserved ...solve.Absent) *solve.Plan {
	tb.Helper()
	routes, ok := settle(p, ways)
	if !ok {
		tb.Fatal("the trips cannot be done")
	}
	plan := &solve.Plan{Routes: routes, Unserved: unserved, Score: scoreOf(p, routes, unserved)}
	for f := range plan.Figures {
		one := *p
		one.Objective = solve.Objective{{{Of: solve.Figure(f), Class: solve.AllClasses, Price: 1}}}
		plan.Figures[f] = scoreOf(&one, routes, unserved)[0]
	}
	return plan
}

// scoreOf adds up what the routes and the unserved jobs come to.
func scoreOf(p *solve.Problem, routes []solve.Route, unserved []solve.Absent) (score solve.Score) {
	for i := range routes {
		var jobs []int
		for _, s := range routes[i].Stops {
			jobs = append(jobs, s.Job)
		}
		score = plus(score, price(p, i, jobs, &routes[i]))
	}
	for _, a := range unserved {
		score = plus(score, price(p, -1, []int{a.Job}, nil))
	}
	return score
}

// waysOf puts the breaks of some routes on their legs; false where it cannot be done.
func waysOf(p *solve.Problem, routes [][]int) ([]trip, bool) {
	ways := make([]trip, len(routes))
	var fill func(i int) bool
	fill = func(i int) bool {
		if i == len(routes) {
			_, ok := settle(p, ways)
			return ok
		}
		for _, ways[i] = range trips(p, i, routes[i]) {
			if _, ok := settle(p, ways[i:i+1], i); ok && fill(i+1) {
				return true
			}
		}
		return false
	}
	return ways, fill(0)
}

func TestVerifyAcceptsTheBestOfAllPlans(t *testing.T) {
	for seed := range uint64(300) {
		p := random(seed, size{jobs: 5, shifts: 3, ties: seed%2 == 0, fewBreaks: true})
		_, routes := best(p)
		ways, ok := waysOf(p, routes)
		if !ok {
			t.Fatalf("seed %d: %v cannot be done", seed, routes)
		}
		served := map[int]bool{}
		for _, r := range routes {
			for _, j := range r {
				served[j] = true
			}
		}
		var unserved []solve.Absent
		for j := range p.Jobs {
			if !served[j] {
				unserved = append(unserved, solve.Absent{Job: j})
			}
		}
		for _, fault := range wrong(p, planOf(t, p, ways, unserved...)) {
			// Why a job is unserved was not asked.
			if !strings.HasPrefix(fault, "/unserved/") {
				t.Errorf("seed %d: %s", seed, fault)
			}
		}
	}
}
