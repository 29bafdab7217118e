package scans

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/internal/who"
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
		m := Match{Kind: KindLocation, ID: l.ID, Number: l.Code, Name: l.Name}
		if l.WarehouseID != nil {
			whole, err := r.Locate(ctx, *l.WarehouseID)
			if err != nil {
				return nil, err
			}
			m.Where = []Place{{LocationID: whole.ID, Code: whole.Code, Name: whole.Name, Kind: whole.Kind}}
		}
		m.Actions = locationActions(r.by, l)
		matches = append(matches, m)
	}
	return matches, nil
}

func locationActions(by who.Actor, l inventory.Location) (all []Action) {
	if l.Active && l.Usable(by) {
		if good(l.Kind) {
			all = append(all, deliverTo.on(l.ID, 0, l.Code))
		}
		if slices.Contains(movable, l.Kind) {
			all = append(all, moveFrom.on(l.ID, 0, l.Code))
		}
	}
	return append(all, seeInside.on(l.ID, 0, l.Code), seeUnits.on(l.ID, 0, l.Code), seePlace.on(l.ID, 0, l.Code))
}
