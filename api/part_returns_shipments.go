package api

import (
	"net/http"
	"time"

	"callout/inventory/returns"

	"github.com/google/uuid"
)

type partReturnShipment struct {
	ID        uuid.UUID   `json:"id"`
	Carrier   string      `json:"carrier"`
	Waybill   string      `json:"waybill"`
	OutletID  *uuid.UUID  `json:"outlet_id"`
	Note      string      `json:"note"`
	ShippedBy *uuid.UUID  `json:"shipped_by"`
	ShippedAt time.Time   `json:"shipped_at"`
	CreatedAt time.Time   `json:"created_at"`
	ReturnIDs []uuid.UUID `json:"part_return_ids"`
	Open      int         `json:"open"`
}

func wirePartReturnShipment(s returns.Shipment) partReturnShipment {
	w := partReturnShipment(s)
	w.ReturnIDs = orEmpty(w.ReturnIDs)
	return w
}

func (s *Server) shipPartReturn(k *call) (answer, error) {
	var body struct {
		Carrier   string    `json:"carrier"`
		Waybill   string    `json:"waybill"`
		Note      string    `json:"note"`
		ShippedAt time.Time `json:"shipped_at"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.ShipOne(k.ctx, k.by, k.id("part_return_id"), k.version(), returns.Parcel{
		Carrier: body.Carrier, Waybill: body.Waybill, Note: body.Note, ShippedAt: body.ShippedAt,
	}))
}

func (s *Server) shipPartReturns(k *call) (answer, error) {
	var body struct {
		Carrier   string      `json:"carrier"`
		Waybill   string      `json:"waybill"`
		ReturnIDs []uuid.UUID `json:"part_return_ids"`
		Note      string      `json:"note"`
		ShippedAt time.Time   `json:"shipped_at"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Returns.Ship(k.ctx, k.by, returns.Parcel(body))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wirePartReturnShipment(p)}.with("Location", "/v1/part-return-shipments/"+p.ID.String()), nil
}

func (s *Server) listPartReturnShipments(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := returns.ShipmentFilter{Waybill: k.query("waybill"), Open: k.queryBool("open")}
	page, next, err := s.Returns.ListShipments(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wirePartReturnShipment)
}

func (s *Server) getPartReturnShipment(k *call) (answer, error) {
	p, err := s.Returns.FindShipment(k.ctx, k.by, k.id("part_return_shipment_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wirePartReturnShipment(p))
}
