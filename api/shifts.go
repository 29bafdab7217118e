package api

import (
	"net/http"
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

func (s *Server) shiftsHandlers() map[string]handler {
	return map[string]handler{
		"listShifts": s.listShifts, "planShifts": s.planShifts, "getShift": s.getShift, "amendShift": s.amendShift, "cancelShift": s.cancelShift,
	}
}

type shift struct {
	ID           uuid.UUID            `json:"id"`
	TechnicianID uuid.UUID            `json:"technician_id"`
	StartsAt     time.Time            `json:"starts_at"`
	EndsAt       time.Time            `json:"ends_at"`
	Breaks       []pause              `json:"breaks"`
	Status       dispatch.ShiftStatus `json:"status"`
	Version      int                  `json:"version"`
	CreatedAt    time.Time            `json:"created_at"`
}

// pause is a break of a shift.
type pause struct {
	Earliest time.Time `json:"earliest"`
	Latest   time.Time `json:"latest"`
	Minutes  int       `json:"minutes"`
}

func wireShift(s dispatch.Shift) shift {
	w := shift{
		ID: s.ID, TechnicianID: s.TechnicianID, StartsAt: s.StartsAt, EndsAt: s.EndsAt, Breaks: make([]pause, len(s.Breaks)),
		Status: s.Status, Version: s.Version, CreatedAt: s.CreatedAt,
	}
	for i, b := range s.Breaks {
		w.Breaks[i] = pause(b)
	}
	return w
}

func breaks(all []pause) []dispatch.Break {
	out := make([]dispatch.Break, len(all))
	for i, p := range all {
		out[i] = dispatch.Break(p)
	}
	return out
}

func (s *Server) listShifts(k *call) (answer, error) {
	var after dispatch.ShiftPlace
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	shifts, next, err := s.Crew.Shifts(k.ctx, k.by, dispatch.ShiftQuery{
		TechnicianID: k.queryID("technician_id"), OutletID: k.queryID("outlet_id"), From: k.queryTime("from"), To: k.queryTime("to"), Canceled: k.queryBool("canceled"),
	}, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	if next == nil {
		return listed(k, shifts, nil, wireShift)
	}
	return listed(k, shifts, next, wireShift)
}

func (s *Server) planShifts(k *call) (answer, error) {
	var body struct {
		Shifts []struct {
			StartsAt time.Time `json:"starts_at"`
			EndsAt   time.Time `json:"ends_at"`
			Breaks   []pause   `json:"breaks"`
		} `json:"shifts"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	plan := make([]dispatch.NewShift, len(body.Shifts))
	for i, n := range body.Shifts {
		plan[i] = dispatch.NewShift{StartsAt: n.StartsAt, EndsAt: n.EndsAt, Breaks: breaks(n.Breaks)}
	}
	shifts, err := s.Crew.Plan(k.ctx, k.by, k.id("technician_id"), plan)
	if err != nil {
		return answer{}, err
	}
	planned := struct {
		Items []shift `json:"items"`
	}{make([]shift, len(shifts))}
	for i, x := range shifts {
		planned.Items[i] = wireShift(x)
	}
	return answer{status: http.StatusCreated, body: planned}, nil
}

func (s *Server) getShift(k *call) (answer, error) {
	x, err := s.Crew.FindShift(k.ctx, k.by, k.id("shift_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(x.Version, wireShift(x))
}

func (s *Server) amendShift(k *call) (answer, error) {
	var body struct {
		StartsAt *time.Time `json:"starts_at"`
		EndsAt   *time.Time `json:"ends_at"`
		Breaks   *[]pause   `json:"breaks"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	change := dispatch.ShiftChange{StartsAt: body.StartsAt, EndsAt: body.EndsAt}
	if body.Breaks != nil {
		rests := breaks(*body.Breaks)
		change.Breaks = &rests
	}
	x, err := s.Crew.AmendShift(k.ctx, k.by, k.id("shift_id"), k.version(), change)
	if err != nil {
		return answer{}, err
	}
	return versioned(x.Version, wireShift(x))
}

func (s *Server) cancelShift(k *call) (answer, error) {
	x, err := s.Crew.CancelShift(k.ctx, k.by, k.id("shift_id"), k.version())
	if err != nil {
		return answer{}, err
	}
	return versioned(x.Version, wireShift(x))
}
