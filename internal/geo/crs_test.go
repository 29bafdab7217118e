package geo_test

import (
	"testing"

	"callout/internal/geo"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Points that others published with their conversions.
func TestShiftsAgreeWithPublishedPoints(t *testing.T) {
	for _, tt := range []struct {
		name   string
		system geo.System
		wgs    orb.Point
		want   orb.Point
		metres float64
	}{
		// googollee/eviltransform, go/transform_test.go.
		{"Shanghai", geo.GCJ02, orb.Point{121.5272106, 31.1774276}, orb.Point{121.531541859215, 31.17530398364597}, .01},
		{"Shenzhen", geo.GCJ02, orb.Point{113.912316, 22.543847}, orb.Point{113.9171764808363, 22.540796131694766}, .01},
		{"Beijing", geo.GCJ02, orb.Point{116.377817, 39.911954}, orb.Point{116.38404722455657, 39.91334545536069}, .01},
		// Its Python port's test of vectors: the stadium of Shenzhen.
		{"Shenzhen Stadium", geo.GCJ02, orb.Point{114.0869236, 22.5621291}, orb.Point{114.0920540, 22.559447}, .1},
		// The examples that AMap (v3/assistant/coordinate/convert) and Baidu (geoconv/v1) document for
		// their own conversions, which they know to six decimals.
		{"AMap's example", geo.GCJ02, orb.Point{116.481499, 39.990475}, orb.Point{116.487585177952, 39.991754014757}, .2},
		{"AMap's other example", geo.GCJ02, orb.Point{116.481499, 39.990375}, orb.Point{116.487585177952, 39.991653917101}, .2},
		{"Baidu's example", geo.BD09, orb.Point{114.21892734521, 29.575429778924}, orb.Point{114.23074952312, 29.57908262908}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.system.FromWGS84(tt.wgs); geo.Metres(got, tt.want) > tt.metres {
				t.Errorf("%s is %v, published %v: %.3f m off", tt.system, got, tt.want, geo.Metres(got, tt.want))
			}
			if got := tt.system.ToWGS84(tt.want); geo.Metres(got, tt.wgs) > tt.metres {
				t.Errorf("back from %s it is %v, published %v: %.3f m off", tt.system, got, tt.wgs, geo.Metres(got, tt.wgs))
			}
		})
	}
}

// From GCJ-02 to BD-09 and, roughly, back, as wandergis/coordtransform publishes it (test/app.js).
// The BD-09 points of eviltransform's own tests are up to 41 m off these and Baidu's: it takes π
// where the others take 3000 π / 180.
func TestSystemsOfMapsAgreeAmongThemselves(t *testing.T) {
	wgs := geo.GCJ02.ToWGS84(orb.Point{116.404, 39.915})
	want := orb.Point{116.41036949371029, 39.92133699351021}
	if got := geo.BD09.FromWGS84(wgs); geo.Metres(got, want) > .01 {
		t.Errorf("BD-09 %v, want %v", got, want)
	}
	wgs = geo.BD09.ToWGS84(orb.Point{116.404, 39.915})
	want = orb.Point{116.39762729119315, 39.90865673957631}
	if got := geo.GCJ02.FromWGS84(wgs); geo.Metres(got, want) > 1 {
		t.Errorf("GCJ-02 %v, want %v", got, want)
	}
}

func TestThereAndBackIsTheSamePoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(73, 137).Draw(t, "lng"), rapid.Float64Range(2, 55).Draw(t, "lat")}
		for _, s := range []geo.System{"", geo.WGS84, geo.GCJ02, geo.BD09} {
			q := s.FromWGS84(p)
			if d := geo.Metres(s.ToWGS84(q), p); d > .01 {
				t.Fatalf("%s of %v: %.3f m off after there and back", s, p, d)
			}
			if d := geo.Metres(p, q); (s == geo.GCJ02 || s == geo.BD09) && (d < 20 || d > 3000) {
				t.Fatalf("%s lies %.0f m off %v", s, d, p)
			}
		}
	})
}

func TestOutsideChinaNothingIsShifted(t *testing.T) {
	for _, p := range []orb.Point{zoo, {-118.24, 34.05}, {151.2, -33.87}, {139.69, 35.69}} {
		for _, s := range []geo.System{geo.GCJ02, geo.BD09} {
			if s.FromWGS84(p) != p || s.ToWGS84(p) != p {
				t.Errorf("%s shifts %v", s, p)
			}
		}
	}
}
