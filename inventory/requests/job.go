package requests

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Held until the end: two who ask at once do not both open a request.
const bookedSQL = `
SELECT b.technician_id AS id FROM jobs j JOIN bookings b ON b.job_id = j.id AND b.active
WHERE j.id = $1 AND ($2::uuid IS NULL OR b.technician_id = $2) ORDER BY b.starts_at, b.id LIMIT 1 FOR NO KEY UPDATE OF j`

// Of each part what the job needs, and what of it was used, lies in the van or is on its way: asked for and
// not decided, or approved and neither canceled nor received.
const lackingSQL = `
WITH need AS (SELECT (x->>'part_id')::uuid AS part_id, sum((x->>'quantity')::int)::int AS quantity FROM jobs j, jsonb_array_elements(j.parts) x WHERE j.id = $1 GROUP BY 1),
asked AS (SELECT CASE WHEN l.part_id = ANY($4) THEN l.part_id ELSE coalesce(l.instead_of, l.part_id) END AS part_id,
    sum(CASE WHEN l.approved IS NULL THEN l.quantity ELSE l.approved - l.canceled - l.replaced - l.received - l.withdrawn - l.lost END)::int AS quantity
  FROM part_request_lines l JOIN part_requests r ON r.id = l.request_id
  WHERE r.job_id = $1 AND r.technician_id = $3 AND r.canceled_at IS NULL AND r.status IN ('requested', 'approved', 'picking', 'issued', 'backordered', 'received') GROUP BY 1),
used AS (SELECT u.part_id, sum(u.quantity)::int AS quantity FROM part_uses u
  WHERE u.job_id = $1 AND NOT EXISTS (SELECT FROM movements m WHERE m.reverses_id = u.movement_id) GROUP BY 1)
SELECT x.part_id, coalesce(n.quantity, 0) AS needed, coalesce(a.quantity, 0) + coalesce(u.quantity, 0) + greatest(coalesce(b.quantity, 0), 0) AS has
FROM (SELECT DISTINCT unnest($4::uuid[]) AS part_id) x LEFT JOIN need n USING (part_id) LEFT JOIN asked a USING (part_id) LEFT JOIN used u USING (part_id)
LEFT JOIN balances b ON b.part_id = x.part_id AND b.location_id = $2
ORDER BY x.part_id`

const neededSQL = `SELECT DISTINCT (x->>'part_id')::uuid AS id FROM jobs j, jsonb_array_elements(j.parts) x WHERE j.id = $1`

// OpenFor asks for what the van of the technician who is booked for a job lacks of what the job needs.
// What is asked for already counts; with nothing lacking it is a fault.Conflict that says so.
func (c *Counter) OpenFor(ctx context.Context, by who.Actor, job uuid.UUID) (r Request, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		booked, err := pg.Query[found](ctx, c.DB(), bookedSQL, job, inventory.OnlyHis(by))
		if err != nil {
			return err
		}
		j, err := c.Job(ctx, by, job, nil)
		switch {
		case err != nil:
			return err
		case isOver(j):
			return fault.New(fault.Conflict, "job %s is %s", j.Number, words.Noun(j.Status))
		case len(booked) == 0:
			return fault.New(fault.Conflict, "no technician is booked for job %s", j.Number)
		}
		technician := booked[0].ID
		van, err := c.Van(ctx, technician)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Conflict, "the technician has no van to take parts from")
		} else if err != nil {
			return err
		}
		lines, err := c.lacking(ctx, job, van.ID, technician)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return fault.New(fault.Conflict, "job %s needs nothing that is neither in the van nor asked for", j.Number)
		}
		r, err = c.open(ctx, by, Wanted{TechnicianID: &technician, JobID: &job, Lines: lines, Origin: OriginJob})
		return err
	})
	return r, err
}

// lacking is what of a job's needs a technician has neither in his van nor on its way, nor of what takes the
// part's place.
func (c *Counter) lacking(ctx context.Context, job, van, technician uuid.UUID) (lines []inventory.Line, err error) {
	needed, err := pg.Query[found](ctx, c.DB(), neededSQL, job)
	if err != nil {
		return nil, err
	}
	serve, err := c.mayServe(ctx, needed)
	if err != nil {
		return nil, err
	}
	all := []uuid.UUID{}
	for _, heirs := range serve {
		all = append(all, heirs...)
	}
	rows, err := pg.Query[struct {
		PartID      uuid.UUID
		Needed, Has int
	}](ctx, c.DB(), lackingSQL, job, van, technician, all)
	var wants []inventory.Want
	have := map[uuid.UUID]int{}
	for _, r := range rows {
		have[r.PartID] = r.Has
		if r.Needed > 0 {
			wants = append(wants, inventory.Want{PartID: r.PartID, Quantity: r.Needed})
		}
	}
	for _, w := range inventory.Unmet(wants, serve, have) {
		if w.Quantity > 0 {
			lines = append(lines, inventory.Line{PartID: w.PartID, Quantity: w.Quantity})
		}
	}
	return lines, err
}

func (c *Counter) mayServe(ctx context.Context, parts []found) (map[uuid.UUID][]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(parts))
	for i, p := range parts {
		ids[i] = p.ID
	}
	return c.MayServe(ctx, ids)
}
