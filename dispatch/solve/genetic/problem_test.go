package genetic

import "math"

// drawn is a problem of chance: ways with other costs than times, not the same back as there.
func drawn(seed uint64, visits, vehicles int) *Problem {
	rnd := newRandom(seed, 0)
	w := visits + 1
	p := &Problem{
		Visits: visits, Vehicles: vehicles, Capacity: 20, Fixed: int32(rnd.below(3) * 40),
		Cost: make([]int32, w*w), Time: make([]int32, w*w),
		Early: make([]int32, w), Late: make([]int32, w), Service: make([]int32, w), Load: make([]int32, w),
	}
	xs, ys := make([]float64, w), make([]float64, w)
	for i := range w {
		xs[i], ys[i] = float64(rnd.below(100)), float64(rnd.below(100))
	}
	for i := range w {
		for j := range w {
			if i != j {
				p.Time[i*w+j] = int32(math.Hypot(xs[i]-xs[j], ys[i]-ys[j])) + 1
				p.Cost[i*w+j] = p.Time[i*w+j]*2 + int32(rnd.below(20))
			}
		}
	}
	p.Late[0] = 600
	for i := 1; i < w; i++ {
		p.Early[i] = int32(rnd.below(350))
		p.Late[i] = min(440, p.Early[i]+int32(30+rnd.below(250)))
		p.Service[i] = int32(rnd.below(20))
		p.Load[i] = int32(rnd.below(9))
	}
	return p
}

// town is a larger one with the same cost as time there and back.
func town(seed uint64, visits, vehicles int) *Problem {
	p := drawn(seed, visits, vehicles)
	w := visits + 1
	for i := range w {
		for j := range i {
			p.Time[i*w+j] = p.Time[j*w+i]
		}
	}
	for i := 1; i < w; i++ {
		p.Late[i] = max(p.Late[i], p.Time[i]) // everybody can be visited somehow
	}
	p.Cost, p.Fixed, p.Capacity = p.Time, 0, 60
	return p
}

// driven drives a route by the rules alone: its cost, its warp and its load.
func driven(p *Problem, visits []int32) (cost int64, warp, load int32) {
	w, last, at := int32(p.Visits+1), int32(0), p.Early[0]
	for i := range len(visits) + 1 {
		to := int32(0)
		if i < len(visits) {
			to = visits[i]
		}
		cost += int64(p.Cost[last*w+to])
		at = max(at+p.Time[last*w+to], p.Early[to])
		if at > p.Late[to] {
			warp += at - p.Late[to]
			at = p.Late[to]
		}
		at += p.Service[to]
		load += p.Load[to]
		last = to
	}
	return cost + int64(p.Fixed), warp, load
}

// cheapest is the least cost of all plans, by trying all; ok is false where there is none.
func cheapest(p *Problem) (least int64, ok bool) {
	all := 1 << p.Visits
	route := make([]int64, all) // by set of visits: the cheapest route
	for set := range route {
		route[set] = dear
		var in []int32
		for j := range p.Visits {
			if set>>j&1 == 1 {
				in = append(in, int32(j+1))
			}
		}
		permute(in, 0, func(order []int32) {
			if c, warp, load := driven(p, order); warp == 0 && load <= p.Capacity {
				route[set] = min(route[set], c)
			}
		})
	}
	plan := make([]int64, all) // by set: the cheapest plan with so many vehicles
	for set := range plan {
		plan[set] = dear
	}
	plan[0] = 0
	for range p.Vehicles {
		next := append([]int64(nil), plan...)
		for set := range plan {
			for part := set; part > 0; part = (part - 1) & set {
				next[set] = min(next[set], plan[set&^part]+route[part])
			}
		}
		plan = next
	}
	return plan[all-1], plan[all-1] < dear
}

func permute(a []int32, from int, do func([]int32)) {
	if from == len(a) {
		do(a)
		return
	}
	for i := from; i < len(a); i++ {
		a[from], a[i] = a[i], a[from]
		permute(a, from+1, do)
		a[from], a[i] = a[i], a[from]
	}
}
