package requests_test

import (
	"testing"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// chain is three parts, of which each takes the place of the one before.
func (c *ctr) chain(shape string) [3]inventory.Part {
	c.Helper()
	all := [3]inventory.Part{c.Part(shape), c.Part(shape), c.Part(shape)}
	for i := range 2 {
		c.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, all[i].ID, all[i+1].ID)
	}
	return all
}

func TestSuccessorsAreSetAsideWhereAPartIsOut(t *testing.T) {
	t.Parallel()
	c := open(t)
	parts := c.chain("")
	c.Stock(c.Warehouse, parts[0], 1)
	c.Stock(c.Warehouse, parts[2], 3)
	r := c.approved(&c.job, many(parts[0], 3))
	if len(r.Lines) != 2 || r.Lines[0].Reserved != 1 || r.Lines[0].Replaced != 2 || r.Lines[1].PartID != parts[2].ID || r.Lines[1].Reserved != 2 ||
		*r.Lines[1].InsteadOf != parts[0].ID || *r.Lines[1].SubstituteReason != "superseded" {
		t.Fatalf("approved %+v", r.Lines)
	}
	stops, err := c.Counter.PickList(t.Context(), c.Clerk, r.ID)
	c.Must(err)
	if len(stops) != 2 {
		t.Errorf("to be picked: %+v", stops)
	}
	r = c.got(c.issue(r, many(parts[0], 1), many(parts[2], 2)))
	r = c.got(c.receive(r, many(parts[0], 1), many(parts[2], 2)))
	if c.Holds(c.van.ID, parts[2]) != 2 || r.Status != requests.StatusReceived {
		t.Errorf("received %+v", r)
	}

	// What arrives later serves whoever waits for what it takes the place of.
	waits := c.approved(nil, many(parts[0], 2))
	if waits.Lines[0].Backordered() != 1 {
		t.Errorf("waits %+v", waits.Lines)
	}
	c.Stock(c.Warehouse, parts[1], 4)
	c.Must(c.Counter.FillBackorders(t.Context(), c.Warehouse.ID, []uuid.UUID{parts[1].ID}))
	waits = c.stands(waits, requests.StatusApproved)
	if waits.Lines[0].Backordered() != 0 || c.reservedAt(c.Warehouse.ID, parts[1]) != 1 {
		t.Errorf("filled %+v", waits.Lines)
	}
	c.Sound()
}

func TestADearerSuccessorWaitsForAPerson(t *testing.T) {
	t.Parallel()
	c := open(t)
	parts := c.chain("")
	c.priced(parts[0], 100)
	c.priced(parts[1], 900_000)
	r := c.ask(nil, many(parts[0], 1))
	if !r.Automatic || len(r.Lines) != 1 {
		t.Fatalf("asked for %+v", r)
	}
	c.Stock(c.Warehouse, parts[1], 4)
	c.Must(c.Counter.FillBackorders(t.Context(), c.Warehouse.ID, nil))
	if r = c.stands(r, requests.StatusApproved); len(r.Lines) != 1 || r.Lines[0].Backordered() != 1 || *r.Value != 100 {
		t.Errorf("the policy let pass %+v", r)
	}
	c.Sound()
}

func TestAJobAsksForNothingThatASuccessorServes(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	parts := c.chain("")
	c.Exec(`UPDATE jobs SET parts = jsonb_build_array(jsonb_build_object('part_id', $2::uuid, 'quantity', 2), jsonb_build_object('part_id', $3::uuid, 'quantity', 1)) WHERE id = $1`,
		c.job, parts[0].ID, parts[2].ID)
	c.Stock(c.van, parts[1], 1)
	c.Stock(c.van, parts[2], 1)
	r := c.got(c.Counter.OpenFor(ctx, c.Clerk, c.job))
	if len(r.Lines) != 1 || r.Lines[0].PartID != parts[0].ID || r.Lines[0].Quantity != 1 {
		t.Errorf("asked for %+v", r.Lines)
	}
	c.Stock(c.Warehouse, parts[2], 1)
	r = c.got(c.Counter.Approve(ctx, c.chief, r.ID, r.Version, requests.Allowance{}))
	_, err := c.Counter.OpenFor(ctx, c.Clerk, c.job)
	c.Refused(err, fault.Conflict, "needs nothing")
	r = c.got(c.receive(c.got(c.issue(r, many(parts[2], 1))), many(parts[2], 1)))
	_, err = c.Counter.OpenFor(ctx, c.Clerk, c.job)
	c.Refused(err, fault.Conflict, "needs nothing")
	_, err = c.Uses.Use(ctx, c.tech, c.job, uses.PartUse{PartID: parts[2].ID, Quantity: 2, OldPartWish: uses.WishNone})
	c.Must(err)
	_, err = c.Counter.OpenFor(ctx, c.Clerk, c.job)
	c.Refused(err, fault.Conflict, "needs nothing")
	c.Sound()
}
