package inventory

import (
	"slices"

	"callout/internal/fault"
	"callout/internal/words"
)

// RequestStatus is where a part request stands.
type RequestStatus string

// The statuses of a part request.
const (
	RequestRequested RequestStatus = "requested"
	RequestApproved  RequestStatus = "approved"
	RequestRejected  RequestStatus = "rejected"
	RequestIssued    RequestStatus = "issued"   // handed out: the parts are in transit
	RequestReceived  RequestStatus = "received" // the parts are in the van
	RequestCanceled  RequestStatus = "canceled"
)

// ReturnStatus is where a part return stands.
type ReturnStatus string

// The statuses of a part return.
const (
	ReturnExpected   ReturnStatus = "expected"
	ReturnCollected  ReturnStatus = "collected" // the technician has it
	ReturnWaived     ReturnStatus = "waived"    // nothing will come
	ReturnInTransit  ReturnStatus = "in_transit"
	ReturnReceived   ReturnStatus = "received" // in the warehouse, not yet held against what was expected
	ReturnMatched    ReturnStatus = "matched"
	ReturnDiscrepant ReturnStatus = "discrepant"
)

// nextOfRequest says which statuses may follow a status of a part request.
var nextOfRequest = map[RequestStatus][]RequestStatus{
	RequestRequested: {RequestApproved, RequestRejected, RequestCanceled},
	RequestApproved:  {RequestIssued, RequestCanceled},
	RequestIssued:    {RequestReceived},
}

// nextOfReturn says which statuses may follow a status of a part return.
var nextOfReturn = map[ReturnStatus][]ReturnStatus{
	ReturnExpected:  {ReturnCollected, ReturnWaived, ReturnReceived},
	ReturnCollected: {ReturnInTransit, ReturnReceived},
	ReturnInTransit: {ReturnReceived},
	ReturnReceived:  {ReturnMatched, ReturnDiscrepant},
}

// become moves r to a status, if the lifecycle allows it and nobody moved r since version was read.
func (r *PartRequest) become(s RequestStatus, version int) error {
	if err := stale("part request", version, r.Version); err != nil {
		return err
	}
	if !slices.Contains(nextOfRequest[r.Status], s) {
		return cannotBecome("part request", r.Status, s)
	}
	r.Status = s
	r.Version++
	return nil
}

// become moves r to a status, if the lifecycle allows it and nobody moved r since version was read.
func (r *PartReturn) become(s ReturnStatus, version int) error {
	if err := stale("part return", version, r.Version); err != nil {
		return err
	}
	if !slices.Contains(nextOfReturn[r.Status], s) {
		return cannotBecome("part return", r.Status, s)
	}
	r.Status = s
	r.Version++
	return nil
}

func cannotBecome[S ~string](what words.Noun, from, to S) error {
	return fault.New(fault.Conflict, "a %s that is %s cannot become %s", what, from, to)
}
