package scans

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// unitRow is a unit and where it is; without a location where that is another outlet's.
type unitRow struct {
	ID, PartID   uuid.UUID
	Number       string
	Name, NameZh string
	Serial       string
	LocationID   *uuid.UUID
	LocationCode string
	LocationName string
	LocationKind inventory.Kind
	WholeID      *uuid.UUID // the warehouse that the location is a part of
	MovementID   uuid.UUID  // that brought it there
}

const unitsSQL = `
SELECT u.id, u.part_id, p.number, p.name, p.name_zh, u.serial,
  l.id AS location_id, coalesce(l.code, '') AS location_code, coalesce(l.name, '') AS location_name, coalesce(l.kind, '') AS location_kind,
  l.warehouse_id AS whole_id, m.movement_id
FROM units u JOIN parts p ON p.id = u.part_id
JOIN LATERAL (SELECT to_location, movement_id FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
LEFT JOIN locations l ON l.id = m.to_location AND ($1::uuid IS NULL OR l.outlet_id IS NULL OR l.outlet_id = $1)
WHERE u.id = ANY($2) ORDER BY u.id DESC`

// visit is where at a customer's a unit is: on which job it came there, and in which thing of his it sits.
type visit struct {
	MovementID  uuid.UUID
	JobID       *uuid.UUID // nil: a mate's
	JobNumber   *string
	AssetID     *uuid.UUID
	AssetSerial *string
}

const visitsSQL = `
SELECT v.id AS movement_id, h.id AS job_id, h.number AS job_number, a.id AS asset_id, a.serial AS asset_serial
FROM movements v JOIN jobs j ON j.id = v.job_id AND ($1::uuid IS NULL OR j.outlet_id = $1)
LEFT JOIN assets a ON a.id = j.asset_id
LEFT JOIN LATERAL (SELECT j.id, j.number WHERE $2::uuid IS NULL
  OR EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $2 AND b.active)) h ON true
WHERE v.id = ANY($3)`

// readUnits reads the units that the scan names, and on which jobs those came to customers that are there.
func (r *reading) readUnits(ctx context.Context) (err error) {
	if len(r.names[KindUnit]) == 0 {
		return nil
	}
	if r.units, err = pg.Query[unitRow](ctx, r.DB(), unitsSQL, r.by.OutletID, r.names[KindUnit]); err != nil {
		return err
	}
	var there []uuid.UUID
	for _, u := range r.units {
		if u.LocationKind == inventory.KindCustomerSite || u.LocationKind == inventory.KindCustomerKept {
			there = append(there, u.MovementID)
		}
	}
	if len(there) == 0 {
		return nil
	}
	rows, err := pg.Query[visit](ctx, r.DB(), visitsSQL, r.by.OutletID, inventory.OnlyHis(r.by), there)
	r.visits = map[uuid.UUID]visit{}
	for _, v := range rows {
		r.visits[v.MovementID] = v
	}
	return err
}

// ofUnits tells of the units that the scan names.
func (r reading) ofUnits() []Match {
	matches := make([]Match, len(r.units))
	for i, u := range r.units {
		matches[i] = Match{
			Kind: KindUnit, ID: u.ID, Number: u.Number + " " + u.Serial, Name: u.Name, NameZh: u.NameZh,
			Actions: u.actions(r.vantage, r.due),
		}
		if u.LocationID != nil && r.blind.Hides(*u.LocationID, u.PartID) {
			matches[i].Withheld = true
			continue
		}
		matches[i].Where = u.where(r.visits[u.MovementID])
	}
	return matches
}

func (u unitRow) where(v visit) []Place {
	if u.LocationID == nil {
		return nil
	}
	return []Place{{
		LocationID: *u.LocationID, Code: u.LocationCode, Name: u.LocationName, Kind: u.LocationKind, Quantity: 1,
		JobID: v.JobID, JobNumber: v.JobNumber, AssetID: v.AssetID, AssetSerial: v.AssetSerial,
	}}
}

// actions are what can be done with a unit where it is.
func (u unitRow) actions(h vantage, due []waitingRow) (all []Action) {
	mine := h.Van != nil && u.LocationID != nil && *h.Van == *u.LocationID
	returned := false // an old part goes the way of its return
	for _, w := range due {
		switch {
		case w.What == toCount && u.LocationID != nil && *w.PlaceID == *u.LocationID, w.What == toCount && h.LocationID != nil && *w.PlaceID == *h.LocationID:
			all = append(all, countInto.on(w.ID, w.Version, w.Number))
		case !w.of(u.PartID):
		case w.What == toIssue && good(u.LocationKind) && w.from(*u.LocationID, u.WholeID):
			all = append(all, issue.on(w.ID, w.Version, w.Number))
		case w.What == toReceive && u.LocationKind == inventory.KindTransit && slices.Contains(w.Serials, u.Serial):
			all = append(all, receive.on(w.ID, w.Version, w.Number))
		case w.What == toReturn && slices.Contains(w.Serials, u.Serial):
			returned = true
			all = append(all, w.actions(KindPartReturn)...)
		case w.What == toArrive && slices.Contains(w.Serials, u.Serial):
			all = append(all, w.actions(KindTransfer)...)
		}
	}
	if mine {
		for _, j := range h.Jobs {
			all = append(all, use.on(j.ID, 0, j.Number))
		}
	}
	if slices.Contains(movable, u.LocationKind) && (mine || !h.Bound) {
		if good(u.LocationKind) {
			all = append(all, moveUnit.on(u.ID, 0, u.Serial))
		}
		if good(u.LocationKind) || mine {
			all = append(all, sendUnit.on(u.ID, 0, u.Serial))
		}
	}
	if u.LocationKind == inventory.KindQuarantine && !returned {
		all = append(all, release.on(u.ID, 0, u.Serial))
	}
	return append(all, seeUnit.on(u.ID, 0, u.Serial))
}
