package genetic

// descent is the local search: it does moves that pay until there are none.
type descent struct {
	tour   *tour
	rnd    *random
	near   *neighbourhood
	tested []int32 // by visit: when, by the tour's clock
	order  []int32
	routes []int32
	star   swapStar
	stop   func() bool // nil = never
	asked  int
}

func newDescent(t *tour, near *neighbourhood, rnd *random) *descent {
	d := &descent{tour: t, rnd: rnd, near: near}
	d.tested = make([]int32, t.p.Visits+1)
	for i := range t.p.Visits {
		d.order = append(d.order, int32(i+1))
	}
	for r := range t.p.Vehicles {
		d.routes = append(d.routes, int32(r))
	}
	d.star = newSwapStar(t.p.Visits, t.p.Vehicles)
	return d
}

// run improves the tour's plan where its routes are marked as changed. It says whether it came
// to its end: stopped, it leaves the tour in between.
func (d *descent) run() bool {
	clear(d.tested)
	clear(d.star.tested)
	d.rnd.shuffle(d.order)
	for better := true; better; {
		for better {
			better = false
			for _, u := range d.order {
				if d.stopped() {
					return false
				}
				better = d.place(u) || better
			}
		}
		d.rnd.shuffle(d.routes)
		for _, r := range d.routes {
			if d.stopped() {
				return false
			}
			better = d.exchange(r) || better
		}
	}
	return true
}

// asking is how many visits are placed between two questions whether to stop.
const asking = 64

func (d *descent) stopped() bool {
	if d.stop == nil {
		return false
	}
	d.asked++
	return d.asked%asking == 0 && d.stop()
}

// place tries the moves that let u follow a neighbour, be a route's first where a neighbour is,
// or begin a route of its own. It says whether anything became better.
func (d *descent) place(u int32) bool {
	t := d.tour
	var m pair
	since := d.tested[u]
	d.tested[u] = t.clock
	better := false
	for _, v := range d.near.of(u, neighbours) {
		if t.routes[t.nodes[u].route].changed <= since && t.routes[t.nodes[v].route].changed <= since {
			continue
		}
		if t.follow(&m, u, v) {
			better = true
		} else if first := t.nodes[v].prev; t.nodes[first].depot && t.follow(&m, u, first) {
			better = true
		}
	}
	if t.routes[t.nodes[u].route].changed > since {
		for r := range t.routes {
			if x := &t.routes[r]; x.size == 0 {
				return t.follow(&m, u, x.first) || better
			}
		}
	}
	return better
}
