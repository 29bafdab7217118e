package genetic

import "slices"

// How the search goes on: so many plans made by chance begin a population, so many children for
// each visit that are no better than its best end it and begin another, and so many of a hundred
// places are overlooked when a plan is made by chance.
const (
	founders   = 25
	patience   = 25
	overlooked = 10
)

// Search looks for cheaper and cheaper plans.
type Search struct {
	p       *Problem
	rnd     random
	tour    *tour
	descent *descent
	cross   *crossover
	people  *population
	prices  prices
	child   *plan
	best    *plan
	guest   *plan // to begin with
	order   []int32
	found   bool
	age     int   // plans made since the population began
	least   int64 // what the cheapest of the population that keeps all rules costs
	idle    int   // plans made since that one
}

// New begins a search. Streams of one seed go their own ways.
func New(p *Problem, seed, stream uint64) *Search {
	s := &Search{p: p, rnd: newRandom(seed, stream), tour: newTour(p), prices: newPrices(p), least: dear}
	near := newNeighbourhood(p)
	s.cross = newCrossover(s.tour, near, &s.rnd)
	s.descent = newDescent(s.tour, near, &s.rnd)
	s.people = newPopulation(p.Visits, p.Vehicles)
	s.order = make([]int32, p.Visits)
	s.child, s.best = newPlan(p.Visits, p.Vehicles), newPlan(p.Visits, p.Vehicles)
	return s
}

// Begin gives the search a plan of all visits to begin with.
func (s *Search) Begin(routes [][]int32) {
	s.guest = newPlan(s.p.Visits, s.p.Vehicles)
	s.tour.clear()
	for r, visits := range routes {
		s.tour.put(r, visits, 1)
	}
	s.tour.save(s.guest)
	if s.guest.feasible() {
		s.keep(s.guest)
	}
}

// Best is the cheapest plan that keeps all rules, and what it costs; ok is false where none was
// found so far.
func (s *Search) Best() (routes [][]int32, cost int64, ok bool) {
	if !s.found {
		return nil, 0, false
	}
	s.best.routes(func(_ int, visits []int32) { routes = append(routes, slices.Clone(visits)) })
	return routes, s.best.cost, true
}

// Cost is what the best plan costs; see Best.
func (s *Search) Cost() (cost int64, ok bool) { return s.best.cost, s.found }

// Step makes one plan more and improves it. Where stop says so in between, which it is asked now
// and then, that plan is forgotten, the search is over, and Step says false. It allocates nothing.
func (s *Search) Step(stop func() bool) bool {
	if s.idle >= patience*s.p.Visits {
		s.people.clear()
		s.age, s.idle, s.least = 0, 0, dear
	}
	s.prices.charge(s.tour, 1)
	s.descent.stop = stop
	switch {
	case s.guest != nil:
		s.tour.load(s.guest, 1)
		s.guest = nil
	case s.age < founders:
		if !s.make() {
			return false
		}
	default:
		s.breed()
	}
	s.age++
	s.idle++
	return s.educate()
}

// make puts a plan of chance into the tour, unless it is stopped.
func (s *Search) make() bool {
	s.tour.clear()
	for i := range s.order {
		s.order[i] = int32(i + 1)
	}
	s.rnd.shuffle(s.order)
	for _, u := range s.order {
		if s.descent.stopped() {
			return false
		}
		s.tour.insert(u, overlooked, &s.rnd)
	}
	return true
}

// breed puts a child of two plans into the tour.
func (s *Search) breed() {
	a, b := s.people.pick(&s.rnd), s.people.pick(&s.rnd)
	for i := 0; i < attempts && a == b; i++ {
		b = s.people.pick(&s.rnd)
	}
	if !s.cross.cross(a, b) {
		s.cross.shake(a)
	}
}

// educate improves the tour's plan and takes it into the population; one that breaks rules is
// mostly repaired as well.
func (s *Search) educate() bool {
	if !s.descent.run() {
		return false
	}
	s.tour.save(s.child)
	s.admit()
	keeps := s.child.feasible()
	if s.prices.watch(s.child) {
		s.people.judge(0, &s.prices)
		s.people.judge(1, &s.prices)
	}
	if keeps || s.rnd.below(100) >= repairs {
		return true
	}
	s.prices.charge(s.tour, repair)
	s.tour.again()
	if !s.descent.run() {
		return false
	}
	if s.tour.save(s.child); s.child.feasible() {
		s.admit()
	}
	return true
}

// admit takes the child into the population, and remembers the best.
func (s *Search) admit() {
	s.people.add(s.child, &s.prices)
	if s.child.feasible() {
		s.keep(s.child)
	}
}

func (s *Search) keep(q *plan) {
	if q.cost < s.least {
		s.least, s.idle = q.cost, 0
	}
	if !s.found || q.cost < s.best.cost {
		s.best.copy(q)
		s.found = true
	}
}
