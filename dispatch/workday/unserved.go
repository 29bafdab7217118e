package workday

import "github.com/google/uuid"

// Reason sums up why nobody takes a visit.
type Reason string

// The reasons, the most fundamental first.
const (
	ReasonTechnician  Reason = "no_technician"  // nobody of the outlet is on shift
	ReasonCertificate Reason = "no_certificate" // nobody on shift holds the certificates for it
	ReasonWindow      Reason = "window"         // nobody who holds them could come in time, even on an empty day
	ReasonCapacity    Reason = "capacity"       // the days of all who could are full
)

// Unserved is a visit that nobody takes, and how many technicians of its outlet passed each test.
type Unserved struct {
	Visit     uuid.UUID
	Reason    Reason
	OnShift   int // are on shift
	Certified int // and hold the certificates, valid for so long during the shift
	Able      int // and could do it on an empty day
}

func (o *pool) why(v *Visit) Unserved {
	u := Unserved{Visit: v.ID}
	for _, d := range o.days {
		day := o.problem.Days[d]
		day.Stops = nil
		r := NewRoute(day, o.problem.Travel)
		if !day.onDuty() {
			continue
		}
		u.OnShift++
		anytime := Visit{Duration: v.Duration, Needs: v.Needs}
		if len(cut(r.allowed(nil, &anytime), []Window{day.Shift}, 0)) == 0 {
			continue
		}
		u.Certified++
		if _, fits := r.Best(v, o.problem.Weights); fits {
			u.Able++
		}
	}
	switch {
	case u.OnShift == 0:
		u.Reason = ReasonTechnician
	case u.Certified == 0:
		u.Reason = ReasonCertificate
	case u.Able == 0:
		u.Reason = ReasonWindow
	default:
		u.Reason = ReasonCapacity
	}
	return u
}
