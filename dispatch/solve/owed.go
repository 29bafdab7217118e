package solve

import "slices"

// dropBreaks leaves out the breaks that the pinned stops of a shift leave no room for: each is
// judged together with those before it. A limit that they exceed by themselves is lifted as far.
func (m *model) dropBreaks() {
	pins := make([][]int32, len(m.shifts))
	count := make([]int32, len(m.shifts))
	for j := range m.jobs {
		if pin := m.jobs[j].pin; pin >= 0 {
			count[pin]++
			if m.jobs[j].fixed {
				pins[pin] = append(pins[pin], int32(j))
			}
		}
	}
	for r := range m.shifts {
		sh := &m.shifts[r]
		if sh.most > 0 {
			sh.most = max(sh.most, count[r])
		}
		if len(pins[r]) == 0 {
			continue
		}
		m.byStart(pins[r])
		q, driving, metres := m.drawn(r, pins[r])
		if sh.driving > 0 {
			sh.driving = max(sh.driving, driving)
		}
		if sh.metres > 0 {
			sh.metres = max(sh.metres, metres)
		}
		if len(sh.breaks) == 0 {
			continue
		}
		l := newLabels(len(q))
		all := sh.breaks
		sh.breaks = nil
		for _, b := range all {
			sh.breaks = append(sh.breaks, b)
			if _, ok := m.follow(&l, &ties{}, r, q); !ok {
				sh.breaks = sh.breaks[:len(sh.breaks)-1]
			}
		}
	}
}

// byStart sorts jobs at set times.
func (m *model) byStart(jobs []int32) {
	slices.SortStableFunc(jobs, func(a, b int32) int { return int(m.jobs[a].start) - int(m.jobs[b].start) })
}

// leg asks for a drive; one from or to nowhere is none.
func (m *model) leg(sh *shift, from, to int32) Leg {
	if from < 0 || to < 0 {
		return Leg{}
	}
	l := m.p.Travel[sh.profile].Leg(int(from), int(to))
	return l
}

// drawn are the nodes of a route, with drives asked for one by one.
func (m *model) drawn(r int, jobs []int32) (q []node, driving, metres int64) {
	sh := &m.shifts[r]
	q = append(q, node{job: -1, at: sh.start})
	for _, j := range jobs {
		q = append(q, node{job: j, at: m.jobs[j].at})
	}
	q = append(q, node{job: -1, at: sh.end})
	for i := range len(q) - 1 {
		l := m.leg(sh, q[i].at, q[i+1].at)
		q[i].seconds = min(l.Seconds, far)
		driving += int64(l.Seconds)
		metres += int64(l.Metres)
	}
	return q, driving, metres
}
