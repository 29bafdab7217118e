package dispatch

import (
	"context"
	"errors"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// holdTechnicianSQL makes those who book one technician queue up, so that each sees what the
// one before him did. The constraint would keep them apart as well, but two that clash would
// wait for each other until the database breaks the deadlock.
const holdTechnicianSQL = `SELECT id FROM technicians WHERE id = $1 FOR NO KEY UPDATE`

func holdTechnician(ctx context.Context, db *pg.DB, id uuid.UUID) error {
	_, err := pg.Exec(ctx, db, holdTechnicianSQL, id)
	return pg.Fault(err, "technician")
}

const insertBookingSQL = `
INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, pinned, explanation, run_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`

// insertBooking books k for j. Where the time is taken it returns a Conflict that names the clash, and
// the transaction goes on as if nothing had been tried.
func insertBooking(ctx context.Context, db *pg.DB, j Job, k Booking) error {
	if err := spareHolds(ctx, db, k); err != nil {
		return err
	}
	err := attempt(ctx, func(ctx context.Context) error {
		_, err := pg.Exec(ctx, db, insertBookingSQL, k.ID, k.JobID, k.TechnicianID, k.OutletID, k.StartsAt, k.EndsAt, k.Pinned,
			k.Explanation, k.RunID, k.CreatedAt)
		return err
	})
	if pg.Violates(err, "never_double_booked") {
		if named := clash(ctx, db, j, k); named != nil {
			return named
		}
		return fault.New(fault.Conflict, "technician %s was booked for this time meanwhile", k.Technician)
	}
	return pg.Fault(err, "booking")
}

// attempt runs fn so that its failure, and the locks that it took, can be forgotten without
// losing the transaction.
func attempt(ctx context.Context, fn func(context.Context) error) error {
	tx, err := pg.Tx(ctx)
	if err != nil {
		return err
	}
	point, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	if err := fn(ctx); err != nil {
		if gone := point.Rollback(ctx); gone != nil {
			return errors.Join(err, gone)
		}
		return err
	}
	return point.Commit(ctx)
}

const overlapSQL = `
SELECT b.id AS booking_id, j.id AS job_id, j.number AS job_number, j.status AS job_status, b.starts_at, b.ends_at
FROM bookings b JOIN jobs j ON j.id = b.job_id
WHERE b.active AND b.technician_id = $1 AND b.during && tstzrange($2, $3) AND b.job_id <> $4
ORDER BY b.starts_at, b.id`

// clash names the first booking that is in the way of k, or is nil.
func clash(ctx context.Context, db *pg.DB, j Job, k Booking) error {
	found, err := pg.Query[Clash](ctx, db, overlapSQL, k.TechnicianID, k.StartsAt, k.EndsAt, k.JobID)
	if err != nil || len(found) == 0 {
		return pg.Fault(err, "booking")
	}
	c, zone := found[0], j.zone()
	return fault.New(fault.Conflict, "technician %s is booked for job %s from %s to %s", k.Technician, c.JobNumber,
		c.StartsAt.In(zone).Format(clockForm), c.EndsAt.In(zone).Format(clockForm))
}

const releaseSQL = `
UPDATE bookings SET active = false, released_at = $2, release_reason = $3, version = version + 1, updated_at = $2
WHERE job_id = $1 AND active`

func releaseBooking(ctx context.Context, db *pg.DB, job uuid.UUID, at time.Time, why Release) error {
	_, err := pg.Exec(ctx, db, releaseSQL, job, at, why)
	return pg.Fault(err, "booking")
}

// cutSQL keeps a second where the work ended before it was to begin: a booking cannot be empty.
const cutSQL = `
UPDATE bookings SET ends_at = greatest(starts_at + interval '1 second', $2), version = version + 1, updated_at = $2
WHERE job_id = $1 AND active AND ends_at > $2
RETURNING ends_at`

// cutBooking gives back the time that the work did not need.
func cutBooking(ctx context.Context, db *pg.DB, k *Booking, at time.Time) error {
	rows, err := pg.Query[struct{ EndsAt time.Time }](ctx, db, cutSQL, k.JobID, at)
	if err == nil && len(rows) > 0 {
		k.EndsAt, k.Version = rows[0].EndsAt, k.Version+1
	}
	return pg.Fault(err, "booking")
}

const bookingsOfJobSQL = `
SELECT b.id, b.job_id, b.technician_id, t.name AS technician, b.outlet_id, b.starts_at, b.ends_at, b.active, b.pinned, b.explanation,
  b.run_id, b.released_at, b.release_reason, b.version, b.created_at, b.updated_at
FROM bookings b JOIN technicians t ON t.id = b.technician_id
WHERE b.job_id = $1 ORDER BY b.id`

// Bookings returns who had the job, and who has it, in the order in which they were booked.
func (b *Board) Bookings(ctx context.Context, by who.Actor, job uuid.UUID) ([]Booking, error) {
	if _, err := b.Find(ctx, by, job); err != nil {
		return nil, err
	}
	found, err := pg.Query[Booking](ctx, b.db, bookingsOfJobSQL, job)
	return found, pg.Fault(err, "booking")
}
