package demo_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"
)

// corner is a corner of cells: that of cell c is at its south-west.
type corner = cell

// tracer turns a labelled grid into shapes whose common borders are the same points.
type tracer struct {
	*grid
	at   map[corner]orb.Point // where a corner has moved to, in cells
	arcs map[string][]orb.Point
}

// trace draws the borders of the regions 1 to n. They are smoothed all together: a corner moves
// by less than half a cell and is one point for all regions that meet there, so that no border
// crosses another.
func trace(g *grid, n int) []orb.MultiPolygon {
	t := &tracer{g, map[corner]orb.Point{}, map[string][]orb.Point{}}
	rings := make([][][]corner, n+1)
	for r := 1; r <= n; r++ {
		rings[r] = g.rings(r)
	}
	t.smooth(rings)
	all := make([]orb.MultiPolygon, n)
	for r := 1; r <= n; r++ {
		all[r-1] = t.shape(rings[r])
	}
	return all
}

// rings follows the edges of a region's cells with the region on the left.
func (g *grid) rings(region int) [][]corner {
	next := map[corner]corner{}
	for y := range g.height {
		for x := range g.width {
			if g.region[cell{x, y}] != region {
				continue
			}
			corners := [4]corner{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}}
			for i, beyond := range [4]cell{{x, y - 1}, {x + 1, y}, {x, y + 1}, {x - 1, y}} {
				if g.region[beyond] != region {
					next[corners[i]] = corners[(i+1)%4]
				}
			}
		}
	}
	var rings [][]corner
	for y := range g.height + 1 {
		for x := range g.width + 1 {
			start := corner{x, y}
			if _, edge := next[start]; !edge {
				continue
			}
			var ring []corner
			for c := start; ; {
				after, edge := next[c]
				if !edge {
					break
				}
				delete(next, c)
				ring = append(ring, c)
				c = after
			}
			rings = append(rings, ring)
		}
	}
	return rings
}

// junction says whether three labels or more meet at a corner.
func (g *grid) junction(c corner) bool {
	labels := []int{g.region[cell{c.x - 1, c.y - 1}], g.region[cell{c.x, c.y - 1}], g.region[cell{c.x - 1, c.y}], g.region[c]}
	slices.Sort(labels)
	return len(slices.Compact(labels)) > 2
}

// smooth draws each corner between two labels towards its neighbours on the border.
func (t *tracer) smooth(rings [][][]corner) {
	beside := map[corner][2]corner{}
	for _, all := range rings {
		for _, ring := range all {
			for i, c := range ring {
				t.at[c] = orb.Point{float64(c.x), float64(c.y)}
				if !t.junction(c) {
					beside[c] = [2]corner{ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)]}
				}
			}
		}
	}
	for range 6 {
		moved := map[corner]orb.Point{}
		for c, p := range t.at {
			moved[c] = p
			n, ok := beside[c]
			if !ok {
				continue
			}
			for k, origin := range [2]float64{float64(c.x), float64(c.y)} {
				// Sums in one order for both regions that share the corner.
				mean := (min(t.at[n[0]][k], t.at[n[1]][k]) + max(t.at[n[0]][k], t.at[n[1]][k]) + 2*p[k]) / 4
				q := moved[c]
				q[k] = max(origin-.45, min(origin+.45, mean))
				moved[c] = q
			}
		}
		t.at = moved
	}
}

// shape turns rings into polygons with their holes.
func (t *tracer) shape(rings [][]corner) orb.MultiPolygon {
	var outer orb.MultiPolygon
	var holes []orb.Ring
	for _, corners := range rings {
		ring := t.ring(corners)
		if ring.Orientation() == orb.CCW {
			outer = append(outer, orb.Polygon{ring})
		} else {
			holes = append(holes, ring)
		}
	}
	for _, h := range holes {
		for i := range outer {
			if planar.RingContains(outer[i][0], h[0]) {
				outer[i] = append(outer[i], h)
				break
			}
		}
	}
	return outer
}

// ring simplifies the ring arc by arc from junction to junction, so that neighbours drop the
// same points.
func (t *tracer) ring(corners []corner) orb.Ring {
	start := slices.IndexFunc(corners, t.junction)
	if start < 0 {
		start = 0
		for i, c := range corners {
			if c.y < corners[start].y || c.y == corners[start].y && c.x < corners[start].x {
				start = i
			}
		}
	}
	corners = slices.Concat(corners[start:], corners[:start], corners[start:start+1])
	var ring orb.Ring
	for from, i := 0, 1; i < len(corners); i++ {
		if i == len(corners)-1 || t.junction(corners[i]) {
			ring = append(ring, t.arc(corners[from:i+1])...)
			ring = ring[:len(ring)-1]
			from = i
		}
	}
	return append(ring, ring[0])
}

// arc simplifies a piece of border always in the same direction, whichever region asks.
func (t *tracer) arc(corners []corner) []orb.Point {
	first, last := corners[0], corners[len(corners)-1]
	if first == last {
		first, last = corners[1], corners[len(corners)-2]
	}
	back := first.y > last.y || first.y == last.y && first.x > last.x
	corners = slices.Clone(corners)
	if back {
		slices.Reverse(corners)
	}
	key := fmt.Sprint(corners[:2], corners[len(corners)-2:])
	if t.arcs[key] == nil {
		var line orb.LineString
		for _, c := range corners {
			line = append(line, t.at[c])
		}
		line = simplify.DouglasPeucker(.25).LineString(line)
		for _, p := range line {
			t.arcs[key] = append(t.arcs[key], orb.Point{
				round(t.origin[0] + p[0]*cellLng), round(t.origin[1] + p[1]*cellLat),
			})
		}
	}
	points := slices.Clone(t.arcs[key])
	if back {
		slices.Reverse(points)
	}
	return points
}

// round keeps five decimals, about a metre.
func round(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }
