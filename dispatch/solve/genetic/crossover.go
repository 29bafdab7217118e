package genetic

// crossover brings routes of one plan into another: some routes of the first around a visit give
// way to those of the second that hold mostly the same visits (selective route exchange, Nagata
// et al. 2010).
type crossover struct {
	tour    *tour
	rnd     *random
	near    *neighbourhood
	leaves  []bool  // by route of the first: it gives way
	gain    []int32 // by route of the second: visits it has in common with those, less the others it has
	missing []int32
	stay    []int32
}

func newCrossover(t *tour, near *neighbourhood, rnd *random) *crossover {
	return &crossover{
		tour: t, rnd: rnd, near: near,
		leaves: make([]bool, t.p.Vehicles), gain: make([]int32, t.p.Vehicles),
		missing: make([]int32, 0, t.p.Visits), stay: make([]int32, 0, t.p.Visits),
	}
}

// attempts is how often routes are chosen that turn out to be the same in both plans.
const attempts = 10

// cross puts a child of two plans into the tour. It says false where the two seem to be the same.
func (c *crossover) cross(a, b *plan) bool {
	for range attempts {
		c.choose(a, b)
		if c.same(a, b) {
			continue
		}
		c.assemble(a, b, false)
		cost := c.tour.total()
		c.assemble(a, b, true)
		if cost < c.tour.total() {
			c.assemble(a, b, false)
		}
		return true
	}
	return false
}

// choose chooses the routes to exchange.
func (c *crossover) choose(a, b *plan) {
	clear(c.leaves)
	clear(c.gain)
	count := c.rnd.below(max(1, min(len(a.ends), len(b.ends))-1))
	u := int32(1 + c.rnd.below(c.tour.p.Visits))
	c.leaves[a.route[u]] = true
	for _, v := range c.near.of(u, surround) {
		if count == 0 {
			break
		}
		if r := a.route[v]; !c.leaves[r] {
			c.leaves[r] = true
			count--
		}
	}
	best := 0
	for _, v := range b.order {
		if c.leaves[a.route[v]] {
			c.gain[b.route[v]]++
		} else {
			c.gain[b.route[v]]--
		}
	}
	for r := range b.ends {
		if c.gain[r] > c.gain[best] {
			best = r
		}
	}
	c.gain[best] = max(1, c.gain[best])
}

// same says whether the routes chosen of b are in a as well.
func (c *crossover) same(a, b *plan) bool {
	for _, v := range b.order {
		if c.gain[b.route[v]] > 0 && (a.next[v] != b.next[v] || a.prev[v] != b.prev[v]) {
			return false
		}
	}
	return true
}

// assemble makes the child. Visits that both the routes that stay and those that come have are left to
// those that come, or to those that stay; visits that neither has are inserted.
func (c *crossover) assemble(a, b *plan, come bool) {
	t, r := c.tour, 0
	t.clear()
	c.missing = c.missing[:0]
	a.routes(func(i int, visits []int32) {
		c.stay = c.stay[:0]
		for _, v := range visits {
			switch comes := c.gain[b.route[v]] > 0; {
			case c.leaves[i] && !comes:
				c.missing = append(c.missing, v)
			case !c.leaves[i] && (!comes || !come):
				c.stay = append(c.stay, v)
			}
		}
		if len(c.stay) > 0 {
			changed := int32(1)
			if len(c.stay) == len(visits) {
				changed = 0
			}
			t.put(r, c.stay, changed)
			r++
		}
	})
	b.routes(func(i int, visits []int32) {
		if c.gain[i] <= 0 {
			return
		}
		c.stay = c.stay[:0]
		for _, v := range visits {
			if come || c.leaves[a.route[v]] {
				c.stay = append(c.stay, v)
			}
		}
		switch {
		case len(c.stay) == 0:
		case r == len(t.routes):
			c.missing = append(c.missing, c.stay...)
		default:
			t.put(r, c.stay, 1)
			r++
		}
	})
	c.rnd.shuffle(c.missing)
	for _, u := range c.missing {
		t.insert(u, 0, c.rnd)
	}
}

// shake takes some visits around one out of a plan, and puts them in again with a little chance.
func (c *crossover) shake(a *plan) {
	t := c.tour
	t.load(a, 0)
	u := int32(1 + c.rnd.below(t.p.Visits))
	c.missing = append(append(c.missing[:0], u), c.near.of(u, 5+c.rnd.below(20))...)
	for _, v := range c.missing {
		t.remove(v)
	}
	c.rnd.shuffle(c.missing)
	for _, v := range c.missing {
		t.insert(v, overlooked, c.rnd)
	}
}
