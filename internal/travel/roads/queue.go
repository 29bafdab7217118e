package roads

// A heap of four children a node: flatter than one of two, and children lie side by side in memory.
const children = 4

func (e entry) before(o entry) bool {
	return e.tenths < o.tenths || e.tenths == o.tenths && e.crossing < o.crossing
}

func (s *search) push(e entry) {
	q := append(s.queue, e)
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / children
		if !e.before(q[up]) {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = e
	s.queue = q
}

func (s *search) pop() entry {
	q := s.queue
	top, e := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	s.queue = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for {
		first := i*children + 1
		if first >= len(q) {
			break
		}
		least := first
		for c := first + 1; c < min(first+children, len(q)); c++ {
			if q[c].before(q[least]) {
				least = c
			}
		}
		if !q[least].before(e) {
			break
		}
		q[i] = q[least]
		i = least
	}
	q[i] = e
	return top
}
