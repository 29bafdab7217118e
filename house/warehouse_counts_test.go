package house_test

import (
	"context"
	"math/rand/v2"

	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/counts"

	"github.com/google/uuid"
)

// countDeeds are what a clerk does in a count.
var countDeeds = []deed{
	{"open count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		_, err := w.doors.Counts.Open(ctx, by.Actor, counts.Opening{
			LocationID: any1(rnd, append(w.shelves, any1(rnd, w.techs).van, any1(rnd, w.held))).ID, Scope: any1(rnd, []counts.Scope{counts.ScopeFull, counts.ScopeCycle}),
		})
		return err
	}},
	{"count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, at, err := w.openCount(ctx, rnd, "opened", "counting", "recount")
		if err != nil {
			return err
		}
		line, _, err := w.heldAt(ctx, rnd, at)
		if err != nil {
			return err
		}
		told := counts.Told{PartID: line.PartID, Serials: line.Serials}
		if !w.part(line.PartID).Serialized {
			told.Quantity = &line.Quantity
		}
		_, err = w.doors.Counts.Count(ctx, by.Actor, c.ID, nil, rnd.IntN(3) == 0, []counts.Told{told})
		return err
	}},
	{"finish count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "opened", "counting", "recount")
		if err == nil {
			_, err = w.doors.Counts.Finish(ctx, by.Actor, c.ID, c.Version, any1(rnd, []counts.Uncounted{counts.UncountedKeep, "", counts.UncountedZero}), "at random")
		}
		return err
	}},
}

// reviewDeeds are what a supervisor does with what was counted, and with what was not.
var reviewDeeds = []deed{
	{"leave uncounted", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "opened", "counting", "recount")
		if err == nil {
			_, err = w.doors.Counts.Finish(ctx, by.Actor, c.ID, c.Version, counts.UncountedKeep, "at random")
		}
		return err
	}},
	{"explain count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "review")
		if err != nil {
			return err
		}
		sheet, err := w.doors.Counts.Sheet(ctx, by.Actor, c.ID)
		if err != nil {
			return err
		}
		var why []counts.Explanation
		for _, l := range sheet.Lines {
			if l.Over != 0 {
				why = append(why, counts.Explanation{Spot: counts.Spot{LocationID: l.LocationID, PartID: l.PartID}, Reason: counts.ReasonLost, Note: "at random"})
			}
		}
		if len(why) == 0 {
			return errIdle
		}
		_, err = w.doors.Counts.Explain(ctx, by.Actor, c.ID, c.Version, why)
		return err
	}},
	{"approve count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "review")
		if err == nil {
			_, err = w.doors.Counts.Approve(ctx, by.Actor, c.ID, c.Version)
		}
		return err
	}},
	{"cancel count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "opened", "review")
		if err == nil && rnd.IntN(4) == 0 {
			_, err = w.doors.Counts.Cancel(ctx, by.Actor, c.ID, c.Version)
		}
		return err
	}},
}

// openCount is a count at random, and where it is.
func (w *walk) openCount(ctx context.Context, rnd *rand.Rand, status ...string) (row, inventory.Location, error) {
	c, err := some(ctx, w, rnd, `counts WHERE status = ANY($1)`, status)
	if err != nil {
		return c, inventory.Location{}, err
	}
	at, err := pg.One[uuid.UUID](ctx, w.DB, `SELECT location_id FROM counts WHERE id = $1`, c.ID)
	if err != nil {
		return c, inventory.Location{}, err
	}
	loc, err := w.Ledger.Locate(ctx, at)
	return c, loc, err
}
