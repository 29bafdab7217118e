package check

import (
	"fmt"

	"callout/dispatch/solve"
	"callout/internal/fault"
)

// Verify is nil where the plan keeps every rule of its problem and says only what is true. Else it
// is an Internal fault that names everything wrong by its JSON Pointer into the plan. The problem
// must be one that its own Check accepts.
func Verify(p *solve.Problem, plan *solve.Plan) error {
	v := &verifier{p: p, plan: plan}
	if v.roster() {
		for i := range plan.Routes {
			v.route(i)
		}
		v.stock()
		v.ties()
		v.absences()
		v.sums()
	}
	return v.faults.Err(fault.Internal, "the plan breaks the rules of its problem")
}

// verifier goes through one plan.
type verifier struct {
	p      *solve.Problem
	plan   *solve.Plan
	faults fault.Faults
	served []service // by job
	absent []bool    // by job
}

// service is where a plan serves a job.
type service struct {
	shift, technician int // nobody's where the job is unserved
	start, end        int64
	at                string // the pointer of its stop
}

const nobody = -1

// roster notes who serves each job. It is false where the plan names what does not exist, so that
// nothing more can be said of it.
func (v *verifier) roster() bool {
	if v.plan == nil || len(v.plan.Routes) != len(v.p.Shifts) {
		v.faults.Add("/routes", "must be one for each of the %d shifts", len(v.p.Shifts))
		return false
	}
	v.served, v.absent = make([]service, len(v.p.Jobs)), make([]bool, len(v.p.Jobs))
	for j := range v.served {
		v.served[j].shift, v.served[j].technician = nobody, nobody
	}
	known := true
	for i, r := range v.plan.Routes {
		for n, s := range r.Stops {
			at := fmt.Sprintf("/routes/%d/stops/%d", i, n)
			switch {
			case s.Job < 0 || s.Job >= len(v.p.Jobs):
				v.faults.Add(at+"/job", "there is no job %d", s.Job)
				known = false
			case v.served[s.Job].shift != nobody:
				v.faults.Add(at+"/job", "job %d is served already", s.Job)
			default:
				v.served[s.Job] = service{i, v.p.Shifts[i].Technician, s.Start, s.End, at}
			}
		}
	}
	for n, a := range v.plan.Unserved {
		at := fmt.Sprintf("/unserved/%d/job", n)
		switch {
		case a.Job < 0 || a.Job >= len(v.p.Jobs):
			v.faults.Add(at, "there is no job %d", a.Job)
			known = false
			continue
		case v.served[a.Job].shift != nobody:
			v.faults.Add(at, "job %d is served already", a.Job)
		case v.absent[a.Job]:
			v.faults.Add(at, "job %d is named twice", a.Job)
		case n > 0 && v.plan.Unserved[n-1].Job > a.Job:
			v.faults.Add(at, "must be in the order of the jobs")
		}
		v.absent[a.Job] = true
	}
	for j, s := range v.served {
		if s.shift == nobody && !v.absent[j] {
			v.faults.Add("/unserved", "job %d is neither served nor named here", j)
		}
	}
	return known
}

// equal notes a value that is not what it must be.
func (v *verifier) equal(at string, is, must int64) {
	if is != must {
		v.faults.Add(at, "is %d; it must be %d", is, must)
	}
}

// within notes a value above its limit.
func (v *verifier) within(at string, is, limit int64) {
	if is > limit {
		v.faults.Add(at, "is %d; at most %d is allowed", is, limit)
	}
}

// leg is the drive between two places in a shift's profile; from or to nowhere there is none.
func (v *verifier) leg(s *solve.Shift, from, to int) solve.Leg {
	if from == solve.Nowhere || to == solve.Nowhere {
		return solve.Leg{}
	}
	return v.p.Travel[s.Profile].Leg(from, to)
}

func pinned(j *solve.Job) bool { return j.Pin != nil }

func timed(j *solve.Job) bool { return j.Pin != nil && j.Pin.Timed }
