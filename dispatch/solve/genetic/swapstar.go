package genetic

// spot is a place in a route, and what it costs to be put there.
type spot struct {
	cost  int64
	after int32
}

// spots are the three cheapest of a visit in another route, the cheapest first.
type spots [3]spot

func (s *spots) add(x spot) {
	switch {
	case x.cost < s[0].cost:
		s[0], s[1], s[2] = x, s[0], s[1]
	case x.cost < s[1].cost:
		s[1], s[2] = x, s[1]
	default:
		s[2] = x
	}
}

// swapStar exchanges a visit of one route with one of another, each going where it costs the
// least in the other's route (SWAP*, Vidal 2022): of all such exchanges of two routes, the best.
type swapStar struct {
	best   []spots // by visit
	freed  []int64 // by visit: what its route costs less without it, below 0
	tested []int32 // by pair of routes: when, by the tour's clock
	seen   []int32 // by route: with which route last
}

func newSwapStar(visits, routes int) swapStar {
	return swapStar{make([]spots, visits+1), make([]int64, visits+1), make([]int32, routes*routes), make([]int32, routes)}
}

// closest is how many neighbours of a visit say which routes are near its own.
const closest = 10

// exchange tries SWAP* on a route and those near it. It says whether anything became better.
func (d *descent) exchange(a int32) bool {
	t, s := d.tour, &d.star
	better := false
	for i := range s.seen {
		s.seen[i] = -1
	}
	for u := t.nodes[t.routes[a].first].next; !t.nodes[u].depot; {
		next := t.nodes[u].next
		for _, v := range d.near.of(u, closest) {
			b := t.nodes[v].route
			if b <= a || s.seen[b] == a {
				continue
			}
			s.seen[b] = a
			last := max(t.routes[a].changed, t.routes[b].changed)
			if at := &s.tested[int(a)*len(t.routes)+int(b)]; last > *at {
				*at = t.clock
				better = t.swapBest(s, a, b) || better
			}
		}
		if u = next; t.nodes[u].route != a {
			break
		}
	}
	return better
}

// swapBest does the best exchange between two routes that pays.
func (t *tour) swapBest(s *swapStar, a, b int32) bool {
	t.appraise(s, a, b)
	t.appraise(s, b, a)
	A, B := &t.routes[a], &t.routes[b]
	loads := t.penalty(0, A.load) + t.penalty(0, B.load)
	best, u, v, afterU, afterV := int64(0), int32(0), int32(0), int32(0), int32(0)
	for x := t.nodes[A.first].next; x != A.last; x = t.nodes[x].next {
		for y := t.nodes[B.first].next; y != B.last; y = t.nodes[y].next {
			more := t.nodes[y].load - t.nodes[x].load
			c := t.penalty(0, A.load+more) + t.penalty(0, B.load-more) - loads + s.freed[x] + s.freed[y]
			if c >= best {
				continue
			}
			to := t.instead(s, x, y)
			if c += to.cost; c >= best {
				continue
			}
			back := t.instead(s, y, x)
			if c += back.cost; c < best {
				best, u, v, afterU, afterV = c, x, y, to.after, back.after
			}
		}
	}
	if u == 0 {
		return false
	}
	// So far the warp was only added up.
	more := t.nodes[v].load - t.nodes[u].load
	costA, warpA := t.replaced(u, v, afterV)
	costB, warpB := t.replaced(v, u, afterU)
	if (costA+costB)*rate+t.penalty(warpA, A.load+more)+t.penalty(warpB, B.load-more) >= A.penalty+B.penalty {
		return false
	}
	t.link(t.nodes[u].prev, t.nodes[u].next)
	t.link(t.nodes[v].prev, t.nodes[v].next)
	t.linkBehind(u, afterU)
	t.linkBehind(v, afterV)
	t.changed(a, b)
	return true
}

// appraise finds what the visits of a route free, and where they could go in another.
func (t *tour) appraise(s *swapStar, r, other int32) {
	x, y := &t.routes[r], &t.routes[other]
	for u := t.nodes[x.first].next; u != x.last; u = t.nodes[u].next {
		U := &t.nodes[u]
		P, N := &t.nodes[U.prev], &t.nodes[U.next]
		warp := t.upTo(U.prev).join(t, U.next) - x.warp
		s.freed[u] = int64(t.way(P, N)-t.way(P, U)-t.way(U, N))*rate + int64(warp)*t.warpRate
		best := &s.best[u]
		*best = spots{{dear, -1}, {dear, -1}, {dear, -1}}
		for v := y.first; v != y.last; v = t.nodes[v].next {
			if c := t.insertion(u, v, best[2].cost); c < best[2].cost {
				best.add(spot{c, v})
			}
		}
	}
}

// instead is the cheapest place for u when v leaves its route: v's, or one that v does not touch.
func (t *tour) instead(s *swapStar, u, v int32) spot {
	V, U := &t.nodes[v], &t.nodes[u]
	best := spot{dear, V.prev}
	for _, x := range &s.best[u] {
		if x.after >= 0 && x.after != v && x.after != V.prev {
			best = x
			break
		}
	}
	P, N := &t.nodes[V.prev], &t.nodes[V.next]
	c := int64(t.way(P, U)+t.way(U, N)-t.way(P, N)) * rate
	if c-int64(t.routes[V.route].warp)*t.warpRate >= best.cost {
		return best
	}
	w := t.upTo(V.prev)
	if c += int64(w.visit(t, U).join(t, V.next)-w.join(t, V.next)) * t.warpRate; c < best.cost {
		return spot{c, V.prev}
	}
	return best
}

// replaced is what the route of v changes in cost, and its warp, when v leaves and u comes behind
// a node of it.
func (t *tour) replaced(v, u, after int32) (int64, int32) {
	V, U := &t.nodes[v], &t.nodes[u]
	P, N := &t.nodes[V.prev], &t.nodes[V.next]
	c := int64(-t.way(P, V) - t.way(V, N))
	if after == V.prev {
		return c + int64(t.way(P, U)+t.way(U, N)), t.upTo(V.prev).visit(t, U).join(t, V.next)
	}
	A := &t.nodes[after]
	B := &t.nodes[A.next]
	c += int64(t.way(P, N) + t.way(A, U) + t.way(U, B) - t.way(A, B))
	if A.pos < V.pos {
		return c, t.upTo(after).visit(t, U).along(t, A.next, V.prev).join(t, V.next)
	}
	return c, t.upTo(V.prev).along(t, V.next, after).visit(t, U).join(t, A.next)
}
