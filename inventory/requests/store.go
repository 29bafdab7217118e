package requests

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

const requestsSQL = `
SELECT r.id, r.number, r.status, r.origin, r.job_id, r.technician_id, r.van_id, r.warehouse_id, r.outlet_id, r.suppliers, r.reason, r.value, r.currency,
  r.policy_version, r.automatic, r.requested_by, r.approved_by, r.picked_by, r.issued_by, r.rejected_reason, r.decided_at, r.lapsed_at,
  r.canceled_at, r.canceled_reason, r.kept, r.ended_at, r.version, r.created_at, r.updated_at
FROM part_requests r
WHERE ($2::uuid IS NULL OR r.technician_id = $2)`

// A technician sees his own requests alone, an outlet's user those for the outlet's vans and those that
// its warehouses supply.
const (
	ofOutletSQL   = ` AND ($1::uuid IS NULL OR r.outlet_id = $1)`
	suppliedSQL   = ` AND $1::uuid IS NOT NULL AND r.suppliers <> '{}' AND r.suppliers @> ARRAY[$1::uuid]`
	oneRequestSQL = requestsSQL + ` AND r.id = $3 AND ($1::uuid IS NULL OR r.outlet_id = $1 OR r.suppliers @> ARRAY[$1::uuid])`
)

// Each half goes along an index of its own.
const listRequestsSQL = `(` + requestsSQL + ofOutletSQL + narrowedSQL + `) UNION ALL (` + requestsSQL + suppliedSQL + narrowedSQL + `) ORDER BY id LIMIT $9`

const narrowedSQL = `
  AND r.id > $3 AND ($4 = '' OR r.status = $4) AND ($5::uuid IS NULL OR r.technician_id = $5) AND ($6::uuid IS NULL OR r.job_id = $6)
  AND ($7::uuid IS NULL OR r.warehouse_id = $7) AND ($10::uuid IS NULL OR r.outlet_id = $10) AND ($11 = '' OR r.number = $11)
  AND ($12::timestamptz IS NULL OR r.created_at >= $12) AND ($13::timestamptz IS NULL OR r.created_at < $13)
  AND ($8::bool IS NULL OR $8 = (r.status IN ('approved', 'picking', 'issued', 'backordered') AND EXISTS (SELECT FROM part_request_lines l WHERE l.request_id = r.id
    AND l.approved - l.issued - l.canceled - l.replaced > (SELECT coalesce(sum(v.quantity), 0) FROM reservations v WHERE v.request_id = r.id AND v.part_id = l.part_id))))
ORDER BY r.id LIMIT $9`

const linesSQL = `
SELECT l.request_id, r.van_id, l.line, l.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, p.serialized, l.quantity, l.approved, l.canceled, l.replaced,
  (SELECT coalesce(sum(v.quantity), 0)::int FROM reservations v WHERE v.request_id = l.request_id AND v.part_id = l.part_id) AS reserved,
  l.issued, l.received, l.withdrawn, l.lost, l.missing, ` + usedSQL + `, l.handed_in, l.returned,
  l.issued_serials, l.received_serials, l.withdrawn_serials, l.lost_serials, l.handed_in_serials, l.returned_serials, l.instead_of, l.substitute_reason
FROM part_request_lines l JOIN parts p ON p.id = l.part_id JOIN part_requests r ON r.id = l.request_id`

const requestLinesSQL = linesSQL + ` WHERE l.request_id = ANY($1) ORDER BY l.request_id, l.line`

const oversSQL = `
SELECT o.id, o.request_id, o.part_id, p.number AS part_number, o.quantity, o.settled AS handed_back, o.kept, o.mistaken, o.serial, o.scans, o.noted_by, o.noted_at
FROM part_request_overs o JOIN parts p ON p.id = o.part_id WHERE o.request_id = ANY($1) ORDER BY o.id`

// Filter narrows a list of part requests; the zero filter is all of them.
type Filter struct {
	Status       Status
	TechnicianID *uuid.UUID
	JobID        *uuid.UUID
	WarehouseID  *uuid.UUID
	Backordered  *bool      // whether something is to be issued that is not set aside
	OutletID     *uuid.UUID // of the van
	Number       string
	From         *time.Time // asked for then or later
	To           *time.Time // asked for before
}

// List returns the part requests within the actor's scope, oldest first, and the id to go on from; uuid.Nil at the end.
func (c *Counter) List(ctx context.Context, by who.Actor, f Filter, after uuid.UUID, limit int) ([]Request, uuid.UUID, error) {
	rows, err := pg.Query[Request](ctx, c.DB(), listRequestsSQL, by.OutletID, inventory.OnlyHis(by), after, f.Status, f.TechnicianID, f.JobID,
		f.WarehouseID, f.Backordered, limit+1, f.OutletID, f.Number, f.From, f.To)
	if err != nil {
		return nil, uuid.Nil, err
	}
	page, next := inventory.Cut(rows, limit, func(r Request) uuid.UUID { return r.ID })
	return page, next, c.readLines(ctx, page)
}

// Find returns one part request within the actor's scope.
func (c *Counter) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Request, error) {
	return c.readRequest(ctx, by, id, "")
}

func (c *Counter) lockRequest(ctx context.Context, by who.Actor, id uuid.UUID) (Request, error) {
	return c.readRequest(ctx, by, id, " FOR UPDATE OF r")
}

func (c *Counter) readRequest(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (Request, error) {
	rows, err := pg.Query[Request](ctx, c.DB(), oneRequestSQL+lock, by.OutletID, inventory.OnlyHis(by), id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("part request"))
	}
	if err == nil {
		err = c.readLines(ctx, rows)
	}
	return inventory.One(rows), err
}

// readLines adds the lines to the requests that were read, what lies of them in the vans, and what came
// too much.
func (c *Counter) readLines(ctx context.Context, requests []Request) error {
	ids := make([]uuid.UUID, len(requests))
	at := map[uuid.UUID]int{}
	for i, r := range requests {
		ids[i], at[r.ID] = r.ID, i
		requests[i].Lines, requests[i].Overs = nil, nil
	}
	lines, err := pg.Query[Line](ctx, c.DB(), requestLinesSQL, ids)
	if err != nil {
		return err
	}
	for _, line := range lines {
		r := &requests[at[line.RequestID]]
		r.Lines = append(r.Lines, line)
	}
	overs, err := pg.Query[Over](ctx, c.DB(), oversSQL, ids)
	for _, o := range overs {
		r := &requests[at[o.RequestID]]
		r.Overs = append(r.Overs, o)
	}
	if err != nil {
		return err
	}
	return c.lookIntoVans(ctx, requests)
}

const openRequestSQL = `
INSERT INTO part_requests (id, number, status, origin, job_id, technician_id, van_id, warehouse_id, outlet_id, reason, requested_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

func (c *Counter) openRequest(ctx context.Context, r Request) error {
	_, err := pg.Exec(ctx, c.DB(), openRequestSQL, r.ID, r.Number, r.Status, r.Origin, r.JobID, r.TechnicianID, r.VanID, r.WarehouseID, r.OutletID, r.Reason,
		r.RequestedBy, r.Version, r.CreatedAt, r.UpdatedAt)
	if err != nil {
		return pg.Fault(err, "part request")
	}
	for _, line := range r.Lines {
		if err := c.addLine(ctx, line); err != nil {
			return err
		}
	}
	return nil
}

const addLineSQL = `
INSERT INTO part_request_lines (request_id, line, part_id, quantity, approved, instead_of, substitute_reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`

func (c *Counter) addLine(ctx context.Context, l Line) error {
	_, err := pg.Exec(ctx, c.DB(), addLineSQL, l.RequestID, l.Line, l.PartID, l.Quantity, l.Approved, l.InsteadOf, l.SubstituteReason)
	return pg.Fault(err, "part request")
}

// An outlet whose warehouse handed something out goes on seeing the request after another took its turn.
const saveRequestSQL = `
UPDATE part_requests r SET status = $2, warehouse_id = $3, value = $4, currency = $5, policy_version = $6, automatic = $7, approved_by = $8, picked_by = $9,
  issued_by = $10, rejected_reason = $11, decided_at = $12, lapsed_at = $13, canceled_at = $14, canceled_reason = $15, kept = $16, ended_at = $17,
  version = $18, updated_at = $19, suppliers = ARRAY(SELECT DISTINCT l.outlet_id FROM locations l
    WHERE l.outlet_id IS DISTINCT FROM r.outlet_id AND l.outlet_id IS NOT NULL
      AND (l.id = $3 OR l.id IN (SELECT m.from_location FROM movements m WHERE m.reference_id = $1 AND m.kind = 'issue')))
WHERE id = $1 RETURNING suppliers`

func (c *Counter) saveRequest(ctx context.Context, r *Request) (err error) {
	r.UpdatedAt = c.Now()
	r.Suppliers, err = pg.One[[]uuid.UUID](ctx, c.DB(), saveRequestSQL, r.ID, r.Status, r.WarehouseID, r.Value, r.Currency, r.PolicyVersion, r.Automatic, r.ApprovedBy, r.PickedBy,
		r.IssuedBy, r.RejectedReason, r.DecidedAt, r.LapsedAt, r.CanceledAt, r.CanceledReason, r.Kept, r.EndedAt, r.Version, r.UpdatedAt)
	return pg.Fault(err, "part request")
}

const saveLineSQL = `
UPDATE part_request_lines SET quantity = $3, approved = $4, canceled = $5, replaced = $6, issued = $7, received = $8, withdrawn = $9, lost = $10, missing = $11,
  used = $12, handed_in = $13, returned = $14, issued_serials = $15, received_serials = $16, withdrawn_serials = $17, lost_serials = $18,
  handed_in_serials = $19, returned_serials = $20
WHERE request_id = $1 AND part_id = $2`

// saveLines keeps what became of each line.
func (c *Counter) saveLines(ctx context.Context, r *Request) error {
	for _, l := range r.Lines {
		_, err := pg.Exec(ctx, c.DB(), saveLineSQL, r.ID, l.PartID, l.Quantity, l.Approved, l.Canceled, l.Replaced, l.Issued, l.Received, l.Withdrawn, l.Lost, l.Missing,
			l.Used, l.HandedIn, l.Returned, orNone(l.IssuedSerials), orNone(l.ReceivedSerials), orNone(l.WithdrawnSerials), orNone(l.LostSerials),
			orNone(l.HandedInSerials), orNone(l.ReturnedSerials))
		if err != nil {
			return pg.Fault(err, "part request")
		}
	}
	return nil
}

// orNone makes an absent list an empty one.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
