package geo_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"callout/internal/geo"

	"pgregory.net/rapid"
)

func areaOf(t interface{ Fatal(...any) }, raw string) geo.Territory {
	area, err := geo.ParseTerritory([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return area
}

func box(x0, y0, x1, y1 float64) string {
	return fmt.Sprintf(`[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]`, x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
}

func TestOverlaps(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"far apart", polygon(box(0, 0, 1, 1)), polygon(box(5, 5, 6, 6)), false},
		{"boxes meet, areas do not", polygon(`[[0,0],[4,0],[0,4],[0,0]]`), polygon(`[[4,4],[4,1],[1,4],[4,4]]`), false},
		{"a whole border in common", polygon(box(0, 0, 1, 1)), polygon(box(1, 0, 2, 1)), false},
		{"a part of a border in common", polygon(box(0, 0, 1, 1)), polygon(box(1, .5, 2, 3)), false},
		{"a corner in common", polygon(box(0, 0, 1, 1)), polygon(box(1, 1, 2, 2)), false},
		{"a border drawn twice, 10 cm off", polygon(box(0, 0, 1, 1)), polygon(box(1-1e-6, 0, 2, 1)), false},
		{"a strip of 100 m", polygon(box(0, 0, 1, 1)), polygon(box(1-1e-3, 0, 2, 1)), true},
		{"the same", polygon(square), polygon(square), true},
		{"the same, begun at another corner", polygon(square), polygon(`[[4,4],[0,4],[0,0],[4,0],[4,4]]`), true},
		{"one half of the other", polygon(box(0, 0, 4, 4)), polygon(box(0, 0, 2, 4)), true},
		{"one inside the other", polygon(box(0, 0, 4, 4)), polygon(box(1, 1, 2, 2)), true},
		{"a cross", polygon(box(1, 0, 2, 3)), polygon(box(0, 1, 3, 2)), true},
		{"through two corners", polygon(box(1, 1, 2, 2)), polygon(`[[0,0],[3,3],[3,3.5],[0,0.5],[0,0]]`), true},
		{"a star of David, corner by corner", polygon(`[[0,0],[4,0],[2,4],[0,0]]`), polygon(`[[0,3],[2,-1],[4,3],[0,3]]`), true},
		{"in the hole", polygon(square, hole), polygon(hole), false},
		{"out of the hole", polygon(square, hole), polygon(box(1, 1, 3, 2)), true},
		{"larger than the hole", polygon(square, hole), polygon(box(.5, .5, 2.5, 2.5)), true},
		{"the second polygon", `{"type":"MultiPolygon","coordinates":[[` + box(0, 0, 1, 1) + `],[` + box(5, 5, 7, 7) + `]]}`, polygon(box(6, 6, 8, 8)), true},
		{"a town of Lapland, a strip of 3 m", polygon(box(25, 70, 26, 71)), polygon(box(26-8e-5, 70, 27, 71)), true},
		{"a town of Lapland, a strip of 30 cm", polygon(box(25, 70, 26, 71)), polygon(box(26-8e-6, 70, 27, 71)), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := areaOf(t, tt.a), areaOf(t, tt.b)
			if a.Overlaps(b) != tt.want || b.Overlaps(a) != tt.want {
				t.Errorf("overlap %v and %v, want %v", a.Overlaps(b), b.Overlaps(a), tt.want)
			}
		})
	}
	if area := areaOf(t, polygon(square)); area.Overlaps(geo.Territory{}) || (geo.Territory{}).Overlaps(area) {
		t.Error("nothing overlaps with something")
	}
}

// A wheel cut into slices is what a town's districts are: neighbours share borders whose points
// are rounded, and no two overlap.
func TestSlicesOfAWheelDoNotOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "slices")
		x, y := rapid.Float64Range(-170, 170).Draw(t, "lng"), rapid.Float64Range(-70, 70).Draw(t, "lat")
		steps := rapid.IntRange(1, 6).Draw(t, "steps")
		at := func(turn float64) string {
			return fmt.Sprintf("[%.7f,%.7f]", x+math.Cos(turn*2*math.Pi), y+math.Sin(turn*2*math.Pi))
		}
		center := fmt.Sprintf("[%.7f,%.7f]", x, y)
		var all []geo.Territory
		for i := range n {
			ring := []string{center}
			for s := range steps + 1 {
				ring = append(ring, at((float64(i)+float64(s)/float64(steps))/float64(n)))
			}
			all = append(all, areaOf(t, polygon("["+strings.Join(append(ring, center), ",")+"]")))
		}
		for i, a := range all {
			for j, b := range all {
				if a.Overlaps(b) != (i == j) {
					t.Fatalf("slices %d and %d of %d: overlap %v", i, j, n, a.Overlaps(b))
				}
			}
		}
	})
}

// Of two boxes it is plain to see whether they overlap.
func TestOverlapsOfBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.IntRange(0, 6)
		draw := func(name string) [4]int {
			x, y := whole.Draw(t, name+" x"), whole.Draw(t, name+" y")
			return [4]int{x, y, x + 1 + whole.Draw(t, name+" width"), y + 1 + whole.Draw(t, name+" height")}
		}
		a, b := draw("a"), draw("b")
		want := a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
		shape := func(v [4]int) geo.Territory {
			return areaOf(t, polygon(box(float64(v[0]), float64(v[1]), float64(v[2]), float64(v[3]))))
		}
		if got := shape(a).Overlaps(shape(b)); got != want {
			t.Fatalf("%v and %v: overlap %v", a, b, got)
		}
	})
}
