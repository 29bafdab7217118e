package roads_test

import (
	"context"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"callout/internal/geo"
	"callout/internal/travel"
	"callout/internal/travel/roads"

	"github.com/paulmach/orb"
)

// extract is a file among the test data of the reader of extracts, which the module cache holds:
// Delaware and Andorra, © OpenStreetMap contributors, ODbL.
func extract(t testing.TB, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
	if err != nil {
		t.Fatalf("where is the reader of extracts? %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "testdata", name)
}

var read struct {
	sync.Mutex
	delaware *roads.Network
}

// delaware is read once for all tests.
func delaware(t testing.TB) *roads.Network {
	t.Helper()
	read.Lock()
	defer read.Unlock()
	if read.delaware == nil {
		n, err := roads.Open(context.Background(), extract(t, "delaware-latest.osm.pbf"))
		if err != nil {
			t.Fatal(err)
		}
		read.delaware = n
	}
	return read.delaware
}

// ask tells all drives among points.
func ask(t testing.TB, n *roads.Network, points ...orb.Point) *travel.Table {
	t.Helper()
	table := travel.NewTable(len(points))
	if err := n.Fill(t.Context(), points, table); err != nil {
		t.Fatal(err)
	}
	return table
}

// drive is the drive from one of the points of a table to another, in minutes and kilometres.
func drive(table *travel.Table, from, to int) (minutes, km float64) {
	i := from*table.N + to
	return float64(table.Seconds[i]) / 60, float64(table.Metres[i]) / 1000
}

var (
	wilmington = orb.Point{-75.5483, 39.7447}
	newark     = orb.Point{-75.7497, 39.6837}
	dover      = orb.Point{-75.5244, 39.1582}
	rehoboth   = orb.Point{-75.0760, 38.7209}
	baltimore  = orb.Point{-76.6122, 39.2904}
)

// What atlases say of these roads: 47 miles from Wilmington to Dover, 44 from Dover to Rehoboth
// Beach, 14 from Wilmington to Newark, in some 55, 60 and 20 minutes.
func TestDrivesOfDelaware(t *testing.T) {
	t.Parallel()
	table := ask(t, delaware(t), wilmington, newark, dover, rehoboth, baltimore)
	for _, tt := range []struct {
		name        string
		from, to    int
		minutes, km float64
	}{
		{"Wilmington to Dover", 0, 2, 57, 76},
		{"Dover to Wilmington", 2, 0, 57, 76},
		{"Dover to Rehoboth Beach", 2, 3, 60, 70},
		{"Wilmington to Newark", 0, 1, 19, 22.5},
	} {
		minutes, km := drive(table, tt.from, tt.to)
		if minutes < tt.minutes*.85 || minutes > tt.minutes*1.15 || km < tt.km*.93 || km > tt.km*1.07 {
			t.Errorf("%s: %.0f min, %.1f km, want about %.0f min, %.1f km", tt.name, minutes, km, tt.minutes, tt.km)
		}
	}
	for other := range 4 {
		if table.Seconds[other*5+4] != travel.NoRoad || table.Seconds[4*5+other] != travel.NoRoad {
			t.Errorf("there is a way from %d to Baltimore, which is not in Delaware", other)
		}
	}
}

// somewhere in Delaware are points near roads: those with a drive to Dover.
func somewhere(t testing.TB, n int) []orb.Point {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	points := []orb.Point{dover}
	for range 3 * n {
		points = append(points, orb.Point{-75.75 + r.Float64()*.4, 38.5 + r.Float64()*1.3})
	}
	table := ask(t, delaware(t), points...)
	var near []orb.Point
	for i, p := range points {
		if table.Seconds[i] != travel.NoRoad && len(near) < n {
			near = append(near, p)
		}
	}
	if len(near) < n {
		t.Fatalf("%d points of Delaware lie near a road", len(near))
	}
	return near
}

func TestRoadsAreWhatRoadsAre(t *testing.T) {
	t.Parallel()
	points := somewhere(t, 40)
	table := ask(t, delaware(t), points...)
	var ratios, asymmetries, speeds []float64
	for i := range points {
		for j := range points {
			if i == j {
				continue
			}
			at, back := i*table.N+j, j*table.N+i
			if table.Seconds[at] < 0 {
				t.Fatalf("no way from %v to %v", points[i], points[j])
			}
			straight := geo.Metres(points[i], points[j])
			ratios = append(ratios, float64(table.Metres[at])/straight)
			asymmetries = append(asymmetries, float64(table.Seconds[at])/float64(table.Seconds[back]))
			speeds = append(speeds, float64(table.Metres[at])*3.6/float64(table.Seconds[at]))
			for k := range points {
				if via := table.Seconds[i*table.N+k] + table.Seconds[k*table.N+j]; table.Seconds[at] > via+2 { // each is rounded
					t.Fatalf("from %v to %v it takes %d s, by way of %v %d s", points[i], points[j], table.Seconds[at], points[k], via)
				}
			}
		}
	}
	for _, tt := range []struct {
		name        string
		of          []float64
		median, eps float64
		low, high   float64 // of 98 in 100
	}{
		{"road over straight line", ratios, 1.3, .15, 1, 3},
		{"there over back", asymmetries, 1, .01, .8, 1.25},
		{"km/h", speeds, 65, 12, 25, 100},
	} {
		slices.Sort(tt.of)
		median, low, high := tt.of[len(tt.of)/2], tt.of[len(tt.of)/100], tt.of[len(tt.of)*99/100]
		if median < tt.median-tt.eps || median > tt.median+tt.eps || low < tt.low || high > tt.high {
			t.Errorf("%s: median %.3f, from %.3f to %.3f", tt.name, median, low, high)
		}
		if tt.of[0] <= 0 {
			t.Errorf("%s: %f", tt.name, tt.of[0])
		}
	}
	if ratios[0] < .999 {
		t.Errorf("a road is shorter than the straight line: %f", ratios[0])
	}
}

// Andorra is XML, and mountains: 6 km from the capital up to Encamp, 19 to Soldeu.
func TestDrivesOfAndorra(t *testing.T) {
	t.Parallel()
	n, err := roads.Open(t.Context(), extract(t, "andorra-latest.osm.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	table := ask(t, n, orb.Point{1.5218, 42.5063}, orb.Point{1.5836, 42.5347}, orb.Point{1.6673, 42.5764})
	for to, km := range map[int]float64{1: 6.8, 2: 18.5} {
		if minutes, got := drive(table, 0, to); got < km*.85 || got > km*1.2 || minutes < km*.6 || minutes > km*2.2 {
			t.Errorf("%.1f km in %.0f min, want about %.1f km", got, minutes, km)
		}
	}
}

func BenchmarkTableOf200(b *testing.B) {
	points := somewhere(b, 200)
	n := delaware(b)
	b.ReportAllocs()
	for b.Loop() {
		ask(b, n, points...)
	}
}

func BenchmarkOpen(b *testing.B) {
	path := extract(b, "delaware-latest.osm.pbf")
	for b.Loop() {
		if _, err := roads.Open(b.Context(), path); err != nil {
			b.Fatal(err)
		}
	}
}
