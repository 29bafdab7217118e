package dispatch

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Value is the options as the column keeps them.
func (o PlanOptions) Value() (driver.Value, error) { return asJSON(o) }

// Scan reads the column.
func (o *PlanOptions) Scan(src any) error {
	type plain PlanOptions
	return fromJSON(src, (*plain)(o))
}

// Value is the supposition as the column keeps it.
func (w WhatIf) Value() (driver.Value, error) { return asJSON(w) }

// Scan reads the column.
func (w *WhatIf) Scan(src any) error {
	type plain WhatIf
	return fromJSON(src, (*plain)(w))
}

// Value is the result as the column keeps it.
func (r PlanResult) Value() (driver.Value, error) { return asJSON(r) }

// Scan reads the column.
func (r *PlanResult) Scan(src any) error {
	type plain PlanResult
	return fromJSON(src, (*plain)(r))
}

func asJSON(v any) (driver.Value, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func fromJSON[T any](src any, into *T) error {
	var c pg.JSON[T]
	err := c.Scan(src)
	*into = c.V
	return err
}

const planColumns = `
p.id, p.kind, p.causes, p.status, p.outlets, p.outlet_id, p.day, p.days, p.options, p.what_if, p.nightly_on, p.stop, p.attempt, p.beat_at, p.policy, p.result,
p.failed_because AS failure, p.hash, p.requested_by, p.version, p.created_at, p.updated_at`

const insertPlanSQL = `
INSERT INTO plans (id, status, outlets, outlet_id, day, days, options, what_if, nightly_on, requested_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) ON CONFLICT (outlet_id, nightly_on) WHERE nightly_on IS NOT NULL DO NOTHING`

// insertPlan writes a new plan, or says that the night has its plan already.
func insertPlan(ctx context.Context, db *pg.DB, p Plan) (bool, error) {
	n, err := pg.Exec(ctx, db, insertPlanSQL, p.ID, p.Status, p.Outlets, p.OutletID, p.Day, p.Days, p.Options, p.WhatIf, p.NightlyOn, p.RequestedBy,
		p.Version, p.CreatedAt)
	return n > 0, pg.Fault(err, "plan")
}

func findPlan(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID, more string) (Plan, error) {
	rows, err := pg.Query[Plan](ctx, db, "SELECT"+planColumns+" FROM plans p WHERE p.id = $1 AND ($2::uuid IS NULL OR p.outlet_id = $2)"+more, id, by.OutletID)
	if err != nil {
		return Plan{}, pg.Fault(err, "plan")
	}
	if len(rows) == 0 {
		return Plan{}, fault.New(fault.NotFound, "no such %s", words.Noun("plan"))
	}
	return rows[0], nil
}

// lockPlan holds a plan until the transaction ends.
func lockPlan(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Plan, error) {
	return findPlan(ctx, db, by, id, " FOR NO KEY UPDATE")
}

// PlanQuery narrows a list of plans; its zero value is all of them.
type PlanQuery struct {
	Kind     PlanKind
	Status   PlanStatus
	OutletID *uuid.UUID // whose days are planned
	Day      *time.Time // among the planned
}

func listPlans(ctx context.Context, db *pg.DB, by who.Actor, q PlanQuery, after uuid.UUID, limit int) ([]Plan, uuid.UUID, error) {
	w := pg.Where{}
	if by.OutletID != nil {
		w.And("p.outlet_id = ?", by.OutletID)
	}
	if q.Kind != "" {
		w.And("p.kind = ?", q.Kind)
	}
	if q.Status != "" {
		w.And("p.status = ?", q.Status)
	}
	if q.OutletID != nil {
		w.And("? = ANY (p.outlets)", q.OutletID)
	}
	if q.Day != nil {
		w.And("?::date BETWEEN p.day AND p.day + p.days - 1", q.Day)
	}
	if after != uuid.Nil {
		w.And("p.id < ?", after)
	}
	rows, err := pg.Query[Plan](ctx, db, fmt.Sprintf("SELECT%s FROM plans p WHERE %s ORDER BY p.id DESC LIMIT %d", planColumns, &w, limit+1), w.Args...)
	if err != nil || len(rows) <= limit {
		return rows, uuid.Nil, pg.Fault(err, "plan")
	}
	return rows[:limit], rows[limit-1].ID, nil
}

const changesSQL = `SELECT * FROM plan_changes WHERE plan_id = $1 ORDER BY coalesce(starts_at, was_starts_at), job_id`

func readChanges(ctx context.Context, db *pg.DB, plan uuid.UUID) ([]PlanChange, error) {
	found, err := pg.Query[PlanChange](ctx, db, changesSQL, plan)
	return found, pg.Fault(err, "plan")
}

const insertChangesSQL = `
INSERT INTO plan_changes SELECT $1, c.job_id, c.number, c.job_version, c.kind, c.technician_id, c.technician, c.starts_at, c.ends_at,
  c.driving, c.metres, c.lateness, c.was_technician_id, c.was_technician, c.was_starts_at, c.was_ends_at, NULL
FROM jsonb_to_recordset($2::jsonb) AS c (job_id uuid, number text, job_version int, kind text, technician_id uuid, technician text,
  starts_at timestamptz, ends_at timestamptz, driving int, metres int, lateness int,
  was_technician_id uuid, was_technician text, was_starts_at timestamptz, was_ends_at timestamptz)`

type changeColumn struct {
	JobID           uuid.UUID  `json:"job_id"`
	Number          string     `json:"number"`
	JobVersion      int        `json:"job_version"`
	Kind            ChangeKind `json:"kind"`
	TechnicianID    *uuid.UUID `json:"technician_id"`
	Technician      string     `json:"technician"`
	StartsAt        *time.Time `json:"starts_at"`
	EndsAt          *time.Time `json:"ends_at"`
	Driving         int        `json:"driving"`
	Metres          int        `json:"metres"`
	Lateness        int        `json:"lateness"`
	WasTechnicianID *uuid.UUID `json:"was_technician_id"`
	WasTechnician   string     `json:"was_technician"`
	WasStartsAt     *time.Time `json:"was_starts_at"`
	WasEndsAt       *time.Time `json:"was_ends_at"`
}

func insertChanges(ctx context.Context, db *pg.DB, plan uuid.UUID, changes []PlanChange) error {
	_, err := pg.Exec(ctx, db, insertChangesSQL, plan, list(changes, func(c PlanChange) changeColumn {
		return changeColumn{
			c.JobID, c.Number, c.JobVersion, c.Kind, c.TechnicianID, c.Technician, c.StartsAt, c.EndsAt, c.Driving, c.Metres, c.Lateness,
			c.WasTechnicianID, c.WasTechnician, c.WasStartsAt, c.WasEndsAt,
		}
	}))
	return pg.Fault(err, "plan")
}

const movePlanSQL = `UPDATE plans SET status = $2, version = version + 1, updated_at = $3 WHERE id = $1`

// move writes where a plan stands now.
func (p *Plan) move(ctx context.Context, db *pg.DB, to PlanStatus, at time.Time) error {
	p.Status, p.Version, p.UpdatedAt = to, p.Version+1, at
	_, err := pg.Exec(ctx, db, movePlanSQL, p.ID, p.Status, at)
	return pg.Fault(err, "plan")
}
