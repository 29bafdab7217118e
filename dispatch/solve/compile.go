package solve

import (
	"cmp"
	"math"
	"slices"
)

// compile turns a checked problem into a model without drives: those are an area's, which may be
// all of it.
func compile(p *Problem) *model {
	m := &model{p: p, can: newTable(len(p.Jobs), len(p.Shifts)), statics: costsWork(p)}
	first, last := spanOf(p)
	m.origin = first
	m.compileParts()
	paces := map[int]int32{}
	m.shifts = make([]shift, len(p.Shifts))
	for i := range p.Shifts {
		s := &p.Shifts[i]
		pace := cmp.Or(s.Pace, 1000)
		if _, known := paces[pace]; !known {
			paces[pace] = int32(len(paces))
		}
		m.shifts[i] = m.compileShift(s, int32(i), paces[pace])
		m.people = max(m.people, s.Technician+1)
		m.layers = max(m.layers, len(s.Breaks)+1)
		m.loads = max(m.loads, len(s.Capacity))
	}
	m.held = make([]int64, m.people*m.parts)
	for person := range m.people {
		for part := range m.parts {
			m.held[person*m.parts+part] = m.stock(person, int32(part))
		}
	}
	m.compileJobs(int32(last - first))
	m.compileLinks()
	m.paces = len(paces)
	m.work = make([]int32, m.paces*len(p.Jobs))
	m.setup = make([]int32, m.paces*len(p.Jobs))
	for pace, c := range paces {
		for j := range p.Jobs {
			m.work[int(c)*len(p.Jobs)+j] = paced(p.Jobs[j].Work, pace)
			m.setup[int(c)*len(p.Jobs)+j] = paced(p.Jobs[j].Setup, pace)
		}
	}
	m.compileAbility()
	m.dropBreaks()
	m.stride = m.longest() + 2
	m.plain = m.isPlain()
	m.energy = m.weigh()
	m.ground = m.layOut()
	if m.free {
		for r := range m.shifts {
			m.shifts[r].perSecond = 1
		}
	}
	return m
}

// paced is how long work takes at a pace, rounded up to whole seconds.
func paced(seconds int64, pace int) int32 {
	return int32(min((seconds*int64(pace)+999)/1000, int64(far)))
}

// spanOf is from the first moment at which anything can happen to the last.
func spanOf(p *Problem) (first, last int64) {
	first, last = math.MaxInt64, math.MinInt64
	for i := range p.Shifts {
		first, last = min(first, p.Shifts[i].From), max(last, p.Shifts[i].To+p.Shifts[i].Overtime)
	}
	for i := range p.Jobs {
		if pin := p.Jobs[i].Pin; pin != nil && pin.Timed {
			first, last = min(first, pin.Start), max(last, pin.Start)
		}
	}
	if first > last {
		return 0, 0
	}
	return first, last
}

func (m *model) compileShift(s *Shift, id, pace int32) shift {
	c := shift{
		id: id, person: int32(s.Technician), profile: int32(s.Profile), pace: pace,
		start: int32(s.Start), end: int32(s.End),
		from: int32(s.From - m.origin), to: int32(s.To - m.origin), limit: int32(s.To + s.Overtime - m.origin),
		perSecond: s.Rates.Driving * (CostUnit / 3600), perMetre: s.Rates.Km * (CostUnit / 1000),
		perWork: s.Rates.Work * (CostUnit / 3600), perOver: s.Rates.Overtime * (CostUnit / 3600), fixed: s.Rates.Fixed * CostUnit,
		capacity: s.Capacity, most: int32(min(s.MaxJobs, math.MaxInt32)), driving: s.MaxDriving, metres: s.MaxMetres,
		limited: s.MaxDriving != 0 || s.MaxMetres != 0,
	}
	for _, b := range inOrder(s.Breaks) {
		c.breaks = append(c.breaks, pause{int32(b), m.spans(s.Breaks[b].Windows, 0, far), int32(min(s.Breaks[b].Duration, int64(far)))})
	}
	return c
}

// inOrder lists breaks in the order in which they are taken.
func inOrder(breaks []Break) []int {
	order := make([]int, len(breaks))
	for i := range order {
		order[i] = i
	}
	ends := func(b *Break) (first, last int64) {
		first, last = Forever, -Forever
		for _, w := range b.Windows {
			first, last = min(first, w.From), max(last, w.To)
		}
		if len(b.Windows) == 0 {
			return -Forever, Forever
		}
		return first, last
	}
	slices.SortStableFunc(order, func(a, b int) int {
		firstA, lastA := ends(&breaks[a])
		firstB, lastB := ends(&breaks[b])
		return cmp.Or(cmp.Compare(lastA, lastB), cmp.Compare(firstA, firstB))
	})
	return order
}

// spans puts windows into the search's time, in order, joined where they touch, and cut to what
// lies between from and to. No windows are one without ends.
func (m *model) spans(windows []Window, from, to int32) []span {
	if len(windows) == 0 {
		return []span{{from, to}}
	}
	var s []span
	for _, w := range windows {
		a, b := max(w.From, m.origin+int64(from)), min(w.To, m.origin+int64(to))
		if a <= b {
			s = append(s, span{int32(a - m.origin), int32(b - m.origin)})
		}
	}
	slices.SortFunc(s, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	joined := s[:0]
	for _, w := range s {
		if n := len(joined); n > 0 && w.from <= joined[n-1].to+1 {
			joined[n-1].to = max(joined[n-1].to, w.to)
		} else {
			joined = append(joined, w)
		}
	}
	return joined
}

func costsWork(p *Problem) bool {
	return slices.ContainsFunc(p.Shifts, func(s Shift) bool { return s.Rates.Work != 0 || s.Rates.Fixed != 0 })
}

// longest is how many jobs a route can hold at most.
func (m *model) longest() int {
	work := slices.Clone(m.work)
	slices.Sort(work)
	most := 0
	for i := range m.shifts {
		s := &m.shifts[i]
		n, left := 0, int64(s.limit-s.from)
		for n < len(m.jobs) && n < len(work) && left >= int64(work[n]) {
			left -= int64(work[n])
			n++
		}
		if s.most > 0 {
			n = min(n, int(s.most))
		}
		most = max(most, n)
	}
	// What is pinned may come on top.
	pinned := make([]int, len(m.shifts)+1)
	for i := range m.jobs {
		if pin := m.jobs[i].pin; pin >= 0 {
			pinned[pin]++
		}
	}
	return min(most+slices.Max(pinned), len(m.jobs))
}

// isPlain says whether the short arithmetic of the usual day will do.
func (m *model) isPlain() bool {
	starts := map[int32]bool{}
	for i := range m.shifts {
		s := &m.shifts[i]
		if len(s.breaks) > 1 || len(s.breaks) == 1 && len(s.breaks[0].windows) != 1 || s.perOver != 0 && s.limit > s.to || s.limited || s.cut != nil {
			return false
		}
		starts[s.start] = true
	}
	at := map[int32]int{}
	for i := range m.jobs {
		at[m.jobs[i].at]++
	}
	for i := range m.jobs {
		j := &m.jobs[i]
		if len(j.windows) > 1 || j.soft && j.lastEnd(m) > j.due || j.fixed || j.linked || j.chain >= 0 {
			return false
		}
		if m.p.Jobs[i].Setup > 0 && (at[j.at] > 1 || starts[j.at]) {
			return false
		}
	}
	return !m.mixed && !m.balanced()
}

// lastEnd is when j is over at the latest.
func (j *job) lastEnd(m *model) int32 {
	longest := int32(0)
	for c := range m.paces {
		at := c*len(m.jobs) + int(j.id)
		longest = max(longest, m.work[at]+m.setup[at])
	}
	return j.last + longest
}
