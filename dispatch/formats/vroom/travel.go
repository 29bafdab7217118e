package vroom

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"callout/dispatch/solve"
	"callout/internal/geo"
)

// profile is a kind of drive: by a profile of the document, at so many hundredths of its durations.
type profile struct {
	name       string
	hundredths int64
}

// table is the drives of a matrix.
type table struct {
	*matrix
	hundredths int64
}

// Leg is a cell of the matrix.
func (t table) Leg(from, to int) solve.Leg {
	l := solve.Leg{Seconds: scaled(t.durations[from][to], t.hundredths)}
	if t.distances != nil {
		l.Metres = t.distances[from][to]
	}
	if t.costs != nil {
		l.Cost = t.costs[from][to]
	}
	return l
}

// estimate is the drives between points of which nothing else is known.
type estimate struct {
	spots      []geo.Spot
	hundredths int64
}

// Leg is the great circle, lengthened, at a mean speed.
func (e estimate) Leg(from, to int) solve.Leg {
	l := geo.DefaultTravel.Between(e.spots[from], e.spots[to])
	return solve.Leg{Seconds: scaled(int32(l.Seconds), e.hundredths), Metres: int32(l.Metres)}
}

func scaled(seconds int32, hundredths int64) int32 {
	if hundredths == 100 {
		return seconds
	}
	return int32((int64(seconds)*hundredths + 50) / 100)
}

// matrixSizes refuses profiles without a matrix, and matrices of different sizes.
func (c *compiler) matrixSizes() {
	if !c.indexed {
		return
	}
	names := slices.Sorted(maps.Keys(c.matrices))
	c.rows = len(c.matrices[names[0]].durations)
	for _, name := range names {
		m := c.matrices[name]
		for kind, rows := range map[string][][]int32{"durations": m.durations, "distances": m.distances, "costs": m.costs} {
			if rows != nil && len(rows) != c.rows {
				c.Add(at("/matrices/%s/%s", name, kind), "has %d rows, and others %d", len(rows), c.rows)
			}
		}
	}
	for i := range c.vehicles {
		v := &c.vehicles[i]
		m, known := c.matrices[v.profile]
		where := at("/vehicles/%d", i)
		switch {
		case !known:
			c.Add(where+"/profile", "has no matrix")
		case m.costs != nil && (v.costs.hour != 3600 || v.costs.km != 0):
			c.Add(where+"/costs", "costs of time or distance cannot be combined with a matrix of costs")
		case m.distances == nil && (v.costs.km != 0 || v.maxDistance != 0):
			c.Add(at("/matrices/%s/distances", v.profile), "is required with %s", "per_km, max_distance")
		}
	}
}

// places gives every spot its number: its row where there are matrices, otherwise each pair of
// coordinates one.
func (c *compiler) places() {
	numbers := map[orb.Point]int{}
	c.points = map[int]orb.Point{}
	number := func(p *place, where, point, index string) {
		switch {
		case c.indexed && p.index == nil:
			c.Add(where+"/"+index, "is required")
		case c.indexed && *p.index >= c.rows:
			c.Add(where+"/"+index, "must be less than %s", strconv.Itoa(c.rows))
		case c.indexed && p.at != nil:
			c.points[*p.index] = *p.at
		case !c.indexed && p.at == nil:
			c.Add(where+"/"+point, "is required")
		case !c.indexed:
			i, known := numbers[*p.at]
			if !known {
				i = len(numbers)
				numbers[*p.at], c.points[i] = i, *p.at
			}
			p.number = i
			return
		}
		if p.index != nil {
			p.number = *p.index
		}
	}
	for i := range c.jobs {
		number(&c.jobs[i].place, at("/jobs/%d", i), "location", "location_index")
	}
	for i := range c.vehicles {
		v, where := &c.vehicles[i], at("/vehicles/%d", i)
		if !v.start.known() && !v.end.known() {
			c.Add(where, "needs a start or an end")
		}
		if v.start.known() {
			number(&v.start, where, "start", "start_index")
		}
		if v.end.known() {
			number(&v.end, where, "end", "end_index")
		}
	}
	c.p.Places = c.rows
	if !c.indexed {
		c.p.Places = len(numbers)
	}
}

func (c *compiler) place(p place) int {
	if !p.known() {
		return solve.Nowhere
	}
	return p.number
}

// profile is the number of a vehicle's kind of drive.
func (c *compiler) profile(v *vehicle) int {
	kind := profile{v.profile, int64(math.Round(100 / v.factor))}
	if !c.indexed {
		kind.name = ""
	}
	n, known := c.profiles[kind]
	if known {
		return n
	}
	n = len(c.p.Travel)
	c.profiles[kind] = n
	if c.indexed {
		c.p.Travel = append(c.p.Travel, table{c.matrices[v.profile], kind.hundredths})
		return n
	}
	spots := make([]geo.Spot, c.p.Places)
	for k, p := range c.points {
		spots[k] = geo.At(p)
	}
	c.p.Travel = append(c.p.Travel, estimate{spots, kind.hundredths})
	return n
}

// metres says whether the lengths of the drives are known.
func (c *compiler) metres() bool {
	for _, m := range c.matrices {
		if m.distances == nil {
			return false
		}
	}
	return true
}

func at(format string, args ...any) string { return fmt.Sprintf(format, args...) }
