package requests

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// A technician sees his own requests alone, an outlet's user those of his outlet.
const requestsSQL = `
SELECT r.id, r.number, r.status, r.job_id, r.technician_id, r.van_id, r.warehouse_id, r.outlet_id, r.reason,
  r.requested_by, r.approved_by, r.issued_by, r.rejected_reason, r.version, r.created_at, r.updated_at
FROM part_requests r
WHERE ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)`

const listRequestsSQL = requestsSQL + `
  AND r.id > $3 AND ($4 = '' OR r.status = $4) AND ($5::uuid IS NULL OR r.technician_id = $5) AND ($6::uuid IS NULL OR r.job_id = $6)
ORDER BY r.id LIMIT $7`

const requestLinesSQL = `
SELECT l.request_id, l.part_id, p.number AS part_number, p.name AS part_name, l.quantity, l.issued, l.received, l.issued_serials, l.received_serials
FROM part_request_lines l JOIN parts p ON p.id = l.part_id
WHERE l.request_id = ANY($1) ORDER BY l.request_id, l.line`

// RequestFilter narrows a list of part requests; the zero filter is all of them.
type RequestFilter struct {
	Status       RequestStatus
	TechnicianID *uuid.UUID
	JobID        *uuid.UUID
}

// List returns the part requests within the actor's scope, oldest first, and the id to go on from; uuid.Nil at the end.
func (c *Counter) List(ctx context.Context, by who.Actor, f RequestFilter, after uuid.UUID, limit int) ([]PartRequest, uuid.UUID, error) {
	rows, err := pg.Query[PartRequest](ctx, c.DB(), listRequestsSQL, by.OutletID, inventory.OnlyHis(by), after, f.Status, f.TechnicianID, f.JobID, limit+1)
	if err != nil {
		return nil, uuid.Nil, err
	}
	page, next := inventory.Cut(rows, limit, func(r PartRequest) uuid.UUID { return r.ID })
	return page, next, c.readLines(ctx, page)
}

// Find returns one part request within the actor's scope.
func (c *Counter) Find(ctx context.Context, by who.Actor, id uuid.UUID) (PartRequest, error) {
	return c.readRequest(ctx, by, id, "")
}

func (c *Counter) lockRequest(ctx context.Context, by who.Actor, id uuid.UUID) (PartRequest, error) {
	return c.readRequest(ctx, by, id, " FOR UPDATE OF r")
}

func (c *Counter) readRequest(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (PartRequest, error) {
	rows, err := pg.Query[PartRequest](ctx, c.DB(), requestsSQL+" AND r.id = $3"+lock, by.OutletID, inventory.OnlyHis(by), id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("part request"))
	}
	if err == nil {
		err = c.readLines(ctx, rows)
	}
	return inventory.One(rows), err
}

// readLines adds the lines to the requests that were read.
func (c *Counter) readLines(ctx context.Context, requests []PartRequest) error {
	ids := make([]uuid.UUID, len(requests))
	at := map[uuid.UUID]int{}
	for i, r := range requests {
		ids[i], at[r.ID] = r.ID, i
	}
	lines, err := pg.Query[RequestLine](ctx, c.DB(), requestLinesSQL, ids)
	for _, line := range lines {
		r := &requests[at[line.RequestID]]
		r.Lines = append(r.Lines, line)
	}
	return err
}

const openRequestSQL = `
INSERT INTO part_requests (id, number, status, job_id, technician_id, van_id, outlet_id, reason, requested_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

const openLinesSQL = `
INSERT INTO part_request_lines (request_id, line, part_id, quantity)
SELECT $1, w.line, w.part_id, w.quantity FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS w (part_id, quantity, line)`

func (c *Counter) openRequest(ctx context.Context, r PartRequest) error {
	_, err := pg.Exec(ctx, c.DB(), openRequestSQL, r.ID, r.Number, r.Status, r.JobID, r.TechnicianID, r.VanID, r.OutletID, r.Reason,
		r.RequestedBy, r.Version, r.CreatedAt, r.UpdatedAt)
	if err != nil {
		return pg.Fault(err, "part request")
	}
	var parts []uuid.UUID
	var quantities []int
	for _, line := range r.Lines {
		parts, quantities = append(parts, line.PartID), append(quantities, line.Quantity)
	}
	_, err = pg.Exec(ctx, c.DB(), openLinesSQL, r.ID, parts, quantities)
	return pg.Fault(err, "part request")
}

const saveRequestSQL = `
UPDATE part_requests SET status = $2, warehouse_id = $3, approved_by = $4, issued_by = $5, rejected_reason = $6, version = $7, updated_at = $8
WHERE id = $1`

const saveLineSQL = `
UPDATE part_request_lines SET issued = $3, received = $4, issued_serials = $5, received_serials = $6
WHERE request_id = $1 AND part_id = $2`

func (c *Counter) saveRequest(ctx context.Context, r *PartRequest) error {
	r.UpdatedAt = c.Now()
	_, err := pg.Exec(ctx, c.DB(), saveRequestSQL, r.ID, r.Status, r.WarehouseID, r.ApprovedBy, r.IssuedBy, r.RejectedReason, r.Version, r.UpdatedAt)
	return pg.Fault(err, "part request")
}

// saveLines keeps what was issued and received of each line.
func (c *Counter) saveLines(ctx context.Context, r *PartRequest) error {
	for _, line := range r.Lines {
		_, err := pg.Exec(ctx, c.DB(), saveLineSQL, r.ID, line.PartID, line.Issued, line.Received, orNone(line.IssuedSerials), orNone(line.ReceivedSerials))
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
