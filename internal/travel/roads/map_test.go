package roads_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/travel"
	"callout/internal/travel/roads"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// town is a small map: nodes by letter, 100 m apart on the equator by default.
type town struct {
	points map[string]orb.Point
	tags   map[string]string // of nodes
	ways   []string
}

// street is a way through nodes, named by letters, with tags as key=value.
func (m *town) street(nodes string, tags ...string) {
	var b strings.Builder
	fmt.Fprintf(&b, `<way id="%d" version="1">`, len(m.ways)+1)
	for _, n := range strings.Fields(nodes) {
		fmt.Fprintf(&b, `<nd ref="%d"/>`, id(n))
	}
	for _, tag := range tags {
		k, v, _ := strings.Cut(tag, "=")
		fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, k, v)
	}
	m.ways = append(m.ways, b.String()+"</way>")
}

func id(node string) int {
	n := 0
	for _, c := range node {
		n = n*100 + int(c)
	}
	return n
}

// at places a node at metres east and north of 0, 0.
func (m *town) at(node string, east, north float64) {
	if m.points == nil {
		m.points, m.tags = map[string]orb.Point{}, map[string]string{}
	}
	const metre = 360 / (2 * math.Pi * 6371008.8)
	m.points[node] = orb.Point{math.Round(east*metre*1e7) / 1e7, math.Round(north*metre*1e7) / 1e7}
}

func (m *town) file(t interface {
	TempDir() string
	Fatal(...any)
},
) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><osm version="0.6">`)
	for name, p := range m.points {
		fmt.Fprintf(&b, `<node id="%d" version="1" lat="%.7f" lon="%.7f">`, id(name), p[1], p[0])
		if k, v, tagged := strings.Cut(m.tags[name], "="); tagged {
			fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, k, v)
		}
		b.WriteString("</node>")
	}
	b.WriteString(strings.Join(m.ways, "") + "</osm>")
	path := filepath.Join(t.TempDir(), "town.osm")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// square is a block of streets of 1 km: a b above c d.
//
//	a — b
//	|   |
//	c — d
func square() *town {
	m := &town{}
	m.at("a", 0, 1000)
	m.at("b", 1000, 1000)
	m.at("c", 0, 0)
	m.at("d", 1000, 0)
	return m
}

// metres is how far it is to drive between two nodes; -2 where one cannot.
func (m *town) metres(t *testing.T, from, to string) int32 {
	t.Helper()
	n, err := roads.Open(t.Context(), m.file(t))
	if err != nil {
		t.Fatal(err)
	}
	table := ask(t, n, m.points[from], m.points[to])
	if s := table.Seconds[1]; s < 0 {
		return s
	}
	return table.Metres[1]
}

func TestWaysOfAMap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		draw  func(*town)
		there int32 // metres from a to b
		back  int32
	}{
		{"both ways", func(m *town) {
			m.street("a b", "highway=residential")
		}, 1000, 1000},
		{"one way", func(m *town) {
			m.street("a b", "highway=residential", "oneway=yes")
		}, 1000, 3000},
		{"one way against the drawing", func(m *town) {
			m.street("a b", "highway=residential", "oneway=-1")
		}, 3000, 1000},
		{"a motorway is one way", func(m *town) {
			m.street("a b", "highway=motorway")
		}, 1000, 3000},
		{"unless it says otherwise", func(m *town) {
			m.street("a b", "highway=motorway", "oneway=no")
		}, 1000, 1000},
		{"a roundabout is one way", func(m *town) {
			m.street("a b", "highway=residential", "junction=roundabout")
		}, 1000, 3000},
		{"a path for people on foot", func(m *town) {
			m.street("a b", "highway=footway")
		}, 3000, 3000},
		{"a private road", func(m *town) {
			m.street("a b", "highway=residential", "access=private")
		}, 3000, 3000},
		{"closed but for motor vehicles", func(m *town) {
			m.street("a b", "highway=residential", "access=no", "motor_vehicle=yes")
		}, 1000, 1000},
		{"bollards", func(m *town) {
			m.at("x", 400, 1000)
			m.at("y", 500, 1000)
			m.at("z", 600, 1000)
			m.tags["y"] = "barrier=bollard"
			m.street("a x y z b", "highway=residential")
		}, 3000, 3000},
		{"a gate that stands open", func(m *town) {
			m.at("y", 500, 1000)
			m.tags["y"] = "barrier=gate"
			m.street("a y b", "highway=residential")
		}, 1000, 1000},
		{"the fastest, not the shortest", func(m *town) {
			m.street("a b", "highway=service", "maxspeed=10")
		}, 3000, 3000},
		{"a node is missing, as at the edge of an extract", func(m *town) {
			m.street("a q b", "highway=residential")
		}, 3000, 3000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := square()
			m.street("a c d b", "highway=secondary")
			tt.draw(m)
			if there, back := m.metres(t, "a", "b"), m.metres(t, "b", "a"); near(there, tt.there) || near(back, tt.back) {
				t.Errorf("%d m there, %d m back; want %d and %d", there, back, tt.there, tt.back)
			}
		})
	}
}

// near says that two lengths are not the same to a metre in five hundred.
func near(a, b int32) bool { return math.Abs(float64(a-b)) > float64(b)/500 }

func TestSpeedsOfAMap(t *testing.T) {
	t.Parallel()
	for tags, kmh := range map[string]float64{
		"highway=residential": 25, "highway=motorway oneway=no": 90, "highway=residential maxspeed=50": 40,
		"highway=residential maxspeed=50_mph": 64.37, "highway=residential maxspeed=none": 25, "highway=residential maxspeed=walk": 7,
		"highway=residential maxspeed=30 maxspeed:forward=100": 80, "highway=primary maxspeed=1000": 120, "highway=primary maxspeed=1": 5,
	} {
		m := square()
		all := strings.Fields(tags)
		for i := range all {
			all[i] = strings.ReplaceAll(all[i], "_", " ")
		}
		m.street("a b", all...)
		n, err := roads.Open(t.Context(), m.file(t))
		if err != nil {
			t.Fatal(err)
		}
		table := ask(t, n, m.points["a"], m.points["b"])
		if got := float64(table.Metres[1]) * 3.6 / float64(table.Seconds[1]); math.Abs(got/kmh-1) > .02 {
			t.Errorf("%s: %.1f km/h, want %.1f", tags, got, kmh)
		}
	}
}

func TestPointsBesideRoads(t *testing.T) {
	t.Parallel()
	m := square()
	m.street("a b", "highway=residential", "maxspeed=45") // 36 km/h: 10 m/s
	m.at("p", 300, 1100)
	m.at("q", 700, 1000)
	m.at("far", 500, 2100)
	n, err := roads.Open(t.Context(), m.file(t))
	if err != nil {
		t.Fatal(err)
	}
	table := ask(t, n, m.points["p"], m.points["q"], m.points["far"], m.points["p"])
	// 100 m at 15 km/h to the road, 24 s; 400 m along it, 40 s.
	if s, l := table.Seconds[1], table.Metres[1]; s < 63 || s > 65 || near(l, 500) {
		t.Errorf("%d s, %d m", s, l)
	}
	if back := table.Seconds[table.N]; back != table.Seconds[1] {
		t.Errorf("%d s back", back)
	}
	if table.Seconds[2] != travel.NoRoad || table.Seconds[2*table.N] != travel.NoRoad {
		t.Error("a point 1,100 m off has a road")
	}
	if table.Seconds[0] != 0 || table.Metres[0] != 0 {
		t.Error("a point is a drive away from itself")
	}
}

// Islands and traps are left out: who is near one takes the nearest road that leads everywhere.
func TestOnlyTheLargestPartIsKept(t *testing.T) {
	t.Parallel()
	m := square()
	m.street("a b d c a", "highway=residential")
	m.at("trap", 1500, 1000)
	m.street("b trap", "highway=residential", "oneway=yes")
	m.at("i", 0, 1300)
	m.at("j", 1000, 1300)
	m.street("i j", "highway=residential")
	if got := m.metres(t, "i", "j"); near(got, 1600) {
		t.Errorf("from the island: %d m, want 1600", got)
	}
	if got := m.metres(t, "trap", "d"); near(got, 1500) {
		t.Errorf("from the trap: %d m, want 1500", got)
	}
}

func TestMapsThatAreNone(t *testing.T) {
	t.Parallel()
	empty := square()
	dir := t.TempDir()
	damaged, unread := filepath.Join(dir, "damaged.osm.pbf"), filepath.Join(dir, "map.shp")
	for _, path := range []string{damaged, unread} {
		if err := os.WriteFile(path, []byte("no map at all, however long one reads it"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{empty.file(t), damaged, unread, filepath.Join(dir, "missing.osm.pbf")} {
		if _, err := roads.Open(t.Context(), path); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// On random maps, drives are as long as Floyd and Warshall find them.
func TestDrivesAreTheFastest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		m := &town{}
		const side = 4
		names := "abcdefghijklmnop"
		for i, c := range names {
			m.at(string(c), float64(i%side)*1000+float64(rapid.IntRange(0, 300).Draw(r, "east")), float64(i/side)*1000+float64(rapid.IntRange(0, 300).Draw(r, "north")))
		}
		kmh := map[[2]int]float64{}
		road := func(i, j int) {
			a, b := string(names[i]), string(names[j])
			speed := rapid.SampledFrom([]int{10, 25, 50, 100}).Draw(r, "limit")
			way := rapid.SampledFrom([]string{"no", "no", "yes", "-1"}).Draw(r, "oneway")
			m.street(a+" "+b, "highway=residential", fmt.Sprintf("maxspeed=%d", speed), "oneway="+way)
			if way != "-1" {
				kmh[[2]int{i, j}] = float64(speed) * .8
			}
			if way != "yes" {
				kmh[[2]int{j, i}] = float64(speed) * .8
			}
		}
		for i := range names {
			if i%side+1 < side {
				road(i, i+1)
			}
			if i+side < len(names) {
				road(i, i+side)
			}
		}
		var best [16][16]float64
		var points []orb.Point
		for i := range names {
			points = append(points, m.points[string(names[i])])
			for j := range names {
				if best[i][j] = math.Inf(1); i == j {
					best[i][j] = 0
				}
			}
		}
		for way, speed := range kmh {
			best[way[0]][way[1]] = geo.Metres(points[way[0]], points[way[1]]) * 3.6 / speed
		}
		for k := range names {
			for i := range names {
				for j := range names {
					best[i][j] = min(best[i][j], best[i][k]+best[k][j])
				}
			}
		}
		// Of the nodes, those of the largest part.
		var part []int
		for i := range names {
			var with []int
			for j := range names {
				if !math.IsInf(best[i][j]+best[j][i], 0) {
					with = append(with, j)
				}
			}
			if len(with) > len(part) {
				part = with
			}
		}
		if 2*len(part) <= len(names) {
			r.Skip("no largest part")
		}
		n, err := roads.Open(t.Context(), m.file(at{dir, r}))
		if err != nil {
			r.Fatal(err)
		}
		var of []orb.Point
		for _, i := range part {
			of = append(of, points[i])
		}
		table := ask(t, n, of...)
		for i, from := range part {
			for j, to := range part {
				if got := float64(table.Seconds[i*table.N+j]); math.Abs(got-best[from][to]) > 2 {
					r.Fatalf("from %c to %c: %.0f s, want %.1f", names[from], names[to], got, best[from][to])
				}
			}
		}
	})
}

// at is a test that writes into one folder.
type at struct {
	dir string
	*rapid.T
}

func (a at) TempDir() string { return a.dir }
