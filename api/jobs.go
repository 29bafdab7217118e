package api

import (
	"encoding/json"
	"strings"
	"time"

	"callout/dispatch"
	"callout/internal/event"
	"callout/internal/words"

	"github.com/google/uuid"
)

func (s *Server) jobsHandlers() map[string]handler {
	return map[string]handler{
		"listJobs": s.listJobs, "openJob": s.openJob, "getJob": s.getJob, "amendJob": s.amendJob, "listJobHistory": s.listJobHistory,
		"listJobBookings": s.listJobBookings, "rankCandidates": s.rankCandidates,
	}
}

// newJob is the body that opens a job; a case lends it site, asset and priority.
type newJob struct {
	SiteID      uuid.UUID         `json:"site_id"`
	AssetID     *uuid.UUID        `json:"asset_id"`
	CaseID      *uuid.UUID        `json:"case_id"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Priority    dispatch.Priority `json:"priority"`
	Minutes     int               `json:"minutes"`
	Window      *jobWindow        `json:"window"`
	DueAt       *time.Time        `json:"due_at"`
	Needs       []jobNeed         `json:"needs"`
	Parts       []jobPart         `json:"parts"`
	Photos      []jobPhoto        `json:"photos"`
	ExternalKey *string           `json:"external_key"`
}

type jobWindow struct {
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
}

type jobNeed struct {
	SkillID *uuid.UUID `json:"skill_id"`
	Code    string     `json:"code"`
	Level   int        `json:"level"`
}

type jobPart struct {
	PartID   uuid.UUID `json:"part_id"`
	Quantity int       `json:"quantity"`
}

type jobPhoto struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

func (b newJob) domain() dispatch.NewJob {
	n := dispatch.NewJob{
		SiteID: b.SiteID, AssetID: b.AssetID, CaseID: b.CaseID, Title: b.Title, Description: b.Description, Priority: b.Priority,
		Minutes: b.Minutes, DueAt: b.DueAt, ExternalKey: b.ExternalKey,
		Needs:  each(b.Needs, func(n jobNeed) dispatch.NewNeed { return dispatch.NewNeed(n) }),
		Parts:  each(b.Parts, func(p jobPart) dispatch.PartNeed { return dispatch.PartNeed(p) }),
		Photos: each(b.Photos, func(p jobPhoto) dispatch.PhotoNeed { return dispatch.PhotoNeed(p) }),
	}
	if b.Window != nil {
		n.WindowFrom, n.WindowTo = b.Window.From, b.Window.To
	}
	return n
}

// each turns every item of a list; the list is never null.
func each[A, B any](from []A, as func(A) B) []B {
	to := make([]B, len(from))
	for i, a := range from {
		to[i] = as(a)
	}
	return to
}

func (s *Server) listJobs(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := dispatch.JobQuery{
		Priority: dispatch.Priority(k.query("priority")), OutletID: k.queryID("outlet_id"), TechnicianID: k.queryID("technician_id"),
		CaseID: k.queryID("case_id"), CustomerID: k.queryID("customer_id"), SiteID: k.queryID("site_id"),
		From: k.queryTime("from"), To: k.queryTime("to"), Number: k.query("q"),
	}
	if text := k.query("status"); text != "" {
		for status := range strings.SplitSeq(text, ",") {
			q.Statuses = append(q.Statuses, dispatch.Status(status))
		}
	}
	jobs, next, err := s.Board.List(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, jobs, further(next), func(j dispatch.Job) job { return wireJob(j, k.lang()) })
}

func (s *Server) openJob(k *call) (answer, error) {
	var body newJob
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.Open(k.ctx, k.by, body.domain())
	if err != nil {
		return answer{}, err
	}
	return created("/v1/jobs/"+j.ID.String(), j.Version, wireJob(j, k.lang()))
}

// answerJob answers a command on a job with the job as it is now.
func answerJob(k *call, j dispatch.Job, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(j.Version, wireJob(j, k.lang()))
}

func (s *Server) getJob(k *call) (answer, error) {
	j, err := s.Board.Find(k.ctx, k.by, k.id("job_id"))
	return answerJob(k, j, err)
}

func (s *Server) amendJob(k *call) (answer, error) {
	var body struct {
		Title       *string             `json:"title"`
		Description *string             `json:"description"`
		Priority    *dispatch.Priority  `json:"priority"`
		AssetID     optional[uuid.UUID] `json:"asset_id"`
		Minutes     *int                `json:"minutes"`
		Window      optional[jobWindow] `json:"window"`
		DueAt       optional[time.Time] `json:"due_at"`
		Needs       *[]jobNeed          `json:"needs"`
		Parts       *[]jobPart          `json:"parts"`
		Photos      *[]jobPhoto         `json:"photos"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c := dispatch.JobChange{
		Title: body.Title, Description: body.Description, Priority: body.Priority, AssetID: body.AssetID.set(), Minutes: body.Minutes,
		DueAt: body.DueAt.set(),
	}
	if w := body.Window.set(); w != nil {
		c.Window = &dispatch.Window{}
		if *w != nil {
			c.Window = &dispatch.Window{From: (*w).From, To: (*w).To}
		}
	}
	if body.Needs != nil {
		needs := each(*body.Needs, func(n jobNeed) dispatch.NewNeed { return dispatch.NewNeed(n) })
		c.Needs = &needs
	}
	if body.Parts != nil {
		parts := each(*body.Parts, func(p jobPart) dispatch.PartNeed { return dispatch.PartNeed(p) })
		c.Parts = &parts
	}
	if body.Photos != nil {
		photos := each(*body.Photos, func(p jobPhoto) dispatch.PhotoNeed { return dispatch.PhotoNeed(p) })
		c.Photos = &photos
	}
	j, err := s.Board.Amend(k.ctx, k.by, k.id("job_id"), k.version(), c)
	return answerJob(k, j, err)
}

// happening is an event of a job's history.
type happening struct {
	At      time.Time       `json:"at"`
	Kind    string          `json:"kind"`
	ActorID *uuid.UUID      `json:"actor_id"`
	Data    json.RawMessage `json:"data"`
}

// whole is a list that comes in one piece.
type whole[W any] struct {
	Items []W `json:"items"`
}

func (s *Server) listJobHistory(k *call) (answer, error) {
	all, err := s.Board.History(k.ctx, k.by, k.id("job_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(whole[happening]{each(all, func(e event.Event) happening { return happening{e.At, e.Kind, e.ActorID, e.Data} })})
}

func (s *Server) listJobBookings(k *call) (answer, error) {
	all, err := s.Board.Bookings(k.ctx, k.by, k.id("job_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(whole[booking]{each(all, func(b dispatch.Booking) booking { return wireBooking(b, k.lang()) })})
}

// candidate is a technician in the light of one job.
type candidate struct {
	TechnicianID uuid.UUID  `json:"technician_id"`
	Name         string     `json:"name"`
	OutletID     uuid.UUID  `json:"outlet_id"`
	Ranked       bool       `json:"ranked"`
	Score        *int64     `json:"score"`
	ArriveAt     *time.Time `json:"arrive_at"`
	StartAt      *time.Time `json:"start_at"`
	EndAt        *time.Time `json:"end_at"`
	Terms        []term     `json:"terms"`
	Refusals     []failing  `json:"refusals"`
}

func wireCandidate(c dispatch.Candidate, l words.Language) candidate {
	w := candidate{
		TechnicianID: c.TechnicianID, Name: c.Name, OutletID: c.OutletID, Ranked: c.Ranked,
		Terms: wireTerms(c.Terms, l), Refusals: wireRefusals(c.Refusals, l),
	}
	if c.Ranked {
		w.Score, w.ArriveAt, w.StartAt, w.EndAt = &c.Score, &c.Arrive, &c.Start, &c.End
	}
	return w
}

func (s *Server) rankCandidates(k *call) (answer, error) {
	ask := dispatch.Asked{Day: k.queryDay("day"), All: k.query("scope") == "all"}
	ranked, err := s.Board.Candidates(k.ctx, k.by, k.id("job_id"), ask)
	if err != nil {
		return answer{}, err
	}
	return shown(whole[candidate]{each(ranked, func(c dispatch.Candidate) candidate { return wireCandidate(c, k.lang()) })})
}

// queryDay is the query parameter name as a date, nil where it is absent.
func (k *call) queryDay(name string) *time.Time {
	return date(k.query(name))
}

// date reads a date; nil where there is none.
func date(text string) *time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &day
}
