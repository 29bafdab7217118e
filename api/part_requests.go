package api

import (
	"time"

	"callout/inventory/requests"

	"github.com/google/uuid"
)

func (s *Server) partRequestsHandlers() map[string]handler {
	return map[string]handler{
		"listPartRequests": s.listPartRequests, "requestParts": s.requestParts, "getPartRequest": s.getPartRequest,
		"approvePartRequest": s.approvePartRequest, "rejectPartRequest": s.rejectPartRequest, "cancelPartRequest": s.cancelPartRequest,
		"issuePartRequest": s.issuePartRequest, "receivePartRequest": s.receivePartRequest,
	}
}

type partRequest struct {
	ID             uuid.UUID              `json:"id"`
	Number         string                 `json:"number"`
	Status         requests.RequestStatus `json:"status"`
	JobID          *uuid.UUID             `json:"job_id"`
	TechnicianID   uuid.UUID              `json:"technician_id"`
	VanID          uuid.UUID              `json:"van_id"`
	WarehouseID    *uuid.UUID             `json:"warehouse_id"`
	OutletID       *uuid.UUID             `json:"outlet_id"`
	Reason         string                 `json:"reason"`
	RequestedBy    *uuid.UUID             `json:"requested_by"`
	ApprovedBy     *uuid.UUID             `json:"approved_by"`
	IssuedBy       *uuid.UUID             `json:"issued_by"`
	RejectedReason *string                `json:"rejected_reason"`
	Lines          []partRequestLine      `json:"lines"`
	Version        int                    `json:"version"`
	CreatedAt      time.Time              `json:"created_at"`
	UpdatedAt      time.Time              `json:"updated_at"`
}

type partRequestLine struct {
	PartID          uuid.UUID `json:"part_id"`
	PartNumber      string    `json:"part_number"`
	PartName        string    `json:"part_name"`
	Quantity        int       `json:"quantity"`
	Issued          int       `json:"issued"`
	Received        int       `json:"received"`
	Difference      int       `json:"difference"`
	IssuedSerials   []string  `json:"issued_serials"`
	ReceivedSerials []string  `json:"received_serials"`
}

func wirePartRequest(r requests.PartRequest) partRequest {
	w := partRequest{
		ID: r.ID, Number: r.Number, Status: r.Status, JobID: r.JobID, TechnicianID: r.TechnicianID, VanID: r.VanID, WarehouseID: r.WarehouseID,
		OutletID: r.OutletID, Reason: r.Reason, RequestedBy: r.RequestedBy, ApprovedBy: r.ApprovedBy, IssuedBy: r.IssuedBy,
		RejectedReason: r.RejectedReason, Lines: make([]partRequestLine, len(r.Lines)), Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	for i, l := range r.Lines {
		w.Lines[i] = partRequestLine{
			PartID: l.PartID, PartNumber: l.PartNumber, PartName: l.PartName, Quantity: l.Quantity, Issued: l.Issued, Received: l.Received,
			Difference: r.Difference(l), IssuedSerials: orEmpty(l.IssuedSerials), ReceivedSerials: orEmpty(l.ReceivedSerials),
		}
	}
	return w
}

func (s *Server) listPartRequests(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := requests.RequestFilter{Status: requests.RequestStatus(k.query("status")), TechnicianID: k.queryID("technician_id"), JobID: k.queryID("job_id")}
	page, next, err := s.Counter.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wirePartRequest)
}

func (s *Server) requestParts(k *call) (answer, error) {
	var body struct {
		TechnicianID *uuid.UUID  `json:"technician_id"`
		JobID        *uuid.UUID  `json:"job_id"`
		Reason       string      `json:"reason"`
		Lines        []stockLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Request(k.ctx, k.by, requests.Wanted{
		TechnicianID: body.TechnicianID, JobID: body.JobID, Reason: body.Reason, Lines: stockLines(body.Lines),
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/part-requests/"+r.ID.String(), r.Version, wirePartRequest(r))
}

func (s *Server) getPartRequest(k *call) (answer, error) {
	return replyPartRequest(s.Counter.Find(k.ctx, k.by, k.id("part_request_id")))
}

func (s *Server) approvePartRequest(k *call) (answer, error) {
	return replyPartRequest(s.Counter.Approve(k.ctx, k.by, k.id("part_request_id"), k.version()))
}

func (s *Server) rejectPartRequest(k *call) (answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartRequest(s.Counter.Reject(k.ctx, k.by, k.id("part_request_id"), k.version(), body.Reason))
}

func (s *Server) cancelPartRequest(k *call) (answer, error) {
	return replyPartRequest(s.Counter.Cancel(k.ctx, k.by, k.id("part_request_id"), k.version()))
}

func (s *Server) issuePartRequest(k *call) (answer, error) {
	var body struct {
		WarehouseID uuid.UUID   `json:"warehouse_id"`
		Lines       []stockLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartRequest(s.Counter.Issue(k.ctx, k.by, k.id("part_request_id"), k.version(), requests.Issuing{
		WarehouseID: body.WarehouseID, Lines: stockLines(body.Lines),
	}))
}

func (s *Server) receivePartRequest(k *call) (answer, error) {
	var body struct {
		Lines []stockLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartRequest(s.Counter.Receive(k.ctx, k.by, k.id("part_request_id"), k.version(), stockLines(body.Lines)))
}

// replyPartRequest answers with the request as it is now.
func replyPartRequest(r requests.PartRequest, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(r.Version, wirePartRequest(r))
}
