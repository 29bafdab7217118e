package dispatch

import (
	"context"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Crew is everybody who can be sent out: technicians, what they can do and when they are there.
type Crew struct {
	db  *pg.DB
	now func() time.Time
}

// NewCrew returns the crew in db.
func NewCrew(db *pg.DB, now func() time.Time) *Crew {
	return &Crew{db, func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// VanOf returns the location of the technician's van. It returns Conflict where he has none.
func (c *Crew) VanOf(ctx context.Context, technician uuid.UUID) (uuid.UUID, error) {
	t, err := findTechnician(ctx, c.db, who.System, technician)
	if err == nil && t.VanID == nil {
		err = fault.New(fault.Conflict, "technician %s has no van", t.Name)
	}
	if err != nil {
		return uuid.Nil, err
	}
	return *t.VanID, nil
}

// Find returns one technician.
func (c *Crew) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Technician, error) {
	return findTechnician(ctx, c.db, by, id)
}

// List returns technicians after an id, oldest first, and the id to go on from; uuid.Nil at the end.
func (c *Crew) List(ctx context.Context, by who.Actor, q TechnicianQuery, after uuid.UUID, limit int) ([]Technician, uuid.UUID, error) {
	return listTechnicians(ctx, c.db, by, q, c.now(), after, limit)
}

// Open takes a technician on.
func (c *Crew) Open(ctx context.Context, by who.Actor, n NewTechnician) (t Technician, err error) {
	at := c.now()
	t = Technician{
		ID: uuid.Must(uuid.NewV7()), UserID: n.UserID, OutletID: n.OutletID, Home: pg.Point(n.Home), CostPerHour: n.CostPerHour,
		Currency: n.Currency, VanID: n.VanID, Status: TechnicianActive, Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	var f fault.Faults
	t.Name = registry.Line(&f, "/name", n.Name)
	t.Phone = registry.PhoneOf(&f, "/phone", n.Phone, n.Region)
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		if err := c.check(ctx, by, t, &f); err != nil {
			return err
		}
		if err := insertTechnician(ctx, c.db, t); err != nil {
			return err
		}
		return c.tell(ctx, by, at, "technician.opened", t, nil)
	})
	return t, err
}

// Amend changes what is known of a technician.
func (c *Crew) Amend(ctx context.Context, by who.Actor, id uuid.UUID, version int, change TechnicianChange) (t Technician, err error) {
	at := c.now()
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		if t, err = lockTechnician(ctx, c.db, by, id); err != nil {
			return err
		}
		if err := unchanged("technician", t.Version, version); err != nil {
			return err
		}
		before := t
		var f fault.Faults
		change.apply(&t, &f)
		if t.OutletID != before.OutletID {
			if err := c.mayMove(ctx, t, &f); err != nil {
				return err
			}
		}
		if err := c.mayLeaveVan(ctx, before, t, &f); err != nil {
			return err
		}
		if err := c.check(ctx, by, t, &f); err != nil {
			return err
		}
		t.Version, t.UpdatedAt = t.Version+1, at
		if err := saveTechnician(ctx, c.db, t); err != nil {
			return err
		}
		return c.tell(ctx, by, at, "technician.amended", t, nil)
	})
	return t, err
}

// mayMove notes jobs that keep t at his outlet: the database keeps bookings apart within one.
func (c *Crew) mayMove(ctx context.Context, t Technician, f *fault.Faults) error {
	booked, err := clashes(ctx, c.db, t.ID, time.Time{}, endOfTime)
	if err == nil && len(booked) > 0 {
		f.Add("/outlet_id", "cannot change while %s has jobs to do: %s", t.Name, numbers(booked))
	}
	return err
}

const aboardSQL = `
SELECT EXISTS (SELECT FROM balances b JOIN locations l ON l.id = b.location_id WHERE (l.id = $1 OR l.warehouse_id = $1) AND b.quantity <> 0)`

// mayLeaveVan notes parts in a van that nobody would answer for any more: it is empty before its technician
// gets another, or none.
func (c *Crew) mayLeaveVan(ctx context.Context, before, t Technician, f *fault.Faults) error {
	if before.VanID == nil || (t.VanID != nil && *t.VanID == *before.VanID) {
		return nil
	}
	aboard, err := pg.One[bool](ctx, c.db, aboardSQL, *before.VanID)
	if err == nil && aboard {
		f.Add("/van_id", "cannot change while parts are in the van")
	}
	return err
}

// check holds what a technician refers to against scope and sense. It returns all faults together.
func (c *Crew) check(ctx context.Context, by who.Actor, t Technician, f *fault.Faults) error {
	if !geo.Valid(t.Home.Orb()) {
		f.Add("/home", "is not a place on earth")
	}
	for _, look := range []func(context.Context, *pg.DB, who.Actor, Technician, *fault.Faults) error{checkOutlet, checkUser, checkVan} {
		if err := look(ctx, c.db, by, t, f); err != nil {
			return err
		}
	}
	return f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("technician"))
}

// Suspend takes a technician out of planning. What he is booked for stays until a dispatcher moves it.
func (c *Crew) Suspend(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Technician, error) {
	return c.move(ctx, by, id, version, TechnicianSuspend, "technician.suspended")
}

// Resume puts a suspended technician back.
func (c *Crew) Resume(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Technician, error) {
	return c.move(ctx, by, id, version, TechnicianResume, "technician.resumed")
}

// Leave ends a technician's work for good. It is refused while he is booked for a job that is not done.
func (c *Crew) Leave(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Technician, error) {
	return c.move(ctx, by, id, version, TechnicianLeave, "technician.left")
}

func (c *Crew) move(ctx context.Context, by who.Actor, id uuid.UUID, version int, v TechnicianVerb, kind string) (t Technician, err error) {
	at := c.now()
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		if t, err = lockTechnician(ctx, c.db, by, id); err != nil {
			return err
		}
		if err := t.undergo(v, version, at); err != nil {
			return err
		}
		if v == TechnicianLeave {
			booked, err := clashes(ctx, c.db, id, time.Time{}, endOfTime)
			if err != nil {
				return err
			}
			if len(booked) > 0 {
				return fault.New(fault.Conflict, "technician %s has jobs to do: %s", t.Name, numbers(booked))
			}
		}
		if err := saveTechnician(ctx, c.db, t); err != nil {
			return err
		}
		return c.tell(ctx, by, at, kind, t, nil)
	})
	return t, err
}

// tell writes what happened to a technician's affairs to the log, under the technician.
func (c *Crew) tell(ctx context.Context, by who.Actor, at time.Time, kind string, t Technician, data any) error {
	return event.Append(ctx, c.db, by, at, event.Entry{Kind: kind, SubjectID: t.ID, OutletID: &t.OutletID, Data: data})
}
