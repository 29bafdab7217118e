package returns

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// WaivedBecause is why nothing will come back.
type WaivedBecause string

// The reasons to wait for nothing.
const (
	WaivedCustomerKeeps WaivedBecause = "customer_keeps"
	WaivedUseReversed   WaivedBecause = "use_reversed"
)

// Discrepancy is what is wrong with an old part that came back.
type Discrepancy string

// The discrepancies, the gravest first.
const (
	DiscrepancyMissing         Discrepancy = "missing" // nothing came, or less than was expected
	DiscrepancyOtherPart       Discrepancy = "other_part"
	DiscrepancyInStock         Discrepancy = "in_stock"         // the books have it as good stock somewhere
	DiscrepancyAlreadyReturned Discrepancy = "already_returned" // it came back once before
	DiscrepancyOtherSerial     Discrepancy = "other_serial"
	DiscrepancyDamaged         Discrepancy = "damaged"
)

// Return is an old part that a use made expected, and what became of it.
type Return struct {
	ID               uuid.UUID
	Number           string
	Status           Status
	WaivedBecause    *WaivedBecause
	UseID            uuid.UUID
	JobID            uuid.UUID
	PartID           uuid.UUID
	Quantity         int
	TechnicianID     uuid.UUID // who has to bring it
	OutletID         *uuid.UUID
	ExpectedSerial   *string
	ReceivedPartID   *uuid.UUID
	ReceivedSerial   *string
	ReceivedQuantity *int
	Discrepancy      *Discrepancy
	Note             string
	WarehouseID      *uuid.UUID // that received it
	MovementID       *uuid.UUID // nil where nothing came or the books could not take it
	ReceivedBy       *uuid.UUID
	ReceivedAt       *time.Time
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// A technician sees his own returns alone, an outlet's user those of his outlet.
const returnsSQL = `
SELECT r.id, r.number, r.status, r.waived_because, r.use_id, r.job_id, r.part_id, r.quantity, r.technician_id, r.outlet_id,
  r.expected_serial, r.received_part_id, r.received_serial, r.received_quantity, r.discrepancy, r.note, r.warehouse_id, r.movement_id,
  r.received_by, r.received_at, r.version, r.created_at, r.updated_at
FROM part_returns r
WHERE ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)`

const listSQL = returnsSQL + `
  AND r.id > $3 AND ($4 = '' OR r.status = $4) AND ($5::uuid IS NULL OR r.technician_id = $5) AND ($6::uuid IS NULL OR r.job_id = $6)
  AND ($7 = '' OR r.expected_serial = $7)
ORDER BY r.id LIMIT $8`

// Filter narrows a list of part returns; the zero filter is all of them.
type Filter struct {
	Status       Status
	TechnicianID *uuid.UUID
	JobID        *uuid.UUID
	Serial       string // that is expected
}

// List returns the part returns within the actor's scope, oldest first, and the id to go on from; uuid.Nil at the end.
func (c *Returns) List(ctx context.Context, by who.Actor, f Filter, after uuid.UUID, limit int) ([]Return, uuid.UUID, error) {
	rows, err := pg.Query[Return](ctx, c.DB(), listSQL, by.OutletID, inventory.OnlyHis(by), after, f.Status, f.TechnicianID, f.JobID, f.Serial, limit+1)
	page, next := inventory.Cut(rows, limit, func(r Return) uuid.UUID { return r.ID })
	return page, next, err
}

// Find returns one part return within the actor's scope.
func (c *Returns) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Return, error) {
	return c.readReturn(ctx, by, id, "")
}

func (c *Returns) readReturn(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (Return, error) {
	rows, err := pg.Query[Return](ctx, c.DB(), returnsSQL+" AND r.id = $3"+lock, by.OutletID, inventory.OnlyHis(by), id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("part return"))
	}
	return inventory.One(rows), err
}

const expectSQL = `
INSERT INTO part_returns (id, number, status, waived_because, use_id, job_id, part_id, quantity, technician_id, outlet_id, expected_serial, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, ''), $12, $12)`

// Expected is an old part that a use made expected back.
type Expected struct {
	UseID, JobID, PartID uuid.UUID
	PartNumber           string
	Quantity             int
	TechnicianID         uuid.UUID
	OutletID             *uuid.UUID
	Serial               string // "" where it is not known
	CustomerKeeps        bool
}

// Expect opens the return of the old part of a use, or notes that the customer keeps it. It joins
// the transaction of ctx.
func (c *Returns) Expect(ctx context.Context, by who.Actor, e Expected) (*uuid.UUID, error) {
	number, err := c.Number(ctx, "part_return", "R")
	if err != nil {
		return nil, err
	}
	status, because := StatusExpected, (*WaivedBecause)(nil)
	if e.CustomerKeeps {
		keeps := WaivedCustomerKeeps
		status, because = StatusWaived, &keeps
	}
	id := uuid.Must(uuid.NewV7())
	_, err = pg.Exec(ctx, c.DB(), expectSQL, id, number, status, because, e.UseID, e.JobID, e.PartID, e.Quantity, e.TechnicianID, e.OutletID, e.Serial, c.Now())
	if pg.Violates(err, "expected_once") {
		err = fault.New(fault.Conflict, "unit %s of part %s is expected back already", e.Serial, e.PartNumber)
	}
	return &id, pg.Fault(err, "part return")
}

// TakeBack expects nothing any more from the use whose movement is being reversed. An old part that
// is on its way back already, or here, forbids it. It joins the transaction of ctx.
func (c *Returns) TakeBack(ctx context.Context, by who.Actor, movement uuid.UUID) error {
	rows, err := pg.Query[Return](ctx, c.DB(), returnsSQL+` AND r.use_id IN (SELECT id FROM part_uses WHERE movement_id = $3) FOR UPDATE OF r`, nil, nil, movement)
	if err != nil || len(rows) == 0 {
		return err
	}
	r := rows[0]
	if r.Status == StatusWaived {
		r.Version++
	} else if err := r.become(StatusWaived, r.Version); err != nil {
		return fault.New(fault.Conflict, "the old part is on its way back or here already: part return %s", r.Number)
	}
	because := WaivedUseReversed
	r.WaivedBecause, r.UpdatedAt = &because, c.Now()
	return c.saveReturn(ctx, r)
}

const saveReturnSQL = `
UPDATE part_returns SET status = $2, waived_because = $3, received_part_id = $4, received_serial = $5, received_quantity = $6, discrepancy = $7,
  note = $8, warehouse_id = $9, movement_id = $10, received_by = $11, received_at = $12, version = $13, updated_at = $14
WHERE id = $1`

func (c *Returns) saveReturn(ctx context.Context, r Return) error {
	_, err := pg.Exec(ctx, c.DB(), saveReturnSQL, r.ID, r.Status, r.WaivedBecause, r.ReceivedPartID, r.ReceivedSerial, r.ReceivedQuantity, r.Discrepancy,
		r.Note, r.WarehouseID, r.MovementID, r.ReceivedBy, r.ReceivedAt, r.Version, r.UpdatedAt)
	return pg.Fault(err, "part return")
}
