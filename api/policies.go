package api

import (
	"time"

	"callout/internal/policy"

	"github.com/google/uuid"
)

func (s *Server) policiesHandlers() map[string]handler {
	return map[string]handler{"getPolicy": s.getPolicy, "listPolicies": s.listPolicies, "publishPolicy": s.publishPolicy}
}

type policyVersion struct {
	Version       int        `json:"version"`
	EffectiveFrom time.Time  `json:"effective_from"`
	PublishedAt   time.Time  `json:"published_at"`
	PublishedBy   *uuid.UUID `json:"published_by"`
	Note          string     `json:"note"`

	policy.Document // its JSON is both what is stored and what is read
}

func wirePolicy(p policy.Policy) policyVersion {
	return policyVersion{p.Version, p.EffectiveFrom, p.PublishedAt, p.PublishedBy, p.Note, p.Document}
}

func (s *Server) getPolicy(k *call) (answer, error) {
	p, err := s.Policies.Current(k.ctx)
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wirePolicy(p))
}

func (s *Server) listPolicies(k *call) (answer, error) {
	before := 0
	if err := k.cursor(&before); err != nil {
		return answer{}, err
	}
	limit := k.limit()
	all, err := s.Policies.List(k.ctx, before, limit+1)
	if err != nil {
		return answer{}, err
	}
	var next any
	if len(all) > limit {
		all = all[:limit]
		next = all[limit-1].Version
	}
	return listed(k, all, next, wirePolicy)
}

func (s *Server) publishPolicy(k *call) (answer, error) {
	var body struct {
		BasedOn       int        `json:"based_on"`
		EffectiveFrom *time.Time `json:"effective_from"`
		Note          string     `json:"note"`
		TimeZone      *string    `json:"time_zone"`
		Calendar      struct {
			Days       []string `json:"days"`
			DaysOff    []string `json:"days_off"`
			MakeUpDays []string `json:"make_up_days"`
			Opens      *string  `json:"opens"`
			Closes     *string  `json:"closes"`
			Source     *string  `json:"source"`
		} `json:"working_calendar"`
		Pace struct {
			Weekday []int   `json:"weekday"`
			Weekend []int   `json:"weekend"`
			Source  *string `json:"source"`
		} `json:"travel_pace"`
		Figures map[policy.Name]policy.Figure `json:"figures"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Policies.Publish(k.ctx, k.by, policy.Publication{
		BasedOn: body.BasedOn, EffectiveFrom: body.EffectiveFrom, Note: body.Note, TimeZone: body.TimeZone,
		Calendar: policy.CalendarChange(body.Calendar), Pace: policy.PaceChange(body.Pace), Figures: body.Figures,
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/policies/current", p.Version, wirePolicy(p))
}
