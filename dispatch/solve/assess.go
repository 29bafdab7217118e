package solve

// assess sums up what route r comes to, and corrects the plan's sums.
func (s *state) assess(r int) {
	m := s.m
	sh, q, n := &m.shifts[r], s.row(r), int(s.length[r])
	var w worth
	if n > 0 {
		w = s.sum(r, q[:n+2])
		if !m.plain {
			late, over := s.softness(r, q[:n+2])
			w.late = late
			w.money += sh.perOver * over
		}
	}
	old := &s.own[r]
	s.money += w.money - old.money
	s.late += w.late - old.late
	s.imbalance += w.square - old.square
	*old = w
}

// sum is what a route comes to but for lateness and overtime.
func (s *state) sum(r int, q []node) worth {
	m := s.m
	sh := &m.shifts[r]
	var w worth
	pl := &m.legs[sh.profile]
	if m.plain && !m.statics && m.pure {
		var seconds int32
		for i := range q[:len(q)-1] {
			seconds += q[i].seconds
		}
		w.money = (sh.perSecond + pl.perSecond) * int64(seconds)
		return w
	}
	for i := range len(q) - 1 {
		x := &q[i]
		w.driving += int64(x.seconds)
		w.money += m.price(sh, x.at, q[i+1].at)
		if pl.metres != nil {
			w.metres += int64(pl.metres[int(x.at)*pl.width+int(q[i+1].at)])
		}
		if i > 0 {
			w.working += int64(m.lasts(int(x.job), r, q[i-1].at))
		}
	}
	w.money += sh.fixed + sh.perWork*w.working
	minutes := (w.driving + w.working) / 60
	w.square = minutes * minutes
	return w
}

// softness is how late a route is, weighted, and how long beyond the shift's end.
func (s *state) softness(r int, q []node) (late, over int64) {
	m := s.m
	sh := &m.shifts[r]
	soft := sh.perOver != 0 && sh.limit > sh.to
	for i := 1; !soft && i < len(q)-1; i++ {
		soft = m.jobs[q[i].job].soft
	}
	if !soft {
		return 0, 0
	}
	best, ok := m.follow(&s.labels, &s.ties, r, q)
	if !ok {
		return 0, 0
	}
	x := &s.labels.at[len(q)-1][best]
	return x.late, int64(max(0, x.over-sh.to))
}

// softly is what inserting u in r after position i adds in energy beyond the drives and what is
// the same wherever in the route: lateness, overtime, set-up that is or is not needed, balance.
func (s *state) softly(u, r, i int) int64 {
	m := s.m
	sh, q, n := &m.shifts[r], s.row(r), int(s.length[r])
	t := s.trial[:n+3]
	copy(t, q[:i+1])
	copy(t[i+2:], q[i+1:n+2])
	t[i+1] = node{job: int32(u), at: m.jobs[u].at}
	pl := &m.legs[sh.profile]
	t[i].seconds = pl.seconds[int(t[i].at)*pl.width+int(t[i+1].at)]
	t[i+1].seconds = pl.seconds[int(t[i+1].at)*pl.width+int(t[i+2].at)]
	late, over := s.softness(r, t)
	old := &s.own[r]
	added := 0.0
	if late != old.late {
		added += m.energy.late * float64(late-old.late)
	}
	if sh.perOver != 0 || sh.perWork != 0 || m.energy.imbalance != 0 {
		w := s.sum(r, t)
		w.money += sh.perOver * over
		drive := m.price(sh, t[i].at, t[i+1].at) + m.price(sh, t[i+1].at, t[i+2].at) - m.price(sh, t[i].at, t[i+2].at)
		same := sh.perWork * int64(m.work[int(sh.pace)*len(m.jobs)+u])
		if n == 0 {
			same += sh.fixed + m.price(sh, t[i].at, t[i+2].at)
		}
		added += float64(w.money-old.money-drive-same) + m.energy.imbalance*float64(w.square-old.square)
	}
	return int64(added)
}
