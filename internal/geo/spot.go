package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// earthRadius is the mean radius of the WGS-84 ellipsoid in metres, (2a+b)/3 (IUGG).
const earthRadius = 6371008.8

// Spot is a point prepared for measuring many distances from it: its unit vector from the
// centre of the earth.
type Spot struct{ x, y, z float64 }

// At prepares a point.
func At(p orb.Point) Spot {
	lng, lat := p[0]*math.Pi/180, p[1]*math.Pi/180
	sinLng, cosLng := math.Sincos(lng)
	sinLat, cosLat := math.Sincos(lat)
	return Spot{cosLat * cosLng, cosLat * sinLng, sinLat}
}

// Metres is the great-circle distance between two spots.
func (s Spot) Metres(to Spot) float64 {
	dx, dy, dz := s.x-to.x, s.y-to.y, s.z-to.z
	// The conversions keep processors from fusing the sum, so that every machine rounds a
	// drive to the same second.
	chord := math.Sqrt(float64(dx*dx) + float64(dy*dy) + float64(dz*dz))
	return 2 * earthRadius * math.Asin(min(1, chord/2))
}

// Metres is the great-circle distance between two points.
func Metres(a, b orb.Point) float64 { return At(a).Metres(At(b)) }

// Valid says whether p is a point of the earth: longitude within ±180°, latitude within ±90°.
func Valid(p orb.Point) bool {
	return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90
}
