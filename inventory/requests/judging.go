package requests

import (
	"context"
	"math"
	"time"

	"callout/internal/pg"
	"callout/internal/policy"

	"github.com/google/uuid"
)

// cost is what one piece of a part costs, as far as anybody knows.
type cost struct {
	ID        uuid.UUID
	Currency  string
	ListPrice *int64
	Quantity  int
	Value     int64
	LastCost  float64
}

// Good stock's average says what a part costs; a part that was never bought is worth its list price.
const costsSQL = `
SELECT p.id, p.currency, p.list_price, coalesce(v.quantity, 0) AS quantity, coalesce(v.value, 0) AS value, coalesce(v.last_cost, 0)::float8 AS last_cost
FROM parts p LEFT JOIN part_values v ON v.part_id = p.id AND v.pool = 'good' WHERE p.id = ANY($1)`

// each is the cost of one piece; 0 where nobody knows it.
func (c cost) each() float64 {
	switch {
	case c.Quantity > 0 && c.Value > 0:
		return float64(c.Value) / float64(c.Quantity)
	case c.LastCost > 0:
		return c.LastCost
	case c.ListPrice != nil:
		return float64(*c.ListPrice)
	}
	return 0
}

// judge notes what r is worth, and by which policy that is judged. Where a part has no cost and no
// price, or the parts are not of one currency, nobody can say.
func (c *Counter) judge(ctx context.Context, r *Request) error {
	p, err := c.policies.Current(ctx)
	if err != nil {
		return err
	}
	r.PolicyVersion, r.Value, r.Currency = &p.Version, nil, nil
	parts := make([]uuid.UUID, len(r.Lines))
	for i, l := range r.Lines {
		parts[i] = l.PartID
	}
	rows, err := pg.Query[cost](ctx, c.DB(), costsSQL, parts)
	if err != nil {
		return err
	}
	costs := map[uuid.UUID]cost{}
	for _, row := range rows {
		costs[row.ID] = row
	}
	sum, currency := int64(0), ""
	for _, l := range r.Lines {
		k, n := costs[l.PartID], l.Quantity
		if l.Approved != nil {
			n = *l.Approved
		}
		if n == 0 {
			continue
		}
		if k.each() == 0 || (currency != "" && k.Currency != currency) {
			return nil
		}
		currency = k.Currency
		sum += int64(math.Round(k.each() * float64(n)))
	}
	r.Value, r.Currency = &sum, &currency
	return nil
}

// day is the time in which what the policy approved for one technician is counted together, so
// that nobody cuts a large request into small ones.
const day = 24 * time.Hour

const approvedLatelySQL = `
SELECT coalesce(sum(value), 0)::bigint FROM part_requests
WHERE technician_id = $1 AND automatic AND decided_at > $2 AND currency = $3 AND id <> $4 AND status <> 'canceled'`

// mayPass says whether the policy approves r by itself: what it is worth is known, and with what
// passed for the technician within a day not more than the figure.
func (c *Counter) mayPass(ctx context.Context, r *Request) (bool, error) {
	if err := c.judge(ctx, r); err != nil || r.Value == nil {
		return false, err
	}
	p, err := c.policies.Find(ctx, *r.PolicyVersion)
	if err != nil {
		return false, err
	}
	// Held until the end: two small requests at once do not both pass beside each other.
	if _, err := pg.Exec(ctx, c.DB(), `SELECT pg_advisory_xact_lock(hashtextextended('part requests of ' || $1::text, 0))`, r.TechnicianID.String()); err != nil {
		return false, err
	}
	passed, err := pg.One[int64](ctx, c.DB(), approvedLatelySQL, r.TechnicianID, c.Now().Add(-day), *r.Currency, r.ID)
	return err == nil && *r.Value+passed <= p.Points(policy.PartAutoApprove), err
}
