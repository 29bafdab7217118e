package audit

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Run is what came of reconciling one day in every place.
type Run struct {
	ID             uuid.UUID
	Day            time.Time // in UTC
	RanAt          time.Time
	Places         int // rows: a place and a part each
	Unsound        int // of them, where the equation does not hold
	Variances      int
	Shortages      int
	OpenReturns    int
	OverdueReturns int
}

// reconcileDay is the task that reconciles yesterday, once it is over.
type reconcileDay struct{}

// Kind names the task.
func (reconcileDay) Kind() string { return "reconcile_day" }

// Work puts the nightly reconciliation on the queue. It comes by every hour, and does a day once.
func (a *Auditor) Work(q *queue.Queue) {
	queue.Handle(q, 10*time.Minute, func(ctx context.Context, _ reconcileDay) error { return a.ReconcileYesterday(ctx) })
	queue.Every(q, time.Hour, reconcileDay{})
}

const runSQL = `
INSERT INTO reconciliation_runs (id, day, ran_at, places, unsound, variances, shortages, open_returns, overdue_returns)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (day) DO NOTHING`

const openReturnsSQL = `
SELECT count(*)::int AS open_returns, (count(*) FILTER (WHERE r.due_at < $1))::int AS overdue_returns
FROM part_returns r WHERE status IN ('expected', 'collected', 'in_transit')`

const dueSQL = `
SELECT EXISTS (SELECT FROM movements WHERE booked_at < $2) AND NOT EXISTS (SELECT FROM reconciliation_runs WHERE day = $1)`

// ReconcileYesterday reconciles yesterday in every place and tells what came of it, unless that
// was done already, or nothing had ever been booked by then.
func (a *Auditor) ReconcileYesterday(ctx context.Context) error {
	db, now := a.ledger.DB(), a.ledger.Now()
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	day := today.AddDate(0, 0, -1)
	due, err := pg.One[bool](ctx, db, dueSQL, day, today)
	if err != nil || !due {
		return err
	}
	rep, err := a.Reconcile(ctx, who.System, Query{By: byPlace, From: day, To: today})
	if err != nil {
		return err
	}
	r := Run{ID: uuid.Must(uuid.NewV7()), Day: day, RanAt: now, Places: len(rep.Rows)}
	for _, row := range rep.Rows {
		r.Unsound += one(!row.Holds())
		r.Variances += one(row.Variance != 0 && !row.HolderKind.Outside())
		r.Shortages += one(row.Short > 0)
	}
	// By holder they would leave out those of technicians who have no van any more.
	returns, err := pg.Query[Run](ctx, db, openReturnsSQL, now)
	if err != nil {
		return err
	}
	r.OpenReturns, r.OverdueReturns = returns[0].OpenReturns, returns[0].OverdueReturns
	return db.InTx(ctx, func(ctx context.Context) error {
		n, err := pg.Exec(ctx, db, runSQL, r.ID, r.Day, r.RanAt, r.Places, r.Unsound, r.Variances, r.Shortages, r.OpenReturns, r.OverdueReturns)
		if err != nil || n == 0 {
			return err
		}
		return a.ledger.Tell(ctx, who.System, "reconciliation.ran", r.ID, nil, map[string]any{
			"day": r.Day.Format(time.DateOnly), "places": r.Places, "unsound": r.Unsound, "variances": r.Variances, "shortages": r.Shortages,
			"open_returns": r.OpenReturns, "overdue_returns": r.OverdueReturns,
		})
	})
}

const runsSQL = `
SELECT id, day, ran_at, places, unsound, variances, shortages, open_returns, overdue_returns
FROM reconciliation_runs WHERE $1::date IS NULL OR day < $1 ORDER BY day DESC LIMIT $2`

// ListRuns returns the nightly reconciliations, newest first, and the day to go on from; nil on the last page.
func (a *Auditor) ListRuns(ctx context.Context, before *time.Time, limit int) ([]Run, *time.Time, error) {
	rows, err := pg.Query[Run](ctx, a.ledger.DB(), runsSQL, before, limit+1)
	if err != nil || len(rows) <= limit {
		return rows, nil, err
	}
	return rows[:limit], &rows[limit-1].Day, nil
}
