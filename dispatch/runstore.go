package dispatch

import (
	"context"
	"database/sql/driver"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Results say what a run did, by outlet; an outlet is in it once it is finished.
type Results map[uuid.UUID]Result

// Result says what a run did in one outlet.
type Result struct {
	Assigned int
	Placed   []Placed  // where the jobs would go; of a dry run only
	Unserved []Skipped // nobody can do them
	Changed  []Skipped // they changed meanwhile and are left as they are
}

// Placed is a job with the technician and the time that it would get.
type Placed struct {
	JobID        uuid.UUID
	Number       string
	TechnicianID uuid.UUID
	StartsAt     time.Time
	EndsAt       time.Time
}

// Skipped is a job that was not assigned, and why.
type Skipped struct {
	JobID  uuid.UUID
	Number string
	Code   string // no_technician, no_certificate, window, capacity; changed, booked
	Text   words.Text
}

type resultColumn struct {
	Assigned int             `json:"assigned"`
	Placed   []placedColumn  `json:"placed"`
	Unserved []skippedColumn `json:"unserved"`
	Changed  []skippedColumn `json:"changed"`
}

type placedColumn struct {
	JobID        uuid.UUID `json:"job_id"`
	Number       string    `json:"number"`
	TechnicianID uuid.UUID `json:"technician_id"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at"`
}

type skippedColumn struct {
	JobID  uuid.UUID  `json:"job_id"`
	Number string     `json:"number"`
	Code   string     `json:"code"`
	Text   words.Text `json:"text"`
}

func (r Result) column() resultColumn {
	skipped := func(s Skipped) skippedColumn { return skippedColumn(s) }
	return resultColumn{
		r.Assigned, list(r.Placed, func(p Placed) placedColumn { return placedColumn(p) }).V,
		list(r.Unserved, skipped).V, list(r.Changed, skipped).V,
	}
}

// Value is the results as the column keeps them.
func (r Results) Value() (driver.Value, error) {
	all := make(map[uuid.UUID]resultColumn, len(r))
	for id, one := range r {
		all[id] = one.column()
	}
	return pg.JSON[map[uuid.UUID]resultColumn]{V: all}.Value()
}

// Scan reads the column.
func (r *Results) Scan(src any) error {
	var c pg.JSON[map[uuid.UUID]resultColumn]
	err := c.Scan(src)
	*r = make(Results, len(c.V))
	skipped := func(s skippedColumn) Skipped { return Skipped(s) }
	for id, one := range c.V {
		(*r)[id] = Result{
			one.Assigned, list(one.Placed, func(p placedColumn) Placed { return Placed(p) }).V,
			list(one.Unserved, skipped).V, list(one.Changed, skipped).V,
		}
	}
	return err
}

const findRunSQL = `SELECT * FROM board_runs WHERE id = $1`

func findRun(ctx context.Context, db *pg.DB, id uuid.UUID) (Run, error) {
	rows, err := pg.Query[Run](ctx, db, findRunSQL, id)
	if err != nil {
		return Run{}, pg.Fault(err, "run")
	}
	if len(rows) == 0 {
		return Run{}, fault.New(fault.NotFound, "no such %s", words.Noun("run"))
	}
	return rows[0], nil
}

const insertRunSQL = `
INSERT INTO board_runs (id, status, day, dry_run, outlets, outlet_id, requested_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`

func insertRun(ctx context.Context, db *pg.DB, r Run) error {
	_, err := pg.Exec(ctx, db, insertRunSQL, r.ID, r.Status, r.Day, r.DryRun, r.Outlets, r.OutletID, r.RequestedBy,
		r.Version, r.CreatedAt)
	return pg.Fault(err, "run")
}

// What a run has booked is counted by its bookings, so that a run that was begun again counts right.
const progressSQL = `
UPDATE board_runs r SET status = 'running', total = greatest(total, $2), assigned = n.booked + $3, done = n.booked + $4,
  version = version + 1, updated_at = $5
FROM (SELECT count(*) AS booked FROM bookings WHERE run_id = $1) n WHERE r.id = $1`

const resultSQL = `
UPDATE board_runs SET results = results || $2::jsonb, version = version + 1, updated_at = $3 WHERE id = $1`

const finishRunSQL = `
UPDATE board_runs SET status = 'done', total = done, version = version + 1, updated_at = $2 WHERE id = $1 AND status <> 'done'`

const countOpenSQL = `
SELECT count(*) FROM jobs j JOIN outlets o ON o.id = j.outlet_id
WHERE j.status = 'open' AND NOT EXISTS (SELECT FROM slot_holds h WHERE h.job_id = j.id AND h.ended_at IS NULL) AND o.id = ANY ($1) AND (j.window_from IS NULL OR
  j.window_from < ($2::date + 1)::timestamp AT TIME ZONE o.time_zone AND j.window_to >= greatest($3, $2::date::timestamp AT TIME ZONE o.time_zone))`

// countOpen counts the jobs that a run has to look at.
func countOpen(ctx context.Context, db *pg.DB, r Run, now time.Time) (int, error) {
	n, err := pg.One[int](ctx, db, countOpenSQL, r.Outlets, r.Day, now)
	return n, pg.Fault(err, "run")
}

const failRunSQL = `
UPDATE board_runs SET status = 'failed', failure = $2, version = version + 1, updated_at = $3 WHERE id = $1`

func failRun(ctx context.Context, db *pg.DB, id uuid.UUID, why error, at time.Time) error {
	_, err := pg.Exec(ctx, db, failRunSQL, id, why.Error(), at)
	return pg.Fault(err, "run")
}

func zoneOf(name string) *time.Location {
	zone, err := registry.Zone(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
