package api

import (
	"net/http"
	"strconv"
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

func (s *Server) slotsHandlers() map[string]handler {
	return map[string]handler{
		"listSlots": s.listSlots, "getSlotHold": s.getSlotHold, "holdSlot": s.holdSlot, "releaseSlot": s.releaseSlot, "confirmSlot": s.confirmSlot,
	}
}

// slot is a window that can be offered.
type slot struct {
	From         time.Time `json:"from"`
	To           time.Time `json:"to"`
	Technicians  int       `json:"technicians"`
	TechnicianID uuid.UUID `json:"technician_id"`
	Technician   string    `json:"technician"`
	Travel       int64     `json:"travel_seconds"`
	Metres       int64     `json:"metres"`
	Cost         int64     `json:"cost"`
	Currency     string    `json:"currency"`
	Late         int64     `json:"late_seconds"`
	Score        int64     `json:"score"`
	Cheap        bool      `json:"cheap"`
}

func wireSlot(s dispatch.Slot) slot {
	return slot{s.From, s.To, s.Technicians, s.Best.ID, s.Best.Name, s.Travel, s.Metres, s.Cost, s.Best.Currency, s.Lateness, s.Score, s.Cheap}
}

// defaultDays are asked for where the request does not say how many.
const defaultDays = 7

func (s *Server) listSlots(k *call) (answer, error) {
	ask := dispatch.AskedSlots{From: k.queryDay("from"), Days: defaultDays}
	if n, err := strconv.Atoi(k.query("days")); err == nil {
		ask.Days = n
	}
	all, err := s.Board.Slots(k.ctx, k.by, k.id("job_id"), ask)
	if err != nil {
		return answer{}, err
	}
	return shown(whole[slot]{each(all, wireSlot)})
}

// slotHold is a window that is kept for a customer.
type slotHold struct {
	ID           uuid.UUID `json:"id"`
	JobID        uuid.UUID `json:"job_id"`
	TechnicianID uuid.UUID `json:"technician_id"`
	Technician   string    `json:"technician"`
	Window       jobWindow `json:"window"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at"`
	ExpiresAt    time.Time `json:"expires_at"`
	CreatedAt    time.Time `json:"created_at"`
}

func wireHold(h dispatch.SlotHold) slotHold {
	return slotHold{h.ID, h.JobID, h.TechnicianID, h.Technician, jobWindow{&h.WindowFrom, &h.WindowTo}, h.StartsAt, h.EndsAt, h.ExpiresAt, h.CreatedAt}
}

func (s *Server) getSlotHold(k *call) (answer, error) {
	h, err := s.Board.FindSlotHold(k.ctx, k.by, k.id("job_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wireHold(h))
}

func (s *Server) holdSlot(k *call) (answer, error) {
	var body struct {
		From time.Time `json:"from"`
		To   time.Time `json:"to"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	h, err := s.Board.HoldSlot(k.ctx, k.by, k.id("job_id"), dispatch.Window{From: &body.From, To: &body.To})
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wireHold(h)}.with("Location", "/v1/jobs/"+h.JobID.String()+"/slots/hold"), nil
}

func (s *Server) releaseSlot(k *call) (answer, error) {
	if err := s.Board.ReleaseSlot(k.ctx, k.by, k.id("job_id")); err != nil {
		return answer{}, err
	}
	return done()
}

func (s *Server) confirmSlot(k *call) (answer, error) {
	var body struct {
		HoldID uuid.UUID `json:"hold_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.ConfirmSlot(k.ctx, k.by, k.id("job_id"), k.version(), body.HoldID)
	return answerJob(k, j, err)
}
