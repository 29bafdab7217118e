package roads

import (
	"math"

	"github.com/paulmach/orb"
)

const (
	reach       = 1000          // metres from a point to its road at most
	lastTenths  = 3.6 * 10 / 15 // tenths of a second per metre between a point and its road: 15 km/h
	degreeMetre = 6371008.8 * math.Pi / 180
)

// place is a point on a road.
type place struct {
	road int32 // none where there is no road near the point
	at   int32 // decimetres from the road's beginning
	off  int32 // decimetres from the point to the road
}

// snap is the nearest place on a road.
func (n *Network) snap(p orb.Point) place {
	// Around p, the earth is flat.
	east, north := degreeMetre*math.Cos(p[1]*math.Pi/180), degreeMetre
	apart := func(x, y float64) float64 { return math.Hypot((x-p[0])*east, (y-p[1])*north) }
	at := place{road: none}
	n.index.Nearby(
		func(low, high [2]float32, i int32, isSegment bool) float64 {
			if !isSegment {
				return apart(max(float64(low[0]), min(float64(high[0]), p[0])), max(float64(low[1]), min(float64(high[1]), p[1])))
			}
			s := n.segments[i]
			share := s.nearest(p, east, north)
			a, b := s.a.point(), s.b.point()
			return apart(a[0]+(b[0]-a[0])*share, a[1]+(b[1]-a[1])*share)
		},
		func(_, _ [2]float32, i int32, metres float64) bool {
			if metres <= reach {
				s := n.segments[i]
				end := n.roads[s.road].length
				if int(i)+1 < len(n.segments) && n.segments[i+1].road == s.road {
					end = n.segments[i+1].at
				}
				at = place{s.road, s.at + int32(math.Round(s.nearest(p, east, north)*float64(end-s.at))), int32(math.Round(metres * 10))}
			}
			return false
		})
	return at
}

// nearest is the share of the way from a to b at which the segment is nearest to p.
func (s segment) nearest(p orb.Point, east, north float64) float64 {
	a, b := s.a.point(), s.b.point()
	dx, dy := (b[0]-a[0])*east, (b[1]-a[1])*north
	length := dx*dx + dy*dy
	if length == 0 {
		return 0
	}
	return max(0, min(1, ((p[0]-a[0])*east*dx+(p[1]-a[1])*north*dy)/length))
}
