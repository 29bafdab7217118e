package solve

import (
	"cmp"
	"math"
	"slices"
)

// ground lays out places on a plane such that those near each other by travel are near there: by
// their drives to two pairs of places far apart (Faloutsos and Lin, "FastMap", SIGMOD 1995).
type ground struct {
	x, y  []float64
	curve []uint32 // by place: where a curve that fills the plane passes it (Morton's)
}

// layOut places everything that a model names. It asks for a few drives of each place.
func (m *model) layOut() ground {
	g := ground{make([]float64, m.p.Places), make([]float64, m.p.Places), make([]uint32, m.p.Places)}
	if len(m.jobs) == 0 || len(m.shifts) == 0 {
		return g
	}
	sh := &m.shifts[0]
	named := make([]bool, m.p.Places)
	for i := range m.jobs {
		named[m.jobs[i].at] = true
	}
	for r := range m.shifts {
		for _, p := range [2]int32{m.shifts[r].start, m.shifts[r].end} {
			if p >= 0 {
				named[p] = true
			}
		}
	}
	drive := func(a, b int) float64 {
		return float64(m.leg(sh, int32(a), int32(b)).Seconds)
	}
	farthest := func(from int, measure func(a, b int) float64) int {
		best := from
		for p := range named {
			if named[p] && measure(from, p) > measure(from, best) {
				best = p
			}
		}
		return best
	}
	axis := func(coordinate []float64, measure func(a, b int) float64) {
		a := farthest(int(m.jobs[0].at), measure)
		b := farthest(a, measure)
		between := measure(a, b)
		if between == 0 {
			return
		}
		for p := range named {
			if named[p] {
				da, db := measure(a, p), measure(b, p)
				coordinate[p] = (da*da + between*between - db*db) / (2 * between)
			}
		}
	}
	axis(g.x, drive)
	axis(g.y, func(a, b int) float64 {
		d, x := drive(a, b), g.x[a]-g.x[b]
		return math.Sqrt(max(0, d*d-x*x))
	})
	g.wind()
	return g
}

// wind numbers the places along the curve.
func (g *ground) wind() {
	if len(g.x) == 0 {
		return
	}
	west, south := slices.Min(g.x), slices.Min(g.y)
	size := max(slices.Max(g.x)-west, slices.Max(g.y)-south, 1)
	spread := func(n uint32) uint32 {
		n = (n | n<<8) & 0x00FF00FF
		n = (n | n<<4) & 0x0F0F0F0F
		n = (n | n<<2) & 0x33333333
		return (n | n<<1) & 0x55555555
	}
	for p := range g.x {
		g.curve[p] = spread(uint32((g.x[p]-west)/size*math.MaxUint16)) | spread(uint32((g.y[p]-south)/size*math.MaxUint16))<<1
	}
}

// sort puts what is near each other near each other in the lists, and so in memory.
func (m *model) sort(g *region) {
	slices.SortFunc(g.jobs, func(a, b int32) int {
		return cmp.Or(cmp.Compare(m.ground.curve[m.jobs[a].at], m.ground.curve[m.jobs[b].at]), cmp.Compare(a, b))
	})
	at := func(r int32) uint32 {
		if p := max(m.shifts[r].start, m.shifts[r].end); p >= 0 {
			return m.ground.curve[p]
		}
		return 0
	}
	slices.SortFunc(g.shifts, func(a, b int32) int { return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a, b)) })
}
