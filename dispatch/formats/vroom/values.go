package vroom

import (
	"github.com/paulmach/orb"

	"callout/dispatch/formats/stream"
	"callout/dispatch/solve"
)

func (r *reader) point() *orb.Point {
	p := r.Point("[lon, lat]")
	return &p
}

func (r *reader) index() *int {
	i := int(r.Int(0, MaxPlaces-1))
	return &i
}

func (r *reader) spans() map[string]int64 {
	all := map[string]int64{}
	r.Map(func(kind string) { all[kind] = r.Int(0, maxSpan) })
	return all
}

func (r *reader) amounts() []int64 { return r.numbers(maxAmount) }

func (r *reader) numbers(most int64) []int64 {
	all := []int64{}
	r.Array(func(int) { all = append(all, r.Int(0, most)) })
	return all
}

func (r *reader) windows() []solve.Window {
	var all []solve.Window
	if r.Array(func(int) { all = append(all, r.window()) }) == 0 {
		r.Faults.Add(r.At(), "must hold at least %d", 1)
	}
	return all
}

func (r *reader) window() solve.Window {
	var w solve.Window
	n := r.Array(func(i int) {
		switch i {
		case 0:
			w.From = r.Int(0, maxTime)
		case 1:
			w.To = r.Int(0, maxTime)
		default:
			r.Skip()
		}
	})
	if n >= 0 && n != 2 {
		r.Faults.Add(r.At(), "must be %s", "[start, end]")
	} else if w.From > w.To {
		r.Faults.Add(r.At(), "ends before it begins")
	}
	return w
}

func (r *reader) matrix() *matrix {
	var m matrix
	r.Object(stream.Members{
		"durations": func() { m.durations = r.rows() },
		"distances": func() { m.distances = r.rows() },
		"costs":     func() { m.costs = r.rows() },
	}, "durations")
	return &m
}

func (r *reader) rows() [][]int32 { return r.Matrix(MaxPlaces, maxLeg) }
