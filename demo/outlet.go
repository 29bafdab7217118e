package demo

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"callout/internal/geo"
)

// Outlet serves one region of the city. Its borders are made up.
type Outlet struct {
	Region    int    // region_id of the requests
	Code      string // R01 to R12
	Name      string
	NameZh    string
	Zone      string // IANA
	Territory geo.Territory
}

// Outlets lists the outlets by region. Their territories do not overlap, and together they
// cover every request of both files.
func Outlets() ([]Outlet, error) {
	b, err := fs.ReadFile(Files(), "territories.geojson")
	if err != nil {
		return nil, err
	}
	var c struct {
		Features []struct {
			Geometry   json.RawMessage `json:"geometry"`
			Properties struct {
				Region int    `json:"region_id"`
				Code   string `json:"code"`
				Name   string `json:"name"`
				NameZh string `json:"name_zh"`
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("demo: territories: %w", err)
	}
	var all []Outlet
	for _, f := range c.Features {
		p := f.Properties
		shape, err := geo.ParseTerritory(f.Geometry)
		if err != nil {
			return nil, fmt.Errorf("demo: territory %s: %w", p.Code, err)
		}
		all = append(all, Outlet{p.Region, p.Code, p.Name, p.NameZh, zone, shape})
	}
	return all, nil
}
