package genetic

import (
	"cmp"
	"slices"
)

// How many plans of each kind are kept, how many more there may be before the worst go, how many
// of the best are kept whatever they are like, and with how many of those most like it a plan is
// compared (Kool et al. 2022).
const (
	kept      = 25
	offspring = 40
	elite     = 4
	alike     = 5
)

// population is the plans of which new ones are made.
type population struct {
	kinds [2][]*plan // those that keep all rules, the others
	apart [][]int32  // by slots of two plans
	free  []*plan
	least []int32 // for measuring
}

func newPopulation(visits, vehicles int) *population {
	p := &population{least: make([]int32, 0, alike+1)}
	slots := 2*(kept+offspring) + 2
	for i := range slots {
		q := newPlan(visits, vehicles)
		q.slot = i
		p.free = append(p.free, q)
		p.apart = append(p.apart, make([]int32, slots))
	}
	return p
}

func (p *population) clear() {
	for k := range p.kinds {
		p.free = append(p.free, p.kinds[k]...)
		p.kinds[k] = p.kinds[k][:0]
	}
}

// add takes a copy of a plan in, at the prices of today.
func (p *population) add(o *plan, now *prices) {
	k := 0
	if !o.feasible() {
		k = 1
	}
	q := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	q.copy(o)
	for _, x := range p.kinds[k] {
		d := q.distance(x)
		p.apart[q.slot][x.slot], p.apart[x.slot][q.slot] = d, d
	}
	p.kinds[k] = append(p.kinds[k], q)
	p.judge(k, now)
	if len(p.kinds[k]) > kept+offspring {
		for len(p.kinds[k]) > kept {
			p.drop(k)
			p.judge(k, now)
		}
	}
}

// judge ranks plans of a kind by price and by how unlike they are to others.
func (p *population) judge(k int, now *prices) {
	plans := p.kinds[k]
	for _, q := range plans {
		q.price = now.of(q)
		q.apart = p.unlike(q, plans)
	}
	slices.SortStableFunc(plans, func(a, b *plan) int { return cmp.Compare(b.apart, a.apart) })
	for i, q := range plans {
		q.rank = i
	}
	slices.SortStableFunc(plans, func(a, b *plan) int { return cmp.Compare(a.price, b.price) })
	for i, q := range plans {
		q.fitness = i*len(plans) + max(0, len(plans)-elite)*q.rank
	}
}

// unlike sums the distances to the plans most like q.
func (p *population) unlike(q *plan, plans []*plan) int64 {
	least := p.least[:0]
	for _, x := range plans {
		if x == q {
			continue
		}
		d := p.apart[q.slot][x.slot]
		if len(least) == alike && d >= least[alike-1] {
			continue
		}
		least = append(least, d)
		i := len(least) - 1
		for ; i > 0 && least[i-1] > d; i-- {
			least[i] = least[i-1]
		}
		least[i] = d
		least = least[:min(len(least), alike)]
	}
	sum := int64(0)
	for _, d := range least {
		sum += int64(d)
	}
	return sum
}

// drop removes a plan: the least fit of those that have a twin, or of all; never the cheapest.
func (p *population) drop(k int) {
	plans := p.kinds[k]
	worst, worstTwin := 1, false
	for i, q := range plans[1:] {
		twin := slices.ContainsFunc(plans, func(x *plan) bool { return x != q && p.apart[x.slot][q.slot] == 0 })
		if twin && !worstTwin || twin == worstTwin && q.fitness > plans[worst].fitness {
			worst, worstTwin = i+1, twin
		}
	}
	p.free = append(p.free, plans[worst])
	p.kinds[k] = slices.Delete(plans, worst, worst+1)
}

// pick is the fitter of two plans taken by chance.
func (p *population) pick(rnd *random) *plan {
	a, b := p.any(rnd), p.any(rnd)
	if b.fitness < a.fitness {
		return b
	}
	return a
}

func (p *population) any(rnd *random) *plan {
	i := rnd.below(len(p.kinds[0]) + len(p.kinds[1]))
	if n := len(p.kinds[0]); i >= n {
		return p.kinds[1][i-n]
	}
	return p.kinds[0][i]
}
