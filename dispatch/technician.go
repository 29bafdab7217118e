package dispatch

import (
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Technician is somebody who does jobs, for one outlet.
type Technician struct {
	ID          uuid.UUID
	UserID      *uuid.UUID // who he signs in as; nil where he has no account
	OutletID    uuid.UUID
	Name        string
	Phone       *string  // E.164
	Home        pg.Point // where his day begins and ends
	CostPerHour int64    // minor units of Currency
	Currency    string   // ISO 4217
	VanID       *uuid.UUID
	Status      TechnicianStatus
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TechnicianStatus is whether a technician is there to be sent out.
type TechnicianStatus string

// The statuses of a technician. Only an active one is given new jobs.
const (
	TechnicianActive    TechnicianStatus = "active"
	TechnicianSuspended TechnicianStatus = "suspended"
	TechnicianLeft      TechnicianStatus = "left"
)

// TechnicianVerb is what is done with a technician as such.
type TechnicianVerb string

// The verbs of a technician.
const (
	TechnicianSuspend TechnicianVerb = "suspend"
	TechnicianResume  TechnicianVerb = "resume"
	TechnicianLeave   TechnicianVerb = "leave"
)

// technicianNext is the life of a technician: active ⇄ suspended → left. Nobody comes back from
// left: he is opened anew.
var technicianNext = map[TechnicianStatus]map[TechnicianVerb]TechnicianStatus{
	TechnicianActive:    {TechnicianSuspend: TechnicianSuspended, TechnicianLeave: TechnicianLeft},
	TechnicianSuspended: {TechnicianResume: TechnicianActive, TechnicianLeave: TechnicianLeft},
	TechnicianLeft:      {},
}

// undergo moves t by a verb, if nobody changed him since version was read.
func (t *Technician) undergo(v TechnicianVerb, version int, at time.Time) error {
	if err := unchanged("technician", t.Version, version); err != nil {
		return err
	}
	to, allowed := technicianNext[t.Status][v]
	if !allowed {
		return fault.New(fault.Conflict, "technician %s is %s: %s is not possible", t.Name, t.Status, v)
	}
	t.Status = to
	t.Version, t.UpdatedAt = t.Version+1, at
	return nil
}

// NewTechnician is what opens a technician.
type NewTechnician struct {
	UserID      *uuid.UUID // must hold the role technician and be of the same outlet, or of none
	OutletID    uuid.UUID
	Name        string
	Phone       *string // as people write it
	Region      string  // whose national numbers Phone may be, ISO 3166; "": only a number with + and its country's code
	Home        orb.Point
	CostPerHour int64
	Currency    string
	VanID       *uuid.UUID // a location of kind van
}

// TechnicianChange says what to change: nil leaves a member as it is.
type TechnicianChange struct {
	UserID      **uuid.UUID
	OutletID    *uuid.UUID // refused while he has jobs to do
	Name        *string
	Phone       **string
	Region      string
	Home        *orb.Point
	CostPerHour *int64
	Currency    *string
	VanID       **uuid.UUID
}

// TechnicianQuery narrows a list of technicians; its zero value is all of them.
type TechnicianQuery struct {
	OutletID *uuid.UUID
	Status   TechnicianStatus
	Skill    *uuid.UUID // only holders of a certificate of this skill that is valid now
	Name     string     // a fragment
}

// unchanged refuses a version that is not the row's any more.
func unchanged(what words.Noun, have, read int) error {
	if have != read {
		return fault.New(fault.Stale, "%s is at version %d", what, have)
	}
	return nil
}

// apply changes t, and notes what is wrong with the change.
func (c TechnicianChange) apply(t *Technician, f *fault.Faults) {
	if c.UserID != nil {
		t.UserID = *c.UserID
	}
	if c.OutletID != nil {
		t.OutletID = *c.OutletID
	}
	if c.Name != nil {
		t.Name = registry.Line(f, "/name", *c.Name)
	}
	if c.Phone != nil {
		t.Phone = registry.PhoneOf(f, "/phone", *c.Phone, c.Region)
	}
	if c.Home != nil {
		t.Home = pg.Point(*c.Home)
	}
	if c.CostPerHour != nil {
		t.CostPerHour = *c.CostPerHour
	}
	if c.Currency != nil {
		t.Currency = *c.Currency
	}
	if c.VanID != nil {
		t.VanID = *c.VanID
	}
}
