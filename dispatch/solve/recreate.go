package solve

import (
	"math"
	"math/bits"
)

// recreation is what putting jobs back needs.
type recreation struct {
	list   []int32
	key    []float32
	open   []uint64 // the routes that are tried, a bit each
	listed []int32  // by job: the step that listed it
	crew   crew
}

func newRecreation(m *model) recreation {
	return recreation{
		list: make([]int32, 0, len(m.jobs)), key: make([]float32, len(m.jobs)),
		open: make([]uint64, m.can.words), listed: make([]int32, len(m.jobs)), crew: newCrew(m),
	}
}

// absentsTried is how many absent jobs near a ruin are tried besides those that it took.
const absentsTried = 10

// recreate puts back what a ruin at a job took, or other absent jobs near it instead.
func (s *state) recreate(seed int32) {
	m := s.m
	s.list = s.list[:0]
	for _, j := range s.removed {
		s.enlist(j)
	}
	if len(s.absent) > len(s.list) {
		s.enlist(seed)
		for k, tried := 0, 0; k < m.nearest && tried < absentsTried; k++ {
			if s.enlist(m.near[int(seed)*m.nearest+k]) {
				tried++
			}
		}
	}
	s.arrange()
	s.serve()
}

// enlist lists an absent job, once a step.
func (s *state) enlist(j int32) bool {
	if s.route[j] >= 0 || s.listed[j] == s.step || s.m.jobs[j].held || s.settling && s.m.jobs[j].pin < 0 {
		return false
	}
	s.listed[j] = s.step
	s.list = append(s.list, j)
	return true
}

// serve puts the listed jobs back one by one. Those that wait for others come again.
func (s *state) serve() {
	waiting := 0
	for _, j := range s.list {
		if s.route[j] >= 0 {
			continue
		}
		if s.m.jobs[j].linked {
			if !s.insertLinked(int(j)) {
				s.list[waiting] = j
				waiting++
			}
		} else if r, i, _ := s.best(int(j), s.bid(j), nil); r >= 0 {
			s.save(r)
			s.insert(int(j), r, i)
		}
	}
	for again := waiting > 0; again; {
		again = false
		n := 0
		for _, j := range s.list[:waiting] {
			if s.route[j] >= 0 {
				continue
			}
			if s.insertLinked(int(j)) {
				again = true
			} else {
				s.list[n] = j
				n++
			}
		}
		waiting = n
	}
}

// bid is what an insertion of a job may cost: where serving may be worth less than a drive,
// chance decides as it does on a step.
func (s *state) bid(j int32) int64 {
	c := &s.m.jobs[j]
	if !s.m.energy.choosy || c.pin >= 0 {
		return unaffordable
	}
	return c.gain - int64(s.temperature*math.Log(s.random.unit()))
}

// best is where u costs least: among the routes of its neighbours, those of the shifts nearest to
// it, and an empty route of each kind of those. Routes of busy persons are left out, and those
// without room.
func (s *state) best(u int, limit int64, busy *crew) (route, position int, cost int64) {
	m := s.m
	words := m.can.words
	open, lasts := s.gather(u), m.least[u]
	route = -1
	for _, k := range m.shared[u*(m.reaches+1):] {
		if k < 0 {
			break
		}
		if r := s.spare(k, busy); r >= 0 {
			open[r>>6] |= 1 << (r & 63)
		}
	}
	for w, can := range m.can.bits[u*words : (u+1)*words] {
		for set := open[w] & can; set != 0; set &= set - 1 {
			r := w<<6 + bits.TrailingZeros64(set)
			if s.room[r] < lasts || busy != nil && busy.has(m.shifts[r].person) {
				continue
			}
			if c, i := s.try(u, r, limit); i >= 0 {
				limit, position, route = c, i, r
			}
		}
	}
	return route, position, limit
}

// gather marks the routes of u's neighbours, and of the shifts nearest to it that are like no other.
func (s *state) gather(u int) []uint64 {
	m := s.m
	near, routes := m.near[u*m.nearest:(u+1)*m.nearest], s.route
	if m.can.words == 1 {
		set := m.alone[u]
		for _, v := range near {
			set |= 1 << uint32(routes[v]) // nothing where it is nowhere
		}
		s.open[0] = set
		return s.open
	}
	copy(s.open, m.alone[u*m.can.words:(u+1)*m.can.words])
	for _, v := range near {
		if r := routes[v]; r >= 0 {
			s.open[r>>6] |= 1 << (r & 63)
		}
	}
	return s.open
}

// spare is an empty route of a kind whose person is not busy; -1 where there is none.
func (s *state) spare(kind int32, busy *crew) int32 {
	for _, r := range s.idle[kind] {
		if busy == nil || !busy.has(s.m.shifts[r].person) {
			return r
		}
	}
	return -1
}
