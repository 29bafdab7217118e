package solve

import (
	"cmp"
	"slices"
)

// How many jobs and shifts near a job are looked at.
const (
	nearestJobs   = 60
	nearestShifts = 24
)

// area is the part of a model with some jobs and shifts, its drives and its neighbourhoods.
// Jobs whose partners are outside stay as they are.
func (m *model) area(jobs, shifts []int32) *model {
	a := &model{
		p: m.p, origin: m.origin, parts: m.parts, partOf: m.partOf, paces: m.paces, loads: m.loads, mixed: m.mixed, layers: m.layers,
		stride: min(m.stride, len(jobs)+2), chains: m.chains, energy: m.energy, plain: m.plain, statics: m.statics, people: m.people,
	}
	local := make([]int32, len(m.jobs))
	for i := range local {
		local[i] = -1
	}
	for i, j := range jobs {
		local[j] = int32(i)
	}
	places := m.places(jobs, shifts)
	a.width = len(places)
	a.work, a.setup = make([]int32, a.paces*len(jobs)), make([]int32, a.paces*len(jobs))
	a.jobs = make([]job, len(jobs))
	a.groups = make([][]int32, len(m.groups))
	for i, j := range jobs {
		c := m.jobs[j]
		c.at = places[c.at]
		for p := range a.paces {
			a.work[p*len(jobs)+i] = m.work[p*len(m.jobs)+int(j)]
			a.setup[p*len(jobs)+i] = m.setup[p*len(m.jobs)+int(j)]
		}
		c.after, c.held = within(c.after, local, c.held)
		c.before, c.held = within(c.before, local, c.held)
		if c.group >= 0 && a.groups[c.group] == nil {
			a.groups[c.group], _ = within(m.groups[c.group], local, false)
		}
		if c.group >= 0 {
			c.held = c.held || len(a.groups[c.group]) < len(m.groups[c.group])
		}
		a.jobs[i] = c
	}
	a.shifts = make([]shift, len(shifts))
	a.can = newTable(len(jobs), len(shifts))
	to := make([]int32, len(m.shifts))
	for i := range to {
		to[i] = -1
	}
	a.siblings = make([][]int32, a.people)
	for i, r := range shifts {
		to[r] = int32(i)
		c := m.shifts[r]
		c.start, c.end = places[c.start], places[c.end]
		if m.shifts[r].cut != nil {
			c.cut = make([][2][]span, len(jobs))
			for k, j := range jobs {
				c.cut[k] = m.shifts[r].cut[j]
			}
		}
		for k, j := range jobs {
			if m.can.has(int(j), int(r)) {
				a.can.set(k, i)
			}
		}
		a.shifts[i] = c
		a.siblings[c.person] = append(a.siblings[c.person], int32(i))
	}
	for i := range a.jobs {
		j := &a.jobs[i]
		if j.pin >= 0 {
			j.pin = to[j.pin]
		}
		if j.published >= 0 {
			if to[j.published] < 0 {
				j.published = int32(len(shifts)) // somewhere else
			} else {
				j.published = to[j.published]
			}
		}
	}
	a.held, a.least = m.held, a.leasts()
	a.initial = make([][]int32, len(shifts))
	for i, r := range shifts {
		if int(r) < len(m.p.Initial) {
			for _, j := range m.p.Initial[r] {
				if local[j] >= 0 {
					a.initial[i] = append(a.initial[i], local[j])
				}
			}
		}
	}
	a.measure(places)
	a.sortKinds()
	a.findNear()
	a.orders = newOrders(a)
	return a
}

// within translates jobs, and says whether one of them is outside.
func within(jobs, local []int32, outside bool) ([]int32, bool) {
	var in []int32
	for _, j := range jobs {
		if local[j] < 0 {
			outside = true
			continue
		}
		in = append(in, local[j])
	}
	return in, outside
}

// places numbers the places of the area; nowhere is the last.
func (m *model) places(jobs, shifts []int32) map[int32]int32 {
	n := map[int32]int32{}
	add := func(p int32) {
		if _, known := n[p]; !known {
			n[p] = int32(len(n))
		}
	}
	var list []int32
	for _, j := range jobs {
		list = append(list, m.jobs[j].at)
	}
	for _, r := range shifts {
		list = append(list, m.shifts[r].start, m.shifts[r].end)
	}
	list = slices.DeleteFunc(list, func(p int32) bool { return p < 0 })
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(m.ground.curve[a], m.ground.curve[b]), cmp.Compare(a, b))
	})
	for _, p := range list {
		add(p)
	}
	n[Nowhere] = int32(len(n))
	return n
}

// measure asks for the drives.
func (m *model) measure(places map[int32]int32) {
	list := make([]int32, m.width-1)
	for p, i := range places {
		if p != Nowhere {
			list[i] = p
		}
	}
	metres, used := false, make([]bool, len(m.p.Travel))
	for i := range m.shifts {
		metres = metres || m.shifts[i].perMetre != 0 || m.shifts[i].metres != 0
		used[m.shifts[i].profile] = true
	}
	m.legs = make([]plane, len(m.p.Travel))
	m.pure, m.metric = !metres, true
	for i, t := range m.p.Travel {
		if used[i] {
			m.legs[i] = newPlane(t, list, metres)
			m.metric = m.metric && m.legs[i].metric()
			m.pure = m.pure && m.legs[i].tolls == nil
		}
	}
}

// compareJobs orders jobs for a first plan: what is worth most first.
func (m *model) compareJobs(x, y int32) int {
	return cmp.Or(cmp.Compare(m.jobs[y].gain, m.jobs[x].gain), cmp.Compare(m.jobs[x].last-m.jobs[x].first, m.jobs[y].last-m.jobs[y].first), cmp.Compare(x, y))
}
