package counts_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// shelf is a house in which stock is taken.
type shelf struct {
	*stocktest.House
	counts *counts.Counts
	boss   who.Actor // the outlet's supervisor
	chief  who.Actor // the supervisor of the whole house
}

func open(t *testing.T) *shelf {
	t.Helper()
	h := stocktest.Open(t)
	return &shelf{
		House: h, counts: counts.New(h.Ledger, policy.NewBook(h.DB, time.Now)),
		boss:  who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &h.Outlet},
		chief: who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}},
	}
}

// clerk is another one of the warehouse.
func (s *shelf) clerk() who.Actor {
	return who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &s.Outlet}
}

// full opens a full count of a place.
func (s *shelf) full(at inventory.Location) counts.Count {
	s.Helper()
	k, err := s.counts.Open(s.Context(), s.Clerk, counts.Opening{LocationID: at.ID, Scope: counts.ScopeFull})
	s.Must(err)
	return k
}

// tell counts so many of a part in the only place of a count.
func (s *shelf) tell(by who.Actor, k counts.Count, p inventory.Part, n int) {
	s.Helper()
	_, err := s.counts.Count(s.Context(), by, k.ID, nil, false, []counts.Told{{PartID: p.ID, Quantity: &n}})
	s.Must(err)
}

// finish ends the counting of a count.
func (s *shelf) finish(k counts.Count) counts.Count {
	s.Helper()
	now, err := s.counts.Find(s.Context(), s.Clerk, k.ID)
	s.Must(err)
	now, err = s.counts.Finish(s.Context(), s.Clerk, k.ID, now.Version, "", "")
	s.Must(err)
	return now
}

// explain gives every line that differs a reason.
func (s *shelf) explain(k counts.Count, why counts.Reason) counts.Count {
	s.Helper()
	sheet, err := s.counts.Sheet(s.Context(), s.boss, k.ID)
	s.Must(err)
	var all []counts.Explanation
	for _, l := range sheet.Lines {
		if l.Over != 0 || len(l.Differs) > 0 {
			all = append(all, counts.Explanation{Spot: counts.Spot{LocationID: l.LocationID, PartID: l.PartID}, Reason: why})
		}
	}
	sheet, err = s.counts.Explain(s.Context(), s.boss, k.ID, sheet.Count.Version, all)
	s.Must(err)
	return sheet.Count
}

// line is the line of a part in a place.
func line(t testing.TB, s counts.Sheet, at uuid.UUID, p inventory.Part) counts.Variance {
	t.Helper()
	i := slices.IndexFunc(s.Lines, func(l counts.Variance) bool { return l.LocationID == at && l.PartID == p.ID })
	if i < 0 {
		t.Fatalf("no line of %s in %+v", p.Number, s.Lines)
	}
	return s.Lines[i]
}

// priced puts parts into the warehouse that cost something.
func (s *shelf) priced(p inventory.Part, n int, cost int64) {
	s.Helper()
	_, err := s.Ledger.Receive(s.Context(), who.System, inventory.Receipt{
		LocationID: s.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: n, UnitCost: &cost}},
	})
	s.Must(err)
}
