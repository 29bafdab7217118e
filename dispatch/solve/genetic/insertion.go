package genetic

import "math"

// dear is more than every cost.
const dear = math.MaxInt64 / 4

// insertion is what it costs, with the penalty of warp, to visit u right after v, in a route
// without it; or anything from limit up where it costs that much.
func (t *tour) insertion(u, v int32, limit int64) int64 {
	V, U := &t.nodes[v], &t.nodes[u]
	Y := &t.nodes[V.next]
	r := &t.routes[V.route]
	c := int64(t.way(V, U)+t.way(U, Y)-t.way(V, Y)) * rate
	if r.size == 0 {
		c += int64(t.p.Fixed) * rate
	}
	if c -= int64(r.warp) * t.warpRate; c >= limit {
		return limit
	}
	return c + int64(t.upTo(v).visit(t, U).join(t, V.next))*t.warpRate
}

// insert puts u where it costs the least. Of a hundred places that would be better, so many are
// overlooked by chance.
func (t *tour) insert(u int32, overlooked int, rnd *random) {
	best, at, stayed := int64(dear), t.routes[0].first, false
	for r := range t.routes {
		x := &t.routes[r]
		if x.size == 0 {
			if stayed {
				continue // one vehicle that stays is like another
			}
			stayed = true
		}
		load := t.penalty(0, x.load+t.nodes[u].load) - t.penalty(0, x.load)
		if load >= best {
			continue
		}
		for v := x.first; v != x.last; v = t.nodes[v].next {
			c := t.insertion(u, v, best-load)
			if c < best-load && (overlooked == 0 || rnd.below(100) >= overlooked) {
				best, at = c+load, v
			}
		}
	}
	t.linkBehind(u, at)
	r := t.nodes[at].route
	t.changed(r, r)
}

// remove takes u out.
func (t *tour) remove(u int32) {
	x := &t.nodes[u]
	t.link(x.prev, x.next)
	t.changed(x.route, x.route)
}
