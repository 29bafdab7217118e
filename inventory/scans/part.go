package scans

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// partRow is a part, and one of the places that hold it; the first row alone where none does.
type partRow struct {
	PartID       uuid.UUID
	Number       string
	Name, NameZh string
	Serialized   bool
	Held         bool // some of it is held back

	LocationID         *uuid.UUID
	WholeID            *uuid.UUID
	PlaceCode          string
	PlaceName          string
	PlaceKind          inventory.Kind
	Quantity, Reserved int
}

// seen is the place as the actor may know it: of what he counts not how many are there.
func (p partRow) seen(blind inventory.Blind) Place {
	at := Place{LocationID: *p.LocationID, Code: p.PlaceCode, Name: p.PlaceName, Kind: p.PlaceKind, Quantity: p.Quantity, Reserved: p.Reserved}
	if blind.Hides(at.LocationID, p.PartID) {
		at.Quantity, at.Reserved, at.Withheld = 0, 0, true
	}
	return at
}

// The nearest first: the actor's own van, where he stands, then what parts are handed out from.
const partsSQL = `
SELECT p.id AS part_id, p.number, p.name, p.name_zh, p.serialized, coalesce(s.held, false) AS held, s.location_id, s.whole_id, coalesce(s.code, '') AS place_code, coalesce(s.name, '') AS place_name, coalesce(s.kind, '') AS place_kind,
  coalesce(s.quantity, 0) AS quantity, coalesce(s.reserved, 0) AS reserved
FROM parts p LEFT JOIN LATERAL (
  SELECT l.id AS location_id, l.warehouse_id AS whole_id, l.code, l.name, l.kind, b.quantity, b.reserved,
    bool_or(l.kind = 'quarantine' AND b.quantity > 0) OVER () AS held, row_number() OVER (ORDER BY coalesce(l.id = $3, false) DESC, coalesce(l.id = $4 OR l.warehouse_id = $4, false) DESC,
      array_position(ARRAY['warehouse', 'bin', 'outlet', 'van', 'transit', 'quarantine', 'defective', 'collected', 'returning', 'vendor_repair'], l.kind),
      b.quantity DESC, l.id) AS nearness
  FROM balances b JOIN locations l ON l.id = b.location_id
  WHERE b.part_id = p.id AND b.quantity <> 0 AND NOT l.may_go_negative AND ($1::uuid IS NULL OR l.outlet_id IS NULL OR l.outlet_id = $1)
  ORDER BY nearness LIMIT 20) s ON true
WHERE p.id = ANY($2) ORDER BY array_position($2, p.id), s.nearness`

// ofParts tells of the parts that the scan names, with the stock in the actor's scope.
func (r reading) ofParts(ctx context.Context) ([]Match, error) {
	if len(r.names[KindPart]) == 0 {
		return nil, nil
	}
	rows, err := pg.Query[partRow](ctx, r.DB(), partsSQL, r.by.OutletID, r.names[KindPart], r.Van, r.LocationID)
	var matches []Match
	for len(rows) > 0 {
		p := rows[0]
		m := Match{Kind: KindPart, ID: p.PartID, Number: p.Number, Name: p.Name, NameZh: p.NameZh}
		n := 0
		for ; n < len(rows) && rows[n].PartID == p.PartID; n++ {
			if rows[n].LocationID != nil {
				m.Where = append(m.Where, rows[n].seen(r.blind))
			}
		}
		m.Actions = r.partActions(rows[:n])
		matches, rows = append(matches, m), rows[n:]
	}
	return matches, err
}

// partActions are what can be done with a part that has no serial on the scan, by the places that hold it.
// What has serials is issued and used by them.
func (r reading) partActions(stock []partRow) (all []Action) {
	p := stock[0]
	do := func(verbs ...Verb) {
		for _, v := range verbs {
			all = append(all, v.on(p.PartID, 0, p.Number))
		}
	}
	for _, w := range r.due {
		switch {
		case w.What == toCount && r.LocationID != nil && *w.PlaceID == *r.LocationID:
			all = append(all, countInto.on(w.ID, w.Version, w.Number))
		case !w.of(p.PartID):
		case w.What == toIssue && slices.ContainsFunc(stock, func(s partRow) bool {
			return good(s.PlaceKind) && s.Quantity > 0 && w.from(*s.LocationID, s.WholeID)
		}):
			all = append(all, issue.on(w.ID, w.Version, w.Number))
		case w.What == toReceive:
			all = append(all, receive.on(w.ID, w.Version, w.Number))
		case w.What == toDeliver:
			all = append(all, w.actions(KindDelivery)...)
		case w.What == toArrive && !p.Serialized:
			all = append(all, w.actions(KindTransfer)...)
		}
	}
	mine := slices.ContainsFunc(stock, func(s partRow) bool {
		return r.Van != nil && s.LocationID != nil && *s.LocationID == *r.Van && s.Quantity > 0
	})
	if !p.Serialized && mine {
		for _, j := range r.Jobs {
			all = append(all, use.on(j.ID, 0, j.Number))
		}
	}
	ours := !r.Bound && slices.ContainsFunc(stock, func(s partRow) bool { return good(s.PlaceKind) && s.Quantity > 0 })
	if ours {
		do(movePart)
	}
	if ours || mine {
		do(sendPart)
	}
	if r.clears(nil, &p.PartID, p.Held) {
		do(clearPart, seeHeld)
	}
	do(askFor, announce, takeIn, seeStock, seePart)
	return all
}
