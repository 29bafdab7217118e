package api

import (
	"context"
	"encoding/json"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/who"

	"github.com/google/uuid"
)

func (s *Server) outletsHandlers() map[string]handler {
	return map[string]handler{
		"listOutlets": s.listOutlets, "openOutlet": s.openOutlet, "getOutlet": s.getOutlet, "amendOutlet": s.amendOutlet,
		"getTerritory": s.getTerritory, "amendTerritory": s.amendTerritory,
		"suspendOutlet": moveOutlet(s.Network.SuspendOutlet), "resumeOutlet": moveOutlet(s.Network.ResumeOutlet), "endOutlet": moveOutlet(s.Network.EndOutlet),
	}
}

type outlet struct {
	ID        uuid.UUID             `json:"id"`
	Code      string                `json:"code"`
	Name      string                `json:"name"`
	TimeZone  string                `json:"time_zone"`
	Status    dispatch.OutletStatus `json:"status"`
	Version   int                   `json:"version"`
	CreatedAt time.Time             `json:"created_at"`
}

func wireOutlet(o dispatch.Outlet) outlet {
	return outlet{o.ID, o.Code, o.Name, o.TimeZone, o.Status, o.Version, o.CreatedAt}
}

type territory struct {
	OutletID   uuid.UUID      `json:"outlet_id"`
	Territory  *geo.Territory `json:"territory"`
	SitesMoved *int           `json:"sites_moved,omitempty"`
}

// drawn reads a territory; absent and null are none. What is wrong with it is named at its place.
func drawn(raw json.RawMessage) (*geo.Territory, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	area, err := geo.ParseTerritory(raw)
	if err != nil {
		f := fault.From(err)
		return nil, &fault.Error{Code: f.Code, Detail: f.Detail, Fields: []fault.Field{{Pointer: "/territory", Detail: f.Detail}}}
	}
	return &area, nil
}

func (s *Server) listOutlets(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	outlets, next, err := s.Network.ListOutlets(k.ctx, k.by, dispatch.OutletStatus(k.query("status")), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, outlets, goOn(next), wireOutlet)
}

func (s *Server) openOutlet(k *call) (answer, error) {
	var body struct {
		Code      string          `json:"code"`
		Name      string          `json:"name"`
		TimeZone  string          `json:"time_zone"`
		Territory json.RawMessage `json:"territory"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	area, err := drawn(body.Territory)
	if err != nil {
		return answer{}, err
	}
	o, err := s.Network.OpenOutlet(k.ctx, k.by, dispatch.NewOutlet{Code: body.Code, Name: body.Name, TimeZone: body.TimeZone, Territory: area})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/outlets/"+o.ID.String(), o.Version, wireOutlet(o))
}

func (s *Server) getOutlet(k *call) (answer, error) {
	o, err := s.Network.FindOutlet(k.ctx, k.by, k.id("outlet_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, wireOutlet(o))
}

func (s *Server) amendOutlet(k *call) (answer, error) {
	var body struct {
		Name     *string `json:"name"`
		TimeZone *string `json:"time_zone"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	o, err := s.Network.AmendOutlet(k.ctx, k.by, k.id("outlet_id"), k.version(), dispatch.OutletChange(body))
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, wireOutlet(o))
}

func (s *Server) getTerritory(k *call) (answer, error) {
	o, err := s.Network.FindOutlet(k.ctx, k.by, k.id("outlet_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, territory{OutletID: o.ID, Territory: o.Area()})
}

func (s *Server) amendTerritory(k *call) (answer, error) {
	var body struct {
		Territory json.RawMessage `json:"territory"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	area, err := drawn(body.Territory)
	if err != nil {
		return answer{}, err
	}
	o, moved, err := s.Network.AmendTerritory(k.ctx, k.by, k.id("outlet_id"), k.version(), area)
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, territory{o.ID, o.Area(), &moved})
}

// moveOutlet handles a verb of an outlet that takes no more than the outlet.
func moveOutlet(move func(context.Context, who.Actor, uuid.UUID, int) (dispatch.Outlet, error)) handler {
	return func(k *call) (answer, error) {
		o, err := move(k.ctx, k.by, k.id("outlet_id"), k.version())
		if err != nil {
			return answer{}, err
		}
		return versioned(o.Version, wireOutlet(o))
	}
}
