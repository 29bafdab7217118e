package genetic

// plan is who visits what, in which order, and may break rules.
type plan struct {
	order  []int32 // all visits, route by route
	ends   []int32 // by route: where it ends in order
	next   []int32 // by visit: the one behind it; 0 = none
	prev   []int32
	route  []int32 // by visit
	cost   int64
	warp   int64
	excess int64 // load beyond what vehicles hold, summed

	// In a population:
	slot    int   // its row of distances
	price   int64 // cost with penalties
	apart   int64 // how unlike it is to those most like it
	rank    int   // by price
	fitness int   // by both; less is better
}

func newPlan(visits, vehicles int) *plan {
	return &plan{
		order: make([]int32, 0, visits), ends: make([]int32, 0, vehicles),
		next: make([]int32, visits+1), prev: make([]int32, visits+1), route: make([]int32, visits+1),
	}
}

func (q *plan) feasible() bool { return q.warp == 0 && q.excess == 0 }

// routes lists the visits of each route.
func (q *plan) routes(do func(route int, visits []int32)) {
	from := int32(0)
	for r, to := range q.ends {
		do(r, q.order[from:to])
		from = to
	}
}

func (q *plan) copy(o *plan) {
	q.order = append(q.order[:0], o.order...)
	q.ends = append(q.ends[:0], o.ends...)
	copy(q.next, o.next)
	copy(q.prev, o.prev)
	copy(q.route, o.route)
	q.cost, q.warp, q.excess = o.cost, o.warp, o.excess
}

// distance counts the visits that another one follows, and those that begin a day in one of the
// two plans only.
func (q *plan) distance(o *plan) int32 {
	d := int32(0)
	for j, next := range q.next {
		if next != o.next[j] {
			d++
		}
		if (q.prev[j] == 0) != (o.prev[j] == 0) {
			d++
		}
	}
	return d
}

// save writes the routes as a plan.
func (t *tour) save(q *plan) {
	q.order, q.ends = q.order[:0], q.ends[:0]
	q.cost, q.warp, q.excess = 0, 0, 0
	for r := range t.routes {
		x := &t.routes[r]
		if x.size == 0 {
			continue
		}
		last := int32(0)
		for i := t.nodes[x.first].next; i != x.last; i = t.nodes[i].next {
			q.prev[i], q.next[i], q.route[i] = last, 0, int32(len(q.ends))
			if last > 0 {
				q.next[last] = i
			}
			q.order = append(q.order, i)
			last = i
		}
		q.ends = append(q.ends, int32(len(q.order)))
		q.cost += x.cost + int64(t.p.Fixed)
		q.warp += int64(x.warp)
		q.excess += int64(max(0, x.load-t.p.Capacity))
	}
}

// load brings a plan in, its routes changed at the given time.
func (t *tour) load(q *plan, changed int32) {
	t.clear()
	q.routes(func(r int, visits []int32) { t.put(r, visits, changed) })
}
