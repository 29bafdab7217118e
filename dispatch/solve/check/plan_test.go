package check_test

import (
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
