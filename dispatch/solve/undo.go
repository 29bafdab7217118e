package solve

// undo keeps what a step changes, to take it back.
type undo struct {
	step    int32
	saved   []saved
	kept    []node  // their nodes, one after the other
	tables  []int32 // and their layers
	stamped []int32 // by route: the step that saved it
	moved   []moved
	touched []int32 // by job: the step that moved it
	before  tally
}

// saved is a route as it was.
type saved struct {
	route, length, room int32
	worth               worth
}

// moved is a job that the step moved, and where it was.
type moved struct {
	job, route                  int32
	notBefore, notAfter, overBy int32
}

func newUndo(m *model) undo {
	return undo{stamped: make([]int32, len(m.shifts)), touched: make([]int32, len(m.jobs))}
}

// mark begins a step.
func (s *state) mark() {
	s.step++
	s.saved, s.kept, s.tables, s.moved = s.saved[:0], s.kept[:0], s.tables[:0], s.moved[:0]
	s.before = s.tally
}

// save keeps a route before it is changed.
func (s *state) save(r int) {
	if s.stamped[r] == s.step {
		return
	}
	s.stamped[r] = s.step
	n := int(s.length[r]) + 2
	s.saved = append(s.saved, saved{int32(r), s.length[r], s.room[r], s.own[r]})
	s.kept = append(s.kept, s.row(r)[:n]...)
	if !s.m.plain {
		from, to := r*s.m.stride*s.m.layers, (r*s.m.stride+n)*s.m.layers
		s.tables = append(append(append(s.tables, s.ends[from:to]...), s.outs[from:to]...), s.begins[from:to]...)
	}
}

// touch notes where a job was before the step moved it.
func (s *state) touch(j int32) {
	if s.touched[j] == s.step {
		return
	}
	s.touched[j] = s.step
	v := moved{job: j, route: s.route[j]}
	if !s.m.plain {
		v.notBefore, v.notAfter, v.overBy = s.ties.notBefore[j], s.ties.notAfter[j], s.ties.overBy[j]
	}
	s.moved = append(s.moved, v)
}

// revert takes the step back.
func (s *state) revert() {
	m := s.m
	for _, v := range s.moved {
		if now := s.route[v.job]; now != v.route {
			s.count(v.job, int(now), -1)
			s.count(v.job, int(v.route), 1)
			if v.route < 0 {
				s.leave(v.job)
			} else {
				s.join(v.job)
			}
			s.route[v.job] = v.route
		}
		if !m.plain {
			s.ties.notBefore[v.job], s.ties.notAfter[v.job], s.ties.overBy[v.job] = v.notBefore, v.notAfter, v.overBy
		}
	}
	nodes, tables := 0, 0
	for i := range s.saved {
		b := &s.saved[i]
		r, n := int(b.route), int(b.length)+2
		q := s.row(r)
		copy(q[:n], s.kept[nodes:nodes+n])
		nodes += n
		s.length[r] = b.length
		s.own[r], s.room[r] = b.worth, b.room
		for k := 1; k < n-1; k++ {
			s.place[q[k].job] = int32(k)
		}
		if b.length > 0 {
			s.wake(r)
		} else {
			s.rest(r)
		}
		if !m.plain {
			from, k := r*m.stride*m.layers, n*m.layers
			copy(s.ends[from:from+k], s.tables[tables:])
			copy(s.outs[from:from+k], s.tables[tables+k:])
			copy(s.begins[from:from+k], s.tables[tables+2*k:])
			tables += 3 * k
		}
	}
	s.tally = s.before
}
