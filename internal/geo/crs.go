package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// System is a system of coordinates that points come in.
type System string

// The systems. Maps of China show GCJ-02 (AMap, Tencent) or BD-09 (Baidu), which lie some hundred
// metres off WGS-84 by intent.
const (
	WGS84 System = "wgs84"
	GCJ02 System = "gcj02"
	BD09  System = "bd09"
)

// ToWGS84 is the WGS-84 point that p is in system s, to within a millimetre of what FromWGS84
// takes back to p. Outside China all systems are the same.
func (s System) ToWGS84(p orb.Point) orb.Point {
	if s.shiftless() || !inChina(p) {
		return p
	}
	// The shift changes slowly, so each round comes some hundred times closer.
	w := p
	for range 20 {
		q := s.shifted(w)
		dx, dy := q[0]-p[0], q[1]-p[1]
		w[0], w[1] = w[0]-dx, w[1]-dy
		if math.Abs(dx) < 1e-10 && math.Abs(dy) < 1e-10 {
			break
		}
	}
	return w
}

// FromWGS84 is the point of system s that p is.
func (s System) FromWGS84(p orb.Point) orb.Point {
	if s.shiftless() || !inChina(p) {
		return p
	}
	return s.shifted(p)
}

// shiftless says whether s is WGS-84, as the zero System is too.
func (s System) shiftless() bool { return s != GCJ02 && s != BD09 }

func (s System) shifted(p orb.Point) orb.Point {
	p = gcj(p)
	if s == BD09 {
		p = bd(p)
	}
	return p
}

// inChina says whether the shifts apply: in the box around China that all implementations take,
// parts of its neighbours included.
func inChina(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= .8293 && p[1] <= 55.8271
}

// The ellipsoid of Krasovsky 1940, which the shift is reckoned on.
const (
	krasovskyAxis = 6378245.0
	krasovskyE2   = 0.00669342162296594323
)

// gcj shifts a WGS-84 point to GCJ-02. The law is not public; the formula is the one recovered
// in "EvilTransform" (2013, https://github.com/googollee/eviltransform), which the map services'
// own conversions agree with to some centimetres.
func gcj(p orb.Point) orb.Point {
	x, y := p[0]-105, p[1]-35
	common := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	north := -100 + 2*x + 3*y + .2*y*y + .1*x*y + .2*math.Sqrt(math.Abs(x)) + common +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y/30*math.Pi))*2/3
	east := 300 + x + 2*y + .1*x*x + .1*x*y + .1*math.Sqrt(math.Abs(x)) + common +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	w := 1 - krasovskyE2*sin*sin
	north /= krasovskyAxis * (1 - krasovskyE2) / (w * math.Sqrt(w)) * math.Pi / 180
	east /= krasovskyAxis / math.Sqrt(w) * cos * math.Pi / 180
	return orb.Point{p[0] + east, p[1] + north}
}

// bd shifts a GCJ-02 point to BD-09, by the formula of
// https://github.com/wandergis/coordtransform, which Baidu's conversion agrees with to half a metre.
func bd(p orb.Point) orb.Point {
	const turn = math.Pi * 3000 / 180
	r := math.Hypot(p[0], p[1]) + 2e-5*math.Sin(p[1]*turn)
	sin, cos := math.Sincos(math.Atan2(p[1], p[0]) + 3e-6*math.Cos(p[0]*turn))
	return orb.Point{r*cos + .0065, r*sin + .006}
}
