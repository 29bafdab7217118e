package solve

// layered holds, for every node and every number of breaks taken before it (its layer), the
// earliest end of the work there, the latest end for which the rest of the day still holds, and
// the latest begin. A plain route keeps them in its nodes.
type layered struct {
	ends, outs, begins []int32
	ties               ties
	trial              []node
	labels             labels
}

func newLayered(m *model) layered {
	if m.plain {
		return layered{}
	}
	n := len(m.shifts) * m.stride * m.layers
	l := layered{ends: make([]int32, n), outs: make([]int32, n), begins: make([]int32, n)}
	l.ties = newTies(len(m.jobs))
	l.trial = make([]node, m.stride+1)
	l.labels = newLabels(m.stride + 1)
	return l
}

// crossing is when a drive of d seconds that is left at t is over, with the breaks from a up to,
// not including, c taken on its way. Driving fills the gaps between breaks.
func (sh *shift) crossing(a, c int, t, d int32) int32 {
	over, rest := t, t+d
	for k := a; k < c; k++ {
		begin := opens(sh.breaks[k].windows, over)
		if begin == never {
			return never
		}
		over = begin + sh.breaks[k].duration
		rest += sh.breaks[k].duration
	}
	return max(over, rest)
}

// departure is the latest time to leave for a drive that must be over by a time, with those breaks on its way.
func (sh *shift) departure(a, c int, by, d int32) int32 {
	begin, rest := by, by-d
	for k := c - 1; k >= a; k-- {
		begin = closes(sh.breaks[k].windows, begin-sh.breaks[k].duration)
		if begin == -never {
			return -never
		}
		rest -= sh.breaks[k].duration
	}
	return min(begin, rest)
}

func opens(windows []span, t int32) int32 {
	for _, w := range windows {
		if t <= w.to {
			return max(t, w.from)
		}
	}
	return never
}

func closes(windows []span, t int32) int32 {
	for i := len(windows) - 1; i >= 0; i-- {
		if t >= windows[i].from {
			return min(t, windows[i].to)
		}
	}
	return -never
}

// set says whether a node is at a set time: an end of the shift, or a pinned start.
func (m *model) set(n *node) bool { return n.job < 0 || m.jobs[n.job].fixed }

// layer computes the tables of route r, and says whether the route can be done.
func (s *state) layer(r int) bool {
	m := s.m
	sh, q, layers, n := &m.shifts[r], s.row(r), len(s.m.shifts[r].breaks)+1, int(s.length[r])
	at := func(i int) int { return (r*m.stride + i) * m.layers }
	for k := range layers {
		s.ends[at(0)+k] = never
	}
	s.ends[at(0)] = sh.from
	for i := 1; i <= n+1; i++ {
		last := i == n+1
		j, x, squeezed := int(q[i].job), &q[i-1], m.set(&q[i-1]) && m.set(&q[i])
		var duration int32
		if !last {
			s.place[j] = int32(i)
			duration = m.lasts(j, r, x.at)
		}
		for c := range layers {
			best := never
			for a := 0; a <= c; a++ {
				t := s.ends[at(i-1)+a]
				if t == never {
					continue
				}
				var over int32
				switch arrive := sh.crossing(a, c, t, x.seconds); {
				case last && squeezed && a == c:
					over = max(t, min(arrive, sh.limit))
				case last && arrive > sh.limit:
					over = never
				case last:
					over = arrive
				case squeezed && a == c:
					over = m.jobs[j].start + duration
				default:
					if over = m.begin(&s.ties, j, r, x.at != q[i].at, arrive, duration); over != never {
						over += duration
					}
				}
				best = min(best, over)
			}
			s.ends[at(i)+c] = best
		}
	}
	for k := range layers {
		s.begins[at(n+1)+k] = -never
	}
	s.begins[at(n+1)+layers-1] = sh.limit
	for i := n; i >= 0; i-- {
		x, squeezed := &q[i], m.set(&q[i]) && m.set(&q[i+1])
		for a := range layers {
			out := -never
			for c := a; c < layers; c++ {
				by := s.begins[at(i+1)+c]
				switch {
				case by == -never:
				case squeezed && a == c:
					out = never
				default:
					out = max(out, sh.departure(a, c, by, x.seconds))
				}
			}
			s.outs[at(i)+a] = out
			if i > 0 {
				s.begins[at(i)+a] = -never
				if out > -never {
					s.begins[at(i)+a] = m.lastBegin(&s.ties, int(x.job), r, x.at != q[i-1].at, out, m.lasts(int(x.job), r, q[i-1].at))
				}
			}
		}
	}
	return n == 0 || s.ends[at(n+1)+layers-1] != never
}

// holds says whether job u can be done in route r after position i, as far as time goes.
func (s *state) holds(u, r, i int) bool {
	m := s.m
	sh, q, layers := &m.shifts[r], s.row(r), len(s.m.shifts[r].breaks)+1
	x, y, at := &q[i], &q[i+1], m.jobs[u].at
	pl := &m.legs[sh.profile]
	dx, dy := pl.seconds[int(x.at)*pl.width+int(at)], pl.seconds[int(at)*pl.width+int(y.at)]
	setup, duration := x.at != at, m.lasts(u, r, x.at)
	before, after := (r*m.stride+i)*m.layers, (r*m.stride+i+1)*m.layers
	last := y.job < 0
	var changed bool
	var lasting int32
	if !last {
		lasting = m.lasts(int(y.job), r, at)
		changed = lasting != m.lasts(int(y.job), r, x.at) || (y.at != at) != (y.at != x.at)
	}
	for a := range layers {
		t := s.ends[before+a]
		if t == never {
			continue
		}
		for b := a; b < layers; b++ {
			begin := m.begin(&s.ties, u, r, setup, sh.crossing(a, b, t, dx), duration)
			if begin == never {
				continue
			}
			over := begin + duration
			for c := b; c < layers; c++ {
				by := s.begins[after+c]
				if changed {
					by = -never
					if out := s.outs[after+c]; out > -never {
						by = m.lastBegin(&s.ties, int(y.job), r, y.at != at, out, lasting)
					}
				}
				if by > -never && sh.crossing(b, c, over, dy) <= by {
					return true
				}
			}
		}
	}
	return false
}
