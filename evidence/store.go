package evidence

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

const (
	nounJob     words.Noun = "job"
	nounKind    words.Noun = "kind of photo"
	nounPhoto   words.Noun = "photo"
	nounSignOff words.Noun = "sign-off"
)

func noSuch(what words.Noun) error { return fault.New(fault.NotFound, "no such %s", what) }

// where narrows a query, to the rows that somebody may see above all.
type where struct{ pg.Where }

func that(condition string, arg any) *where {
	w := &where{}
	w.And(condition, arg)
	return w
}

func (w *where) String() string { return " WHERE " + w.Where.String() }

// reach keeps to the rows that by may see, by the columns that hold their job and its outlet: a
// technician those of the jobs that are booked to him, a user of an outlet the outlet's.
func (w *where) reach(by who.Actor, job, outlet string) *where {
	switch {
	case by.OnlyTechnician():
		w.And("EXISTS (SELECT FROM bookings b WHERE b.job_id = "+job+" AND b.technician_id = ? AND b.active)", by.TechnicianID)
	case by.OutletID != nil:
		w.And(outlet+" = ?", by.OutletID)
	}
	return w
}

// jobRow is what evidence needs to know of a job.
type jobRow struct {
	Number   string
	Status   string
	OutletID *uuid.UUID
	Photos   int
	Owes     bool // an old part of it is to be collected
}

func (j jobRow) ended() bool { return j.Status == "closed" || j.Status == "canceled" }

const jobSQL = `
SELECT j.number, j.status, j.outlet_id, (SELECT count(*) FROM photos p WHERE p.job_id = j.id) AS photos,
  EXISTS (SELECT FROM part_returns r WHERE r.job_id = j.id AND r.status = 'expected') AS owes
FROM jobs j`

func findJob(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (jobRow, error) {
	w := that("j.id = ?", id).reach(by, "j.id", "j.outlet_id")
	return one[jobRow](ctx, db, nounJob, jobSQL+w.String(), w.Args...)
}

// holdJob keeps the job from closing until the transaction ends.
func holdJob(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (jobRow, error) {
	w := that("j.id = ?", id).reach(by, "j.id", "j.outlet_id")
	return one[jobRow](ctx, db, nounJob, jobSQL+w.String()+" FOR SHARE OF j", w.Args...)
}

// holdOwed holds a job that is no longer the technician's, but whose old part he has to bring.
func holdOwed(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (jobRow, error) {
	w := that("j.id = ?", id)
	w.And("EXISTS (SELECT FROM part_returns r WHERE r.job_id = j.id AND r.technician_id = ? AND r.status = 'expected')", by.TechnicianID)
	return one[jobRow](ctx, db, nounJob, jobSQL+w.String()+" FOR SHARE OF j", w.Args...)
}

// one reads the row of a statement; fault.NotFound where there is none.
func one[T any](ctx context.Context, db *pg.DB, what words.Noun, statement string, args ...any) (T, error) {
	rows, err := pg.Query[T](ctx, db, statement, args...)
	if err == nil && len(rows) == 0 {
		err = noSuch(what)
	}
	if err != nil {
		return *new(T), pg.Fault(err, what)
	}
	return rows[0], nil
}

// page cuts off the row that only tells that there are more, and says where to go on.
func page[T any](rows []T, limit int, id func(T) uuid.UUID) ([]T, uuid.UUID) {
	if len(rows) <= limit {
		return rows, uuid.Nil
	}
	return rows[:limit], id(rows[limit-1])
}
