package counts_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestACountTakesNothingOffItsWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, _ := s.Technician(s.Outlet)
	job := s.Job(s.Outlet, tech)
	p := s.Part("s")
	s.Stock(s.Warehouse, p, 0, "HERE", "WAY")
	chief := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &s.Outlet}
	r, err := s.Counter.Request(ctx, tech, requests.Wanted{JobID: &job, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
	s.Must(err)
	if r.Status == requests.StatusRequested {
		r, err = s.Counter.Approve(ctx, chief, r.ID, r.Version, requests.Allowance{})
		s.Must(err)
	}
	r, err = s.Counter.Issue(ctx, s.Clerk, r.ID, r.Version, requests.Issuing{WarehouseID: &s.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"WAY"}})})
	s.Must(err)

	k, err := s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeFull})
	s.Must(err)
	s.units(s.Clerk, k, s.Warehouse, p, "HERE", "WAY")
	k, err = s.counts.Find(ctx, s.Clerk, k.ID)
	s.Must(err)
	k, err = s.counts.Finish(ctx, s.Clerk, k.ID, k.Version, "")
	s.Must(err)
	k = s.explain(k, counts.ReasonFound)
	_, err = s.counts.Approve(ctx, chief, k.ID, k.Version)
	s.Refused(err, fault.Conflict, "the books have unit WAY of part "+p.Number+" on its way by "+r.Number+": settle that first")
	if s.WhereIs(p, "WAY") != inventory.KindTransit {
		t.Errorf("it is in %s", s.WhereIs(p, "WAY"))
	}
	_, err = s.Counter.Receive(ctx, tech, r.ID, r.Version, stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"WAY"}}))
	s.Must(err)
	s.Sound()
}

func TestWhoCountsDoesNotReadTheBooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	counted, other := s.Part(""), s.Part("")
	s.Stock(s.Warehouse, counted, 7)
	s.Stock(s.Warehouse, other, 3)
	sees := func(by who.Actor) (parts int) {
		t.Helper()
		rows, _, err := s.Ledger.ListStock(ctx, by, inventory.StockFilter{LocationID: &s.Warehouse.ID}, inventory.StockKey{}, 10)
		s.Must(err)
		return len(rows)
	}
	colleague, picker := s.clerk(), s.clerk()
	chief := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse, who.Supervisor}, OutletID: &s.Outlet}
	k, err := s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeCycle, PartIDs: []uuid.UUID{counted.ID}})
	s.Must(err)
	if sees(s.Clerk) != 1 || sees(colleague) != 2 {
		t.Errorf("who opened it sees %d parts, somebody else %d", sees(s.Clerk), sees(colleague))
	}
	for _, by := range []who.Actor{colleague, chief} {
		_, err = s.counts.Count(ctx, by, k.ID, &s.Warehouse.ID, false, []counts.Told{{PartID: counted.ID, Quantity: new(3)}})
		s.Must(err)
	}
	if sees(colleague) != 1 || sees(picker) != 2 || sees(chief) != 2 {
		t.Errorf("who counts sees %d parts, who picks %d, a supervisor %d", sees(colleague), sees(picker), sees(chief))
	}
	k, err = s.counts.Find(ctx, s.Clerk, k.ID)
	s.Must(err)
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, k.Version, "")
	s.Must(err)
	if sees(s.Clerk) != 2 || sees(colleague) != 2 {
		t.Error("what is counted is still hidden")
	}
}
