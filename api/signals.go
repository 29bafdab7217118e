package api

import (
	"time"

	"callout/internal/policy"
	"callout/internal/words"
	"callout/inventory/signals"

	"github.com/google/uuid"
)

func (s *Server) signalsHandlers() map[string]handler {
	return map[string]handler{
		"listSignalRules": s.listSignalRules, "listSignals": s.listSignals, "summarizeSignals": s.summarizeSignals, "scanSignals": s.scanSignals,
		"getSignal": s.getSignal, "dismissSignal": s.dismissSignal, "confirmSignal": s.confirmSignal,
	}
}

type signalFigure struct {
	Name  policy.Name `json:"name"`
	Value float64     `json:"value"`
	Unit  policy.Unit `json:"unit"`
}

type signalRule struct {
	ID            signals.RuleID   `json:"id"`
	Severity      signals.Severity `json:"severity"`
	Title         string           `json:"title"`
	Rule          string           `json:"rule"`
	WrongWhen     string           `json:"wrong_when"`
	Measures      string           `json:"measures"`
	Unit          string           `json:"unit"`
	Threshold     signalFigure     `json:"threshold"`
	Figures       []signalFigure   `json:"figures"`
	Formula       *string          `json:"formula"`
	Source        *string          `json:"source"`
	PolicyVersion int              `json:"policy_version"`
}

func wireRule(r signals.Published, l words.Language) signalRule {
	w := signalRule{
		ID: r.ID, Severity: r.Severity, Title: r.Title.In(l), Rule: r.Text.In(l), WrongWhen: r.Wrong.In(l), Measures: r.Measures.In(l), Unit: r.Unit,
		Threshold: signalFigure{r.Figure, r.Threshold.Value, r.Threshold.Unit},
		Figures:   each(r.Others, func(n policy.Name) signalFigure { return signalFigure{n, r.Values[n].Value, r.Values[n].Unit} }), PolicyVersion: r.Version,
	}
	if r.Formula != nil {
		formula := r.Formula.In(l)
		w.Formula, w.Source = &formula, &r.Source
	}
	return w
}

func (s *Server) listSignalRules(k *call) (answer, error) {
	all, err := s.Signals.Rules(k.ctx)
	if err != nil {
		return answer{}, err
	}
	return shown(struct {
		Items []signalRule `json:"items"`
	}{each(all, func(r signals.Published) signalRule { return wireRule(r, k.lang()) })})
}

type signalEvidence struct {
	Kind  signals.EvidenceKind `json:"kind"`
	ID    *uuid.UUID           `json:"id"`
	Label string               `json:"label"`
	At    *time.Time           `json:"at"`
	Value *float64             `json:"value"`
	Unit  *string              `json:"unit"`
	Href  string               `json:"href"`
}

func wireEvidence(e signals.Evidence, l words.Language) signalEvidence {
	w := signalEvidence{e.Kind, e.ID, e.Said(l), e.At, e.Value, nil, e.Href}
	if e.Unit != "" {
		w.Unit = &e.Unit
	}
	return w
}

type signal struct {
	ID            uuid.UUID        `json:"id"`
	Rule          signals.RuleID   `json:"rule"`
	Severity      signals.Severity `json:"severity"`
	Status        signals.Status   `json:"status"`
	Title         string           `json:"title"`
	Text          string           `json:"text"`
	OutletID      *uuid.UUID       `json:"outlet_id"`
	TechnicianID  *uuid.UUID       `json:"technician_id"`
	VanID         *uuid.UUID       `json:"van_id"`
	PartID        *uuid.UUID       `json:"part_id"`
	JobID         *uuid.UUID       `json:"job_id"`
	Evidence      []signalEvidence `json:"evidence"`
	Measured      float64          `json:"measured"`
	Threshold     float64          `json:"threshold"`
	Unit          string           `json:"unit"`
	PolicyVersion int              `json:"policy_version"`
	EarlierID     *uuid.UUID       `json:"earlier_id"`
	LaterID       *uuid.UUID       `json:"later_id"`
	FoundAt       time.Time        `json:"found_at"`
	Note          string           `json:"note"`
	FalsePositive *bool            `json:"false_positive"`
	DecidedBy     *uuid.UUID       `json:"decided_by"`
	DecidedAt     *time.Time       `json:"decided_at"`
	Version       int              `json:"version"`
	UpdatedAt     time.Time        `json:"updated_at"`
}

func wireSignal(s signals.Signal, l words.Language) signal {
	rule := signals.RuleOf(s.Rule)
	return signal{
		ID: s.ID, Rule: s.Rule, Severity: s.Severity, Status: s.Status, Title: rule.Title.In(l), Text: s.Text.V.In(l), OutletID: s.OutletID,
		TechnicianID: s.TechnicianID, VanID: s.VanID, PartID: s.PartID, JobID: s.JobID,
		Evidence: each(s.Evidence.V, func(e signals.Evidence) signalEvidence { return wireEvidence(e, l) }),
		Measured: s.Measured, Threshold: s.Threshold, Unit: s.Unit(), PolicyVersion: s.PolicyVersion, EarlierID: s.EarlierID, LaterID: s.LaterID,
		FoundAt: s.FoundAt, Note: s.Note, FalsePositive: s.FalsePositive, DecidedBy: s.DecidedBy, DecidedAt: s.DecidedAt, Version: s.Version, UpdatedAt: s.UpdatedAt,
	}
}

func (s *Server) listSignals(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := signals.Filter{
		Status: signals.Status(k.query("status")), Rule: signals.RuleID(k.query("rule")), Severity: signals.Severity(k.query("severity")),
		TechnicianID: k.queryID("technician_id"), PartID: k.queryID("part_id"), JobID: k.queryID("job_id"),
		OutletID: k.queryID("outlet_id"), From: k.queryTime("from"), To: k.queryTime("to"),
	}
	all, next, err := s.Signals.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, all, further(next), func(one signals.Signal) signal { return wireSignal(one, k.lang()) })
}

func (s *Server) getSignal(k *call) (answer, error) {
	one, err := s.Signals.Find(k.ctx, k.by, k.id("signal_id"))
	return answerSignal(k, one, err)
}

func answerSignal(k *call, one signals.Signal, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(one.Version, wireSignal(one, k.lang()))
}
