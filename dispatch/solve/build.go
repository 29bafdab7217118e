package solve

import (
	"cmp"
	"slices"

	"callout/internal/fault"
)

// settlingTries is how often the pinned jobs are shuffled where they do not fit at once.
const settlingTries = 3000

// settle puts the pinned jobs where they are.
func (s *state) settle() error {
	m := s.m
	s.mark()
	s.settling = true
	fixed := make([][]int32, len(m.shifts))
	var loose []int32
	for j := range m.jobs {
		switch c := &m.jobs[j]; {
		case c.fixed:
			fixed[c.pin] = append(fixed[c.pin], int32(j))
		case c.pin >= 0:
			loose = append(loose, int32(j))
		}
	}
	for r, jobs := range fixed {
		m.byStart(jobs)
		s.fill(r, jobs)
	}
	slices.SortStableFunc(loose, m.comparePins)
	s.attention = staring
	s.list = append(s.list[:0], loose...)
	s.serve()
	for tries := 0; s.undone > 0 && tries < settlingTries; tries++ {
		s.alone = tries >= settlingTries/2
		s.mark()
		if seed, ok := s.breakUp(); ok {
			s.recreate(seed)
		}
		if s.undone > s.before.undone {
			s.revert()
		}
	}
	s.settling, s.alone, s.attention = false, false, blinking
	var faults fault.Faults
	for _, j := range s.absent {
		if m.jobs[j].pin >= 0 {
			faults.Add(pointer("/jobs/%d/pin", m.jobs[j].id), "cannot be kept together with what else is pinned")
		}
	}
	return faults.Err(fault.Invalid, "the pinned jobs cannot be planned")
}

// comparePins orders pinned jobs as they were planned before, as far as that is known.
func (m *model) comparePins(a, b int32) int {
	planned := func(j int32) (int, int64) {
		c := &m.jobs[j]
		at := slices.Index(m.initial[c.pin], j)
		if p := m.p.Jobs[c.id].Published; p != nil && p.Start != 0 {
			return at, p.Start
		}
		return at, m.origin + int64(c.last)
	}
	x, t := planned(a)
	y, u := planned(b)
	if m.jobs[a].pin == m.jobs[b].pin && x >= 0 && y >= 0 {
		return x - y
	}
	return cmp.Compare(t, u)
}

// unload empties all routes.
func (s *state) unload() {
	for r := range s.m.shifts {
		q, n := s.row(r), int(s.length[r])
		if n == 0 {
			continue
		}
		for i := 1; i <= n; i++ {
			j := q[i].job
			s.count(j, r, -1)
			s.count(j, -1, 1)
			s.route[j] = -1
			s.leave(j)
		}
		q[1] = q[n+1]
		s.length[r] = 0
		s.link(r, 0)
		s.rest(r)
		s.refresh(r, 1, 0)
	}
}

// fill fills an empty route as it is told.
func (s *state) fill(r int, jobs []int32) bool {
	if len(jobs) == 0 {
		return true
	}
	q := s.row(r)
	q[len(jobs)+1] = q[1]
	for i, j := range jobs {
		q[i+1] = node{job: j, at: s.m.jobs[j].at}
		s.route[j] = int32(r)
		s.join(j)
		s.count(j, -1, -1)
		s.count(j, r, 1)
	}
	s.length[r] = int32(len(jobs))
	for i := range len(jobs) + 1 {
		s.link(r, i)
	}
	s.wake(r)
	return s.refresh(r, 1, len(jobs))
}

// start puts in the initial routes as far as they fit, then the other jobs one by one.
func (s *state) start(c *clock) {
	m := s.m
	s.mark()
	for r, jobs := range s.m.initial {
		for _, j := range jobs {
			s.append(r, int(j))
		}
	}
	rest := slices.Clone(s.absent)
	slices.SortFunc(rest, m.compareJobs)
	for n, j := range rest {
		if n&(perRound-1) == 0 {
			if _, ok := c.tick(); !ok {
				return
			}
		}
		s.mark()
		if s.route[j] < 0 && !m.jobs[j].held {
			s.list = append(s.list[:0], j)
			s.serve()
		}
	}
}

// append puts a job at the end of a route if it fits there.
func (s *state) append(r, j int) {
	m := s.m
	if s.route[j] >= 0 || m.jobs[j].linked || m.jobs[j].held {
		return
	}
	s.mark()
	s.save(r)
	if _, i := s.try(j, r, unaffordable); i >= 0 {
		s.insert(j, r, i)
	}
}

// load makes an empty state the plan.
func (s *state) load(p *plan) {
	if !s.m.plain {
		copy(s.ties.notBefore, p.ties.notBefore)
		copy(s.ties.notAfter, p.ties.notAfter)
		copy(s.ties.overBy, p.ties.overBy)
	}
	for r, jobs := range p.routes {
		s.fill(r, jobs)
	}
}
