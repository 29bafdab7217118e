package solve

// orders are the keys by which jobs are put back, the lowest first; chance is added to each.
type orders struct {
	gain, density, width, scarce, long, first, last, near []float32
	choices                                               []choice
}

// choice is a key, what chance adds to it, and how often of all it is taken.
type choice struct {
	key    []float32 // nil = chance alone
	chance float32
	odds   int
}

func newOrders(m *model) orders {
	n := len(m.jobs)
	o := orders{
		gain: make([]float32, n), density: make([]float32, n), width: make([]float32, n), scarce: make([]float32, n),
		long: make([]float32, n), first: make([]float32, n), last: make([]float32, n), near: make([]float32, n),
	}
	for i := range n {
		j := &m.jobs[i]
		lasts := float32(m.work[i] + m.setup[i])
		o.gain[i] = -float32(j.gain)
		o.density[i] = -float32(j.gain) / (lasts + 1200)
		o.width[i] = float32(j.last - j.first)
		o.long[i] = -lasts
		o.first[i], o.last[i] = float32(j.first), float32(j.last)
		for r := range m.shifts {
			if m.can.has(i, r) {
				o.scarce[i]++
			}
		}
		if m.reaches > 0 && m.reach[i*m.reaches] >= 0 {
			s := &m.shifts[m.kinds[m.reach[i*m.reaches]][0]]
			o.near[i] = float32(m.legs[s.profile].seconds[int(j.at)*m.width+int(s.start)])
		}
	}
	o.choices = []choice{
		{nil, 1, 4}, {o.gain, 0, 3}, {o.density, 0.4, 4}, {o.width, 0, 2}, {o.scarce, 0, 2}, {o.long, 0, 1},
	}
	return o
}

// arrange sorts the list by a key of chance.
func (s *state) arrange() {
	total := 0
	for i := range s.m.orders.choices {
		total += s.m.orders.choices[i].odds
	}
	pick := s.random.below(total)
	c := &s.m.orders.choices[0]
	for i := range s.m.orders.choices {
		c = &s.m.orders.choices[i]
		if pick -= c.odds; pick < 0 {
			break
		}
	}
	for _, j := range s.list {
		x := float32(s.random.unit())
		switch {
		case c.key == nil:
			s.key[j] = x
		case c.chance != 0:
			s.key[j] = c.key[j] * (1 + c.chance*(x-0.5))
		default:
			s.key[j] = c.key[j] + x
		}
	}
	for i := 1; i < len(s.list); i++ {
		x, k := s.list[i], i
		for ; k > 0 && s.key[s.list[k-1]] > s.key[x]; k-- {
			s.list[k] = s.list[k-1]
		}
		s.list[k] = x
	}
}
