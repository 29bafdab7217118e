package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

const (
	holdColumns = `
SELECT h.id, h.job_id, h.technician_id, t.name AS technician, h.outlet_id, h.window_from, h.window_to, h.starts_at, h.ends_at,
  h.expires_at, h.ended_at, h.end_reason, h.held_by, h.created_at
FROM slot_holds h JOIN technicians t ON t.id = h.technician_id `
	holdOfJobSQL = holdColumns + `WHERE h.job_id = $1 AND h.ended_at IS NULL AND h.expires_at > $2`
	holdSQL      = holdColumns + `WHERE h.job_id = $1 AND h.id = $2`

	insertHoldSQL = `
INSERT INTO slot_holds (id, job_id, technician_id, outlet_id, window_from, window_to, starts_at, ends_at, expires_at, held_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

	endHoldOfJobSQL = `
UPDATE slot_holds SET ended_at = $2, end_reason = CASE WHEN expires_at <= $2 THEN 'lapsed' ELSE $3 END
WHERE job_id = $1 AND ended_at IS NULL`

	expireHoldsOfSQL = `
UPDATE slot_holds SET ended_at = $2, end_reason = 'lapsed' WHERE technician_id = $1 AND ended_at IS NULL AND expires_at <= $2`

	// In the order of the ids, as whoever else holds several at once does, and not those that somebody is busy with.
	expireHoldsSQL = `
UPDATE slot_holds SET ended_at = $1, end_reason = 'lapsed'
WHERE id IN (SELECT id FROM slot_holds WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY id FOR UPDATE SKIP LOCKED)`

	heldForOthersSQL = `
SELECT h.id, j.number FROM slot_holds h JOIN jobs j ON j.id = h.job_id
WHERE h.technician_id = $1 AND h.ended_at IS NULL AND h.expires_at > $5 AND h.during && tstzrange($2, $3) AND h.job_id <> $4
ORDER BY h.starts_at`

	overruleHoldsSQL = `UPDATE slot_holds SET ended_at = $2, end_reason = 'overruled' WHERE id = ANY ($1)`
)

func noSuchHold() error {
	return fault.New(fault.NotFound, "no such %s", words.Noun("hold of a window"))
}

// holdOf is the hold that a statement finds.
func holdOf(ctx context.Context, db *pg.DB, statement string, args ...any) (SlotHold, error) {
	found, err := pg.Query[SlotHold](ctx, db, statement, args...)
	if err == nil && len(found) == 0 {
		err = noSuchHold()
	}
	if err != nil {
		return SlotHold{}, pg.Fault(err, "hold of a window")
	}
	return found[0], nil
}

// insertHold writes a hold. Where the time is promised already it returns Conflict, and the transaction goes on as if
// nothing had been tried.
func insertHold(ctx context.Context, db *pg.DB, h SlotHold) error {
	return attempt(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, db, expireHoldsOfSQL, h.TechnicianID, h.CreatedAt); err != nil {
			return pg.Fault(err, "hold of a window")
		}
		_, err := pg.Exec(ctx, db, insertHoldSQL, h.ID, h.JobID, h.TechnicianID, h.OutletID, h.WindowFrom, h.WindowTo, h.StartsAt, h.EndsAt,
			h.ExpiresAt, h.HeldBy, h.CreatedAt)
		return pg.Fault(err, "hold of a window")
	})
}

func endHold(ctx context.Context, db *pg.DB, job uuid.UUID, at time.Time, why HoldEnd) error {
	_, err := pg.Exec(ctx, db, endHoldOfJobSQL, job, at, why)
	return pg.Fault(err, "hold of a window")
}

// spareHolds keeps a booking out of time that is held for other customers, unless a person overruled what speaks
// against it: then those holds end. The job's own hold ends with its booking.
func spareHolds(ctx context.Context, db *pg.DB, k Booking) error {
	if err := endHold(ctx, db, k.JobID, k.CreatedAt, HoldBooked); err != nil {
		return err
	}
	held, err := pg.Query[struct {
		ID     uuid.UUID
		Number string
	}](ctx, db, heldForOthersSQL, k.TechnicianID, k.StartsAt, k.EndsAt, k.JobID, k.CreatedAt)
	if err != nil || len(held) == 0 {
		return pg.Fault(err, "hold of a window")
	}
	if len(k.Explanation.Overruled) == 0 {
		return fault.New(fault.Conflict, "the time of technician %s is held for job %s", k.Technician, held[0].Number)
	}
	ids := make([]uuid.UUID, len(held))
	for i, h := range held {
		ids[i] = h.ID
	}
	_, err = pg.Exec(ctx, db, overruleHoldsSQL, ids, k.CreatedAt)
	return pg.Fault(err, "hold of a window")
}
