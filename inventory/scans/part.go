package scans

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

type stockRow struct {
	Place

	PartID  uuid.UUID
	WholeID *uuid.UUID
}

// seen is the place as the actor may know it: of what he counts not how many are there.
func (s stockRow) seen(blind inventory.Blind) Place {
	p := s.Place
	if blind.Hides(p.LocationID, s.PartID) {
		p.Quantity, p.Reserved, p.Withheld = 0, 0, true
	}
	return p
}

// The nearest first: the actor's own van, where he stands, then what parts are handed out from.
const stockSQL = `
SELECT part_id, whole_id, location_id, code, name, kind, quantity, reserved FROM (
  SELECT b.part_id, l.warehouse_id AS whole_id, l.id AS location_id, l.code, l.name, l.kind, b.quantity, b.reserved,
    row_number() OVER (PARTITION BY b.part_id ORDER BY coalesce(l.id = $3, false) DESC, coalesce(l.id = $4 OR l.warehouse_id = $4, false) DESC,
      array_position(ARRAY['warehouse', 'bin', 'outlet', 'van', 'transit', 'quarantine', 'defective', 'collected', 'returning', 'vendor_repair'], l.kind),
      b.quantity DESC, l.id) AS nearness
  FROM balances b JOIN locations l ON l.id = b.location_id
  WHERE b.part_id = ANY($2) AND b.quantity <> 0 AND NOT l.may_go_negative AND ($1::uuid IS NULL OR l.outlet_id IS NULL OR l.outlet_id = $1)) s
WHERE nearness <= 20 ORDER BY part_id, nearness`

// ofParts tells of the parts that the scan names, with the stock in the actor's scope.
func (r reading) ofParts(ctx context.Context) ([]Match, error) {
	ids := r.names[KindPart]
	if len(ids) == 0 {
		return nil, nil
	}
	named, err := r.PartNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	stock, err := pg.Query[stockRow](ctx, r.DB(), stockSQL, r.by.OutletID, ids, r.Van, r.LocationID)
	if err != nil {
		return nil, err
	}
	var matches []Match
	for _, id := range ids {
		p := named[id]
		m := Match{Kind: KindPart, ID: id, Number: p.Number, Name: p.Name, NameZh: p.NameZh}
		var stocked []stockRow
		for _, row := range stock {
			if row.PartID == id {
				stocked, m.Where = append(stocked, row), append(m.Where, row.seen(r.blind))
			}
		}
		m.Actions = partActions(id, p.Number, p.Serialized, r.vantage, stocked, r.due)
		matches = append(matches, m)
	}
	return matches, nil
}

// partActions are what can be done with a part that has no serial on the scan. What has serials is
// issued and used by them.
func partActions(id uuid.UUID, number string, serialized bool, h vantage, stock []stockRow, due []waitingRow) (all []Action) {
	for _, w := range due {
		switch {
		case w.What == toCount && h.LocationID != nil && *w.PlaceID == *h.LocationID:
			all = append(all, countInto.on(w.ID, w.Version, w.Number))
		case !w.of(id):
		case w.What == toIssue && slices.ContainsFunc(stock, func(s stockRow) bool { return good(s.Kind) && s.Quantity > 0 && w.from(s.LocationID, s.WholeID) }):
			all = append(all, issue.on(w.ID, w.Version, w.Number))
		case w.What == toReceive:
			all = append(all, receive.on(w.ID, w.Version, w.Number))
		case w.What == toDeliver:
			all = append(all, w.actions(KindDelivery)...)
		case w.What == toArrive && !serialized:
			all = append(all, w.actions(KindTransfer)...)
		}
	}
	mine := func(s stockRow) bool { return h.Van != nil && s.LocationID == *h.Van && s.Quantity > 0 }
	if !serialized && slices.ContainsFunc(stock, mine) {
		for _, j := range h.Jobs {
			all = append(all, use.on(j.ID, 0, j.Number))
		}
	}
	ours := func(s stockRow) bool { return good(s.Kind) && s.Quantity > 0 && !h.Bound }
	if slices.ContainsFunc(stock, ours) {
		all = append(all, movePart.on(id, 0, number))
	}
	if slices.ContainsFunc(stock, ours) || slices.ContainsFunc(stock, mine) {
		all = append(all, sendPart.on(id, 0, number))
	}
	return append(all,
		askFor.on(id, 0, number), takeIn.on(id, 0, number), seeStock.on(id, 0, number), seePart.on(id, 0, number))
}
