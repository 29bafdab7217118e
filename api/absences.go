package api

import (
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

func (s *Server) absencesHandlers() map[string]handler {
	return map[string]handler{
		"listAbsences": s.listAbsences, "announceAbsence": s.announceAbsence, "getAbsence": s.getAbsence, "cancelAbsence": s.cancelAbsence,
	}
}

type absence struct {
	ID           uuid.UUID  `json:"id"`
	TechnicianID uuid.UUID  `json:"technician_id"`
	StartsAt     time.Time  `json:"starts_at"`
	EndsAt       time.Time  `json:"ends_at"`
	Reason       string     `json:"reason"`
	CanceledAt   *time.Time `json:"canceled_at"`
	Version      int        `json:"version"`
	CreatedAt    time.Time  `json:"created_at"`
}

func wireAbsence(a dispatch.Absence) absence {
	return absence{a.ID, a.TechnicianID, a.StartsAt, a.EndsAt, a.Reason, a.CanceledAt, a.Version, a.CreatedAt}
}

type clash struct {
	BookingID uuid.UUID       `json:"booking_id"`
	JobID     uuid.UUID       `json:"job_id"`
	JobNumber string          `json:"job_number"`
	JobStatus dispatch.Status `json:"job_status"`
	StartsAt  time.Time       `json:"starts_at"`
	EndsAt    time.Time       `json:"ends_at"`
}

type clashing struct {
	Absence absence `json:"absence"`
	Clashes []clash `json:"clashes"`
}

func wireClashing(a dispatch.Absence, booked []dispatch.Clash) clashing {
	w := clashing{wireAbsence(a), make([]clash, len(booked))}
	for i, b := range booked {
		w.Clashes[i] = clash(b)
	}
	return w
}

func (s *Server) listAbsences(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	all, next, err := s.Crew.Absences(k.ctx, k.by, k.id("technician_id"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, all, goOn(next), wireAbsence)
}

func (s *Server) announceAbsence(k *call) (answer, error) {
	var body struct {
		StartsAt time.Time `json:"starts_at"`
		EndsAt   time.Time `json:"ends_at"`
		Reason   string    `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	a, booked, err := s.Crew.Announce(k.ctx, k.by, k.id("technician_id"), dispatch.NewAbsence(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/absences/"+a.ID.String(), a.Version, wireClashing(a, booked))
}

func (s *Server) getAbsence(k *call) (answer, error) {
	a, booked, err := s.Crew.FindAbsence(k.ctx, k.by, k.id("absence_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wireClashing(a, booked))
}

func (s *Server) cancelAbsence(k *call) (answer, error) {
	a, err := s.Crew.CancelAbsence(k.ctx, k.by, k.id("absence_id"), k.version())
	if err != nil {
		return answer{}, err
	}
	return versioned(a.Version, wireAbsence(a))
}
