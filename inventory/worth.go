package inventory

import (
	"context"
	"math"

	"callout/internal/pg"

	"github.com/google/uuid"
)

// cost is what one piece of a part costs, as far as anybody knows.
type cost struct {
	ID        uuid.UUID
	Currency  string
	ListPrice *int64
	Quantity  int
	Value     int64
	LastCost  float64
}

// Good stock's average says what a part costs, and its list price what it costs at the least: no receipt
// at next to nothing makes a dear part cheap.
const costsSQL = `
SELECT p.id, p.currency, p.list_price, coalesce(v.quantity, 0) AS quantity, coalesce(v.value, 0) AS value, coalesce(v.last_cost, 0)::float8 AS last_cost
FROM parts p LEFT JOIN part_values v ON v.part_id = p.id AND v.pool = 'good' WHERE p.id = ANY($1)`

// each is the cost of one piece; 0 where nobody knows it.
func (c cost) each() float64 {
	n := max(0, c.LastCost)
	if c.Quantity > 0 && c.Value > 0 {
		n = float64(c.Value) / float64(c.Quantity)
	}
	if c.ListPrice != nil {
		n = max(n, float64(*c.ListPrice))
	}
	return n
}

// Amount is so many pieces of a part.
type Amount struct {
	PartID   uuid.UUID
	Quantity int
}

// Worth is what good parts are worth together, in minor units of one currency. Where a part has no
// cost and no price, or the parts are not of one currency, nobody can say: nil.
func (l *Ledger) Worth(ctx context.Context, all []Amount) (value *int64, currency *string, err error) {
	parts := make([]uuid.UUID, len(all))
	for i, a := range all {
		parts[i] = a.PartID
	}
	rows, err := pg.Query[cost](ctx, l.db, costsSQL, parts)
	if err != nil {
		return nil, nil, err
	}
	costs := map[uuid.UUID]cost{}
	for _, row := range rows {
		costs[row.ID] = row
	}
	sum, of := int64(0), ""
	for _, a := range all {
		k := costs[a.PartID]
		if a.Quantity == 0 {
			continue
		}
		if k.each() == 0 || (of != "" && k.Currency != of) {
			return nil, nil, nil
		}
		of = k.Currency
		sum += int64(math.Round(k.each() * float64(a.Quantity)))
	}
	return &sum, &of, nil
}
