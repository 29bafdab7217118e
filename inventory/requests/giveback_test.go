package requests_test

import (
	"context"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
	"callout/inventory/uses"
)

// inVan is a request for the job whose parts are in the van.
func (c *ctr) inVan(lines ...inventory.Line) requests.Request {
	c.Helper()
	asked := make([]inventory.Line, len(lines))
	for i, l := range lines {
		asked[i] = inventory.Line{PartID: l.PartID, Quantity: max(l.Quantity, len(l.Serials))}
	}
	r := c.got(c.issue(c.approved(&c.job, asked...), lines...))
	return c.got(c.receive(r, lines...))
}

func TestUnusedPartsComeBack(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1", "S2")
	c.Stock(c.Warehouse, plain, 5)
	r := c.inVan(units(unit, "S1", "S2"), many(plain, 5))

	_, err := c.giveBack(c.tech, r, many(plain, 6))
	c.Refused(err, fault.Invalid, "/lines/0/quantity 5 of part "+plain.Number+" are in the van for this request")
	_, err = c.giveBack(c.tech, r, units(unit, "S9"))
	c.Refused(err, fault.Invalid, "/lines/0/serials/0 unit S9 is not in the van for this request")
	_, err = c.Counter.ReturnUnused(t.Context(), c.tech, r.ID, r.Version, requests.Return{LocationID: &c.Warehouse.ID, Lines: stocktest.Lines(many(plain, 1))})
	c.Refused(err, fault.Invalid, "/location_id is for the warehouse to say")
	dispatcher := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Dispatcher}, OutletID: &c.Outlet}
	_, err = c.giveBack(dispatcher, r, many(plain, 1))
	c.Refused(err, fault.Forbidden, "the technician hands parts in")

	r = c.got(c.giveBack(c.tech, r, units(unit, "S1"), many(plain, 2)))
	if c.WhereIs(unit, "S1") != inventory.KindTransit || c.Holds(c.van.ID, plain) != 3 || r.Lines[1].HandedIn != 2 {
		t.Errorf("handed in %+v", r.Lines)
	}
	// Nobody empties the technician's van for him.
	for _, by := range []who.Actor{c.Clerk, c.chief} {
		_, err = c.giveBack(by, r, many(plain, 4))
		c.Refused(err, fault.Invalid, "/lines/0/quantity 2 of part "+plain.Number+" were handed in or are missing")
		_, err = c.giveBack(by, r, units(unit, "S1", "S2"))
		c.Refused(err, fault.Invalid, "/lines/0/serials/1 unit S2 is in the van: its technician hands it in")
	}
	r = c.got(c.giveBack(c.Clerk, r, units(unit, "S1"), many(plain, 2)))
	if c.WhereIs(unit, "S1") != inventory.KindWarehouse || c.Holds(c.Warehouse.ID, plain) != 2 || c.Holds(c.van.ID, plain) != 3 || r.Lines[1].HandedIn != 0 || r.Lines[1].Returned != 2 {
		t.Errorf("came back %+v", r.Lines)
	}
	_, err = c.giveBack(c.Clerk, r, units(unit, "S1"))
	c.Refused(err, fault.Invalid, "unit S1 cannot come back from this request")
	_, err = c.Uses.Use(t.Context(), c.tech, c.job, uses.PartUse{PartID: plain.ID, Quantity: 3, OldPartWish: uses.WishNone})
	c.Must(err)
	r = c.stands(r, requests.StatusReceived)
	r = c.bringBack(r, units(unit, "S2"))
	if r = c.stands(r, requests.StatusClosed); r.Lines[1].Used != 3 {
		t.Errorf("ended %+v", r.Lines)
	}
	c.Sound()
}

func TestAllThatComesBackEndsTheRequest(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 2)
	r := c.inVan(many(p, 2))
	r = c.got(c.giveBack(c.tech, r, many(p, 2)))
	c.stands(r, requests.StatusReceived)
	r = c.got(c.giveBack(c.Clerk, r, many(p, 2)))
	c.stands(r, requests.StatusReturnedUnused)
	_, err := c.giveBack(c.Clerk, r, many(p, 1))
	c.Refused(err, fault.Conflict, "is returned_unused already")
	c.Sound()
}

func TestWhatIsLeftStaysInTheVanIfSomebodySaysSo(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 2)
	r := c.inVan(many(p, 2))
	end := func(by who.Actor, reason string) (requests.Request, error) {
		return c.Counter.Close(t.Context(), by, r.ID, r.Version, reason)
	}
	mine := c.chief
	mine.TechnicianID = c.tech.TechnicianID
	_, err := end(mine, "mine")
	c.Refused(err, fault.Forbidden, "nobody closes a request for himself")
	_, err = end(c.chief, " ")
	c.Refused(err, fault.Invalid, "/reason must not be blank")
	handed := c.got(c.giveBack(c.tech, r, many(p, 1)))
	_, err = c.Counter.Close(t.Context(), c.chief, r.ID, handed.Version, "keep")
	c.Refused(err, fault.Conflict, "cannot end: 1 are on their way back")
	r = c.got(c.giveBack(c.Clerk, handed, many(p, 1)))
	r = c.got(end(c.chief, "usual stock"))
	if r = c.stands(r, requests.StatusClosed); r.Lines[0].InVan() != 1 || c.Holds(c.van.ID, p) != 1 {
		t.Errorf("closed %+v", r.Lines)
	}
	c.stands(c.bringBack(r, many(p, 1)), requests.StatusReturnedUnused)
	c.Sound()
}

func TestCancelAtEachStage(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	c.Stock(c.Warehouse, p, 10)
	cancel := func(r requests.Request) (requests.Request, error) {
		return c.Counter.Cancel(ctx, c.tech, r.ID, r.Version, "not needed")
	}
	c.stands(c.got(cancel(c.ask(nil, many(p, 1)))), requests.StatusCanceled)
	c.stands(c.got(cancel(c.approved(nil, many(p, 3)))), requests.StatusCanceled)
	picked := c.approved(nil, many(p, 3))
	picked = c.got(c.Counter.Pick(ctx, c.Clerk, picked.ID, picked.Version))
	c.stands(c.got(cancel(picked)), requests.StatusCanceled)
	if n := c.reservedAt(c.Warehouse.ID, p); n != 0 {
		t.Errorf("%d are set aside for nobody", n)
	}

	sent := c.got(c.issue(c.approved(&c.job, many(p, 4)), many(p, 3)))
	sent = c.got(cancel(sent))
	c.stands(sent, requests.StatusCanceled)
	_, err := c.receive(sent, many(p, 3))
	c.Refused(err, fault.Conflict, "cannot become received")
	sent = c.got(c.giveBack(c.Clerk, sent, many(p, 3)))
	if c.Holds(c.Warehouse.ID, p) != 10 || sent.Lines[0].Withdrawn != 3 || sent.Status != requests.StatusCanceled {
		t.Errorf("withdrawn %+v", sent)
	}

	some := c.got(c.issue(c.approved(&c.job, many(p, 4)), many(p, 2)))
	some = c.got(c.receive(some, many(p, 2)))
	some = c.got(c.issue(some, many(p, 1)))
	some = c.got(cancel(some))
	c.stands(some, requests.StatusReceived)
	_, err = c.receive(some, many(p, 1))
	c.Refused(err, fault.Conflict, "is canceled: what is on its way goes back")
	some = c.got(c.giveBack(c.Clerk, some, many(p, 1)))
	some = c.bringBack(some, many(p, 2))
	c.stands(some, requests.StatusReturnedUnused)
	_, err = cancel(some)
	c.Refused(err, fault.Conflict, "was canceled already")
	if c.Holds(c.Warehouse.ID, p) != 10 {
		t.Errorf("the warehouse holds %d", c.Holds(c.Warehouse.ID, p))
	}
	c.Sound()
}

func TestSupervisorEmptiesTheVanOfOneWhoIsNotThere(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1")
	c.Stock(c.Warehouse, plain, 3)
	r := c.inVan(units(unit, "S1"), many(plain, 3))
	c.Exec(`UPDATE technicians SET status = 'suspended' WHERE id = $1`, *c.tech.TechnicianID)
	_, err := c.giveBack(c.Clerk, r, units(unit, "S1"))
	c.Refused(err, fault.Invalid, "unit S1 is in the van")
	_, err = c.giveBack(c.chief, r, many(plain, 4))
	c.Refused(err, fault.Invalid, "/lines/0/quantity 3 of part "+plain.Number+" can come back from this request")
	r = c.got(c.giveBack(c.chief, r, units(unit, "S1"), many(plain, 3)))
	if c.stands(r, requests.StatusReturnedUnused); c.Holds(c.van.ID, plain) != 0 || c.WhereIs(unit, "S1") != inventory.KindWarehouse {
		t.Error("the van is not empty")
	}
	c.Sound()
}

func TestWhatIsLostAfterCancelingHoldsNobody(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1", "S2")
	c.Stock(c.Warehouse, plain, 3)
	lines := []inventory.Line{units(unit, "S1", "S2"), many(plain, 3)}
	r := c.got(c.issue(c.approved(nil, many(unit, 2), many(plain, 3)), lines...))
	r = c.got(c.Counter.Cancel(t.Context(), c.tech, r.ID, r.Version, "not needed"))
	if r.Lines[0].Missing != 2 || r.Lines[1].Missing != 3 {
		t.Errorf("canceled %+v", r.Lines)
	}
	r = c.got(c.giveBack(c.Clerk, r, units(unit, "S1"), many(plain, 1)))
	leave := func() error {
		return c.Counter.Leave(t.Context(), c.chief, *c.tech.TechnicianID, func(context.Context) error { return nil })
	}
	c.Refused(leave(), fault.Conflict, r.Number)
	r = c.got(c.Counter.SettleDifference(t.Context(), c.chief, r.ID, r.Version, requests.Settlement{
		Outcome: requests.OutcomeLost, Reason: "no trace", Lines: stocktest.Lines(units(unit, "S2"), many(plain, 2)),
	}))
	c.stands(r, requests.StatusCanceled)
	c.Must(leave())
	c.Sound()
}
