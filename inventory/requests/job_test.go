package requests_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// needs writes down what a job needs.
func (c *ctr) needs(job uuid.UUID, p inventory.Part, n int) {
	c.Helper()
	c.Exec(`UPDATE jobs SET parts = parts || jsonb_build_array(jsonb_build_object('part_id', $2::text, 'quantity', $3::int)) WHERE id = $1`, job, p.ID.String(), n)
}

func TestJobAsksForWhatTheVanLacks(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p, q, there := c.Part(""), c.Part("s"), c.Part("")
	c.needs(c.job, p, 5)
	c.needs(c.job, q, 1)
	c.needs(c.job, there, 2)
	c.Stock(c.van, p, 2)
	c.Stock(c.van, there, 2)
	dispatcher := who.Actor{UserID: c.chief.UserID, Roles: []who.Role{who.Dispatcher}, OutletID: &c.Outlet}
	colleague, _ := c.Technician(c.Outlet)
	_, err := c.Counter.OpenFor(ctx, colleague, c.job)
	c.Refused(err, fault.NotFound, "no such job")

	// Ten times at once asks once.
	opened := make([]error, 10)
	var wg sync.WaitGroup
	for i := range opened {
		wg.Go(func() { _, opened[i] = c.Counter.OpenFor(ctx, dispatcher, c.job) })
	}
	wg.Wait()
	done := 0
	for _, err := range opened {
		if err == nil {
			done++
		} else {
			c.Refused(err, fault.Conflict, "needs nothing that is neither in the van nor asked for")
		}
	}
	all, _, err := c.Counter.List(ctx, c.Clerk, requests.Filter{JobID: &c.job}, uuid.Nil, 10)
	c.Must(err)
	if done != 1 || len(all) != 1 || len(all[0].Lines) != 2 || all[0].Origin != requests.OriginJob || all[0].TechnicianID != *c.tech.TechnicianID {
		t.Fatalf("asked %d times: %+v", done, all)
	}
	for _, l := range all[0].Lines {
		if (l.PartID == p.ID && l.Quantity != 3) || (l.PartID == q.ID && l.Quantity != 1) || l.PartID == there.ID {
			t.Errorf("asked for %+v", l)
		}
	}
	r := c.got(c.Counter.Approve(ctx, who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &c.Outlet}, all[0].ID, 1, requests.Allowance{Lines: []inventory.Want{{PartID: p.ID, Quantity: 2}}}))
	if again := c.got(c.Counter.OpenFor(ctx, dispatcher, c.job)); len(again.Lines) != 1 || again.Lines[0].Quantity != 1 {
		t.Errorf("what was refused is asked for again: %+v", again.Lines)
	}
	c.Stock(c.Warehouse, p, 2)
	r = c.got(c.issue(r, many(p, 2)))
	c.got(c.receive(r, many(p, 2)))
	_, err = c.Uses.Use(ctx, c.tech, c.job, uses.PartUse{PartID: p.ID, Quantity: 2, OldPartWish: uses.WishNone})
	c.Must(err)
	_, err = c.Counter.OpenFor(ctx, dispatcher, c.job)
	c.Refused(err, fault.Conflict, "needs nothing")
	nobodys := c.Job(c.Outlet)
	_, err = c.Counter.OpenFor(ctx, dispatcher, nobodys)
	c.Refused(err, fault.Conflict, "no technician is booked for job")
}

func TestJobThatIsOverTakesItsRequestsAlong(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	c.Stock(c.Warehouse, p, 10)
	here := c.inVan(many(p, 1))
	sent := c.got(c.issue(c.approved(&c.job, many(p, 4)), many(p, 2)))
	waits := c.approved(&c.job, many(p, 2))
	c.Exec(`UPDATE jobs SET status = 'canceled' WHERE id = $1`, c.job)
	_, err := c.issue(waits, many(p, 1))
	c.Refused(err, fault.Conflict, "is canceled")
	c.Must(c.Counter.EndFor(ctx, c.chief, c.job))
	if r := c.stands(waits, requests.StatusCanceled); *r.CanceledReason != "job_over" {
		t.Errorf("canceled %+v", r)
	}
	sent = c.stands(sent, requests.StatusCanceled)
	c.stands(here, requests.StatusReceived) // in the van until it goes back
	if c.Holds(c.van.ID, p) != 1 || c.reservedAt(c.Warehouse.ID, p) != 0 {
		t.Errorf("the van holds %d, %d are set aside", c.Holds(c.van.ID, p), c.reservedAt(c.Warehouse.ID, p))
	}
	c.got(c.giveBack(c.Clerk, sent, many(p, 2)))
	n := c.Count(`SELECT count(*) FROM events`)
	c.Must(c.Counter.EndFor(ctx, c.chief, c.job))
	if c.Count(`SELECT count(*) FROM events`) != n {
		t.Error("what is canceled was canceled again")
	}
	c.Sound()
}

// Whoever holds the job first wins, and nobody waits for the other for ever.
func TestJobEndsWhileItsPartsAreHandedOut(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	c.Stock(c.Warehouse, p, 100)
	const rounds = 12
	issued := 0
	for range rounds {
		job := c.Job(c.Outlet, c.tech)
		r := c.approved(&job, many(p, 1))
		var ended, handed error
		var wg sync.WaitGroup
		wg.Go(func() {
			ended = c.DB.InTx(ctx, func(ctx context.Context) error {
				if _, err := pg.Exec(ctx, c.DB, `UPDATE jobs SET status = 'canceled' WHERE id = $1`, job); err != nil {
					return err
				}
				return c.Counter.EndFor(ctx, c.chief, job)
			})
		})
		wg.Go(func() { _, handed = c.issue(r, many(p, 1)) })
		wg.Wait()
		c.Must(ended)
		now := c.stands(r, requests.StatusCanceled)
		if handed == nil {
			issued++
			if now.Lines[0].Missing != 1 {
				t.Errorf("handed out, and %+v", now.Lines[0])
			}
		} else if !fault.Is(handed, fault.Conflict) && !fault.Is(handed, fault.Stale) {
			t.Error(handed)
		}
	}
	if n := c.Count(`SELECT coalesce(sum(quantity), 0)::int FROM balances b JOIN locations l ON l.id = b.location_id WHERE l.kind = 'transit'`); n != issued || c.reservedAt(c.Warehouse.ID, p) != 0 {
		t.Errorf("%d were handed out, %d are in transit, %d set aside", issued, n, c.reservedAt(c.Warehouse.ID, p))
	}
	c.Sound()
}

func TestUsesCountForTheOldestRequestAndNotWhenTakenBack(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	c.Stock(c.Warehouse, p, 4)
	first, second := c.inVan(many(p, 2)), c.inVan(many(p, 2))
	used, err := c.Uses.Use(ctx, c.tech, c.job, uses.PartUse{PartID: p.ID, Quantity: 3, OldPartWish: uses.WishNone})
	c.Must(err)
	if a, b := c.stands(first, requests.StatusReceived), c.stands(second, requests.StatusReceived); a.Lines[0].Used != 2 || b.Lines[0].Used != 1 {
		t.Errorf("used %d and %d", a.Lines[0].Used, b.Lines[0].Used)
	}
	_, err = c.Uses.Reverse(ctx, c.Clerk, used.MovementID, "wrong part")
	c.Must(err)
	c.Must(c.Counter.AccountAll(ctx))
	if a := c.stands(first, requests.StatusReceived); a.Lines[0].Used != 0 {
		t.Errorf("used %d after the use was taken back", a.Lines[0].Used)
	}
}

func TestTechnicianCannotLeaveWithOpenStock(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	c.Stock(c.Warehouse, p, 5)
	c.Stock(c.van, p, 1)
	r := c.ask(nil, many(p, 1))
	left := 0
	leave := func() error {
		return c.Counter.Leave(ctx, c.chief, *c.tech.TechnicianID, func(context.Context) error { left++; return nil })
	}
	c.Refused(leave(), fault.Conflict, fmt.Sprintf("the technician still has to account for: 1 × %s, %s", p.Number, r.Number))
	o, err := c.Counter.OpenStock(ctx, c.tech, *c.tech.TechnicianID)
	c.Must(err)
	if len(o.Holdings) != 1 || o.Holdings[0].Quantity != 1 || len(o.Requests) != 1 || o.Requests[0].Number != r.Number {
		t.Errorf("open %+v", o)
	}
	colleague, _ := c.Technician(c.Outlet)
	_, err = c.Counter.OpenStock(ctx, colleague, *c.tech.TechnicianID)
	c.Refused(err, fault.NotFound, "no such technician")
	c.got(c.Counter.Cancel(ctx, c.tech, r.ID, r.Version, ""))
	c.Must(c.DB.InTx(ctx, func(ctx context.Context) error {
		_, err := c.Ledger.Move(ctx, c.tech, inventory.Slip{Kind: inventory.MovementTransfer}, inventory.Between([]inventory.Counted{{Part: p, Quantity: 1}}, c.van, c.Warehouse))
		return err
	}))
	// Sent out of the van, until somebody has received it all: nothing shows that it ever left.
	sent, number := stocktest.NewID(), stocktest.Fresh("T")
	c.Exec(`INSERT INTO transfers (id, number, status, from_location, to_location, transit_id, sent_by, created_at, updated_at)
		VALUES ($1, $2, 'sent', $3, $4, $3, $5, now(), now())`, sent, number, c.van.ID, c.Warehouse.ID, c.tech.UserID)
	for _, status := range []string{"sent", "short"} {
		c.Exec(`UPDATE transfers SET status = $2 WHERE id = $1`, sent, status)
		c.Refused(leave(), fault.Conflict, "the technician still has to account for: "+number)
	}
	o, err = c.Counter.OpenStock(ctx, c.tech, *c.tech.TechnicianID)
	c.Must(err)
	if len(o.Transfers) != 1 || o.Transfers[0].Number != number || o.Transfers[0].Status != "short" {
		t.Errorf("open %+v", o.Transfers)
	}
	c.Exec(`UPDATE transfers SET status = 'received' WHERE id = $1`, sent)
	c.Must(leave())
	if left != 1 {
		t.Errorf("left %d times", left)
	}
	given := c.approved(nil, many(p, 1))
	c.Exec(`UPDATE technicians SET status = 'left' WHERE id = $1`, *c.tech.TechnicianID)
	_, err = c.issue(given, many(p, 1))
	c.Refused(err, fault.Conflict, "technician T is left")
}
