package api

import (
	"strings"
	"time"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/words"

	"github.com/google/uuid"
)

func (s *Server) casesHandlers() map[string]handler {
	return map[string]handler{
		"listCases": s.listCases, "openCase": s.openCase, "getCase": s.getCase, "amendCase": s.amendCase, "listCaseHistory": s.listCaseHistory,
		"classifyCase": s.classifyCase, "respondCase": s.respondCase, "openCaseJob": s.openCaseJob, "resolveCase": s.resolveCase,
		"closeCase": s.closeCase, "reopenCase": s.reopenCase, "cancelCase": s.cancelCase,
	}
}

type serviceCase struct {
	ID                uuid.UUID         `json:"id"`
	Number            string            `json:"number"`
	Status            cases.Status      `json:"status"`
	Channel           cases.Channel     `json:"channel"`
	Type              cases.Type        `json:"type"`
	Severity          cases.Severity    `json:"severity"`
	Priority          dispatch.Priority `json:"priority"`
	PriorityByHand    bool              `json:"priority_by_hand"`
	CustomerID        uuid.UUID         `json:"customer_id"`
	SiteID            uuid.UUID         `json:"site_id"`
	AssetID           *uuid.UUID        `json:"asset_id"`
	OutletID          *uuid.UUID        `json:"outlet_id"`
	Description       string            `json:"description"`
	ReceivedAt        time.Time         `json:"received_at"`
	ResponseDueAt     time.Time         `json:"response_due_at"`
	CompletionDueAt   time.Time         `json:"completion_due_at"`
	RespondedAt       *time.Time        `json:"responded_at"`
	ResolvedAt        *time.Time        `json:"resolved_at"`
	ClosedAt          *time.Time        `json:"closed_at"`
	PolicyVersion     int               `json:"policy_version"`
	Resolution        string            `json:"resolution"`
	Reopened          int               `json:"reopened"`
	ReopenedAt        *time.Time        `json:"reopened_at"`
	ReopenReason      *string           `json:"reopen_reason"`
	CancelReason      *string           `json:"cancel_reason"`
	ExternalKey       *string           `json:"external_key"`
	Version           int               `json:"version"`
	CreatedAt         time.Time         `json:"created_at"`
	UpdatedAt         time.Time         `json:"updated_at"`
	ResponseOverdue   bool              `json:"response_overdue"`
	CompletionOverdue bool              `json:"completion_overdue"`
}

func wireCase(c cases.Case) serviceCase { return serviceCase(c) }

// answerCase answers a command on a case with the case as it is now.
func answerCase(c cases.Case, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(c.Version, wireCase(c))
}

func (s *Server) listCases(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := cases.Query{
		Priority: dispatch.Priority(k.query("priority")), Type: cases.Type(k.query("type")), CustomerID: k.queryID("customer_id"),
		SiteID: k.queryID("site_id"), OutletID: k.queryID("outlet_id"), Number: k.query("q"), Overdue: k.queryBool("overdue"),
	}
	if text := k.query("status"); text != "" {
		for status := range strings.SplitSeq(text, ",") {
			q.Statuses = append(q.Statuses, cases.Status(status))
		}
	}
	found, next, err := s.Desk.List(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, found, further(next), wireCase)
}

func (s *Server) openCase(k *call) (answer, error) {
	var body struct {
		Channel     cases.Channel      `json:"channel"`
		Type        cases.Type         `json:"type"`
		Severity    cases.Severity     `json:"severity"`
		Priority    *dispatch.Priority `json:"priority"`
		CustomerID  uuid.UUID          `json:"customer_id"`
		SiteID      uuid.UUID          `json:"site_id"`
		AssetID     *uuid.UUID         `json:"asset_id"`
		Description string             `json:"description"`
		ReceivedAt  *time.Time         `json:"received_at"`
		ExternalKey *string            `json:"external_key"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Desk.Open(k.ctx, k.by, cases.NewCase(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/cases/"+c.ID.String(), c.Version, wireCase(c))
}

func (s *Server) getCase(k *call) (answer, error) {
	return answerCase(s.Desk.Find(k.ctx, k.by, k.id("case_id")))
}

// caseChange is a body that judges a case.
type caseChange struct {
	Type        *cases.Type                 `json:"type"`
	Severity    *cases.Severity             `json:"severity"`
	Priority    optional[dispatch.Priority] `json:"priority"`
	Description *string                     `json:"description"`
}

func (c *caseChange) domain() cases.Change {
	return cases.Change{Type: c.Type, Severity: c.Severity, Priority: c.Priority.set(), Description: c.Description}
}

func (s *Server) amendCase(k *call) (answer, error) {
	var body caseChange
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return answerCase(s.Desk.Amend(k.ctx, k.by, k.id("case_id"), k.version(), body.domain()))
}

func (s *Server) classifyCase(k *call) (answer, error) {
	var body caseChange
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return answerCase(s.Desk.Classify(k.ctx, k.by, k.id("case_id"), k.version(), body.domain()))
}

func (s *Server) respondCase(k *call) (answer, error) {
	var body struct {
		RespondedAt *time.Time `json:"responded_at"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return answerCase(s.Desk.Respond(k.ctx, k.by, k.id("case_id"), k.version(), body.RespondedAt))
}

func (s *Server) openCaseJob(k *call) (answer, error) {
	var body newJob
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Desk.OpenJob(k.ctx, k.by, k.id("case_id"), body.domain())
	if err != nil {
		return answer{}, err
	}
	return created("/v1/jobs/"+j.ID.String(), j.Version, wireJob(j, k.lang()))
}

func (s *Server) resolveCase(k *call) (answer, error) {
	var body struct {
		Resolution string `json:"resolution"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return answerCase(s.Desk.Resolve(k.ctx, k.by, k.id("case_id"), k.version(), body.Resolution))
}

func (s *Server) closeCase(k *call) (answer, error) {
	return answerCase(s.Desk.Close(k.ctx, k.by, k.id("case_id"), k.version()))
}

// caseReason is a body that says why.
type caseReason struct {
	Reason string `json:"reason"`
}

func (s *Server) reopenCase(k *call) (answer, error) {
	var body caseReason
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return answerCase(s.Desk.Reopen(k.ctx, k.by, k.id("case_id"), k.version(), body.Reason))
}

func (s *Server) cancelCase(k *call) (answer, error) {
	var body caseReason
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return answerCase(s.Desk.Cancel(k.ctx, k.by, k.id("case_id"), k.version(), body.Reason))
}

type caseEntry struct {
	Seq         int64      `json:"seq"`
	At          time.Time  `json:"at"`
	Kind        string     `json:"kind"`
	SubjectType string     `json:"subject_type"`
	SubjectID   uuid.UUID  `json:"subject_id"`
	Number      string     `json:"number"`
	ActorID     *uuid.UUID `json:"actor_id"`
	Actor       *string    `json:"actor"`
	Text        string     `json:"text"`
}

// wireEntry tells an entry in a language.
func wireEntry(lang words.Language) func(cases.Entry) caseEntry {
	return func(e cases.Entry) caseEntry {
		w := caseEntry{
			Seq: e.Seq, At: e.At, Kind: e.Kind, SubjectType: e.Noun(), SubjectID: e.Subject, Number: e.Number, ActorID: e.ActorID, Text: e.Text.In(lang),
		}
		if e.Actor != "" {
			w.Actor = &e.Actor
		}
		return w
	}
}

func (s *Server) listCaseHistory(k *call) (answer, error) {
	var after int64
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	entries, following, err := s.Desk.History(k.ctx, k.by, k.id("case_id"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	var next any
	if following != 0 {
		next = following
	}
	return listed(k, entries, next, wireEntry(k.lang()))
}
