package solve

import "math"

// unaffordable is more than any insertion may cost.
const unaffordable = math.MaxInt64 / 4

// A good place is overlooked once in 128 times, that in which no bit of blinking is set by chance.
// (Christiaens and Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing
// Problems", Transportation Science 54(2), 2020: once in 100.)
const (
	blinking = uint64(127)
	staring  = ^uint64(0)
)

// waitShift is what waiting counts where a place is chosen, as a power of 1/2 of as much driving:
// what waits now could be work.
const waitShift = 2

// try finds where in route r job u costs least, if that is less than limit; the position is that
// of the node before it, -1 where there is none.
func (s *state) try(u, r int, limit int64) (int64, int) {
	m := s.m
	if !m.can.has(u, r) || int(s.length[r]) >= m.stride-2 {
		return limit, -1
	}
	c, sh := &m.jobs[u], &m.shifts[r]
	if sh.most > 0 && s.length[r] >= sh.most && (!s.settling || c.pin < 0) {
		return limit, -1
	}
	if c.pin < 0 || !s.settling {
		for _, n := range c.needs {
			if s.taken[int(sh.person)*m.parts+int(n.part)]+n.count > m.held[int(sh.person)*m.parts+int(n.part)] {
				return limit, -1
			}
		}
		if !m.mixed {
			for d, a := range c.deliver {
				if a > 0 && s.loaded[2*r*m.loads+d]+a > in(sh.capacity, d) {
					return limit, -1
				}
			}
		}
	}
	var extra int64
	if m.statics {
		extra = s.extra(u, r)
	}
	if s.length[r] == 0 && sh.start != sh.end {
		extra += m.price(sh, sh.start, sh.end) // who has no stops does not drive from the one to the other
	}
	if !m.plain {
		return s.tryLayered(u, r, limit, extra)
	}
	if m.pure {
		return s.tryPure(u, r, limit, extra)
	}
	return s.tryPriced(u, r, limit, extra)
}

// extra is what it costs that r does u, wherever in the route.
func (s *state) extra(u, r int) int64 {
	m := s.m
	c, sh := &m.jobs[u], &m.shifts[r]
	x := sh.perWork * int64(m.work[int(sh.pace)*len(m.jobs)+u])
	if m.plain {
		x += sh.perWork * int64(m.setup[int(sh.pace)*len(m.jobs)+u])
	}
	if s.length[r] == 0 {
		x += sh.fixed
	}
	if c.prefs != nil {
		x += int64(m.energy.dislike * float64(c.points(sh.person)))
	}
	if c.published >= 0 && c.published != int32(r) {
		x += int64(m.energy.change)
	}
	return x
}

// tryPure is try for plain routes whose drives are paid by the second.
func (s *state) tryPure(u, r int, limit, extra int64) (int64, int) {
	m := s.m
	c, sh := &m.jobs[u], &m.shifts[r]
	pl := &m.legs[sh.profile]
	at := int(c.at) * pl.width
	into, from := pl.secondsInto[at:at+pl.width], pl.seconds[at:at+pl.width]
	rate := sh.perSecond + pl.perSecond
	most := int32(never) // seconds that another position may add
	if rate > 0 && limit < unaffordable {
		if limit <= extra {
			// Even a detour of nothing is too dear, unless triangles are not to be trusted: look no further.
			return limit, -1
		}
		most = int32(min((limit-extra-1)/rate+1, int64(never)))
	}
	start, opening, off := -never, -never, int32(0)
	if len(sh.breaks) > 0 {
		b := &sh.breaks[0]
		opening, start, off = b.windows[0].from, b.windows[0].to, b.duration
	}
	lasts := m.work[int(sh.pace)*len(m.jobs)+u] + m.setup[int(sh.pace)*len(m.jobs)+u]
	q := s.row(r)[:s.length[r]+2]
	best, soonest := -1, c.first+lasts
	x := &q[0]
	for i := 1; i < len(q); i++ {
		y := &q[i]
		if x.gap < lasts || y.begin1 < soonest {
			x = y
			continue
		}
		if min(x.end0, x.end1) > c.last {
			break
		}
		dx, dy := into[x.at], from[y.at]
		added := dx + dy - x.seconds
		if added < most {
			if wait, ok := fitsBetween(x, y, c, dx, dy, lasts, start, opening, off); ok {
				if added += wait >> waitShift; added < most && s.random.next()&s.attention != 0 {
					most, best = added, i-1
				}
			}
		}
		x = y
	}
	if best < 0 {
		return limit, -1
	}
	return rate*int64(most) + extra, best
}

// tryPriced is try for plain routes whose drives have prices of their own.
func (s *state) tryPriced(u, r int, limit, extra int64) (int64, int) {
	m := s.m
	c, sh := &m.jobs[u], &m.shifts[r]
	pl := &m.legs[sh.profile]
	at := int(c.at) * pl.width
	into, from := pl.secondsInto[at:at+pl.width], pl.seconds[at:at+pl.width]
	start, opening, off := -never, -never, int32(0)
	if len(sh.breaks) > 0 {
		b := &sh.breaks[0]
		opening, start, off = b.windows[0].from, b.windows[0].to, b.duration
	}
	lasts := m.work[int(sh.pace)*len(m.jobs)+u] + m.setup[int(sh.pace)*len(m.jobs)+u]
	q := s.row(r)[:s.length[r]+2]
	best := -1
	for i := 1; i < len(q); i++ {
		x, y := &q[i-1], &q[i]
		if x.gap < lasts {
			continue
		}
		dx := into[x.at]
		if min(x.end0, x.end1)+dx > c.last {
			break
		}
		wait, ok := fitsBetween(x, y, c, dx, from[y.at], lasts, start, opening, off)
		if !ok {
			continue
		}
		added := extra + m.price(sh, x.at, c.at) + m.price(sh, c.at, y.at) - m.price(sh, x.at, y.at) + int64(wait>>waitShift)*sh.perSecond
		if added < limit && s.random.next()&s.attention != 0 {
			limit, best = added, i-1
		}
	}
	return limit, best
}

// fitsBetween says whether a job that lasts so long fits between x and y, dx from the one and dy
// from the other, in a day with one break that begins from opening to start, and lasts off; and
// how long he waits for it to begin.
func fitsBetween(x, y *node, c *job, dx, dy, lasts, start, opening, off int32) (int32, bool) {
	t0, t1 := x.end0+dx, x.end1+dx // with the break still to come, and over
	if x.end0 <= start {
		t1 = min(t1, max(t0, opening)+off)
	}
	if b := max(t1, c.first); b <= c.last && b+lasts+dy <= y.begin1 {
		return b - t1, true
	}
	if x.end0 == never {
		return 0, false
	}
	b := max(t0, c.first)
	if b > c.last {
		return 0, false
	}
	t := b + lasts
	return b - t0, t+dy <= y.begin0 || t <= start && max(t+dy, opening)+off <= y.begin1
}

// insert puts u into route r after position i.
func (s *state) insert(u, r, i int) {
	q, n := s.row(r), int(s.length[r])
	copy(q[i+2:n+3], q[i+1:n+2])
	q[i+1] = node{job: int32(u), at: s.m.jobs[u].at}
	s.length[r]++
	s.link(r, i)
	s.link(r, i+1)
	s.touch(int32(u))
	s.route[u] = int32(r)
	s.join(int32(u))
	s.count(int32(u), -1, -1)
	s.count(int32(u), r, 1)
	s.wake(r)
	s.refresh(r, i+1, i+1)
}

// link notes the drive from node i to the next.
func (s *state) link(r, i int) {
	q := s.row(r)
	pl := &s.m.legs[s.m.shifts[r].profile]
	q[i].seconds = pl.seconds[int(q[i].at)*pl.width+int(q[i+1].at)]
}
