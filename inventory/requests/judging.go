package requests

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
)

// judge notes what r is worth, and by which policy that is judged. Where a part has no cost and no
// price, or the parts are not of one currency, nobody can say.
func (c *Counter) judge(ctx context.Context, r *Request) error {
	p, err := c.policies.Current(ctx)
	if err != nil {
		return err
	}
	r.PolicyVersion = &p.Version
	all := make([]inventory.Amount, len(r.Lines))
	for i, l := range r.Lines {
		all[i] = inventory.Amount{PartID: l.PartID, Quantity: l.Quantity}
		if l.Approved != nil {
			all[i].Quantity = *l.Approved - l.Replaced
		}
	}
	r.Value, r.Currency, err = c.Worth(ctx, all)
	return err
}

// day is the time in which what the policy approved for one technician is counted together, so
// that nobody cuts a large request into small ones.
const day = 24 * time.Hour

// What was handed out and did not come back counts, whether the request was canceled or not.
const approvedLatelySQL = `
SELECT coalesce(sum(value), 0)::bigint FROM part_requests r
WHERE technician_id = $1 AND automatic AND decided_at > $2 AND currency = $3 AND id <> $4
  AND (status <> 'canceled' OR EXISTS (SELECT FROM part_request_lines l WHERE l.request_id = r.id AND l.issued > l.withdrawn))`

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
	r.unpassed = unpassed{Limit: p.Points(policy.PartAutoApprove), Passed: passed}
	return err == nil && *r.Value+passed <= r.unpassed.Limit, err
}

// judgeAgain judges r once there are parts in it that nobody asked for. It may go on where it is worth no
// more than before, or where the policy approves it by itself still; for all else a supervisor who
// substitutes answers, and nobody does so by handing out.
func (c *Counter) judgeAgain(ctx context.Context, by who.Actor, r *Request, substitutes bool) error {
	value, currency := r.Value, r.Currency
	if err := c.judge(ctx, r); err != nil {
		return err
	}
	if value != nil && r.Value != nil && *currency == *r.Currency && *r.Value <= *value {
		return nil
	}
	now := c.Now()
	if r.Automatic {
		passes, err := c.mayPass(ctx, r)
		if err != nil {
			return err
		}
		if passes {
			// From now on it counts as what it has become.
			r.DecidedAt = &now
			return nil
		}
	}
	switch {
	case !substitutes || !by.Has(who.Supervisor, who.Admin):
		return fault.New(fault.Forbidden, "request %s would be worth more than was approved: a supervisor must approve the substitution", r.Number)
	case asked(by, r):
		return fault.New(fault.Forbidden, "nobody approves his own request")
	}
	r.Automatic, r.ApprovedBy, r.DecidedAt = false, inventory.ActorID(by), &now
	return nil
}
