package genetic

// longest is how many visits in a row are moved together.
const longest = 3

// pair is a visit u and a node v, in the moves that make u follow v. In each of them the way
// from v to u replaces the one from p to u and the one from v to y.
type pair struct {
	u, v, p, y     int32
	U, V, P, Y     *node
	from, to       *route // u's and v's
	ru, rv         int32
	same, before   bool  // of one route; and v comes first in it
	stem           int32 // what these three ways change in cost
	old            int64 // the penalties that could be saved
	bound          int64 // what is cheaper than this may pay
	nexts          [longest]int32
	behind         [longest + 1]int32 // the node after so many of nexts
	ways, loads    [longest + 1]int32 // the cost of the way there, and the loads up to there
	count          int                // of nexts
	saved, started int64              // the fixed cost of a vehicle, if u's or v's route is at stake
}

// follow does the first move that makes u follow v and that pays. It says whether there is one.
func (t *tour) follow(m *pair, u, v int32) bool {
	m.U, m.V = &t.nodes[u], &t.nodes[v]
	m.p, m.y = m.U.prev, m.V.next
	if m.p == v {
		return false
	}
	m.u, m.v = u, v
	m.P, m.Y = &t.nodes[m.p], &t.nodes[m.y]
	m.ru, m.rv = m.U.route, m.V.route
	m.from, m.to = &t.routes[m.ru], &t.routes[m.rv]
	m.same = m.ru == m.rv
	m.before = m.same && m.V.pos < m.U.pos
	m.old, m.saved, m.started = m.from.penalty, 0, 0
	if !m.same {
		m.old += m.to.penalty
		m.saved = int64(t.p.Fixed) * rate
		if m.to.size == 0 {
			m.started = m.saved
		}
	}
	m.bound = m.old + m.saved
	m.stem = t.way(m.V, m.U) - t.way(m.P, m.U) - t.way(m.V, m.Y)
	return !m.same && t.swapTails(m) || t.moveBehind(m) || !m.V.depot && t.moveBefore(m) || m.before && t.reverse(m)
}

func (t *tour) way(a, b *node) int32 { return t.cost[a.place*t.width+b.place] }

// swapTails lets the rest of u's route follow v, and the rest of v's what u followed (2-opt*,
// Potvin and Rousseau 1995).
func (t *tour) swapTails(m *pair) bool {
	c := int64(m.stem+t.way(m.P, m.Y))*rate + m.started
	if m.P.depot && m.Y.depot {
		c -= m.saved
	}
	if c -= m.old; c >= 0 {
		return false
	}
	load := m.V.loadTo + m.from.load - m.P.loadTo
	c += t.penalty(t.upTo(m.v).join(t, m.u), load)
	if c >= 0 {
		return false
	}
	c += t.penalty(t.upTo(m.p).join(t, m.y), m.from.load+m.to.load-load)
	if c >= 0 {
		return false
	}
	lastU, lastV := t.nodes[m.from.last].prev, t.nodes[m.to.last].prev
	t.link(m.v, m.u)
	t.link(lastU, m.to.last)
	if m.y == m.to.last {
		t.link(m.p, m.from.last)
	} else {
		t.link(m.p, m.y)
		t.link(lastV, m.from.last)
	}
	t.changed(m.ru, m.rv)
	return true
}

// moveBehind moves u and up to two after it to behind v, and none to three of those behind v to
// where u was.
func (t *tour) moveBehind(m *pair) bool {
	t.lookBehind(m)
	back := t.way(m.P, m.Y)
	for e, size := m.u, int32(1); size <= longest; size++ {
		E := &t.nodes[e]
		n := E.next
		N := &t.nodes[n]
		stem := m.stem - t.way(E, N)
		for b := 0; b <= m.count; b++ {
			d := stem + t.way(E, &t.nodes[m.behind[b]])
			if b == 0 {
				d += t.way(m.P, N)
			} else {
				d += back + t.way(&t.nodes[m.nexts[b-1]], N) - m.ways[b]
			}
			if c := int64(d) * rate; c < m.bound && t.swapPays(m, c-m.old, e, n, b, size) {
				if b == 0 {
					t.link(m.p, n)
				} else {
					t.link(m.p, m.y)
					t.link(m.nexts[b-1], n)
				}
				t.link(m.v, m.u)
				t.link(e, m.behind[b])
				t.changed(m.ru, m.rv)
				return true
			}
		}
		if e = n; N.depot || e == m.v {
			break
		}
	}
	return false
}

// lookBehind finds the visits behind v that may go where u is.
func (t *tour) lookBehind(m *pair) {
	m.behind[0], m.count = m.y, 0
	for i := m.y; m.count < longest; {
		x := &t.nodes[i]
		// One that stands just before u would be its own neighbour: that is a move of u alone.
		if x.depot || i == m.u || x.next == m.u {
			return
		}
		m.nexts[m.count] = i
		m.count++
		m.behind[m.count] = x.next
		m.ways[m.count] = t.way(x, &t.nodes[x.next])
		m.loads[m.count] = x.loadTo - m.V.loadTo
		i = x.next
	}
}

// swapPays says whether u … e behind v, and so many behind v before n, is better, where c is what
// it changes in cost, less all penalties of now.
func (t *tour) swapPays(m *pair, c int64, e, n int32, b int, size int32) bool {
	z := m.behind[b]
	if m.same {
		var w walk
		if m.before {
			w = t.upTo(m.v).along(t, m.u, e).along(t, z, m.p)
			if b > 0 {
				w = w.along(t, m.y, m.nexts[b-1])
			}
			z = n
		} else {
			w = t.upTo(m.p)
			if b > 0 {
				w = w.along(t, m.y, m.nexts[b-1])
			}
			w = w.along(t, n, m.v).along(t, m.u, e)
		}
		return c+t.penalty(w.join(t, z), m.from.load) < 0
	}
	c += m.started
	if b == 0 && m.from.size == size {
		c -= m.saved
	}
	load := t.nodes[e].loadTo - m.P.loadTo
	if b > 0 {
		load -= m.loads[b]
	}
	c += t.penalty(t.upTo(m.v).along(t, m.u, e).join(t, z), m.to.load+load)
	if c >= 0 {
		return false
	}
	w := t.upTo(m.p)
	if b > 0 {
		w = w.along(t, m.y, m.nexts[b-1])
	}
	return c+t.penalty(w.join(t, n), m.from.load-load) < 0
}

// moveBefore moves v and up to two before it to before u.
func (t *tour) moveBefore(m *pair) bool {
	for h, size := m.v, int32(1); size <= longest; size++ {
		H := &t.nodes[h]
		q := H.prev
		Q := &t.nodes[q]
		c := int64(m.stem+t.way(Q, m.Y)+t.way(m.P, H)-t.way(Q, H)) * rate
		if c < m.bound && t.moveBeforePays(m, c-m.old, h, q, size) {
			t.link(q, m.y)
			t.link(m.p, h)
			t.link(m.v, m.u)
			t.changed(m.ru, m.rv)
			return true
		}
		if h = q; Q.depot || h == m.u {
			break
		}
	}
	return false
}

func (t *tour) moveBeforePays(m *pair, c int64, h, q, size int32) bool {
	if m.same {
		if m.before {
			return c+t.penalty(t.upTo(q).along(t, m.y, m.p).along(t, h, m.v).join(t, m.u), m.from.load) < 0
		}
		return c+t.penalty(t.upTo(m.p).along(t, h, m.v).along(t, m.u, q).join(t, m.y), m.from.load) < 0
	}
	if m.to.size == size {
		c -= m.saved
	}
	load := m.V.loadTo - t.nodes[q].loadTo
	c += t.penalty(t.upTo(m.p).along(t, h, m.v).join(t, m.u), m.from.load+load)
	return c < 0 && c+t.penalty(t.upTo(q).join(t, m.y), m.to.load-load) < 0
}

// reverse turns the stretch behind v up to u around (2-opt, Croes 1958).
func (t *tour) reverse(m *pair) bool {
	n := m.U.next
	N := &t.nodes[n]
	c := int64(m.stem+t.way(m.P, m.U)+t.way(m.Y, N)-t.way(m.U, N)) * rate
	if !t.symmetric {
		turned := m.Y.costTo - m.U.costTo
		for i := m.u; i != m.y; i = t.nodes[i].prev {
			turned += int64(t.way(&t.nodes[i], &t.nodes[t.nodes[i].prev]))
		}
		c += turned * rate
	}
	if c >= m.old || c-m.old+t.penalty(t.upTo(m.v).back(t, m.u, m.y).join(t, n), m.from.load) >= 0 {
		return false
	}
	for i := m.y; ; {
		x := &t.nodes[i]
		next := x.next
		x.next, x.prev = x.prev, x.next
		if i == m.u {
			break
		}
		i = next
	}
	t.link(m.v, m.u)
	t.link(m.y, n)
	t.changed(m.ru, m.rv)
	return true
}
