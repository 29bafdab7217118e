package api

import (
	"time"

	"callout/inventory"

	"github.com/google/uuid"
)

func (s *Server) locationsHandlers() map[string]handler {
	return map[string]handler{
		"listLocations": s.listLocations, "openLocation": s.openLocation, "getLocation": s.getLocation, "amendLocation": s.amendLocation,
	}
}

type location struct {
	ID            uuid.UUID      `json:"id"`
	Code          string         `json:"code"`
	Name          string         `json:"name"`
	Kind          inventory.Kind `json:"kind"`
	OutletID      *uuid.UUID     `json:"outlet_id"`
	WarehouseID   *uuid.UUID     `json:"warehouse_id"`
	MayGoNegative bool           `json:"may_go_negative"`
	Active        bool           `json:"active"`
	Version       int            `json:"version"`
	CreatedAt     time.Time      `json:"created_at"`
	UpdatedAt     time.Time      `json:"updated_at"`
}

func wireLocation(l inventory.Location) location { return location(l) }

func (s *Server) listLocations(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := inventory.LocationFilter{Kind: inventory.Kind(k.query("kind")), OutletID: k.queryID("outlet_id")}
	locations, next, err := s.Ledger.ListLocations(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, locations, further(next), wireLocation)
}

func (s *Server) openLocation(k *call) (answer, error) {
	var body struct {
		Code        string         `json:"code"`
		Name        string         `json:"name"`
		Kind        inventory.Kind `json:"kind"`
		OutletID    *uuid.UUID     `json:"outlet_id"`
		WarehouseID *uuid.UUID     `json:"warehouse_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	l, err := s.Ledger.OpenLocation(k.ctx, k.by, inventory.Location{Code: body.Code, Name: body.Name, Kind: body.Kind, OutletID: body.OutletID, WarehouseID: body.WarehouseID})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/locations/"+l.ID.String(), l.Version, wireLocation(l))
}

func (s *Server) getLocation(k *call) (answer, error) {
	l, err := s.Ledger.FindLocation(k.ctx, k.by, k.id("location_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(l.Version, wireLocation(l))
}

func (s *Server) amendLocation(k *call) (answer, error) {
	var body struct {
		Name string `json:"name"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	l, err := s.Ledger.AmendLocation(k.ctx, k.by, k.id("location_id"), k.version(), body.Name)
	if err != nil {
		return answer{}, err
	}
	return versioned(l.Version, wireLocation(l))
}
