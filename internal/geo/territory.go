package geo

import (
	"bytes"
	"encoding/json"
	"io"

	"callout/internal/fault"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// The largest territory that is read.
const (
	MaxTerritoryBytes  = 512 << 10
	MaxTerritoryPoints = 10_000
)

// Territory is the area that an outlet serves: one polygon or several, each with or without
// holes. The zero Territory contains nothing.
type Territory struct {
	shape orb.MultiPolygon
	bound orb.Bound
}

// ParseTerritory reads a GeoJSON Polygon or MultiPolygon (RFC 7946). Anything that is not an
// area of the earth is refused with an Invalid fault: rings must be closed, have four
// positions or more, stay within longitude and latitude, and must not cross or touch themselves.
func ParseTerritory(raw []byte) (Territory, error) {
	if len(raw) > MaxTerritoryBytes {
		return Territory{}, fault.New(fault.Invalid, "the territory has %d bytes; it may have %d", len(raw), MaxTerritoryBytes)
	}
	polygons, err := decode(raw)
	if err != nil {
		return Territory{}, err
	}
	if len(polygons) == 0 {
		return Territory{}, fault.New(fault.Invalid, "the territory has no polygon")
	}
	points, shape := 0, make(orb.MultiPolygon, len(polygons))
	for i, rings := range polygons {
		if len(rings) == 0 {
			return Territory{}, fault.New(fault.Invalid, "polygon %d of the territory has no ring", i+1)
		}
		for j, positions := range rings {
			if points += len(positions); points > MaxTerritoryPoints {
				return Territory{}, fault.New(fault.Invalid, "the territory has more than %d points", MaxTerritoryPoints)
			}
			ring, err := parseRing(positions, i+1, j+1)
			if err != nil {
				return Territory{}, err
			}
			shape[i] = append(shape[i], ring)
		}
	}
	return Territory{shape: shape, bound: shape.Bound()}, nil
}

// position is a JSON array of numbers. Pointers tell null from 0.
type position []*float64

func decode(raw []byte) ([][][]position, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&g); err != nil {
		return nil, fault.New(fault.Invalid, "the territory is not a GeoJSON object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "the territory is followed by something else")
	}
	var polygons [][][]position
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][]position, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return nil, fault.New(fault.Invalid, "the territory is a %q; it must be a Polygon or a MultiPolygon", g.Type)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "the coordinates of the territory are not those of a %s", g.Type)
	}
	return polygons, nil
}

// Contains says whether p lies in the territory. Its outer border belongs to it.
func (t Territory) Contains(p orb.Point) bool {
	return len(t.shape) > 0 && t.bound.Contains(p) && planar.MultiPolygonContains(t.shape, p)
}

// Bound is the smallest box of longitudes and latitudes around the territory.
func (t Territory) Bound() orb.Bound { return t.bound }

// Center is the centroid of the territory. It need not lie inside.
func (t Territory) Center() orb.Point {
	c, _ := planar.CentroidArea(t.shape)
	return c
}

// MarshalJSON writes the territory as GeoJSON: a Polygon where there is one, else a MultiPolygon.
func (t Territory) MarshalJSON() ([]byte, error) {
	if len(t.shape) == 1 {
		return geojson.NewGeometry(t.shape[0]).MarshalJSON()
	}
	return geojson.NewGeometry(t.shape).MarshalJSON()
}

// UnmarshalJSON reads what ParseTerritory reads, and refuses what it refuses.
func (t *Territory) UnmarshalJSON(raw []byte) (err error) {
	*t, err = ParseTerritory(raw)
	return err
}
