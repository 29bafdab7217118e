package counts

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Spot names a line of a count.
type Spot struct{ LocationID, PartID uuid.UUID }

// Explanation is why a line differs.
type Explanation struct {
	Spot
	Reason Reason
	Note   string
}

const explainSQL = `
UPDATE count_lines SET reason = $4, note = $5 WHERE count_id = $1 AND location_id = $2 AND part_id = $3`

// Explain says why lines differ, as often as somebody knows better until the count is approved.
func (c *Counts) Explain(ctx context.Context, by who.Actor, id uuid.UUID, version int, all []Explanation) (Sheet, error) {
	k, err := c.change(ctx, by, id, "count.explained", func(ctx context.Context, k *Count) (map[string]any, error) {
		if err := c.mayLook(ctx, by, *k); err != nil {
			return nil, err
		}
		if err := k.stay(StatusReview, version); err != nil {
			return nil, err
		}
		var f fault.Faults
		for i, e := range all {
			if e.Reason == ReasonOther && strings.TrimSpace(e.Note) == "" {
				f.Add(pointer("/lines", i)+"/note", "is required")
				continue
			}
			n, err := pg.Exec(ctx, c.DB(), explainSQL, k.ID, e.LocationID, e.PartID, e.Reason, e.Note)
			if err != nil {
				return nil, pg.Fault(err, "count")
			}
			if n == 0 {
				f.Add(pointer("/lines", i), "is no line of this count")
			}
		}
		return map[string]any{"lines": len(all)}, f.Err(fault.Invalid, "the request cannot be met as it is")
	})
	if err != nil {
		return Sheet{}, err
	}
	return c.sheetFor(ctx, by, k)
}

const againSQL = `
UPDATE count_lines SET round = $4, counted = NULL, expected = NULL, counted_at = NULL, disturbed = false, assumed = false, kept_reason = NULL, kept_by = NULL, reason = NULL, note = ''
WHERE count_id = $1 AND location_id = $2 AND part_id = $3`

// Recount has lines counted again, each by somebody who has not counted it before.
func (c *Counts) Recount(ctx context.Context, by who.Actor, id uuid.UUID, version int, all []Spot) (Count, error) {
	return c.change(ctx, by, id, "count.recount", func(ctx context.Context, k *Count) (map[string]any, error) {
		if err := c.mayLook(ctx, by, *k); err != nil {
			return nil, err
		}
		if err := k.become(StatusRecount, version); err != nil {
			return nil, err
		}
		k.Round++
		var f fault.Faults
		for i, s := range all {
			n, err := pg.Exec(ctx, c.DB(), againSQL, k.ID, s.LocationID, s.PartID, k.Round)
			if err == nil {
				_, err = pg.Exec(ctx, c.DB(), forgetUnitsSQL, k.ID, s.LocationID, s.PartID)
			}
			if err != nil {
				return nil, pg.Fault(err, "count")
			}
			if n == 0 {
				f.Add(pointer("/lines", i), "is no line of this count")
			}
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		var err error
		k.Lines, err = c.lines(ctx, k.ID, nil)
		return map[string]any{"lines": len(all), "round": k.Round}, err
	})
}
