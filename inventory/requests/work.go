package requests

import (
	"context"
	"errors"
	"time"

	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/who"

	"github.com/google/uuid"
)

// fillBackorders is the task that gives what has become free to whoever waits for it.
type fillBackorders struct {
	Warehouse *uuid.UUID  `json:"warehouse,omitempty"` // nil: all of them
	Parts     []uuid.UUID `json:"parts,omitempty"`     // none: all of them
}

// Kind names the task.
func (fillBackorders) Kind() string { return "set_aside_backorders" }

// expireReservations is the task that gives back what nobody came for.
type expireReservations struct{}

// Kind names the task.
func (expireReservations) Kind() string { return "expire_reservations" }

// accountRequests is the task that ends the requests whose parts are used while their jobs go on.
type accountRequests struct{}

// Kind names the task.
func (accountRequests) Kind() string { return "account_part_requests" }

// Work does the tasks of the counter: back-orders and accounts each minute, expiry every five.
func (c *Counter) Work(q *queue.Queue) {
	queue.Handle(q, time.Minute, func(ctx context.Context, t fillBackorders) error { return c.fillNow(ctx, t) })
	queue.Every(q, time.Minute, fillBackorders{})
	queue.Handle(q, time.Minute, func(ctx context.Context, _ expireReservations) error { return c.Expire(ctx) })
	queue.Every(q, 5*time.Minute, expireReservations{})
	queue.Handle(q, time.Minute, func(ctx context.Context, _ accountRequests) error { return c.AccountAll(ctx) })
	queue.Every(q, time.Minute, accountRequests{})
}

// FillBackorders sets aside what of parts is free in a warehouse for the requests that wait for it,
// oldest first. Within a transaction it leaves that to the queue, for when the parts are there: a
// command that holds the shelves never waits for a request.
func (c *Counter) FillBackorders(ctx context.Context, warehouse uuid.UUID, parts []uuid.UUID) error {
	t := fillBackorders{Warehouse: &warehouse, Parts: parts}
	if _, err := pg.Tx(ctx); err == nil {
		return c.queue.Add(ctx, t)
	}
	return c.fillNow(ctx, t)
}

// Who waits, oldest first: something is approved and neither handed out nor set aside, and the
// warehouse has some of it. Whose reservations ran out waits again once somebody asks.
const waitingSQL = `
WITH RECURSIVE heirs (part_id, heir_id) AS (
  SELECT DISTINCT l.part_id, l.part_id FROM part_request_lines l JOIN part_requests r ON r.id = l.request_id WHERE r.status IN ('approved', 'picking', 'issued', 'backordered')
  UNION SELECT h.part_id, p.superseded_by FROM heirs h JOIN parts p ON p.id = h.heir_id WHERE p.superseded_by IS NOT NULL)
SELECT r.id FROM part_requests r
WHERE r.status IN ('approved', 'picking', 'issued', 'backordered') AND r.lapsed_at IS NULL AND ($1::uuid IS NULL OR r.warehouse_id = $1)
  AND EXISTS (SELECT FROM part_request_lines l WHERE l.request_id = r.id 
    AND l.approved - l.issued - l.canceled - l.replaced > (SELECT coalesce(sum(v.quantity), 0) FROM reservations v WHERE v.request_id = r.id AND v.part_id = l.part_id)
    AND EXISTS (SELECT FROM heirs h JOIN balances b ON b.part_id = h.heir_id JOIN locations p ON p.id = b.location_id
      WHERE h.part_id = l.part_id AND (cardinality($2::uuid[]) = 0 OR h.heir_id = ANY($2)) AND b.quantity > b.reserved AND (p.id = r.warehouse_id OR (p.warehouse_id = r.warehouse_id AND p.kind = 'bin'))))
ORDER BY r.decided_at, r.id`

// fillNow gives what is free to whoever waits, one request a transaction.
func (c *Counter) fillNow(ctx context.Context, t fillBackorders) error {
	if t.Parts == nil {
		t.Parts = []uuid.UUID{}
	}
	return c.each(ctx, who.System, waitingSQL, []any{t.Warehouse, t.Parts}, func(ctx context.Context, r *Request) (string, map[string]any, error) {
		if r.LapsedAt != nil {
			return "", nil, nil
		}
		n, err := c.setAside(ctx, r)
		if n == 0 {
			return "", nil, err
		}
		return "reserved", map[string]any{"reserved": n}, err
	})
}

type found struct{ ID uuid.UUID }

// each does something to every request that a statement finds, each in a transaction of its own. do
// says what happened, by the acting person, or "" where nothing did. One that fails does not keep the
// others waiting.
func (c *Counter) each(ctx context.Context, by who.Actor, statement string, args []any, do func(context.Context, *Request) (string, map[string]any, error)) error {
	rows, err := pg.Query[found](ctx, c.DB(), statement, args...)
	if err != nil {
		return err
	}
	var all error
	for _, row := range rows {
		all = errors.Join(all, c.DB().InTx(ctx, func(ctx context.Context) error {
			r, err := c.lockRequest(ctx, who.System, row.ID)
			if err != nil {
				return err
			}
			event, data, err := do(ctx, &r)
			if err != nil || event == "" {
				return err
			}
			r.Version++
			return c.finish(ctx, by, &r, event, data)
		}))
	}
	return all
}

// Whoever is picking has his hands on it: nothing is taken away from him.
const expiredSQL = `
SELECT r.id FROM part_requests r
WHERE r.status <> 'picking' AND EXISTS (SELECT FROM reservations v WHERE v.request_id = r.id AND v.expires_at <= $1) ORDER BY r.id`

// Expire gives back what was set aside and nobody came for in time. The request stays approved, and
// waits in the line of back-orders again once somebody asks for that.
func (c *Counter) Expire(ctx context.Context) error {
	now := c.Now()
	return c.each(ctx, who.System, expiredSQL, []any{now}, func(ctx context.Context, r *Request) (string, map[string]any, error) {
		all, err := c.Reservations(ctx, []uuid.UUID{r.ID})
		if err != nil || r.Status == StatusPicking {
			return "", nil, err
		}
		released := 0
		done := map[uuid.UUID]bool{}
		for _, v := range all {
			if v.ExpiresAt.After(now) || done[v.PartID] {
				continue
			}
			done[v.PartID] = true
			if l := r.line(v.PartID); l != nil {
				released += l.Reserved
			}
			if err := c.release(ctx, r, &v.PartID); err != nil {
				return "", nil, err
			}
		}
		if released == 0 {
			return "", nil, nil
		}
		r.LapsedAt = &now
		return "reservation_expired", map[string]any{"released": released}, nil
	})
}
