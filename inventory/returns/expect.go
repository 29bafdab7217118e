package returns

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

// Expected is an old part that a use made expected back.
type Expected struct {
	UseID, JobID, PartID uuid.UUID
	PartNumber           string
	Quantity             int
	TechnicianID         uuid.UUID
	OutletID             *uuid.UUID
	Serial               string // "" where it is not known, or nobody can read it
	CustomerKeeps        bool
	OccurredAt           time.Time // when the part was used; zero is now
}

const expectSQL = `
INSERT INTO part_returns (id, number, status, waived_because, waived_by, waived_at, use_id, job_id, part_id, quantity, technician_id, outlet_id,
  expected_serial, due_at, policy_version, movement_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nullif($13, ''), $14, $15, $16, $17, $17)`

// Expect opens the return of the old part of a use, due as the policy says from the use on. Where the
// customer keeps it nothing is expected: the part goes into his keeping, and he signs for it with
// the job. It joins the transaction of ctx.
func (c *Returns) Expect(ctx context.Context, by who.Actor, e Expected) (*uuid.UUID, error) {
	number, err := c.Number(ctx, "part_return", "R")
	if err != nil {
		return nil, err
	}
	since := e.OccurredAt
	if since.IsZero() {
		since = c.Now()
	}
	due, version, err := c.dueFrom(ctx, since)
	if err != nil {
		return nil, err
	}
	r := Return{
		ID: uuid.Must(uuid.NewV7()), Number: number, Status: StatusExpected, JobID: &e.JobID, PartID: e.PartID, Quantity: e.Quantity, OutletID: e.OutletID,
	}
	if e.Serial != "" {
		r.ExpectedSerial = &e.Serial
	}
	if e.CustomerKeeps {
		r.Status = StatusWaived
		if err := c.keep(ctx, by, &r, e.OccurredAt); err != nil {
			return nil, err
		}
	}
	_, err = pg.Exec(ctx, c.DB(), expectSQL, r.ID, number, r.Status, r.WaivedBecause, r.WaivedBy, r.WaivedAt, e.UseID, e.JobID, e.PartID, e.Quantity,
		e.TechnicianID, e.OutletID, e.Serial, due, version, r.MovementID, c.Now())
	return &r.ID, brokenPromise(err, r.ExpectedSerial, e.PartNumber)
}

// dueFrom is when an old part has to be here that came out at a moment, and by which policy.
func (c *Returns) dueFrom(ctx context.Context, since time.Time) (time.Time, int, error) {
	p, err := c.policies.Current(ctx)
	if err != nil {
		return time.Time{}, 0, err
	}
	return p.Due(policy.PartReturnDue, since), p.Version, nil
}

// keep leaves the old part with the customer, in the books as well.
func (c *Returns) keep(ctx context.Context, by who.Actor, r *Return, occurred time.Time) error {
	part, err := c.FindPart(ctx, r.PartID)
	if err != nil {
		return err
	}
	because, now := WaivedCustomerKeeps, c.Now()
	r.WaivedBecause, r.WaivedBy, r.WaivedAt = &because, inventory.ActorID(by), &now
	old := inventory.Counted{Part: part, Quantity: r.Quantity, At: inventory.Pointers{None: true}}
	if part.Serialized && r.ExpectedSerial == nil {
		return nil // whichever unit that was, the books cannot follow it
	}
	if part.Serialized {
		old.Serials = []string{*r.ExpectedSerial}
	}
	from, err := c.origin(ctx, *r, old)
	if err != nil {
		return err
	}
	to, err := c.Place(ctx, inventory.KindCustomerKept, r.OutletID)
	if err != nil {
		return err
	}
	slip := inventory.Slip{Kind: inventory.MovementKeep, JobID: r.JobID, ReferenceID: &r.ID, OccurredAt: occurred}
	r.MovementID, err = c.carry(ctx, by, slip, old, from, to)
	return err
}

// carry moves one thing and returns the movement.
func (c *Returns) carry(ctx context.Context, by who.Actor, s inventory.Slip, thing inventory.Counted, from, to inventory.Location) (*uuid.UUID, error) {
	moved, err := c.Move(ctx, by, s, inventory.Between([]inventory.Counted{thing}, from, to))
	if err != nil {
		return nil, err
	}
	return &moved[0].ID, nil
}

// TakeBack expects nothing any more from the use whose movement is being reversed, and takes what the
// customer keeps out of his keeping. An old part that is on its way back already, or here, forbids
// it. It joins the transaction of ctx.
func (c *Returns) TakeBack(ctx context.Context, by who.Actor, movement uuid.UUID) error {
	// The first of a use tells: one that others follow has come, or some of it.
	rows, err := pg.Query[Return](ctx, c.DB(), returnsSQL+` AND r.use_id IN (SELECT id FROM part_uses WHERE movement_id = $3) ORDER BY r.id FOR UPDATE OF r`, nil, nil, movement)
	if err != nil || len(rows) == 0 {
		return err
	}
	r := rows[0]
	switch {
	case r.Status == StatusExpected && r.HeldAt == nil:
		r.Status = StatusWaived
	case r.Status != StatusWaived:
		return fault.New(fault.Conflict, "the old part is on its way back or here already: part return %s", r.Number)
	case r.MovementID != nil:
		if err := c.unkeep(ctx, by, r); err != nil {
			return err
		}
	}
	because, now := WaivedUseReversed, c.Now()
	r.WaivedBecause, r.WaivedBy, r.WaivedAt, r.SignOffID = &because, inventory.ActorID(by), &now, nil
	return c.save(ctx, &r)
}

// unkeep takes an old part out of the customer's keeping, if it is there, as if it had never come out of his thing.
func (c *Returns) unkeep(ctx context.Context, by who.Actor, r Return) error {
	m, err := c.FindMovement(ctx, who.System, *r.MovementID)
	if err != nil {
		return err
	}
	part, err := c.FindPart(ctx, m.PartID)
	if err != nil {
		return err
	}
	from, err := c.Locate(ctx, m.ToLocation)
	if err != nil {
		return err
	}
	old := inventory.Counted{Part: part, Quantity: m.Quantity, Serials: m.Serials, At: inventory.Pointers{None: true}}
	if at, err := c.standing(ctx, old); err != nil || len(old.Serials) > 0 && at.LocationID != from.ID {
		return err
	}
	to, err := c.Locate(ctx, m.FromLocation)
	if err != nil {
		return err
	}
	_, err = c.carry(ctx, by, inventory.Slip{Kind: inventory.MovementReverse, JobID: r.JobID, ReferenceID: &r.ID, ReversesID: &m.ID}, old, from, to)
	return err
}
