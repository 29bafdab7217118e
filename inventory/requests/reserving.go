package requests

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// What of the request an outlet's warehouse could give now counts for it, in its bins as well, and what takes
// the place of its parts.
const bestSQL = `
WITH RECURSIVE w (part_id, quantity) AS (
  SELECT * FROM unnest($2::uuid[], $3::int[]) UNION SELECT p.superseded_by, w.quantity FROM w JOIN parts p ON p.id = w.part_id WHERE p.superseded_by IS NOT NULL),
free AS (
  SELECT coalesce(l.warehouse_id, l.id) AS id, b.part_id, sum(b.quantity - b.reserved) AS n
  FROM balances b JOIN locations l ON l.id = b.location_id
  WHERE l.outlet_id = $1 AND l.kind IN ('warehouse', 'outlet', 'bin') AND l.active AND b.part_id IN (SELECT part_id FROM w) AND b.quantity > b.reserved
  GROUP BY 1, 2)
SELECT l.id FROM locations l LEFT JOIN free USING (id) LEFT JOIN w USING (part_id)
WHERE l.outlet_id = $1 AND l.kind IN ('warehouse', 'outlet') AND l.active
GROUP BY l.id, l.kind, l.code ORDER BY coalesce(sum(least(free.n, w.quantity)), 0) DESC, l.kind DESC, l.code LIMIT 1`

// bestWarehouse is the outlet's warehouse that has the most of what r asks for; nil where the outlet has none.
func (c *Counter) bestWarehouse(ctx context.Context, r *Request) (*uuid.UUID, error) {
	var parts []uuid.UUID
	var quantities []int
	for _, l := range r.Lines {
		parts, quantities = append(parts, l.PartID), append(quantities, l.ToIssue())
	}
	rows, err := pg.Query[found](ctx, c.DB(), bestSQL, r.OutletID, parts, quantities)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0].ID, nil
}

// setAside reserves for r what of its back-orders is free in its warehouse, of the parts or of what takes
// their place, and says how many pieces that are.
func (c *Counter) setAside(ctx context.Context, r *Request) (int, error) {
	return c.reserve(ctx, r, false)
}

// reserve reserves for r what of its back-orders is free in its warehouse, for as long as the policy
// says, and says how many pieces that are. decides: somebody decides about the request with it.
func (c *Counter) reserve(ctx context.Context, r *Request, decides bool) (int, error) {
	if r.WarehouseID != nil {
		if err := c.succeed(ctx, r, *r.WarehouseID, decides); err != nil {
			return 0, err
		}
	}
	var wants []inventory.Want
	for _, l := range r.Lines {
		if n := l.Backordered(); n > 0 {
			wants = append(wants, inventory.Want{PartID: l.PartID, Quantity: n})
		}
	}
	if r.WarehouseID == nil || len(wants) == 0 {
		return 0, nil
	}
	warehouse, err := c.Locate(ctx, *r.WarehouseID)
	if err != nil {
		return 0, err
	}
	until, err := c.until(ctx)
	if err != nil {
		return 0, err
	}
	got, err := c.Reserve(ctx, r.ID, warehouse, wants, until)
	sum := 0
	for i := range r.Lines {
		n := got[r.Lines[i].PartID]
		r.Lines[i].Reserved += n
		sum += n
	}
	return sum, err
}

// until is when what is set aside now runs out.
func (c *Counter) until(ctx context.Context) (time.Time, error) {
	p, err := c.policies.Current(ctx)
	return p.Due(policy.PartReservation, c.Now()), err
}

// release gives back what is set aside for r, and lets others have it.
func (c *Counter) release(ctx context.Context, r *Request, part *uuid.UUID) error {
	if err := c.Release(ctx, r.ID, part); err != nil {
		return err
	}
	var freed []uuid.UUID
	for i := range r.Lines {
		if l := &r.Lines[i]; l.Reserved > 0 && (part == nil || *part == l.PartID) {
			l.Reserved, freed = 0, append(freed, l.PartID)
		}
	}
	if r.WarehouseID == nil || len(freed) == 0 {
		return nil
	}
	return c.FillBackorders(ctx, *r.WarehouseID, freed)
}

// trim gives back what is set aside for r beyond what is still to be issued: somebody took it from
// another place.
func (c *Counter) trim(ctx context.Context, r *Request) error {
	all, err := c.Reservations(ctx, []uuid.UUID{r.ID})
	if err != nil {
		return err
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		l.Reserved = 0
		for _, v := range all {
			if v.PartID == l.PartID {
				l.Reserved += v.Quantity
			}
		}
		if l.Reserved <= l.ToIssue() {
			continue
		}
		if err := c.release(ctx, r, &l.PartID); err != nil {
			return err
		}
	}
	_, err = c.setAside(ctx, r)
	return err
}

// SetAside asks once more for the back-orders of a request, and prolongs what is set aside already.
// What is not free now is set aside as it arrives.
func (c *Counter) SetAside(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Request, error) {
	return c.change(ctx, by, id, version, VerbReserve, "reserved", func(ctx context.Context, r *Request) (map[string]any, error) {
		if r.WarehouseID == nil {
			return nil, fault.New(fault.Conflict, "no warehouse is named to set the parts aside in")
		}
		r.LapsedAt = nil
		if err := c.prolong(ctx, r); err != nil {
			return nil, err
		}
		n, err := c.setAside(ctx, r)
		return map[string]any{"reserved": n}, err
	})
}

const prolongSQL = `UPDATE reservations SET expires_at = $2 WHERE request_id = $1`

// prolong keeps what is set aside for r as long as if it were set aside now.
func (c *Counter) prolong(ctx context.Context, r *Request) error {
	until, err := c.until(ctx)
	if err != nil {
		return err
	}
	_, err = pg.Exec(ctx, c.DB(), prolongSQL, r.ID, until)
	return err
}

// Amend has another warehouse hand out what is still to be issued, and sets it aside there.
func (c *Counter) Amend(ctx context.Context, by who.Actor, id uuid.UUID, version int, warehouse uuid.UUID) (Request, error) {
	return c.change(ctx, by, id, version, VerbAmend, "amended", func(ctx context.Context, r *Request) (map[string]any, error) {
		return map[string]any{"warehouse_id": warehouse}, c.moveTo(ctx, by, r, warehouse)
	})
}

// moveTo makes a warehouse that the request of a command names the one of r.
func (c *Counter) moveTo(ctx context.Context, by who.Actor, r *Request, warehouse uuid.UUID) error {
	var f fault.Faults
	if _, err := c.Named(ctx, by, warehouse, "/warehouse_id", shelves, &f); err != nil {
		return err
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return err
	}
	if r.WarehouseID != nil && *r.WarehouseID == warehouse {
		return nil
	}
	if err := c.release(ctx, r, nil); err != nil {
		return err
	}
	r.WarehouseID = &warehouse
	_, err := c.setAside(ctx, r)
	return err
}
