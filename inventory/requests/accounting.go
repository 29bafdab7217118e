package requests

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Since it was looked at last, something was used on the job or taken back. The five minutes are for
// what commits late.
const toAccountSQL = `
SELECT r.id FROM part_requests r
WHERE r.status = 'received' AND EXISTS (SELECT FROM movements m WHERE m.job_id = r.job_id AND m.kind IN ('use', 'reverse')
  AND m.moved_at > coalesce(r.accounted_at, r.created_at) - interval '5 minutes')
ORDER BY r.id`

// AccountAll ends the requests whose parts are all used on their jobs or returned, while the jobs go on.
func (c *Counter) AccountAll(ctx context.Context) error {
	return c.each(ctx, who.System, toAccountSQL, nil, c.account)
}

const ofJobSQL = `
SELECT id FROM part_requests WHERE job_id = $1 AND status IN ('requested', 'approved', 'picking', 'issued', 'backordered', 'received') ORDER BY id`

// EndFor ends what a job that is over asked for, within the transaction of ctx: what is not handed out is
// not any more, what is on its way goes back, and what was used is accounted for. What is in the van stays
// there until it is handed back.
func (c *Counter) EndFor(ctx context.Context, by who.Actor, job uuid.UUID) error {
	return c.each(ctx, by, ofJobSQL, []any{job}, func(ctx context.Context, r *Request) (string, map[string]any, error) {
		if r.CanceledAt == nil && slices.Contains(allows[VerbCancel], r.Status) {
			data, err := c.cancel(ctx, r, jobOver)
			return "canceled", data, err
		}
		return c.account(ctx, r)
	})
}

const accountedSQL = `UPDATE part_requests SET accounted_at = $2 WHERE id = $1`

// account ends r where all that came is accounted for.
func (c *Counter) account(ctx context.Context, r *Request) (string, map[string]any, error) {
	if r.Status != StatusReceived {
		return "", nil, nil
	}
	if s := r.standing(); s != StatusReceived {
		return string(s), map[string]any{"used": r.total().Used, "returned": r.total().Returned}, nil
	}
	_, err := pg.Exec(ctx, c.DB(), accountedSQL, r.ID, c.Now())
	return "", nil, err
}

// Close ends a request whose parts are neither used on its job nor returned: what is left stays in the
// van as its stock. Nobody does so for himself, and nothing may be missing or on its way.
func (c *Counter) Close(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Request, error) {
	return c.change(ctx, by, id, version, VerbClose, "closed", func(_ context.Context, r *Request) (map[string]any, error) {
		if his(by, r) {
			return nil, notHimself()
		}
		if strings.TrimSpace(reason) == "" {
			return nil, inventory.Wrong("/reason", "must not be blank")
		}
		left := 0
		for _, l := range r.Lines {
			left += l.InVan()
		}
		r.Kept = true
		if s := r.standing(); !s.Ended() {
			return nil, unsettled(r)
		}
		return map[string]any{"reason": reason, "left_in_van": left}, nil
	})
}

// used of a line is what was used on the request's job out of its van and stands: units by their
// serials, other parts by their count, for the oldest request first. Once a request has ended, it is
// what was written down then.
const usedSQL = `CASE WHEN r.status IN ('consumed', 'returned_unused', 'closed', 'canceled', 'rejected') OR l.received = 0 OR r.job_id IS NULL THEN l.used
  ELSE greatest(0, least(l.received - l.handed_in - l.returned,
    (SELECT coalesce(sum(u.quantity), 0) FROM part_uses u JOIN movements m ON m.id = u.movement_id
      WHERE u.job_id = r.job_id AND u.part_id = l.part_id AND m.from_location = r.van_id AND (NOT p.serialized OR u.new_serial = ANY(l.received_serials))
        AND NOT EXISTS (SELECT FROM movements b WHERE b.reverses_id = m.id))
    - CASE WHEN p.serialized THEN 0 ELSE (SELECT coalesce(sum(e.received - e.handed_in - e.returned), 0) FROM part_request_lines e JOIN part_requests o ON o.id = e.request_id
      WHERE o.job_id = r.job_id AND o.van_id = r.van_id AND e.part_id = l.part_id AND o.id < r.id) END))::int END AS used`

func notHimself() error { return fault.New(fault.Forbidden, "nobody closes a request for himself") }

// unsettled says why a request cannot end yet.
func unsettled(r *Request) error {
	t := r.total()
	var open words.Text
	add := func(n int, text words.Text) {
		switch {
		case n == 0:
		case open.Format == "":
			open = text
		default:
			open = words.Say("%s, %s", open, text)
		}
	}
	add(t.InTransit, words.Say("%d are in transit", t.InTransit))
	add(t.HandedIn, words.Say("%d are on their way back", t.HandedIn))
	add(r.overs(), words.Say("%d came too much", r.overs()))
	return fault.New(fault.Conflict, "request %s cannot end: %s", r.Number, open)
}
