package audit

import (
	"math"

	"callout/inventory"
)

// mostWorth bounds what is told as a value, either way: JSON numbers are exact up to there.
const mostWorth = 9_000_000_000_000_000

// within is a value, bounded.
func within(n int) int { return min(max(n, -mostWorth), mostWorth) }

// worthOf is what so many pieces are worth, bounded.
func worthOf(n int, cost int64) int {
	if v := float64(n) * float64(cost); math.Abs(v) > mostWorth {
		return within(int(math.Copysign(mostWorth, v)))
	}
	return within(n * int(cost))
}

// times is the figures' worth at so much a piece.
func (f Figures) times(cost int64) Figures {
	return Figures{
		worthOf(f.Opening, cost), worthOf(f.Issued, cost), worthOf(f.Used, cost), worthOf(f.Returned, cost), worthOf(f.Variance, cost), worthOf(f.Closing, cost),
	}
}

// worthPlus adds two rows of values, bounded.
func (f Figures) worthPlus(o Figures) Figures {
	s := f.plus(o)
	return Figures{within(s.Opening), within(s.Issued), within(s.Used), within(s.Returned), within(s.Variance), within(s.Closing)}
}

// Values are what the pieces of the figures are worth, in minor units of Currency and never beyond
// 9,000,000,000,000,000 either way; nil where nobody said what the part costs. Good and held stock
// are worth what each costs, and an opening at a locked end what its lock kept.
func (r Row) Values() *Figures {
	switch {
	case r.worth != nil:
		return r.worth
	case r.UnitCost == nil:
		return nil
	}
	v := r.times(*r.UnitCost)
	return &v
}

// pooled is a row as far as it is about good stock, or about held stock.
type pooled struct {
	Row
	Pool        inventory.Pool
	OpeningCost *int64 // that was kept when the period before was locked
}

// valued is the row with its worth.
func (p pooled) valued() Row {
	r := p.Row
	cost := r.UnitCost
	if cost == nil {
		cost = p.OpeningCost
	}
	if cost == nil {
		return r
	}
	v := r.times(*cost)
	if p.OpeningCost != nil {
		v.Opening = worthOf(r.Opening, *p.OpeningCost)
	}
	r.worth = &v
	return r
}

// joined are the rows of holders and parts, good and held stock together: they come side by side, good first.
func joined(pools []pooled) []Row {
	rows := make([]Row, 0, len(pools))
	for i, p := range pools {
		r := p.valued()
		if i == 0 || pools[i-1].PartID != p.PartID || !sameHolder(pools[i-1].Row, p.Row) {
			rows = append(rows, r)
			continue
		}
		whole := &rows[len(rows)-1]
		whole.add(r)
	}
	return rows
}

func sameHolder(a, b Row) bool {
	return (a.HolderID == nil) == (b.HolderID == nil) && (a.HolderID == nil || *a.HolderID == *b.HolderID)
}

// add puts a row's held stock to its good stock. Open returns stand with good stock alone.
func (r *Row) add(held Row) {
	r.Figures, r.Short = r.plus(held.Figures), r.Short+held.Short
	if r.UnitCost == nil {
		r.UnitCost = held.UnitCost
	}
	switch {
	case r.worth == nil:
		r.worth = held.worth
	case held.worth != nil:
		v := r.worth.worthPlus(*held.worth)
		r.worth = &v
	}
}
