package workday

import (
	"slices"

	"callout/internal/geo"
)

// pool is one outlet's part of a problem while it is being assigned.
type pool struct {
	problem  *Problem
	days     []int // indices, by technician
	routes   []*Route
	visits   []bid // by class, then id
	assigned []Assignment
	unserved []Unserved
}

// bid is an open visit and what each route would ask for it.
type bid struct {
	visit  *Visit
	at     geo.Spot
	scores []int64 // by route; nowhere = it does not fit
	best   [3]int  // the routes with the lowest scores, -1 = none
	regret int64
}

const (
	nowhere = Forever
	// loss stands for the regret of having no second or third technician. It is more than any
	// score can be, so that a visit with few technicians left goes before one with many.
	loss = 1e12
)

func (o *pool) assign(report func()) {
	for _, d := range o.days {
		o.routes = append(o.routes, NewRoute(o.problem.Days[d], o.problem.Travel))
	}
	for i := range o.visits {
		o.visits[i].at = geo.At(o.visits[i].visit.At)
	}
	for rest := o.visits; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].visit.Class == rest[0].visit.Class {
			n++
		}
		o.assignClass(slices.Clone(rest[:n]), report)
		rest = rest[n:]
	}
}

// assignClass serves the visits of one class until none fits any more.
func (o *pool) assignClass(open []bid, report func()) {
	scores := make([]int64, len(open)*len(o.routes))
	for i := range open {
		open[i].scores = scores[i*len(o.routes) : (i+1)*len(o.routes)]
		for j := range o.routes {
			o.ask(&open[i], j)
		}
		open[i].rank()
	}
	for len(open) > 0 {
		chosen := 0
		for i := range open {
			if open[i].before(&open[chosen]) {
				chosen = i
			}
		}
		b := open[chosen]
		j := b.best[0]
		if j < 0 {
			break
		}
		in, _ := o.routes[j].best(b.visit, b.at, o.problem.Weights)
		o.routes[j].insert(*b.visit, in.Position)
		d := o.days[j]
		o.assigned = append(o.assigned, Assignment{b.visit.ID, o.problem.Days[d].Technician, d, in})
		open = slices.Delete(open, chosen, chosen+1)
		for i := range open {
			// A day that grew fuller takes nothing that it had no room for before.
			if open[i].scores[j] < nowhere {
				o.ask(&open[i], j)
				open[i].rankAgain(j)
			}
		}
		report()
	}
	for i := range open {
		o.unserved = append(o.unserved, o.why(open[i].visit))
		report()
	}
}

// ask has route j bid for the visit.
func (o *pool) ask(b *bid, j int) {
	b.scores[j] = nowhere
	if in, fits := o.routes[j].best(b.visit, b.at, o.problem.Weights); fits {
		b.scores[j] = o.problem.Weights.Score(in)
	}
}

// rank finds the three best routes, the first of equals, and the regret.
func (b *bid) rank() {
	b.best = [3]int{-1, -1, -1}
	for j, score := range b.scores {
		if score >= nowhere {
			continue
		}
		for place := range b.best {
			if b.best[place] < 0 || score < b.scores[b.best[place]] {
				copy(b.best[place+1:], b.best[place:])
				b.best[place] = j
				break
			}
		}
	}
	b.regret = 0
	for _, j := range b.best[1:] {
		if j < 0 {
			b.regret += loss
		} else {
			b.regret += b.scores[j] - b.scores[b.best[0]]
		}
	}
	b.regret *= max(1, b.visit.Weight)
}

// rankAgain ranks after route j's score has changed, where that can make a difference.
func (b *bid) rankAgain(j int) {
	third := b.best[2]
	if third < 0 || slices.Contains(b.best[:], j) || b.scores[j] <= b.scores[third] {
		b.rank()
	}
}

// before says whether the visit is to be assigned before another of its class: by regret,
// then by how cheap it is, then by id.
func (b *bid) before(c *bid) bool {
	switch {
	case b.best[0] < 0 || c.best[0] < 0:
		return b.best[0] >= 0 && c.best[0] < 0
	case b.regret != c.regret:
		return b.regret > c.regret
	case b.scores[b.best[0]] != c.scores[c.best[0]]:
		return b.scores[b.best[0]] < c.scores[c.best[0]]
	}
	return compareIDs(b.visit.ID, c.visit.ID) < 0
}
