package returns

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Parcel is what a technician sends to a warehouse.
type Parcel struct {
	Carrier   string
	Waybill   string
	ReturnIDs []uuid.UUID
	Note      string
	ShippedAt time.Time // zero is now
}

// Shipment is a parcel of old parts on its way, or at its end.
type Shipment struct {
	ID        uuid.UUID
	Carrier   string
	Waybill   string
	OutletID  *uuid.UUID
	Note      string
	ShippedBy *uuid.UUID
	ShippedAt time.Time
	CreatedAt time.Time
	ReturnIDs []uuid.UUID // that were sent in it, also where they turned out to be elsewhere
	Open      int         // of them, how many are not here yet
}

// Ship sends collected old parts of one outlet in one parcel; a carrier's waybill that was told before
// takes more. Each must be collected.
func (c *Returns) Ship(ctx context.Context, by who.Actor, p Parcel) (s Shipment, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		all, err := c.toShip(ctx, by, p.ReturnIDs)
		if err != nil {
			return err
		}
		if s, err = c.parcel(ctx, by, p, all[0].OutletID); err != nil {
			return err
		}
		// By part, as the books hold their balances: two who send to one place never wait for each other.
		slices.SortFunc(all, func(a, b Return) int { return cmp.Compare(a.PartID.String(), b.PartID.String()) })
		for i := range all {
			if err := c.send(ctx, by, &all[i], s); err != nil {
				return err
			}
			if err := c.save(ctx, &all[i]); err != nil {
				return err
			}
		}
		data := map[string]any{"carrier": s.Carrier, "waybill": s.Waybill, "part_return_ids": p.ReturnIDs}
		if err := c.Tell(ctx, by, "part_return.shipped", s.ID, s.OutletID, data); err != nil {
			return err
		}
		s, err = c.FindShipment(ctx, by, s.ID)
		return err
	})
	return s, err
}

// ShipOne sends one old part that the client read at version.
func (c *Returns) ShipOne(ctx context.Context, by who.Actor, id uuid.UUID, version int, p Parcel) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.shipped", func(ctx context.Context, r *Return) (map[string]any, error) {
		if err := r.become(StatusInTransit); err != nil {
			return nil, err
		}
		s, err := c.parcel(ctx, by, p, r.OutletID)
		if err != nil {
			return nil, err
		}
		return map[string]any{"shipment_id": s.ID, "carrier": s.Carrier, "waybill": s.Waybill}, c.send(ctx, by, r, s)
	})
}

// toShip holds the returns that are to go into a parcel, and says which cannot.
func (c *Returns) toShip(ctx context.Context, by who.Actor, ids []uuid.UUID) ([]Return, error) {
	all, err := pg.Query[Return](ctx, c.DB(), returnsSQL+" AND r.id = ANY ($3) ORDER BY r.id FOR UPDATE OF r", by.OutletID, inventory.OnlyHis(by), ids)
	if err != nil {
		return nil, err
	}
	var absent, f fault.Faults
	if len(ids) == 0 {
		absent.Add("/part_return_ids", "is required")
	}
	for i, id := range ids {
		at := "/part_return_ids/" + strconv.Itoa(i)
		n := slices.IndexFunc(all, func(r Return) bool { return r.ID == id })
		if n < 0 {
			absent.Add(at, "no such %s", words.Noun("part return"))
			continue
		}
		switch r := &all[n]; {
		case r.become(StatusInTransit) != nil:
			f.Add(at, "part return %s is %s", r.Number, r.Status)
		case !sameOutlet(r.OutletID, all[0].OutletID):
			f.Add(at, "belongs to another outlet")
		}
	}
	if err := absent.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	return all, f.Err(fault.Conflict, "only old parts that are collected are shipped, to one outlet")
}

func sameOutlet(a, b *uuid.UUID) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// send puts a return into a parcel: out of the technician's box, on its way to the outlet.
func (c *Returns) send(ctx context.Context, by who.Actor, r *Return, s Shipment) error {
	part, err := c.FindPart(ctx, r.PartID)
	if err != nil {
		return err
	}
	old := inventory.Counted{Part: part, Quantity: r.Quantity, At: inventory.Pointers{None: true}}
	if r.ExpectedSerial != nil && part.Serialized {
		old.Serials = []string{*r.ExpectedSerial}
	}
	to, err := c.Place(ctx, inventory.KindReturning, r.OutletID)
	if err != nil {
		return err
	}
	_, err = c.bring(ctx, by, *r, inventory.Slip{Kind: inventory.MovementShip, JobID: r.JobID, ReferenceID: &r.ID, OccurredAt: s.ShippedAt}, old, to)
	if err != nil {
		return err
	}
	r.HeldAt, r.ShipmentID = &to.ID, &s.ID
	_, err = pg.Exec(ctx, c.DB(), `INSERT INTO part_return_parcels (shipment_id, return_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, s.ID, r.ID)
	return pg.Fault(err, "shipment")
}

// In one statement: two who tell of the same waybill at once share the parcel.
const parcelSQL = `
WITH fresh AS (
  INSERT INTO part_return_shipments (id, carrier, waybill, outlet_id, note, shipped_by, shipped_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT one_shipment_per_waybill DO NOTHING RETURNING id)
SELECT id FROM fresh UNION ALL
SELECT id FROM part_return_shipments WHERE carrier = $2 AND waybill = $3 AND outlet_id IS NOT DISTINCT FROM $4`

// parcel finds the shipment of a waybill, or opens it.
func (c *Returns) parcel(ctx context.Context, by who.Actor, p Parcel, outlet *uuid.UUID) (Shipment, error) {
	now := c.Now()
	if p.ShippedAt.IsZero() {
		p.ShippedAt = now
	}
	s := Shipment{Carrier: p.Carrier, Waybill: p.Waybill, OutletID: outlet, ShippedAt: p.ShippedAt}
	for {
		rows, err := pg.Query[Shipment](ctx, c.DB(), parcelSQL, uuid.Must(uuid.NewV7()), p.Carrier, p.Waybill, outlet, p.Note, inventory.ActorID(by), p.ShippedAt, now)
		if err != nil {
			return s, pg.Fault(err, "shipment")
		}
		if len(rows) > 0 { // a parcel that was committed meanwhile shows itself to the next statement
			s.ID = rows[0].ID
			return s, nil
		}
	}
}

const shipmentsSQL = `
SELECT s.id, s.carrier, s.waybill, s.outlet_id, s.note, s.shipped_by, s.shipped_at, s.created_at,
  ARRAY(SELECT r.id FROM part_returns r WHERE (r.shipment_id = s.id OR r.id IN (SELECT return_id FROM part_return_parcels WHERE shipment_id = s.id))
    AND ($2::uuid IS NULL OR r.technician_id = $2) ORDER BY r.id) AS return_ids,
  (SELECT count(*) FROM part_returns r WHERE r.shipment_id = s.id AND r.status = 'in_transit')::int AS open
FROM part_return_shipments s
WHERE ($1::uuid IS NULL OR s.outlet_id = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM part_return_parcels g JOIN part_returns r ON r.id = g.return_id
    WHERE g.shipment_id = s.id AND r.technician_id = $2))`

const listShipmentsSQL = shipmentsSQL + `
  AND s.id > $3 AND ($4 = '' OR s.waybill = $4)
  AND (NOT $5 OR EXISTS (SELECT FROM part_returns r WHERE r.shipment_id = s.id AND r.status = 'in_transit'))
ORDER BY s.id LIMIT $6`

// ShipmentFilter narrows a list of shipments; the zero filter is all of them.
type ShipmentFilter struct {
	Waybill string
	Open    bool // only those of which something is still to come
}

// ListShipments returns the parcels within the actor's scope, oldest first, and the id to go on from; uuid.Nil at the end.
func (c *Returns) ListShipments(ctx context.Context, by who.Actor, f ShipmentFilter, after uuid.UUID, limit int) ([]Shipment, uuid.UUID, error) {
	rows, err := pg.Query[Shipment](ctx, c.DB(), listShipmentsSQL, by.OutletID, inventory.OnlyHis(by), after, f.Waybill, f.Open, limit+1)
	page, last := inventory.Cut(rows, limit, func(s Shipment) uuid.UUID { return s.ID })
	return page, last, err
}

// FindShipment returns one parcel within the actor's scope.
func (c *Returns) FindShipment(ctx context.Context, by who.Actor, id uuid.UUID) (Shipment, error) {
	rows, err := pg.Query[Shipment](ctx, c.DB(), shipmentsSQL+" AND s.id = $3", by.OutletID, inventory.OnlyHis(by), id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("shipment"))
	}
	return inventory.One(rows), err
}
