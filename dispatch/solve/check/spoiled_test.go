package check_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"callout/dispatch/solve"
	"callout/internal/fault"
)

// spoil breaks one value of a problem, and names it.
func spoil(p *solve.Problem, r *rand.Rand) string {
	j, s := r.IntN(len(p.Jobs)), r.IntN(len(p.Shifts))
	job, shift := &p.Jobs[j], &p.Shifts[s]
	ways := []struct {
		at    string
		spoil func()
	}{
		{"/jobs/%d/place", func() { job.Place = p.Places }},
		{"/jobs/%d/work", func() { job.Work = -1 }},
		{"/jobs/%d/setup", func() { job.Setup = -5 }},
		{"/jobs/%d/windows/1", func() { job.Windows = []solve.Window{{From: 4, To: 4}, {From: 5, To: 4}} }},
		{"/jobs/%d/windows/0/to", func() { job.Windows = []solve.Window{{To: math.MaxInt64}} }},
		{"/jobs/%d/release", func() { job.Release = math.MinInt64 }},
		{"/jobs/%d/due", func() { job.Due = math.MaxInt64 }},
		{"/jobs/%d/late_weight", func() { job.LateWeight = -1 }},
		{"/jobs/%d/after/0", func() { job.After = []int{len(p.Jobs)} }},
		{"/jobs/%d/after/0", func() { job.After = []int{j} }},
		{"/jobs/%d/pin/shift", func() { job.Pin = &solve.Pin{Shift: len(p.Shifts)} }},
		{"/jobs/%d/pin/start", func() { job.Pin = &solve.Pin{Shift: s, Timed: true, Start: math.MaxInt64} }},
		{"/jobs/%d/published/shift", func() { job.Published = &solve.Pin{Shift: -1} }},
		{"/jobs/%d/class", func() { job.Class = solve.Classes }},
		{"/jobs/%d/weight", func() { job.Weight = -1 }},
		{"/jobs/%d/deliver/1", func() { job.Deliver = []int64{0, -1} }},
		{"/jobs/%d/pickup/0", func() { job.Pickup = []int64{math.MaxInt64} }},
		{"/jobs/%d/parts/0/count", func() { job.Parts = []solve.Amount{{Part: 1, Count: -1}} }},
		{"/jobs/%d/preferences/0/points", func() { job.Preferences = []solve.Preference{{Points: math.MinInt64}} }},
		{"/shifts/%[2]d/technician", func() { shift.Technician = -1 }},
		{"/shifts/%[2]d/profile", func() { shift.Profile = len(p.Travel) }},
		{"/shifts/%[2]d/start", func() { shift.Start = -2 }},
		{"/shifts/%[2]d/end", func() { shift.End = p.Places }},
		{"/shifts/%[2]d/to", func() { shift.To = shift.From - 1 }},
		{"/shifts/%[2]d/from", func() { shift.From = -solve.Forever }},
		{"/shifts/%[2]d/overtime", func() { shift.Overtime = -1 }},
		{"/shifts/%[2]d/breaks/0/duration", func() { shift.Breaks = []solve.Break{{Duration: -1}} }},
		{"/shifts/%[2]d/breaks/0/windows/0", func() { shift.Breaks = []solve.Break{{Windows: []solve.Window{{From: 1}}}} }},
		{"/shifts/%[2]d/capacity/0", func() { shift.Capacity = []int64{-1} }},
		{"/shifts/%[2]d/max_jobs", func() { shift.MaxJobs = -1 }},
		{"/shifts/%[2]d/max_driving", func() { shift.MaxDriving = -1 }},
		{"/shifts/%[2]d/max_metres", func() { shift.MaxMetres = -1 }},
		{"/shifts/%[2]d/rates/driving", func() { shift.Rates.Driving = -1 }},
		{"/shifts/%[2]d/rates/km", func() { shift.Rates.Km = math.MaxInt64 }},
		{"/shifts/%[2]d/pace", func() { shift.Pace = -1 }},
		{"/stock/0/0/count", func() { p.Stock = [][]solve.Amount{{{Count: -1}}} }},
		{"/travel/0", func() { p.Travel[0] = nil }},
		{"/initial/0/0", func() { p.Initial = [][]int{{len(p.Jobs)}} }},
		{"/initial/0/1", func() { p.Initial = [][]int{{j, j}} }},
		{"/initial", func() { p.Initial = make([][]int, len(p.Shifts)+1) }},
		{"/objective", func() { p.Objective = make(solve.Objective, solve.MaxLevels+1) }},
		{"/objective/0/0/of", func() { p.Objective = solve.Objective{{{Of: 99, Price: 1}}} }},
		{"/objective/0/0/price", func() { p.Objective = solve.Objective{{{Of: solve.Cost, Price: -1}}} }},
		{"/objective/0/0/class", func() { p.Objective = solve.Objective{{{Of: solve.Missed, Class: solve.Classes, Price: 1}}} }},
	}
	way := ways[r.IntN(len(ways))]
	way.spoil()
	return strings.Split(fmt.Sprintf(way.at+"\n%[1]d%[2]d", j, s), "\n")[0]
}

func TestABrokenProblemIsRefusedByName(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1000) {
		p := random(3e6+seed, size{jobs: 8, shifts: 4})
		at := spoil(p, rand.New(rand.NewPCG(seed, 9)))
		err := p.Check()
		if err == nil {
			t.Errorf("seed %d: accepted, though %s is broken", seed, at)
			continue
		}
		if !slices.ContainsFunc(fault.From(err).Fields, func(f fault.Field) bool { return f.Pointer == at }) {
			t.Errorf("seed %d: %v does not name %s", seed, err, at)
		}
		if _, failed := solve.Solve(p, solve.Options{Iterations: 10}); failed == nil {
			t.Errorf("seed %d: solved, though %v", seed, err)
		}
	}
}
