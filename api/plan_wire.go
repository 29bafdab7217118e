package api

import (
	"time"

	"callout/dispatch"
	"callout/internal/words"

	"github.com/google/uuid"
)

// plan is a plan on the wire.
type plan struct {
	ID            uuid.UUID           `json:"id"`
	Kind          dispatch.PlanKind   `json:"kind"`
	Causes        []planCause         `json:"causes"`
	Status        dispatch.PlanStatus `json:"status"`
	OutletIDs     []uuid.UUID         `json:"outlet_ids"`
	Day           string              `json:"day"`
	Days          int                 `json:"days"`
	Objective     dispatch.Objective  `json:"objective"`
	Seconds       float64             `json:"budget_seconds"`
	Iterations    int64               `json:"iterations"`
	Seed          uint64              `json:"seed"`
	Across        bool                `json:"across_outlets"`
	RequireParts  bool                `json:"require_parts"`
	MoveSent      bool                `json:"move_sent"`
	Overtime      int                 `json:"overtime_minutes"`
	WhatIf        *whatIf             `json:"what_if"`
	Nightly       bool                `json:"nightly"`
	HeardAt       *time.Time          `json:"heard_at"`
	PolicyVersion *int                `json:"policy_version"`
	Result        *planResult         `json:"result"`
	Failure       *string             `json:"failure"`
	Hash          *string             `json:"hash"`
	Changes       *[]planChange       `json:"changes,omitempty"`
	Version       int                 `json:"version"`
	CreatedAt     time.Time           `json:"created_at"`
	UpdatedAt     time.Time           `json:"updated_at"`
}

// planCause is an event that a repair answers.
type planCause struct {
	Kind      string    `json:"kind"`
	SubjectID uuid.UUID `json:"subject_id"`
	Text      string    `json:"text"`
}

// planProgress is how far a search is, on the wire.
type planProgress struct {
	dispatch.Progress
	Failure string `json:"failure,omitempty"`
}

func wireProgress(p dispatch.Progress, l words.Language) planProgress {
	w := planProgress{Progress: p}
	if p.Failure != nil {
		w.Failure = p.Failure.In(l)
	}
	return w
}

// planResult is what a search came to.
type planResult struct {
	Levels    []string    `json:"levels"`
	Before    planFigures `json:"before"`
	After     planFigures `json:"after"`
	Unchanged int         `json:"unchanged"`
	Unserved  *[]skipped  `json:"unserved,omitempty"`
	Notes     []string    `json:"notes"`
	Steps     int64       `json:"steps"`
	Seconds   float64     `json:"seconds"`
	Stopped   bool        `json:"stopped"`
}

// planFigures count what matters of a plan.
type planFigures struct {
	Jobs        int     `json:"jobs"`
	Served      int     `json:"served"`
	MissedP0    int     `json:"missed_p0"`
	MissedP1    int     `json:"missed_p1"`
	MissedP2    int     `json:"missed_p2"`
	LateJobs    int     `json:"late_jobs"`
	Lateness    int64   `json:"lateness_seconds"`
	Cost        int64   `json:"cost"`
	Driving     int64   `json:"driving_seconds"`
	Metres      int64   `json:"metres"`
	Working     int64   `json:"working_seconds"`
	Waiting     int64   `json:"waiting_seconds"`
	Overtime    int64   `json:"overtime_seconds"`
	Technicians int     `json:"technicians"`
	Longest     int64   `json:"longest_duty_seconds"`
	Changed     int     `json:"changed"`
	Score       []int64 `json:"score"`
}

// planChange is a change that a plan proposes.
type planChange struct {
	JobID     uuid.UUID           `json:"job_id"`
	Number    string              `json:"number"`
	Kind      dispatch.ChangeKind `json:"kind"`
	From      *plannedVisit       `json:"from"`
	To        *plannedVisit       `json:"to"`
	Driving   int                 `json:"driving_seconds"`
	Metres    int                 `json:"metres"`
	Lateness  int                 `json:"lateness_seconds"`
	AppliedAt *time.Time          `json:"applied_at"`
}

// plannedVisit is who does a job, and when.
type plannedVisit struct {
	TechnicianID uuid.UUID `json:"technician_id"`
	Technician   string    `json:"technician"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at"`
}

func wirePlan(p dispatch.Plan, l words.Language) plan {
	w := plan{
		ID: p.ID, Kind: p.Kind, Causes: each(p.Causes, func(c dispatch.Cause) planCause { return planCause{c.Kind, c.SubjectID, c.Text.In(l)} }), Status: p.Status, OutletIDs: append([]uuid.UUID{}, p.Outlets...), Day: p.Day.Format(time.DateOnly), Days: p.Days,
		Objective: p.Options.Objective, Seconds: p.Options.Seconds, Iterations: p.Options.Iterations, Seed: p.Options.Seed, Across: p.Options.Across,
		RequireParts: p.Options.RequireParts, MoveSent: p.Options.MoveSent, Overtime: p.Options.Overtime, WhatIf: wireWhatIf(p.WhatIf),
		Nightly: p.NightlyOn != nil, HeardAt: p.BeatAt, Hash: hash(p.Hash), Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	if p.Policy != 0 {
		w.PolicyVersion = &p.Policy
	}
	if p.Failure != nil {
		w.Failure = new(p.Failure.In(l))
	}
	if r := p.Result; r != nil {
		w.Result = &planResult{
			Levels: r.Levels, Before: wireFigures(r.Before), After: wireFigures(r.After), Unchanged: r.Unchanged,
			Notes: each(r.Notes, func(t words.Text) string { return t.In(l) }), Steps: r.Steps, Seconds: r.Seconds, Stopped: r.Stopped,
		}
	}
	return w
}

// wireWhole is a plan with what a list leaves out.
func wireWhole(p dispatch.Plan, l words.Language) plan {
	w := wirePlan(p, l)
	changes := each(p.Changes, wireChange)
	w.Changes = &changes
	if p.Result != nil {
		unserved := each(p.Result.Unserved, func(s dispatch.Skipped) skipped { return skipped{s.JobID, s.Number, s.Code, s.Text.In(l)} })
		w.Result.Unserved = &unserved
	}
	return w
}

func wireFigures(f dispatch.PlanFigures) planFigures {
	return planFigures{
		f.Jobs, f.Served, f.Missed[0], f.Missed[1], f.Missed[2], f.LateJobs, f.Lateness, f.Cost, f.Driving, f.Metres, f.Working, f.Waiting,
		f.Overtime, f.Technicians, f.Longest, f.Changed, append([]int64{}, f.Score...),
	}
}

func wireChange(c dispatch.PlanChange) planChange {
	w := planChange{
		JobID: c.JobID, Number: c.Number, Kind: c.Kind, Driving: c.Driving, Metres: c.Metres, Lateness: c.Lateness, AppliedAt: c.AppliedAt,
	}
	if c.TechnicianID != nil {
		w.To = &plannedVisit{*c.TechnicianID, c.Technician, *c.StartsAt, *c.EndsAt}
	}
	if c.WasTechnicianID != nil {
		w.From = &plannedVisit{*c.WasTechnicianID, c.WasTechnician, *c.WasStartsAt, *c.WasEndsAt}
	}
	return w
}
