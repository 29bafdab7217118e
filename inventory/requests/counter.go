package requests

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Counter is where parts are asked for, handed out and brought back.
type Counter struct {
	*inventory.Ledger
	policies *policy.Book
	queue    *queue.Queue
}

// NewCounter returns the counter that moves parts in ledger, judges by policies and leaves to queue
// what comes later.
func NewCounter(ledger *inventory.Ledger, policies *policy.Book, q *queue.Queue) *Counter {
	return &Counter{ledger, policies, q}
}

// The job before the request: closing it holds them in this order too.
const holdJobSQL = `SELECT FROM jobs WHERE id = (SELECT job_id FROM part_requests WHERE id = $1) FOR SHARE`

// change is one command on one request: within a transaction it locks the request, asks the lifecycle,
// lets do work on it, and writes what became of it with one event, whose data do returns.
func (c *Counter) change(
	ctx context.Context, by who.Actor, id uuid.UUID, version int, v Verb, event string, do func(context.Context, *Request) (map[string]any, error),
) (r Request, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, c.DB(), holdJobSQL, id); err != nil {
			return err
		}
		if r, err = c.lockRequest(ctx, by, id); err != nil {
			return err
		}
		if err := r.concerns(by, v); err != nil {
			return err
		}
		if err := r.undergo(v, version); err != nil {
			return c.refused(ctx, err, &r, v, event)
		}
		data, err := do(ctx, &r)
		if err != nil {
			return err
		}
		return c.finish(ctx, by, &r, event, data)
	})
	return r, err
}

// refused says why a request does not undergo a verb: who did that already, or what happened to it last.
func (c *Counter) refused(ctx context.Context, why error, r *Request, v Verb, event string) error {
	if v == VerbApprove && r.Automatic && fault.Is(why, fault.Conflict) {
		return fault.New(fault.Conflict, "the policy approved request %s already, and it is %s now", r.Number, r.Status)
	}
	return c.Since(ctx, why, r.ID, r.Number, "part_request."+event)
}

// finish writes a changed request and what happened to it, and reads it as it is now.
func (c *Counter) finish(ctx context.Context, by who.Actor, r *Request, event string, data map[string]any) error {
	r.Status = r.standing()
	if !r.Status.Ended() {
		r.EndedAt = nil
	} else if r.EndedAt == nil {
		now := c.Now()
		r.EndedAt = &now
	}
	if err := c.saveRequest(ctx, r); err != nil {
		return err
	}
	if err := c.saveLines(ctx, r); err != nil {
		return err
	}
	if data == nil {
		data = map[string]any{}
	}
	data["number"], data["status"], data["technician_id"], data["job_id"] = r.Number, r.Status, r.TechnicianID, r.JobID
	if err := c.Tell(ctx, by, "part_request."+event, r.ID, r.OutletID, data); err != nil {
		return err
	}
	fresh := []Request{*r}
	err := c.readLines(ctx, fresh)
	*r = fresh[0]
	return err
}
