package demo_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"testing"

	"callout/demo"
	"callout/internal/geo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

var update = flag.Bool("update", false, "draw the territories anew")

// request is a place of the files with the region that the city put it in.
type request struct {
	at     orb.Point
	region int
}

func requests(t *testing.T) []request {
	t.Helper()
	var all []request
	for _, file := range []string{demo.FirstFile, demo.SecondFile} {
		for _, row := range table(t, file) {
			lat, err1 := strconv.ParseFloat(row["latitude"], 64)
			lng, err2 := strconv.ParseFloat(row["longitude"], 64)
			region, err3 := strconv.Atoi(row["region_id"])
			if err1 != nil || err2 != nil || err3 != nil {
				t.Fatal(row)
			}
			all = append(all, request{orb.Point{lng, lat}, region})
		}
	}
	return all
}

func table(t *testing.T, file string) []map[string]string {
	t.Helper()
	b, err := fs.ReadFile(demo.Files(), file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		all = append(all, row)
	}
	return all
}

// chinese names the regions.
var chinese = []string{
	"东北谷", "西北谷", "西南谷", "东南谷", "中区一", "中区二", "东区", "洛杉矶东北", "南洛杉矶二", "南洛杉矶一", "西洛杉矶", "港区",
}

// draw makes the file of territories.
func draw(t *testing.T) []byte {
	t.Helper()
	var points []orb.Point
	var labels []int
	for _, r := range requests(t) {
		points, labels = append(points, r.at), append(labels, r.region)
	}
	shapes := trace(label(points, labels), len(chinese))
	b := &bytes.Buffer{}
	b.WriteString(`{"type": "FeatureCollection", "features": [` + "\n")
	for i, region := range table(t, "regions.csv") {
		var shape orb.Geometry = shapes[i]
		if len(shapes[i]) == 1 {
			shape = shapes[i][0]
		}
		f := geojson.NewFeature(shape)
		f.Properties = geojson.Properties{
			"region_id": i + 1, "code": fmt.Sprintf("R%02d", i+1), "name": region["region_name"], "name_zh": chinese[i],
			"note": "borders made up around the requests of the region",
		}
		line, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		if i < len(chinese)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

func TestTerritories(t *testing.T) {
	drawn := draw(t)
	if *update {
		if err := os.WriteFile("la311/territories.geojson", drawn, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := fs.ReadFile(demo.Files(), "territories.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(drawn, kept) {
		t.Error("the file is not what is drawn from the requests: run with -update")
	}
	if len(kept) > 400<<10 {
		t.Errorf("%d bytes", len(kept))
	}
}

func territories(t *testing.T) []geo.Territory {
	t.Helper()
	outlets, err := demo.Outlets()
	if err != nil {
		t.Fatal(err)
	}
	if len(outlets) != 12 {
		t.Fatalf("%d outlets", len(outlets))
	}
	var all []geo.Territory
	for i, o := range outlets {
		if o.Region != i+1 || o.Name == "" || o.NameZh == "" || o.Zone == "" {
			t.Errorf("outlet %d: %+v", i, o)
		}
		// Reading it has refused rings that are open, cross or touch themselves.
		all = append(all, o.Territory)
	}
	return all
}

func TestTerritoriesCoverTheRequests(t *testing.T) {
	all := territories(t)
	own, labelled := 0, 0
	for _, r := range requests(t) {
		var in []int
		for i, shape := range all {
			if shape.Contains(r.at) {
				in = append(in, i+1)
			}
		}
		if len(in) != 1 {
			t.Errorf("%v lies in the territories %v", r.at, in)
			continue
		}
		if r.region > 0 {
			labelled++
			if in[0] == r.region {
				own++
			}
		}
	}
	share := 100 * float64(own) / float64(labelled)
	t.Logf("%d of %d requests lie in the territory of their region: %.2f %%", own, labelled, share)
	if share < 98 {
		t.Errorf("%.2f %%, want 98", share)
	}
}

func TestTerritoriesDoNotOverlap(t *testing.T) {
	outlets, err := demo.Outlets()
	if err != nil {
		t.Fatal(err)
	}
	var shapes []orb.MultiPolygon
	var edges [][][2]orb.Point
	for _, o := range outlets {
		raw, err := json.Marshal(o.Territory)
		if err != nil {
			t.Fatal(err)
		}
		g, err := geojson.UnmarshalGeometry(raw)
		if err != nil {
			t.Fatal(err)
		}
		shape, several := g.Geometry().(orb.MultiPolygon)
		if !several {
			shape = orb.MultiPolygon{g.Geometry().(orb.Polygon)}
		}
		shapes = append(shapes, shape)
		var own [][2]orb.Point
		for _, polygon := range shape {
			for _, ring := range polygon {
				for i := range ring[1:] {
					own = append(own, [2]orb.Point{ring[i], ring[i+1]})
				}
			}
		}
		edges = append(edges, own)
	}
	for a := range edges {
		for b := range a {
			for _, e := range edges[a] {
				for _, f := range edges[b] {
					if left(e[0], e[1], f[0])*left(e[0], e[1], f[1]) < 0 && left(f[0], f[1], e[0])*left(f[0], f[1], e[1]) < 0 {
						t.Fatalf("%s and %s cross at %v", outlets[a].Code, outlets[b].Code, e)
					}
				}
			}
			// Borders that do not cross leave one way to overlap: one inside of the other.
			for _, polygon := range shapes[a] {
				if inside := middle(polygon[0]); planar.MultiPolygonContains(shapes[b], inside) {
					t.Errorf("%s lies in %s", outlets[a].Code, outlets[b].Code)
				}
			}
		}
	}
	all := territories(t)
	box := orb.Bound{Min: orb.Point{-118.7, 33.68}, Max: orb.Point{-118.13, 34.36}}
	for x := box.Min[0]; x < box.Max[0]; x += .0019 {
		for y := box.Min[1]; y < box.Max[1]; y += .0017 {
			in := 0
			for _, s := range all {
				if s.Contains(orb.Point{x, y}) {
					in++
				}
			}
			if in > 1 {
				t.Fatalf("%f, %f lies in %d territories", x, y, in)
			}
		}
	}
}

// left is above 0 where p lies left of the line from a to b.
func left(a, b, p orb.Point) float64 {
	return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
}

// middle is a point inside a counter-clockwise ring: a hair to the left of its first edge.
func middle(r orb.Ring) orb.Point {
	dx, dy := r[1][0]-r[0][0], r[1][1]-r[0][1]
	return orb.Point{(r[0][0]+r[1][0])/2 - dy*1e-4, (r[0][1]+r[1][1])/2 + dx*1e-4}
}
