package dispatch

import (
	"callout/dispatch/solve"
	"callout/internal/words"

	"github.com/google/uuid"
)

// result says what a search came to, beside the board as it was.
func (s *sheet) result(before, after *solve.Plan) *PlanResult {
	r := &PlanResult{Before: s.figures(before), After: s.figures(after), Steps: after.Steps}
	for _, level := range s.problem.Objective {
		r.Levels = append(r.Levels, levelName(level))
	}
	changed := map[uuid.UUID]bool{}
	for _, c := range s.changes(after) {
		changed[c.JobID] = true
	}
	for _, j := range s.jobs {
		if j.Booking != nil && !changed[j.ID] {
			r.Unchanged++
		}
	}
	for _, a := range after.Unserved {
		j := s.jobs[a.Job]
		r.Unserved = append(r.Unserved, Skipped{j.ID, j.Number, string(a.Reason), whyAbsent(a)})
	}
	return r
}

// levelName names what a level counts: its first figure.
func levelName(l solve.Level) string {
	switch l[0].Of {
	case solve.Missed:
		if len(l) > 1 {
			return "waiting"
		}
		return []string{"missed_p0", "missed_p1", "missed_p2"}[l[0].Class]
	case solve.Lateness:
		return "lateness"
	case solve.Changed:
		return "changed"
	case solve.Imbalance:
		return "fairness"
	default:
		return "cost"
	}
}

// figures count what matters of a plan.
func (s *sheet) figures(p *solve.Plan) PlanFigures {
	f := PlanFigures{Jobs: len(s.jobs), Served: len(s.jobs) - len(p.Unserved), Changed: int(p.Figures[solve.Changed]), Score: p.Score[:len(s.problem.Objective)]}
	for _, a := range p.Unserved {
		f.Missed[s.problem.Jobs[a.Job].Class]++
	}
	busy := map[int]bool{}
	for i, r := range p.Routes {
		f.Lateness += r.Lateness
		f.Driving, f.Metres, f.Working, f.Waiting, f.Overtime = f.Driving+r.Driving, f.Metres+r.Metres, f.Working+r.Working, f.Waiting+r.Waiting, f.Overtime+r.Overtime
		f.Cost += r.Cost
		f.Longest = max(f.Longest, r.Driving+r.Working)
		for _, stop := range r.Stops {
			busy[s.problem.Shifts[i].Technician] = true
			if due := s.problem.Jobs[stop.Job].Due; due != 0 && stop.End > due {
				f.LateJobs++
			}
		}
	}
	f.Cost /= solve.CostUnit
	f.Technicians = len(busy)
	return f
}

// changes are what a plan does to the board.
func (s *sheet) changes(p *solve.Plan) (all []PlanChange) {
	for i, r := range p.Routes {
		for _, stop := range r.Stops {
			j := s.jobs[stop.Job]
			t, k := s.shifts[i].technician, j.Booking
			if j.settled || k != nil && k.TechnicianID == t.ID && k.StartsAt.Unix() == stop.Start {
				continue
			}
			c := j.change(ChangeMoved)
			if k == nil {
				c.Kind = ChangeAdded
			}
			from, to := unix(stop.Start), unix(stop.End)
			c.TechnicianID, c.Technician, c.StartsAt, c.EndsAt = &t.ID, t.Name, &from, &to
			c.Driving, c.Metres = int(stop.Driving), int(stop.Metres)
			if due := s.problem.Jobs[stop.Job].Due; due != 0 {
				c.Lateness = int(max(0, stop.End-due))
			}
			all = append(all, c)
		}
	}
	for _, a := range p.Unserved {
		if j := s.jobs[a.Job]; j.Booking != nil {
			all = append(all, j.change(ChangeDropped))
		}
	}
	return all
}

// routes are who does what and when.
func (s *sheet) routes(p *solve.Plan) (all []PlanRoute) {
	for i, r := range p.Routes {
		if len(r.Stops) == 0 {
			continue
		}
		route := PlanRoute{TechnicianID: s.shifts[i].technician.ID}
		for _, stop := range r.Stops {
			route.Stops = append(route.Stops, PlanStop{s.jobs[stop.Job].ID, unix(stop.Start)})
		}
		all = append(all, route)
	}
	return all
}

// change is the job as it was before a change of it.
func (j sheetJob) change(kind ChangeKind) PlanChange {
	c := PlanChange{JobID: j.ID, Number: j.Number, JobVersion: j.Version, Kind: kind}
	if k := j.Booking; k != nil {
		c.WasTechnicianID, c.WasTechnician, c.WasStartsAt, c.WasEndsAt = &k.TechnicianID, k.Technician, &k.StartsAt, &k.EndsAt
	}
	return c
}

// whyAbsent says why nobody does a job.
func whyAbsent(a solve.Absent) words.Text {
	switch a.Reason {
	case solve.NoShift:
		return words.Say("nobody who may do it is on shift")
	case solve.NoCertificate:
		return words.Say("nobody on shift holds the certificates")
	case solve.NoParts:
		return words.Say("no van of the %d technicians who hold the certificates carries the parts", a.Certified)
	case solve.NoWindow:
		return words.Say("nobody who holds the certificates (%d) could come in time", a.Certified)
	case solve.NoPartner:
		return words.Say("it waits for another job that nobody does")
	default:
		return words.Say("the days of all who could do it (%d) are full", a.Able)
	}
}
