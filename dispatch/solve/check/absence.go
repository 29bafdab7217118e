package check

import (
	"fmt"

	"callout/dispatch/solve"
)

// absences judges the reasons of unserved jobs by what they imply. What a technician could do on
// an empty day is not searched for again.
func (v *verifier) absences() {
	for n, a := range v.plan.Unserved {
		at, job := fmt.Sprintf("/unserved/%d", n), &v.p.Jobs[a.Job]
		allowed, certified := v.crew(job)
		if a.Certified < 0 || a.Certified > certified {
			v.faults.Add(at+"/certified", "is %d; %d allowed technicians hold such certificates", a.Certified, certified)
		}
		if a.Able < 0 || a.Able > a.Certified {
			v.faults.Add(at+"/able", "is %d of %d", a.Able, a.Certified)
		}
		var fits bool
		switch a.Reason {
		case solve.NoShift:
			fits = allowed == 0
		case solve.NoCertificate:
			fits = allowed > 0 && a.Certified == 0 && len(job.Needs) > 0
		case solve.NoParts, solve.NoWindow:
			fits = a.Certified > 0 && a.Able == 0
		case solve.NoPartner:
			fits = job.Group != 0 || len(job.After) > 0
		case solve.NoCapacity:
			fits = a.Able > 0
		}
		if !fits {
			v.faults.Add(at+"/reason", "does not follow: %q, of %d technicians allowed, %d certified, %d able", string(a.Reason), allowed, a.Certified, a.Able)
		}
	}
}

// crew counts the technicians with a shift who are allowed to do a job, and those of them who
// hold all that it needs at some time.
func (v *verifier) crew(job *solve.Job) (allowed, certified int) {
	seen, able := map[int]bool{}, map[int]bool{}
	for i := range v.p.Shifts {
		s := &v.p.Shifts[i]
		if !may(job, s.Technician) {
			continue
		}
		seen[s.Technician] = true
		if holds(s, job) {
			able[s.Technician] = true
		}
	}
	return len(seen), len(able)
}

// holds says whether a shift has for each need of a job a certificate that was valid at some time.
func holds(s *solve.Shift, job *solve.Job) bool {
	for _, need := range job.Needs {
		found := false
		for _, g := range s.Grants {
			found = found || g.Skill == need.Skill && g.Level >= need.Level && g.From <= g.To
		}
		if !found {
			return false
		}
	}
	return true
}
