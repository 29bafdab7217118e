package genetic

import "testing"

// chance is a tour of visits in any order, which breaks rules.
func chance(p *Problem, rnd *random) *tour {
	t := newTour(p)
	t.warpRate, t.loadRate = int64(1+rnd.below(100)), int64(1+rnd.below(1000))
	routes := make([][]int32, p.Vehicles)
	for u := range int32(p.Visits) {
		r := rnd.below(p.Vehicles)
		routes[r] = append(routes[r], u+1)
	}
	for r, visits := range routes {
		rnd.shuffle(visits)
		t.put(r, visits, 1)
	}
	return t
}

// naive is the total by the rules alone.
func naive(t *tour) int64 {
	sum := int64(0)
	for r := range t.routes {
		x := &t.routes[r]
		var visits []int32
		for i := t.nodes[x.first].next; i != x.last; i = t.nodes[i].next {
			visits = append(visits, i)
		}
		if len(visits) > 0 {
			cost, warp, load := driven(t.p, visits)
			sum += cost*rate + t.penalty(warp, load)
		}
	}
	return sum
}

func TestEveryNodeKnowsItsRoute(t *testing.T) {
	rnd := newRandom(1, 0)
	for seed := range uint64(50) {
		tour := chance(drawn(seed, 12, 3), &rnd)
		for i := range tour.nodes {
			x := &tour.nodes[i]
			if x.depot && (i == 0 || tour.routes[x.route].last == int32(i)) {
				continue
			}
			if warp := tour.upTo(int32(i)).join(tour, x.next); warp != tour.routes[x.route].warp {
				t.Fatalf("problem %d: joined at %d the warp is %d, the route's is %d", seed, i, warp, tour.routes[x.route].warp)
			}
		}
		if tour.total() != naive(tour) {
			t.Fatalf("problem %d: total %d, by the rules %d", seed, tour.total(), naive(tour))
		}
	}
}

func TestMovesPayAndLoseNobody(t *testing.T) {
	rnd := newRandom(2, 0)
	moves := 0
	for seed := range uint64(120) {
		p := drawn(seed, 14, 4)
		if seed%2 == 1 {
			p = town(seed, 14, 4)
		}
		tour := chance(p, &rnd)
		star := newSwapStar(p.Visits, p.Vehicles)
		for range 400 {
			before := tour.total()
			var moved bool
			if rnd.below(10) == 0 {
				a := int32(rnd.below(p.Vehicles - 1))
				moved = tour.swapBest(&star, a, a+1)
			} else {
				var m pair
				u, v := int32(1+rnd.below(p.Visits)), int32(1+rnd.below(p.Visits))
				if rnd.below(6) == 0 {
					v = tour.routes[rnd.below(p.Vehicles)].first
				}
				if u == v {
					continue
				}
				moved = tour.follow(&m, u, v)
			}
			if after := tour.total(); moved != (after < before) || after != naive(tour) {
				t.Fatalf("problem %d: %t, from %d to %d, by the rules %d", seed, moved, before, after, naive(tour))
			}
			if moved {
				moves++
			}
		}
		count := int32(0)
		for r := range tour.routes {
			count += tour.routes[r].size
		}
		if int(count) != p.Visits {
			t.Fatalf("problem %d: %d visits of %d", seed, count, p.Visits)
		}
	}
	if moves < 500 {
		t.Errorf("only %d moves were made", moves)
	}
}

func TestALocalSearchEndsWhereNoMovePays(t *testing.T) {
	rnd := newRandom(3, 0)
	for seed := range uint64(20) {
		p := drawn(seed, 30, 8)
		tour := chance(p, &rnd)
		d := newDescent(tour, newNeighbourhood(p), &rnd)
		d.run()
		total := tour.total()
		for u := int32(1); u <= 30; u++ {
			for v := int32(1); v <= 30; v++ {
				var m pair
				if u != v && tour.follow(&m, u, v) {
					t.Errorf("problem %d: %d behind %d paid: %d to %d", seed, u, v, total, tour.total())
				}
			}
		}
	}
}

func TestTheLocalSearchAllocatesNothing(t *testing.T) {
	p := town(4, 100, 30)
	rnd := newRandom(4, 0)
	tour := chance(p, &rnd)
	d := newDescent(tour, newNeighbourhood(p), &rnd)
	all := make([]int32, p.Visits)
	if n := testing.AllocsPerRun(20, func() {
		for i := range all {
			all[i] = int32(i + 1)
		}
		rnd.shuffle(all)
		tour.clear()
		for r := range 10 {
			tour.put(r, all[r*10:(r+1)*10], 1)
		}
		d.run()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkStep(b *testing.B) {
	s := New(town(5, 200, 60), 1, 0)
	for range 100 {
		s.Step(nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Step(nil)
	}
}
