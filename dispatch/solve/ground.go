package solve

import "math"

// ground lays out places on a plane such that those near each other by travel are near there: by
// their drives to two pairs of places far apart (Faloutsos and Lin, "FastMap", SIGMOD 1995).
type ground struct{ x, y []float64 }

// layOut places everything that a model names. It asks for a few drives of each place.
func (m *model) layOut() ground {
	g := ground{make([]float64, m.p.Places), make([]float64, m.p.Places)}
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
	return g
}
