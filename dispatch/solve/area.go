package solve

import (
	"cmp"
	"fmt"
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
	places := a.places(m, jobs, shifts)
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
	a.held = m.held
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
func (a *model) places(m *model, jobs, shifts []int32) map[int32]int32 {
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
	a.width = len(n) + 1
	n[Nowhere] = int32(len(n))
	return n
}

// measure asks for the drives.
func (a *model) measure(places map[int32]int32) {
	list := make([]int32, a.width-1)
	for p, i := range places {
		if p != Nowhere {
			list[i] = p
		}
	}
	metres, used := false, make([]bool, len(a.p.Travel))
	for i := range a.shifts {
		metres = metres || a.shifts[i].perMetre != 0 || a.shifts[i].metres != 0
		used[a.shifts[i].profile] = true
	}
	a.legs = make([]plane, len(a.p.Travel))
	a.pure = !metres
	for i, t := range a.p.Travel {
		if used[i] {
			a.legs[i] = newPlane(t, list, metres)
			a.pure = a.pure && a.legs[i].tolls == nil
		}
	}
}

// sortKinds gathers the shifts that are alike: of their empty ones, one is as good as another.
func (a *model) sortKinds() {
	special := make([]bool, a.people)
	chosen := make([]bool, len(a.shifts)+1)
	column := make([]uint64, len(a.shifts))
	for i := range a.jobs {
		for _, like := range a.jobs[i].prefs {
			if int(like.person) < a.people { // somebody without a shift may be liked, too
				special[like.person] = true
			}
		}
		if p := a.jobs[i].published; p >= 0 {
			chosen[p] = true
		}
		h := newRandom(uint64(i), 0).x
		for r := range a.shifts {
			if a.can.has(i, r) {
				column[r] += h
			}
		}
	}
	known := map[string]int32{}
	for r := range a.shifts {
		s := a.shifts[r]
		alone := -1
		if special[s.person] || len(a.siblings[s.person]) > 1 || chosen[r] || s.cut != nil {
			alone = r
		}
		var stock []Amount
		if int(s.person) < len(a.p.Stock) {
			stock = a.p.Stock[s.person]
		}
		id := s.id
		s.id, s.person, s.cut = 0, 0, nil
		key := fmt.Sprint(s, stock, column[r], alone)
		if _, found := known[key]; !found {
			known[key] = int32(len(a.kinds))
			a.kinds = append(a.kinds, nil)
		}
		k := known[key]
		s = a.shifts[r]
		_ = id
		a.shifts[r].kind = k
		a.kinds[k] = append(a.kinds[k], int32(r))
	}
}

// findNear lists for each job the nearest jobs that share a capable shift, and the nearest capable shifts.
func (a *model) findNear() {
	n := len(a.jobs)
	a.nearest = min(nearestJobs, max(0, n-1))
	a.reaches = min(nearestShifts, len(a.kinds))
	a.near = make([]int32, n*a.nearest)
	a.reach = make([]int32, n*a.reaches)
	class, share := a.shares()
	keys := make([]uint64, 0, max(n, len(a.shifts)))
	for i := range n {
		j := &a.jobs[i]
		keys = keys[:0]
		row := a.legs[a.someProfile(i)].seconds[int(j.at)*a.width:]
		for k := range n {
			if k != i && share[class[i]][class[k]] {
				keys = append(keys, uint64(row[a.jobs[k].at])<<32|uint64(k))
			}
		}
		lowest(keys, a.nearest)
		for k := range a.nearest {
			a.near[i*a.nearest+k] = int32(i)
			if k < len(keys) {
				a.near[i*a.nearest+k] = int32(uint32(keys[k]))
			}
		}
		keys = keys[:0]
		for k, kind := range a.kinds {
			r := kind[0]
			if a.can.has(i, int(r)) {
				s := &a.shifts[r]
				at := s.start
				if int(at) == a.width-1 {
					at = s.end
				}
				keys = append(keys, uint64(a.legs[s.profile].seconds[int(j.at)*a.width+int(at)])<<32|uint64(k))
			}
		}
		lowest(keys, a.reaches)
		for k := range a.reaches {
			a.reach[i*a.reaches+k] = -1
			if k < len(keys) {
				a.reach[i*a.reaches+k] = int32(uint32(keys[k]))
			}
		}
	}
}

// someProfile is the profile of a shift that can do job i.
func (a *model) someProfile(i int) int32 {
	for r := range a.shifts {
		if a.can.has(i, r) {
			return a.shifts[r].profile
		}
	}
	return a.shifts[0].profile
}

// shares sorts the jobs by who can do them, and says which sorts have somebody in common.
func (a *model) shares() (class []int32, share [][]bool) {
	known := map[string]int32{}
	var rows [][]uint64
	class = make([]int32, len(a.jobs))
	key := make([]byte, 0, 8*a.can.words)
	for i := range a.jobs {
		row := a.can.row(i)
		key = key[:0]
		for _, w := range row {
			for b := range 8 {
				key = append(key, byte(w>>(8*b)))
			}
		}
		c, found := known[string(key)]
		if !found {
			c = int32(len(rows))
			known[string(key)] = c
			rows = append(rows, row)
		}
		class[i] = c
	}
	share = make([][]bool, len(rows))
	for x := range rows {
		share[x] = make([]bool, len(rows))
		for y := range rows {
			for w := range rows[x] {
				if rows[x][w]&rows[y][w] != 0 {
					share[x][y] = true
					break
				}
			}
		}
	}
	return class, share
}

// lowest moves the k lowest keys to the front, in order.
func lowest(keys []uint64, k int) {
	lo, hi := 0, len(keys)-1
	for k < len(keys) && lo < hi {
		pivot := keys[(lo+hi)/2]
		i, j := lo, hi
		for i <= j {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}
			if i <= j {
				keys[i], keys[j] = keys[j], keys[i]
				i++
				j--
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			lo = hi
		}
	}
	slices.Sort(keys[:min(k, len(keys))])
}

// compareJobs orders jobs for a first plan: what is worth most first.
func (a *model) compareJobs(x, y int32) int {
	return cmp.Or(cmp.Compare(a.jobs[y].gain, a.jobs[x].gain), cmp.Compare(a.jobs[x].last-a.jobs[x].first, a.jobs[y].last-a.jobs[y].first), cmp.Compare(x, y))
}
