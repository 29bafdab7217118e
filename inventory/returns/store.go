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

// A technician sees his own returns alone, an outlet's user those of his outlet. A waiver of a use is
// signed with the job; a later one has a signature of its own, or names the sign-off that holds it.
const returnsSQL = `
SELECT r.id, r.number, r.status, r.use_id, r.job_id, r.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, r.quantity, r.technician_id, r.outlet_id,
  r.expected_serial, r.due_at, r.policy_version, r.waived_because, r.waived_by, r.waived_at, r.held_at, r.collected_by, r.collected_at,
  r.shipment_id, s.carrier, s.waybill, r.arrived_as, r.warehouse_id, r.received_part_id, r.received_serial, r.received_quantity, r.received_scan,
  r.received_by, r.received_at, r.discrepancy, r.movement_id, r.placed_at, r.resolution, r.resolution_note, r.resolved_by, r.resolved_at,
  r.follows_id, ARRAY(SELECT n.id FROM part_returns n WHERE n.follows_id = r.id ORDER BY n.id) AS followed_by,
  coalesce(x.old_serial_unreadable, false) AS unreadable,
  r.note, r.version, r.created_at, r.updated_at,
  CASE WHEN r.waived_because = 'customer_keeps' THEN coalesce(r.sign_off_id, o.id) END AS sign_off_id,
  r.waived_because IS NOT DISTINCT FROM 'customer_keeps' AND (r.sign_off_id IS NOT NULL OR o.id IS NOT NULL
    OR EXISTS (SELECT FROM part_return_signatures g WHERE g.return_id = r.id AND g.signed_at >= r.waived_at)) AS signed,
  ARRAY(SELECT h.photo_id FROM part_return_photos h WHERE h.return_id = r.id AND h.disposition_id IS NULL ORDER BY h.photo_id) AS photo_ids
FROM part_returns r JOIN parts p ON p.id = r.part_id
LEFT JOIN part_return_shipments s ON s.id = r.shipment_id
LEFT JOIN part_uses x ON x.id = r.use_id
LEFT JOIN part_uses u ON u.id = r.use_id AND u.old_part_wish = 'customer_keeps'
LEFT JOIN sign_offs o ON o.job_id = u.job_id
WHERE ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)`

const listSQL = `SELECT * FROM (` + returnsSQL + `) r
WHERE r.id > $3 AND ($4 = '' OR r.status = $4) AND ($5::uuid IS NULL OR r.technician_id = $5) AND ($6::uuid IS NULL OR r.job_id = $6)
  AND ($7 = '' OR r.expected_serial = $7) AND ($8 = '' OR r.id IN (SELECT g.return_id FROM part_return_parcels g JOIN part_return_shipments s ON s.id = g.shipment_id WHERE s.waybill = $8))
  AND (NOT $9 OR r.status IN ('expected', 'collected', 'in_transit'))
  AND (NOT $10 OR (r.status IN ('expected', 'collected', 'in_transit') AND r.due_at < $11))
  AND (NOT $12 OR (r.waived_because = 'customer_keeps' AND NOT r.signed))
  AND ($14::uuid IS NULL OR r.outlet_id = $14) AND ($15 = '' OR r.number = $15) AND ($16 = '' OR r.discrepancy = $16)
  AND ($17::uuid IS NULL OR r.part_id = $17 OR r.received_part_id = $17) AND ($18::uuid IS NULL OR r.warehouse_id = $18)
  AND ($19::timestamptz IS NULL OR r.created_at >= $19) AND ($20::timestamptz IS NULL OR r.created_at < $20)
  AND ($21::uuid IS NULL OR r.id IN (SELECT return_id FROM part_return_dispositions WHERE witness_id = $21))
ORDER BY r.id LIMIT $13`

// Filter narrows a list of part returns; the zero filter is all of them.
type Filter struct {
	Status       Status
	TechnicianID *uuid.UUID
	JobID        *uuid.UUID
	Serial       string // that is expected
	Waybill      string // that it travels with, or did
	Open         bool   // only what is still to come
	Overdue      bool   // only what should be here
	Unsigned     bool   // only what a customer keeps and has not signed for
	OutletID     *uuid.UUID
	Number       string
	Discrepancy  Discrepancy
	PartID       *uuid.UUID // that is expected, or came
	WarehouseID  *uuid.UUID // that received it
	From, To     *time.Time // when it was opened: from the first, before the second
	WitnessID    *uuid.UUID // who is named as having seen it scrapped
}

// List returns the part returns within the actor's scope, oldest first, and the id to go on from; uuid.Nil at the end.
func (c *Returns) List(ctx context.Context, by who.Actor, f Filter, after uuid.UUID, limit int) ([]Return, uuid.UUID, error) {
	rows, err := pg.Query[Return](ctx, c.DB(), listSQL, by.OutletID, inventory.OnlyHis(by), after, f.Status, f.TechnicianID, f.JobID, f.Serial, f.Waybill,
		f.Open, f.Overdue, c.Now(), f.Unsigned, limit+1, f.OutletID, f.Number, f.Discrepancy, f.PartID, f.WarehouseID, f.From, f.To, f.WitnessID)
	if err != nil {
		return nil, uuid.Nil, err
	}
	page, last := inventory.Cut(rows, limit, func(r Return) uuid.UUID { return r.ID })
	return page, last, c.complete(ctx, page)
}

// Find returns one part return within the actor's scope.
func (c *Returns) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Return, error) {
	rows, err := pg.Query[Return](ctx, c.DB(), returnsSQL+" AND r.id = $3", by.OutletID, inventory.OnlyHis(by), id)
	if err == nil {
		err = c.complete(ctx, rows)
	}
	return theOne(rows, err)
}

func theOne(rows []Return, err error) (Return, error) {
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("part return"))
	}
	return inventory.One(rows), err
}

// complete adds to returns what is no column of theirs.
func (c *Returns) complete(ctx context.Context, rows []Return) error {
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	decided, err := c.dispositions(ctx, ids)
	for i := range rows {
		rows[i].Overdue, rows[i].Dispositions = rows[i].late(c.Now()), decided[rows[i].ID]
	}
	return err
}

// change is one command on a part return that the client read at version: it is held, changed, saved
// and told of, or nothing happens.
func (c *Returns) change(ctx context.Context, by who.Actor, id uuid.UUID, version int, kind string, do func(context.Context, *Return) (map[string]any, error)) (r Return, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		rows, err := pg.Query[Return](ctx, c.DB(), returnsSQL+" AND r.id = $3 FOR UPDATE OF r", by.OutletID, inventory.OnlyHis(by), id)
		if r, err = theOne(rows, err); err != nil {
			return err
		}
		if err := inventory.Stale("part return", version, r.Version); err != nil {
			return err
		}
		more, err := do(ctx, &r)
		if err != nil {
			return c.Since(ctx, err, r.ID, r.Number, kind)
		}
		if err := c.save(ctx, &r); err != nil {
			return err
		}
		if err := c.Tell(ctx, by, kind, r.ID, r.OutletID, r.tell(more)); err != nil {
			return err
		}
		r, err = c.Find(ctx, by, id)
		return err
	})
	return r, err
}

const saveSQL = `
UPDATE part_returns SET status = $2, due_at = $3, policy_version = $4, waived_because = $5, waived_by = $6, waived_at = $7, sign_off_id = $8,
  held_at = $9, collected_by = $10, collected_at = $11, shipment_id = $12, arrived_as = $13, warehouse_id = $14, received_part_id = $15,
  received_serial = $16, received_quantity = $17, received_scan = $18, received_by = $19, received_at = $20, discrepancy = $21, movement_id = $22,
  placed_at = $23, resolution = $24, resolution_note = $25, resolved_by = $26, resolved_at = $27, note = $28, version = $29, updated_at = $30,
  overdue_told_at = CASE WHEN due_at = $3 THEN overdue_told_at END
WHERE id = $1`

// save writes the next version of r.
func (c *Returns) save(ctx context.Context, r *Return) error {
	r.Version, r.UpdatedAt = r.Version+1, c.Now()
	_, err := pg.Exec(ctx, c.DB(), saveSQL, r.ID, r.Status, r.DueAt, r.PolicyVersion, r.WaivedBecause, r.WaivedBy, r.WaivedAt, r.SignOffID,
		r.HeldAt, r.CollectedBy, r.CollectedAt, r.ShipmentID, r.ArrivedAs, r.WarehouseID, r.ReceivedPartID,
		r.ReceivedSerial, r.ReceivedQuantity, r.ReceivedScan, r.ReceivedBy, r.ReceivedAt, r.Discrepancy, r.MovementID,
		r.PlacedAt, r.Resolution, r.ResolutionNote, r.ResolvedBy, r.ResolvedAt, r.Note, r.Version, r.UpdatedAt)
	return brokenPromise(err, r.ExpectedSerial, r.PartNumber)
}

// brokenPromise says what a constraint means that a racing command ran into.
func brokenPromise(err error, serial *string, part string) error {
	if pg.Violates(err, "expected_once") && serial != nil {
		return fault.New(fault.Conflict, "unit %s of part %s is expected back already", *serial, part)
	}
	return pg.Fault(err, "part return")
}
