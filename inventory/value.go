package inventory

import (
	"context"
	"math"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// Pool is stock that is valued together: what can be used, or what is held back.
type Pool string

// The pools; what lies outside the house is in none.
const (
	PoolGood Pool = "good"
	PoolHeld Pool = "held"
	PoolNone Pool = ""
)

// Pool says with what the stock of a kind of place is valued.
func (k Kind) Pool() Pool {
	switch k {
	case KindWarehouse, KindBin, KindOutlet, KindVan, KindTransit:
		return PoolGood
	case KindDefective, KindQuarantine, KindVendorRepair, KindCollected, KindReturning:
		return PoolHeld
	default:
		return PoolNone
	}
}

// worth is what a pool of a part holds and is worth, in minor units of the part's currency.
type worth struct {
	PartID   uuid.UUID
	Pool     Pool
	Quantity int
	Value    int64
	LastCost float64 // per piece, by the last average: for when nothing is left to average
}

// mostWorth is what a part's stock is worth at the most, in minor units: sums over all parts stay exact.
const mostWorth = 1_000_000_000_000_000

// of is what so many pieces are worth by the moving average: all of it where they are all that is there.
func (w worth) of(n int) int64 {
	if w.Quantity > 0 && n >= w.Quantity {
		return w.Value + int64(math.Round(w.LastCost*float64(n-w.Quantity)))
	}
	if w.Quantity > 0 {
		return int64(math.Round(float64(w.Value) * float64(n) / float64(w.Quantity)))
	}
	return int64(math.Round(w.LastCost * float64(n)))
}

// add changes what is there and keeps the last average that made sense.
func (w *worth) add(n int, value int64) {
	w.Quantity, w.Value = w.Quantity+n, w.Value+value
	if w.Quantity > 0 && w.Value >= 0 {
		w.LastCost = float64(w.Value) / float64(w.Quantity)
	}
}

// carried is what a movement takes out of one pool, nil where it stays in its own, and what work on it
// added on the way into the other.
type carried struct {
	value *int64
	added int64
}

type worthKey struct {
	part uuid.UUID
	pool Pool
}

const beginValuesSQL = `
INSERT INTO part_values (part_id, pool, quantity, value)
SELECT w.part_id, w.pool, 0, 0 FROM unnest($1::uuid[], $2::text[]) AS w (part_id, pool) ORDER BY 1, 2 ON CONFLICT DO NOTHING`

const holdValuesSQL = `
SELECT v.part_id, v.pool, v.quantity, v.value, v.last_cost::float8 AS last_cost
FROM part_values v JOIN unnest($1::uuid[], $2::text[]) AS w (part_id, pool) USING (part_id, pool) ORDER BY 1, 2 FOR UPDATE OF v`

const saveValuesSQL = `
UPDATE part_values v SET quantity = w.quantity, value = w.value, last_cost = w.last_cost
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::float8[]) AS w (part_id, pool, quantity, value, last_cost)
WHERE v.part_id = w.part_id AND v.pool = w.pool`

// carryValues says what each entry is worth that leads from one pool into another or over the
// house's threshold, nil for the others, and moves that value. What leaves a pool takes its
// average along. What comes from outside brings the cost that the line states; without one, what
// a supplier delivers or a count finds is worth the average, or the list price while there is none, and
// an old part nothing. A cost that is
// stated of what was held and becomes good stock is that of the work on it, and is added.
func (l *Ledger) carryValues(ctx context.Context, entries []Entry, f *fault.Faults) ([]carried, error) {
	values := make([]carried, len(entries))
	var keys []worthKey
	for _, e := range entries {
		if from, to := e.From.Kind.Pool(), e.To.Kind.Pool(); from != to {
			for _, p := range []Pool{from, to} {
				if k := (worthKey{e.Part.ID, p}); p != PoolNone && !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
		}
	}
	if len(keys) == 0 {
		return values, nil
	}
	slices.SortFunc(keys, func(a, b worthKey) int {
		return strings.Compare(a.part.String()+string(a.pool), b.part.String()+string(b.pool))
	})
	pools, err := l.holdValues(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, e := range entries {
		from, to := e.From.Kind.Pool(), e.To.Kind.Pool()
		if from == to {
			continue
		}
		v := worthOf(e, pools)
		values[i].value = &v
		if from == PoolHeld && to == PoolGood && e.UnitCost != nil {
			values[i].added = *e.UnitCost * int64(e.Quantity)
		}
		if w := pools[worthKey{e.Part.ID, from}]; w != nil {
			w.add(-e.Quantity, -v)
		}
		if w := pools[worthKey{e.Part.ID, to}]; w != nil {
			w.add(e.Quantity, v+values[i].added)
			if w.Value > mostWorth {
				f.Add(e.costAt(), "would be worth more than the books can say: %d", mostWorth)
			}
		}
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	return values, l.saveValues(ctx, pools)
}

// worthOf is what one entry carries from pool to pool.
func worthOf(e Entry, pools map[worthKey]*worth) int64 {
	from, to := pools[worthKey{e.Part.ID, e.From.Kind.Pool()}], pools[worthKey{e.Part.ID, e.To.Kind.Pool()}]
	switch {
	case e.value != nil:
		return *e.value
	case from != nil:
		return from.of(e.Quantity)
	case e.UnitCost != nil:
		return *e.UnitCost * int64(e.Quantity)
	case to != nil && (e.From.Kind == KindSupplier || e.From.Kind == KindAdjustment):
		if to.LastCost == 0 && to.Value == 0 && e.Part.ListPrice != nil {
			return *e.Part.ListPrice * int64(e.Quantity)
		}
		return worth{LastCost: to.LastCost}.of(e.Quantity)
	}
	return 0
}

func (l *Ledger) holdValues(ctx context.Context, keys []worthKey) (map[worthKey]*worth, error) {
	var parts []uuid.UUID
	var pools []string
	for _, k := range keys {
		parts, pools = append(parts, k.part), append(pools, string(k.pool))
	}
	if _, err := pg.Exec(ctx, l.db, beginValuesSQL, parts, pools); err != nil {
		return nil, err
	}
	rows, err := pg.Query[worth](ctx, l.db, holdValuesSQL, parts, pools)
	held := map[worthKey]*worth{}
	for _, w := range rows {
		held[worthKey{w.PartID, w.Pool}] = &w
	}
	return held, err
}

func (l *Ledger) saveValues(ctx context.Context, pools map[worthKey]*worth) error {
	var parts []uuid.UUID
	var names []string
	var quantities []int
	var values []int64
	var costs []float64
	for _, w := range pools {
		parts, names = append(parts, w.PartID), append(names, string(w.Pool))
		quantities, values, costs = append(quantities, w.Quantity), append(values, w.Value), append(costs, w.LastCost)
	}
	_, err := pg.Exec(ctx, l.db, saveValuesSQL, parts, names, quantities, values, costs)
	return err
}
