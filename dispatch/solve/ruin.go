package solve

// The measures of the ruin, of Christiaens and Vanden Berghe (2020): how many jobs go at a time
// on average, how long a string may be, and how far a split string is stretched.
const (
	meanRuin    = 10.0
	longestRuin = 10.0
	stretch     = 0.5
)

// How often a ruin begins at a job that nobody does, and then how often it opens room for it.
const (
	aimAtAbsent = 0.3
	openForIt   = 0.7
)

// ruin is what a ruin has taken.
type ruin struct {
	wave    int32
	ruined  []int32 // by route: the wave that ruined it
	dirty   []int32 // routes with jobs taken
	soiled  []int32 // by route: the wave that made it dirty
	removed []int32
}

func newRuin(m *model) ruin {
	return ruin{
		ruined: make([]int32, len(m.shifts)), soiled: make([]int32, len(m.shifts)),
		dirty: make([]int32, 0, len(m.shifts)), removed: make([]int32, 0, len(m.jobs)),
	}
}

// breakUp takes strings of neighbours out of routes near a job of chance, which it returns; false
// where the rest of a route cannot be done.
func (s *state) breakUp() (int32, bool) {
	m, r := s.m, &s.random
	s.wave++
	s.removed, s.dirty = s.removed[:0], s.dirty[:0]
	served := len(m.jobs) - len(s.absent)
	longest := min(longestRuin, max(1, float64(served)/float64(max(1, len(m.shifts)-s.resting()))))
	strings := int(1 + r.unit()*(4*meanRuin/(1+longest)-1))
	seed := int32(r.below(len(m.jobs)))
	if len(s.absent) > 0 && r.unit() < aimAtAbsent {
		seed = s.absent[r.below(len(s.absent))]
	}
	near := m.near[int(seed)*m.nearest : (int(seed)+1)*m.nearest]
	count := s.ruinAt(seed, longest)
	if s.route[seed] < 0 && count == 0 && r.unit() < openForIt {
		for _, v := range near {
			if w := s.route[v]; w >= 0 && m.can.has(int(seed), int(w)) && r.next()>>62 != 0 {
				if count += s.ruinAt(v, longest); count >= strings {
					break
				}
			}
		}
	}
	for _, v := range near {
		if count >= strings {
			break
		}
		count += s.ruinAt(v, longest)
	}
	return seed, s.sweep()
}

// resting is how many shifts have no jobs.
func (s *state) resting() int {
	n := 0
	for _, idle := range s.idle {
		n += len(idle)
	}
	return n
}

// ruinAt takes a string of jobs with v among them out of its route, once a wave.
func (s *state) ruinAt(v int32, longest float64) int {
	r := int(s.route[v])
	if r < 0 || s.ruined[r] == s.wave {
		return 0
	}
	s.ruined[r] = s.wave
	n, p, rnd := int(s.length[r]), int(s.place[v]), &s.random
	k := min(int(1+rnd.unit()*min(float64(n), longest)), n)
	kept := 0
	if k > 1 && k < n && rnd.next()>>63 != 0 {
		for kept = 1; k+kept < n && rnd.unit() < stretch; {
			kept++
		}
	}
	lo, hi := max(1, p-k-kept+1), min(n-k-kept+1, p)
	from := lo + rnd.below(hi-lo+1)
	skip := from + k + kept
	if kept > 0 {
		skip = from + rnd.below(k+1)
	}
	q := s.row(r)
	for i := from; i < from+k+kept; i++ {
		if i < skip || i >= skip+kept {
			s.take(q[i].job)
		}
	}
	return 1
}

// take takes a job out of its route, and with it those that depend on it. The route keeps the
// node until it is swept.
func (s *state) take(j int32) {
	c := &s.m.jobs[j]
	r := s.route[j]
	if r < 0 || c.fixed || c.held {
		return
	}
	s.touch(j)
	s.soil(int(r))
	s.route[j] = -1
	s.count(j, int(r), -1)
	s.count(j, -1, 1)
	s.leave(j)
	s.removed = append(s.removed, j)
	if c.linked {
		s.untie(j)
	}
}

// soil notes that a route is to be swept.
func (s *state) soil(r int) {
	s.save(r)
	if s.soiled[r] != s.wave {
		s.soiled[r] = s.wave
		s.dirty = append(s.dirty, int32(r))
	}
}

// sweep closes the gaps of the dirty routes. Where drives do not keep to the triangle, a route
// may be impossible without some of its jobs: then it is emptied.
func (s *state) sweep() bool {
	for i := 0; i < len(s.dirty); i++ {
		r := int(s.dirty[i])
		s.soiled[r] = 0 // it may become dirty again
		if s.squeeze(r) {
			continue
		}
		q := s.row(r)
		for k := int(s.length[r]); k >= 1; k-- {
			s.take(q[k].job)
		}
		if !s.squeeze(r) {
			return false
		}
	}
	return true
}

// squeeze drops the nodes of jobs that are gone from route r, and says whether it can be done.
func (s *state) squeeze(r int) bool {
	q, n, w := s.row(r), int(s.length[r]), 1
	for i := 1; i <= n; i++ {
		if s.route[q[i].job] == int32(r) {
			q[w] = q[i]
			w++
		}
	}
	q[w] = q[n+1]
	s.length[r] = int32(w - 1)
	for i := range w {
		s.link(r, i)
	}
	if w == 1 {
		s.rest(r)
	}
	return s.refresh(r, 1, w-1) && s.affords(r)
}

// affords says whether route r keeps to its shift's limits of driving.
func (s *state) affords(r int) bool {
	sh := &s.m.shifts[r]
	if !sh.limited {
		return true
	}
	w := &s.own[r]
	return (sh.driving == 0 || w.driving <= sh.driving) && (sh.metres == 0 || w.metres <= sh.metres)
}
