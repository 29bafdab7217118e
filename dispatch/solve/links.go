package solve

// mostStarts is how many common starts of a group are tried.
const mostStarts = 12

func newCrew(m *model) crew {
	return crew{busy: make([]int32, m.people)}
}

func (c *crew) has(person int32) bool { return c.busy[person] == c.round }

// cut is the time that divides j from the jobs that it comes after.
func (s *state) cut(j int32) int32 {
	if c := &s.m.jobs[j]; c.fixed {
		return c.start
	}
	return s.ties.notBefore[j]
}

// untie takes along what depends on a job that was taken, and frees what it waited for.
func (s *state) untie(j int32) {
	c := &s.m.jobs[j]
	s.ties.clear(int(j))
	if c.group >= 0 {
		for _, w := range s.m.groups[c.group] {
			s.take(w)
		}
	}
	for _, w := range c.before {
		s.take(w)
	}
	for _, p := range c.after {
		s.loosen(p)
	}
}

// loosen lets a job be over as late as those that come after it allow.
func (s *state) loosen(p int32) {
	c := &s.m.jobs[p]
	if s.route[p] < 0 || c.fixed || c.held {
		return
	}
	by := never
	for _, w := range c.before {
		if s.route[w] >= 0 {
			by = min(by, s.cut(w))
		}
	}
	if by != s.ties.overBy[p] {
		s.touch(p)
		s.soil(int(s.route[p]))
		s.ties.overBy[p] = by
	}
}

// misplaced says whether before node i of route r stands something that comes before what is put
// back, or the other way round.
func (s *state) misplaced(r, i int) bool {
	for _, p := range s.crew.ahead {
		if s.route[p] == int32(r) && int(s.place[p]) >= i {
			return true
		}
	}
	for _, k := range s.crew.behind {
		if s.route[k] == int32(r) && int(s.place[k]) < i {
			return true
		}
	}
	return false
}

// insertLinked puts back a job with all its group, after those that it waits for. A pinned job is
// put back without its group where it is not to be had otherwise.
func (s *state) insertLinked(u int) bool {
	if s.insertGroup(u, s.m.groupOf(int32(u))) {
		return true
	}
	return s.alone && s.m.jobs[u].pin >= 0 && s.m.jobs[u].group >= 0 && s.insertGroup(u, nil)
}

// insertGroup puts back a job and those of its group that nobody does.
func (s *state) insertGroup(u int, group []int32) bool {
	m, c := s.m, &s.crew
	c.team, c.ahead, c.behind = append(c.team[:0], int32(u)), c.ahead[:0], c.behind[:0]
	start, given := int32(0), false
	for _, w := range group {
		switch j := &m.jobs[w]; {
		case int(w) == u:
		case s.route[w] < 0 && j.held, s.route[w] >= 0 && !j.fixed:
			return false
		case s.route[w] < 0:
			c.team = append(c.team, w)
		default:
			start, given = j.start, true
		}
	}
	after, by := int32(0), never
	for _, w := range c.team {
		for _, p := range m.jobs[w].after {
			if s.route[p] < 0 && m.jobs[w].pin >= 0 {
				continue
			}
			if s.route[p] < 0 || m.jobs[p].held {
				return false
			}
			after = max(after, s.overAt(p))
			c.ahead = append(c.ahead, p)
		}
		for _, k := range m.jobs[w].before {
			// Only what is pinned can be there before those that it comes after.
			if s.route[k] >= 0 {
				by = min(by, s.latest(k))
				c.behind = append(c.behind, k)
			}
		}
	}
	if given && start < after {
		return false
	}
	if len(c.team) == 1 && !given {
		return s.insertAfter(u, after, by)
	}
	return s.insertCrew(after, by, start, given)
}

// latest is the latest begin of a served job.
func (s *state) latest(k int32) int32 {
	c := &s.m.jobs[k]
	switch {
	case c.fixed:
		return c.start
	case c.held:
		return s.ties.notBefore[k]
	}
	_, last := s.slackOf(int(k))
	return last
}

// overAt is when a served job is over at the earliest.
func (s *state) overAt(p int32) int32 {
	r := int(s.route[p])
	duration := s.m.lasts(int(p), r, s.row(r)[s.place[p]-1].at)
	if s.m.jobs[p].fixed {
		return s.m.jobs[p].start + duration
	}
	first, _ := s.slackOf(int(p))
	return first + duration
}

// insertAfter puts back one job that must not begin before a time.
func (s *state) insertAfter(u int, after, by int32) bool {
	t := &s.ties
	s.touch(int32(u))
	t.notBefore[u], t.overBy[u] = after, by
	r, i, _ := s.best(u, s.bid(int32(u)), nil)
	if r < 0 {
		t.clear(u)
		return false
	}
	s.save(r)
	s.insert(u, r, i)
	s.push()
	if len(s.crew.ahead) == 0 {
		t.notBefore[u] = -never
		return true
	}
	first, last := s.slackOf(u)
	tight, here := after, false
	for _, p := range s.crew.ahead {
		tight = max(tight, s.overAt(p))
		here = here || s.route[p] == int32(r)
	}
	// In a route of its own the time that divides them may be any that is left. In the same route
	// the way on which the one is over early need not be that on which the other begins late.
	cut := max(first, tight)
	switch s.random.below(4) {
	case 0:
		cut = tight
	case 1:
		cut = min(last, cut+int32(s.random.below(int(max(0, last-cut))+1)))
	}
	if here {
		cut = tight
	}
	t.notBefore[u] = cut
	s.refresh(r, 1, int(s.length[r]))
	s.bind(cut)
	return true
}

// bind makes all that the inserted jobs come after be over by a time.
func (s *state) bind(by int32) {
	for _, p := range s.crew.ahead {
		if s.m.jobs[p].fixed || s.ties.overBy[p] <= by {
			continue
		}
		r := int(s.route[p])
		s.touch(p)
		s.save(r)
		s.ties.overBy[p] = by
		s.refresh(r, 1, int(s.length[r]))
	}
}

// slackOf is from when to when a served job can begin.
func (s *state) slackOf(u int) (first, last int32) {
	m, r := s.m, int(s.route[u])
	i := int(s.place[u])
	at := (r*m.stride + i) * m.layers
	duration := m.lasts(u, r, s.row(r)[i-1].at)
	first, last = never, -never
	for k := range len(m.shifts[r].breaks) + 1 {
		if e := s.ends[at+k]; e != never && e-duration <= s.begins[at+k] {
			first = min(first, e-duration)
			last = max(last, s.begins[at+k])
		}
	}
	return first, max(first, last)
}

// push makes what comes after the inserted jobs begin when those are over at the earliest.
func (s *state) push() {
	for _, k := range s.crew.behind {
		cut := -never
		for _, w := range s.m.jobs[k].after {
			if s.route[w] >= 0 {
				cut = max(cut, s.overAt(w))
			}
		}
		if c := &s.m.jobs[k]; !c.fixed && !c.held && cut > s.ties.notBefore[k] {
			r := int(s.route[k])
			s.touch(k)
			s.save(r)
			s.ties.notBefore[k] = cut
			s.refresh(r, 1, int(s.length[r]))
		}
	}
	for _, w := range s.crew.team {
		by := never
		for _, k := range s.m.jobs[w].before {
			if s.route[k] >= 0 {
				by = min(by, s.cut(k))
			}
		}
		if by < s.ties.overBy[w] {
			r := int(s.route[w])
			s.ties.overBy[w] = by
			s.refresh(r, 1, int(s.length[r]))
		}
	}
}
