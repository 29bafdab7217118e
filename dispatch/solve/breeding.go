package solve

import (
	"math"

	"callout/dispatch/solve/genetic"
)

// What of the budget shows how much it is good for, and how many rounds for each job the genetic
// search needs to be the better one. One of its steps counts as a round.
const (
	early         = 0.02
	roundsPerJob  = 2
	stepsPerChild = perRound
)

// search spends the budget: on the genetic search where the problem is a fleet's, all of whose
// jobs can be served, and the budget is large enough; else on ruin and recreate.
func (a *anneal) search(f *fleet) {
	if f == nil {
		a.run(1)
		return
	}
	a.run(early)
	routes, all := f.routes(&a.best)
	if !all || a.clock.rounds() < float64(roundsPerJob*f.problem.Visits) {
		a.run(1)
		return
	}
	a.breed(f, routes)
}

// breed goes on with the genetic search, from a plan, until the clock says that it is over.
func (a *anneal) breed(f *fleet, routes [][]int32) {
	c := a.clock
	g := genetic.New(&f.problem, c.o.Seed, uint64(c.thread))
	g.Begin(routes)
	least, _ := g.Cost()
	for {
		spent, ok := c.tick()
		if !ok || spent >= 1 {
			return
		}
		a.tell(spent)
		if !g.Step(c.over) {
			c.untick()
			return
		}
		c.steps += stepsPerChild
		if cost, _ := g.Cost(); cost < least {
			least = cost
			routes, _, _ := g.Best()
			a.fresh = f.plan(a.s.m, routes, &a.best) || a.fresh
		}
	}
}

// rounds is about how many there will be in all, as far as can be seen.
func (c *clock) rounds() float64 {
	if c.o.Trace == nil && c.o.Iterations > 0 {
		return float64(c.o.Iterations) / perRound
	}
	n := len(c.trace)
	if n == 0 || c.trace[n-1] == 0 {
		return math.Inf(1)
	}
	return float64(n) * math.MaxUint16 / float64(c.trace[n-1])
}

// over says whether the search must end in the middle of a round.
func (c *clock) over() bool {
	if c.o.Trace != nil {
		return false
	}
	return c.o.Stop != nil && c.o.Stop() || c.o.Spent != nil && c.o.Iterations == 0 && c.o.Spent() >= 1
}

// untick forgets a round that was not brought to its end.
func (c *clock) untick() {
	if n := len(c.trace); n > 0 && c.o.Trace == nil && c.o.Iterations == 0 {
		c.trace = c.trace[:n-1]
	}
}
