package dispatch

import (
	"time"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// Outlet is a service station that does the jobs of its territory: our own or a contracted one.
type Outlet struct {
	ID        uuid.UUID
	Code      string
	Name      string
	TimeZone  string                  // IANA
	Territory *pg.JSON[geo.Territory] // nil where it serves no area of its own, and in lists
	Status    OutletStatus
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Area is the territory, or nil.
func (o Outlet) Area() *geo.Territory {
	if o.Territory == nil {
		return nil
	}
	return &o.Territory.V
}

// OutletStatus is whether an outlet does work.
type OutletStatus string

// The statuses of an outlet. A suspended one keeps its territory and its sites; an ended one
// gives them up.
const (
	OutletActive    OutletStatus = "active"
	OutletSuspended OutletStatus = "suspended"
	OutletEnded     OutletStatus = "ended"
)

// OutletVerb is what is done with an outlet as such.
type OutletVerb string

// The verbs of an outlet.
const (
	OutletSuspend OutletVerb = "suspend"
	OutletResume  OutletVerb = "resume"
	OutletEnd     OutletVerb = "end"
)

// outletNext is the life of an outlet: active ⇄ suspended → ended.
var outletNext = map[OutletStatus]map[OutletVerb]OutletStatus{
	OutletActive:    {OutletSuspend: OutletSuspended, OutletEnd: OutletEnded},
	OutletSuspended: {OutletResume: OutletActive, OutletEnd: OutletEnded},
	OutletEnded:     {},
}

// undergo moves o by a verb, if nobody changed it since version was read.
func (o *Outlet) undergo(v OutletVerb, version int, at time.Time) error {
	if err := unchanged("outlet", o.Version, version); err != nil {
		return err
	}
	to, allowed := outletNext[o.Status][v]
	if !allowed {
		return fault.New(fault.Conflict, "outlet %s is %s: %s is not possible", o.Code, o.Status, v)
	}
	o.Status = to
	o.Version, o.UpdatedAt = o.Version+1, at
	return nil
}

// NewOutlet is what opens an outlet.
type NewOutlet struct {
	Code      string
	Name      string
	TimeZone  string
	Territory *geo.Territory
}

// OutletChange says what to change: nil leaves a member as it is.
type OutletChange struct {
	Name     *string
	TimeZone *string
}
