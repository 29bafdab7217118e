package cases

import (
	"time"

	"callout/internal/fault"
)

// Status is where a case stands.
type Status string

// The statuses of a case, in the order of its life.
const (
	StatusReceived   Status = "received"
	StatusClassified Status = "classified"
	StatusInService  Status = "in_service"
	StatusResolved   Status = "resolved"
	StatusClosed     Status = "closed"
	StatusReopened   Status = "reopened"
	StatusCanceled   Status = "canceled"
)

// running says whether something is still to be done, so that the clocks tick.
func (s Status) running() bool {
	return s != StatusResolved && s != StatusClosed && s != StatusCanceled
}

// Verb is what moves a case.
type Verb string

// The verbs that move a case.
const (
	VerbClassify Verb = "classify"
	VerbOpenJob  Verb = "open_job"
	VerbResolve  Verb = "resolve"
	VerbClose    Verb = "close"
	VerbReopen   Verb = "reopen"
	VerbCancel   Verb = "cancel"
)

// next says where each verb leads from each status. What is not here is not allowed. The
// README draws it, and a test holds the two against each other.
var next = map[Status]map[Verb]Status{
	StatusReceived:   {VerbClassify: StatusClassified, VerbOpenJob: StatusInService, VerbCancel: StatusCanceled},
	StatusClassified: {VerbOpenJob: StatusInService, VerbResolve: StatusResolved, VerbCancel: StatusCanceled},
	StatusInService:  {VerbOpenJob: StatusInService, VerbResolve: StatusResolved, VerbCancel: StatusCanceled},
	StatusResolved:   {VerbOpenJob: StatusInService, VerbClose: StatusClosed, VerbReopen: StatusReopened},
	StatusClosed:     {VerbReopen: StatusReopened},
	StatusReopened:   {VerbOpenJob: StatusInService, VerbResolve: StatusResolved, VerbCancel: StatusCanceled},
	StatusCanceled:   {},
}

// undergo moves c by a verb, if the lifecycle allows it.
func (c *Case) undergo(v Verb, at time.Time) error {
	to, allowed := next[c.Status][v]
	if !allowed {
		return c.refuse(v)
	}
	c.Status = to
	c.touch(at)
	switch to {
	case StatusResolved:
		c.ResolvedAt = &at
		if c.RespondedAt == nil {
			c.RespondedAt = &at
		}
	case StatusClosed:
		c.ClosedAt = &at
	case StatusReopened, StatusInService:
		c.ResolvedAt, c.ClosedAt = nil, nil
	case StatusReceived, StatusClassified, StatusCanceled:
	}
	return nil
}

func (c Case) refuse(v Verb) error {
	return fault.New(fault.Conflict, "case %s is %s: %s is not possible", c.Number, c.Status, v)
}

// unchanged refuses a version that is not the case's any more.
func (c Case) unchanged(version int) error {
	if c.Version != version {
		return fault.New(fault.Stale, "case %s is at version %d", c.Number, c.Version)
	}
	return nil
}
