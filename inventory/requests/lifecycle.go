package requests

import (
	"slices"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
)

// Status is where a part request stands.
type Status string

// The statuses of a part request.
const (
	StatusRequested      Status = "requested"
	StatusApproved       Status = "approved"
	StatusRejected       Status = "rejected"
	StatusPicking        Status = "picking"         // somebody walks along the shelves for it
	StatusIssued         Status = "issued"          // parts are on their way to the technician
	StatusBackordered    Status = "backordered"     // what was handed out has come, and more is to follow
	StatusReceived       Status = "received"        // all that was handed out has come, and is not accounted for yet
	StatusConsumed       Status = "consumed"        // all that came was used on the job
	StatusReturnedUnused Status = "returned_unused" // all that came went back
	StatusClosed         Status = "closed"          // some was used, some went back, or it is the van's stock
	StatusCanceled       Status = "canceled"
)

// Ended says whether nothing more is expected of a request.
func (s Status) Ended() bool {
	return slices.Contains([]Status{StatusRejected, StatusConsumed, StatusReturnedUnused, StatusClosed, StatusCanceled}, s)
}

// Verb is what is done with a part request.
type Verb string

// The verbs of a part request, each by the word for who has undergone it.
const (
	VerbApprove    Verb = "approved"
	VerbReject     Verb = "rejected"
	VerbAmend      Verb = "amended"
	VerbReserve    Verb = "reserved"
	VerbPick       Verb = "picking"
	VerbSubstitute Verb = "substituted"
	VerbIssue      Verb = "issued"
	VerbReceive    Verb = "received"
	VerbReturn     Verb = "returned_unused"
	VerbSettle     Verb = "settled"
	VerbClose      Verb = "closed"
	VerbCancel     Verb = "canceled"
)

// allows says in which statuses a request undergoes a verb.
var allows = map[Verb][]Status{
	VerbApprove:    {StatusRequested},
	VerbReject:     {StatusRequested},
	VerbAmend:      {StatusRequested, StatusApproved, StatusPicking, StatusIssued, StatusBackordered},
	VerbReserve:    {StatusApproved, StatusPicking, StatusIssued, StatusBackordered},
	VerbPick:       {StatusApproved, StatusBackordered},
	VerbSubstitute: {StatusApproved, StatusPicking, StatusIssued, StatusBackordered},
	VerbIssue:      {StatusApproved, StatusPicking, StatusIssued, StatusBackordered},
	VerbReceive:    {StatusPicking, StatusIssued, StatusBackordered, StatusReceived},
	VerbReturn:     {StatusPicking, StatusIssued, StatusBackordered, StatusReceived, StatusClosed, StatusCanceled},
	VerbSettle:     {StatusPicking, StatusIssued, StatusBackordered, StatusReceived, StatusCanceled},
	VerbClose:      {StatusReceived},
	VerbCancel:     {StatusRequested, StatusApproved, StatusPicking, StatusIssued, StatusBackordered},
}

// supplies are the verbs of the warehouse that hands a request out, where that is another outlet's than the van.
var supplies = []Verb{VerbReserve, VerbPick, VerbIssue, VerbReturn, VerbSettle}

// concerns refuses what is for the outlet of the van to do with r, and not for one that supplies it.
func (r *Request) concerns(by who.Actor, v Verb) error {
	if by.Sees(r.OutletID) || slices.Contains(supplies, v) {
		return nil
	}
	return fault.New(fault.Forbidden, "request %s is for a van of another outlet: your warehouse hands it out and takes back, and no more", r.Number)
}

// undergo lets a verb happen to r, if its status allows it and nobody changed r since version was read.
func (r *Request) undergo(v Verb, version int) error {
	if err := inventory.Stale("part request", version, r.Version); err != nil {
		return err
	}
	if !slices.Contains(allows[v], r.Status) {
		return inventory.CannotBecome("part request", r.Status, Status(v))
	}
	r.Version++
	return nil
}

// standing is where a request stands by what became of its lines. Only its decision and the
// beginning of picking are not written there.
func (r *Request) standing() Status {
	t := r.total()
	switch {
	case r.Status == StatusRequested && r.CanceledAt == nil, r.Status == StatusRejected:
		return r.Status
	case t.ToIssue > 0 && r.Status == StatusPicking:
		return StatusPicking
	case t.awaited(r) > 0:
		return StatusIssued
	case t.ToIssue > 0 && t.Issued == 0:
		return StatusApproved
	case t.ToIssue > 0:
		return StatusBackordered
	case t.Received == 0 && t.InTransit > 0 && r.CanceledAt == nil:
		// That nothing came is no receipt: somebody says first what became of it.
		return StatusIssued
	case t.Received == 0 && r.CanceledAt != nil:
		return StatusCanceled
	case t.InTransit > 0 || t.HandedIn > 0 || r.overs() > 0:
		return StatusReceived
	case t.Received > 0 && t.Used == t.Received:
		return StatusConsumed
	case t.Received > 0 && t.Returned == t.Received:
		return StatusReturnedUnused
	case t.Used+t.Returned == t.Received, r.JobID == nil, r.Kept:
		return StatusClosed
	default:
		return StatusReceived
	}
}
