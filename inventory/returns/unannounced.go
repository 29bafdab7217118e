package returns

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Found is what turned up at a warehouse and nobody expected.
type Found struct {
	Scan

	JobID        *uuid.UUID // that it is said to come from
	TechnicianID *uuid.UUID // who is said to have brought it
}

const foundSQL = `
INSERT INTO part_returns (id, number, status, job_id, part_id, quantity, technician_id, outlet_id, received_part_id, received_serial,
  received_quantity, received_scan, received_by, received_at, discrepancy, movement_id, placed_at, warehouse_id, note, created_at, updated_at, follows_id, shipment_id)
VALUES ($1, $2, 'discrepant', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21)`

// ReceiveUnannounced takes in what nobody expects: its use was reversed, its job is none of ours, or it
// was written off long ago. It is discrepant, and lies in quarantine until somebody has judged it.
func (c *Returns) ReceiveUnannounced(ctx context.Context, by who.Actor, found Found) (r Return, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		came, warehouse, err := c.foundThing(ctx, by, found)
		if err != nil {
			return err
		}
		r = Return{
			ID: uuid.Must(uuid.NewV7()), Status: StatusDiscrepant, JobID: found.JobID, PartID: came.Part.ID, PartNumber: came.Part.Number,
			Quantity: came.Quantity, TechnicianID: found.TechnicianID, OutletID: warehouse.OutletID,
		}
		if r.brings(by.TechnicianID) {
			return fault.New(fault.Forbidden, "nobody receives what he had to bring himself")
		}
		more, err := c.takeIn(ctx, by, &r, &came, warehouse, found.Scan)
		if err != nil {
			return err
		}
		if err := c.openFound(ctx, &r); err != nil {
			return err
		}
		if err := c.Tell(ctx, by, "part_return.received", r.ID, r.OutletID, r.tell(more)); err != nil {
			return err
		}
		r, err = c.Find(ctx, by, r.ID)
		return err
	})
	return r, err
}

// foundThing reads what the request says was found, and where it is to lie.
func (c *Returns) foundThing(ctx context.Context, by who.Actor, found Found) (came inventory.Counted, warehouse inventory.Location, err error) {
	var f fault.Faults
	if warehouse, err = c.Named(ctx, by, found.WarehouseID, "/warehouse_id", counters, &f); err != nil {
		return came, warehouse, err
	}
	if found.JobID != nil {
		if _, err := c.Job(ctx, by, *found.JobID, nil); fault.Is(err, fault.NotFound) {
			f.Add("/job_id", "no such %s", words.Noun("job"))
		} else if err != nil {
			return came, warehouse, err
		}
	}
	if found.TechnicianID != nil {
		there, err := pg.One[bool](ctx, c.DB(), `SELECT EXISTS (SELECT FROM technicians WHERE id = $1 AND ($2::uuid IS NULL OR outlet_id = $2))`, *found.TechnicianID, by.OutletID)
		if err != nil {
			return came, warehouse, err
		}
		if !there {
			f.Add("/technician_id", "no such %s", words.Noun("technician"))
		}
	}
	came, _, err = c.identify(ctx, found.Thing, uuid.Nil, 1, &f)
	if err == nil {
		err = f.Err(fault.Invalid, "the request cannot be met as it is")
	}
	return came, warehouse, err
}

// openFound writes down what nobody expected.
func (c *Returns) openFound(ctx context.Context, r *Return) (err error) {
	if r.Number, err = c.Number(ctx, "part_return", "R"); err != nil {
		return err
	}
	_, err = pg.Exec(ctx, c.DB(), foundSQL, r.ID, r.Number, r.JobID, r.PartID, r.Quantity, r.TechnicianID, r.OutletID, r.ReceivedPartID, r.ReceivedSerial,
		r.ReceivedQuantity, r.ReceivedScan, r.ReceivedBy, r.ReceivedAt, r.Discrepancy, r.MovementID, r.PlacedAt, r.WarehouseID, r.Note, c.Now(), r.FollowsID, r.ShipmentID)
	return pg.Fault(err, "part return")
}
