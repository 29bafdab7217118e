package dispatch

import (
	"context"
	"slices"
	"time"

	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
)

// scene is an outlet's day as a repair sees it.
type scene struct {
	outlet   Outlet
	day      time.Time // a date
	from, to time.Time
	now      time.Time
	figures  policy.Policy
	rows     []Row // everybody of the outlet, with what is to be expected of his jobs
	said     map[uuid.UUID]Delay
	open     []Job // that nobody has
}

// scene reads an outlet's day.
func (p *Planner) scene(ctx context.Context, outlet uuid.UUID, day time.Time) (*scene, error) {
	seen, err := p.Picture(ctx, who.System, outlet, day)
	if err != nil {
		return nil, err
	}
	s := &scene{outlet: seen.Outlet, day: day, from: seen.From, to: seen.To, now: p.now(), rows: seen.Rows, open: seen.Unassigned}
	if s.figures, err = p.Policies.At(ctx, s.now); err != nil {
		return nil, err
	}
	var all []Job
	for _, r := range s.rows {
		all = append(all, r.Jobs...)
	}
	s.said, err = delaysOf(ctx, p.db, all)
	return s, err
}

// trouble is a job that the day, as it goes, does not do as was promised, and that another technician or
// another time may save.
type trouble struct {
	job Job
	row int // of whom it is booked for; -1 = nobody
}

// mostTroubles is how many jobs one repair looks after, the worst first: a day with more is one to plan anew.
const mostTroubles = 60

// troubles finds what is to be mended. What was booked against the rules in the first place is no surprise.
func (s *scene) troubles() []trouble {
	type weighed struct {
		AtRisk

		row int
	}
	var all []weighed
	for i, r := range s.rows {
		for _, j := range r.Jobs {
			if o := r.Outlooks[j.ID]; j.isAhead() && o.broken(j) {
				all = append(all, weighed{AtRisk{j, o}, i})
			}
		}
	}
	for _, j := range s.open {
		if risks := adrift(j, s.from, s.to, s.now); len(risks) > 0 {
			all = append(all, weighed{AtRisk{j, Outlook{Risks: risks}}, -1})
		}
	}
	slices.SortFunc(all, func(a, b weighed) int { return worstFirst(a.AtRisk, b.AtRisk) })
	var worst []trouble
	for _, w := range all[:min(len(all), mostTroubles)] {
		worst = append(worst, trouble{w.Job, w.row})
	}
	return worst
}

// broken says whether the course of the day, and not the booking itself, breaks a promise about the job.
func (o Outlook) broken(j Job) bool {
	late := o.ETA != nil && (o.ETA.Start.After(j.Booking.StartsAt) || o.ETA.End.After(j.Booking.EndsAt))
	return slices.ContainsFunc(o.Risks, func(r Risk) bool {
		switch r.Code {
		case RiskAbsent:
			return true
		case RiskWindow, RiskDue, RiskShiftEnd:
			return late && r.Level == RiskMissed
		default:
			return false
		}
	})
}
