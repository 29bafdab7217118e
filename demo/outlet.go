package demo

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/paulmach/orb/geojson"
)

// Outlet serves one region of the city. Its borders are made up.
type Outlet struct {
	Region    int    // region_id of the requests
	Code      string // R01 to R12
	Name      string
	NameZh    string
	Zone      string            // IANA
	Territory *geojson.Geometry // Polygon or MultiPolygon
}

// Outlets lists the outlets by region. Their territories do not overlap, and together they
// cover every request of both files.
func Outlets() ([]Outlet, error) {
	b, err := fs.ReadFile(Files(), "territories.geojson")
	if err != nil {
		return nil, err
	}
	var c geojson.FeatureCollection
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("demo: territories: %w", err)
	}
	var all []Outlet
	for _, f := range c.Features {
		p := f.Properties
		all = append(all, Outlet{
			Region: p.MustInt("region_id"), Code: p.MustString("code"),
			Name: p.MustString("name"), NameZh: p.MustString("name_zh"),
			Zone: zone, Territory: geojson.NewGeometry(f.Geometry),
		})
	}
	return all, nil
}

const zone = "America/Los_Angeles"
