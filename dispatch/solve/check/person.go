package check

import (
	"cmp"
	"slices"

	"callout/dispatch/solve"
)

// person says whether it is the right one who does a job.
func (v *verifier) person(shift int, s *solve.Shift, job *solve.Job, stop *solve.Stop, at string) {
	if pinned(job) {
		if job.Pin.Shift != shift {
			v.faults.Add(at+"/job", "job %d is pinned to shift %d", stop.Job, job.Pin.Shift)
		}
		return
	}
	if !may(job, s.Technician) {
		v.faults.Add(at+"/job", "technician %d is not allowed to do job %d", s.Technician, stop.Job)
	}
	for _, need := range job.Needs {
		if !certified(s.Grants, need, stop.Start, stop.End) {
			v.faults.Add(at+"/job", "there is no certificate of skill %d at level %d from %d to %d", need.Skill, need.Level, stop.Start, stop.End)
		}
	}
}

// may says whether a technician is allowed to do a job.
func may(job *solve.Job, technician int) bool {
	if job.Allowed != nil && !slices.Contains(job.Allowed, technician) {
		return false
	}
	return !slices.Contains(job.Forbidden, technician)
}

// certified says whether certificates, one after the other without a gap, are valid from start to end.
func certified(grants []solve.Grant, need solve.Need, start, end int64) bool {
	var good []solve.Grant
	for _, g := range grants {
		if g.Skill == need.Skill && g.Level >= need.Level && g.From <= g.To {
			good = append(good, g)
		}
	}
	slices.SortFunc(good, func(a, b solve.Grant) int { return cmp.Compare(a.From, b.From) })
	covered, begun := start, false
	for _, g := range good {
		if g.From <= covered && g.To >= covered {
			covered, begun = g.To, true
		}
	}
	return begun && covered >= end
}
