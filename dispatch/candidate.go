package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// Candidate is a technician in the light of one job: ranked, or refused with all the reasons.
type Candidate struct {
	TechnicianID uuid.UUID
	Name         string
	OutletID     uuid.UUID
	Ranked       bool
	Score        int64 // sum of the terms' points; fewer are better. 0 where refused
	Terms        []Term
	Arrive       time.Time // at the site, as ranked
	Start        time.Time // of the work
	End          time.Time
	Refusals     []Refusal // why not, where refused
}
