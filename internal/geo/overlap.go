package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// borderMetres is how far two territories may reach into each other before they overlap: borders
// that were drawn twice do not match to the centimetre.
const borderMetres = 1

// Overlaps says whether the territories have ground in common, more than a strip of a metre along
// a common border. Borders that touch or run together are no overlap.
//
// Two areas have ground in common where the border of one runs inside the other, or where they
// are the same. So each border is cut where it meets the other, the middle of each piece is
// looked for inside the other area, and so is an inner point of each area.
func (t Territory) Overlaps(o Territory) bool {
	if len(t.shape) == 0 || len(o.shape) == 0 || !t.bound.Intersects(o.bound) {
		return false
	}
	for _, p := range t.shape {
		for _, q := range o.shape {
			if pb, qb := p.Bound(), q.Bound(); pb.Intersects(qb) && (enters(p, q, qb) || enters(q, p, pb)) {
				return true
			}
		}
	}
	return false
}

// enters says whether the border of p, or an inner point of it, lies inside q.
func enters(p, q orb.Polygon, bound orb.Bound) bool {
	for _, ring := range p {
		for i := range len(ring) - 1 {
			a, b := ring[i], ring[i+1]
			if !(orb.MultiPoint{a, b}).Bound().Intersects(bound) {
				continue
			}
			cuts := cutsOf(a, b, q)
			for j := range len(cuts) - 1 {
				if inside(q, along(a, b, (cuts[j]+cuts[j+1])/2)) {
					return true
				}
			}
		}
	}
	return inside(q, innerPoint(p))
}

// along is the point at a share of the way from a to b.
func along(a, b orb.Point, share float64) orb.Point {
	return orb.Point{a[0] + (b[0]-a[0])*share, a[1] + (b[1]-a[1])*share}
}

// inside says whether at lies in q, further from its border than a border is exact.
func inside(q orb.Polygon, at orb.Point) bool {
	if !planar.PolygonContains(q, at) {
		return false
	}
	// Degrees of longitude shrink towards the poles.
	east, north := math.Cos(at[1]*math.Pi/180)*degreeMetres, degreeMetres
	for _, ring := range q {
		for i := range len(ring) - 1 {
			a, b := ring[i], ring[i+1]
			ax, ay := (a[0]-at[0])*east, (a[1]-at[1])*north
			dx, dy := (b[0]-a[0])*east, (b[1]-a[1])*north
			share := 0.0
			if length := dx*dx + dy*dy; length > 0 {
				share = max(0, min(1, -(ax*dx+ay*dy)/length))
			}
			if math.Hypot(ax+share*dx, ay+share*dy) <= borderMetres {
				return false
			}
		}
	}
	return true
}

// degreeMetres is the length of a degree of a great circle.
const degreeMetres = earthRadius * math.Pi / 180

// cutsOf returns the shares of the way from a to b, in order, at which it meets the border of q,
// with its two ends.
func cutsOf(a, b orb.Point, q orb.Polygon) []float64 {
	cuts := []float64{0, 1}
	d := orb.Point{b[0] - a[0], b[1] - a[1]}
	add := func(share float64) {
		if share > 0 && share < 1 {
			cuts = append(cuts, share)
		}
	}
	box := (orb.MultiPoint{a, b}).Bound()
	for _, ring := range q {
		for i := range len(ring) - 1 {
			c, e := ring[i], ring[i+1]
			if !box.Intersects((orb.MultiPoint{c, e}).Bound()) {
				continue
			}
			f := orb.Point{e[0] - c[0], e[1] - c[1]}
			g := orb.Point{c[0] - a[0], c[1] - a[1]}
			if turn := d[0]*f[1] - d[1]*f[0]; turn != 0 {
				if on := (g[0]*d[1] - g[1]*d[0]) / turn; on >= 0 && on <= 1 {
					add((g[0]*f[1] - g[1]*f[0]) / turn)
				}
				continue
			}
			// Along the same line, or beside it: where the other edge begins and ends.
			if length := d[0]*d[0] + d[1]*d[1]; length > 0 {
				add((g[0]*d[0] + g[1]*d[1]) / length)
				add(((e[0]-a[0])*d[0] + (e[1]-a[1])*d[1]) / length)
			}
		}
	}
	slices.Sort(cuts)
	return cuts
}

// innerPoint is a point of p, well away from its border: the middle of the widest stretch of p on
// some parallels.
func innerPoint(p orb.Polygon) orb.Point {
	const parallels = 33
	bound := p.Bound()
	var best orb.Point
	widest := -1.0
	for n := range parallels {
		y := bound.Min[1] + (bound.Max[1]-bound.Min[1])*(float64(n)+.5)/parallels
		var xs []float64
		for _, ring := range p {
			for i := range len(ring) - 1 {
				if a, b := ring[i], ring[i+1]; (a[1] <= y) != (b[1] <= y) {
					xs = append(xs, a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]))
				}
			}
		}
		slices.Sort(xs)
		for i := 0; i+1 < len(xs); i += 2 {
			if w := xs[i+1] - xs[i]; w > widest {
				widest, best = w, orb.Point{(xs[i] + xs[i+1]) / 2, y}
			}
		}
	}
	return best
}
