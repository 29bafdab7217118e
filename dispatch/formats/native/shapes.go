package native

import (
	"github.com/paulmach/orb"

	"callout/dispatch/solve"
)

// place is a pair of coordinates or a number, or where it is not there, nowhere.
type place struct {
	at     *orb.Point
	number int
	known  bool
	where  string // its JSON Pointer
}

// name is a reference by a text, and where it stands.
type name struct{ text, where string }

type profile struct {
	id                          string
	detour, speed               float64
	durations, distances, costs [][]int32
}

type technician struct {
	id     string
	skills []grant
	stock  []amount
	shifts []shift
}

type grant struct {
	skill    string
	level    int
	from, to int64
}

type amount struct {
	part  string
	count int64
}

// shift is a solve.Shift whose places and profile are not known by number yet.
type shift struct {
	id         string
	profile    name
	start, end place
	solve.Shift
}

type need struct {
	skill string
	level int
}

// job is a solve.Job whose references are not known by number yet.
type job struct {
	id                 string
	place              place
	needs              []need
	parts              []amount
	group, chain       string
	after              []name
	allowed, forbidden []name
	restricted         bool // to the allowed, even where there are none
	preferences        []preference
	pin, published     *pin
	solve.Job
}

type preference struct {
	technician name
	points     int64
}

type pin struct {
	shift name
	solve.Pin
}

type run struct {
	shift name
	jobs  []name
}

// Options are what a document says of the search itself; flags and requests may overrule them.
type Options struct {
	Seed       uint64
	Threads    int
	Iterations int64
	Seconds    float64
	Trace      [][]uint16
}

type document struct {
	options     Options
	preset      string
	levels      solve.Objective
	places      []orb.Point
	profiles    []profile
	technicians []technician
	jobs        []job
	initial     []run
	zone        clock
}
