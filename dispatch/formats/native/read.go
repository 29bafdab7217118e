package native

import (
	"io"
	"math"

	"callout/dispatch/formats/stream"
	"callout/dispatch/solve"
)

// The limits of what a document may say. The contract says the same.
const (
	maxText      = 200
	maxSpan      = 366 * 24 * 3600
	maxAmount    = 1_000_000_000
	maxRate      = 100_000_000
	maxWeight    = 1_000_000_000
	maxPlaces    = 20_000
	maxLeg       = math.MaxInt32 / 4
	maxLevel     = 1000
	maxPace      = 100_000
	maxThreads   = 64
	maxSeconds   = 24 * 3600
	maxListed    = 1000
	maxDimension = 16
)

// Read reads a problem. It returns all that is wrong with it together, as fault.Invalid.
func Read(in io.Reader) (*Document, error) {
	r := reader{stream.Read(in), &document{}}
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
	d := r.doc
	r.Object(stream.Members{
		"options":     r.options,
		"objective":   r.objective,
		"places":      func() { r.list(maxPlaces, func() { d.places = append(d.places, r.point()) }) },
		"profiles":    func() { r.list(maxListed, func() { d.profiles = append(d.profiles, r.profile()) }) },
		"technicians": func() { r.Array(func(int) { d.technicians = append(d.technicians, r.technician()) }) },
		"jobs":        func() { r.Array(func(int) { d.jobs = append(d.jobs, r.job()) }) },
		"initial":     func() { r.Array(func(int) { d.initial = append(d.initial, r.run()) }) },
	}, "technicians", "jobs")
}

func (r *reader) options() {
	o := &r.doc.options
	r.Object(stream.Members{
		"seed":       func() { o.Seed = uint64(r.Int(0, 1<<53-1)) },
		"threads":    func() { o.Threads = int(r.Int(1, maxThreads)) },
		"iterations": func() { o.Iterations = r.Int(1, 1<<53-1) },
		"seconds":    func() { o.Seconds = r.Float(0.001, maxSeconds) },
		"trace": func() {
			o.Trace = [][]uint16{}
			r.list(maxThreads, func() {
				row := []uint16{}
				for _, n := range r.Ints(0, math.MaxUint16) {
					row = append(row, uint16(n))
				}
				o.Trace = append(o.Trace, row)
			})
		},
	})
}

func (r *reader) objective() {
	if r.Kind() == "string" {
		r.doc.preset = r.Text(maxText)
		if presets[r.doc.preset] == nil {
			r.Faults.Add(r.At(), "must be one of %s", presetNames)
		}
		return
	}
	r.doc.levels = solve.Objective{}
	n := r.Array(func(int) {
		var level solve.Level
		if r.Array(func(int) { level = append(level, r.term()) }) == 0 {
			r.Faults.Add(r.At(), "must hold at least %d", 1)
		}
		r.doc.levels = append(r.doc.levels, level)
	})
	if n == 0 {
		r.Faults.Add(r.At(), "must hold at least %d", 1)
	} else if n > solve.MaxLevels {
		r.Faults.Add(r.At(), "must hold at most %d", solve.MaxLevels)
	}
}

func (r *reader) term() solve.Term {
	t := solve.Term{Class: solve.AllClasses, Price: 1}
	r.Object(stream.Members{
		"of": func() {
			of, known := figures[r.Text(maxText)]
			if !known {
				r.Faults.Add(r.At(), "must be one of %s", figureNames)
			}
			t.Of = of
		},
		"class": func() { t.Class = int(r.Int(0, solve.Classes-1)) },
		"price": func() { t.Price = r.Int(1, maxWeight) },
	}, "of")
	if t.Of != solve.Missed {
		t.Class = 0
	}
	return t
}

func (r *reader) profile() profile {
	p := profile{detour: 1.3, speed: 30}
	r.Object(stream.Members{
		"id":          func() { p.id = r.id() },
		"detour":      func() { p.detour = r.Float(1, 10) },
		"km_per_hour": func() { p.speed = r.Float(1, 300) },
		"durations":   func() { p.durations = r.rows() },
		"distances":   func() { p.distances = r.rows() },
		"costs":       func() { p.costs = r.rows() },
	}, "id")
	if p.durations == nil && (p.distances != nil || p.costs != nil) {
		r.Faults.Add(r.At()+"/durations", "is required with %s", "distances, costs")
	}
	return p
}

func (r *reader) rows() [][]int32 { return r.Matrix(maxPlaces, maxLeg) }

func (r *reader) run() run {
	var i run
	r.Object(stream.Members{
		"shift": func() { i.shift = r.name() },
		"jobs":  func() { i.jobs = r.names() },
	}, "shift", "jobs")
	return i
}
