package native

import (
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"callout/dispatch/solve"
	"callout/internal/geo"
)

// table is the drives of a matrix.
type table struct{ durations, distances, costs [][]int32 }

// Leg is a cell of the matrix.
func (t table) Leg(from, to int) solve.Leg {
	l := solve.Leg{Seconds: t.durations[from][to]}
	if t.distances != nil {
		l.Metres = t.distances[from][to]
	}
	if t.costs != nil {
		l.Cost = t.costs[from][to]
	}
	return l
}

// estimate is the drives between points.
type estimate struct {
	spots []geo.Spot
	geo.Travel
}

// Leg is the great circle, lengthened, at a mean speed.
func (e *estimate) Leg(from, to int) solve.Leg {
	l := e.Between(e.spots[from], e.spots[to])
	return solve.Leg{Seconds: int32(l.Seconds), Metres: int32(l.Metres)}
}

// travel defines the profiles.
func (c *compiler) travel() {
	if len(c.document.profiles) == 0 {
		c.document.profiles = []profile{{id: "", detour: geo.DefaultTravel.Detour, speed: geo.DefaultTravel.KmPerHour}}
	}
	for i := range c.document.profiles {
		p, where := &c.document.profiles[i], fmt.Sprintf("/profiles/%d", i)
		c.define(c.profiles, p.id, where+"/id")
		for kind, rows := range map[string][][]int32{"durations": p.durations, "distances": p.distances, "costs": p.costs} {
			if rows == nil {
				continue
			}
			if c.rows == 0 {
				c.rows = len(rows)
			}
			if len(rows) != c.rows {
				c.Add(where+"/"+kind, "has %d rows, and others %d", len(rows), c.rows)
			}
		}
	}
}

// places gives each place its number, and builds the drives between them.
func (c *compiler) places() {
	d := c.document
	c.p.Places = max(c.rows, len(d.places))
	if c.rows > 0 && len(d.places) > 0 && len(d.places) != c.rows {
		c.Add("/places", "has %d rows, and others %d", len(d.places), c.rows)
	}
	indexed, numbers := c.p.Places > 0, map[orb.Point]int{}
	number := func(p place) int {
		switch {
		case !p.known:
			return solve.Nowhere
		case p.at == nil && p.number < c.p.Places && indexed:
			return p.number
		case p.at == nil && indexed:
			c.Add(p.where, "must be less than %s", strconv.Itoa(c.p.Places))
		case p.at == nil:
			c.Add(p.where, "is a number, but there are no matrices and no places")
		case c.rows > 0:
			c.Add(p.where, "must be a number: a row of the matrices")
		default:
			if _, known := numbers[*p.at]; !known {
				numbers[*p.at] = len(d.places)
				d.places = append(d.places, *p.at)
			}
			return numbers[*p.at]
		}
		return 0
	}
	if c.rows == 0 {
		for i, p := range d.places {
			if _, known := numbers[p]; !known {
				numbers[p] = i
			}
		}
	}
	for i := range c.to.shifts {
		s := &c.to.shifts[i]
		s.Start, s.End = number(s.start), number(s.end)
		c.p.Shifts = append(c.p.Shifts, s.Shift)
	}
	for i := range d.jobs {
		c.p.Jobs[i].Place = number(d.jobs[i].place)
	}
	c.p.Places = max(c.rows, len(d.places))
	c.drives()
}

func (c *compiler) drives() {
	var spots []geo.Spot
	for _, p := range c.document.places {
		spots = append(spots, geo.At(p))
	}
	for i := range c.document.profiles {
		p := &c.document.profiles[i]
		if p.durations != nil {
			c.p.Travel = append(c.p.Travel, table{p.durations, p.distances, p.costs})
			c.to.metres = append(c.to.metres, p.distances != nil)
			continue
		}
		if len(spots) < c.p.Places {
			c.Add(fmt.Sprintf("/profiles/%d", i), "has no durations, and the document no places to estimate them from")
		}
		c.p.Travel = append(c.p.Travel, &estimate{spots, geo.Travel{Detour: p.detour, KmPerHour: p.speed}})
		c.to.metres = append(c.to.metres, true)
	}
}
