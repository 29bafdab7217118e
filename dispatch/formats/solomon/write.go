package solomon

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"callout/dispatch/formats/budget"
	"callout/dispatch/solve"
)

// plane is the places of an instance, and the drives between them in tenths.
type plane [][2]float64

// Leg is ten times the Euclidean distance, truncated.
func (p plane) Leg(from, to int) solve.Leg {
	dx, dy := p[from][0]-p[to][0], p[from][1]-p[to][1]
	// The conversions keep processors from fusing the sum, so that every machine truncates alike.
	return solve.Leg{Seconds: int32(10 * math.Sqrt(float64(dx*dx)+float64(dy*dy)))}
}

type solution struct {
	Distance   json.Number `json:"distance"`
	Vehicles   int         `json:"vehicles"`
	Routes     [][]int64   `json:"routes"`
	Unassigned []int64     `json:"unassigned"`
	Seconds    json.Number `json:"seconds"`
	CPUSeconds json.Number `json:"cpu_seconds"`
	Iterations int64       `json:"iterations"`
}

// Write writes a plan: the distance in the file's unit, exactly, and the customers by their numbers.
func (d *Document) Write(out io.Writer, plan *solve.Plan, e budget.Effort) error {
	s := solution{
		Routes: [][]int64{}, Unassigned: []int64{}, Iterations: e.Iterations,
		Seconds: json.Number(fmt.Sprintf("%.3f", e.Seconds)), CPUSeconds: json.Number(fmt.Sprintf("%.3f", e.CPUSeconds)),
	}
	tenths := int64(0)
	for _, r := range plan.Routes {
		if len(r.Stops) == 0 {
			continue
		}
		tenths += r.Driving
		var customers []int64
		for _, stop := range r.Stops {
			customers = append(customers, d.numbers[stop.Job])
		}
		s.Routes = append(s.Routes, customers)
	}
	for _, a := range plan.Unserved {
		s.Unassigned = append(s.Unassigned, d.numbers[a.Job])
	}
	s.Vehicles = len(s.Routes)
	s.Distance = json.Number(fmt.Sprintf("%d.%d", tenths/10, tenths%10))
	return json.NewEncoder(out).Encode(s)
}
