package requests_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// A van of one outlet is supplied by the warehouse of another: nobody is left before a closed door.
func TestAnotherOutletSuppliesAVan(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	there, third := c.NewOutlet(), c.NewOutlet()
	store := c.Place(inventory.KindWarehouse, there)
	at := func(outlet *uuid.UUID, role who.Role) who.Actor {
		return who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{role}, OutletID: outlet}
	}
	theirs, theirChief, stranger, house := at(&there, who.Warehouse), at(&there, who.Supervisor), at(&third, who.Warehouse), at(nil, who.Supervisor)
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(store, unit, 0, "U1", "U2")
	c.Stock(store, plain, 9)

	r := c.ask(nil, many(unit, 2), many(plain, 5))
	_, err := c.Counter.Approve(ctx, c.chief, r.ID, r.Version, requests.Allowance{WarehouseID: &store.ID})
	c.Refused(err, fault.Invalid, "/warehouse_id no such location")
	_, err = c.Counter.Find(ctx, theirs, r.ID)
	c.Refused(err, fault.NotFound, "no such part request")
	r = c.got(c.Counter.Approve(ctx, house, r.ID, r.Version, requests.Allowance{WarehouseID: &store.ID}))
	if len(r.Suppliers) != 1 || r.Suppliers[0] != there || c.reservedAt(store.ID, plain) != 5 {
		t.Errorf("approved %+v", r)
	}
	for name, tt := range map[string]struct {
		by   who.Actor
		want int
	}{"the van's outlet": {c.Clerk, 1}, "the warehouse's": {theirs, 1}, "a third": {stranger, 0}, "the technician": {c.tech, 1}} {
		if page, _, err := c.Counter.List(ctx, tt.by, requests.Filter{WarehouseID: &store.ID}, uuid.Nil, 10); err != nil || len(page) != tt.want {
			t.Errorf("%s sees %d of it (%v)", name, len(page), err)
		}
	}
	// The van's outlet hands out of its own warehouses alone, the other one does nothing else.
	_, err = c.Counter.Pick(ctx, c.Clerk, r.ID, r.Version)
	c.Refused(err, fault.Forbidden, store.Name+" hands request "+r.Number+" out, and is not your outlet's")
	_, err = c.issue(r, many(plain, 1))
	c.Refused(err, fault.Forbidden, store.Name+" hands request "+r.Number+" out, and is not your outlet's")
	_, err = c.Counter.Cancel(ctx, theirChief, r.ID, r.Version, "ours")
	c.Refused(err, fault.Forbidden, "is for a van of another outlet")
	_, err = c.Counter.Amend(ctx, theirs, r.ID, r.Version, store.ID)
	c.Refused(err, fault.Forbidden, "is for a van of another outlet")
	_, err = c.Counter.Pick(ctx, stranger, r.ID, r.Version)
	c.Refused(err, fault.NotFound, "no such part request")
	r = c.got(c.Counter.Pick(ctx, theirs, r.ID, r.Version))
	if stops, err := c.Counter.PickList(ctx, theirs, r.ID); err != nil || len(stops) != 2 {
		t.Errorf("pick list %+v, %v", stops, err)
	}
	r = c.got(c.Counter.Issue(ctx, theirs, r.ID, r.Version, requests.Issuing{Lines: stocktest.Lines(units(unit, "U1", "U2"), many(plain, 3))}))
	// The rest comes from the van's own warehouse, and who handed something out goes on seeing it.
	c.Stock(c.Warehouse, plain, 2)
	r = c.got(c.Counter.Amend(ctx, c.chief, r.ID, r.Version, c.Warehouse.ID))
	r = c.got(c.issue(r, many(plain, 2)))
	r = c.got(c.receive(r, units(unit, "U1"), many(plain, 4)))
	if _, err := c.Counter.Find(ctx, theirs, r.ID); err != nil || r.Lines[0].Missing != 1 || r.Lines[1].Missing != 1 {
		t.Errorf("received %+v, %v", r.Lines, err)
	}
	settle := func(by who.Actor, o requests.Outcome, line inventory.Line) (requests.Request, error) {
		return c.Counter.SettleDifference(ctx, by, r.ID, r.Version, requests.Settlement{Outcome: o, LocationID: &store.ID, Reason: "looked twice", Lines: stocktest.Lines(line)})
	}
	_, err = settle(theirChief, requests.OutcomeLost, units(unit, "U2"))
	c.Refused(err, fault.Forbidden, "only a supervisor says that parts are lost")
	_, err = settle(c.Clerk, requests.OutcomeFound, units(unit, "U2"))
	c.Refused(err, fault.Invalid, "/location_id no such location")
	r = c.got(settle(theirs, requests.OutcomeFound, units(unit, "U2")))
	r = c.got(c.giveBack(c.tech, r, units(unit, "U1"), many(plain, 1)))
	r = c.got(c.Counter.ReturnUnused(ctx, theirs, r.ID, r.Version, requests.Return{LocationID: &store.ID, Lines: stocktest.Lines(units(unit, "U1"))}))
	r = c.got(c.giveBack(c.Clerk, r, many(plain, 2))) // handed in, and the one that was missing
	if c.WhereIs(unit, "U1") != inventory.KindWarehouse || c.Holds(store.ID, unit) != 2 || c.Holds(store.ID, plain) != 6 || c.Holds(c.Warehouse.ID, plain) != 2 || c.Holds(c.van.ID, plain) != 3 {
		t.Errorf("%d and %d there, %d here, %d in the van", c.Holds(store.ID, unit), c.Holds(store.ID, plain), c.Holds(c.Warehouse.ID, plain), c.Holds(c.van.ID, plain))
	}
	c.stands(r, requests.StatusClosed)
	c.Sound()
}

func TestPickListIsPostedBackAsItCame(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	bin := func(code string) inventory.Location {
		l, err := c.Ledger.OpenLocation(ctx, who.System, inventory.Location{Code: stocktest.Fresh(code), Name: code, Kind: inventory.KindBin, OutletID: &c.Outlet, WarehouseID: &c.Warehouse.ID})
		c.Must(err)
		return l
	}
	a, b := bin("A"), bin("B")
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(a, plain, 2)
	c.Stock(b, plain, 5)
	c.Stock(a, unit, 0, "U1")
	c.Stock(b, unit, 0, "U2")
	r := c.approved(nil, many(plain, 6), many(unit, 2))
	stops, err := c.Counter.PickList(ctx, c.Clerk, r.ID)
	c.Must(err)
	if len(stops) != 4 {
		t.Fatalf("pick list %+v", stops)
	}
	var in requests.Issuing
	for _, s := range stops {
		line := inventory.Line{PartID: s.PartID, Serials: s.Serials}
		if len(s.Serials) == 0 {
			line.Quantity = s.Quantity
		}
		in.Lines, in.From = append(in.Lines, line), append(in.From, &s.LocationID)
	}
	twice := in
	twice.Lines = append(stocktest.Lines(in.Lines...), in.Lines...)
	_, err = c.Counter.Issue(ctx, c.Clerk, r.ID, r.Version, twice)
	c.Refused(err, fault.Invalid, "serial U1 stands twice")
	c.Refused(err, fault.Invalid, "0 of part "+plain.Number+" are still to be issued")
	r = c.got(c.Counter.Issue(ctx, c.Clerk, r.ID, r.Version, in))
	if r.Lines[0].Issued != 6 || r.Lines[1].Issued != 2 || c.Holds(a.ID, plain) != 0 || c.Holds(b.ID, plain) != 1 || c.reservedAt(b.ID, plain) != 0 {
		t.Errorf("issued %+v; %d in A, %d in B", r.Lines, c.Holds(a.ID, plain), c.Holds(b.ID, plain))
	}
	// A line that names its shelf and one that does not: together what there is.
	c.Stock(a, plain, 2)
	last := c.approved(nil, many(plain, 3))
	c.got(c.Counter.Issue(ctx, c.Clerk, last.ID, last.Version, requests.Issuing{Lines: stocktest.Lines(many(plain, 1), many(plain, 2)), From: []*uuid.UUID{nil, &a.ID}}))
	if c.Holds(a.ID, plain) != 0 || c.Holds(b.ID, plain) != 0 {
		t.Errorf("%d in A, %d in B", c.Holds(a.ID, plain), c.Holds(b.ID, plain))
	}
	c.Sound()
}

// Two lines of what takes a part's place are one substitute.
func TestSuccessorFromTwoShelves(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	old, fresh := c.priced(c.Part(""), 100), c.priced(c.Part(""), 100)
	by := &fresh.ID
	_, err := c.Ledger.AmendPart(ctx, who.System, old.ID, old.Version, inventory.PartChange{SupersededBy: &by})
	c.Must(err)
	c.Stock(c.Warehouse, fresh, 5)
	r := c.ask(nil, many(old, 3))
	r = c.got(c.Counter.Issue(ctx, c.Clerk, r.ID, r.Version, requests.Issuing{
		WarehouseID: &c.Warehouse.ID, Lines: stocktest.Lines(many(fresh, 1), many(fresh, 2)), From: []*uuid.UUID{&c.Warehouse.ID, nil},
	}))
	if len(r.Lines) != 2 || r.Lines[0].Replaced != 3 || r.Lines[1].Issued != 3 || r.Lines[1].Quantity != 3 {
		t.Errorf("issued %+v", r.Lines)
	}
	c.Sound()
}
