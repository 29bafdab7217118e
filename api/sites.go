package api

import (
	"time"

	"callout/internal/geo"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func (s *Server) sitesHandlers() map[string]handler {
	return map[string]handler{"listSites": s.listSites, "openSite": s.openSite, "getSite": s.getSite, "amendSite": s.amendSite}
}

type site struct {
	ID           uuid.UUID  `json:"id"`
	CustomerID   uuid.UUID  `json:"customer_id"`
	Name         string     `json:"name"`
	Address      string     `json:"address"`
	Location     *point     `json:"location"`
	System       geo.System `json:"coordinate_system"`
	TimeZone     string     `json:"time_zone"`
	AccessNotes  string     `json:"access_notes"`
	OutletID     *uuid.UUID `json:"outlet_id"`
	OutletByHand bool       `json:"outlet_by_hand"`
	ExternalKey  *string    `json:"external_key"`
	Version      int        `json:"version"`
	CreatedAt    time.Time  `json:"created_at"`
}

func wireSite(s registry.Site) site {
	return site{
		ID: s.ID, CustomerID: s.CustomerID, Name: s.Name, Address: s.Address, Location: pointAt(s.Location.Lng(), s.Location.Lat()),
		System: s.CoordinateSystem, TimeZone: s.TimeZone,
		AccessNotes: s.AccessNotes, OutletID: s.OutletID, OutletByHand: s.ByHand, ExternalKey: s.ExternalKey, Version: s.Version, CreatedAt: s.CreatedAt,
	}
}

// place is the point as the geometry library has it; nil stays nil.
func (p *point) place() *orb.Point { return p.placeIn(geo.WGS84) }

// placeIn is the WGS-84 point that p is in a system; nil stays nil.
func (p *point) placeIn(system geo.System) *orb.Point {
	if p == nil {
		return nil
	}
	at := system.ToWGS84(orb.Point{p.lng(), p.lat()})
	return &at
}

func (s *Server) listSites(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := registry.SiteQuery{
		CustomerID: k.queryID("customer_id"), OutletID: k.queryID("outlet_id"), Homeless: k.queryBool("without_outlet"),
		Any: k.query("q"), Address: k.query("address"),
	}
	sites, next, err := s.Register.ListSites(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, sites, goOn(next), wireSite)
}

func (s *Server) openSite(k *call) (answer, error) {
	var body struct {
		CustomerID  uuid.UUID  `json:"customer_id"`
		Name        string     `json:"name"`
		Address     string     `json:"address"`
		Location    point      `json:"location"`
		System      geo.System `json:"coordinate_system"`
		TimeZone    string     `json:"time_zone"`
		AccessNotes string     `json:"access_notes"`
		OutletID    *uuid.UUID `json:"outlet_id"`
		ExternalKey *string    `json:"external_key"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	o, err := s.Register.OpenSite(k.ctx, k.by, registry.NewSite{
		CustomerID: body.CustomerID, Name: body.Name, Address: body.Address, Location: *body.Location.placeIn(body.System),
		System: body.System, TimeZone: body.TimeZone,
		AccessNotes: body.AccessNotes, OutletID: body.OutletID, ExternalKey: body.ExternalKey,
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/sites/"+o.ID.String(), o.Version, wireSite(o))
}

func (s *Server) getSite(k *call) (answer, error) {
	o, err := s.Register.FindSite(k.ctx, k.by, k.id("site_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, wireSite(o))
}

func (s *Server) amendSite(k *call) (answer, error) {
	var body struct {
		Name        *string             `json:"name"`
		Address     *string             `json:"address"`
		Location    *point              `json:"location"`
		System      *geo.System         `json:"coordinate_system"`
		TimeZone    *string             `json:"time_zone"`
		AccessNotes *string             `json:"access_notes"`
		OutletID    optional[uuid.UUID] `json:"outlet_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	var system geo.System
	if body.System != nil {
		system = *body.System
	}
	o, err := s.Register.AmendSite(k.ctx, k.by, k.id("site_id"), k.version(), registry.SiteChange{
		Name: body.Name, Address: body.Address, Location: body.Location.placeIn(system), System: body.System, TimeZone: body.TimeZone,
		AccessNotes: body.AccessNotes, OutletID: body.OutletID.set(),
	})
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, wireSite(o))
}
