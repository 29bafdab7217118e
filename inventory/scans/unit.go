package scans

import (
	"slices"

	"callout/inventory"

	"github.com/google/uuid"
)

// unitRow is a unit and where it is; without a location where that is another outlet's.
type unitRow struct {
	ID, PartID     uuid.UUID
	Number         string
	Name, NameZh   string
	Serial         string
	LocationID     *uuid.UUID
	LocationCode   string
	LocationName   string
	LocationKind   inventory.Kind
	WholeID        *uuid.UUID // the warehouse that the location is a part of
	JobID, AssetID *uuid.UUID
	JobNumber      *string
	AssetSerial    *string
}

const unitsSQL = `
SELECT u.id, u.part_id, p.number, p.name, p.name_zh, u.serial,
  l.id AS location_id, coalesce(l.code, '') AS location_code, coalesce(l.name, '') AS location_name, coalesce(l.kind, '') AS location_kind,
  l.warehouse_id AS whole_id, h.id AS job_id, h.number AS job_number, a.id AS asset_id, a.serial AS asset_serial
FROM units u JOIN parts p ON p.id = u.part_id
JOIN LATERAL (SELECT to_location, movement_id FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
JOIN movements v ON v.id = m.movement_id
LEFT JOIN locations l ON l.id = m.to_location AND ($1::uuid IS NULL OR l.outlet_id IS NULL OR l.outlet_id = $1)
LEFT JOIN jobs j ON j.id = v.job_id AND l.kind IN ('customer_site', 'customer_kept') AND ($1::uuid IS NULL OR j.outlet_id = $1)
LEFT JOIN assets a ON a.id = j.asset_id
LEFT JOIN LATERAL (SELECT j.id, j.number WHERE $2::uuid IS NULL
  OR EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $2 AND b.active)) h ON true
WHERE u.id = ANY($3) ORDER BY u.id DESC`

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
		matches[i].Where = u.where()
	}
	return matches
}

func (u unitRow) where() []Place {
	if u.LocationID == nil {
		return nil
	}
	return []Place{{
		LocationID: *u.LocationID, Code: u.LocationCode, Name: u.LocationName, Kind: u.LocationKind, Quantity: 1,
		JobID: u.JobID, JobNumber: u.JobNumber, AssetID: u.AssetID, AssetSerial: u.AssetSerial,
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
