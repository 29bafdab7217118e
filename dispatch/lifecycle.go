package dispatch

import (
	"time"

	"callout/internal/fault"
)

// Status is where a job stands.
type Status string

// The statuses of a job, in the order of its life.
const (
	StatusOpen       Status = "open"
	StatusScheduled  Status = "scheduled"
	StatusDispatched Status = "dispatched"
	StatusAccepted   Status = "accepted"
	StatusTraveling  Status = "traveling"
	StatusOnSite     Status = "on_site"
	StatusWorking    Status = "working"
	StatusOnHold     Status = "on_hold"
	StatusFinished   Status = "finished"
	StatusClosed     Status = "closed"
	StatusCanceled   Status = "canceled"
	StatusIncomplete Status = "incomplete"
)

// HoldReason is what a job on hold waits for.
type HoldReason string

// The reasons to hold a job.
const (
	HoldParts    HoldReason = "parts"
	HoldCustomer HoldReason = "customer"
	HoldSafety   HoldReason = "safety"
)

// Verb is what people do with a job.
type Verb string

// The verbs that move a job.
const (
	VerbAssign         Verb = "assign"
	VerbReassign       Verb = "reassign"
	VerbUnassign       Verb = "unassign"
	VerbDispatch       Verb = "dispatch"
	VerbAccept         Verb = "accept"
	VerbDecline        Verb = "decline"
	VerbTravel         Verb = "travel"
	VerbArrive         Verb = "arrive"
	VerbStart          Verb = "start"
	VerbHold           Verb = "hold"
	VerbResume         Verb = "resume"
	VerbFinish         Verb = "finish"
	VerbCannotComplete Verb = "cannot_complete"
	VerbClose          Verb = "close"
	VerbCancel         Verb = "cancel"
)

// next says where each verb leads from each status. What is not here is not allowed. The
// README draws it, and a test holds the two against each other.
var next = map[Status]map[Verb]Status{
	StatusOpen:       {VerbAssign: StatusScheduled, VerbCancel: StatusCanceled},
	StatusScheduled:  moved(map[Verb]Status{VerbDispatch: StatusDispatched}),
	StatusDispatched: moved(map[Verb]Status{VerbAccept: StatusAccepted, VerbDecline: StatusOpen}),
	StatusAccepted:   moved(map[Verb]Status{VerbTravel: StatusTraveling}),
	StatusTraveling:  moved(map[Verb]Status{VerbArrive: StatusOnSite}),
	StatusOnSite:     moved(map[Verb]Status{VerbStart: StatusWorking}),
	StatusWorking:    {VerbHold: StatusOnHold, VerbFinish: StatusFinished, VerbCannotComplete: StatusIncomplete},
	StatusOnHold:     {VerbResume: StatusWorking, VerbCannotComplete: StatusIncomplete},
	StatusFinished:   {VerbClose: StatusClosed},
	StatusClosed:     {},
	StatusCanceled:   {},
	StatusIncomplete: {},
}

// moved adds what a dispatcher may do with any job that somebody has but nobody works on yet.
func moved(verbs map[Verb]Status) map[Verb]Status {
	verbs[VerbReassign] = StatusScheduled
	verbs[VerbUnassign] = StatusOpen
	verbs[VerbCancel] = StatusCanceled
	return verbs
}

// undergo moves j by a verb, if nobody moved it since version was read and the lifecycle
// allows it.
func (j *Job) undergo(v Verb, version int, at time.Time) error {
	if err := j.unchanged(version); err != nil {
		return err
	}
	to, allowed := next[j.Status][v]
	if !allowed {
		return fault.New(fault.Conflict, "job %s is %s: %s is not possible", j.Number, j.Status, v)
	}
	j.Status = to
	j.touch(at)
	return nil
}

// unchanged refuses a version that is not the job's any more.
func (j *Job) unchanged(version int) error {
	if j.Version != version {
		return fault.New(fault.Stale, "job %s is at version %d", j.Number, j.Version)
	}
	return nil
}

// touch notes that j changed at a moment.
func (j *Job) touch(at time.Time) {
	j.Version++
	j.UpdatedAt = at
}
