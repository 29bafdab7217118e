package requests

import (
	"slices"

	"callout/inventory"
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

// nextOfRequest says which statuses may follow a status of a part request.
var nextOfRequest = map[RequestStatus][]RequestStatus{
	RequestRequested: {RequestApproved, RequestRejected, RequestCanceled},
	RequestApproved:  {RequestIssued, RequestCanceled},
	RequestIssued:    {RequestReceived},
}

// become moves r to a status, if the lifecycle allows it and nobody moved r since version was read.
func (r *PartRequest) become(s RequestStatus, version int) error {
	if err := inventory.Stale("part request", version, r.Version); err != nil {
		return err
	}
	if !slices.Contains(nextOfRequest[r.Status], s) {
		return inventory.CannotBecome("part request", r.Status, s)
	}
	r.Status = s
	r.Version++
	return nil
}
