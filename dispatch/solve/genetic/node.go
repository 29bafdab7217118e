package genetic

// node is a visit, or the begin or the end of a route, where it stands now. What it knows of
// the stretches before and behind it makes joining any two of them a matter of one comparison:
// time windows may be broken by turning the clock back ("time warp", Nagata et al. 2010), so
// that a stretch is described by when it can be left or entered and by the warp within.
type node struct {
	prev, next int32
	route, pos int32
	depart     int32 // as early as can be, with the clock turned back where too late
	warpTo     int32 // from the begin of the route to here
	latest     int32 // the last arrival that adds no warp behind
	warpFrom   int32 // from here to the end, for who arrives by then
	loadTo     int32
	place      int32
	early      int32
	late       int32
	service    int32
	load       int32
	costTo     int64
	depot      bool
}

// route is a vehicle's.
type route struct {
	first, last int32 // the depot's nodes
	size        int32
	load        int32
	warp        int32
	changed     int32 // when, by the descent's clock
	cost        int64
	penalty     int64
}

// tour holds the routes of one plan for changing.
type tour struct {
	p        *Problem
	width    int32
	cost     []int32
	time     []int32
	nodes    []node // visits 1 … n, then the begins of the routes, then their ends
	routes   []route
	clock    int32 // counts changes
	warpRate int64 // what a second of warp costs; a unit of cost is rate
	loadRate int64 // and a unit of load too many

	symmetric bool // ways cost the same there and back
}

// rate is the fineness of penalties: so many of them are a unit of cost.
const rate = 16

func newTour(p *Problem) *tour {
	n, m := p.Visits, p.Vehicles
	t := &tour{
		p: p, width: int32(n + 1), cost: p.Cost, time: p.Time,
		nodes: make([]node, n+1+2*m), routes: make([]route, m),
	}
	for i := range t.nodes {
		x := &t.nodes[i]
		x.depot = i == 0 || i > n
		if !x.depot {
			x.place = int32(i)
		}
		x.early, x.late = p.Early[x.place], p.Late[x.place]
		x.service, x.load = p.Service[x.place], p.Load[x.place]
	}
	for r := range t.routes {
		first, last := int32(n+1+r), int32(n+1+m+r)
		t.routes[r].first, t.routes[r].last = first, last
		t.nodes[first].route, t.nodes[last].route = int32(r), int32(r)
		t.nodes[first].depart = p.Early[0]
		t.nodes[last].latest = p.Late[0]
	}
	t.symmetric = true
	for i := range n + 1 {
		for j := range i {
			t.symmetric = t.symmetric && p.Cost[i*(n+1)+j] == p.Cost[j*(n+1)+i]
		}
	}
	t.clear()
	return t
}

// clear takes all visits out.
func (t *tour) clear() {
	t.clock = 1
	for r := range t.routes {
		t.put(r, nil, 0)
	}
}

// put fills a route, which counts as changed at the given time.
func (t *tour) put(r int, visits []int32, changed int32) {
	x := &t.routes[r]
	last := x.first
	for _, v := range visits {
		t.link(last, v)
		last = v
	}
	t.link(last, x.last)
	t.refresh(int32(r))
	x.changed = changed
}

func (t *tour) link(a, b int32) {
	t.nodes[a].next = b
	t.nodes[b].prev = a
}

// linkBehind links u in behind v.
func (t *tour) linkBehind(u, v int32) {
	next := t.nodes[v].next
	t.link(v, u)
	t.link(u, next)
}

// penalty is what breaking the rules by so much costs.
func (t *tour) penalty(warp, load int32) int64 {
	c := int64(warp) * t.warpRate
	if load > t.p.Capacity {
		c += int64(load-t.p.Capacity) * t.loadRate
	}
	return c
}

// total is the cost of all routes with their penalties.
func (t *tour) total() int64 {
	sum := int64(0)
	for r := range t.routes {
		if x := &t.routes[r]; x.size > 0 {
			sum += (x.cost+int64(t.p.Fixed))*rate + x.penalty
		}
	}
	return sum
}

// changed brings routes up to date after their links have changed.
func (t *tour) changed(a, b int32) {
	t.clock++
	t.refresh(a)
	t.routes[a].changed = t.clock
	if a != b {
		t.refresh(b)
		t.routes[b].changed = t.clock
	}
}

// again lets only those routes count as changed that break a rule, at the prices of now.
func (t *tour) again() {
	t.clock = 1
	for r := range t.routes {
		x := &t.routes[r]
		x.penalty = t.penalty(x.warp, x.load)
		x.changed = 0
		if x.penalty > 0 {
			x.changed = 1
		}
	}
}

// refresh computes what the nodes of a route know.
func (t *tour) refresh(r int32) {
	nodes, w := t.nodes, t.width
	x := &t.routes[r]
	a := &nodes[x.first]
	last, depart, warp, load, pos, cost := a.place, a.depart, int32(0), int32(0), int32(0), int64(0)
	for i := a.next; ; {
		y := &nodes[i]
		way := last*w + y.place
		cost += int64(t.cost[way])
		depart += t.time[way]
		if depart < y.early {
			depart = y.early
		} else if depart > y.late {
			warp += depart - y.late
			depart = y.late
		}
		depart += y.service
		load += y.load
		pos++
		y.pos, y.route, y.depart, y.warpTo, y.loadTo, y.costTo = pos, r, depart, warp, load, cost
		if i == x.last {
			break
		}
		last, i = y.place, y.next
	}
	x.size, x.cost, x.warp, x.load, x.penalty = pos-1, cost, warp, load, t.penalty(warp, load)
	z := &nodes[x.last]
	latest, behind, next := z.late, int32(0), z.place
	for i := z.prev; i != x.first; {
		y := &nodes[i]
		latest -= t.time[y.place*w+next] + y.service
		if latest > y.late {
			latest = y.late
		} else if latest < y.early {
			behind += y.early - latest
			latest = y.early
		}
		y.latest, y.warpFrom = latest, behind
		next, i = y.place, y.prev
	}
}
