package requests

import (
	"context"
	"fmt"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// OpenStock is what a technician still has of the house's: parts in his van, and requests, old parts and
// what was sent out of the van that are not accounted for.
type OpenStock struct {
	TechnicianID uuid.UUID
	VanID        *uuid.UUID // nil where he has none
	Holdings     []inventory.Balance
	Requests     []Paper
	Returns      []Paper
	Transfers    []Paper // out of his van, and nobody has received all of them
}

// Paper is an open request, return or transfer by its number.
type Paper struct {
	ID     uuid.UUID
	Number string
	Status string
}

const ownerSQL = `SELECT id, van_id, user_id FROM technicians WHERE id = $1 AND ($2::uuid IS NULL OR outlet_id = $2) AND ($3::uuid IS NULL OR id = $3)`

const holdingsSQL = `
SELECT b.location_id, l.code AS location_code, l.name AS location_name, l.kind AS location_kind, b.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, b.quantity, b.reserved
FROM balances b JOIN locations l ON l.id = b.location_id JOIN parts p ON p.id = b.part_id
WHERE (l.id = $1 OR (l.warehouse_id = $1 AND l.kind = 'collected')) AND b.quantity <> 0 ORDER BY l.kind, p.number LIMIT 500`

const openRequestsSQL = `
SELECT r.id, r.number, r.status FROM part_requests r
WHERE r.technician_id = $1 AND (r.status IN ('requested', 'approved', 'picking', 'issued', 'backordered', 'received')
  OR (r.status = 'canceled' AND EXISTS (SELECT FROM part_request_lines l WHERE l.request_id = r.id AND l.issued > l.received + l.withdrawn + l.lost)))
ORDER BY r.id LIMIT 500`

const openReturnsSQL = `
SELECT id, number, status FROM part_returns WHERE technician_id = $1 AND status IN ('expected', 'collected', 'in_transit') ORDER BY id LIMIT 500`

// Until somebody else has it all in his hands, nothing proves that it ever left the van.
const openTransfersSQL = `
SELECT t.id, t.number, t.status FROM transfers t JOIN locations l ON l.id = t.from_location
WHERE t.status IN ('sent', 'short') AND (l.id = $1 OR (l.kind = 'van' AND t.sent_by = $2)) ORDER BY t.id LIMIT 500`

// OpenStock says what a technician within the actor's scope still has, up to 500 of each. How many there are of
// what the actor counts is withheld.
func (c *Counter) OpenStock(ctx context.Context, by who.Actor, technician uuid.UUID) (OpenStock, error) {
	type owner struct {
		ID     uuid.UUID
		VanID  *uuid.UUID
		UserID *uuid.UUID
	}
	rows, err := pg.Query[owner](ctx, c.DB(), ownerSQL, technician, by.OutletID, inventory.OnlyHis(by))
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("technician"))
	}
	if err != nil {
		return OpenStock{}, err
	}
	o := OpenStock{TechnicianID: technician, VanID: rows[0].VanID}
	if o.Holdings, err = pg.Query[inventory.Balance](ctx, c.DB(), holdingsSQL, o.VanID); err != nil {
		return o, err
	}
	blind, err := c.Blind(ctx, by)
	if err != nil {
		return o, err
	}
	blind.Withhold(o.Holdings)
	if o.Requests, err = pg.Query[Paper](ctx, c.DB(), openRequestsSQL, technician); err != nil {
		return o, err
	}
	if o.Returns, err = pg.Query[Paper](ctx, c.DB(), openReturnsSQL, technician); err != nil {
		return o, err
	}
	o.Transfers, err = pg.Query[Paper](ctx, c.DB(), openTransfersSQL, o.VanID, rows[0].UserID)
	return o, err
}

// named is how many things of open stock a refusal names.
const named = 10

// names lists the first of what is open, as people call it.
func (o OpenStock) names() string {
	var all []string
	for _, h := range o.Holdings {
		if h.Withheld {
			all = append(all, h.PartNumber)
			continue
		}
		all = append(all, fmt.Sprintf("%d × %s", h.Quantity, h.PartNumber))
	}
	for _, papers := range [][]Paper{o.Requests, o.Returns, o.Transfers} {
		for _, p := range papers {
			all = append(all, p.Number)
		}
	}
	if len(all) > named {
		all = append(all[:named], "…")
	}
	return strings.Join(all, ", ")
}

// Leave lets a technician's work end: leave is done in one transaction with the look at what he still
// has. With any of it the answer is a fault.Conflict that names it, and nothing is handed out to him
// meanwhile.
func (c *Counter) Leave(ctx context.Context, by who.Actor, technician uuid.UUID, leave func(context.Context) error) error {
	return c.DB().InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, c.DB(), `SELECT FROM technicians WHERE id = $1 FOR UPDATE`, technician); err != nil {
			return err
		}
		o, err := c.OpenStock(ctx, by, technician)
		if err != nil {
			return err
		}
		if text := o.names(); text != "" {
			return fault.New(fault.Conflict, "the technician still has to account for: %s", text)
		}
		return leave(ctx)
	})
}
