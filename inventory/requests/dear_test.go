package requests_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
)

func TestNobodyHandsOutWhatHeApproved(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	dear, cheap := c.priced(c.Part(""), 90000000), c.priced(c.Part(""), 100)
	c.Stock(c.Warehouse, dear, 5)
	c.Stock(c.Warehouse, cheap, 5)
	admin := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Admin}, OutletID: &c.Outlet}
	issue := func(by who.Actor, r requests.Request, p inventory.Part) (requests.Request, error) {
		return c.Counter.Issue(ctx, by, r.ID, r.Version, requests.Issuing{Lines: stocktest.Lines(many(p, 1))})
	}
	r := c.ask(nil, many(dear, 1))
	r = c.got(c.Counter.Approve(ctx, admin, r.ID, r.Version, requests.Allowance{}))
	_, err := issue(admin, r, dear)
	c.Refused(err, fault.Forbidden, "nobody hands out what he approved himself")
	c.got(issue(c.Clerk, r, dear))
	// Whoever chooses another part approves that one; the first approver approved the request still.
	r = c.ask(nil, many(dear, 1))
	r = c.got(c.Counter.Approve(ctx, admin, r.ID, r.Version, requests.Allowance{}))
	second := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Admin}, OutletID: &c.Outlet}
	r = c.got(c.Counter.Substitute(ctx, second, r.ID, r.Version, requests.Substitution{PartID: dear.ID, SubstituteID: cheap.ID, Reason: "does as well"}))
	for _, by := range []who.Actor{admin, second} {
		_, err = issue(by, r, cheap)
		c.Refused(err, fault.Forbidden, "nobody hands out what he approved himself")
	}
	c.got(issue(c.Clerk, r, cheap))
	if r = c.ask(nil, many(cheap, 1)); !r.Automatic {
		t.Fatalf("asked %+v", r)
	}
	c.got(issue(admin, r, cheap)) // nobody approved it
	c.Sound()
}

func TestReceiptAtNextToNothingDoesNotMakeAPartCheap(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, cent := c.priced(c.Part(""), 60000), int64(1)
	_, err := c.Ledger.Receive(t.Context(), c.Clerk, inventory.Receipt{LocationID: c.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 100, UnitCost: &cent})})
	c.Must(err)
	if r := c.ask(nil, many(p, 1)); r.Status != requests.StatusRequested || *r.Value != 60000 {
		t.Errorf("asked %+v", r)
	}
}

func TestCanceledRequestCountsForTheDayIfItsPartsWentOut(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.priced(c.Part(""), 30000)
	c.Stock(c.Warehouse, p, 9)
	cancel := func(r requests.Request) requests.Request {
		return c.got(c.Counter.Cancel(t.Context(), c.tech, r.ID, r.Version, ""))
	}
	cancel(c.ask(nil, many(p, 1))) // nothing went out
	r := c.ask(nil, many(p, 1))
	if !r.Automatic {
		t.Fatalf("what nobody handed out counts: %+v", r)
	}
	r = cancel(c.got(c.issue(r, many(p, 1))))
	if again := c.ask(nil, many(p, 1)); again.Automatic {
		t.Error("what is on its way does not count")
	}
	c.got(c.giveBack(c.Clerk, r, many(p, 1)))
	if again := c.ask(nil, many(p, 1)); !again.Automatic {
		t.Error("what is back in the warehouse counts")
	}
	c.Sound()
}

func TestDearSuccessorIsJudgedAgain(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	cheap, dear, fair, unknown := c.priced(c.Part(""), 1000), c.priced(c.Part(""), 90000000), c.priced(c.Part(""), 30000), c.Part("")
	for _, p := range []inventory.Part{dear, fair, unknown} {
		c.Stock(c.Warehouse, p, 9)
	}
	succeeds := func(p inventory.Part) { c.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, cheap.ID, p.ID) }
	r, late := c.ask(nil, many(cheap, 1)), c.ask(nil, many(cheap, 1))
	if !r.Automatic || !late.Automatic {
		t.Fatalf("asked %+v", r)
	}
	for _, p := range []inventory.Part{dear, unknown} {
		succeeds(p)
		_, err := c.issue(r, many(p, 1))
		c.Refused(err, fault.Forbidden, "a supervisor must approve the substitution")
	}
	if now := c.stands(r, requests.StatusApproved); len(now.Lines) != 1 || now.Version != r.Version {
		t.Errorf("a refused issue left %+v", now)
	}
	succeeds(fair)
	passed := c.got(c.issue(r, many(fair, 1)))
	if *passed.Value != 30000 || !passed.Automatic {
		t.Errorf("issued %+v", passed)
	}
	// It counts as what it has become, also where it was asked for long ago.
	c.Exec(`UPDATE part_requests SET decided_at = now() - interval '3 days' WHERE id = $1`, late.ID)
	_, err := c.issue(late, many(fair, 1))
	c.Refused(err, fault.Forbidden, "a supervisor must approve the substitution")

	swap := func(by who.Actor, p inventory.Part) (requests.Request, error) {
		return c.Counter.Substitute(ctx, by, late.ID, late.Version, requests.Substitution{PartID: cheap.ID, SubstituteID: p.ID, Reason: "superseded"})
	}
	_, err = swap(c.Clerk, dear)
	c.Refused(err, fault.Forbidden, "a supervisor must approve the substitution")
	late = c.got(swap(c.chief, dear))
	if late.Automatic || *late.ApprovedBy != c.chief.UserID || *late.Value != 90000000 {
		t.Errorf("substituted %+v", late)
	}
	c.got(c.issue(late, many(dear, 1)))
	c.Sound()
}

func TestApprovedRequestMayNotGrowByItsSuccessor(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	old, same, dearer := c.priced(c.Part(""), 60000), c.priced(c.Part(""), 60000), c.priced(c.Part(""), 60001)
	c.Stock(c.Warehouse, same, 9)
	c.Stock(c.Warehouse, dearer, 9)
	r := c.approved(nil, many(old, 2))
	c.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, old.ID, dearer.ID)
	_, err := c.issue(r, many(dearer, 1))
	c.Refused(err, fault.Forbidden, "a supervisor must approve the substitution")
	c.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, old.ID, same.ID)
	r = c.got(c.issue(r, many(same, 1)))
	if *r.Value != 120000 || *r.ApprovedBy != c.chief.UserID {
		t.Errorf("issued %+v", r)
	}
	c.Exec(`UPDATE parts SET superseded_by = NULL WHERE id = $1`, old.ID)
	// Who asked for the parts does not approve dearer ones.
	mine := c.got(c.Counter.Request(ctx, c.chief, requests.Wanted{TechnicianID: c.tech.TechnicianID, Lines: stocktest.Lines(many(old, 1))}))
	other := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &c.Outlet}
	mine = c.got(c.Counter.Approve(ctx, other, mine.ID, mine.Version, requests.Allowance{}))
	swap := requests.Substitution{PartID: old.ID, SubstituteID: dearer.ID, Reason: "better"}
	_, err = c.Counter.Substitute(ctx, c.chief, mine.ID, mine.Version, swap)
	c.Refused(err, fault.Forbidden, "nobody approves his own request")
	c.got(c.Counter.Substitute(ctx, other, mine.ID, mine.Version, swap))
	c.Sound()
}
