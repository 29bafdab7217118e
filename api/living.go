package api

import (
	"time"

	"callout/dispatch"
	"callout/internal/words"

	"github.com/google/uuid"
)

func (s *Server) livingHandlers() map[string]handler {
	return map[string]handler{"delayJob": s.delayJob, "listRisks": s.listRisks}
}

// eta is when a job is expected to be reached, begun and ended.
type eta struct {
	ArriveAt time.Time `json:"arrive_at"`
	StartAt  time.Time `json:"start_at"`
	EndAt    time.Time `json:"end_at"`
}

// risk is a promise that the day breaks, or is about to break.
type risk struct {
	Code    dispatch.RiskCode  `json:"code"`
	Level   dispatch.RiskLevel `json:"level"`
	Minutes int                `json:"minutes"`
	Text    string             `json:"text"`
}

// wireExpected is a job with what is to be expected of it.
func wireExpected(j dispatch.Job, o dispatch.Outlook, l words.Language) job {
	w := wireJob(j, l)
	if o.ETA != nil {
		w.ETA = &eta{o.ETA.Arrive, o.ETA.Start, o.ETA.End}
	}
	risks := each(o.Risks, func(r dispatch.Risk) risk { return risk{r.Code, r.Level, r.Minutes, r.Text.In(l)} })
	w.Risks = &risks
	return w
}

func (s *Server) delayJob(k *call) (answer, error) {
	var body struct {
		Minutes int    `json:"minutes"`
		Reason  string `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.Delay(k.ctx, k.by, k.id("job_id"), k.version(), dispatch.NewDelay(body))
	return answerJob(k, j, err)
}

func (s *Server) listRisks(k *call) (answer, error) {
	day := k.queryDay("day")
	r, err := s.Board.Risks(k.ctx, k.by, *k.queryID("outlet_id"), *day)
	if err != nil {
		return answer{}, err
	}
	return shown(struct {
		OutletID uuid.UUID  `json:"outlet_id"`
		Day      string     `json:"day"`
		From     time.Time  `json:"from"`
		To       time.Time  `json:"to"`
		At       time.Time  `json:"at"`
		Items    []job      `json:"items"`
		RepairID *uuid.UUID `json:"repair_id"`
	}{
		r.Outlet.ID, day.Format(time.DateOnly), r.From, r.To, r.At,
		each(r.Jobs, func(a dispatch.AtRisk) job { return wireExpected(a.Job, a.Outlook, k.lang()) }), r.RepairID,
	})
}
