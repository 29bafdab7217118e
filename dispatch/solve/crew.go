package solve

// insertCrew puts back the jobs of a group at the same time: that of a pinned one, or the best of
// those at which one of them could begin.
func (s *state) insertCrew(after, by, start int32, given bool) bool {
	c, t := &s.crew, &s.ties
	for _, w := range c.team {
		s.touch(w)
		t.notBefore[w], t.overBy[w] = after, by
	}
	c.starts = c.starts[:0]
	if given {
		c.starts = append(c.starts, start)
	} else {
		s.proposeStarts(after)
	}
	c.chosen = c.chosen[:0]
	limit := int64(0)
	for _, w := range c.team {
		limit = min(limit+s.bid(w), unaffordable)
	}
	begin := int32(0)
	for _, at := range c.starts {
		if cost, ok := s.placeCrew(at, limit); ok {
			limit, begin = cost, at
			c.chosen = append(c.chosen[:0], c.spots...)
		}
	}
	if len(c.chosen) == 0 {
		for _, w := range c.team {
			t.clear(int(w))
		}
		return false
	}
	for _, x := range c.chosen {
		t.notBefore[x.job], t.notAfter[x.job] = begin, begin
		s.save(int(x.route))
		s.insert(int(x.job), int(x.route), int(x.position))
	}
	s.push()
	s.bind(begin)
	return true
}

// placeCrew finds for each job of the group a person of its own at a common start.
func (s *state) placeCrew(at int32, limit int64) (int64, bool) {
	c, t, m := &s.crew, &s.ties, s.m
	c.round++
	c.spots = c.spots[:0]
	for _, w := range m.groupOf(c.team[0]) {
		if r := s.route[w]; r >= 0 {
			c.busy[m.shifts[r].person] = c.round
		}
	}
	// Who chooses first may take what another needs.
	first := s.random.below(len(c.team))
	total := int64(0)
	for k := range c.team {
		w := c.team[(first+k)%len(c.team)]
		t.notBefore[w], t.notAfter[w] = at, at
		r, i, cost := s.best(int(w), unaffordable, c)
		if r < 0 {
			return 0, false
		}
		c.busy[m.shifts[r].person] = c.round
		c.spots = append(c.spots, spot{w, int32(r), int32(i)})
		total += cost
	}
	return total, total < limit
}

// proposeStarts lists moments at which one of the group could begin, a few of chance.
func (s *state) proposeStarts(after int32) {
	c, m := &s.crew, s.m
	seen := 0
	propose := func(t int32) {
		if t == never {
			return
		}
		t = max(t, after)
		seen++
		if len(c.starts) < mostStarts {
			c.starts = append(c.starts, t)
		} else if k := s.random.below(seen); k < mostStarts {
			c.starts[k] = t
		}
	}
	for _, w := range c.team {
		j := &m.jobs[w]
		for _, x := range j.windows {
			propose(x.from)
		}
		for r := range m.shifts {
			if !m.can.has(int(w), r) {
				continue
			}
			sh, q := &m.shifts[r], s.row(r)
			pl := &m.legs[sh.profile]
			for i := 0; i <= int(s.length[r]); i++ {
				for k := range len(sh.breaks) + 1 {
					e := s.ends[(r*m.stride+i)*m.layers+k]
					if e == never {
						continue
					}
					d := pl.seconds[int(q[i].at)*pl.width+int(j.at)]
					for b := k; b <= len(sh.breaks); b++ {
						if ready := sh.crossing(k, b, e, d); ready != never {
							propose(m.opens(int(w), r, q[i].at != j.at, ready))
						}
					}
				}
			}
		}
	}
}

func (m *model) groupOf(j int32) []int32 {
	if g := m.jobs[j].group; g >= 0 {
		return m.groups[g]
	}
	return nil
}

// spot is where a job would go.
type spot struct{ job, route, position int32 }

// crew is what putting back jobs that depend on each other needs.
type crew struct {
	round  int32
	busy   []int32 // by person: the round in which he has a job of the group
	starts []int32 // when the group might begin
	team   []int32 // the jobs of the group that are to be put back
	spots  []spot
	chosen []spot
	ahead  []int32 // jobs that the group comes after
	behind []int32 // jobs that come after the group
}
