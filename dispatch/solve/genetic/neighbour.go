package genetic

import (
	"cmp"
	"slices"
)

// How many neighbours of a visit moves are tried with, and how many the crossover knows.
const (
	neighbours = 40
	surround   = 100
)

// neighbourhood lists for every visit the others, nearest first.
type neighbourhood struct {
	visits []int32
	each   int
}

// of lists so many of the nearest visits of u.
func (h *neighbourhood) of(u int32, count int) []int32 {
	at := int(u) * h.each
	return h.visits[at : at+min(h.each, count)]
}

// newNeighbourhood finds the visits nearest to each: those with which a way costs little, with
// little waiting and without being late (Vidal et al. 2013: a fifth of the wait and all of the
// warp count).
func newNeighbourhood(p *Problem) *neighbourhood {
	n, w := p.Visits, p.Visits+1
	h := &neighbourhood{each: min(surround, n-1)}
	h.visits = make([]int32, w*h.each)
	cost, time := p.scales()
	from := func(i, j int) int64 {
		way := i*w + j
		leave := int64(p.Service[i]) + int64(p.Time[way])
		wait := int64(p.Early[j]) - leave - int64(p.Late[i])
		warp := int64(p.Early[i]) + leave - int64(p.Late[j])
		return int64(p.Cost[way]) + (max(0, wait)/5+max(0, warp))*cost/time
	}
	type neighbour struct {
		visit int32
		away  int64
	}
	row := make([]neighbour, 0, n)
	for u := 1; u <= n; u++ {
		row = row[:0]
		for v := 1; v <= n; v++ {
			if v != u {
				row = append(row, neighbour{int32(v), min(from(v, u), from(u, v))})
			}
		}
		slices.SortFunc(row, func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.away, b.away), cmp.Compare(a.visit, b.visit))
		})
		for i := range h.each {
			h.visits[u*h.each+i] = row[i].visit
		}
	}
	return h
}
