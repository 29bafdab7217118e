package api

import (
	"time"

	"callout/dispatch"
	"callout/internal/words"

	"github.com/google/uuid"
)

// job is a job on the wire.
type job struct {
	ID           uuid.UUID            `json:"id"`
	Number       string               `json:"number"`
	Title        string               `json:"title"`
	Status       dispatch.Status      `json:"status"`
	HoldReason   *dispatch.HoldReason `json:"hold_reason"`
	Priority     dispatch.Priority    `json:"priority"`
	CaseID       *uuid.UUID           `json:"case_id"`
	FollowsID    *uuid.UUID           `json:"follows_id"`
	FollowedByID *uuid.UUID           `json:"followed_by_id,omitempty"`
	CustomerID   uuid.UUID            `json:"customer_id"`
	SiteID       uuid.UUID            `json:"site_id"`
	AssetID      *uuid.UUID           `json:"asset_id"`
	OutletID     *uuid.UUID           `json:"outlet_id"`
	Location     *point               `json:"location"`
	TimeZone     string               `json:"time_zone"`
	Description  string               `json:"description"`
	Minutes      int                  `json:"minutes"`
	Window       *jobWindow           `json:"window"`
	DueAt        *time.Time           `json:"due_at"`
	Needs        []jobNeed            `json:"needs"`
	Parts        []jobPart            `json:"parts"`
	Photos       []jobPhoto           `json:"photos"`
	Outcome      string               `json:"outcome"`
	Reason       string               `json:"reason"`
	TravelingAt  *time.Time           `json:"traveling_at"`
	ArrivedAt    *time.Time           `json:"arrived_at"`
	StartedAt    *time.Time           `json:"started_at"`
	FinishedAt   *time.Time           `json:"finished_at"`
	ClosedAt     *time.Time           `json:"closed_at"`
	Arrival      *arrival             `json:"arrival"`
	Booking      *booking             `json:"booking"`
	ETA          *eta                 `json:"eta,omitempty"`
	Risks        *[]risk              `json:"risks,omitempty"`
	SignOffID    *uuid.UUID           `json:"sign_off_id,omitempty"`
	ExternalKey  *string              `json:"external_key"`
	Version      int                  `json:"version"`
	CreatedAt    time.Time            `json:"created_at"`
	UpdatedAt    time.Time            `json:"updated_at"`
}

// arrival is from where a technician arrived, and what is odd about it.
type arrival struct {
	Position *point                 `json:"position"`
	Accuracy *int                   `json:"accuracy"`
	Metres   *int                   `json:"metres"`
	Flags    []dispatch.ArrivalFlag `json:"flags"`
}

// booking says who has a job, and when.
type booking struct {
	ID            uuid.UUID         `json:"id"`
	TechnicianID  uuid.UUID         `json:"technician_id"`
	Technician    string            `json:"technician"`
	OutletID      uuid.UUID         `json:"outlet_id"`
	StartsAt      time.Time         `json:"starts_at"`
	EndsAt        time.Time         `json:"ends_at"`
	Active        bool              `json:"active"`
	Pinned        bool              `json:"pinned"`
	RunID         *uuid.UUID        `json:"run_id"`
	ReleasedAt    *time.Time        `json:"released_at"`
	ReleaseReason *dispatch.Release `json:"release_reason"`
	CreatedAt     time.Time         `json:"created_at"`
	Explanation   *explanation      `json:"explanation,omitempty"`
}

// explanation is why a booking was made as it was.
type explanation struct {
	Source        dispatch.Source `json:"source"`
	PolicyVersion int             `json:"policy_version"`
	Score         int64           `json:"score"`
	Terms         []term          `json:"terms"`
	Overruled     []failing       `json:"overruled"`
	Reason        string          `json:"reason"`
	PlanID        *uuid.UUID      `json:"plan_id,omitempty"`
}

type term struct {
	Code   dispatch.TermCode `json:"code"`
	Value  int64             `json:"value"`
	Unit   string            `json:"unit"`
	Points int64             `json:"points"`
	Text   string            `json:"text"`
}

// failing is a rule that a technician fails.
type failing struct {
	Code dispatch.RefusalCode `json:"code"`
	Hard bool                 `json:"hard"`
	Text string               `json:"text"`
}

func wireJob(j dispatch.Job, l words.Language) job {
	w := job{
		ID: j.ID, Number: j.Number, Title: j.Title, Status: j.Status, HoldReason: j.HoldReason, Priority: j.Priority, CaseID: j.CaseID,
		FollowsID: j.FollowsID, FollowedByID: j.FollowedByID, CustomerID: j.CustomerID, SiteID: j.SiteID, AssetID: j.AssetID,
		OutletID: j.OutletID, Location: pointAt(j.Location.Lng(), j.Location.Lat()), TimeZone: j.TimeZone, Description: j.Description,
		Minutes: j.Minutes, DueAt: j.DueAt, Outcome: j.Outcome, Reason: j.Reason, TravelingAt: j.TravelingAt, ArrivedAt: j.ArrivedAt,
		StartedAt: j.StartedAt, FinishedAt: j.FinishedAt, ClosedAt: j.ClosedAt, SignOffID: j.SignOffID, ExternalKey: j.ExternalKey,
		Version: j.Version, CreatedAt: j.CreatedAt, UpdatedAt: j.UpdatedAt,
		Needs:  each(j.Needs, func(n dispatch.Need) jobNeed { return jobNeed{&n.SkillID, n.Code, n.Level} }),
		Parts:  each(j.Parts, func(p dispatch.PartNeed) jobPart { return jobPart(p) }),
		Photos: each(j.Photos, func(p dispatch.PhotoNeed) jobPhoto { return jobPhoto(p) }),
	}
	if j.WindowFrom != nil {
		w.Window = &jobWindow{j.WindowFrom, j.WindowTo}
	}
	if j.ArrivedAt != nil {
		w.Arrival = wireArrival(j)
	}
	if j.Booking != nil {
		b := wireBooking(*j.Booking, l)
		w.Booking = &b
	}
	return w
}

func wireArrival(j dispatch.Job) *arrival {
	a := &arrival{Accuracy: j.ArrivalAccuracy, Metres: j.ArrivalMetres, Flags: append([]dispatch.ArrivalFlag{}, j.ArrivalFlags...)}
	if p := j.ArrivalAtPoint; p != nil {
		a.Position = pointAt(p.Lng(), p.Lat())
	}
	return a
}

func wireBooking(b dispatch.Booking, l words.Language) booking {
	w := booking{
		ID: b.ID, TechnicianID: b.TechnicianID, Technician: b.Technician, OutletID: b.OutletID, StartsAt: b.StartsAt, EndsAt: b.EndsAt,
		Active: b.Active, Pinned: b.Pinned, RunID: b.RunID, ReleasedAt: b.ReleasedAt, ReleaseReason: b.ReleaseReason, CreatedAt: b.CreatedAt,
	}
	// Lists are read without it.
	if e := b.Explanation; e.Source != "" {
		w.Explanation = &explanation{e.Source, e.Policy, e.Score, wireTerms(e.Terms, l), wireRefusals(e.Overruled, l), e.Reason, e.PlanID}
	}
	return w
}

func wireTerms(all []dispatch.Term, l words.Language) []term {
	return each(all, func(t dispatch.Term) term { return term{t.Code, t.Value, t.Unit, t.Points, t.Text.In(l)} })
}

func wireRefusals(all []dispatch.Refusal, l words.Language) []failing {
	return each(all, func(r dispatch.Refusal) failing { return failing{r.Code, r.Hard, r.Text.In(l)} })
}
