package counts

import (
	"context"
	"slices"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Scan counts what a scanner read: from the place that is named, or the only one of the count, and
// from each place whose label is read on the way. A unit counts once, however often it is read.
// The answer holds the lines that the scans concern.
func (c *Counts) Scan(ctx context.Context, by who.Actor, id uuid.UUID, place *uuid.UUID, scans []string) (Count, error) {
	return c.tally(ctx, by, id, place, false, func(ctx context.Context, k *Count, at *Place) ([]found, error) {
		return c.readScans(ctx, k, at, scans)
	})
}

// Count counts what somebody says is in a place, beside what was counted there before, or anew:
// in place of it.
func (c *Counts) Count(ctx context.Context, by who.Actor, id uuid.UUID, place *uuid.UUID, anew bool, lines []Told) (Count, error) {
	return c.tally(ctx, by, id, place, anew, func(ctx context.Context, _ *Count, at *Place) ([]found, error) {
		if at == nil {
			return nil, inventory.Wrong("/location_id", "is required")
		}
		return c.readLines(ctx, *at, lines)
	})
}

func (c *Counts) tally(ctx context.Context, by who.Actor, id uuid.UUID, place *uuid.UUID, anew bool,
	read func(context.Context, *Count, *Place) ([]found, error),
) (Count, error) {
	return c.change(ctx, by, id, "count.counted", func(ctx context.Context, k *Count) (map[string]any, error) {
		if err := k.count(); err != nil {
			return nil, err
		}
		var at *Place
		if place != nil {
			if at = k.at(*place); at == nil {
				return nil, inventory.Wrong("/location_id", "is no place of this count")
			}
		} else if len(k.Places) == 1 {
			at = &k.Places[0]
		}
		all, err := read(ctx, k, at)
		if err != nil {
			return nil, err
		}
		if err := c.enter(ctx, by, k, all, entering{anew: anew, again: k.Status == StatusRecount}); err != nil {
			return nil, err
		}
		return map[string]any{"lines": len(all), "anew": anew}, nil
	})
}

// entering is how counted lines are written down.
type entering struct {
	anew    bool // in place of what was counted before
	assumed bool // nobody counted: somebody says that there is none
	again   bool // in a recount, where only what is to be counted again may be counted
}

// enter adds what was counted to the lines of a count, and leaves in k.Lines those that it concerns.
// The balances are held meanwhile: what the books say and what was counted are of one moment.
func (c *Counts) enter(ctx context.Context, by who.Actor, k *Count, all []found, how entering) error {
	slices.SortFunc(all, func(a, b found) int {
		return strings.Compare(a.place.ID.String()+a.part.ID.String(), b.place.ID.String()+b.part.ID.String())
	})
	have, err := c.hold(ctx, all)
	if err != nil {
		return err
	}
	before, err := c.lines(ctx, k.ID, parts(all))
	if err != nil {
		return err
	}
	known := map[spot]Line{}
	for _, l := range before {
		known[l.spot()] = l
	}
	if err := c.mayCount(ctx, by, k, all, known, how); err != nil {
		return err
	}
	now := c.Now()
	for _, f := range all {
		line, there := known[f.spot()]
		if !there || line.Counted == nil || how.anew {
			err = c.begin(ctx, k, f, have[f.spot()], now, how)
		} else if !f.part.Serialized {
			_, err = pg.Exec(ctx, c.DB(), addSQL, k.ID, f.place.ID, f.part.ID, f.quantity, have[f.spot()])
		}
		if err == nil {
			err = c.findUnits(ctx, by, k, f, now)
		}
		if err == nil {
			err = c.note(ctx, by, k, f, now, how)
		}
		if err != nil {
			return err
		}
	}
	k.Lines, err = c.lines(ctx, k.ID, parts(all))
	k.Lines = slices.DeleteFunc(k.Lines, func(l Line) bool {
		return !slices.ContainsFunc(all, func(f found) bool { return f.spot() == l.spot() })
	})
	return err
}

func parts(all []found) []uuid.UUID {
	of := make([]uuid.UUID, len(all))
	for i, f := range all {
		of[i] = f.part.ID
	}
	return of
}

const heldSQL = `SELECT location_id, part_id, quantity FROM hold_balances($1, $2)`

// hold holds the balances of what was counted, and says what the books have there.
func (c *Counts) hold(ctx context.Context, all []found) (map[spot]int, error) {
	var places, parts []uuid.UUID
	for _, f := range all {
		places, parts = append(places, f.place.ID), append(parts, f.part.ID)
	}
	rows, err := pg.Query[inventory.Balance](ctx, c.DB(), heldSQL, places, parts)
	have := map[spot]int{}
	for _, b := range rows {
		have[spot{b.LocationID, b.PartID}] = b.Quantity
	}
	return have, err
}

const countedBeforeSQL = `
SELECT DISTINCT location_id AS id FROM count_entries
WHERE count_id = $1 AND location_id = $2 AND part_id = $3 AND round < $4 AND counted_by = $5`

// mayCount refuses what the count does not cover, and who counts again what he counted before.
func (c *Counts) mayCount(ctx context.Context, by who.Actor, k *Count, all []found, known map[spot]Line, how entering) error {
	var f fault.Faults
	for _, it := range all {
		line, there := known[it.spot()]
		if !k.covers(it.part.ID) {
			f.Add(it.at, "part %s is not in this count", it.part.Number)
			continue
		}
		if !how.again {
			continue
		}
		if !there || line.Round != k.Round {
			f.Add(it.at, "part %s in %s is not to be counted again", it.part.Number, it.place.Name)
			continue
		}
		mine, err := pg.Query[Place](ctx, c.DB(), countedBeforeSQL, k.ID, it.place.ID, it.part.ID, k.Round, by.UserID)
		if err != nil {
			return err
		}
		if len(mine) > 0 {
			return fault.New(fault.Forbidden, "somebody else counts part %s in %s again", it.part.Number, it.place.Name)
		}
	}
	return f.Err(fault.Invalid, "the request cannot be met as it is")
}

const beginSQL = `
INSERT INTO count_lines (count_id, location_id, part_id, round, counted, expected, counted_at, assumed, unit_cost)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce((SELECT last_cost FROM part_values WHERE part_id = $3 AND pool = $9), 0))
ON CONFLICT (count_id, location_id, part_id) DO UPDATE SET round = excluded.round, counted = excluded.counted, expected = excluded.expected,
  counted_at = excluded.counted_at, assumed = excluded.assumed, unit_cost = excluded.unit_cost, disturbed = false, kept_reason = NULL, kept_by = NULL`

const forgetUnitsSQL = `DELETE FROM count_serials WHERE count_id = $1 AND location_id = $2 AND part_id = $3`

const expectUnitsSQL = `
INSERT INTO count_serials (count_id, location_id, part_id, serial, expected)
SELECT $1, $2, $3, u.serial, true FROM unit_moves m JOIN units u ON u.id = m.unit_id
WHERE m.to_location = $2 AND m.part_id = $3 AND NOT EXISTS (SELECT FROM unit_moves n WHERE n.unit_id = m.unit_id AND n.seq = m.seq + 1)`

// begin counts a line for the first time in its round: what the books have now is what it is held against.
func (c *Counts) begin(ctx context.Context, k *Count, f found, expected int, now time.Time, how entering) error {
	_, err := pg.Exec(ctx, c.DB(), beginSQL, k.ID, f.place.ID, f.part.ID, k.Round, f.quantity, expected, now, how.assumed, f.place.Kind.Pool())
	if err == nil && f.part.Serialized {
		if _, err = pg.Exec(ctx, c.DB(), forgetUnitsSQL, k.ID, f.place.ID, f.part.ID); err == nil {
			_, err = pg.Exec(ctx, c.DB(), expectUnitsSQL, k.ID, f.place.ID, f.part.ID)
		}
	}
	return pg.Fault(err, "count")
}

// Counted in two goes with a movement between: nobody can say from which part of the heap it took.
const addSQL = `
UPDATE count_lines SET counted = counted + $4, assumed = false, disturbed = disturbed OR expected <> $5
WHERE count_id = $1 AND location_id = $2 AND part_id = $3`

const noteSQL = `
INSERT INTO count_entries (id, count_id, location_id, part_id, round, anew, quantity, serials, scans, counted_by, counted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

// note keeps who counted what, for ever.
func (c *Counts) note(ctx context.Context, by who.Actor, k *Count, f found, now time.Time, how entering) error {
	n := f.quantity
	if f.part.Serialized {
		n = len(f.serials)
	}
	_, err := pg.Exec(ctx, c.DB(), noteSQL, uuid.Must(uuid.NewV7()), k.ID, f.place.ID, f.part.ID, k.Round, how.anew, n,
		append([]string{}, f.serials...), append([]string{}, f.scans...), inventory.ActorID(by), now)
	return pg.Fault(err, "count")
}
