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

// By is whose parts the rows of a reconciliation are.
type By string

// The holders. A technician is reconciled over his van, an outlet over every place of the house that
// it has, a part over every place of the house, and a location is one such place.
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
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return q, err
		}
		q.To = p.EndsAt.UTC()
		q.From, err = a.begins(ctx, p)
		return q, err
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

// begins is the first moment of a locked period: of the very first that of its first movement, and its end
// where it has none.
func (a *Auditor) begins(ctx context.Context, p Period) (time.Time, error) {
	if p.StartsAt != nil {
		return p.StartsAt.UTC(), nil
	}
	at, err := pg.One[time.Time](ctx, a.ledger.DB(), `SELECT coalesce(min(booked_at), $1) FROM movements WHERE booked_at < $1`, p.EndsAt)
	return at.UTC(), err
}

// end is that of a locked period.
type end struct {
	ID       uuid.UUID
	EndsAt   time.Time
	LockedAt time.Time
}

// blind refuses a query that reaches what the actor counts at this moment: its closing is what the books expect.
func (a *Auditor) blind(ctx context.Context, by who.Actor, q Query) error {
	b, err := a.ledger.Blind(ctx, by)
	if err != nil {
		return err
	}
	return b.Refuse(q.LocationID, q.PartID)
}

// args are the arguments that every statement over places begins with.
func (a *Auditor) args(by who.Actor, q Query) []any {
	return []any{q.By, by.OutletID, inventory.OnlyHis(by), q.OutletID, q.TechnicianID, q.LocationID, q.PartID}
}

// placesSQL are the places that a query is about, within the actor's scope, whose they are, and
// with what their stock is valued. A place that no outlet has is reconciled by itself.
const placesSQL = `
WITH places AS MATERIALIZED (
  SELECT l.id, t.id AS technician_id, coalesce(l.pool, 'good') AS pool,
    CASE $1::text WHEN 'technician' THEN coalesce(t.id, l.id) WHEN 'outlet' THEN coalesce(l.outlet_id, l.id) WHEN 'part' THEN NULL ELSE l.id END AS holder
  FROM locations l LEFT JOIN technicians t ON t.van_id = l.id
  WHERE (l.kind = 'van' OR $1 = 'place' OR ($1 <> 'technician' AND NOT l.may_go_negative))
    AND ($2::uuid IS NULL OR l.outlet_id = $2) AND ($3::uuid IS NULL OR (l.kind = 'van' AND t.id = $3))
    AND ($4::uuid IS NULL OR l.outlet_id = $4) AND ($5::uuid IS NULL OR t.id = $5) AND ($6::uuid IS NULL OR l.id = $6)
), outer_places AS MATERIALIZED (SELECT id FROM locations WHERE kind = 'adjustment')`

// legsSQL are the two sides of each movement, n as the place sees it, with the figure that it
// belongs to. What goes to or comes from an adjustment is variance; a reversal counts against the
// figure of what it reverses. What was short and is reversed before the end ($9) is short no more.
const legsSQL = `
  SELECT m.id, m.to_location AS place, m.from_location AS other, m.part_id, m.booked_at, m.quantity AS n, 0 AS short,
    CASE WHEN m.from_location IN (SELECT id FROM outer_places) THEN 'variance' WHEN m.kind <> 'reverse' THEN 'issued'
      WHEN (SELECT o.kind FROM movements o WHERE o.id = m.reverses_id) = 'use' THEN 'used' ELSE 'returned' END AS figure
  FROM movements m
  UNION ALL
  SELECT m.id, m.from_location, m.to_location, m.part_id, m.booked_at, -m.quantity,
    CASE WHEN m.short > 0 AND ` + standsSQL + ` THEN m.short ELSE 0 END,
    CASE WHEN m.to_location IN (SELECT id FROM outer_places) THEN 'variance' WHEN m.kind = 'reverse' THEN 'issued'
      WHEN m.kind = 'use' THEN 'used' ELSE 'returned' END
  FROM movements m`

// standsSQL says whether nobody reversed the movement m before the end.
const standsSQL = `NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id AND r.booked_at < $9)`

// bordersSQL join the legs m to their holders' places p. Where a place q of the same holder is on the other
// side, nothing crossed his border, and the leg is in no figure.
const bordersSQL = `JOIN places p ON p.id = m.place LEFT JOIN places q ON q.id = m.other AND q.holder IS NOT DISTINCT FROM p.holder`
