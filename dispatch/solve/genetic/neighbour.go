package genetic

import "slices"

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
	nearest := make([]uint64, 0, h.each+1) // how far, and in the last bits who
	for u := 1; u <= n; u++ {
		nearest = nearest[:0]
		for v := 1; v <= n; v++ {
			key := uint64(min(from(v, u), from(u, v), farthest))<<32 | uint64(v)
			if v == u || len(nearest) == h.each && (h.each == 0 || key > nearest[h.each-1]) {
				continue
			}
			at, _ := slices.BinarySearch(nearest, key)
			nearest = slices.Insert(nearest, at, key)
			nearest = nearest[:min(len(nearest), h.each)]
		}
		for i, key := range nearest {
			h.visits[u*h.each+i] = int32(uint32(key))
		}
	}
	return h
}

// farthest is as far apart as visits can be.
const farthest = 1<<31 - 1
