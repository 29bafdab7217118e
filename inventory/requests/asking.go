package requests

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Wanted is what somebody asks for. Without a technician, it is for the acting one.
type Wanted struct {
	TechnicianID *uuid.UUID
	JobID        *uuid.UUID
	WarehouseID  *uuid.UUID // nil: whichever of the outlet has the most of it
	Reason       string
	Lines        []inventory.Line // by quantity: the warehouse picks the serials
	Origin       Origin           // OriginPerson where empty
}

// shelves are the kinds of places that parts are requested from.
var shelves = []inventory.Kind{inventory.KindWarehouse, inventory.KindOutlet}

// Request asks for parts: a technician for himself, others for a technician of their scope. What is
// worth little enough is approved and set aside at once, by the policy.
func (c *Counter) Request(ctx context.Context, by who.Actor, w Wanted) (r Request, err error) {
	if w.TechnicianID == nil {
		w.TechnicianID = by.TechnicianID
	}
	if w.TechnicianID == nil {
		return r, inventory.Wrong("/technician_id", "is required")
	}
	if mine := inventory.OnlyHis(by); mine != nil && *mine != *w.TechnicianID {
		return r, fault.New(fault.Forbidden, "a technician asks for parts for himself")
	}
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		r, err = c.open(ctx, by, w)
		return err
	})
	return r, err
}

// open opens a request within the transaction of ctx.
func (c *Counter) open(ctx context.Context, by who.Actor, w Wanted) (r Request, err error) {
	now := c.Now()
	r = Request{
		ID: uuid.Must(uuid.NewV7()), Status: StatusRequested, Origin: w.Origin, JobID: w.JobID, TechnicianID: *w.TechnicianID, Reason: w.Reason,
		RequestedBy: inventory.ActorID(by), Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if r.Origin == "" {
		r.Origin = OriginPerson
	}
	if err := c.fill(ctx, by, &r, w); err != nil {
		return r, err
	}
	if r.Number, err = c.Number(ctx, "part_request", "P"); err != nil {
		return r, err
	}
	if err := c.openRequest(ctx, r); err != nil {
		return r, err
	}
	may, err := c.mayPass(ctx, &r)
	if err != nil {
		return r, err
	}
	if may {
		r.Automatic = true
		if err := c.allow(ctx, &r, nil); err != nil {
			return r, err
		}
	}
	data := map[string]any{
		"lines": len(r.Lines), "parts": r.parts(), "automatic": r.Automatic, "value": r.Value, "currency": r.Currency, "reason": r.Reason, "origin": r.Origin,
	}
	if !may {
		data["unpassed"] = r.unpassed
	}
	return r, c.finish(ctx, by, &r, "requested", data)
}

// parts are the parts of r for an event: as many as are approved, or asked for where nobody decided.
func (r *Request) parts() []map[string]any {
	parts := make([]map[string]any, len(r.Lines))
	for i, l := range r.Lines {
		parts[i] = map[string]any{"part_id": l.PartID, "quantity": l.Quantity}
		if l.Approved != nil {
			parts[i]["quantity"] = *l.Approved
		}
	}
	return parts
}

// fill finds what a new request names: technician, van, job, warehouse and parts, all within the actor's scope.
func (c *Counter) fill(ctx context.Context, by who.Actor, r *Request, w Wanted) error {
	var f fault.Faults
	if err := c.fillVan(ctx, by, r, &f); err != nil {
		return err
	}
	if w.JobID != nil {
		j, err := c.Job(ctx, by, *w.JobID, nil)
		switch {
		case fault.Is(err, fault.NotFound):
			f.Add("/job_id", "no such %s", words.Noun("job"))
		case err != nil:
			return err
		case isOver(j):
			f.Add("/job_id", "job %s is %s", j.Number, words.Noun(j.Status))
		}
	}
	if w.WarehouseID != nil {
		if _, err := c.Named(ctx, by, *w.WarehouseID, "/warehouse_id", shelves, &f); err != nil {
			return err
		}
		r.WarehouseID = w.WarehouseID
	}
	if w.Reason != "" && strings.TrimSpace(w.Reason) == "" {
		f.Add("/reason", "must not be blank")
	}
	parts, err := c.PartsOf(ctx, w.Lines)
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	for i, line := range w.Lines {
		p, known := parts[line.PartID]
		switch at := inventory.LineAt(i) + "/part_id"; {
		case !known:
			f.Add(at, "no such %s", words.Noun("part"))
		case seen[p.ID]:
			f.Add(at, "part %s stands in two lines", p.Number)
		}
		if line.Quantity < 1 {
			f.Add(inventory.LineAt(i)+"/quantity", "is required")
		}
		seen[line.PartID] = true
		r.Lines = append(r.Lines, newLine(r, p, line.Quantity))
	}
	if len(w.Lines) == 0 {
		f.Add("/lines", "is required")
	}
	return f.Err(fault.Invalid, "the request cannot be met as it is")
}

func newLine(r *Request, p inventory.Part, quantity int) Line {
	return Line{
		RequestID: r.ID, VanID: r.VanID, Line: len(r.Lines) + 1, PartID: p.ID, PartNumber: p.Number, PartName: p.Name, PartNameZh: p.NameZh, Serialized: p.Serialized, Quantity: quantity,
	}
}

// isOver says whether nothing is handed out for a job any more.
func isOver(j inventory.OnJob) bool { return j.Status == "closed" || j.Status == "canceled" }

// fillVan finds the technician's van. Who is suspended or has left is given nothing.
func (c *Counter) fillVan(ctx context.Context, by who.Actor, r *Request, f *fault.Faults) error {
	van, err := c.Van(ctx, r.TechnicianID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !by.Sees(van.OutletID):
		f.Add("/technician_id", "is no technician with a van")
		return nil
	case err != nil:
		return err
	}
	r.VanID, r.OutletID = van.ID, van.OutletID
	t, err := c.technician(ctx, r.TechnicianID)
	if err == nil && t.Status != "active" {
		f.Add("/technician_id", "technician %s is %s", t.Name, words.Noun(t.Status))
	}
	return err
}

// technician is what the counter needs to know of one.
type technician struct {
	Name   string
	Status string
}

// technician reads a technician and keeps him from leaving meanwhile.
func (c *Counter) technician(ctx context.Context, id uuid.UUID) (technician, error) {
	rows, err := pg.Query[technician](ctx, c.DB(), `SELECT name, status FROM technicians WHERE id = $1 FOR SHARE`, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("technician"))
	}
	return inventory.One(rows), err
}
