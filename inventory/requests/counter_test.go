package requests_test

import (
	"testing"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// ctr is an operation with a technician, his van and his job.
type ctr struct {
	*stocktest.House
	tech, chief who.Actor
	van         inventory.Location
	job         uuid.UUID
}

func open(t *testing.T) *ctr {
	t.Helper()
	c := &ctr{House: stocktest.Open(t)}
	c.tech, c.van = c.Technician(c.Outlet)
	c.job = c.Job(c.Outlet, c.tech)
	c.chief = who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &c.Outlet}
	return c
}

// got is a request that nothing was wrong with.
func (c *ctr) got(r requests.Request, err error) requests.Request {
	c.Helper()
	c.Must(err)
	return r
}

func many(p inventory.Part, n int) inventory.Line { return inventory.Line{PartID: p.ID, Quantity: n} }

func units(p inventory.Part, serials ...string) inventory.Line {
	return inventory.Line{PartID: p.ID, Serials: serials}
}

// ask asks for parts, for the job or (nil) for the van's stock.
func (c *ctr) ask(job *uuid.UUID, lines ...inventory.Line) requests.Request {
	c.Helper()
	return c.got(c.Counter.Request(c.Context(), c.tech, requests.Wanted{JobID: job, Lines: lines}))
}

// approved is a request that somebody approved.
func (c *ctr) approved(job *uuid.UUID, lines ...inventory.Line) requests.Request {
	c.Helper()
	r := c.ask(job, lines...)
	return c.got(c.Counter.Approve(c.Context(), c.chief, r.ID, r.Version, requests.Allowance{}))
}

func (c *ctr) issue(r requests.Request, lines ...inventory.Line) (requests.Request, error) {
	return c.Counter.Issue(c.Context(), c.Clerk, r.ID, r.Version, requests.Issuing{Lines: lines})
}

func (c *ctr) receive(r requests.Request, lines ...inventory.Line) (requests.Request, error) {
	return c.Counter.Receive(c.Context(), c.tech, r.ID, r.Version, lines)
}

// giveBack has somebody bring parts back.
func (c *ctr) giveBack(by who.Actor, r requests.Request, lines ...inventory.Line) (requests.Request, error) {
	return c.Counter.ReturnUnused(c.Context(), by, r.ID, r.Version, requests.Return{Lines: lines})
}

// bringBack has the technician hand in, and the clerk receive it.
func (c *ctr) bringBack(r requests.Request, lines ...inventory.Line) requests.Request {
	c.Helper()
	return c.got(c.giveBack(c.Clerk, c.got(c.giveBack(c.tech, r, lines...)), lines...))
}

// stands demands that a request, read anew, stands somewhere.
func (c *ctr) stands(r requests.Request, want requests.Status) requests.Request {
	c.Helper()
	now, err := c.Counter.Find(c.Context(), c.Clerk, r.ID)
	c.Must(err)
	if now.Status != want {
		c.Errorf("request is %s, want %s: %+v", now.Status, want, now.Lines)
	}
	return now
}

// reservedAt is how many of a part are set aside in a place.
func (c *ctr) reservedAt(at uuid.UUID, p inventory.Part) int {
	c.Helper()
	return c.Count(`SELECT coalesce((SELECT reserved FROM balances WHERE location_id = $1 AND part_id = $2), 0)`, at, p.ID)
}

// priced gives a part a list price in minor units.
func (c *ctr) priced(p inventory.Part, price int64) inventory.Part {
	c.Helper()
	p, err := c.Ledger.AmendPart(c.Context(), who.System, p.ID, p.Version, inventory.PartChange{ListPrice: &price})
	c.Must(err)
	return p
}
