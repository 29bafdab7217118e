package inventory

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Unit is one thing with a serial. Its place is where its last step led; nil where that is another
// outlet's and not the actor's to know.
type Unit struct {
	ID           uuid.UUID
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string // empty where nobody translated it
	Serial       string
	LocationID   *uuid.UUID
	LocationName *string
	LocationKind *Kind
	Withheld     bool // where it is: the actor counts there at this moment
	CreatedAt    time.Time
	Path         []Step // read by FindUnit alone
}

// Step is one movement on the path of a unit.
type Step struct {
	Seq          int
	MovementID   uuid.UUID
	Kind         MovementKind
	FromLocation uuid.UUID
	ToLocation   uuid.UUID
	JobID        *uuid.UUID
	MovedAt      time.Time
	Scan         *string // as the scanner read it
}

// UnitFilter narrows a list of units; the zero filter is all of them.
type UnitFilter struct {
	PartID     *uuid.UUID
	Serial     string
	LocationID *uuid.UUID
}

// An outlet's user sees the units that ever were at a location of his outlet.
const unitsSQL = `
SELECT u.id, u.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, u.serial, u.created_at,
  l.id AS location_id, l.name AS location_name, l.kind AS location_kind
FROM units u JOIN parts p ON p.id = u.part_id
JOIN LATERAL (SELECT to_location FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
LEFT JOIN locations l ON l.id = m.to_location AND ($1::uuid IS NULL OR l.outlet_id IS NULL OR l.outlet_id = $1)
WHERE ($1::uuid IS NULL OR EXISTS (SELECT FROM unit_moves s JOIN locations o ON o.id IN (s.from_location, s.to_location)
  WHERE s.unit_id = u.id AND o.outlet_id = $1))`

// Of what is being counted ($7, $8) only a serial finds a unit: a list of them would be what is expected.
const listUnitsSQL = unitsSQL + `
  AND u.id > $2 AND ($3::uuid IS NULL OR u.part_id = $3) AND ($4 = '' OR u.serial = $4) AND ($5::uuid IS NULL OR l.id = $5)
  AND ($4 <> '' AND $5::uuid IS NULL OR NOT EXISTS (SELECT FROM unnest($7::uuid[], $8::uuid[]) AS k (place, part)
    WHERE k.place = m.to_location AND (k.part IS NULL OR k.part = u.part_id)))
ORDER BY u.id LIMIT $6`

// ListUnits finds units by part, serial or place within the actor's scope, and the id to go on from; uuid.Nil at the end.
// What lies where he counts is left out, unless it is looked for by its serial.
func (l *Ledger) ListUnits(ctx context.Context, by who.Actor, f UnitFilter, after uuid.UUID, limit int) ([]Unit, uuid.UUID, error) {
	blind, err := l.Blind(ctx, by)
	if err != nil {
		return nil, uuid.Nil, err
	}
	places, parts := blind.spotsOf()
	rows, err := pg.Query[Unit](ctx, l.db, listUnitsSQL, by.OutletID, after, f.PartID, f.Serial, f.LocationID, limit+1, places, parts)
	for i := range rows {
		rows[i].withhold(blind)
	}
	page, next := Cut(rows, limit, func(u Unit) uuid.UUID { return u.ID })
	return page, next, err
}

// withhold takes away where the unit is, if that is being counted by whoever is blind.
func (u *Unit) withhold(blind Blind) {
	if u.LocationID != nil && blind.Hides(*u.LocationID, u.PartID) {
		u.LocationID, u.LocationName, u.LocationKind, u.Withheld = nil, nil, nil, true
	}
}

const pathSQL = `
SELECT s.seq, s.movement_id, m.kind, s.from_location, s.to_location, m.job_id, m.moved_at, s.scan
FROM unit_moves s JOIN movements m ON m.id = s.movement_id
WHERE s.unit_id = $1
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM locations l WHERE l.id IN (s.from_location, s.to_location) AND l.outlet_id = $2))
ORDER BY s.seq DESC LIMIT 500`

// FindUnit returns one unit with its path, newest step first and 500 at the most: as much of it
// as touches the actor's outlet. Where it is, and the step that led there, is withheld while he counts there.
func (l *Ledger) FindUnit(ctx context.Context, by who.Actor, id uuid.UUID) (Unit, error) {
	rows, err := pg.Query[Unit](ctx, l.db, unitsSQL+` AND u.id = $2`, by.OutletID, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("unit"))
	}
	if err != nil {
		return Unit{}, err
	}
	u := rows[0]
	if u.Path, err = pg.Query[Step](ctx, l.db, pathSQL, id, by.OutletID); err != nil {
		return u, err
	}
	blind, err := l.Blind(ctx, by)
	if at := u.LocationID; at != nil {
		if u.withhold(blind); u.Withheld && len(u.Path) > 0 && u.Path[0].ToLocation == *at {
			u.Path = u.Path[1:]
		}
	}
	return u, err
}
