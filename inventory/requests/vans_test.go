package requests_test

import (
	"context"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// move moves parts behind the requests' backs.
func (c *ctr) move(from, to inventory.Location, p inventory.Part, n int, serials ...string) {
	c.Helper()
	c.Must(c.DB.InTx(c.Context(), func(ctx context.Context) error {
		_, err := c.Ledger.Move(ctx, who.System, inventory.Slip{Kind: inventory.MovementTransfer}, inventory.Between([]inventory.Counted{{Part: p, Quantity: n, Serials: serials}}, from, to))
		return err
	}))
}

// inVans are what requests say lies in the van of their first line.
func (c *ctr) inVans(want ...int) func(all ...requests.Request) {
	return func(all ...requests.Request) {
		c.Helper()
		for i, r := range all {
			now, err := c.Counter.Find(c.Context(), c.Clerk, r.ID)
			c.Must(err)
			if got := now.Lines[0].InVan(); got != want[i] {
				c.Errorf("request %d has %d in the van, want %d: %+v", i, got, want[i], now.Lines[0])
			}
		}
	}
}

func TestWhatLeftTheVanOtherwiseIsNotInIt(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 20)
	stock := c.approved(nil, many(p, 3))
	stock = c.got(c.receive(c.got(c.issue(stock, many(p, 3))), many(p, 3)))
	first, second := c.inVan(many(p, 2)), c.inVan(many(p, 2))
	c.inVans(3, 2, 2)(stock, first, second)
	// The van's own stock goes first, then the oldest request.
	c.move(c.van, c.Warehouse, p, 2)
	c.inVans(1, 2, 2)(stock, first, second)
	c.move(c.van, c.Warehouse, p, 2)
	c.inVans(0, 1, 2)(stock, first, second)
	_, err := c.giveBack(c.tech, first, many(p, 2))
	c.Refused(err, fault.Invalid, "/lines/0/quantity 1 of part "+p.Number+" are in the van for this request")
	// What was used on the job is the oldest request's, and lies nowhere any more.
	_, err = c.Uses.Use(t.Context(), c.tech, c.job, uses.PartUse{PartID: p.ID, Quantity: 1, OldPartWish: uses.WishNone})
	c.Must(err)
	c.inVans(0, 0, 2)(stock, first, second)
	c.move(c.Warehouse, c.van, p, 9)
	c.inVans(3, 1, 2)(stock, first, second)
	if got := c.got(c.giveBack(c.tech, second, many(p, 1))); got.Lines[0].InVan() != 1 {
		t.Errorf("handed in %+v", got.Lines)
	}
	if page, _, err := c.Counter.List(t.Context(), c.Clerk, requests.Filter{}, uuid.Nil, 10); err != nil || len(page) != 3 || page[1].Lines[0].InVan() != 1 || page[2].Lines[0].InVan() != 1 {
		t.Errorf("the list says otherwise: %+v, %v", page, err)
	}
	c.Sound()
}

func TestUnitsAreInTheVanWhereTheyStand(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("s")
	c.Stock(c.Warehouse, p, 0, "S1", "S2", "S3")
	r := c.inVan(units(p, "S1", "S2", "S3"))
	c.inVans(3)(r)
	c.move(c.van, c.Warehouse, p, 1, "S2")
	c.inVans(2)(r)
	_, err := c.Uses.Use(t.Context(), c.tech, c.job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "S1", OldPartWish: uses.WishNone})
	c.Must(err)
	c.inVans(1)(r)
	r = c.got(c.giveBack(c.tech, c.stands(r, requests.StatusReceived), units(p, "S3")))
	if r.Lines[0].InVan() != 0 || r.Lines[0].Left() != 1 {
		t.Errorf("handed in %+v", r.Lines)
	}
	c.Sound()
}
