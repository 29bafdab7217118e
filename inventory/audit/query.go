package audit

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// By is whose parts the rows of a reconciliation are.
type By string

// The holders. A technician, an outlet and a part are reconciled over vans; a location is any
// place of the house.
const (
	ByTechnician By = "technician"
	ByOutlet     By = "outlet"
	ByPart       By = "part"
	ByLocation   By = "location"

	byPlace By = "place" // every location, the outside of the house as well
)

// Query says what to reconcile. The times count as movements are booked: From is in, To is not.
type Query struct {
	By           By
	Period       string    // the name of a locked period, in place of From and To
	From, To     time.Time // zero: the beginning of the month in UTC, and now
	TechnicianID *uuid.UUID
	OutletID     *uuid.UUID
	PartID       *uuid.UUID
	LocationID   *uuid.UUID
}

// booksBegin is before everything that was ever booked.
var booksBegin = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

// Auditor reconciles the ledger and locks its periods.
type Auditor struct{ ledger *inventory.Ledger }

// NewAuditor returns the auditor of a ledger.
func NewAuditor(l *inventory.Ledger) *Auditor { return &Auditor{l} }

// settle puts the times in that a query leaves out, and refuses those that make no sense.
func (a *Auditor) settle(ctx context.Context, q Query) (Query, error) {
	if q.Period != "" {
		p, err := a.named(ctx, q.Period)
		if err != nil {
			return q, err
		}
		var f fault.Faults
		if !q.From.IsZero() {
			f.Add("/from", "does not stand beside a period")
		}
		if !q.To.IsZero() {
			f.Add("/to", "does not stand beside a period")
		}
		q.From, q.To = booksBegin, p.EndsAt
		if p.StartsAt != nil {
			q.From = *p.StartsAt
		}
		return q, f.Err(fault.Invalid, "the request cannot be met as it is")
	}
	now := a.ledger.Now()
	if !q.From.IsZero() && q.From.Before(booksBegin) {
		q.From = booksBegin
	}
	if q.To.IsZero() {
		q.To = now
	}
	if q.From.IsZero() {
		q.From = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	q.From, q.To = q.From.UTC(), q.To.UTC()
	if !q.From.Before(q.To) {
		return q, inventory.Wrong("/to", "must lie after the beginning")
	}
	return q, nil
}

// base is the last locked end that is not after from: the figures begin with what was there.
type base struct {
	ID     uuid.UUID
	EndsAt time.Time
}

// args are the arguments that every statement over places begins with.
func (a *Auditor) args(by who.Actor, q Query) []any {
	return []any{q.By, by.OutletID, inventory.OnlyHis(by), q.OutletID, q.TechnicianID, q.LocationID, q.PartID}
}

// placesSQL are the places that a query is about, within the actor's scope, and whose they are.
const placesSQL = `
WITH places AS MATERIALIZED (
  SELECT l.id, t.id AS technician_id,
    CASE $1::text WHEN 'technician' THEN coalesce(t.id, l.id) WHEN 'outlet' THEN l.outlet_id WHEN 'part' THEN NULL ELSE l.id END AS holder
  FROM locations l LEFT JOIN technicians t ON t.van_id = l.id
  WHERE (l.kind = 'van' OR $1 = 'place' OR ($1 = 'location' AND NOT l.may_go_negative))
    AND ($2::uuid IS NULL OR l.outlet_id = $2) AND ($3::uuid IS NULL OR (l.kind = 'van' AND t.id = $3))
    AND ($4::uuid IS NULL OR l.outlet_id = $4) AND ($5::uuid IS NULL OR t.id = $5) AND ($6::uuid IS NULL OR l.id = $6)
), outer_places AS MATERIALIZED (SELECT id FROM locations WHERE kind = 'adjustment')`

// legsSQL are the two sides of each movement, n as the place sees it, with the figure that it
// belongs to. What goes to or comes from an adjustment is variance; a reversal counts against the
// figure of what it reverses.
const legsSQL = `
  SELECT m.id, m.to_location AS place, m.part_id, m.booked_at, m.quantity AS n, 0 AS short,
    CASE WHEN m.from_location IN (SELECT id FROM outer_places) THEN 'variance' WHEN m.kind <> 'reverse' THEN 'issued'
      WHEN (SELECT o.kind FROM movements o WHERE o.id = m.reverses_id) = 'use' THEN 'used' ELSE 'returned' END AS figure
  FROM movements m
  UNION ALL
  SELECT m.id, m.from_location, m.part_id, m.booked_at, -m.quantity,
    CASE WHEN m.short > 0 AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id) THEN m.short ELSE 0 END,
    CASE WHEN m.to_location IN (SELECT id FROM outer_places) THEN 'variance' WHEN m.kind = 'reverse' THEN 'issued'
      WHEN m.kind = 'use' THEN 'used' ELSE 'returned' END
  FROM movements m`
