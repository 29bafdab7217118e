package api

import (
	"time"

	"callout/inventory/returns"

	"github.com/google/uuid"
)

func (s *Server) partReturnsHandlers() map[string]handler {
	return map[string]handler{
		"listPartReturns": s.listPartReturns, "getPartReturn": s.getPartReturn, "receivePartReturn": s.receivePartReturn,
	}
}

type partReturn struct {
	ID               uuid.UUID              `json:"id"`
	Number           string                 `json:"number"`
	Status           returns.Status   `json:"status"`
	WaivedBecause    *returns.WaivedBecause `json:"waived_because"`
	UseID            uuid.UUID              `json:"use_id"`
	JobID            uuid.UUID              `json:"job_id"`
	PartID           uuid.UUID              `json:"part_id"`
	Quantity         int                    `json:"quantity"`
	TechnicianID     uuid.UUID              `json:"technician_id"`
	OutletID         *uuid.UUID             `json:"outlet_id"`
	ExpectedSerial   *string                `json:"expected_serial"`
	ReceivedPartID   *uuid.UUID             `json:"received_part_id"`
	ReceivedSerial   *string                `json:"received_serial"`
	ReceivedQuantity *int                   `json:"received_quantity"`
	Discrepancy      *returns.Discrepancy   `json:"discrepancy"`
	Note             string                 `json:"note"`
	WarehouseID      *uuid.UUID             `json:"warehouse_id"`
	MovementID       *uuid.UUID             `json:"movement_id"`
	ReceivedBy       *uuid.UUID             `json:"received_by"`
	ReceivedAt       *time.Time             `json:"received_at"`
	Version          int                    `json:"version"`
	CreatedAt        time.Time              `json:"created_at"`
	UpdatedAt        time.Time              `json:"updated_at"`
}

func wirePartReturn(r returns.Return) partReturn { return partReturn(r) }

func (s *Server) listPartReturns(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := returns.Filter{
		Status: returns.Status(k.query("status")), TechnicianID: k.queryID("technician_id"), JobID: k.queryID("job_id"), Serial: k.query("serial"),
	}
	page, next, err := s.Returns.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wirePartReturn)
}

func (s *Server) getPartReturn(k *call) (answer, error) {
	r, err := s.Returns.Find(k.ctx, k.by, k.id("part_return_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(r.Version, wirePartReturn(r))
}

func (s *Server) receivePartReturn(k *call) (answer, error) {
	var body struct {
		WarehouseID uuid.UUID  `json:"warehouse_id"`
		Missing     bool       `json:"missing"`
		PartID      *uuid.UUID `json:"part_id"`
		Serial      string     `json:"serial"`
		Quantity    int        `json:"quantity"`
		Damaged     bool       `json:"damaged"`
		Note        string     `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Returns.Receive(k.ctx, k.by, k.id("part_return_id"), k.version(), returns.Scan(body))
	if err != nil {
		return answer{}, err
	}
	return versioned(r.Version, wirePartReturn(r))
}
