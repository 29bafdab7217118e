package receiving

import (
	"context"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// An outlet's user sees the deliveries to his outlet's warehouses.
const deliveriesSQL = `
SELECT d.id, d.number, d.status, d.supplier_id, s.name AS supplier_name, d.note_number, d.warehouse_id, d.outlet_id, d.rest_of_id, d.same_note, d.expected_at,
  d.note, d.reason, d.announced_by, d.received_by, d.received_at, d.policy_version, d.version, d.created_at, d.updated_at
FROM deliveries d JOIN suppliers s ON s.id = d.supplier_id
WHERE ($1::uuid IS NULL OR d.outlet_id = $1)`

const listDeliveriesSQL = deliveriesSQL + `
  AND ($2::uuid = '00000000-0000-0000-0000-000000000000' OR d.id < $2) AND ($3 = '' OR d.status = $3) AND ($4::uuid IS NULL OR d.supplier_id = $4) AND ($5::uuid IS NULL OR d.warehouse_id = $5)
  AND ($6 = '' OR lower(d.note_number) = lower($6)) AND ($7::uuid IS NULL OR d.outlet_id = $7)
  AND ($8::timestamptz IS NULL OR d.created_at >= $8) AND ($9::timestamptz IS NULL OR d.created_at < $9)
  AND ($10::uuid IS NULL OR EXISTS (SELECT FROM delivery_lines l WHERE l.delivery_id = d.id AND l.part_id = $10))
ORDER BY d.id DESC LIMIT $11`

// The bin that is suggested for putting away is the one of the warehouse that held the part last.
const linesSQL = `
SELECT l.delivery_id, l.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, p.serialized, p.currency, l.quantity, l.unit_cost, l.serials, l.lot,
  l.accepted, l.accepted_serials, l.held, l.held_serials, l.held_because, l.sent_back, l.sent_back_serials, l.put_away_id, b.id AS suggested_id, b.code AS suggested_code
FROM delivery_lines l JOIN deliveries d ON d.id = l.delivery_id JOIN parts p ON p.id = l.part_id
LEFT JOIN LATERAL (
  SELECT o.id, o.code FROM locations o
  JOIN LATERAL (SELECT m.id FROM movements m WHERE m.to_location = o.id AND m.part_id = l.part_id ORDER BY m.id DESC LIMIT 1) m ON true
  WHERE o.warehouse_id = d.warehouse_id AND o.kind = 'bin' AND o.active ORDER BY m.id DESC LIMIT 1) b ON true
WHERE l.delivery_id = ANY($1) ORDER BY l.delivery_id, l.line`

const entriesSQL = `
SELECT id, delivery_id, part_id, quantity, serials, scans, raw, lots, model_ok, marking_ok, packaging_ok, note, photos, counted_by, counted_at,
  struck_by, struck_at
FROM delivery_counts WHERE delivery_id = ANY($1) ORDER BY delivery_id, id`

// Filter narrows a list of deliveries; the zero filter is all of them.
type Filter struct {
	Status      Status
	SupplierID  *uuid.UUID
	WarehouseID *uuid.UUID
	NoteNumber  string
	OutletID    *uuid.UUID // the warehouse's
	From        *time.Time // created then or later
	To          *time.Time // created before
	PartID      *uuid.UUID // announced or counted
}

// List returns the deliveries within the actor's scope, newest first, and the id to go on from; uuid.Nil at the end.
func (d *Dock) List(ctx context.Context, by who.Actor, f Filter, after uuid.UUID, limit int) ([]Delivery, uuid.UUID, error) {
	list := inventory.Statement{SQL: listDeliveriesSQL, Args: []any{
		by.OutletID, after, f.Status, f.SupplierID, f.WarehouseID, strings.TrimSpace(f.NoteNumber), f.OutletID, f.From, f.To, f.PartID,
	}}
	return inventory.Page(ctx, d.DB(), list, limit, func(dl Delivery) uuid.UUID { return dl.ID }, d.readLines)
}

// Find returns one delivery within the actor's scope, with every entry of its count.
func (d *Dock) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Delivery, error) {
	return d.read(ctx, by, id, "")
}

func (d *Dock) lock(ctx context.Context, by who.Actor, id uuid.UUID) (Delivery, error) {
	return d.read(ctx, by, id, " FOR UPDATE OF d")
}

func (d *Dock) read(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (Delivery, error) {
	one := inventory.Statement{SQL: deliveriesSQL + " AND d.id = $2" + lock, Args: []any{by.OutletID, id}}
	return inventory.Find(ctx, d.DB(), one, "delivery", d.readLines)
}

// readLines adds lines and entries to the deliveries that were read.
func (d *Dock) readLines(ctx context.Context, all []Delivery) error {
	ids := make([]uuid.UUID, len(all))
	at := map[uuid.UUID]int{}
	for i, dl := range all {
		ids[i], at[dl.ID] = dl.ID, i
	}
	lines, err := pg.Query[Line](ctx, d.DB(), linesSQL, ids)
	if err != nil {
		return err
	}
	entries, err := pg.Query[Entry](ctx, d.DB(), entriesSQL, ids)
	for _, e := range entries {
		dl := &all[at[e.DeliveryID]]
		dl.Entries = append(dl.Entries, e)
	}
	for _, l := range lines {
		dl := &all[at[l.DeliveryID]]
		dl.Lines = append(dl.Lines, l)
	}
	for i := range all {
		counted := tallies(all[i].Entries)
		for j := range all[i].Lines {
			if t := counted[all[i].Lines[j].PartID]; t != nil {
				all[i].Lines[j].Tally = *t
			}
		}
	}
	if err != nil {
		return err
	}
	return d.readAfter(ctx, all, ids)
}

const openDeliverySQL = `
INSERT INTO deliveries (id, number, status, supplier_id, note_number, warehouse_id, outlet_id, rest_of_id, same_note, expected_at, note, announced_by,
  version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`

const openLineSQL = `
INSERT INTO delivery_lines (delivery_id, line, part_id, quantity, unit_cost, serials, lot)
VALUES ($1, $2, $3, $4, $5, $6, $7)`

func (d *Dock) openDelivery(ctx context.Context, dl Delivery) error {
	_, err := pg.Exec(ctx, d.DB(), openDeliverySQL, dl.ID, dl.Number, dl.Status, dl.SupplierID, dl.NoteNumber, dl.WarehouseID, dl.OutletID, dl.RestOfID, dl.SameNote,
		dl.ExpectedAt, dl.Note, dl.AnnouncedBy, dl.Version, dl.CreatedAt, dl.UpdatedAt)
	switch {
	case pg.Violates(err, "one_delivery_per_note"):
		return taken("/note_number", "this supplier's delivery note %s is known already", dl.NoteNumber)
	case err != nil:
		return pg.Fault(err, "delivery")
	}
	for i, l := range dl.Lines {
		if _, err := pg.Exec(ctx, d.DB(), openLineSQL, dl.ID, i+1, l.PartID, l.Quantity, l.UnitCost, orNone(l.Serials), l.Lot); err != nil {
			return pg.Fault(err, "delivery")
		}
	}
	return nil
}

// taken is the conflict of one member of a request with what is there.
func taken(pointer, format string, args ...any) error {
	return fault.Faults{{Pointer: pointer, Detail: words.Say(format, args...)}}.Err(fault.Conflict, "the request cannot be met as it is")
}

const saveSQL = `
UPDATE deliveries SET status = $2, reason = $3, received_by = $4, received_at = $5, policy_version = $6, version = $7, updated_at = $8 WHERE id = $1`

func (d *Dock) save(ctx context.Context, dl *Delivery) error {
	dl.UpdatedAt = d.Now()
	_, err := pg.Exec(ctx, d.DB(), saveSQL, dl.ID, dl.Status, dl.Reason, dl.ReceivedBy, dl.ReceivedAt, dl.PolicyVersion, dl.Version, dl.UpdatedAt)
	return pg.Fault(err, "delivery")
}

const saveLineSQL = `
UPDATE delivery_lines SET accepted = $3, accepted_serials = $4, held = $5, held_serials = $6, held_because = $7, put_away_id = $8
WHERE delivery_id = $1 AND part_id = $2`

// saveLines keeps what was taken and held of each line.
func (d *Dock) saveLines(ctx context.Context, dl Delivery) error {
	for _, l := range dl.Lines {
		_, err := pg.Exec(ctx, d.DB(), saveLineSQL, dl.ID, l.PartID, l.Accepted, orNone(l.AcceptedSerials), l.Held, orNone(l.HeldSerials), orNone(l.HeldBecause), l.PutAwayID)
		if err != nil {
			return pg.Fault(err, "delivery")
		}
	}
	return nil
}

// A part that was not announced gets a line of its own.
const unannouncedSQL = `
INSERT INTO delivery_lines (delivery_id, line, part_id, quantity)
SELECT $1, (SELECT max(line) + 1 FROM delivery_lines WHERE delivery_id = $1), $2, 0 ON CONFLICT ON CONSTRAINT one_delivery_line_per_part DO NOTHING`

const addEntrySQL = `
INSERT INTO delivery_counts (id, delivery_id, part_id, quantity, serials, scans, raw, lots, model_ok, marking_ok, packaging_ok, note, photos, counted_by, counted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`

func (d *Dock) addEntry(ctx context.Context, delivery uuid.UUID, e Entry) error {
	if _, err := pg.Exec(ctx, d.DB(), unannouncedSQL, delivery, e.PartID); err != nil {
		return pg.Fault(err, "delivery")
	}
	_, err := pg.Exec(ctx, d.DB(), addEntrySQL, e.ID, delivery, e.PartID, e.Quantity, orNone(e.Serials), orNone(e.Scans), e.Raw, orNone(e.Lots),
		e.ModelOK, e.MarkingOK, e.PackagingOK, e.Note, orNone(e.Photos), e.CountedBy, e.CountedAt)
	return pg.Fault(err, "delivery")
}

// orNone makes an absent list an empty one.
func orNone[L ~[]T, T any](list L) L {
	if list == nil {
		return L{}
	}
	return list
}
