package dispatch

import (
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// Booking says that a technician does a job from one moment to another. It is active until it
// is released; the database lets no two active bookings of a technician overlap.
type Booking struct {
	ID            uuid.UUID
	JobID         uuid.UUID
	TechnicianID  uuid.UUID
	OutletID      uuid.UUID // the technician's
	StartsAt      time.Time
	EndsAt        time.Time
	Active        bool
	Pinned        bool // planning leaves it where it is
	Explanation   Explanation
	ReleasedAt    *time.Time
	ReleaseReason *string
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Explanation says why a booking was made as it was.
type Explanation struct {
	Source    Source
	Score     int64        // fewer points are better; 0 where nobody was ranked
	Terms     []Term       // of the score
	Overruled []words.Text // what spoke against it, where a person decided otherwise
	Reason    string       // that person's reason
}

// Source is how a booking came about.
type Source string

// The sources of bookings.
const (
	SourceHand Source = "hand" // a dispatcher named the technician
	SourceAuto Source = "auto" // the top candidate
	SourceMass Source = "mass" // a mass assignment
)
