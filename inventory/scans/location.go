package scans

import (
	"context"

	"callout/internal/pg"
	"callout/inventory"
)

// ofLocations tells of the places that the scan names; where they are is what they are a part of.
func (r reading) ofLocations(ctx context.Context) ([]Match, error) {
	if len(r.names[KindLocation]) == 0 {
		return nil, nil
	}
	rows, err := pg.Rows[inventory.Location](ctx, r.DB()).Where("id IN ?", r.names[KindLocation]).Find(ctx)
	if err != nil {
		return nil, err
	}
	var matches []Match
	for _, l := range rows {
		m := Match{Kind: KindLocation, ID: l.ID, Number: l.Code}
		m.Name, m.NameZh = called(l.Kind, l.Name)
		if l.WarehouseID != nil {
			whole, err := r.Locate(ctx, *l.WarehouseID)
			if err != nil {
				return nil, err
			}
			m.Where = []Place{{LocationID: whole.ID, Code: whole.Code, Name: whole.Name, Kind: whole.Kind}}
		}
		m.Actions = r.locationActions(l)
		matches = append(matches, m)
	}
	return matches, nil
}

func (r reading) locationActions(l inventory.Location) (all []Action) {
	counted := false
	for _, w := range r.due {
		if w.What == toCount && *w.PlaceID == l.ID {
			counted, all = true, append(all, countInto.on(w.ID, w.Version, w.Number))
		}
	}
	if l.Active && l.Usable(r.by) {
		if good(l.Kind) {
			all = append(all, deliverTo.on(l.ID, 0, l.Code), moveFrom.on(l.ID, 0, l.Code))
		}
	}
	his := r.Van != nil && (l.ID == *r.Van || l.WarehouseID != nil && *l.WarehouseID == *r.Van)
	if l.Active && l.Usable(r.by) && !l.Kind.Outside() && !counted && (his || !r.Bound) {
		all = append(all, openCount.on(l.ID, 0, l.Code))
	}
	return append(all, seeInside.on(l.ID, 0, l.Code), seeUnits.on(l.ID, 0, l.Code), seePlace.on(l.ID, 0, l.Code))
}
