package requests

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// superseded is the reason where a part is handed out because it takes the place of another.
const superseded = "superseded"

const holdHeirsSQL = `
WITH k AS (SELECT b.location_id, b.part_id FROM balances b JOIN locations l ON l.id = b.location_id
  WHERE b.part_id = ANY($2) AND b.quantity > b.reserved AND (l.id = $1 OR (l.warehouse_id = $1 AND l.kind = 'bin')) ORDER BY 1, 2)
SELECT count(*)::int FROM hold_balances(ARRAY(SELECT location_id FROM k), ARRAY(SELECT part_id FROM k))`

const freeHeirsSQL = `
SELECT b.part_id, sum(b.quantity - b.reserved)::int AS quantity FROM balances b JOIN locations l ON l.id = b.location_id
WHERE b.part_id = ANY($2) AND b.quantity > b.reserved AND (l.id = $1 OR (l.warehouse_id = $1 AND l.kind = 'bin')) GROUP BY 1`

// succeed lets what takes the place of a part that the warehouse is out of be handed out instead of it, the
// nearest successor first, as far as it is free there. Once somebody has decided, that may not make the
// request worth more than was decided; it waits for the part, or for a supervisor who substitutes, then.
func (c *Counter) succeed(ctx context.Context, r *Request, warehouse uuid.UUID, decides bool) error {
	var out []found
	for _, l := range r.Lines {
		if l.Backordered() > 0 {
			out = append(out, found{l.PartID})
		}
	}
	serve, err := c.mayServe(ctx, out)
	if err != nil {
		return err
	}
	parts, lines := []uuid.UUID{}, []inventory.Line{}
	for _, heirs := range serve {
		for _, id := range heirs[1:] {
			lines = append(lines, inventory.Line{PartID: id})
		}
		parts = append(parts, heirs...)
	}
	if len(lines) == 0 {
		return nil
	}
	// What the lines themselves ask for is held with them: in one order, with whoever else asks.
	if _, err := pg.One[int](ctx, c.DB(), holdHeirsSQL, warehouse, parts); err != nil {
		return err
	}
	rows, err := pg.Query[inventory.Want](ctx, c.DB(), freeHeirsSQL, warehouse, parts)
	if err != nil {
		return err
	}
	free := map[uuid.UUID]int{}
	for _, row := range rows {
		free[row.PartID] = row.Quantity
	}
	for _, l := range r.Lines {
		free[l.PartID] -= l.Backordered()
	}
	known, err := c.PartsOf(ctx, lines)
	if err != nil {
		return err
	}
	for _, o := range out {
		for _, heir := range serve[o.ID][1:] {
			// What is free of the part itself is set aside as it is.
			lacks := min(r.line(o.ID).Backordered(), -free[o.ID])
			if n := min(lacks, free[heir]); n > 0 {
				done, err := c.succeedOne(ctx, r, o.ID, known[heir], n, decides)
				if err != nil {
					return err
				}
				if done {
					free[heir], free[o.ID] = free[heir]-n, free[o.ID]+n
				}
			}
		}
	}
	return nil
}

// succeedOne has n of a part handed out as its successor, if the request may become worth that.
func (c *Counter) succeedOne(ctx context.Context, r *Request, part uuid.UUID, heir inventory.Part, n int, decides bool) (bool, error) {
	trial := *r
	trial.Lines = slices.Clone(r.Lines)
	trial.line(part).Replaced += n
	if l := trial.line(heir.ID); l != nil {
		sum := *l.Approved + n
		l.Approved = &sum
	} else {
		l := newLine(&trial, heir, n)
		l.Approved = &n
		trial.Lines = append(trial.Lines, l)
	}
	if may, err := c.maySucceed(ctx, r, &trial, decides); err != nil || !may {
		return false, err
	}
	if err := c.exchange(ctx, r, part, heir, n, superseded); err != nil {
		return false, err
	}
	r.Value, r.Currency, r.PolicyVersion = trial.Value, trial.Currency, trial.PolicyVersion
	return true, nil
}

// maySucceed says whether a request may become what it would be.
func (c *Counter) maySucceed(ctx context.Context, r, trial *Request, decides bool) (bool, error) {
	if r.Automatic {
		passes, err := c.mayPass(ctx, trial)
		if passes {
			now := c.Now()
			r.DecidedAt = &now
		}
		return passes, err
	}
	if err := c.judge(ctx, trial); err != nil {
		return false, err
	}
	switch {
	case decides:
		return true, nil
	case r.Value == nil || trial.Value == nil:
		return r.Value == nil && trial.Value == nil, nil
	}
	return *r.Currency == *trial.Currency && *trial.Value <= *r.Value, nil
}
