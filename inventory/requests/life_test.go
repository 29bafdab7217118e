package requests_test

import (
	"slices"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestRequestFromAskingToUse(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1", "S2", "S3")
	c.Stock(c.Warehouse, plain, 10)

	r := c.ask(&c.job, many(unit, 2), many(plain, 5))
	if r.Status != requests.StatusRequested || r.VanID != c.van.ID || *r.OutletID != c.Outlet || r.Number[0] != 'P' || r.Value != nil {
		t.Errorf("requested %+v", r)
	}
	_, err := c.Counter.Approve(ctx, c.tech, r.ID, 1, requests.Allowance{})
	c.Refused(err, fault.Forbidden, "nobody approves his own request")
	for name, approver := range map[string]who.Actor{
		"the same user with another role":   {UserID: c.tech.UserID, Roles: []who.Role{who.Supervisor}},
		"the technician under another user": {UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, TechnicianID: c.tech.TechnicianID},
	} {
		if _, err := c.Counter.Approve(ctx, approver, r.ID, 1, requests.Allowance{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s approved: %v", name, err)
		}
	}
	_, err = c.issue(r, many(plain, 1))
	c.Refused(err, fault.Conflict, "a part request that is requested cannot become issued")
	r = c.got(c.Counter.Approve(ctx, c.chief, r.ID, 1, requests.Allowance{}))
	if *r.WarehouseID != c.Warehouse.ID || c.reservedAt(c.Warehouse.ID, plain) != 5 || r.Lines[0].Reserved != 2 || r.Lines[0].Backordered() != 0 {
		t.Errorf("approved %+v", r)
	}

	_, err = c.issue(r, units(unit, "S1", "S2", "S3"))
	c.Refused(err, fault.Invalid, "/lines/0/serials 2 of part "+unit.Number+" are still to be issued")
	_, err = c.issue(r, many(c.Part(""), 1))
	c.Refused(err, fault.Invalid, "was not asked for")
	r = c.got(c.issue(r, units(unit, "S1", "S2"), many(plain, 5)))
	if c.WhereIs(unit, "S1") != inventory.KindTransit || c.Holds(c.Warehouse.ID, plain) != 5 || c.Holds(c.van.ID, plain) != 0 || c.reservedAt(c.Warehouse.ID, plain) != 0 {
		t.Error("the parts are not in transit")
	}
	if missing, err := c.Uses.Missing(ctx, c.job); err != nil || len(missing) != 1 {
		t.Errorf("missing %v, %v", missing, err)
	}
	_, err = c.Counter.Receive(ctx, c.Clerk, r.ID, r.Version, nil)
	c.Refused(err, fault.Forbidden, "only the technician who asked")
	r = c.got(c.receive(r, units(unit, "S1", "S2"), many(plain, 5)))
	r = c.stands(r, requests.StatusReceived)
	if c.WhereIs(unit, "S2") != inventory.KindVan || c.Holds(c.van.ID, plain) != 5 || r.Lines[1].InVan() != 5 {
		t.Error("the parts are not in the van")
	}
	for _, u := range []uses.PartUse{
		{PartID: unit.ID, Quantity: 1, NewSerial: "S1", OldPartWish: uses.WishNone},
		{PartID: unit.ID, Quantity: 1, NewSerial: "S2", OldPartWish: uses.WishNone},
		{PartID: plain.ID, Quantity: 3, OldPartWish: uses.WishNone},
	} {
		_, err := c.Uses.Use(ctx, c.tech, c.job, u)
		c.Must(err)
	}
	c.Must(c.Counter.AccountAll(ctx))
	if r = c.stands(r, requests.StatusReceived); r.Lines[0].Used != 2 || r.Lines[1].Used != 3 || r.Lines[1].InVan() != 2 {
		t.Errorf("used %+v", r.Lines)
	}
	_, err = c.giveBack(c.tech, r, many(plain, 3))
	c.Refused(err, fault.Invalid, "/lines/0/quantity 2 of part "+plain.Number+" are in the van")
	_, err = c.Uses.Use(ctx, c.tech, c.job, uses.PartUse{PartID: plain.ID, Quantity: 2, OldPartWish: uses.WishNone})
	c.Must(err)
	c.Must(c.Counter.EndFor(ctx, c.tech, c.job))
	if r = c.stands(r, requests.StatusConsumed); r.EndedAt == nil || r.Lines[1].Used != 5 {
		t.Errorf("ended %+v", r)
	}
	moves, _, err := c.Ledger.ListMovements(ctx, c.Clerk, inventory.MovementFilter{Kind: inventory.MovementIssue}, uuid.Nil, 10)
	c.Must(err)
	_, err = c.Ledger.Reverse(ctx, c.Clerk, moves[0].ID, "")
	c.Refused(err, fault.Conflict, "this movement belongs to ")
	if n := c.Count(`SELECT count(*) FROM events WHERE subject_id = $1`, r.ID); n != 5 {
		t.Errorf("%d events of requested, approved, issued, received and consumed", n)
	}
	c.Sound()
}

func TestIssueNamesTheShortage(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, q := c.Part(""), c.Part("")
	c.Stock(c.Warehouse, p, 3)
	r := c.approved(nil, many(p, 5), many(q, 1))
	if r.Lines[0].Reserved != 3 || r.Lines[0].Backordered() != 2 || r.Lines[1].Backordered() != 1 {
		t.Errorf("approved %+v", r.Lines)
	}
	_, err := c.issue(r, many(p, 5), many(q, 1))
	c.Refused(err, fault.Conflict, c.Warehouse.Name+" holds 3 of part "+p.Number+", 2 more are needed")
	c.Refused(err, fault.Conflict, "/lines/1/quantity "+c.Warehouse.Name+" holds 0 of part "+q.Number+", 1 more are needed")
	if c.Holds(c.Warehouse.ID, p) != 3 || c.reservedAt(c.Warehouse.ID, p) != 3 {
		t.Error("a refused issue took stock")
	}
	c.stands(r, requests.StatusApproved)
	c.got(c.issue(r, many(p, 3)))
	c.Sound()
}

func TestPartsAreIssuedAsTheyComeAndReceivedAsTheyArrive(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 4)
	r := c.approved(&c.job, many(p, 6))
	r = c.got(c.issue(r, many(p, 3)))
	r = c.got(c.issue(r, many(p, 1)))
	c.stands(r, requests.StatusIssued)
	r = c.got(c.receive(r, many(p, 4)))
	if r.Status != requests.StatusBackordered || r.Lines[0].Backordered() != 2 {
		t.Errorf("received %+v", r)
	}
	c.Stock(c.Warehouse, p, 5)
	c.Must(c.Counter.FillBackorders(t.Context(), c.Warehouse.ID, nil))
	r = c.stands(r, requests.StatusBackordered)
	if r.Lines[0].Reserved != 2 {
		t.Errorf("set aside %+v", r.Lines)
	}
	r = c.got(c.Counter.Pick(t.Context(), c.Clerk, r.ID, r.Version))
	if r.Status != requests.StatusPicking {
		t.Errorf("picking %+v", r)
	}
	r = c.got(c.issue(r, many(p, 2)))
	if r.Status != requests.StatusIssued {
		t.Errorf("issued %+v", r)
	}
	_, err := c.issue(r, many(p, 1))
	c.Refused(err, fault.Invalid, "0 of part "+p.Number+" are still to be issued")
	r = c.got(c.receive(r, many(p, 2)))
	if r.Status != requests.StatusReceived || c.Holds(c.van.ID, p) != 6 {
		t.Errorf("received %+v", r)
	}
	c.Sound()
}

func TestPickListLeadsAlongTheBins(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	bin := func(code string) inventory.Location {
		l, err := c.Ledger.OpenLocation(t.Context(), who.System, inventory.Location{Code: stocktest.Fresh(code), Name: code, Kind: inventory.KindBin, OutletID: &c.Outlet, WarehouseID: &c.Warehouse.ID})
		c.Must(err)
		return l
	}
	a, b := bin("A"), bin("B")
	c.Stock(b, unit, 0, "U1", "U2")
	c.Stock(a, plain, 2)
	c.Stock(b, plain, 5)
	r := c.approved(nil, many(unit, 1), many(plain, 4))
	stops, err := c.Counter.PickList(t.Context(), c.Clerk, r.ID)
	c.Must(err)
	if len(stops) != 3 || stops[0].LocationID != a.ID || stops[0].Quantity != 2 || stops[1].LocationID != b.ID ||
		!slices.ContainsFunc(stops, func(s requests.Stop) bool { return len(s.Serials) == 1 && s.Serials[0] == "U1" && s.PartID == unit.ID }) {
		t.Errorf("pick list %+v", stops)
	}
	// Whoever picks takes from where he stands: what was set aside elsewhere is free again.
	r = c.got(c.Counter.Issue(t.Context(), c.Clerk, r.ID, r.Version, requests.Issuing{
		Lines: stocktest.Lines(units(unit, "U2"), many(plain, 4)), From: []*uuid.UUID{nil, &b.ID},
	}))
	if c.Holds(a.ID, plain) != 2 || c.Holds(b.ID, plain) != 1 || c.reservedAt(a.ID, plain) != 0 || c.reservedAt(b.ID, plain) != 0 || c.reservedAt(b.ID, unit) != 0 {
		t.Errorf("a holds %d, b holds %d, reserved %d and %d", c.Holds(a.ID, plain), c.Holds(b.ID, plain), c.reservedAt(a.ID, plain), c.reservedAt(b.ID, plain))
	}
	other := c.approved(nil, many(plain, 3))
	c.got(c.issue(other, many(plain, 3))) // from both bins
	if c.Holds(a.ID, plain)+c.Holds(b.ID, plain) != 0 {
		t.Error("the bins are not empty")
	}
	elsewhere := c.Place(inventory.KindWarehouse, c.Outlet)
	third := c.approved(nil, many(plain, 1))
	_, err = c.Counter.Issue(t.Context(), c.Clerk, third.ID, third.Version, requests.Issuing{WarehouseID: &c.Warehouse.ID, Lines: stocktest.Lines(many(plain, 1)), From: []*uuid.UUID{&elsewhere.ID}})
	c.Refused(err, fault.Invalid, "/lines/0/from_location_id")
	c.Sound()
}
