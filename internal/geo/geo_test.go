package geo_test

import (
	"math"
	"testing"

	"callout/internal/fault"
	"callout/internal/geo"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"pgregory.net/rapid"
)

var (
	alexanderplatz = orb.Point{13.4132, 52.5219}
	zoo            = orb.Point{13.3327, 52.5072}
)

func points(t *rapid.T, label string) orb.Point {
	return orb.Point{rapid.Float64Range(-180, 180).Draw(t, label+" lng"), rapid.Float64Range(-90, 90).Draw(t, label+" lat")}
}

func TestMetres(t *testing.T) {
	tests := []struct {
		name string
		a, b orb.Point
		want float64
	}{
		{"nowhere", zoo, zoo, 0},
		{"a degree of the equator", orb.Point{0, 0}, orb.Point{1, 0}, 111195.08},
		{"pole to pole", orb.Point{0, 90}, orb.Point{77, -90}, math.Pi * 6371008.8},
		{"over the date line", orb.Point{179.5, 0}, orb.Point{-179.5, 0}, 111195.08},
		{"across Berlin", alexanderplatz, zoo, 5687.3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := geo.Metres(tt.a, tt.b); math.Abs(got-tt.want) > .1 {
				t.Errorf("got %.2f m, want %.2f m", got, tt.want)
			}
		})
	}
}

func TestMetresAgreeWithHaversine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := points(t, "a"), points(t, "b")
		want := orbgeo.DistanceHaversine(a, b) * 6371008.8 / orb.EarthRadius
		if got := geo.Metres(a, b); math.Abs(got-want) > 1 {
			t.Errorf("%v to %v: %f m, haversine says %f m", a, b, got, want)
		}
	})
}

func TestTravel(t *testing.T) {
	// 5,687.3 m × 1.3 = 7,393.5 m of road; at 30 km/h 887.2 s.
	if s := geo.DefaultTravel.Seconds(alexanderplatz, zoo); s != 887 {
		t.Errorf("across Berlin in %d s, want 887", s)
	}
	if m := geo.DefaultTravel.Metres(zoo, alexanderplatz); m != 7393 {
		t.Errorf("across Berlin in %d m, want 7393", m)
	}
	for _, bad := range []geo.Travel{{}, {Detour: .9, KmPerHour: 30}, {Detour: 1.3}, {Detour: math.NaN(), KmPerHour: 30}, {Detour: 1.3, KmPerHour: math.Inf(1)}} {
		if !fault.Is(bad.Check(), fault.Invalid) {
			t.Errorf("%+v is taken for a way to travel", bad)
		}
	}
	if err := geo.DefaultTravel.Check(); err != nil {
		t.Error(err)
	}
}

func TestValid(t *testing.T) {
	for _, p := range []orb.Point{zoo, {180, 90}, {-180, -90}} {
		if !geo.Valid(p) {
			t.Errorf("%v is refused", p)
		}
	}
	for _, p := range []orb.Point{{180.1, 0}, {0, -90.1}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if geo.Valid(p) {
			t.Errorf("%v is accepted", p)
		}
	}
}

func BenchmarkLeg(b *testing.B) {
	from, to := geo.At(alexanderplatz), geo.At(zoo)
	b.ReportAllocs()
	for b.Loop() {
		geo.DefaultTravel.Between(from, to)
	}
}
