package dispatch

import (
	"time"

	"callout/internal/fault"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Plan is a search for better days of some outlets, and the changes to the board that it
// proposes. It changes nothing until it is applied, whole or in part.
type Plan struct {
	ID          uuid.UUID
	Kind        PlanKind
	Causes      Causes // what happened that a repair answers
	Status      PlanStatus
	Outlets     []uuid.UUID
	OutletID    *uuid.UUID // who sees it: the people of this outlet; nil: the central desk alone
	Day         time.Time  // the first date, by the clock of each outlet
	Days        int        // how many dates
	Options     PlanOptions
	WhatIf      *WhatIf    // what it takes to be otherwise than it is; such a plan is never applied
	NightlyOn   *time.Time // the date in whose night it was made by itself
	Stop        bool       // somebody wants no more search
	Attempt     int        // how often the search has begun
	BeatAt      *time.Time // when the search was last heard of; nil where there is none
	Policy      int        // the version that it was reckoned with; 0 before the search
	Result      *PlanResult
	Failure     *words.Text // why it has failed
	Hash        []byte      // of the solution: what a replay must come to
	RequestedBy requester
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time

	Changes []PlanChange // not told in lists
}

// PlanKind says who asked for a plan.
type PlanKind string

// The kinds of plans.
const (
	PlanAsked  PlanKind = "plan"   // a person, or the night
	PlanRepair PlanKind = "repair" // the day, when something happened
)

// PlanStatus is where a plan stands.
type PlanStatus string

// The statuses of a plan: queued → running → proposed → applied or discarded. A search that ends in
// an error is tried again, and has failed in the end.
const (
	PlanQueued    PlanStatus = "queued"
	PlanRunning   PlanStatus = "running"
	PlanProposed  PlanStatus = "proposed"
	PlanApplied   PlanStatus = "applied" // all of it
	PlanDiscarded PlanStatus = "discarded"
	PlanFailed    PlanStatus = "failed"
)

// Ended says whether nothing more is searched for.
func (s PlanStatus) Ended() bool { return s != PlanQueued && s != PlanRunning }

// PlanOptions say how to plan.
type PlanOptions struct {
	Objective    Objective
	Seconds      float64 // of searching, where Iterations is 0
	Iterations   int64   // exactly so many steps of each thread
	Seed         uint64  // of the search
	Threads      int     // that search side by side; 0 = one per core of the worker
	Across       bool    // technicians of one of the outlets may do jobs of another
	RequireParts bool    // only who has the needed parts on his van; otherwise he is preferred
	MoveSent     bool    // jobs that were sent out may move too
	Overtime     int     // minutes that each may come home late
}

// WhatIf says what a plan takes to be otherwise than it is.
type WhatIf struct {
	Technicians []MoreTechnicians
	Absent      []uuid.UUID // technicians who are not there at all
	Shifts      []OtherShift
	Jobs        []MoreJobs
}

// MoreTechnicians are so many more technicians with the certificates, the shifts and the home of one.
type MoreTechnicians struct {
	Like  uuid.UUID
	Count int
}

// OtherShift stands for whatever shifts a technician has on the date on which it begins.
type OtherShift struct {
	TechnicianID uuid.UUID
	StartsAt     time.Time
	EndsAt       time.Time
}

// MoreJobs are so many more open jobs like one.
type MoreJobs struct {
	Like  uuid.UUID
	Count int
}

// NewPlan asks for a plan.
type NewPlan struct {
	Outlets []uuid.UUID // nil is every active outlet that one sees
	Day     time.Time
	Days    int
	Options PlanOptions
	WhatIf  *WhatIf
}

// ChangeKind is what a plan does to a job.
type ChangeKind string

// The kinds of changes.
const (
	ChangeAdded   ChangeKind = "added"   // was open, gets a technician
	ChangeMoved   ChangeKind = "moved"   // gets another technician or another time
	ChangeDropped ChangeKind = "dropped" // is open again
)

// PlanChange is one change to the board that a plan proposes.
type PlanChange struct {
	PlanID     uuid.UUID
	JobID      uuid.UUID
	Number     string
	JobVersion int // as it was planned
	Kind       ChangeKind

	TechnicianID *uuid.UUID // who does it by the plan; nil where it is dropped
	Technician   string
	StartsAt     *time.Time
	EndsAt       *time.Time
	Driving      int // seconds on the way to it
	Metres       int
	Lateness     int // seconds that it ends after it is due

	WasTechnicianID *uuid.UUID // who has it now; nil where it was open
	WasTechnician   string
	WasStartsAt     *time.Time
	WasEndsAt       *time.Time

	AppliedAt *time.Time

	outlet uuid.UUID // the technician's
}

// PlanFigures count what matters of a plan, or of the board as it is.
type PlanFigures struct {
	Jobs        int
	Served      int
	Missed      [3]int // unserved jobs of P0, P1 and P2
	LateJobs    int
	Lateness    int64 // seconds
	Cost        int64 // minor units of money
	Driving     int64 // seconds
	Metres      int64
	Working     int64 // seconds
	Waiting     int64
	Overtime    int64
	Technicians int     // with a job
	Longest     int64   // seconds on duty of the fullest shift
	Changed     int     // jobs that go to somebody else, or to nobody
	Score       []int64 // by the objective's levels, less is better
}

// PlanResult is what a search came to.
type PlanResult struct {
	Levels    []string    // what each level of the score counts
	Before    PlanFigures // the board as it was, by the same figures
	After     PlanFigures
	Unchanged int // booked jobs that stay as they are
	Unserved  []Skipped
	Notes     []words.Text
	Steps     int64
	Seconds   float64 // that the search took
	Stopped   bool    // before its end
}

// planNext says what may be done with a plan.
var planNext = map[PlanStatus]map[string]PlanStatus{
	PlanQueued:   {"cancel": PlanDiscarded},
	PlanRunning:  {"cancel": PlanRunning},
	PlanProposed: {"apply": PlanProposed, "discard": PlanDiscarded},
}

// may refuses what cannot be done with the plan, or was decided on another version of it.
func (p Plan) may(verb string, version int) error {
	if version != 0 && p.Version != version {
		return fault.New(fault.Stale, "%s is at version %d", words.Noun("plan"), p.Version)
	}
	if _, allowed := planNext[p.Status][verb]; !allowed {
		return fault.New(fault.Conflict, "the plan is %s: %s is not possible", p.Status, words.Noun(verb))
	}
	if verb == "apply" && p.WhatIf != nil {
		return fault.New(fault.Conflict, "the plan answers a question of what if: it can never be applied")
	}
	return nil
}
