package geo

import (
	"callout/internal/fault"

	"github.com/paulmach/orb"
)

// Travel estimates a drive: the great circle, lengthened by the detour that roads make, at a
// mean speed from door to door.
type Travel struct {
	Detour    float64 // road metres per metre of great circle, 1 or more
	KmPerHour float64 // mean speed, above 0
}

// DefaultTravel is a city's traffic: 1.3 × the great circle at 30 km/h.
var DefaultTravel = Travel{Detour: 1.3, KmPerHour: 30}

// Leg is a drive from one place to the next.
type Leg struct {
	Seconds int64
	Metres  int64 // on the road
}

// Check refuses a detour below 1 and a speed of nothing, which no drive can be estimated with.
func (t Travel) Check() error {
	if !(t.Detour >= 1 && t.Detour <= 10) {
		return fault.New(fault.Invalid, "the detour factor of travel is %v; it must be from 1 to 10", t.Detour)
	}
	if !(t.KmPerHour >= 1 && t.KmPerHour <= 300) {
		return fault.New(fault.Invalid, "the speed of travel is %v km/h; it must be from 1 to 300", t.KmPerHour)
	}
	return nil
}

// Between estimates the drive between two spots, the same in both directions, in whole seconds
// and whole metres.
func (t Travel) Between(a, b Spot) Leg {
	road := float64(t.Detour * a.Metres(b)) // rounded by itself, not fused with what follows
	return Leg{Seconds: int64(float64(road*3.6/t.KmPerHour) + .5), Metres: int64(road + .5)}
}

// Seconds is how long the drive from a to b takes.
func (t Travel) Seconds(a, b orb.Point) int { return int(t.Between(At(a), At(b)).Seconds) }

// Metres is how long the road from a to b is.
func (t Travel) Metres(a, b orb.Point) int { return int(t.Between(At(a), At(b)).Metres) }
