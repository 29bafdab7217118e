package api

// point is a GeoJSON Point on the wire.
type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
}

func pointAt(lng, lat float64) *point { return &point{"Point", [2]float64{lng, lat}} }

func (p point) lng() float64 { return p.Coordinates[0] }
func (p point) lat() float64 { return p.Coordinates[1] }
