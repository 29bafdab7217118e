package counts

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

// Approve puts the books right, by as much as each line differed when it was counted: what moved
// since stays moved. Nobody approves what he counted or left uncounted himself; a great value, or many small ones within a
// day, want a supervisor of the whole house. Every variance needs its reason, and a unit that moved since it was found is a
// fault.Conflict: its line is counted again. So is one that is on its way: its part request, transfer or part
// return is settled first.
func (c *Counts) Approve(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Sheet, error) {
	k, err := c.change(ctx, by, id, "count.approved", func(ctx context.Context, k *Count) (map[string]any, error) {
		if err := k.become(StatusApproved, version); err != nil {
			return nil, err
		}
		if err := c.mayApprove(ctx, by, *k); err != nil {
			return nil, err
		}
		s, err := c.held(ctx, *k)
		if err != nil {
			return nil, err
		}
		if err := s.ready(); err != nil {
			return nil, err
		}
		if err := c.settled(ctx, s); err != nil {
			return nil, err
		}
		if err := c.judge(ctx, by, k, s); err != nil {
			return nil, err
		}
		entries, err := c.adjustments(ctx, by, *k, s)
		if err != nil {
			return nil, err
		}
		moved, err := c.Move(ctx, by, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &k.ID, Override: true}, entries)
		if err != nil {
			return nil, err
		}
		data := inventory.Manifest(moved)
		data["value"] = k.Value
		return data, c.saveVariances(ctx, *k, s)
	})
	if err != nil {
		return Sheet{}, err
	}
	return c.sheetFor(ctx, by, k)
}

const ownVanSQL = `
SELECT count(*) FROM technicians t JOIN locations l ON l.id = $1 WHERE t.id = $2 AND t.van_id IN (l.id, l.warehouse_id)`

const keeperSQL = `SELECT count(*) FROM count_lines WHERE count_id = $1 AND kept_by = $2`

func (c *Counts) mayApprove(ctx context.Context, by who.Actor, k Count) error {
	n, err := pg.One[int](ctx, c.DB(), counterSQL, k.ID, by.UserID)
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "nobody approves what he counted himself")
	}
	if err == nil {
		n, err = pg.One[int](ctx, c.DB(), keeperSQL, k.ID, by.UserID)
	}
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "nobody approves that he left parts uncounted himself")
	}
	if err != nil || by.TechnicianID == nil {
		return err
	}
	n, err = pg.One[int](ctx, c.DB(), ownVanSQL, k.LocationID, *by.TechnicianID)
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "nobody approves the count of his own van")
	}
	return err
}

// held is the sheet of a count while nothing of it can move: every balance that the approval may
// touch is held, in the order in which all commands hold them.
func (c *Counts) held(ctx context.Context, k Count) (Sheet, error) {
	s, err := c.sheet(ctx, k)
	if err != nil {
		return s, err
	}
	adjustment, err := c.Place(ctx, inventory.KindAdjustment, k.OutletID)
	if err != nil {
		return s, err
	}
	var places, parts []uuid.UUID
	for _, v := range s.Lines {
		places, parts = append(places, v.LocationID, adjustment.ID), append(parts, v.PartID, v.PartID)
		for _, d := range v.Differs {
			if d.BooksAt != nil {
				places, parts = append(places, *d.BooksAt), append(parts, v.PartID)
			}
		}
	}
	if _, err := pg.Exec(ctx, c.DB(), heldSQL, places, parts); err != nil {
		return s, err
	}
	return c.sheet(ctx, k)
}

// ready refuses what cannot be approved as it is.
func (s Sheet) ready() error {
	var f fault.Faults
	for _, v := range s.Lines {
		for _, d := range v.Differs {
			if d.Difference == DifferenceMoved {
				f.Add("", "unit %s of part %s moved since it was found in %s: count it again", d.Serial, v.PartNumber, v.LocationKind.Called(v.LocationName))
			}
		}
		if (v.Over != 0 || len(v.Differs) > 0) && v.Reason == nil {
			f.Add("", "part %s in %s differs by %d, and nobody has said why", v.PartNumber, v.LocationKind.Called(v.LocationName), v.Over)
		}
	}
	return f.Err(fault.Conflict, "count %s cannot be approved as it is", s.Count.Number)
}

// day is the time in which what somebody approves is taken together, so that nobody cuts a large
// count into small ones.
const day = 24 * time.Hour

const approvedSQL = `
SELECT p.currency, sum(abs(l.value))::bigint AS under FROM counts k JOIN count_lines l ON l.count_id = k.id JOIN parts p ON p.id = l.part_id
WHERE k.approved_by = $1 AND k.approved_at > $2 AND l.value <> 0 GROUP BY p.currency`

// approved is what the actor's counts of a day were worth, by currency.
func (c *Counts) approved(ctx context.Context, by who.Actor) (map[string]int64, error) {
	// Held until the end: two small counts at once do not both pass beside each other.
	if _, err := pg.Exec(ctx, c.DB(), `SELECT pg_advisory_xact_lock(hashtextextended('counts approved by ' || $1::text, 0))`, by.UserID.String()); err != nil {
		return nil, err
	}
	rows, err := pg.Query[Total](ctx, c.DB(), approvedSQL, by.UserID, c.Now().Add(-day))
	sums := map[string]int64{}
	for _, t := range rows {
		sums[t.Currency] = t.Under
	}
	return sums, err
}

// judge says who approves what a count is worth, by the policy in force.
func (c *Counts) judge(ctx context.Context, by who.Actor, k *Count, s Sheet) error {
	p, err := c.policies.Current(ctx)
	if err != nil {
		return err
	}
	before, err := c.approved(ctx, by)
	if err != nil {
		return err
	}
	var value int64
	for _, t := range s.Totals {
		differs := t.Over + t.Under
		value += differs
		if differs > 0 && differs+before[t.Currency] > p.Points(policy.CountApproval) && by.OutletID != nil {
			return fault.New(fault.Forbidden, "the counts of a day are worth more than an outlet may approve: ask a supervisor of the whole house")
		}
	}
	now := c.Now()
	k.Value, k.PolicyVersion, k.ApprovedBy, k.ApprovedAt = &value, &p.Version, inventory.ActorID(by), &now
	return nil
}
