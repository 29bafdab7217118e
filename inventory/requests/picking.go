package requests

import (
	"cmp"
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Pick has the warehouse begin to pick what is set aside for a request. From then on it does not run out.
func (c *Counter) Pick(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Request, error) {
	return c.change(ctx, by, id, version, VerbPick, "picking", func(ctx context.Context, r *Request) (map[string]any, error) {
		warehouse, err := c.handsOut(ctx, by, r)
		if err != nil {
			return nil, err
		}
		r.LapsedAt = nil
		if err := c.prolong(ctx, r); err != nil {
			return nil, err
		}
		if _, err := c.setAside(ctx, r); err != nil {
			return nil, err
		}
		reserved := 0
		for _, l := range r.Lines {
			reserved += l.Reserved
		}
		if reserved == 0 {
			return nil, fault.New(fault.Conflict, "nothing of request %s is there to be picked", r.Number)
		}
		r.Status, r.PickedBy = StatusPicking, inventory.ActorID(by)
		return map[string]any{"warehouse_id": warehouse.ID, "reserved": reserved}, nil
	})
}

// handsOut is the warehouse that hands r out. Whoever does not keep it is refused.
func (c *Counter) handsOut(ctx context.Context, by who.Actor, r *Request) (inventory.Location, error) {
	if r.WarehouseID == nil {
		return inventory.Location{}, fault.New(fault.Conflict, "no warehouse is named to set the parts aside in")
	}
	w, err := c.Locate(ctx, *r.WarehouseID)
	if err == nil && !w.Usable(by) {
		err = fault.New(fault.Forbidden, "%s hands request %s out, and is not your outlet's", w.Called(), r.Number)
	}
	return w, err
}

// Stop is a place where whoever picks takes something.
type Stop struct {
	LocationID   uuid.UUID
	LocationCode string
	LocationName string
	LocationKind inventory.Kind
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string // empty where nobody translated it
	Quantity     int
	Serials      []string // units that are there, the one that came first before the others; as many as are to be taken
}

const stopsSQL = `
SELECT v.location_id, l.code AS location_code, l.name AS location_name, l.kind AS location_kind, v.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, v.quantity,
  CASE WHEN p.serialized THEN ARRAY(
    SELECT u.serial FROM units u JOIN LATERAL (SELECT to_location, movement_id FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
    WHERE u.part_id = v.part_id AND m.to_location = v.location_id ORDER BY m.movement_id, u.serial LIMIT v.quantity) ELSE '{}' END AS serials
FROM reservations v JOIN locations l ON l.id = v.location_id JOIN parts p ON p.id = v.part_id
WHERE v.request_id = $1`

// PickList says where to take what is set aside for a request, in the order of the shelves.
func (c *Counter) PickList(ctx context.Context, by who.Actor, id uuid.UUID) ([]Stop, error) {
	r, err := c.Find(ctx, by, id)
	if err != nil {
		return nil, err
	}
	stops, err := pg.Query[Stop](ctx, c.DB(), stopsSQL, r.ID)
	slices.SortFunc(stops, func(a, b Stop) int {
		return cmp.Or(cmp.Compare(a.LocationCode, b.LocationCode), cmp.Compare(a.PartNumber, b.PartNumber))
	})
	return stops, err
}
