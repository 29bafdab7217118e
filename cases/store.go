package cases

import (
	"context"
	"fmt"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

const columns = `
c.id, c.number, c.status, c.channel, c.type, c.severity, c.priority, c.priority_by_hand, c.customer_id, c.site_id, c.asset_id,
c.outlet_id, c.description, c.received_at, c.response_due_at, c.completion_due_at, c.responded_at, c.resolved_at, c.closed_at,
c.policy_version, c.resolution, c.reopened, c.reopened_at, c.reopen_reason, c.cancel_reason, c.external_key, c.version,
c.created_at, c.updated_at`

// where narrows a query of cases, to those that somebody may see above all.
type where struct{ pg.Where }

// reach keeps to the cases that by may see: a technician those of his jobs, a user of an outlet
// the outlet's.
func (w *where) reach(by who.Actor) {
	switch {
	case by.OnlyTechnician():
		w.And("c.id IN (SELECT j.case_id FROM jobs j JOIN bookings b ON b.job_id = j.id WHERE b.active AND b.technician_id = ?)", by.TechnicianID)
	case by.OutletID != nil:
		w.And("c.outlet_id = ?", by.OutletID)
	}
}

func find(ctx context.Context, db *pg.DB, by who.Actor, which string, key any) (Case, error) {
	return one(ctx, db, by, which, key, "")
}

// lock finds a case and holds it until the transaction ends. Jobs may refer to it meanwhile.
func lock(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Case, error) {
	return one(ctx, db, by, "c.id = ?", id, " FOR NO KEY UPDATE OF c")
}

func one(ctx context.Context, db *pg.DB, by who.Actor, which string, key any, locking string) (Case, error) {
	var w where
	w.And(which, key)
	w.reach(by)
	found, err := pg.Query[Case](ctx, db, "SELECT"+columns+" FROM cases c WHERE "+w.String()+locking, w.Args...)
	if err != nil {
		return Case{}, pg.Fault(err, "case")
	}
	if len(found) == 0 {
		return Case{}, fault.New(fault.NotFound, "no such %s", words.Noun("case"))
	}
	return found[0], nil
}

const (
	running     = "c.status IN ('received', 'classified', 'in_service', 'reopened')"
	overdueOnly = "(" + running + " AND (c.completion_due_at < ? OR c.responded_at IS NULL AND c.response_due_at < ?))"
)

func list(ctx context.Context, db *pg.DB, by who.Actor, q Query, after uuid.UUID, limit int) ([]Case, uuid.UUID, error) {
	w := where{}
	w.reach(by)
	q.narrow(&w)
	if after != uuid.Nil {
		w.And("c.id < ?", after)
	}
	found, err := pg.Query[Case](ctx, db, fmt.Sprintf("SELECT%s FROM cases c WHERE %s ORDER BY c.id DESC LIMIT %d", columns, &w, limit+1), w.Args...)
	if err != nil {
		return nil, uuid.Nil, pg.Fault(err, "case")
	}
	if len(found) <= limit {
		return found, uuid.Nil, nil
	}
	return found[:limit], found[limit-1].ID, nil
}

// placeSQL reads, in one statement, all that a new case must know of its site.
const placeSQL = `
SELECT s.customer_id, s.outlet_id, (SELECT a.site_id FROM assets a WHERE a.id = $2) AS asset_site_id
FROM sites s WHERE s.id = $1`

type place struct {
	CustomerID  uuid.UUID
	OutletID    *uuid.UUID
	AssetSiteID *uuid.UUID
}

func findPlace(ctx context.Context, db *pg.DB, by who.Actor, site uuid.UUID, asset *uuid.UUID) (p place, there bool, err error) {
	found, err := pg.Query[place](ctx, db, placeSQL, site, asset)
	if err != nil || len(found) == 0 {
		return place{}, false, pg.Fault(err, "site")
	}
	return found[0], by.Sees(found[0].OutletID), nil
}

// insertSQL numbers the case as it writes it. A case of the same external key lets nothing happen,
// and the transaction goes on.
const insertSQL = `
INSERT INTO cases (id, number, status, channel, type, severity, priority, priority_by_hand, customer_id, site_id, asset_id, outlet_id,
  description, received_at, response_due_at, completion_due_at, policy_version, external_key, version, created_at, updated_at)
VALUES ($1, next_number('case', $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
ON CONFLICT (external_key) DO NOTHING
RETURNING number`

// insert writes a new case and gives it its number of a day. It is false where a case of the
// external key is there already.
func insert(ctx context.Context, db *pg.DB, c *Case, day string) (bool, error) {
	numbers, err := pg.Query[struct{ Number string }](ctx, db, insertSQL, c.ID, day, c.Status, c.Channel, c.Type, c.Severity, c.Priority,
		c.PriorityByHand, c.CustomerID, c.SiteID, c.AssetID, c.OutletID, c.Description, c.ReceivedAt, c.ResponseDueAt, c.CompletionDueAt,
		c.PolicyVersion, c.ExternalKey, c.Version, c.CreatedAt, c.UpdatedAt)
	if err != nil || len(numbers) == 0 {
		return false, pg.Fault(err, "case")
	}
	c.Number = numbers[0].Number
	return true, nil
}

const saveSQL = `
UPDATE cases SET status = $2, type = $3, severity = $4, priority = $5, priority_by_hand = $6, description = $7, response_due_at = $8,
  completion_due_at = $9, responded_at = $10, resolved_at = $11, closed_at = $12, resolution = $13, reopened = $14, reopened_at = $15,
  reopen_reason = $16, cancel_reason = $17, version = $18, updated_at = $19
WHERE id = $1`

func save(ctx context.Context, db *pg.DB, c Case) error {
	_, err := pg.Exec(ctx, db, saveSQL, c.ID, c.Status, c.Type, c.Severity, c.Priority, c.PriorityByHand, c.Description, c.ResponseDueAt,
		c.CompletionDueAt, c.RespondedAt, c.ResolvedAt, c.ClosedAt, c.Resolution, c.Reopened, c.ReopenedAt, c.ReopenReason, c.CancelReason,
		c.Version, c.UpdatedAt)
	return pg.Fault(err, "case")
}
