package api

import (
	"callout/inventory/signals"
)

type signalTally struct {
	Rule           signals.RuleID   `json:"rule"`
	Title          string           `json:"title"`
	Severity       signals.Severity `json:"severity"`
	Raised         int              `json:"raised"`
	Confirmed      int              `json:"confirmed"`
	Dismissed      int              `json:"dismissed"`
	FalsePositives int              `json:"false_positives"`
}

func (s *Server) summarizeSignals(k *call) (answer, error) {
	all, err := s.Signals.Summary(k.ctx, k.by)
	if err != nil {
		return answer{}, err
	}
	raised := 0
	for _, t := range all {
		raised += t.Raised
	}
	return shown(struct {
		Raised int           `json:"raised"`
		Items  []signalTally `json:"items"`
	}{raised, each(all, func(t signals.Tally) signalTally {
		return signalTally{t.Rule, signals.RuleOf(t.Rule).Title.In(k.lang()), t.Severity, t.Raised, t.Confirmed, t.Dismissed, t.FalsePositives}
	})})
}

func (s *Server) scanSignals(k *call) (answer, error) {
	raised, err := s.Signals.Scan(k.ctx, k.by)
	if err != nil {
		return answer{}, err
	}
	return shown(struct {
		Items []signal `json:"items"`
	}{each(raised, func(one signals.Signal) signal { return wireSignal(one, k.lang()) })})
}

func (s *Server) dismissSignal(k *call) (answer, error) {
	var body struct {
		Note          string `json:"note"`
		FalsePositive bool   `json:"false_positive"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	one, err := s.Signals.Dismiss(k.ctx, k.by, k.id("signal_id"), k.version(), body.Note, body.FalsePositive)
	return answerSignal(k, one, err)
}

func (s *Server) confirmSignal(k *call) (answer, error) {
	var body struct {
		Note string `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	one, err := s.Signals.Confirm(k.ctx, k.by, k.id("signal_id"), k.version(), body.Note)
	return answerSignal(k, one, err)
}
