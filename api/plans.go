package api

import (
	"cmp"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

func (s *Server) plansHandlers() map[string]handler {
	return map[string]handler{
		"startPlan": s.startPlan, "listPlans": s.listPlans, "comparePlans": s.comparePlans, "getPlan": s.getPlan, "followPlan": s.followPlan,
		"applyPlan": s.applyPlan, "cancelPlan": s.cancelPlan, "discardPlan": s.discardPlan,
	}
}

// planning is what asks for a plan.
type planning struct {
	OutletIDs    []uuid.UUID        `json:"outlet_ids"`
	Day          string             `json:"day"`
	Days         int                `json:"days"`
	Objective    dispatch.Objective `json:"objective"`
	Seconds      float64            `json:"budget_seconds"`
	Iterations   int64              `json:"iterations"`
	Seed         *uint64            `json:"seed"`
	Across       bool               `json:"across_outlets"`
	RequireParts bool               `json:"require_parts"`
	MoveSent     bool               `json:"move_sent"`
	Overtime     int                `json:"overtime_minutes"`
	WhatIf       *whatIf            `json:"what_if"`
}

// whatIf is what a plan takes to be otherwise than it is.
type whatIf struct {
	Technicians []likeSome  `json:"add_technicians"`
	Absent      []uuid.UUID `json:"absent"`
	Shifts      []shiftIf   `json:"shifts"`
	Jobs        []likeSome  `json:"jobs"`
}

type likeSome struct {
	Like  uuid.UUID `json:"like"`
	Count int       `json:"count"`
}

type shiftIf struct {
	TechnicianID uuid.UUID `json:"technician_id"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at"`
}

func (w *whatIf) domain() *dispatch.WhatIf {
	if w == nil {
		return nil
	}
	return &dispatch.WhatIf{
		Technicians: each(w.Technicians, func(m likeSome) dispatch.MoreTechnicians { return dispatch.MoreTechnicians(m) }), Absent: w.Absent,
		Shifts: each(w.Shifts, func(o shiftIf) dispatch.OtherShift { return dispatch.OtherShift(o) }),
		Jobs:   each(w.Jobs, func(m likeSome) dispatch.MoreJobs { return dispatch.MoreJobs(m) }),
	}
}

func wireWhatIf(w *dispatch.WhatIf) *whatIf {
	if w == nil {
		return nil
	}
	return &whatIf{
		each(w.Technicians, func(m dispatch.MoreTechnicians) likeSome { return likeSome(m) }), append([]uuid.UUID{}, w.Absent...),
		each(w.Shifts, func(o dispatch.OtherShift) shiftIf { return shiftIf(o) }), each(w.Jobs, func(m dispatch.MoreJobs) likeSome { return likeSome(m) }),
	}
}

func (s *Server) startPlan(k *call) (answer, error) {
	body := planning{}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	seed := uint64(1)
	if body.Seed != nil {
		seed = *body.Seed
	}
	p, err := s.Planner.Start(k.ctx, k.by, dispatch.NewPlan{
		Outlets: body.OutletIDs, Day: *date(body.Day), Days: cmp.Or(body.Days, 1), WhatIf: body.WhatIf.domain(),
		Options: dispatch.PlanOptions{
			Objective: body.Objective, Seconds: body.Seconds, Iterations: body.Iterations, Seed: seed, Across: body.Across,
			RequireParts: body.RequireParts, MoveSent: body.MoveSent, Overtime: body.Overtime,
		},
	})
	if err != nil {
		return answer{}, err
	}
	a, err := accepted("/v1/plans/"+p.ID.String(), wirePlan(p, k.lang()))
	return a.with("ETag", etag(p.Version)), err
}

func (s *Server) listPlans(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := dispatch.PlanQuery{Kind: dispatch.PlanKind(k.query("kind")), Status: dispatch.PlanStatus(k.query("status")), OutletID: k.queryID("outlet_id"), Day: k.queryDay("day")}
	all, last, err := s.Planner.List(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, all, further(last), func(p dispatch.Plan) plan { return wirePlan(p, k.lang()) })
}

func (s *Server) comparePlans(k *call) (answer, error) {
	var ids []uuid.UUID
	for text := range strings.SplitSeq(k.query("ids"), ",") {
		ids = append(ids, uuid.MustParse(text))
	}
	all, err := s.Planner.Compare(k.ctx, k.by, ids)
	if err != nil {
		return answer{}, err
	}
	return shown(whole[comparedPlan]{each(all, wireCompared)})
}

func (s *Server) getPlan(k *call) (answer, error) {
	p, err := s.Planner.Find(k.ctx, k.by, k.id("plan_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wireWhole(p, k.lang()))
}

// followPlan streams what is told of a plan's search, from after the last event that the client has read.
func (s *Server) followPlan(k *call) (answer, error) {
	id := k.id("plan_id")
	if _, err := s.Planner.Find(k.ctx, k.by, id); err != nil {
		return answer{}, err
	}
	after, _ := strconv.Atoi(k.gin.GetHeader("Last-Event-ID"))
	return streamed(func(out *stream) error {
		return s.Planner.Follow(k.ctx, k.by, id, after, func(news []dispatch.PlanEvent) error {
			for _, e := range news {
				if err := out.send(e.Seq, "progress", wireProgress(e.Data, k.lang())); err != nil {
					return err
				}
			}
			return s.alive(k, out)
		})
	}), nil
}

func (s *Server) applyPlan(k *call) (answer, error) {
	var body struct {
		JobIDs []uuid.UUID `json:"job_ids"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	a, err := s.Planner.Apply(k.ctx, k.by, k.id("plan_id"), k.version(), body.JobIDs)
	if err != nil {
		return answer{}, err
	}
	return versioned(a.Plan.Version, struct {
		Status  dispatch.PlanStatus `json:"status"`
		Applied []uuid.UUID         `json:"applied"`
		Refused []skipped           `json:"refused"`
	}{
		a.Plan.Status, append([]uuid.UUID{}, a.Done...),
		each(a.Refused, func(r dispatch.Skipped) skipped { return skipped{r.JobID, r.Number, r.Code, r.Text.In(k.lang())} }),
	})
}

func (s *Server) cancelPlan(k *call) (answer, error) {
	p, err := s.Planner.Cancel(k.ctx, k.by, k.id("plan_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wirePlan(p, k.lang()))
}

func (s *Server) discardPlan(k *call) (answer, error) {
	p, err := s.Planner.Discard(k.ctx, k.by, k.id("plan_id"), k.version())
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wirePlan(p, k.lang()))
}

// comparedPlan is a plan beside others.
type comparedPlan struct {
	ID        uuid.UUID          `json:"id"`
	WhatIf    *whatIf            `json:"what_if"`
	Objective dispatch.Objective `json:"objective"`
	Levels    []string           `json:"levels"`
	Before    planFigures        `json:"before"`
	After     planFigures        `json:"after"`
}

func wireCompared(p dispatch.Plan) comparedPlan {
	return comparedPlan{p.ID, wireWhatIf(p.WhatIf), p.Options.Objective, p.Result.Levels, wireFigures(p.Result.Before), wireFigures(p.Result.After)}
}

// hash is a hash as people compare it, nil where there is none.
func hash(b []byte) *string {
	if b == nil {
		return nil
	}
	text := hex.EncodeToString(b)
	return &text
}
