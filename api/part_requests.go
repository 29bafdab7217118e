package api

import (
	"strconv"

	"callout/inventory"
	"callout/inventory/requests"

	"github.com/google/uuid"
)

func (s *Server) partRequestsHandlers() map[string]handler {
	return map[string]handler{
		"listPartRequests": s.listPartRequests, "requestParts": s.requestParts, "requestPartsForJob": s.requestPartsForJob,
		"getPartRequest": s.getPartRequest, "amendPartRequest": s.amendPartRequest, "getPickList": s.getPickList,
		"approvePartRequest": s.approvePartRequest, "rejectPartRequest": s.rejectPartRequest, "cancelPartRequest": s.cancelPartRequest,
		"reservePartRequest": s.reservePartRequest, "pickPartRequest": s.pickPartRequest, "substitutePart": s.substitutePart,
		"issuePartRequest": s.issuePartRequest, "receivePartRequest": s.receivePartRequest, "returnUnusedParts": s.returnUnusedParts,
		"settleDifference": s.settleDifference, "closePartRequest": s.closePartRequest, "getOpenStock": s.getOpenStock,
		"listPartRequestHistory": s.listPartRequestHistory,
	}
}

func (s *Server) listPartRequests(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := requests.Filter{
		Status: requests.Status(k.query("status")), TechnicianID: k.queryID("technician_id"), JobID: k.queryID("job_id"), WarehouseID: k.queryID("warehouse_id"),
		OutletID: k.queryID("outlet_id"), Number: k.query("number"), From: k.queryTime("from"), To: k.queryTime("to"),
	}
	if waits, err := strconv.ParseBool(k.query("backordered")); err == nil {
		f.Backordered = &waits
	}
	page, next, err := s.Counter.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), func(r requests.Request) partRequest { return wirePartRequest(k, r) })
}

func (s *Server) requestParts(k *call) (answer, error) {
	var body struct {
		TechnicianID *uuid.UUID  `json:"technician_id"`
		JobID        *uuid.UUID  `json:"job_id"`
		WarehouseID  *uuid.UUID  `json:"warehouse_id"`
		Reason       string      `json:"reason"`
		Lines        []stockLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Request(k.ctx, k.by, requests.Wanted{
		TechnicianID: body.TechnicianID, JobID: body.JobID, WarehouseID: body.WarehouseID, Reason: body.Reason, Lines: stockLines(body.Lines),
	})
	return replyOpened(k, r, err)
}

func (s *Server) requestPartsForJob(k *call) (answer, error) {
	r, err := s.Counter.OpenFor(k.ctx, k.by, k.id("job_id"))
	return replyOpened(k, r, err)
}

func (s *Server) getPartRequest(k *call) (answer, error) {
	r, err := s.Counter.Find(k.ctx, k.by, k.id("part_request_id"))
	return replyPartRequest(k, r, err)
}

func (s *Server) listPartRequestHistory(k *call) (answer, error) {
	var after int64
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	all, following, err := s.Counter.History(k.ctx, k.by, k.id("part_request_id"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	var next any
	if following != 0 {
		next = following
	}
	return listed(k, all, next, wirePaperEntry(k.lang()))
}

func (s *Server) amendPartRequest(k *call) (answer, error) {
	var body struct {
		WarehouseID uuid.UUID `json:"warehouse_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Amend(k.ctx, k.by, k.id("part_request_id"), k.version(), body.WarehouseID)
	return replyPartRequest(k, r, err)
}

func (s *Server) approvePartRequest(k *call) (answer, error) {
	var body struct {
		WarehouseID *uuid.UUID `json:"warehouse_id"`
		Lines       []struct {
			PartID   uuid.UUID `json:"part_id"`
			Quantity int       `json:"quantity"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	a := requests.Allowance{WarehouseID: body.WarehouseID}
	for _, l := range body.Lines {
		a.Lines = append(a.Lines, inventory.Want(l))
	}
	r, err := s.Counter.Approve(k.ctx, k.by, k.id("part_request_id"), k.version(), a)
	return replyPartRequest(k, r, err)
}

// reasoned is a body that says no more than why.
type reasoned struct {
	Reason string `json:"reason"`
}

func (s *Server) rejectPartRequest(k *call) (answer, error) {
	var body reasoned
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Reject(k.ctx, k.by, k.id("part_request_id"), k.version(), body.Reason)
	return replyPartRequest(k, r, err)
}

func (s *Server) cancelPartRequest(k *call) (answer, error) {
	var body reasoned
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Cancel(k.ctx, k.by, k.id("part_request_id"), k.version(), body.Reason)
	return replyPartRequest(k, r, err)
}

func (s *Server) closePartRequest(k *call) (answer, error) {
	var body reasoned
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Close(k.ctx, k.by, k.id("part_request_id"), k.version(), body.Reason)
	return replyPartRequest(k, r, err)
}

func (s *Server) reservePartRequest(k *call) (answer, error) {
	r, err := s.Counter.SetAside(k.ctx, k.by, k.id("part_request_id"), k.version())
	return replyPartRequest(k, r, err)
}

// replyOpened answers 201 with a new request.
func replyOpened(k *call, r requests.Request, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return created("/v1/part-requests/"+r.ID.String(), r.Version, wirePartRequest(k, r))
}

// replyPartRequest answers with the request as it is now.
func replyPartRequest(k *call, r requests.Request, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(r.Version, wirePartRequest(k, r))
}
