package vroom

import (
	"github.com/paulmach/orb"

	"callout/dispatch/solve"
)

// place is where something is, by coordinates or by a row of the matrices, or both.
type place struct {
	number int // in the problem
	at     *orb.Point
	index  *int
}

func (p place) known() bool { return p.at != nil || p.index != nil }

type job struct {
	id             int64
	description    string
	place          place
	setup, service int64
	setupFor       map[string]int64
	serviceFor     map[string]int64
	delivery       []int64
	pickup         []int64
	skills         []int64
	priority       int64
	windows        []solve.Window
}

type vehicle struct {
	id          int64
	profile     string
	description string
	start, end  place
	capacity    []int64
	costs       costs
	skills      []int64
	kind        string
	window      *solve.Window
	breaks      []pause
	factor      float64
	maxTasks    int64
	maxTravel   int64
	maxDistance int64
	steps       []step
}

type costs struct{ fixed, hour, taskHour, km int64 }

type pause struct {
	id          int64
	description string
	windows     []solve.Window
	service     int64
}

type step struct {
	kind              string
	id                *int64
	at, after, before *int64
}

// matrix is what is known of one profile, row by row.
type matrix struct {
	durations, distances, costs [][]int32
}

type document struct {
	jobs     []job
	vehicles []vehicle
	matrices map[string]*matrix
	points   map[int]orb.Point // where places are, as far as coordinates tell
}
