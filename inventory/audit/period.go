package audit

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Period is a part of the books that is done with: what is told later counts in the next.
type Period struct {
	ID       uuid.UUID
	Name     string
	StartsAt *time.Time // nil: since the books began
	EndsAt   time.Time
	Note     string
	LockedBy *uuid.UUID
	LockedAt time.Time
	Hash     []byte // SHA-256 of what every place held at the end
	Places   int    // how many places held something
}

const periodsSQL = `
SELECT s.id, s.name, s.starts_at, s.ends_at, s.note, s.locked_by, s.locked_at, s.hash,
  (SELECT count(*) FROM period_balances b WHERE b.period_id = s.id)::int AS places
FROM stock_periods s WHERE `

// ListPeriods returns the locked periods, newest first, and the end to go on from; nil on the last page.
func (a *Auditor) ListPeriods(ctx context.Context, before *time.Time, limit int) ([]Period, *time.Time, error) {
	rows, err := pg.Query[Period](ctx, a.ledger.DB(), periodsSQL+`$1::timestamptz IS NULL OR ends_at < $1 ORDER BY ends_at DESC LIMIT $2`, before, limit+1)
	if err != nil || len(rows) <= limit {
		return rows, nil, err
	}
	return rows[:limit], &rows[limit-1].EndsAt, nil
}

// named returns the locked period of a name.
func (a *Auditor) named(ctx context.Context, name string) (Period, error) {
	rows, err := pg.Query[Period](ctx, a.ledger.DB(), periodsSQL+`name = $1`, name)
	if err == nil && len(rows) == 0 {
		err = inventory.Wrong("/period", "no locked period has this name")
	}
	return inventory.One(rows), err
}

// Lock is the wish to be done with everything before EndsAt.
type Lock struct {
	Name   string
	EndsAt time.Time
	Note   string
}

// mostSQL bounds what is told as a value: JSON numbers are exact up to there.
const mostSQL = `9000000000000000`

// keepSQL writes down what every place held at the end of a period, with its worth.
const keepSQL = `
INSERT INTO period_balances (period_id, location_id, part_id, quantity, value)
SELECT $1, location_id, part_id, n, least(greatest(n * unit_cost::numeric, -` + mostSQL + `), ` + mostSQL + `)::bigint FROM (
  SELECT location_id, part_id, sum(n)::int AS n FROM (
    SELECT location_id, part_id, quantity AS n FROM balances
    UNION ALL SELECT to_location, part_id, -quantity FROM movements WHERE booked_at >= $2
    UNION ALL SELECT from_location, part_id, quantity FROM movements WHERE booked_at >= $2) m
  GROUP BY 1, 2 HAVING sum(n) <> 0) b
JOIN parts p ON p.id = b.part_id JOIN locations l ON l.id = b.location_id
LEFT JOIN LATERAL (` + costSQL + `) c ON NOT l.may_go_negative`

const lockSQL = `
INSERT INTO stock_periods (id, name, starts_at, ends_at, note, locked_by, locked_at, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, period_hash($1))`

// faultsTold is how many broken rows a refusal names.
const faultsTold = 20

// LockPeriod is done with everything before a moment that is past and after the last locked one.
// It waits for commands under way and lets none begin meanwhile. Where the equation does not hold
// in every place since the last one it is a fault.Conflict that names the rows.
func (a *Auditor) LockPeriod(ctx context.Context, by who.Actor, w Lock) (p Period, err error) {
	if by.OutletID != nil {
		return p, fault.New(fault.Forbidden, "the books are everybody's: an outlet's user does not lock them")
	}
	w.EndsAt = w.EndsAt.UTC().Truncate(time.Microsecond) // as Postgres keeps it
	db := a.ledger.DB()
	err = db.InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, db, `SELECT pg_advisory_xact_lock(hashtext('stock_periods'))`); err != nil {
			return err
		}
		starts, err := a.mayLock(ctx, w)
		if err != nil {
			return err
		}
		if err := a.mustHold(ctx, starts, w.EndsAt); err != nil {
			return err
		}
		id, now := uuid.Must(uuid.NewV7()), a.ledger.Now()
		places, err := pg.Exec(ctx, db, keepSQL, id, w.EndsAt)
		if err != nil {
			return err
		}
		if _, err := pg.Exec(ctx, db, lockSQL, id, w.Name, starts, w.EndsAt, w.Note, inventory.ActorID(by), now); err != nil {
			return pg.Fault(err, "stock period")
		}
		if p, err = a.named(ctx, w.Name); err != nil {
			return err
		}
		return a.ledger.Tell(ctx, by, "stock_period.locked", id, nil, map[string]any{
			"name": p.Name, "starts_at": p.StartsAt, "ends_at": p.EndsAt, "places": places, "hash": p.Hash,
		})
	})
	return p, err
}

// mayLock says where the next period begins, and what is wrong with how it shall end.
func (a *Auditor) mayLock(ctx context.Context, w Lock) (*time.Time, error) {
	type last struct {
		EndsAt *time.Time
		Taken  bool
	}
	rows, err := pg.Query[last](ctx, a.ledger.DB(), `SELECT max(ends_at) AS ends_at, coalesce(bool_or(lower(name) = lower($1)), false) AS taken FROM stock_periods`, w.Name)
	if err != nil {
		return nil, err
	}
	l := rows[0]
	var f fault.Faults
	if w.EndsAt.After(a.ledger.Now()) {
		f.Add("/ends_at", "lies in the future")
	}
	if !w.EndsAt.After(booksBegin) {
		f.Add("/ends_at", "lies before the books begin")
	}
	if l.EndsAt != nil && !w.EndsAt.After(*l.EndsAt) {
		f.Add("/ends_at", "lies in a period that is locked already: the last one ends at %s", l.EndsAt.UTC().Format(time.RFC3339))
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	if l.Taken {
		f.Add("/name", "is the name of a locked period")
		return nil, f.Err(fault.Conflict, "the request cannot be met as it is")
	}
	return l.EndsAt, nil
}

// mustHold refuses to lock books that do not add up.
func (a *Auditor) mustHold(ctx context.Context, from *time.Time, to time.Time) error {
	q := Query{By: byPlace, To: to, From: booksBegin}
	if from != nil {
		q.From = *from
	}
	r, err := a.Reconcile(ctx, who.System, q)
	if err != nil {
		return err
	}
	var f fault.Faults
	for _, row := range r.Rows {
		if row.Holds() || len(f) == faultsTold {
			break
		}
		f.Add("/ends_at", "%s, part %s: %d at the beginning, %d in, %d used, %d out, %d variance do not make the %d that are there",
			row.HolderCode, row.PartNumber, row.Opening, row.Issued, row.Used, row.Returned, row.Variance, row.Closing)
	}
	return f.Err(fault.Conflict, "the books do not add up, and are not locked as they are")
}
