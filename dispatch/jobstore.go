package dispatch

import (
	"context"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// jobColumns are the columns of a job and of its booking.
const jobColumns = `
j.id, j.number, j.title, j.status, j.hold_reason, j.priority, j.case_id, j.follows_id, j.customer_id, j.site_id, j.asset_id,
j.outlet_id, j.location, j.time_zone, j.description, j.minutes, j.window_from, j.window_to, j.due_at, j.needs, j.parts, j.photos,
j.outcome, j.reason, j.traveling_at, j.arrived_at, j.started_at, j.finished_at, j.closed_at,
j.arrival_at_point, j.arrival_accuracy, j.arrival_metres, j.arrival_flags, j.external_key, j.version, j.created_at, j.updated_at,
b.id AS booking_id, b.technician_id AS booked_id, t.name AS booked_name, b.outlet_id AS booked_outlet_id,
b.starts_at AS booked_from, b.ends_at AS booked_to, b.pinned AS booked_pinned, b.run_id AS booked_run_id,
b.version AS booked_version, b.created_at AS booked_at, b.updated_at AS booked_updated_at`

// moreColumns are those that a list does without.
const moreColumns = `,
b.explanation AS booked_explanation, (SELECT f.id FROM jobs f WHERE f.follows_id = j.id LIMIT 1) AS followed_by_id,
(SELECT s.id FROM sign_offs s WHERE s.job_id = j.id ORDER BY s.sealed_at DESC LIMIT 1) AS sign_off_id`

const jobTables = `
FROM jobs j LEFT JOIN bookings b ON b.job_id = j.id AND b.active LEFT JOIN technicians t ON t.id = b.technician_id`

// jobRow is a job as it is read, with the booking that it may have.
type jobRow struct {
	Job

	BookingID, BookedID, BookedOutletID, BookedRunID *uuid.UUID
	BookedName                                       *string
	BookedFrom, BookedTo, BookedAt, BookedUpdatedAt  *time.Time
	BookedPinned                                     *bool
	BookedVersion                                    *int
	BookedExplanation                                *Explanation
}

func (r jobRow) job() Job {
	j := r.Job
	if r.BookingID == nil {
		return j
	}
	j.Booking = &Booking{
		ID: *r.BookingID, JobID: j.ID, TechnicianID: *r.BookedID, Technician: *r.BookedName, OutletID: *r.BookedOutletID,
		StartsAt: *r.BookedFrom, EndsAt: *r.BookedTo, Active: true, Pinned: *r.BookedPinned, RunID: r.BookedRunID,
		Version: *r.BookedVersion, CreatedAt: *r.BookedAt, UpdatedAt: *r.BookedUpdatedAt,
	}
	if r.BookedExplanation != nil {
		j.Booking.Explanation = *r.BookedExplanation
	}
	return j
}

// where narrows a query of jobs, to those that somebody may see above all.
type where struct{ pg.Where }

// reach keeps to the jobs that by may see: a technician those that are booked to him, a user of
// an outlet the outlet's.
func (w *where) reach(by who.Actor) {
	switch {
	case by.OnlyTechnician():
		w.And("b.technician_id = ?", by.TechnicianID)
	case by.OutletID != nil:
		w.And("j.outlet_id = ?", by.OutletID)
	}
}

func findJob(ctx context.Context, db *pg.DB, by who.Actor, which string, key any) (Job, error) {
	w := where{pg.Where{Conditions: []string{which}, Args: []any{key}}}
	w.reach(by)
	rows, err := pg.Query[jobRow](ctx, db, "SELECT"+jobColumns+moreColumns+jobTables+" WHERE "+w.String(), w.Args...)
	if err != nil {
		return Job{}, pg.Fault(err, "job")
	}
	if len(rows) == 0 {
		return Job{}, noSuchJob()
	}
	return rows[0].job(), nil
}

func noSuchJob() error { return fault.New(fault.NotFound, "no such %s", words.Noun("job")) }

const lockJobSQL = `SELECT id FROM jobs WHERE id = $1 FOR NO KEY UPDATE`

// lockJob holds a job until the transaction ends. It reads the job only then: while it waited,
// the job may have gone to somebody else.
func lockJob(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Job, error) {
	if n, err := pg.Exec(ctx, db, lockJobSQL, id); err != nil {
		return Job{}, pg.Fault(err, "job")
	} else if n == 0 {
		return Job{}, noSuchJob()
	}
	return findJob(ctx, db, by, "j.id = $1", id)
}

// JobQuery narrows a list of jobs; its zero value is all of them.
type JobQuery struct {
	Statuses     []Status
	OutletID     *uuid.UUID
	Priority     Priority
	TechnicianID *uuid.UUID
	CaseID       *uuid.UUID
	SiteID       *uuid.UUID
	CustomerID   *uuid.UUID
	From, To     *time.Time // only jobs that are booked, or else wanted, in this time
	Number       string     // how the number begins
}

// wantedAt is when a job is to be done: as booked, else when its window opens, else when it is due.
const wantedAt = "coalesce(b.starts_at, j.window_from, j.due_at)"

func (q JobQuery) narrow(w *where) {
	if len(q.Statuses) > 0 {
		w.And("j.status = ANY (?)", q.Statuses)
	}
	for _, only := range []struct {
		condition string
		id        *uuid.UUID
	}{
		{"j.outlet_id = ?", q.OutletID},
		{"b.technician_id = ?", q.TechnicianID},
		{"j.case_id = ?", q.CaseID},
		{"j.site_id = ?", q.SiteID},
		{"j.customer_id = ?", q.CustomerID},
	} {
		if only.id != nil {
			w.And(only.condition, only.id)
		}
	}
	if q.Priority != "" {
		w.And("j.priority = ?", q.Priority)
	}
	if q.From != nil {
		w.And(wantedAt+" >= ?", q.From)
	}
	if q.To != nil {
		w.And(wantedAt+" < ?", q.To)
	}
	if q.Number != "" {
		w.And("starts_with(j.number, upper(?))", q.Number)
	}
}

func readJobs(ctx context.Context, db *pg.DB, statement string, args ...any) ([]Job, error) {
	rows, err := pg.Query[jobRow](ctx, db, statement, args...)
	jobs := make([]Job, len(rows))
	for i, r := range rows {
		jobs[i] = r.job()
	}
	return jobs, pg.Fault(err, "job")
}

func listJobs(ctx context.Context, db *pg.DB, by who.Actor, q JobQuery, after uuid.UUID, limit int) ([]Job, uuid.UUID, error) {
	w := where{}
	w.reach(by)
	q.narrow(&w)
	if after != uuid.Nil {
		w.And("j.id < ?", after)
	}
	jobs, err := readJobs(ctx, db, fmt.Sprintf("SELECT%s%s WHERE %s ORDER BY j.id DESC LIMIT %d", jobColumns, jobTables, &w, limit+1), w.Args...)
	if err != nil || len(jobs) <= limit {
		return jobs, uuid.Nil, err
	}
	return jobs[:limit], jobs[limit-1].ID, nil
}

const insertJobSQL = `
INSERT INTO jobs (id, number, title, status, priority, case_id, follows_id, customer_id, site_id, asset_id, outlet_id, location,
  time_zone, description, minutes, window_from, window_to, due_at, needs, parts, photos, external_key, version, created_at, updated_at)
VALUES ($1, 'J' || next_number('job', $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
RETURNING number`

// insertJob writes a job that is opened now and returns the number that it gets.
func insertJob(ctx context.Context, db *pg.DB, j Job) (string, error) {
	number, err := pg.One[string](ctx, db, insertJobSQL, j.ID, j.CreatedAt, j.Title, j.Status, j.Priority, j.CaseID, j.FollowsID, j.CustomerID, j.SiteID,
		j.AssetID, j.OutletID, j.Location, j.TimeZone, j.Description, j.Minutes, j.WindowFrom, j.WindowTo, j.DueAt, j.Needs, j.Parts,
		j.Photos, j.ExternalKey, j.Version, j.CreatedAt, j.UpdatedAt)
	if pg.Violates(err, "one_job_per_external_key") {
		return "", fault.New(fault.Conflict, "a job with the external key %s is there already", *j.ExternalKey)
	}
	return number, pg.Fault(err, "job")
}

const saveJobSQL = `
UPDATE jobs SET title = $2, status = $3, hold_reason = $4, priority = $5, asset_id = $6, description = $7, minutes = $8,
  window_from = $9, window_to = $10, due_at = $11, needs = $12, parts = $13, photos = $14, outcome = $15, reason = $16,
  traveling_at = $17, arrived_at = $18, started_at = $19, finished_at = $20, closed_at = $21, arrival_at_point = $22,
  arrival_accuracy = $23, arrival_metres = $24, arrival_flags = $25, version = $26, updated_at = $27
WHERE id = $1`

func saveJob(ctx context.Context, db *pg.DB, j Job) error {
	_, err := pg.Exec(ctx, db, saveJobSQL, j.ID, j.Title, j.Status, j.HoldReason, j.Priority, j.AssetID, j.Description, j.Minutes,
		j.WindowFrom, j.WindowTo, j.DueAt, j.Needs, j.Parts, j.Photos, j.Outcome, j.Reason, j.TravelingAt, j.ArrivedAt, j.StartedAt,
		j.FinishedAt, j.ClosedAt, j.ArrivalAtPoint, j.ArrivalAccuracy, j.ArrivalMetres, j.ArrivalFlags, j.Version, j.UpdatedAt)
	return pg.Fault(err, "job")
}
