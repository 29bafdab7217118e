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

// VanLevels are the levels of one van as they are at a version.
type VanLevels struct {
	Version int
	Items   []Level // by the parts' numbers
}

const levelsSQL = `
SELECT v.location_id, v.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, v.min, v.max, v.set_by, v.set_at
FROM van_levels v JOIN parts p ON p.id = v.part_id WHERE v.location_id = $1 ORDER BY p.number`

// Levels returns the levels of a van within the actor's scope.
func (d *Dock) Levels(ctx context.Context, by who.Actor, van uuid.UUID) (VanLevels, error) {
	if _, err := d.van(ctx, by, van); err != nil {
		return VanLevels{}, err
	}
	return d.readLevels(ctx, van, "")
}

func (d *Dock) readLevels(ctx context.Context, van uuid.UUID, lock string) (all VanLevels, err error) {
	if all.Version, err = pg.One[int](ctx, d.DB(), `SELECT levels_version FROM locations WHERE id = $1`+lock, van); err != nil {
		return all, pg.Fault(err, "location")
	}
	all.Items, err = pg.Query[Level](ctx, d.DB(), levelsSQL, van)
	return all, err
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

// SetLevels sets the levels of a van, which the client read at version, for some parts and leaves its others as they are.
func (d *Dock) SetLevels(ctx context.Context, by who.Actor, van uuid.UUID, version int, levels []Level) (VanLevels, error) {
	return d.changeLevels(ctx, by, van, version, "van_levels.set", func(ctx context.Context) (map[string]any, error) {
		if err := d.checkLevels(ctx, levels); err != nil {
			return nil, err
		}
		told := make([]map[string]any, len(levels))
		for i, l := range levels {
			if _, err := pg.Exec(ctx, d.DB(), setLevelSQL, van, l.PartID, l.Min, l.Max, inventory.ActorID(by), d.Now()); err != nil {
				return nil, pg.Fault(err, "location")
			}
			told[i] = map[string]any{"part_id": l.PartID, "min": l.Min, "max": l.Max}
		}
		return map[string]any{"levels": told}, nil
	})
}

// changeLevels changes the levels of a van that nobody changed since version, and tells of it. Where do has nothing to tell, nothing changed.
func (d *Dock) changeLevels(ctx context.Context, by who.Actor, van uuid.UUID, version int, kind string, do func(context.Context) (map[string]any, error)) (all VanLevels, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		loc, err := d.van(ctx, by, van)
		if err != nil {
			return err
		}
		if !by.Sees(loc.OutletID) {
			return fault.New(fault.Forbidden, "%s is not your outlet's", loc.Called())
		}
		if all, err = d.readLevels(ctx, van, ` FOR NO KEY UPDATE`); err != nil {
			return err
		}
		if err := inventory.Stale("set of levels", version, all.Version); err != nil {
			return err
		}
		told, err := do(ctx)
		if err != nil || told == nil {
			return err
		}
		if _, err := pg.Exec(ctx, d.DB(), `UPDATE locations SET levels_version = levels_version + 1 WHERE id = $1`, van); err != nil {
			return pg.Fault(err, "location")
		}
		if err := d.Tell(ctx, by, kind, van, loc.OutletID, told); err != nil {
			return err
		}
		all, err = d.readLevels(ctx, van, "")
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

// RemoveLevels takes the level of a part away from a van, or all of them: one of the two must be said.
func (d *Dock) RemoveLevels(ctx context.Context, by who.Actor, van uuid.UUID, version int, part *uuid.UUID, all bool) error {
	_, err := d.changeLevels(ctx, by, van, version, "van_levels.removed", func(ctx context.Context) (map[string]any, error) {
		if (part == nil) != all {
			return nil, inventory.Wrong("/part_id", "name one part, or all=true for every level of the van")
		}
		n, err := pg.Exec(ctx, d.DB(), `DELETE FROM van_levels WHERE location_id = $1 AND ($2::uuid IS NULL OR part_id = $2)`, van, part)
		if err != nil || n == 0 {
			return nil, pg.Fault(err, "location")
		}
		return map[string]any{"part_id": part, "levels": n}, nil
	})
	return err
}
