package api

import (
	"callout/inventory"
	"callout/inventory/requests"

	"github.com/google/uuid"
)

func (s *Server) pickPartRequest(k *call) (answer, error) {
	r, err := s.Counter.Pick(k.ctx, k.by, k.id("part_request_id"), k.version())
	return replyPartRequest(k, r, err)
}

type pickStop struct {
	LocationID   uuid.UUID      `json:"location_id"`
	LocationCode string         `json:"location_code"`
	LocationName string         `json:"location_name"`
	LocationKind inventory.Kind `json:"location_kind"`
	PartID       uuid.UUID      `json:"part_id"`
	PartNumber   string         `json:"part_number"`
	PartName     string         `json:"part_name"`
	PartNameZh   string         `json:"part_name_zh"`
	Quantity     int            `json:"quantity"`
	Serials      []string       `json:"serials"`
}

func (s *Server) getPickList(k *call) (answer, error) {
	stops, err := s.Counter.PickList(k.ctx, k.by, k.id("part_request_id"))
	if err != nil {
		return answer{}, err
	}
	body := struct {
		Items []pickStop `json:"items"`
	}{make([]pickStop, len(stops))}
	for i, stop := range stops {
		stop.Serials, stop.LocationName = orEmpty(stop.Serials), k.called(stop.LocationKind, stop.LocationName)
		body.Items[i] = pickStop(stop)
	}
	return shown(body)
}

func (s *Server) substitutePart(k *call) (answer, error) {
	var body struct {
		PartID       uuid.UUID `json:"part_id"`
		SubstituteID uuid.UUID `json:"substitute_id"`
		Quantity     int       `json:"quantity"`
		Reason       string    `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Substitute(k.ctx, k.by, k.id("part_request_id"), k.version(), requests.Substitution(body))
	return replyPartRequest(k, r, err)
}

func (s *Server) issuePartRequest(k *call) (answer, error) {
	type issueLine struct {
		PartID   uuid.UUID  `json:"part_id"`
		Quantity int        `json:"quantity"`
		Serials  []string   `json:"serials"`
		Scans    []string   `json:"scans"`
		From     *uuid.UUID `json:"from_location_id"`
	}
	var body struct {
		WarehouseID *uuid.UUID  `json:"warehouse_id"`
		Lines       []issueLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	in := requests.Issuing{WarehouseID: body.WarehouseID}
	for _, l := range body.Lines {
		in.Lines = append(in.Lines, inventory.Line{PartID: l.PartID, Quantity: l.Quantity, Serials: l.Serials, Scans: l.Scans})
		in.From = append(in.From, l.From)
	}
	r, err := s.Counter.Issue(k.ctx, k.by, k.id("part_request_id"), k.version(), in)
	return replyPartRequest(k, r, err)
}

func (s *Server) receivePartRequest(k *call) (answer, error) {
	var body struct {
		Lines []stockLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.Receive(k.ctx, k.by, k.id("part_request_id"), k.version(), stockLines(body.Lines))
	return replyPartRequest(k, r, err)
}

func (s *Server) returnUnusedParts(k *call) (answer, error) {
	var body struct {
		LocationID *uuid.UUID  `json:"location_id"`
		Lines      []stockLine `json:"lines"`
		Note       string      `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.ReturnUnused(k.ctx, k.by, k.id("part_request_id"), k.version(), requests.Return{
		LocationID: body.LocationID, Lines: stockLines(body.Lines), Note: body.Note,
	})
	return replyPartRequest(k, r, err)
}

func (s *Server) settleDifference(k *call) (answer, error) {
	var body struct {
		Outcome    requests.Outcome `json:"outcome"`
		LocationID *uuid.UUID       `json:"location_id"`
		Reason     string           `json:"reason"`
		Lines      []stockLine      `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Counter.SettleDifference(k.ctx, k.by, k.id("part_request_id"), k.version(), requests.Settlement{
		Outcome: body.Outcome, LocationID: body.LocationID, Reason: body.Reason, Lines: stockLines(body.Lines),
	})
	return replyPartRequest(k, r, err)
}

type openPaper struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
	Status string    `json:"status"`
}

func wirePaper(p requests.Paper) openPaper { return openPaper(p) }

func (s *Server) getOpenStock(k *call) (answer, error) {
	o, err := s.Counter.OpenStock(k.ctx, k.by, k.id("technician_id"))
	if err != nil {
		return answer{}, err
	}
	body := struct {
		TechnicianID uuid.UUID      `json:"technician_id"`
		VanID        *uuid.UUID     `json:"van_id"`
		Holdings     []stockBalance `json:"holdings"`
		Requests     []openPaper    `json:"part_requests"`
		Returns      []openPaper    `json:"part_returns"`
		Transfers    []openPaper    `json:"transfers"`
	}{o.TechnicianID, o.VanID, make([]stockBalance, len(o.Holdings)), each(o.Requests, wirePaper), each(o.Returns, wirePaper), each(o.Transfers, wirePaper)}
	for i, h := range o.Holdings {
		body.Holdings[i] = wireBalance(k, h)
	}
	return shown(body)
}
