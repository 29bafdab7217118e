package genetic

import (
	"slices"
	"testing"
)

func TestSmallProblemsAreSolvedToTheOptimum(t *testing.T) {
	solved, none := 0, 0
	for seed := range uint64(150) {
		p := drawn(seed, 1+int(seed%6), 1+int(seed%3))
		s := New(p, seed, 0)
		for range 400 {
			s.Step(nil)
		}
		routes, cost, ok := s.Best()
		least, possible := cheapest(p)
		if ok != possible || ok && cost != least {
			t.Errorf("problem %d of %d visits: found %d, %t; the cheapest is %d, %t", seed, p.Visits, cost, ok, least, possible)
		}
		if !ok {
			none++
			continue
		}
		solved++
		holds(t, p, routes, cost)
	}
	if solved < 50 || none == 0 {
		t.Errorf("%d problems with a plan and %d without: they try too little", solved, none)
	}
}

// holds fails where routes are no plan of that cost.
func holds(t *testing.T, p *Problem, routes [][]int32, cost int64) {
	t.Helper()
	var visits []int32
	sum := int64(0)
	for _, r := range routes {
		c, warp, load := driven(p, r)
		if warp > 0 || load > p.Capacity {
			t.Errorf("route %v is %d late and carries %d of %d", r, warp, load, p.Capacity)
		}
		sum += c
		visits = append(visits, r...)
	}
	slices.Sort(visits)
	for i, v := range visits {
		if int(v) != i+1 {
			t.Fatalf("visits %v", visits)
		}
	}
	if len(visits) != p.Visits || len(routes) > p.Vehicles || sum != cost {
		t.Errorf("%d visits in %d routes at %d; want %d in at most %d at %d", len(visits), len(routes), sum, p.Visits, p.Vehicles, cost)
	}
}

func TestTheSameSeedFindsTheSamePlan(t *testing.T) {
	p := town(7, 60, 20)
	run := func(seed, stream uint64) [][]int32 {
		s := New(p, seed, stream)
		for range 150 {
			s.Step(nil)
		}
		routes, cost, ok := s.Best()
		if !ok {
			t.Fatal("no plan")
		}
		holds(t, p, routes, cost)
		return routes
	}
	first := run(3, 0)
	if again := run(3, 0); !slices.EqualFunc(first, again, slices.Equal) {
		t.Errorf("%v, and then %v", first, again)
	}
	a, b := newRandom(3, 0), newRandom(3, 1)
	if a.next() == b.next() {
		t.Error("two streams of a seed draw the same numbers")
	}
}

func TestAStoppedSearchKeepsItsBest(t *testing.T) {
	p := town(8, 60, 20)
	s := New(p, 1, 0)
	for range 30 {
		if !s.Step(func() bool { return false }) {
			t.Fatal("stopped without being asked to")
		}
	}
	_, cost, _ := s.Best()
	if s.Step(func() bool { return true }) {
		t.Error("went on though it was stopped")
	}
	routes, now, ok := s.Best()
	if !ok || now != cost {
		t.Errorf("the best is %d, %t; was %d", now, ok, cost)
	}
	holds(t, p, routes, now)
}

func TestASearchBeginsWithAPlan(t *testing.T) {
	p := town(9, 40, 15)
	s := New(p, 1, 0)
	for range 40 {
		s.Step(nil)
	}
	routes, cost, _ := s.Best()
	second := New(p, 2, 0)
	second.Begin(routes)
	if _, now, ok := second.Best(); !ok || now != cost {
		t.Errorf("begins with %d, %t; was given %d", now, ok, cost)
	}
	second.Step(nil)
	if now, _ := second.Cost(); now > cost {
		t.Errorf("went from %d to %d", cost, now)
	}
}

func TestASearchGrowsOldAndBeginsAnew(t *testing.T) {
	p := drawn(1, 4, 3)
	s := New(p, 1, 0)
	s.Step(nil)
	s.idle = patience * p.Visits
	s.Step(nil)
	if n := len(s.people.kinds[0]) + len(s.people.kinds[1]); s.age != 1 || n > 2 {
		t.Errorf("%d plans after the first of a new population, at age %d", n, s.age)
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	s := New(town(10, 80, 25), 1, 0)
	for range 300 {
		s.Step(nil)
	}
	if n := testing.AllocsPerRun(100, func() { s.Step(nil) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

func TestAPriceFollowsTheShareOfPlansThatKeepTheRule(t *testing.T) {
	for _, c := range []struct {
		name          string
		settled       bool
		keep, of, now int64
	}{
		{"never kept, never high enough", false, 0, 5, 200},
		{"kept often enough at once", false, 3, 5, 100},
		{"kept by some", true, 4, 50, 100 + 34*350/430 + 1},
		{"kept by as many as wanted", true, 22, 50, 100},
		{"kept by all", true, 50, 50, 100 - 68},
	} {
		p := price{now: 100, settled: c.settled}
		for i := range c.of {
			p.watch(i < c.keep)
		}
		if p.now != c.now {
			t.Errorf("%s: %d, want %d", c.name, p.now, c.now)
		}
	}
}
