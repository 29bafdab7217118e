package returns

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Resolution is what somebody else decided about a discrepancy.
type Resolution string

// The resolutions. One that is due again leaves its note on the return: what came in its place has a
// return of its own from then on, which follows it.
const (
	ResolutionAccepted Resolution = "accepted" // as it is
	ResolutionCharged  Resolution = "charged"  // to the technician
	ResolutionDueAgain Resolution = "due_again"
)

// Resolve decides about what is wrong with a return, with a note that says why; whoever received it
// does not. What did not come and was on its way is written off, unless it is due again: the rest of what
// came in part has a return of its own then. One of which nothing is here has come to its end.
func (c *Returns) Resolve(ctx context.Context, by who.Actor, id uuid.UUID, version int, as Resolution, note string) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.resolved", func(ctx context.Context, r *Return) (map[string]any, error) {
		if r.Status != StatusDiscrepant {
			return nil, inventory.CannotBecome("part return", r.Status, StatusResolved)
		}
		if r.ReceivedBy != nil && *r.ReceivedBy == by.UserID || r.brings(by.TechnicianID) {
			return nil, fault.New(fault.Forbidden, "whoever brought or received an old part does not decide what is wrong with it")
		}
		data := map[string]any{"resolution": as, "discrepancy": r.Discrepancy, "note": note}
		missing := r.missing()
		if as == ResolutionDueAgain && missing == 0 {
			r.ResolutionNote = note
			data["received_serial"], data["waybill"] = r.ReceivedSerial, r.Waybill
			apart, err := c.dueAgain(ctx, r)
			data["other_part_return_id"] = apart
			return data, err
		}
		to := StatusResolved
		if r.MovementID == nil {
			to = StatusDispositioned // nothing lies here that anybody could decide about
		}
		if err := r.become(to); err != nil {
			return nil, err
		}
		now := c.Now()
		r.Resolution, r.ResolutionNote, r.ResolvedBy, r.ResolvedAt = &as, note, inventory.ActorID(by), &now
		if as == ResolutionDueAgain {
			rest, err := c.expectRest(ctx, *r, missing)
			data["other_part_return_id"], data["quantity"] = rest, missing
			return data, err
		}
		movement, err := c.writeOff(ctx, by, r, note)
		if movement != nil {
			data["movement_id"] = movement
		}
		return data, err
	})
}

// dueAgain expects the old part once more, as it stood before something else came: one that a parcel
// should have brought is at the customer's or with the technician, whatever the books believed, and
// may come any way. What came gets a return of its own, with all that is wrong with it, whose id is
// returned; nil where the books took nothing in.
func (c *Returns) dueAgain(ctx context.Context, r *Return) (*uuid.UUID, error) {
	switch {
	case r.UseID == nil:
		return nil, inventory.Wrong("/resolution", "nothing was expected here")
	case r.isIt():
		return nil, inventory.Wrong("/resolution", "what was expected came: it is not due again")
	}
	came := *r
	to := *r.ArrivedAs
	if to != StatusCollected {
		to, r.ShipmentID = StatusExpected, nil
	}
	if err := r.become(to); err != nil {
		return nil, err
	}
	due, version, err := c.dueFrom(ctx, c.Now())
	if err != nil {
		return nil, err
	}
	r.DueAt, r.PolicyVersion = &due, &version
	r.ArrivedAs, r.WarehouseID, r.ReceivedPartID, r.ReceivedSerial, r.ReceivedQuantity, r.ReceivedScan = nil, nil, nil, nil, nil, nil
	r.ReceivedBy, r.ReceivedAt, r.Discrepancy, r.MovementID, r.PlacedAt = nil, nil, nil, nil, nil
	if came.MovementID == nil {
		return nil, nil
	}
	came.ID, came.PartID, came.Quantity, came.FollowsID = uuid.Must(uuid.NewV7()), *came.ReceivedPartID, *came.ReceivedQuantity, &r.ID
	return &came.ID, c.openFound(ctx, &came)
}

// missing is how much of what was expected did not come with the rest of it.
func (r Return) missing() int {
	if !r.isIt() {
		return 0
	}
	return r.Quantity - *r.ReceivedQuantity
}

const restSQL = `
INSERT INTO part_returns (id, number, status, use_id, job_id, part_id, quantity, technician_id, outlet_id, expected_serial, due_at, policy_version,
  held_at, collected_by, collected_at, follows_id, created_at, updated_at)
SELECT $2, $3, $4, use_id, job_id, part_id, $5, technician_id, outlet_id, expected_serial, $6, $7, held_at, collected_by, collected_at, id, $8, $8
FROM part_returns WHERE id = $1`

// expectRest waits for what did not come of r, where the technician has it or the customer: it is a return of its own.
func (c *Returns) expectRest(ctx context.Context, r Return, missing int) (*uuid.UUID, error) {
	number, err := c.Number(ctx, "part_return", "R")
	if err != nil {
		return nil, err
	}
	due, version, err := c.dueFrom(ctx, c.Now())
	if err != nil {
		return nil, err
	}
	id, as := uuid.Must(uuid.NewV7()), StatusExpected
	if *r.ArrivedAs == StatusCollected {
		as = StatusCollected
	}
	_, err = pg.Exec(ctx, c.DB(), restSQL, r.ID, id, number, as, missing, due, version, c.Now())
	return &id, pg.Fault(err, "part return")
}

// writeOff takes out of the books what was on its way and did not come.
func (c *Returns) writeOff(ctx context.Context, by who.Actor, r *Return, note string) (*uuid.UUID, error) {
	lost, from, err := c.lost(ctx, *r)
	if err != nil || lost.Quantity == 0 {
		return nil, err
	}
	to, err := c.Place(ctx, inventory.KindAdjustment, r.OutletID)
	if err != nil {
		return nil, err
	}
	slip := inventory.Slip{Kind: inventory.MovementDispose, JobID: r.JobID, ReferenceID: &r.ID, Note: note}
	movement, err := c.carry(ctx, by, slip, lost, from, to)
	if err != nil {
		return nil, err
	}
	return movement, c.decide(ctx, by, r, Disposition{Kind: DispositionWrittenOff, LocationID: &to.ID, MovementIDs: []uuid.UUID{*movement}, Note: note})
}

// lost is how much of what was expected the books have on its way still, and where.
func (c *Returns) lost(ctx context.Context, r Return) (lost inventory.Counted, from inventory.Location, err error) {
	if r.UseID == nil || r.HeldAt == nil {
		return lost, from, nil
	}
	if lost.Part, err = c.FindPart(ctx, r.PartID); err != nil {
		return lost, from, err
	}
	lost.At.None = true
	if !lost.Part.Serialized {
		if lost.Quantity = r.Quantity; r.isIt() {
			lost.Quantity = r.missing()
		}
		from, err = c.Locate(ctx, *r.HeldAt)
		return lost, from, err
	}
	if r.ExpectedSerial == nil {
		return lost, from, nil
	}
	lost.Serials = []string{*r.ExpectedSerial}
	at, err := c.standing(ctx, lost)
	if err == nil && (at.Kind == inventory.KindCollected || at.Kind == inventory.KindReturning) {
		lost.Quantity = 1
		from, err = c.Locate(ctx, at.LocationID)
	}
	return lost, from, err
}
