package requests_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestBackordersAreFilledOldestFirst(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	first, second := c.approved(nil, many(p, 3)), c.approved(nil, many(p, 3))
	c.Stock(c.Warehouse, p, 4)
	c.Must(c.Counter.FillBackorders(ctx, c.Warehouse.ID, []uuid.UUID{p.ID}))
	first, second = c.stands(first, requests.StatusApproved), c.stands(second, requests.StatusApproved)
	if first.Lines[0].Reserved != 3 || second.Lines[0].Reserved != 1 || second.Lines[0].Backordered() != 2 {
		t.Errorf("set aside %+v and %+v", first.Lines, second.Lines)
	}
	if n := c.Count(`SELECT count(*) FROM events WHERE kind = 'part_request.reserved'`); n != 2 {
		t.Errorf("%d events", n)
	}
	c.Must(c.Counter.FillBackorders(ctx, c.Warehouse.ID, nil))
	if n := c.Count(`SELECT count(*) FROM events WHERE kind = 'part_request.reserved'`); n != 2 {
		t.Errorf("nothing was free, and there are %d events", n)
	}
	// Somebody else's reservation is not for the taking.
	_, err := c.issue(second, many(p, 2))
	c.Refused(err, fault.Conflict, "and 3 of them are reserved")
	// What the first gives back is for the second: by the queue, within the same transaction.
	c.got(c.Counter.Cancel(ctx, c.tech, first.ID, first.Version, ""))
	if n := c.Count(`SELECT count(*) FROM river_job WHERE kind = 'set_aside_backorders'`); n == 0 {
		t.Error("nobody was told that something is free")
	}
	c.Must(c.Counter.FillBackorders(ctx, c.Warehouse.ID, nil))
	if second = c.stands(second, requests.StatusApproved); second.Lines[0].Reserved != 3 {
		t.Errorf("set aside %+v", second.Lines)
	}
	c.Sound()
}

func TestReservationsRunOut(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.Part("")
	c.Stock(c.Warehouse, p, 5)
	idle, picked, waiting := c.approved(nil, many(p, 3)), c.approved(nil, many(p, 2)), c.approved(nil, many(p, 2))
	picked = c.got(c.Counter.Pick(ctx, c.Clerk, picked.ID, picked.Version))
	c.Must(c.Counter.Expire(ctx))
	if n := c.reservedAt(c.Warehouse.ID, p); n != 5 {
		t.Errorf("%d are set aside before their time is over", n)
	}
	c.Exec(`UPDATE reservations SET expires_at = $1`, time.Now().Add(-time.Minute))
	c.Must(c.Counter.Expire(ctx))
	idle = c.stands(idle, requests.StatusApproved)
	if idle.LapsedAt == nil || idle.Lines[0].Backordered() != 3 || c.stands(picked, requests.StatusPicking).Lines[0].Reserved != 2 {
		t.Errorf("ran out %+v", idle)
	}
	c.Must(c.Counter.FillBackorders(ctx, c.Warehouse.ID, nil))
	if got := c.stands(waiting, requests.StatusApproved); got.Lines[0].Reserved != 2 {
		t.Errorf("the one behind got %+v", got.Lines)
	}
	if got := c.stands(idle, requests.StatusApproved); got.Lines[0].Reserved != 0 {
		t.Errorf("set aside again, and nobody asked: %+v", got.Lines)
	}
	idle = c.got(c.Counter.SetAside(ctx, c.tech, idle.ID, idle.Version))
	if idle.LapsedAt != nil || idle.Lines[0].Reserved != 1 {
		t.Errorf("set aside once more %+v", idle)
	}
	c.Sound()
}

func TestEightRaceForTheLastThree(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 3)
	asked := make([]requests.Request, 8)
	for i := range asked {
		asked[i] = c.ask(nil, many(p, 1))
	}
	var wg sync.WaitGroup
	errs := make([]error, len(asked))
	for i := range asked {
		wg.Go(func() {
			asked[i], errs[i] = c.Counter.Approve(t.Context(), c.chief, asked[i].ID, 1, requests.Allowance{})
		})
	}
	wg.Wait()
	c.Must(errors.Join(errs...))
	got := 0
	for _, r := range asked {
		got += r.Lines[0].Reserved
	}
	if got != 3 || c.reservedAt(c.Warehouse.ID, p) != 3 {
		t.Errorf("%d of 3 are set aside by the requests, %d by the books", got, c.reservedAt(c.Warehouse.ID, p))
	}
	c.Sound()
}

func TestTwoClerksCannotIssueTheLastUnit(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("s")
	one, two := c.approved(nil, many(p, 1)), c.approved(nil, many(p, 1))
	c.Stock(c.Warehouse, p, 0, "LAST")
	errs := make([]error, 10)
	var wg sync.WaitGroup
	for i := range errs { // each request five times: the same scan, sent again
		wg.Go(func() {
			r := one
			if i%2 == 1 {
				r = two
			}
			_, errs[i] = c.issue(r, units(p, "LAST"))
		})
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Stale):
			t.Error(err)
		}
	}
	if done != 1 || c.WhereIs(p, "LAST") != inventory.KindTransit {
		t.Errorf("issued %d times", done)
	}
	if n := c.Count(`SELECT sum(issued)::int FROM part_request_lines`); n != 1 {
		t.Errorf("the requests say %d were issued", n)
	}
	c.Sound()
}

func TestSubstitutes(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	old, next, last, other := c.priced(c.Part(""), 20000), c.Part(""), c.priced(c.Part(""), 20000), c.priced(c.Part(""), 20000)
	c.Stock(c.Warehouse, old, 1)
	c.Stock(c.Warehouse, last, 5)
	c.Stock(c.Warehouse, other, 5)
	r := c.approved(&c.job, many(old, 3))
	// Superseded since.
	for _, pair := range [][2]inventory.Part{{old, next}, {next, last}} {
		c.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, pair[0].ID, pair[1].ID)
	}
	_, err := c.issue(r, many(other, 1))
	c.Refused(err, fault.Invalid, "part "+other.Number+" was not asked for")
	_, err = c.issue(r, many(old, 1), many(last, 3))
	c.Refused(err, fault.Invalid, "are still to be issued")
	if r = c.stands(r, requests.StatusApproved); len(r.Lines) != 1 || r.Lines[0].Replaced != 0 {
		t.Errorf("a refused issue left %+v", r.Lines)
	}
	r = c.got(c.issue(r, many(old, 1), many(last, 1)))
	// What is still to come is set aside of the successor, too.
	if len(r.Lines) != 2 || r.Lines[0].Replaced != 2 || r.Lines[1].Reserved != 1 || *r.Lines[1].InsteadOf != old.ID || *r.Lines[1].SubstituteReason != "superseded" || r.Lines[1].Issued != 1 {
		t.Errorf("issued %+v", r.Lines)
	}
	swap := func(s requests.Substitution) (requests.Request, error) {
		return c.Counter.Substitute(ctx, c.chief, r.ID, r.Version, s)
	}
	_, err = swap(requests.Substitution{PartID: last.ID, SubstituteID: other.ID, Quantity: 2, Reason: "fits"})
	c.Refused(err, fault.Invalid, "/quantity 1 of part "+last.Number+" are still to be issued")
	_, err = swap(requests.Substitution{PartID: next.ID, SubstituteID: stocktest.NewID(), Reason: " "})
	c.Refused(err, fault.Invalid, "/part_id was not asked for")
	c.Refused(err, fault.Invalid, "/reason must not be blank")
	mine := c.chief
	mine.TechnicianID = c.tech.TechnicianID
	_, err = c.Counter.Substitute(ctx, mine, r.ID, r.Version, requests.Substitution{PartID: old.ID, SubstituteID: other.ID, Reason: "fits"})
	c.Refused(err, fault.Forbidden, "nobody substitutes parts for himself")
	r = c.got(swap(requests.Substitution{PartID: last.ID, SubstituteID: other.ID, Reason: "fits as well"}))
	if len(r.Lines) != 3 || r.Lines[2].Reserved != 1 || c.reservedAt(c.Warehouse.ID, other) != 1 || r.Lines[0].ToIssue() != 0 {
		t.Errorf("substituted %+v", r.Lines)
	}
	r = c.got(c.issue(r, many(other, 1)))
	r = c.got(c.receive(r, many(old, 1), many(last, 1), many(other, 1)))
	c.stands(r, requests.StatusReceived)
	c.Sound()
}
