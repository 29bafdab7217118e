package scans

import (
	"context"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// locationRow is a place, what it is a part of, and whether it holds something back.
type locationRow struct {
	inventory.Location

	WholeCode, WholeName string
	WholeKind            inventory.Kind
	Held                 bool
}

const locationsSQL = `
SELECT l.id, l.code, l.name, l.kind, l.outlet_id, l.warehouse_id, l.active, coalesce(w.code, '') AS whole_code, coalesce(w.name, '') AS whole_name, coalesce(w.kind, '') AS whole_kind,
  l.kind = 'quarantine' AND EXISTS (SELECT FROM balances b WHERE b.location_id = l.id AND b.quantity > 0) AS held
FROM locations l LEFT JOIN locations w ON w.id = l.warehouse_id WHERE l.id = ANY($1) ORDER BY l.id`

// ofLocations tells of the places that the scan names; where they are is what they are a part of.
func (r reading) ofLocations(ctx context.Context) ([]Match, error) {
	if len(r.names[KindLocation]) == 0 {
		return nil, nil
	}
	rows, err := pg.Query[locationRow](ctx, r.DB(), locationsSQL, r.names[KindLocation])
	matches := make([]Match, len(rows))
	for i, l := range rows {
		m := Match{Kind: KindLocation, ID: l.ID, Number: l.Code}
		m.Name, m.NameZh = called(l.Kind, l.Name)
		if l.WarehouseID != nil {
			m.Where = []Place{{LocationID: *l.WarehouseID, Code: l.WholeCode, Name: l.WholeName, Kind: l.WholeKind}}
		}
		m.Actions = r.locationActions(l)
		matches[i] = m
	}
	return matches, err
}

func (r reading) locationActions(l locationRow) (all []Action) {
	do := func(verbs ...Verb) {
		for _, v := range verbs {
			all = append(all, v.on(l.ID, 0, l.Code))
		}
	}
	counted := false
	for _, w := range r.due {
		if w.What == toCount && *w.PlaceID == l.ID {
			counted, all = true, append(all, countInto.on(w.ID, w.Version, w.Number))
		}
	}
	if usable := l.Active && l.Usable(r.by); usable {
		if r.clears(&l.ID, nil, l.Held) {
			do(clearPlace)
		}
		if l.Kind == inventory.KindWarehouse || l.Kind == inventory.KindOutlet {
			do(announceTo)
		}
		if good(l.Kind) {
			do(deliverTo, moveFrom)
		}
		his := r.Van != nil && (l.ID == *r.Van || l.WarehouseID != nil && *l.WarehouseID == *r.Van)
		if !l.Kind.Outside() && !counted && (his || !r.Bound) {
			do(openCount)
		}
	}
	if l.Kind == inventory.KindQuarantine {
		do(seeHeldIn)
	}
	do(seeInside, seeUnits, seePlace)
	return all
}

// clears says whether somebody may be told that something is held back in a place or of a part: who counts
// there is not.
func (r reading) clears(location, part *uuid.UUID, held bool) bool {
	return held && !r.Bound && !r.blind.Touches(location, part)
}
