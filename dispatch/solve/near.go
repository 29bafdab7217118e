package solve

import (
	"fmt"
	"slices"
)

// sortKinds gathers the shifts that are alike: of their empty ones, one is as good as another.
func (m *model) sortKinds() {
	special := make([]bool, m.people)
	chosen := make([]bool, len(m.shifts)+1)
	column := make([]uint64, len(m.shifts))
	for i := range m.jobs {
		for _, like := range m.jobs[i].prefs {
			if int(like.person) < m.people { // somebody without a shift may be liked, too
				special[like.person] = true
			}
		}
		if p := m.jobs[i].published; p >= 0 {
			chosen[p] = true
		}
		h := newRandom(uint64(i), 0).x
		for r := range m.shifts {
			if m.can.has(i, r) {
				column[r] += h
			}
		}
	}
	known := map[string]int32{}
	for r := range m.shifts {
		s := m.shifts[r]
		alone := -1
		if special[s.person] || len(m.siblings[s.person]) > 1 || chosen[r] || s.cut != nil {
			alone = r
		}
		var stock []Amount
		if int(s.person) < len(m.p.Stock) {
			stock = m.p.Stock[s.person]
		}
		s.id, s.person, s.cut = 0, 0, nil
		key := fmt.Sprint(s, stock, column[r], alone)
		if _, found := known[key]; !found {
			known[key] = int32(len(m.kinds))
			m.kinds = append(m.kinds, nil)
		}
		k := known[key]
		m.shifts[r].kind = k
		m.kinds[k] = append(m.kinds[k], int32(r))
	}
}

// findNear lists for each job the nearest jobs that share a capable shift, and the nearest capable shifts.
func (m *model) findNear() {
	n := len(m.jobs)
	m.nearest = min(nearestJobs, max(0, n-1))
	m.reaches = min(nearestShifts, len(m.kinds))
	m.near = make([]int32, n*m.nearest)
	m.alone, m.shared = make([]uint64, n*m.can.words), make([]int32, n*(m.reaches+1))
	m.reach = make([]int32, n*m.reaches)
	class, share := m.shares()
	keys := make([]uint64, 0, max(n, len(m.shifts)))
	for i := range n {
		j := &m.jobs[i]
		keys = keys[:0]
		row := m.legs[m.someProfile(i)].seconds[int(j.at)*m.width:]
		for k := range n {
			if k != i && share[class[i]][class[k]] {
				keys = append(keys, uint64(row[m.jobs[k].at])<<32|uint64(k))
			}
		}
		lowest(keys, m.nearest)
		for k := range m.nearest {
			m.near[i*m.nearest+k] = int32(i)
			if k < len(keys) {
				m.near[i*m.nearest+k] = int32(uint32(keys[k]))
			}
		}
		keys = keys[:0]
		for k, kind := range m.kinds {
			r := kind[0]
			if m.can.has(i, int(r)) {
				s := &m.shifts[r]
				at := s.start
				if int(at) == m.width-1 {
					at = s.end
				}
				keys = append(keys, uint64(m.legs[s.profile].seconds[int(j.at)*m.width+int(at)])<<32|uint64(k))
			}
		}
		lowest(keys, m.reaches)
		for k := range m.reaches {
			m.reach[i*m.reaches+k] = -1
			if k < len(keys) {
				m.reach[i*m.reaches+k] = int32(uint32(keys[k]))
			}
		}
		m.part(i)
	}
}

// part notes which of the shifts within job i's reach are alike, and which are like no other.
func (m *model) part(i int) {
	shared := m.shared[i*(m.reaches+1):]
	n := 0
	for _, k := range m.reach[i*m.reaches : (i+1)*m.reaches] {
		if k < 0 {
			break
		}
		if r := m.kinds[k][0]; len(m.kinds[k]) == 1 {
			m.alone[i*m.can.words+int(r>>6)] |= 1 << (r & 63)
		} else {
			shared[n] = k
			n++
		}
	}
	shared[n] = -1
}

// someProfile is the profile of a shift that can do job i.
func (m *model) someProfile(i int) int32 {
	for r := range m.shifts {
		if m.can.has(i, r) {
			return m.shifts[r].profile
		}
	}
	return m.shifts[0].profile
}

// shares sorts the jobs by who can do them, and says which sorts have somebody in common.
func (m *model) shares() (class []int32, share [][]bool) {
	known := map[string]int32{}
	var rows [][]uint64
	class = make([]int32, len(m.jobs))
	key := make([]byte, 0, 8*m.can.words)
	for i := range m.jobs {
		row := m.can.row(i)
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
