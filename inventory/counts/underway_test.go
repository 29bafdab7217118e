package counts_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
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
	k, err = s.counts.Finish(ctx, s.Clerk, k.ID, k.Version, "", "")
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
