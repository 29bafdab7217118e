package solve

import "math"

// recreation is what putting jobs back needs.
type recreation struct {
	list   []int32
	key    []float32
	search int32
	seen   []int32 // by route: the search that looked at it
	listed []int32 // by job: the step that listed it
	crew   crew
}

func newRecreation(m *model) recreation {
	return recreation{
		list: make([]int32, 0, len(m.jobs)), key: make([]float32, len(m.jobs)),
		seen: make([]int32, len(m.shifts)), listed: make([]int32, len(m.jobs)), crew: newCrew(m),
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
// it, and an empty route of each kind of those. Routes of busy persons are left out.
func (s *state) best(u int, limit int64, busy *crew) (route, position int, cost int64) {
	m := s.m
	s.search++
	route = -1
	for _, v := range m.near[u*m.nearest : (u+1)*m.nearest] {
		r := s.route[v]
		if r < 0 || s.seen[r] == s.search {
			continue
		}
		s.seen[r] = s.search
		if busy != nil && busy.has(m.shifts[r].person) {
			continue
		}
		if c, i := s.try(u, int(r), limit); i >= 0 {
			limit, position, route = c, i, int(r)
		}
	}
	for _, k := range m.reach[u*m.reaches : (u+1)*m.reaches] {
		if k < 0 {
			break
		}
		r := m.kinds[k][0]
		if len(m.kinds[k]) > 1 {
			if r = s.spare(k, busy); r < 0 {
				continue
			}
		}
		if s.seen[r] == s.search || busy != nil && busy.has(m.shifts[r].person) {
			continue
		}
		s.seen[r] = s.search
		if c, i := s.try(u, int(r), limit); i >= 0 {
			limit, position, route = c, i, int(r)
		}
	}
	return route, position, limit
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
