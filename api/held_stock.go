package api

import (
	"net/http"
	"time"

	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func (s *Server) heldStockHandlers() map[string]handler {
	return map[string]handler{
		"listHeldStock": s.listHeldStock, "releaseHeldStock": s.releaseHeldStock, "listHeldReleases": s.listHeldReleases,
	}
}

type heldStock struct {
	MovementID   uuid.UUID          `json:"movement_id"`
	LocationID   uuid.UUID          `json:"location_id"`
	LocationName string             `json:"location_name"`
	OutletID     *uuid.UUID         `json:"outlet_id"`
	PartID       uuid.UUID          `json:"part_id"`
	PartNumber   string             `json:"part_number"`
	PartName     string             `json:"part_name"`
	PartNameZh   string             `json:"part_name_zh"`
	Quantity     int                `json:"quantity"`
	Serials      []string           `json:"serials"`
	Because      []receiving.Reason `json:"because"`
	Note         string             `json:"note"`
	DeliveryID   *uuid.UUID         `json:"delivery_id"`
	HeldBy       *uuid.UUID         `json:"held_by"`
	BookedBy     *uuid.UUID         `json:"booked_by"`
	HeldSince    time.Time          `json:"held_since"`
}

func wireHeld(k *call, h receiving.Held) heldStock {
	return heldStock{
		MovementID: h.MovementID, LocationID: h.LocationID, LocationName: k.called(inventory.KindQuarantine, h.LocationName), OutletID: h.OutletID, PartID: h.PartID,
		PartNumber: h.PartNumber, PartName: h.PartName, PartNameZh: h.PartNameZh, Quantity: h.Quantity, Serials: orEmpty(h.Serials), Because: append([]receiving.Reason{}, h.Because...),
		Note: h.Note, DeliveryID: h.DeliveryID, HeldBy: h.HeldBy, BookedBy: h.BookedBy, HeldSince: h.HeldSince,
	}
}

func (s *Server) listHeldStock(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := receiving.HeldFilter{
		LocationID: k.queryID("location_id"), PartID: k.queryID("part_id"), OutletID: k.queryID("outlet_id"), From: k.queryTime("from"), To: k.queryTime("to"),
	}
	page, next, err := s.Dock.ListHeld(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), func(h receiving.Held) heldStock { return wireHeld(k, h) })
}

type heldRelease struct {
	ID         uuid.UUID         `json:"id"`
	LocationID uuid.UUID         `json:"location_id"`
	OutletID   *uuid.UUID        `json:"outlet_id"`
	Outcome    receiving.Outcome `json:"outcome"`
	ToLocation uuid.UUID         `json:"to_location_id"`
	WitnessID  *uuid.UUID        `json:"witness_id"`
	RMA        *string           `json:"rma"`
	Note       string            `json:"note"`
	ReleasedBy *uuid.UUID        `json:"released_by"`
	ReleasedAt time.Time         `json:"released_at"`
	Lines      []releasedLine    `json:"lines"`
}

type releasedLine struct {
	PartID     uuid.UUID `json:"part_id"`
	PartNumber string    `json:"part_number"`
	PartName   string    `json:"part_name"`
	PartNameZh string    `json:"part_name_zh"`
	Quantity   int       `json:"quantity"`
	Serials    []string  `json:"serials"`
	Value      int64     `json:"value"`
	Currency   string    `json:"currency"`
}

func wireRelease(r receiving.Release) heldRelease {
	return heldRelease{
		r.ID, r.LocationID, r.OutletID, r.Outcome, r.ToLocation, r.WitnessID, r.RMA, r.Note, r.ReleasedBy, r.ReleasedAt,
		each(r.Lines, func(l receiving.ReleaseLine) releasedLine {
			return releasedLine{l.PartID, l.PartNumber, l.PartName, l.PartNameZh, l.Quantity, orEmpty(l.Serials), l.Value, l.Currency}
		}),
	}
}

func (s *Server) releaseHeldStock(k *call) (answer, error) {
	var body struct {
		LocationID uuid.UUID         `json:"location_id"`
		Outcome    receiving.Outcome `json:"outcome"`
		ToLocation *uuid.UUID        `json:"to_location_id"`
		WitnessID  *uuid.UUID        `json:"witness_id"`
		RMA        string            `json:"rma"`
		Note       string            `json:"note"`
		Lines      []stockLine       `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Dock.ReleaseHeld(k.ctx, k.by, receiving.Releasing{
		LocationID: body.LocationID, Outcome: body.Outcome, ToLocation: body.ToLocation, WitnessID: body.WitnessID, RMA: body.RMA, Note: body.Note,
		Lines: stockLines(body.Lines),
	})
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wireRelease(r)}, nil
}

func (s *Server) listHeldReleases(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := receiving.ReleaseFilter{
		OutletID: k.queryID("outlet_id"), Outcome: receiving.Outcome(k.query("outcome")), PersonID: k.queryID("person_id"), From: k.queryTime("from"), To: k.queryTime("to"),
	}
	page, next, err := s.Dock.ListReleases(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wireRelease)
}
