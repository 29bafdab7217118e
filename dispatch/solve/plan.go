package solve

// Plan is who does what, and when.
type Plan struct {
	Routes   []Route  // by shift
	Unserved []Absent // by job
	Score    Score    // by the problem's objective
	Figures  [figures]int64
	Steps    int64      // of the search, by all threads
	Trace    [][]uint16 // by thread: how much of the budget was spent at each round; see Options
}

// Route is what becomes of a shift.
type Route struct {
	Leave, Home int64 // leaves Start, is at End; both are From where there are no stops
	Stops       []Stop
	Pauses      []Pause
	Driving     int64 // seconds
	Metres      int64
	Working     int64 // seconds of set-up and work
	Waiting     int64
	Lateness    int64 // seconds, unweighted
	Overtime    int64
	Cost        int64 // CostUnit is a minor unit of money
}

// Stop is a job in a route.
type Stop struct {
	Job     int
	Driving int64 // seconds on the way to it
	Metres  int64
	Arrive  int64
	Start   int64 // of set-up
	End     int64
}

// Pause is a break taken.
type Pause struct {
	Break      int // index in the shift's breaks
	After      int // how many stops come before it
	Start, End int64
}

// Absent is a job that nobody does, and how many technicians passed each test.
type Absent struct {
	Job       int
	Reason    Reason
	Certified int // hold the certificates, long enough for the work
	Able      int // and could do it on an empty day
}

// Reason sums up why nobody does a job.
type Reason string

// The reasons, the most fundamental first.
const (
	NoShift       Reason = "no_technician"  // there is no shift of anybody allowed to do it
	NoCertificate Reason = "no_certificate" // nobody allowed holds the certificates
	NoParts       Reason = "no_parts"       // no van of those holds the parts, or can carry the load
	NoWindow      Reason = "window"         // nobody of those could come in time, even on an empty day
	NoPartner     Reason = "depends"        // it waits for a job, or a crew, that is not to be had
	NoCapacity    Reason = "capacity"       // the days of all who could are full
)
