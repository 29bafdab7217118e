package api

import (
	"context"
	"time"

	"callout/dispatch"
	"callout/internal/who"

	"github.com/google/uuid"
)

func (s *Server) techniciansHandlers() map[string]handler {
	return map[string]handler{
		"listTechnicians": s.listTechnicians, "openTechnician": s.openTechnician, "getTechnician": s.getTechnician, "amendTechnician": s.amendTechnician,
		"suspendTechnician": moveTechnician(s.Crew.Suspend), "resumeTechnician": moveTechnician(s.Crew.Resume), "leaveTechnician": s.leaveTechnician,
	}
}

type technician struct {
	ID          uuid.UUID                 `json:"id"`
	UserID      *uuid.UUID                `json:"user_id"`
	OutletID    uuid.UUID                 `json:"outlet_id"`
	Name        string                    `json:"name"`
	Phone       *string                   `json:"phone"`
	Home        *point                    `json:"home"`
	CostPerHour int64                     `json:"cost_per_hour"`
	Currency    string                    `json:"currency"`
	VanID       *uuid.UUID                `json:"van_id"`
	Status      dispatch.TechnicianStatus `json:"status"`
	Version     int                       `json:"version"`
	CreatedAt   time.Time                 `json:"created_at"`
}

func wireTechnician(t dispatch.Technician) technician {
	return technician{
		ID: t.ID, UserID: t.UserID, OutletID: t.OutletID, Name: t.Name, Phone: t.Phone, Home: pointAt(t.Home.Lng(), t.Home.Lat()),
		CostPerHour: t.CostPerHour, Currency: t.Currency, VanID: t.VanID, Status: t.Status, Version: t.Version, CreatedAt: t.CreatedAt,
	}
}

func (s *Server) listTechnicians(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := dispatch.TechnicianQuery{
		OutletID: k.queryID("outlet_id"), Status: dispatch.TechnicianStatus(k.query("status")), Skill: k.queryID("skill_id"), Name: k.query("name"),
	}
	technicians, next, err := s.Crew.List(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, technicians, goOn(next), wireTechnician)
}

func (s *Server) openTechnician(k *call) (answer, error) {
	var body struct {
		UserID      *uuid.UUID `json:"user_id"`
		OutletID    uuid.UUID  `json:"outlet_id"`
		Name        string     `json:"name"`
		Phone       *string    `json:"phone"`
		Region      string     `json:"region"`
		Home        point      `json:"home"`
		CostPerHour int64      `json:"cost_per_hour"`
		Currency    string     `json:"currency"`
		VanID       *uuid.UUID `json:"van_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	t, err := s.Crew.Open(k.ctx, k.by, dispatch.NewTechnician{
		UserID: body.UserID, OutletID: body.OutletID, Name: body.Name, Phone: body.Phone, Region: body.Region, Home: *body.Home.place(),
		CostPerHour: body.CostPerHour, Currency: body.Currency, VanID: body.VanID,
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/technicians/"+t.ID.String(), t.Version, wireTechnician(t))
}

func (s *Server) getTechnician(k *call) (answer, error) {
	t, err := s.Crew.Find(k.ctx, k.by, k.id("technician_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(t.Version, wireTechnician(t))
}

func (s *Server) amendTechnician(k *call) (answer, error) {
	var body struct {
		UserID      optional[uuid.UUID] `json:"user_id"`
		OutletID    *uuid.UUID          `json:"outlet_id"`
		Name        *string             `json:"name"`
		Phone       optional[string]    `json:"phone"`
		Region      string              `json:"region"`
		Home        *point              `json:"home"`
		CostPerHour *int64              `json:"cost_per_hour"`
		Currency    *string             `json:"currency"`
		VanID       optional[uuid.UUID] `json:"van_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	t, err := s.Crew.Amend(k.ctx, k.by, k.id("technician_id"), k.version(), dispatch.TechnicianChange{
		UserID: body.UserID.set(), OutletID: body.OutletID, Name: body.Name, Phone: body.Phone.set(), Region: body.Region, Home: body.Home.place(),
		CostPerHour: body.CostPerHour, Currency: body.Currency, VanID: body.VanID.set(),
	})
	if err != nil {
		return answer{}, err
	}
	return versioned(t.Version, wireTechnician(t))
}

// leaveTechnician ends a technician's work, once he has nothing of the house's any more.
func (s *Server) leaveTechnician(k *call) (answer, error) {
	return moveTechnician(func(ctx context.Context, by who.Actor, id uuid.UUID, version int) (t dispatch.Technician, err error) {
		err = s.Counter.Leave(ctx, by, id, func(ctx context.Context) error {
			t, err = s.Crew.Leave(ctx, by, id, version)
			return err
		})
		return t, err
	})(k)
}

// moveTechnician handles a verb of a technician that takes no more than the technician.
func moveTechnician(move func(context.Context, who.Actor, uuid.UUID, int) (dispatch.Technician, error)) handler {
	return func(k *call) (answer, error) {
		t, err := move(k.ctx, k.by, k.id("technician_id"), k.version())
		if err != nil {
			return answer{}, err
		}
		return versioned(t.Version, wireTechnician(t))
	}
}
