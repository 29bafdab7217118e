package returns

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// DueAgain expects an old part after all that was left with the customer, with a new deadline and a
// reason. Of a use that was taken back nothing came out.
func (c *Returns) DueAgain(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.due_again", func(ctx context.Context, r *Return) (map[string]any, error) {
		switch {
		case r.Status != StatusWaived:
			return nil, inventory.CannotBecome("part return", r.Status, StatusExpected)
		case !r.kept():
			return nil, fault.New(fault.Conflict, "the use of part return %s was taken back: no old part came out", r.Number)
		case strings.TrimSpace(reason) == "":
			return nil, inventory.Wrong("/reason", "must not be blank")
		}
		data, err := c.reclaim(ctx, by, r)
		if err == nil {
			data["reason"] = reason
		}
		return data, err
	})
}

// kept says whether a return is waived because the customer keeps the old part.
func (r Return) kept() bool {
	return r.Status == StatusWaived && r.WaivedBecause != nil && *r.WaivedBecause == WaivedCustomerKeeps
}

const unsignedSQL = returnsSQL + ` AND r.job_id = $3 AND r.status = 'waived' AND r.waived_because = 'customer_keeps'
  AND NOT EXISTS (SELECT FROM sign_offs n WHERE n.job_id = r.job_id)
ORDER BY r.id FOR UPDATE OF r`

// An exchanged unit may have come out of another thing since: its later use waits for it.
const awaitedSQL = `
SELECT EXISTS (SELECT FROM part_returns WHERE part_id = $1 AND expected_serial = $2 AND status IN ('expected', 'collected', 'in_transit'))`

// Reclaim expects what a customer was to keep by the word of whoever worked on a job that ends without the
// customer's sealed sign-off. It joins the transaction of ctx.
func (c *Returns) Reclaim(ctx context.Context, by who.Actor, job uuid.UUID) error {
	return c.DB().InTx(ctx, func(ctx context.Context) error {
		all, err := pg.Query[Return](ctx, c.DB(), unsignedSQL, nil, nil, job)
		if err != nil || len(all) == 0 {
			return err
		}
		j, err := c.Job(ctx, who.System, job, nil)
		if err != nil {
			return err
		}
		for i := range all {
			r := &all[i]
			if r.ExpectedSerial != nil {
				elsewhere, err := pg.One[bool](ctx, c.DB(), awaitedSQL, r.PartID, *r.ExpectedSerial)
				if err != nil {
					return err
				}
				if elsewhere {
					continue
				}
			}
			data, err := c.reclaim(ctx, by, r)
			if err != nil {
				return err
			}
			if err := c.save(ctx, r); err != nil {
				return err
			}
			data["job_number"] = j.Number
			if err := c.Tell(ctx, by, "part_return.due_again", r.ID, r.OutletID, r.tell(data)); err != nil {
				return err
			}
		}
		return nil
	})
}

// reclaim makes r due again that the customer was to keep, and says so for an event.
func (c *Returns) reclaim(ctx context.Context, by who.Actor, r *Return) (map[string]any, error) {
	data := map[string]any{"waived_by": r.WaivedBy, "waived_at": r.WaivedAt}
	if err := c.unwaive(ctx, by, r); err != nil {
		return nil, err
	}
	due, version, err := c.dueFrom(ctx, c.Now())
	r.DueAt, r.PolicyVersion = &due, &version
	data["due_at"], data["policy_version"] = due, version
	return data, err
}

// unwaive expects what a customer was to keep, in the books as well. A unit that has left his keeping
// meanwhile stays where it went.
func (c *Returns) unwaive(ctx context.Context, by who.Actor, r *Return) error {
	if err := r.become(StatusExpected); err != nil {
		return err
	}
	if r.MovementID != nil {
		if err := c.unkeep(ctx, by, *r); err != nil {
			return err
		}
	}
	r.WaivedBecause, r.WaivedBy, r.WaivedAt, r.SignOffID, r.MovementID = nil, nil, nil, nil, nil
	return nil
}
