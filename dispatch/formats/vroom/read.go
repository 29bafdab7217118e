package vroom

import (
	"io"
	"math"

	"callout/dispatch/formats/stream"
)

// The limits of what a document may say. Times are seconds, VROOM's own are 32 bits wide.
const (
	maxID     = 1<<53 - 1 // what every reader of JSON keeps exactly
	maxTime   = math.MaxUint32
	maxSpan   = 366 * 24 * 3600 // of a service, a set-up or a break
	maxAmount = 1 << 40
	maxRate   = 100_000_000
	maxText   = 10_000
	// MaxPlaces is how many rows a matrix may have.
	MaxPlaces = 20_000
	maxLeg    = math.MaxInt32 / 4
)

// Read reads a problem. It returns all that is wrong with it together, as fault.Invalid.
func Read(in io.Reader) (*Document, error) {
	r := reader{stream.Read(in), &document{matrices: map[string]*matrix{}}}
	r.document()
	if err := r.End(); err != nil {
		return nil, err
	}
	return compile(r.doc)
}

type reader struct {
	*stream.Reader
	doc *document
}

func (r *reader) document() {
	r.Object(stream.Members{
		"jobs":     func() { r.Array(func(int) { r.doc.jobs = append(r.doc.jobs, r.job()) }) },
		"vehicles": func() { r.Array(func(int) { r.doc.vehicles = append(r.doc.vehicles, r.vehicle()) }) },
		"matrices": func() { r.Map(func(profile string) { r.doc.matrices[profile] = r.matrix() }) },
		"matrix":   func() { r.doc.matrices[car] = &matrix{durations: r.rows()} },
		"shipments": func() {
			if !r.empty() {
				r.Faults.Add("/shipments", "shipments cannot be planned: write them as jobs, or plan them apart")
			}
		},
	}, "vehicles")
}

// empty passes over a value, and says whether it asks for nothing.
func (r *reader) empty() bool {
	if r.Kind() != "array" {
		r.Skip()
		return false
	}
	return r.Array(func(int) { r.Skip() }) == 0
}

func (r *reader) job() job {
	var j job
	r.Object(stream.Members{
		"id":               func() { j.id = r.Int(0, maxID) },
		"description":      func() { j.description = r.Text(maxText) },
		"location":         func() { j.place.at = r.point() },
		"location_index":   func() { j.place.index = r.index() },
		"setup":            func() { j.setup = r.Int(0, maxSpan) },
		"service":          func() { j.service = r.Int(0, maxSpan) },
		"setup_per_type":   func() { j.setupFor = r.spans() },
		"service_per_type": func() { j.serviceFor = r.spans() },
		"amount":           func() { j.delivery = r.amounts() },
		"delivery":         func() { j.delivery = r.amounts() },
		"pickup":           func() { j.pickup = r.amounts() },
		"skills":           func() { j.skills = r.numbers(math.MaxUint32) },
		"priority":         func() { j.priority = r.Int(0, 100) },
		"time_windows":     func() { j.windows = r.windows() },
	}, "id")
	return j
}

func (r *reader) vehicle() vehicle {
	v := vehicle{profile: car, factor: 1, costs: costs{hour: 3600}}
	r.Object(stream.Members{
		"id":              func() { v.id = r.Int(0, maxID) },
		"profile":         func() { v.profile = r.Text(maxText) },
		"description":     func() { v.description = r.Text(maxText) },
		"start":           func() { v.start.at = r.point() },
		"start_index":     func() { v.start.index = r.index() },
		"end":             func() { v.end.at = r.point() },
		"end_index":       func() { v.end.index = r.index() },
		"capacity":        func() { v.capacity = r.amounts() },
		"costs":           func() { r.costs(&v.costs) },
		"skills":          func() { v.skills = r.numbers(math.MaxUint32) },
		"type":            func() { v.kind = r.Text(maxText) },
		"time_window":     func() { w := r.window(); v.window = &w },
		"breaks":          func() { r.Array(func(int) { v.breaks = append(v.breaks, r.pause()) }) },
		"speed_factor":    func() { v.factor = r.factor() },
		"max_tasks":       func() { v.maxTasks = r.Int(1, math.MaxInt32) },
		"max_travel_time": func() { v.maxTravel = r.Int(1, maxTime) },
		"max_distance":    func() { v.maxDistance = r.Int(1, maxTime) },
		"steps":           func() { r.Array(func(int) { v.steps = append(v.steps, r.step()) }) },
	}, "id")
	return v
}

// factor reads a speed factor, to two digits after the point as VROOM takes it.
func (r *reader) factor() float64 {
	f := math.Round(100*r.Float(0.01, 5)) / 100
	return max(f, 0.01)
}

func (r *reader) costs(c *costs) {
	r.Object(stream.Members{
		"fixed":         func() { c.fixed = r.Int(0, maxRate) },
		"per_hour":      func() { c.hour = r.Int(0, maxRate) },
		"per_task_hour": func() { c.taskHour = r.Int(0, maxRate) },
		"per_km":        func() { c.km = r.Int(0, maxRate) },
	})
}

func (r *reader) pause() pause {
	var p pause
	r.Object(stream.Members{
		"id":           func() { p.id = r.Int(0, maxID) },
		"description":  func() { p.description = r.Text(maxText) },
		"time_windows": func() { p.windows = r.windows() },
		"service":      func() { p.service = r.Int(0, maxSpan) },
		"max_load": func() {
			r.Skip()
			r.Faults.Add(r.At(), "a load at a break cannot be limited")
		},
	}, "id")
	return p
}

func (r *reader) step() step {
	var s step
	moment := func() *int64 { t := r.Int(0, maxTime); return &t }
	r.Object(stream.Members{
		"type": func() {
			switch s.kind = r.Text(maxText); s.kind {
			case "start", "job", "break", "end":
			case "pickup", "delivery":
				r.Faults.Add(r.At(), "shipments cannot be planned: write them as jobs, or plan them apart")
			default:
				r.Faults.Add(r.At(), "must be one of %s", "start, job, break, end")
			}
		},
		"id":             func() { id := r.Int(0, maxID); s.id = &id },
		"service_at":     func() { s.at = moment() },
		"service_after":  func() { s.after = moment() },
		"service_before": func() { s.before = moment() },
	}, "type")
	return s
}
