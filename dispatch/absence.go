package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Absence is a time when a technician is not to be had, whatever his shifts say: leave,
// sickness, training. It does not take back what he is booked for; a dispatcher does.
type Absence struct {
	ID           uuid.UUID
	TechnicianID uuid.UUID
	StartsAt     time.Time
	EndsAt       time.Time
	Reason       string
	CanceledAt   *time.Time
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// NewAbsence is what announces an absence.
type NewAbsence struct {
	StartsAt time.Time
	EndsAt   time.Time
	Reason   string
}

// maxAbsence is the longest absence; a longer one is a suspension.
const maxAbsence = 366 * 24 * time.Hour

// Clash is an active booking of a job not yet done, in a time when the technician is not there.
type Clash struct {
	BookingID uuid.UUID
	JobID     uuid.UUID
	JobNumber string
	JobStatus Status
	StartsAt  time.Time
	EndsAt    time.Time
}

// Absences returns the absences of a technician after an id, canceled ones too, oldest first, and
// the id to go on from; uuid.Nil at the end.
func (c *Crew) Absences(ctx context.Context, by who.Actor, technician, after uuid.UUID, limit int) ([]Absence, uuid.UUID, error) {
	if _, err := findTechnician(ctx, c.db, by, technician); err != nil {
		return nil, uuid.Nil, err
	}
	return rowsOf(ctx, c.db, technician, after, limit, func(a Absence) uuid.UUID { return a.ID })
}

// FindAbsence returns one absence and the bookings that it clashes with now.
func (c *Crew) FindAbsence(ctx context.Context, by who.Actor, id uuid.UUID) (Absence, []Clash, error) {
	a, err := rowOf[Absence](ctx, c.db, by, id, "absence")
	if err != nil || a.CanceledAt != nil {
		return a, nil, err
	}
	booked, err := clashes(ctx, c.db, a.TechnicianID, a.StartsAt, a.EndsAt)
	return a, booked, err
}

// Announce records that a technician will not be there, and returns the bookings that this
// clashes with: they stay until a dispatcher moves them.
func (c *Crew) Announce(ctx context.Context, by who.Actor, technician uuid.UUID, n NewAbsence) (a Absence, booked []Clash, err error) {
	at := c.now()
	var f fault.Faults
	reason := registry.Line(&f, "/reason", n.Reason)
	n.StartsAt, n.EndsAt = instant(n.StartsAt), instant(n.EndsAt)
	checkYears(&f, "/starts_at", n.StartsAt)
	if !n.EndsAt.After(n.StartsAt) {
		f.Add("/ends_at", "must be after the start")
	} else if n.EndsAt.Sub(n.StartsAt) > maxAbsence {
		f.Add("/ends_at", "must be within %d days of the start", int(maxAbsence.Hours()/24))
	}
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		t, err := lockTechnician(ctx, c.db, by, technician)
		if err != nil {
			return err
		}
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("absence")); err != nil {
			return err
		}
		a = Absence{
			ID: uuid.Must(uuid.NewV7()), TechnicianID: t.ID, StartsAt: n.StartsAt, EndsAt: n.EndsAt, Reason: reason,
			Version: 1, CreatedAt: at, UpdatedAt: at,
		}
		if err := pg.Rows[Absence](ctx, c.db).Create(ctx, &a); err != nil {
			return pg.Fault(err, "absence")
		}
		if booked, err = clashes(ctx, c.db, t.ID, a.StartsAt, a.EndsAt); err != nil {
			return err
		}
		return c.tell(ctx, by, at, "absence.announced", t, map[string]any{"absence_id": a.ID, "starts_at": a.StartsAt, "ends_at": a.EndsAt, "clashes": len(booked)})
	})
	return a, booked, err
}

// CancelAbsence takes an absence back: the technician will be there after all.
func (c *Crew) CancelAbsence(ctx context.Context, by who.Actor, id uuid.UUID, version int) (a Absence, err error) {
	at := c.now()
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		var t Technician
		if a, t, err = lockRowOf(ctx, c.db, by, id, "absence", func(a Absence) uuid.UUID { return a.TechnicianID }); err != nil {
			return err
		}
		if err := unchanged("absence", a.Version, version); err != nil {
			return err
		}
		if a.CanceledAt != nil {
			return fault.New(fault.Conflict, "the absence is canceled already")
		}
		a.CanceledAt, a.Version, a.UpdatedAt = &at, a.Version+1, at
		if err := saveAbsence(ctx, c.db, a); err != nil {
			return err
		}
		return c.tell(ctx, by, at, "absence.canceled", t, map[string]any{"absence_id": a.ID})
	})
	return a, err
}
