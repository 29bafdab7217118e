package uses

import (
	"context"
	"slices"
	"strings"

	"callout/internal/who"

	"github.com/google/uuid"
)

// Costs are what the parts of a job cost us and what the customer pays for them.
type Costs struct {
	Uses   []Use
	Totals []Total // one a currency, in their order
}

// Total sums the parts of one currency, in its minor units.
type Total struct {
	Currency string
	Cost     int64 // of all of them, by the moving average
	Price    int64 // what the customer pays
	Waived   int64 // list prices that the customer does not pay
	Unpriced int   // uses that the customer pays for and whose part has no price
}

// Costs returns what the parts of a job within the actor's scope cost, by the moving average of
// what was in the house when each was used.
func (u *Uses) Costs(ctx context.Context, by who.Actor, job uuid.UUID) (Costs, error) {
	all, err := u.List(ctx, by, job)
	return Costs{all, totals(all)}, err
}

// totals sums uses by currency.
func totals(all []Use) []Total {
	sums := []Total{}
	for _, x := range all {
		i := slices.IndexFunc(sums, func(t Total) bool { return t.Currency == x.Currency })
		if i < 0 {
			i = len(sums)
			sums = append(sums, Total{Currency: x.Currency})
		}
		t := &sums[i]
		if x.Cost != nil {
			t.Cost += *x.Cost
		}
		switch {
		case x.Price == nil:
			t.Unpriced++
		case x.Warranty == WarrantyNotCovered:
			t.Price += *x.Price
		case x.ListPrice != nil:
			t.Waived += *x.ListPrice
		}
	}
	slices.SortFunc(sums, func(a, b Total) int { return strings.Compare(a.Currency, b.Currency) })
	return sums
}
