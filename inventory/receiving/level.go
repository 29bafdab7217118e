package receiving

import (
	"context"
	"strconv"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Level is how many of a part a van should carry: with less than Min it is filled up to Max.
type Level struct {
	LocationID uuid.UUID
	PartID     uuid.UUID
	PartNumber string
	PartName   string
	PartNameZh string // empty where nobody translated it
	Min        int
	Max        int
	SetBy      *uuid.UUID
	SetAt      time.Time
}

const levelsSQL = `
SELECT v.location_id, v.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, v.min, v.max, v.set_by, v.set_at
FROM van_levels v JOIN parts p ON p.id = v.part_id WHERE v.location_id = $1 ORDER BY p.number`

// Levels returns the levels of a van within the actor's scope, by the parts' numbers.
func (d *Dock) Levels(ctx context.Context, by who.Actor, van uuid.UUID) ([]Level, error) {
	if _, err := d.van(ctx, by, van); err != nil {
		return nil, err
	}
	return pg.Query[Level](ctx, d.DB(), levelsSQL, van)
}

// van reads a location that must be a van within the actor's scope: a technician's own alone.
func (d *Dock) van(ctx context.Context, by who.Actor, id uuid.UUID) (inventory.Location, error) {
	loc, err := d.FindLocation(ctx, by, id)
	if err != nil {
		return loc, err
	}
	his, err := d.hisVan(ctx, by)
	switch {
	case err != nil:
		return loc, err
	case his != nil && *his != id:
		return loc, fault.New(fault.NotFound, "no such %s", words.Noun("location"))
	case loc.Kind != inventory.KindVan:
		return loc, fault.New(fault.Conflict, "levels are for vans, and this is a %s", loc.Kind.Noun())
	}
	return loc, nil
}

const setLevelSQL = `
INSERT INTO van_levels (location_id, part_id, min, max, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (location_id, part_id) DO UPDATE SET min = excluded.min, max = excluded.max, set_by = excluded.set_by, set_at = excluded.set_at`

// SetLevels sets the levels of a van for some parts and leaves its others as they are.
func (d *Dock) SetLevels(ctx context.Context, by who.Actor, van uuid.UUID, levels []Level) (all []Level, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		loc, err := d.van(ctx, by, van)
		if err != nil {
			return err
		}
		if !by.Sees(loc.OutletID) {
			return fault.New(fault.Forbidden, "%s is not your outlet's", loc.Called())
		}
		if err := d.checkLevels(ctx, levels); err != nil {
			return err
		}
		told := make([]map[string]any, len(levels))
		for i, l := range levels {
			if _, err := pg.Exec(ctx, d.DB(), setLevelSQL, van, l.PartID, l.Min, l.Max, inventory.ActorID(by), d.Now()); err != nil {
				return pg.Fault(err, "location")
			}
			told[i] = map[string]any{"part_id": l.PartID, "min": l.Min, "max": l.Max}
		}
		if err := d.Tell(ctx, by, "van_levels.set", van, loc.OutletID, map[string]any{"levels": told}); err != nil {
			return err
		}
		all, err = pg.Query[Level](ctx, d.DB(), levelsSQL, van)
		return err
	})
	return all, err
}

func (d *Dock) checkLevels(ctx context.Context, levels []Level) error {
	var f fault.Faults
	named := make([]inventory.Line, len(levels))
	for i, l := range levels {
		named[i].PartID = l.PartID
	}
	parts, err := d.PartsOf(ctx, named)
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	for i, l := range levels {
		at := "/levels/" + strconv.Itoa(i)
		p, known := parts[l.PartID]
		switch {
		case !known:
			f.Add(at+"/part_id", "no such %s", words.Noun("part"))
		case seen[l.PartID]:
			f.Add(at+"/part_id", "part %s stands in two lines", p.Number)
		case l.Min > l.Max:
			f.Add(at+"/min", "is more than the max of %d", l.Max)
		}
		seen[l.PartID] = true
	}
	return f.Err(fault.Invalid, "the request cannot be met as it is")
}

// RemoveLevels takes the level of a part, or all of them where part is nil, away from a van.
func (d *Dock) RemoveLevels(ctx context.Context, by who.Actor, van uuid.UUID, part *uuid.UUID) error {
	return d.DB().InTx(ctx, func(ctx context.Context) error {
		loc, err := d.van(ctx, by, van)
		if err != nil {
			return err
		}
		if !by.Sees(loc.OutletID) {
			return fault.New(fault.Forbidden, "%s is not your outlet's", loc.Called())
		}
		n, err := pg.Exec(ctx, d.DB(), `DELETE FROM van_levels WHERE location_id = $1 AND ($2::uuid IS NULL OR part_id = $2)`, van, part)
		if err != nil || n == 0 {
			return pg.Fault(err, "location")
		}
		return d.Tell(ctx, by, "van_levels.removed", van, loc.OutletID, map[string]any{"part_id": part, "levels": n})
	})
}
