package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// The orders put the lists as people read them: by technician and time.
const (
	certificationsSQL = `
SELECT * FROM certifications
WHERE technician_id = ANY ($1) AND valid_to > $2 AND (revoked_at IS NULL OR revoked_at > $2)
ORDER BY technician_id, valid_from, id`
	shiftsSQL = `
SELECT * FROM shifts
WHERE technician_id = ANY ($1) AND tstzrange(starts_at, ends_at) && tstzrange($2, $3) AND status <> 'canceled'
ORDER BY technician_id, starts_at`
	absencesSQL = `
SELECT * FROM absences
WHERE technician_id = ANY ($1) AND starts_at < $3 AND ends_at > $2 AND canceled_at IS NULL
ORDER BY technician_id, starts_at, id`
)

func certificationsIn(ctx context.Context, db *pg.DB, technicians []uuid.UUID, from time.Time) ([]Certification, error) {
	return pg.Query[Certification](ctx, db, certificationsSQL, technicians, from)
}

func shiftsIn(ctx context.Context, db *pg.DB, technicians []uuid.UUID, from, to time.Time) ([]Shift, error) {
	return pg.Query[Shift](ctx, db, shiftsSQL, technicians, from, to)
}

func absencesIn(ctx context.Context, db *pg.DB, technicians []uuid.UUID, from, to time.Time) ([]Absence, error) {
	return pg.Query[Absence](ctx, db, absencesSQL, technicians, from, to)
}

// ofCrew is the condition on rows of technicians whom by may see.
func ofCrew(by who.Actor) (string, []any) {
	scope, args := crewScope(by)
	return "technician_id IN (SELECT id FROM technicians WHERE " + scope + ")", args
}

// rowOf reads a row of a technician whom by may see.
func rowOf[T any](ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID, what words.Noun) (T, error) {
	scope, args := ofCrew(by)
	row, err := pg.Rows[T](ctx, db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return row, pg.Fault(err, what)
}

// lockRowOf holds a row and its technician until the transaction ends, the technician first:
// whoever books him or changes his times waits.
func lockRowOf[T any](ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID, what words.Noun, whose func(T) uuid.UUID) (T, Technician, error) {
	row, err := rowOf[T](ctx, db, by, id, what)
	if err != nil {
		return row, Technician{}, err
	}
	t, err := lockTechnician(ctx, db, by, whose(row))
	if err != nil {
		return row, t, err
	}
	row, err = pg.Locked[T](ctx, db).Where("id = ?", id).Take(ctx)
	return row, t, pg.Fault(err, what)
}

func saveCertification(ctx context.Context, db *pg.DB, c Certification) error {
	_, err := pg.Rows[Certification](ctx, db).Where("id = ?", c.ID).
		Select("revoked_at", "revoke_reason", "version", "updated_at").Updates(ctx, c)
	return pg.Fault(err, "certificate")
}

func saveShift(ctx context.Context, db *pg.DB, s Shift) error {
	_, err := pg.Rows[Shift](ctx, db).Where("id = ?", s.ID).
		Select("starts_at", "ends_at", "breaks", "status", "version", "updated_at").Updates(ctx, s)
	return shiftFault(err)
}

func insertShifts(ctx context.Context, db *pg.DB, all []Shift) error {
	return shiftFault(pg.Rows[Shift](ctx, db).CreateInBatches(ctx, &all, 100))
}

// shiftFault words a clash that only the database saw.
func shiftFault(err error) error {
	if pg.Violates(err, "shifts_apart") {
		return fault.New(fault.Conflict, "another shift of the technician was planned at this time meanwhile")
	}
	return pg.Fault(err, "shift")
}

func listShifts(ctx context.Context, db *pg.DB, by who.Actor, f ShiftQuery, after ShiftPlace, limit int) ([]Shift, *ShiftPlace, error) {
	scope, args := ofCrew(by)
	q := pg.Rows[Shift](ctx, db).Where("(starts_at, id) > (?, ?)", after.StartsAt, after.ID).Where(scope, args...)
	if f.TechnicianID != nil {
		q = q.Where("technician_id = ?", f.TechnicianID)
	}
	if f.OutletID != nil {
		q = q.Where("technician_id IN (SELECT id FROM technicians WHERE outlet_id = ?)", f.OutletID)
	}
	if f.From != nil {
		q = q.Where("ends_at > ?", f.From)
	}
	if f.To != nil {
		q = q.Where("starts_at < ?", f.To)
	}
	if !f.Canceled {
		q = q.Where("status <> ?", ShiftCanceled)
	}
	rows, err := q.Order("starts_at, id").Limit(limit + 1).Find(ctx)
	if err != nil || len(rows) <= limit {
		return rows, nil, err
	}
	last := rows[limit-1]
	return rows[:limit], &ShiftPlace{last.StartsAt, last.ID}, nil
}

// rowsOf reads the rows of a technician after an id, oldest first.
func rowsOf[T any](ctx context.Context, db *pg.DB, technician, after uuid.UUID, limit int, id func(T) uuid.UUID) ([]T, uuid.UUID, error) {
	rows, err := pg.Rows[T](ctx, db).Where("technician_id = ? AND id > ?", technician, after).Order("id").Limit(limit + 1).Find(ctx)
	if err != nil || len(rows) <= limit {
		return rows, uuid.Nil, err
	}
	return rows[:limit], id(rows[limit-1]), nil
}

func saveAbsence(ctx context.Context, db *pg.DB, a Absence) error {
	_, err := pg.Rows[Absence](ctx, db).Where("id = ?", a.ID).
		Select("canceled_at", "version", "updated_at").Updates(ctx, a)
	return pg.Fault(err, "absence")
}
