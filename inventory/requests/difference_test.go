package requests_test

import (
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
)

func TestShortDeliveryIsAccountedFor(t *testing.T) {
	t.Parallel()
	c := open(t)
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1", "S2", "S3")
	c.Stock(c.Warehouse, plain, 5)
	r := c.got(c.issue(c.approved(&c.job, many(unit, 3), many(plain, 5)), units(unit, "S1", "S2", "S3"), many(plain, 5)))
	r = c.got(c.receive(r, units(unit, "S1"), many(plain, 2)))
	if r.Status != requests.StatusReceived || r.Lines[0].Missing != 2 || r.Lines[1].Missing != 3 || c.WhereIs(unit, "S2") != inventory.KindTransit {
		t.Errorf("received %+v", r)
	}
	// The same scan once more receives nothing twice; one turns up later.
	r = c.got(c.receive(r, units(unit, "S1", "S2")))
	if r.Lines[0].Received != 2 || r.Lines[0].Missing != 1 || len(r.Overs) != 0 {
		t.Errorf("received %+v, %+v", r.Lines[0], r.Overs)
	}
	settle := func(s requests.Settlement) (requests.Request, error) {
		return c.Counter.SettleDifference(t.Context(), c.Clerk, r.ID, r.Version, s)
	}
	_, err := settle(requests.Settlement{Outcome: requests.OutcomeFound, Lines: stocktest.Lines(many(plain, 4))})
	c.Refused(err, fault.Invalid, "/lines/0/quantity 3 of part "+plain.Number+" are missing")
	_, err = settle(requests.Settlement{Outcome: requests.OutcomeFound, Lines: stocktest.Lines(units(unit, "S2"))})
	c.Refused(err, fault.Invalid, "/lines/0/serials/0 unit S2 is not missing")
	_, err = settle(requests.Settlement{Outcome: requests.OutcomeLost, Reason: "gone", Lines: stocktest.Lines(units(unit, "S3"))})
	c.Refused(err, fault.Forbidden, "only a supervisor says that parts are lost")
	_, err = c.Counter.SettleDifference(t.Context(), c.tech, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeFound})
	c.Refused(err, fault.Forbidden, "nobody settles what he should have received himself")
	_, err = c.Counter.SettleDifference(t.Context(), c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeLost, Lines: stocktest.Lines(units(unit, "S3"))})
	c.Refused(err, fault.Invalid, "/reason must not be blank")

	r = c.got(settle(requests.Settlement{Outcome: requests.OutcomeFound, Lines: stocktest.Lines(many(plain, 3))}))
	if c.Holds(c.Warehouse.ID, plain) != 3 || r.Lines[1].Withdrawn != 3 || r.Lines[1].Missing != 0 {
		t.Errorf("found %+v", r.Lines[1])
	}
	r = c.got(c.Counter.SettleDifference(t.Context(), c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeLost, Reason: "no trace", Lines: stocktest.Lines(units(unit, "S3"))}))
	if c.WhereIs(unit, "S3") != inventory.KindAdjustment || r.Lines[0].Lost != 1 || r.Lines[0].InTransit() != 0 {
		t.Errorf("lost %+v", r.Lines[0])
	}
	r = c.bringBack(r, units(unit, "S1", "S2"), many(plain, 2))
	c.stands(r, requests.StatusReturnedUnused)
	c.Sound()
}

// What is sold is not written off as lost on its way, by its issuer or in small pieces.
func TestAnOutletWritesOffLittleOfItsRequests(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.priced(c.Part(""), 300000)
	c.Stock(c.Warehouse, p, 4)
	admin := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Admin}, OutletID: &c.Outlet}
	house := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}}
	lost := func(by who.Actor, r requests.Request) (requests.Request, error) {
		return c.Counter.SettleDifference(ctx, by, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeLost, Reason: "lost", Lines: stocktest.Lines(many(p, 1))})
	}
	gone := func(by who.Actor) requests.Request {
		r := c.approved(nil, many(p, 1))
		r = c.got(c.Counter.Issue(ctx, by, r.ID, r.Version, requests.Issuing{Lines: stocktest.Lines(many(p, 1))}))
		return c.got(c.receive(r))
	}
	r := gone(admin)
	_, err := lost(admin, r)
	c.Refused(err, fault.Forbidden, "nobody accounts for what he issued himself")
	c.got(lost(c.chief, r))
	// One receipt at next to nothing does not make it cheap.
	cent := int64(1)
	_, err = c.Ledger.Receive(ctx, c.Clerk, inventory.Receipt{LocationID: c.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1000, UnitCost: &cent})})
	c.Must(err)
	r = gone(c.Clerk)
	_, err = lost(c.chief, r)
	c.Refused(err, fault.Forbidden, "worth more than an outlet may approve")
	if now := c.stands(r, requests.StatusIssued); now.Version != r.Version || now.Lines[0].Lost != 0 {
		t.Errorf("a refused write-off left %+v", now)
	}
	c.got(lost(house, r))
	c.Sound()
}

func TestTwoWriteOffsAtOnceDoNotPassBesideEachOther(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.priced(c.Part(""), 300000)
	c.Stock(c.Warehouse, p, 4)
	all := make([]requests.Request, 4)
	for i := range all {
		all[i] = c.got(c.receive(c.got(c.issue(c.approved(nil, many(p, 1)), many(p, 1)))))
	}
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for i, r := range all {
		wg.Go(func() {
			_, errs[i] = c.Counter.SettleDifference(t.Context(), c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeLost, Reason: "lost", Lines: stocktest.Lines(many(p, 1))})
		})
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else {
			c.Refused(err, fault.Forbidden, "worth more than an outlet may approve")
		}
	}
	if done != 1 {
		t.Errorf("%d write-offs of 3,000.00 passed, and an outlet may 5,000.00 a day", done)
	}
	c.Sound()
}

func TestThatNothingCameIsNoReceipt(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 5)
	r := c.got(c.issue(c.approved(nil, many(p, 2)), many(p, 2)))
	r = c.got(c.receive(r))
	if r.Status != requests.StatusIssued || r.Lines[0].Missing != 2 {
		t.Errorf("is %s: %+v", r.Status, r.Lines)
	}
	r = c.got(c.giveBack(c.Clerk, r, many(p, 2)))
	if !r.Status.Ended() || c.Holds(c.Warehouse.ID, p) != 5 {
		t.Errorf("is %s", r.Status)
	}
	c.Sound()
}

func TestNothingIsReceivedForAJobThatIsOver(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 5)
	r := c.got(c.issue(c.approved(&c.job, many(p, 2)), many(p, 2)))
	r = c.got(c.receive(r, many(p, 1)))
	c.Exec(`UPDATE jobs SET status = 'canceled' WHERE id = $1`, c.job)
	r = c.stands(r, requests.StatusReceived)
	_, err := c.receive(r, many(p, 1))
	c.Refused(err, fault.Conflict, "is canceled: what is on its way for request "+r.Number+" goes back to the warehouse")
	_, err = c.Counter.Close(t.Context(), c.chief, r.ID, r.Version, "lost")
	c.Refused(err, fault.Conflict, "cannot end: 1 are in transit")
	r = c.got(c.giveBack(c.Clerk, r, many(p, 1)))
	if c.Holds(c.Warehouse.ID, p) != 4 || r.Lines[0].InTransit() != 0 {
		t.Errorf("taken back: %+v", r.Lines)
	}
	c.Sound()
}
