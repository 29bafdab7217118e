package inventory

import (
	"context"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Balance is how many of a part a location holds, with what both are called.
type Balance struct {
	LocationID   uuid.UUID
	LocationCode string
	LocationName string
	LocationKind Kind
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string // empty where nobody translated it
	Quantity     int
	Reserved     int  // of Quantity, for part requests
	Withheld     bool // the actor counts it at this moment: the figures are nought and mean nothing
}

// StockFilter narrows a list of stock; the zero filter is all of it.
type StockFilter struct {
	LocationID *uuid.UUID
	PartID     *uuid.UUID
	Kind       Kind
	OutletID   *uuid.UUID
	Any        string // of a part's number or name
}

// StockKey is a place in a list of stock.
type StockKey struct{ LocationID, PartID uuid.UUID }

// What lies outside the house sums over every outlet, and is not an outlet's to read.
const stockSQL = `
SELECT b.location_id, l.code AS location_code, l.name AS location_name, l.kind AS location_kind,
  b.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, b.quantity, b.reserved
FROM balances b JOIN locations l ON l.id = b.location_id JOIN parts p ON p.id = b.part_id
WHERE (b.location_id, b.part_id) > ($1, $2) AND b.quantity <> 0
  AND ($3::uuid IS NULL OR l.outlet_id = $3 OR (l.outlet_id IS NULL AND NOT l.may_go_negative))
  AND ($4::uuid IS NULL OR b.location_id = $4) AND ($5::uuid IS NULL OR b.part_id = $5) AND ($6 = '' OR l.kind = $6)
  AND ($7::uuid IS NULL OR l.outlet_id = $7) AND ($8 = '' OR p.number || ' ' || p.name || ' ' || p.name_zh ILIKE '%' || $8 || '%')
ORDER BY b.location_id, b.part_id LIMIT $9`

// ListStock returns what is where within the actor's scope, and the place to go on from; zero at the end.
// How much there is of what he counts is withheld.
func (l *Ledger) ListStock(ctx context.Context, by who.Actor, f StockFilter, after StockKey, limit int) ([]Balance, StockKey, error) {
	rows, err := pg.Query[Balance](ctx, l.db, stockSQL, after.LocationID, after.PartID, by.OutletID, f.LocationID, f.PartID, f.Kind,
		f.OutletID, literal.Replace(f.Any), limit+1)
	if err != nil {
		return nil, StockKey{}, err
	}
	blind, err := l.Blind(ctx, by)
	blind.Withhold(rows)
	if err != nil || len(rows) <= limit {
		return rows, StockKey{}, err
	}
	last := rows[limit-1]
	return rows[:limit], StockKey{last.LocationID, last.PartID}, nil
}

const holdingsSQL = heirsSQL + `
SELECT b.location_id, h.part_id, sum(b.quantity)::int AS quantity FROM balances b JOIN heirs h ON h.heir_id = b.part_id
WHERE b.location_id = ANY($2) AND b.quantity > 0 GROUP BY 1, 2`

// Holdings counts, by van and part, what vans hold now of the part and of what takes its place. What a van
// does not hold is absent.
func (l *Ledger) Holdings(ctx context.Context, vans, parts []uuid.UUID) (map[uuid.UUID]map[uuid.UUID]int, error) {
	rows, err := pg.Query[Balance](ctx, l.db, holdingsSQL, parts, vans)
	held := map[uuid.UUID]map[uuid.UUID]int{}
	for _, b := range rows {
		if held[b.LocationID] == nil {
			held[b.LocationID] = map[uuid.UUID]int{}
		}
		held[b.LocationID][b.PartID] = b.Quantity
	}
	return held, err
}

// Store is a warehouse or a shop's shelf that holds a part, or one that takes its place.
type Store struct {
	PartID     uuid.UUID // that was asked about
	PartNumber string    // of what is there
	LocationID uuid.UUID
	Name       string
	Position   pg.Point
	Free       int // pieces that nobody has reserved, its bins' included
}

const storesSQL = heirsSQL + `
SELECT h.part_id, p.number AS part_number, w.id AS location_id, w.name, w.position, sum(b.quantity - b.reserved)::int AS free
FROM balances b JOIN locations l ON l.id = b.location_id JOIN locations w ON w.id = coalesce(l.warehouse_id, l.id) JOIN parts p ON p.id = b.part_id JOIN heirs h ON h.heir_id = b.part_id
WHERE b.quantity > b.reserved AND l.kind IN ('warehouse', 'bin', 'outlet') AND l.active AND w.active AND w.position IS NOT NULL
  AND ($2::uuid IS NULL OR w.outlet_id IS NULL OR w.outlet_id = $2)
GROUP BY h.part_id, h.step, p.id, w.id ORDER BY h.part_id, h.step, w.id`

// Stores says which stores of an outlet, and of everybody, hold parts that are free, as far as
// their positions are known; without an outlet those of all.
func (l *Ledger) Stores(ctx context.Context, parts []uuid.UUID, outlet *uuid.UUID) ([]Store, error) {
	return pg.Query[Store](ctx, l.db, storesSQL, parts, outlet)
}
