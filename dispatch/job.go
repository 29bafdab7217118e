package dispatch

import (
	"time"

	"callout/internal/pg"
	"callout/registry"

	"github.com/google/uuid"
)

// Priority is how urgent a job is; P0 comes first.
type Priority string

// The priorities (requirements 27-29).
const (
	PriorityP0 Priority = "P0"
	PriorityP1 Priority = "P1"
	PriorityP2 Priority = "P2"
)

// Job is one visit to one site: work for one technician.
type Job struct {
	ID         uuid.UUID
	Number     string // what people call it: J20240501001
	Title      string
	Status     Status
	HoldReason *HoldReason // why it waits, exactly while it is on hold
	Priority   Priority
	CaseID     *uuid.UUID // the service request that it is part of
	FollowsID  *uuid.UUID // the incomplete job that it carries on

	CustomerID uuid.UUID
	SiteID     uuid.UUID
	AssetID    *uuid.UUID
	OutletID   *uuid.UUID // whose territory the site lies in; nil where it is nobody's
	Location   pg.Point   // the site's, as it was when the job was opened
	TimeZone   string     // the site's IANA zone, by which its days are counted

	Description string
	Minutes     int        // how long the work is expected to take
	WindowFrom  *time.Time // the customer's window: work begins within it. Both ends or neither
	WindowTo    *time.Time
	DueAt       *time.Time // when the work should have ended; being late costs, but is allowed
	Needs       Needs
	Parts       PartNeeds
	Photos      PhotoNeeds

	Outcome string // what was done, from finishing on
	Reason  string // why it was canceled or left incomplete

	TravelingAt *time.Time
	ArrivedAt   *time.Time
	StartedAt   *time.Time
	FinishedAt  *time.Time
	ClosedAt    *time.Time

	ArrivalAtPoint  *pg.Point // where the technician's phone said that he was
	ArrivalAccuracy *int      // of that, in metres
	ArrivalMetres   *int      // from there to the site
	ArrivalFlags    pg.Strings[ArrivalFlag]

	ExternalKey *string // its name in the system that it was imported from
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time

	FollowedByID *uuid.UUID // the job that carries it on; not told in lists
	SignOffID    *uuid.UUID // what the customer signed; not told in lists
	Booking      *Booking   // who has it, and when; nil where nobody has
}

// technician is who has the job, or nil.
func (j Job) technician() *uuid.UUID {
	if j.Booking == nil {
		return nil
	}
	return &j.Booking.TechnicianID
}

// length is how long the work is expected to take.
func (j Job) length() time.Duration { return time.Duration(j.Minutes) * time.Minute }

// zone is the site's time zone.
func (j Job) zone() *time.Location {
	zone, err := registry.Zone(j.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Need is a skill that the job asks for, at a level of 1 to 5 or higher.
type Need struct {
	SkillID uuid.UUID
	Code    string
	Level   int
}

// PartNeed is a part that the job is expected to use up.
type PartNeed struct {
	PartID   uuid.UUID
	Quantity int
}

// PhotoNeed says that the job cannot close without so many photos of a kind.
type PhotoNeed struct {
	Kind  string
	Count int
}
