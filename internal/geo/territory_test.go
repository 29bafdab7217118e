package geo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/words"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func polygon(rings ...string) string {
	return `{"type":"Polygon","coordinates":[` + strings.Join(rings, ",") + `]}`
}

const (
	square = `[[0,0],[4,0],[4,4],[0,4],[0,0]]`
	hole   = `[[1,1],[1,2],[2,2],[2,1],[1,1]]`
)

func TestTerritoryContains(t *testing.T) {
	two := `{"type":"MultiPolygon","coordinates":[[` + square + `,` + hole + `],[[[10,10],[11,10],[10,11],[10,10]]]]}`
	tests := []struct {
		name, raw string
		at        orb.Point
		want      bool
	}{
		{"inside", polygon(square), orb.Point{3, 3}, true},
		{"on the border", polygon(square), orb.Point{4, 2}, true},
		{"on a corner", polygon(square), orb.Point{0, 0}, true},
		{"outside the box", polygon(square), orb.Point{4.01, 2}, false},
		{"inside the box, outside the triangle", polygon(`[[0,0],[4,0],[0,4],[0,0]]`), orb.Point{3, 3}, false},
		{"in the hole", polygon(square, hole), orb.Point{1.5, 1.5}, false},
		{"beside the hole", polygon(square, hole), orb.Point{2.5, 1.5}, true},
		{"in the second polygon", two, orb.Point{10.1, 10.1}, true},
		{"between two polygons", two, orb.Point{7, 7}, false},
		{"positions with altitude", polygon(`[[0,0,9],[4,0,9],[4,4,9],[0,0,9]]`), orb.Point{3, 1}, true},
		{"a corner said twice", polygon(`[[0,0],[4,0],[4,0],[4,4],[0,4],[0,0]]`), orb.Point{2, 2}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			area, err := geo.ParseTerritory([]byte(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			if got := area.Contains(tt.at); got != tt.want {
				t.Errorf("contains %v: %v", tt.at, got)
			}
			written, err := json.Marshal(area)
			if err != nil {
				t.Fatal(err)
			}
			var again geo.Territory
			if err := json.Unmarshal(written, &again); err != nil {
				t.Fatal(err)
			}
			if again.Contains(tt.at) != tt.want || again.Bound() != area.Bound() {
				t.Errorf("%s is another territory", written)
			}
		})
	}
	if (geo.Territory{}).Contains(orb.Point{}) {
		t.Error("the zero territory contains a point")
	}
	area, _ := geo.ParseTerritory([]byte(polygon(square)))
	if area.Center() != (orb.Point{2, 2}) {
		t.Errorf("the center of the square is %v", area.Center())
	}
}

func TestTerritoryRefused(t *testing.T) {
	ring := func(s string) string { return polygon(s) }
	tests := []struct{ name, raw, want string }{
		{"no JSON", `{`, "not a GeoJSON object"},
		{"null", `null`, `is a ""`},
		{"two values", polygon(square) + `{}`, "followed by something else"},
		{"another shape", `{"type":"Point","coordinates":[1,2]}`, `is a "Point"`},
		{"coordinates of another shape", `{"type":"Polygon","coordinates":[1,2]}`, "not those of a Polygon"},
		{"no coordinates", `{"type":"MultiPolygon"}`, "not those of a MultiPolygon"},
		{"no polygon", `{"type":"MultiPolygon","coordinates":[]}`, "has no polygon"},
		{"no ring", `{"type":"Polygon","coordinates":[]}`, "polygon 1 of the territory has no ring"},
		{"half a position", ring(`[[0,0],[4],[4,4],[0,0]]`), "point 2 in ring 1 of polygon 1 has no longitude and latitude"},
		{"a null in a position", ring(`[[0,0],[4,null],[4,4],[0,0]]`), "point 2 in ring 1"},
		{"latitude and longitude swapped", ring(`[[31,121],[31,122],[32,122],[31,121]]`), "not on the earth"},
		{"three points", ring(`[[0,0],[4,0],[0,0]]`), "must have 4 or more"},
		{"one corner again and again", ring(`[[0,0],[0,0],[0,0],[0,0]]`), "must have 4 or more"},
		{"open", ring(`[[0,0],[4,0],[4,4],[0,4]]`), "not closed"},
		{"a bow tie", ring(`[[0,0],[4,4],[4,0],[0,4],[0,0]]`), "crosses or touches itself"},
		{"two corners in one place", ring(`[[0,0],[2,2],[4,0],[4,4],[2,2],[0,4],[0,0]]`), "crosses or touches itself"},
		{"a corner on a side", ring(`[[0,0],[4,0],[4,4],[2,0],[0,4],[0,0]]`), "crosses or touches itself"},
		{"a spike", ring(`[[0,0],[4,0],[2,0],[2,4],[0,0]]`), "crosses or touches itself"},
		{"no area", ring(`[[0,0],[4,0],[0,0],[4,0],[0,0]]`), "crosses or touches itself"},
		{"a spike at the first corner", ring(`[[2,0],[4,0],[4,4],[0,0],[3,0],[2,0]]`), "crosses or touches itself"},
		{"a bad hole", polygon(square, `[[1,1],[2,2],[2,1],[1,2],[1,1]]`), "ring 2 of polygon 1"},
		{"too large", polygon(square + strings.Repeat(" ", geo.MaxTerritoryBytes)), "bytes; it may have"},
		{"too many points", polygon(`[[0,0]` + strings.Repeat(`,[0,0]`, geo.MaxTerritoryPoints) + `]`), "more than 10000 points"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := geo.ParseTerritory([]byte(tt.raw))
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want a fault that says %q", err, tt.want)
			}
			if f := fault.From(err); !words.Known(f.Detail.Format) {
				t.Errorf("no Chinese for %q", f.Detail.Format)
			}
		})
	}
}

// star is a closed ring of n corners around the origin, which never meets itself.
func star(radii []float64) orb.Ring {
	var r orb.Ring
	for i, d := range radii {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(radii)))
		r = append(r, orb.Point{d * cos, d * sin})
	}
	return append(r, r[0])
}

func territory(ring orb.Ring) error {
	raw, err := json.Marshal(orb.Polygon{ring})
	if err != nil {
		return err
	}
	_, err = geo.ParseTerritory(fmt.Appendf(nil, `{"type":"Polygon","coordinates":%s}`, raw))
	return err
}

func TestStarsAreTerritories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := territory(star(rapid.SliceOfN(rapid.Float64Range(1, 9), 5, 40).Draw(t, "radii"))); err != nil {
			t.Fatalf("a star is refused: %v", err)
		}
	})
}

func TestTangledRingsAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		radii := make([]float64, rapid.IntRange(4, 40).Draw(t, "corners"))
		for i := range radii {
			radii[i] = 5
		}
		// Two neighbours swapped: the ways to them are the diagonals of a convex quadrilateral.
		ring := star(radii)
		i := rapid.IntRange(1, len(ring)-3).Draw(t, "corner")
		ring[i], ring[i+1] = ring[i+1], ring[i]
		if territory(ring) == nil {
			t.Fatalf("corners %d and %d are swapped and nobody sees it", i, i+1)
		}
	})
}

func BenchmarkTerritory(b *testing.B) {
	radii := make([]float64, 2000)
	for i := range radii {
		radii[i] = 5 + float64(i%7)/10
	}
	raw, _ := json.Marshal(orb.Polygon{star(radii)})
	raw = fmt.Appendf(nil, `{"type":"Polygon","coordinates":%s}`, raw)
	area, err := geo.ParseTerritory(raw)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("parse 2,000 points", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := geo.ParseTerritory(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, p := range map[string]orb.Point{"contains, inside": {1, 1}, "contains, far away": {50, 50}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				area.Contains(p)
			}
		})
	}
}
