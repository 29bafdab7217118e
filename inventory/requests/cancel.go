package requests

import (
	"context"
	"strings"

	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Cancel takes a request back: what is not handed out is not any more, what is set aside is given
// back, and what is in transit is missing from now on: the warehouse receives it by ReturnUnused, or
// it is settled as a difference. What is in the van stays there until it is handed back.
func (c *Counter) Cancel(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Request, error) {
	if reason != "" && strings.TrimSpace(reason) == "" {
		return Request{}, inventory.Wrong("/reason", "must not be blank")
	}
	return c.change(ctx, by, id, version, VerbCancel, "canceled", func(ctx context.Context, r *Request) (map[string]any, error) {
		return c.cancel(ctx, r, reason)
	})
}

// jobOver is the reason where nobody canceled a request, but its job is closed or canceled.
const jobOver = "job_over"

func (c *Counter) cancel(ctx context.Context, r *Request, reason string) (map[string]any, error) {
	if err := c.release(ctx, r, nil); err != nil {
		return nil, err
	}
	now := c.Now()
	r.CanceledAt = &now
	if reason != "" {
		r.CanceledReason = &reason
	}
	for i := range r.Lines {
		r.Lines[i].Canceled += max(0, r.Lines[i].ToIssue())
		r.Lines[i].Missing = r.Lines[i].InTransit()
	}
	return map[string]any{"reason": reason, "in_transit": r.total().InTransit}, nil
}
