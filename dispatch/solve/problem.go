package solve

import "math"

// Forever is a time that never comes; -Forever one that always was.
const Forever = math.MaxInt64 / 4

// Nowhere stands for the place of an open end: the day begins at the first stop, or ends at the last.
const Nowhere = -1

// Problem is what is to be planned. Technicians, jobs and places go by their indices.
type Problem struct {
	Places    int      // how many there are
	Travel    []Travel // the drives between them, by speed profile
	Shifts    []Shift
	Stock     [][]Amount // by technician: what his van holds for all his shifts; beyond its end: nothing
	Jobs      []Job
	Objective Objective // DefaultObjective where nil
	Initial   [][]int   // by shift: the jobs to begin the search with, in order, as far as they fit; nil = none
}

// Travel tells the drives of one speed profile. It must always give the same answer, and may be
// asked by several goroutines at once.
type Travel interface {
	Leg(from, to int) Leg
}

// Leg is a drive.
type Leg struct {
	Seconds int32
	Metres  int32
	Cost    int32 // beyond the rates of the technician
}

// Window is a span of time, both ends included.
type Window struct{ From, To int64 }

// Shift is one working day of one technician.
type Shift struct {
	Technician int // the same for all shifts of a person
	Profile    int // index in Travel
	Start, End int // places, or Nowhere
	From, To   int64
	Overtime   int64 // how long beyond To he may come home
	Breaks     []Break
	Grants     []Grant
	Capacity   []int64 // by dimension; beyond its end: 0
	MaxJobs    int     // 0 = as many as fit
	MaxDriving int64   // seconds of driving; 0 = no limit
	MaxMetres  int64   // 0 = no limit
	Rates      Rates
	Pace       int // per mille of the jobs' work and set-up that he needs, each rounded up to seconds; 0 = 1000
}

// Break is time off that begins within one of its windows.
type Break struct {
	Windows  []Window
	Duration int64
}

// Grant is a certificate that a technician holds.
type Grant struct {
	Skill    int
	Level    int
	From, To int64 // when it is valid
}

// Rates are what a shift costs, in minor units of money.
type Rates struct {
	Fixed    int64 // once, if he has any stop
	Driving  int64 // per hour on the road
	Work     int64 // per hour of set-up and work
	Overtime int64 // per hour beyond To, in addition
	Km       int64 // per kilometre
}

// Amount is so many pieces of a part.
type Amount struct {
	Part  int
	Count int64
}

// Need is a certificate that a job asks for.
type Need struct {
	Skill int
	Level int // this level or a higher one
}

// Job is work at a place, for one technician. A job for a crew is several jobs of one Group.
type Job struct {
	Place       int
	Windows     []Window // when work may begin; none means at any time
	Release     int64    // not before this; 0 = none
	Due         int64    // when the work should have ended; 0 = no such time. Being late costs, but is allowed
	LateWeight  int64    // what a second of lateness counts; 0 counts as 1
	Setup, Work int64
	Needs       []Need
	Parts       []Amount // taken from the technician's van
	Deliver     []int64  // by dimension: on board from the start of the shift to here
	Pickup      []int64  // by dimension: on board from here to the end of the shift
	Class       int      // 0 is the most urgent; below Classes
	Weight      int64    // how much it counts to serve it, among those of its class. 0 = nothing
	Allowed     []int    // only these technicians; nil = everybody
	Forbidden   []int    // not these technicians
	Preferences []Preference
	Group       int   // jobs of the same Group other than 0 are done together
	Chain       int   // jobs of the same Chain other than 0 are done by the same technician
	After       []int // jobs that must have ended before this one begins
	Pin         *Pin  // it is settled already
	Published   *Pin  // what was told to people: another technician counts as a change
}

// Classes is how many classes of urgency there may be.
const Classes = 8

// Preference is what it counts that a technician does a job: above 0 is disliked, below 0 liked.
type Preference struct {
	Technician int
	Points     int64
}

// Pin is a shift and, where Timed, the moment when the work begins.
type Pin struct {
	Shift int
	Timed bool
	Start int64
}
