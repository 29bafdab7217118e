package scans

import (
	"context"
	"fmt"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/labels"

	"github.com/google/uuid"
)

// Tag is what somebody wants a label of: a part, one of its units that is yet to come (with a serial),
// a unit, or a location.
type Tag struct {
	PartID     *uuid.UUID
	Serial     string
	UnitID     *uuid.UUID
	LocationID *uuid.UUID
	Copies     int
}

const tagUnitsSQL = `
SELECT u.id, u.part_id, u.serial FROM units u
WHERE u.id = ANY($2) AND ($1::uuid IS NULL OR EXISTS (SELECT FROM unit_moves m JOIN locations l ON l.id IN (m.from_location, m.to_location)
  WHERE m.unit_id = u.id AND l.outlet_id = $1))`

const tagLocationsSQL = `
SELECT id, code, name, kind FROM locations WHERE id = ANY($2) AND ($1::uuid IS NULL OR outlet_id IS NULL OR outlet_id = $1)`

// Labels says what stands on the labels of things, all within the actor's scope.
func (s *Scanner) Labels(ctx context.Context, by who.Actor, tags []Tag) ([]labels.Label, error) {
	var f fault.Faults
	var partIDs, unitIDs, locationIDs []uuid.UUID
	for i, t := range tags {
		t.check(fmt.Sprintf("/items/%d", i), &f)
		partIDs, unitIDs, locationIDs = add(partIDs, t.PartID), add(unitIDs, t.UnitID), add(locationIDs, t.LocationID)
	}
	if err := f.Err(fault.Invalid, "the labels cannot be printed"); err != nil {
		return nil, err
	}
	type unit struct {
		ID, PartID uuid.UUID
		Serial     string
	}
	units, err := keyed(ctx, s.DB(), tagUnitsSQL, by, unitIDs, func(u unit) uuid.UUID { return u.ID })
	if err != nil {
		return nil, err
	}
	places, err := keyed(ctx, s.DB(), tagLocationsSQL, by, locationIDs, func(l inventory.Location) uuid.UUID { return l.ID })
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		partIDs = append(partIDs, u.PartID)
	}
	parts := map[uuid.UUID]inventory.Part{}
	if len(partIDs) > 0 {
		if parts, err = s.PartNames(ctx, partIDs); err != nil {
			return nil, err
		}
	}
	all := make([]labels.Label, len(tags))
	for i, t := range tags {
		at := fmt.Sprintf("/items/%d", i)
		switch {
		case t.LocationID != nil:
			l, known := places[*t.LocationID]
			if !known {
				f.Add(at+"/location_id", "no such %s", words.Noun("location"))
			}
			all[i] = ofPlace(l)
		case t.UnitID != nil:
			u, known := units[*t.UnitID]
			if !known {
				f.Add(at+"/unit_id", "no such %s", words.Noun("unit"))
			}
			all[i] = ofUnit(parts[u.PartID], u.Serial)
		default:
			p, known := parts[*t.PartID]
			switch {
			case !known:
				f.Add(at+"/part_id", "no such %s", words.Noun("part"))
			case t.Serial != "" && !p.Serialized:
				f.Add(at+"/serial", "part %s has no serials", p.Number)
			case t.Serial != "":
				all[i] = ofUnit(p, t.Serial)
			default:
				all[i] = labels.OfPart(p.Number, p.Name, p.NameZh)
			}
		}
		all[i].Copies = max(t.Copies, 1)
	}
	return all, f.Err(fault.Invalid, "the labels cannot be printed")
}

// check refuses a tag that names nothing, or more than one thing.
func (t Tag) check(at string, f *fault.Faults) {
	named := 0
	for _, id := range []*uuid.UUID{t.PartID, t.UnitID, t.LocationID} {
		if id != nil {
			named++
		}
	}
	switch {
	case named != 1:
		f.Add(at, "must name one of part, unit and location")
	case t.Serial != "" && t.PartID == nil:
		f.Add(at+"/serial", "stands beside a part alone")
	}
}

func ofUnit(p inventory.Part, serial string) labels.Label {
	gtin := ""
	if p.GTIN != nil {
		gtin = *p.GTIN
	}
	return labels.OfUnit(p.Number, p.Name, p.NameZh, gtin, serial)
}

func ofPlace(l inventory.Location) labels.Label {
	english, chinese := called(l.Kind, l.Name)
	if chinese == english {
		chinese = ""
	}
	return labels.OfLocation(l.Code, english, chinese)
}

// keyed reads rows of ids within the actor's scope.
func keyed[T any](ctx context.Context, db *pg.DB, sql string, by who.Actor, ids []uuid.UUID, id func(T) uuid.UUID) (map[uuid.UUID]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := pg.Query[T](ctx, db, sql, by.OutletID, ids)
	all := map[uuid.UUID]T{}
	for _, row := range rows {
		all[id(row)] = row
	}
	return all, err
}

func add(ids []uuid.UUID, id *uuid.UUID) []uuid.UUID {
	if id == nil {
		return ids
	}
	return append(ids, *id)
}
