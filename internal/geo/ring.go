package geo

import (
	"cmp"
	"slices"

	"callout/internal/fault"

	"github.com/paulmach/orb"
)

// parseRing checks one ring; polygon and number count from 1 and name it in a refusal.
func parseRing(positions []position, polygon, number int) (orb.Ring, error) {
	ring := make(orb.Ring, 0, len(positions))
	for i, p := range positions {
		if len(p) < 2 || p[0] == nil || p[1] == nil {
			return nil, fault.New(fault.Invalid, "point %d in ring %d of polygon %d has no longitude and latitude", i+1, number, polygon)
		}
		at := orb.Point{*p[0], *p[1]}
		if !Valid(at) {
			return nil, fault.New(fault.Invalid, "point %d in ring %d of polygon %d is not on the earth: longitude %v, latitude %v", i+1, number, polygon, at[0], at[1])
		}
		// A point said twice running is a slip of drawing tools and does no harm.
		if len(ring) == 0 || ring[len(ring)-1] != at {
			ring = append(ring, at)
		}
	}
	if len(ring) < 4 {
		return nil, fault.New(fault.Invalid, "ring %d of polygon %d has %d different points in a row; it must have 4 or more", number, polygon, len(ring))
	}
	if !ring.Closed() {
		return nil, fault.New(fault.Invalid, "ring %d of polygon %d is not closed: its last point must be its first", number, polygon)
	}
	if at, crosses := crossing(ring); crosses {
		return nil, fault.New(fault.Invalid, "ring %d of polygon %d crosses or touches itself near longitude %v, latitude %v", number, polygon, at[0], at[1])
	}
	return ring, nil
}

// edge is one side of a ring, from its western end to its eastern end.
type edge struct {
	west, east orb.Point
	number     int
}

// crossing finds where a closed ring without repeated points meets itself, and gives one end
// of one of the edges that meet. It sweeps from west to east, so that only edges that share a
// longitude are compared.
func crossing(ring orb.Ring) (orb.Point, bool) {
	edges := make([]edge, len(ring)-1)
	for i := range edges {
		a, b := ring[i], ring[i+1]
		if b[0] < a[0] {
			a, b = b, a
		}
		edges[i] = edge{a, b, i}
	}
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.west[0], b.west[0]), cmp.Compare(a.number, b.number))
	})
	var open []edge
	for _, e := range edges {
		kept := open[:0]
		for _, o := range open {
			if o.east[0] < e.west[0] {
				continue
			}
			kept = append(kept, o)
			if meet(e, o, ring) {
				return e.west, true
			}
		}
		open = append(kept, e)
	}
	return orb.Point{}, false
}

// meet says whether two edges of a ring share more than the corner between neighbours.
func meet(a, b edge, ring orb.Ring) bool {
	if a.number > b.number {
		a, b = b, a
	}
	n := len(ring) - 1
	switch {
	case b.number == a.number+1:
		return foldsBack(ring[a.number], ring[b.number], ring[b.number+1])
	case a.number == 0 && b.number == n-1:
		return foldsBack(ring[b.number], ring[0], ring[1])
	}
	d1, d2 := side(b.west, b.east, a.west), side(b.west, b.east, a.east)
	d3, d4 := side(a.west, a.east, b.west), side(a.west, a.east, b.east)
	if d1*d2 < 0 && d3*d4 < 0 {
		return true
	}
	return d1 == 0 && within(b, a.west) || d2 == 0 && within(b, a.east) ||
		d3 == 0 && within(a, b.west) || d4 == 0 && within(a, b.east)
}

// foldsBack says whether the way from a over corner to b runs back on itself.
func foldsBack(a, corner, b orb.Point) bool {
	back := (a[0]-corner[0])*(b[0]-corner[0]) + (a[1]-corner[1])*(b[1]-corner[1])
	return side(a, corner, b) == 0 && back > 0
}

// side is 1 where p lies left of the line from a to b, -1 right of it, 0 on it.
func side(a, b, p orb.Point) int {
	return cmp.Compare((b[0]-a[0])*(p[1]-a[1]), (b[1]-a[1])*(p[0]-a[0]))
}

// within says whether p, on the line of e, lies between its ends.
func within(e edge, p orb.Point) bool {
	return e.west[0] <= p[0] && p[0] <= e.east[0] &&
		min(e.west[1], e.east[1]) <= p[1] && p[1] <= max(e.west[1], e.east[1])
}
