package solve

// tryLayered is try for routes of every kind.
func (s *state) tryLayered(u, r int, limit, extra int64) (int64, int) {
	m := s.m
	c, sh := &m.jobs[u], &m.shifts[r]
	if c.chain >= 0 && s.members[c.chain] > 0 && s.chained[c.chain] != sh.person {
		return limit, -1
	}
	pl := &m.legs[sh.profile]
	judged := c.pin < 0 || !s.settling
	q, best := s.row(r)[:s.length[r]+2], -1
	for i := 1; i < len(q); i++ {
		x, y := &q[i-1], &q[i]
		added := m.price(sh, x.at, c.at) + m.price(sh, c.at, y.at) - m.price(sh, x.at, y.at) + extra
		if added >= limit || s.squeezes(x, y) || c.linked && s.misplaced(r, i) {
			continue
		}
		if !s.holds(u, r, i-1) || m.mixed && judged && !s.bears(u, r, i-1) {
			continue
		}
		if sh.limited && judged && !s.reaches(pl, sh, r, x, y, c) {
			continue
		}
		if added += s.softly(u, r, i-1); added < limit && s.random.next()&s.attention != 0 {
			limit, best = added, i-1
		}
	}
	return limit, best
}

// squeezes says whether there is no room between two set times for anything to be asked.
func (s *state) squeezes(x, y *node) bool {
	return x.job >= 0 && y.job >= 0 && s.m.jobs[x.job].fixed && s.m.jobs[y.job].fixed && s.m.jobs[x.job].start >= s.m.jobs[y.job].start
}

// reaches says whether driving stays within the limits of the shift.
func (s *state) reaches(pl *plane, sh *shift, r int, x, y *node, c *job) bool {
	a, b, d := int(x.at)*pl.width+int(c.at), int(c.at)*pl.width+int(y.at), int(x.at)*pl.width+int(y.at)
	driving := s.own[r].driving + int64(pl.seconds[a]) + int64(pl.seconds[b])
	metres := s.own[r].metres
	if sh.metres != 0 {
		metres += int64(pl.metres[a]) + int64(pl.metres[b])
	}
	if s.length[r] > 0 { // who has no stops does not drive
		driving -= int64(pl.seconds[d])
		if sh.metres != 0 {
			metres -= int64(pl.metres[d])
		}
	}
	return (sh.driving == 0 || driving <= sh.driving) && (sh.metres == 0 || metres <= sh.metres)
}

// bears says whether the van has room on every leg.
func (s *state) bears(u, r, i int) bool {
	m := s.m
	c, sh, q, n := &m.jobs[u], &m.shifts[r], s.row(r), int(s.length[r])
	for d := range m.loads {
		give, take := in(c.deliver, d), in(c.pickup, d)
		if give == 0 && take == 0 {
			continue
		}
		room := in(sh.capacity, d)
		board := s.loaded[2*r*m.loads+d]
		for k := 0; k <= n; k++ {
			if k > 0 {
				j := &m.jobs[q[k].job]
				board += in(j.pickup, d) - in(j.deliver, d)
			}
			if k <= i && give > 0 && board+give > room || k >= i && take > 0 && board+take > room {
				return false
			}
		}
	}
	return true
}

// in is the amount in a dimension, which beyond the end is 0.
func in(amounts []int64, d int) int64 {
	if d < len(amounts) {
		return amounts[d]
	}
	return 0
}
