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
	Position      *point         `json:"position"`
	Version       int            `json:"version"`
	CreatedAt     time.Time      `json:"created_at"`
	UpdatedAt     time.Time      `json:"updated_at"`
}

func wireLocation(k *call, l inventory.Location) location {
	w := location{
		ID: l.ID, Code: l.Code, Name: k.called(l.Kind, l.Name), Kind: l.Kind, OutletID: l.OutletID, WarehouseID: l.WarehouseID,
		MayGoNegative: l.MayGoNegative, Active: l.Active, Version: l.Version, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt,
	}
	if l.Position != nil {
		w.Position = pointAt(l.Position.Lng(), l.Position.Lat())
	}
	return w
}

func (s *Server) listLocations(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := inventory.LocationFilter{Kind: inventory.Kind(k.query("kind")), OutletID: k.queryID("outlet_id"), Search: k.query("q")}
	locations, next, err := s.Ledger.ListLocations(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, locations, further(next), func(l inventory.Location) location { return wireLocation(k, l) })
}

func (s *Server) openLocation(k *call) (answer, error) {
	var body struct {
		Code        string         `json:"code"`
		Name        string         `json:"name"`
		Kind        inventory.Kind `json:"kind"`
		OutletID    *uuid.UUID     `json:"outlet_id"`
		WarehouseID *uuid.UUID     `json:"warehouse_id"`
		Position    *point         `json:"position"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	l, err := s.Ledger.OpenLocation(k.ctx, k.by, inventory.Location{Code: body.Code, Name: body.Name, Kind: body.Kind, OutletID: body.OutletID, WarehouseID: body.WarehouseID, Position: inventory.Position(body.Position.place())})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/locations/"+l.ID.String(), l.Version, wireLocation(k, l))
}

func (s *Server) getLocation(k *call) (answer, error) {
	l, err := s.Ledger.FindLocation(k.ctx, k.by, k.id("location_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(l.Version, wireLocation(k, l))
}

func (s *Server) amendLocation(k *call) (answer, error) {
	var body struct {
		Name     *string         `json:"name"`
		Position optional[point] `json:"position"`
		Active   *bool           `json:"active"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	change := inventory.LocationChange{Name: body.Name, Active: body.Active}
	if body.Position.present {
		place := inventory.Position(body.Position.value.place())
		change.Position = &place
	}
	l, err := s.Ledger.AmendLocation(k.ctx, k.by, k.id("location_id"), k.version(), change)
	if err != nil {
		return answer{}, err
	}
	return versioned(l.Version, wireLocation(k, l))
}
