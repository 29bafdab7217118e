package requests_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
)

func TestOverDeliveryIsNotedAndStaysWhereTheBooksHaveIt(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain, stray := c.Part("s"), c.Part(""), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1", "S2")
	c.Stock(c.Warehouse, plain, 9)
	r := c.got(c.issue(c.approved(nil, many(unit, 1), many(plain, 2)), units(unit, "S1"), many(plain, 2)))
	scanned := inventory.Line{PartID: unit.ID, Scans: []string{"S1", "S2", "S2"}}
	r = c.got(c.receive(r, scanned, many(plain, 3), many(stray, 1)))
	if r.Status != requests.StatusReceived || len(r.Overs) != 3 || *r.Overs[0].Serial != "S2" || r.Overs[0].Scans[0] != "S2" || r.Overs[1].Quantity != 1 || r.Overs[2].PartID != stray.ID {
		t.Errorf("received %s with %+v", r.Status, r.Overs)
	}
	if c.WhereIs(unit, "S2") != inventory.KindWarehouse || c.Holds(c.van.ID, plain) != 2 || c.Holds(c.van.ID, stray) != 0 {
		t.Error("what nobody issued moved into the van")
	}
	if n := c.Count(`SELECT (data->>'over')::int FROM events WHERE subject_id = $1 AND kind = 'part_request.received'`, r.ID); n != 3 {
		t.Errorf("the event tells of %d too many", n)
	}
	for range 4 {
		r = c.got(c.receive(r, scanned))
	}
	if len(r.Overs) != 3 || c.Holds(c.van.ID, unit) != 1 {
		t.Errorf("the same scan five times: %+v", r.Overs)
	}
	back := func(l ...inventory.Line) (requests.Request, error) {
		return c.Counter.SettleDifference(t.Context(), c.Clerk, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeHandedBack, Lines: l})
	}
	_, err := back(many(plain, 2))
	c.Refused(err, fault.Invalid, "1 of part "+plain.Number+" came too much")
	r = c.got(back(units(unit, "S2"), many(plain, 1), many(stray, 1)))
	c.stands(r, requests.StatusClosed)
	c.Sound()
}

// overs is a request for the van's stock of which more came than was issued: one unit and two pieces.
func (c *ctr) overs(unit, plain inventory.Part) requests.Request {
	c.Helper()
	c.Stock(c.Warehouse, unit, 0, "S1", "S2")
	c.Stock(c.Warehouse, plain, 4)
	r := c.got(c.issue(c.approved(nil, many(unit, 1), many(plain, 1)), units(unit, "S1"), many(plain, 1)))
	return c.got(c.receive(r, units(unit, "S1", "S2"), many(plain, 3)))
}

func TestWhatCameTooMuchMayStayInTheVan(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	unit, plain := c.Part("s"), c.Part("")
	r := c.overs(unit, plain)
	other := c.approved(nil, many(plain, 2)) // sets aside what is not there any more
	keep := func(by who.Actor, reason string, lines ...inventory.Line) (requests.Request, error) {
		return c.Counter.SettleDifference(ctx, by, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeKept, Reason: reason, Lines: lines})
	}
	all := stocktest.Lines(units(unit, "S2"), many(plain, 2))
	mine := c.chief
	mine.TechnicianID = c.tech.TechnicianID
	issuer := who.Actor{UserID: c.Clerk.UserID, Roles: []who.Role{who.Supervisor}, OutletID: &c.Outlet}
	asker := who.Actor{UserID: *r.RequestedBy, Roles: []who.Role{who.Supervisor}, OutletID: &c.Outlet}
	for name, tt := range map[string]struct {
		by   who.Actor
		text string
	}{
		"a clerk":                   {c.Clerk, "only a supervisor lets a technician keep"},
		"who received it":           {mine, "nobody settles what he should have received himself"},
		"who issued it":             {issuer, "nobody accounts for what he issued himself"},
		"who asked for the request": {asker, "nobody approves his own request"},
	} {
		if _, err := keep(tt.by, "it is there", all...); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		} else {
			c.Refused(err, fault.Forbidden, tt.text)
		}
	}
	_, err := keep(c.chief, " ", all...)
	c.Refused(err, fault.Invalid, "/reason must not be blank")
	_, err = keep(c.chief, "too many", many(plain, 3))
	c.Refused(err, fault.Invalid, "/lines/0/quantity 2 of part "+plain.Number+" came too much")
	if c.Holds(c.van.ID, plain) != 1 || c.stands(r, requests.StatusReceived).Overs[1].Kept != 0 {
		t.Error("a refused keeping left a trace")
	}
	r = c.got(keep(c.chief, "he needs them tomorrow", all...))
	if r.Status != requests.StatusClosed || r.Overs[0].Kept != 1 || r.Overs[1].Kept != 2 || r.Overs[1].Open() != 0 || r.Lines[1].Received != 1 {
		t.Errorf("kept %+v of %+v", r.Overs, r)
	}
	if c.WhereIs(unit, "S2") != inventory.KindVan || c.Holds(c.van.ID, plain) != 3 || c.Holds(c.Warehouse.ID, plain) != 1 || c.reservedAt(c.Warehouse.ID, plain) != 1 {
		t.Errorf("the van holds %d, the warehouse %d with %d set aside", c.Holds(c.van.ID, plain), c.Holds(c.Warehouse.ID, plain), c.reservedAt(c.Warehouse.ID, plain))
	}
	if now := c.stands(other, requests.StatusApproved); now.Lines[0].Reserved != 1 || now.Lines[0].Backordered() != 1 {
		t.Errorf("what the other waits for: %+v", now.Lines)
	}
	if n := c.Count(`SELECT count(*) FROM movements WHERE reference_id = $1 AND kind = 'transfer' AND note = 'he needs them tomorrow'`, r.ID); n != 2 {
		t.Errorf("%d movements", n)
	}
	c.Sound()
}

func TestSurplusThatTheStoreLacksIsNotKept(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	r := c.overs(unit, plain)
	empty := c.Place(inventory.KindWarehouse, c.Outlet)
	_, err := c.Counter.SettleDifference(t.Context(), c.chief, r.ID, r.Version, requests.Settlement{
		Outcome: requests.OutcomeKept, Reason: "from there", LocationID: &empty.ID, Lines: stocktest.Lines(units(unit, "S2"), many(plain, 2)),
	})
	c.Refused(err, fault.Conflict, "/lines/1/quantity "+empty.Name+" holds 0 of part "+plain.Number)
	c.Refused(err, fault.Conflict, "/lines/0/serials/0")
	c.stands(r, requests.StatusReceived)
	c.Sound()
}

func TestWrongScanMovesNothing(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	r := c.overs(unit, plain)
	moved := c.Count(`SELECT count(*) FROM movements`)
	wrong := func(by who.Actor, lines ...inventory.Line) (requests.Request, error) {
		return c.Counter.SettleDifference(t.Context(), by, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeMisScan, Reason: "read from the wrong box", Lines: lines})
	}
	_, err := wrong(c.Clerk, units(unit, "S2"))
	c.Refused(err, fault.Forbidden, "only a supervisor")
	r = c.got(wrong(c.chief, units(unit, "S2"), many(plain, 1)))
	if r.Status != requests.StatusReceived || r.Overs[0].Mistaken != 1 || r.Overs[1].Mistaken != 1 || r.Overs[1].Open() != 1 {
		t.Errorf("settled %+v", r.Overs)
	}
	_, err = wrong(c.chief, units(unit, "S2"))
	c.Refused(err, fault.Invalid, "0 of part "+unit.Number+" came too much")
	// It may come too much in earnest later.
	r = c.got(c.receive(r, units(unit, "S2")))
	if len(r.Overs) != 3 || r.Overs[2].Open() != 1 {
		t.Errorf("scanned again %+v", r.Overs)
	}
	r = c.got(wrong(c.chief, units(unit, "S2"), many(plain, 1)))
	c.stands(r, requests.StatusClosed)
	if n := c.Count(`SELECT count(*) FROM movements`); n != moved || c.WhereIs(unit, "S2") != inventory.KindWarehouse {
		t.Errorf("%d movements, %d before", n, moved)
	}
	c.Sound()
}

func TestKeptUnitIsNotTooMuchOnceMore(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, stray := c.Part("s"), c.Part("s")
	c.Stock(c.Warehouse, unit, 0, "S1", "S2")
	c.Stock(c.Warehouse, stray, 0, "X1")
	r := c.got(c.issue(c.approved(nil, many(unit, 2)), units(unit, "S1")))
	r = c.got(c.receive(r, units(unit, "S1"), units(stray, "X1")))
	r = c.got(c.Counter.SettleDifference(t.Context(), c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeKept, Reason: "fine", Lines: stocktest.Lines(units(stray, "X1"))}))
	r = c.got(c.issue(r, units(unit, "S2")))
	r = c.got(c.receive(r, units(unit, "S2"), units(stray, "X1")))
	if len(r.Overs) != 1 || r.Status != requests.StatusClosed {
		t.Errorf("%s with %+v", r.Status, r.Overs)
	}
	c.Sound()
}
