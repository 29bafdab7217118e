package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// Booking says that a technician does a job from one moment to another. It is active until it
// is released; the database lets no two active bookings of a technician overlap.
type Booking struct {
	ID            uuid.UUID
	JobID         uuid.UUID
	TechnicianID  uuid.UUID
	Technician    string    // his name
	OutletID      uuid.UUID // the technician's
	StartsAt      time.Time
	EndsAt        time.Time
	Active        bool
	Pinned        bool // planning leaves it where it is
	Explanation   Explanation
	RunID         *uuid.UUID // the mass assignment that made it
	ReleasedAt    *time.Time
	ReleaseReason *Release
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Release is why a booking is active no more.
type Release string

// The reasons to release a booking.
const (
	ReleaseUnassigned Release = "unassigned"
	ReleaseReassigned Release = "reassigned"
	ReleaseDeclined   Release = "declined"
	ReleaseCanceled   Release = "canceled"
)
