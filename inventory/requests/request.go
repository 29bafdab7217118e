// Package requests takes parts from the warehouse to the van: asked for, allowed, set aside, picked,
// handed out, received, and what came back unused.
//
// It owns part requests. The movements and reservations are the ledger's.
package requests

import (
	"context"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// PartRequest asks for parts into a technician's van.
type PartRequest struct {
	ID             uuid.UUID
	Number         string
	Status         RequestStatus
	JobID          *uuid.UUID // what the parts are for; nil for the van's stock
	TechnicianID   uuid.UUID
	VanID          uuid.UUID
	WarehouseID    *uuid.UUID // that issued it
	OutletID       *uuid.UUID // the van's
	Reason         string
	RequestedBy    *uuid.UUID
	ApprovedBy     *uuid.UUID
	IssuedBy       *uuid.UUID
	RejectedReason *string
	Version        int
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Lines          []RequestLine
}

// RequestLine is one part of a request. What was issued and not received is a difference, and
// stands in transit until somebody accounts for it.
type RequestLine struct {
	RequestID       uuid.UUID
	PartID          uuid.UUID
	PartNumber      string
	PartName        string
	Quantity        int
	Issued          int
	Received        int
	IssuedSerials   []string
	ReceivedSerials []string
}

// Difference counts what of a line was issued and is missing since the request was received.
func (r PartRequest) Difference(l RequestLine) int {
	if r.Status != RequestReceived {
		return 0
	}
	return l.Issued - l.Received
}

// Counter is where parts are asked for, handed out and brought back.
type Counter struct{ *inventory.Ledger }

// NewCounter returns the counter that moves parts in ledger.
func NewCounter(ledger *inventory.Ledger) *Counter { return &Counter{ledger} }

// Wanted is what somebody asks for. Without a technician, it is for the acting one.
type Wanted struct {
	TechnicianID *uuid.UUID
	JobID        *uuid.UUID
	Reason       string
	Lines        []inventory.Line // by quantity: the warehouse picks the serials
}

// Request asks for parts: a technician for himself, others for a technician of their scope.
func (c *Counter) Request(ctx context.Context, by who.Actor, w Wanted) (r PartRequest, err error) {
	if w.TechnicianID == nil {
		w.TechnicianID = by.TechnicianID
	}
	if w.TechnicianID == nil {
		return r, inventory.Wrong("/technician_id", "is required")
	}
	if mine := inventory.OnlyHis(by); mine != nil && *mine != *w.TechnicianID {
		return r, fault.New(fault.Forbidden, "a technician asks for parts for himself")
	}
	now := c.Now()
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		r = PartRequest{
			ID: uuid.Must(uuid.NewV7()), Status: RequestRequested, JobID: w.JobID, TechnicianID: *w.TechnicianID, Reason: w.Reason,
			RequestedBy: inventory.ActorID(by), Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		if err := c.fill(ctx, by, &r, w); err != nil {
			return err
		}
		if r.Number, err = c.Number(ctx, "part_request", "P"); err != nil {
			return err
		}
		if err := c.openRequest(ctx, r); err != nil {
			return err
		}
		return c.Tell(ctx, by, "part_request.requested", r.ID, r.OutletID, map[string]any{
			"number": r.Number, "job_id": r.JobID, "technician_id": r.TechnicianID, "lines": len(r.Lines),
		})
	})
	return r, err
}

// fill finds what a new request names: van, job and parts, all within the actor's scope.
func (c *Counter) fill(ctx context.Context, by who.Actor, r *PartRequest, w Wanted) error {
	var f fault.Faults
	van, err := c.Van(ctx, r.TechnicianID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !by.Sees(van.OutletID):
		f.Add("/technician_id", "is no technician with a van")
	case err != nil:
		return err
	}
	r.VanID, r.OutletID = van.ID, van.OutletID
	if w.JobID != nil {
		if _, err := c.Job(ctx, by, *w.JobID, nil); fault.Is(err, fault.NotFound) {
			f.Add("/job_id", "no such %s", words.Noun("job"))
		} else if err != nil {
			return err
		}
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
		seen[line.PartID] = true
		r.Lines = append(r.Lines, RequestLine{RequestID: r.ID, PartID: p.ID, PartNumber: p.Number, PartName: p.Name, Quantity: line.Quantity})
	}
	return f.Err(fault.Invalid, "the request cannot be met as it is")
}

// Approve allows a request. Nobody approves his own, nor one for himself.
func (c *Counter) Approve(ctx context.Context, by who.Actor, id uuid.UUID, version int) (PartRequest, error) {
	return c.decide(ctx, by, id, version, RequestApproved, func(r *PartRequest) error {
		mine := r.RequestedBy != nil && *r.RequestedBy == by.UserID
		if mine || (by.TechnicianID != nil && r.TechnicianID == *by.TechnicianID) {
			return fault.New(fault.Forbidden, "nobody approves his own request")
		}
		r.ApprovedBy = inventory.ActorID(by)
		return nil
	})
}

// Reject refuses a request, and says why.
func (c *Counter) Reject(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (PartRequest, error) {
	return c.decide(ctx, by, id, version, RequestRejected, func(r *PartRequest) error {
		if strings.TrimSpace(reason) == "" {
			return inventory.Wrong("/reason", "must not be blank")
		}
		r.RejectedReason = &reason
		return nil
	})
}

// Cancel takes a request back before anything is handed out.
func (c *Counter) Cancel(ctx context.Context, by who.Actor, id uuid.UUID, version int) (PartRequest, error) {
	return c.decide(ctx, by, id, version, RequestCanceled, func(*PartRequest) error { return nil })
}

// decide moves a request to a status without moving parts.
func (c *Counter) decide(ctx context.Context, by who.Actor, id uuid.UUID, version int, s RequestStatus, note func(*PartRequest) error) (r PartRequest, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		if r, err = c.lockRequest(ctx, by, id); err != nil {
			return err
		}
		if err := r.become(s, version); err != nil {
			return err
		}
		if err := note(&r); err != nil {
			return err
		}
		if err := c.saveRequest(ctx, &r); err != nil {
			return err
		}
		return c.Tell(ctx, by, "part_request."+string(s), r.ID, r.OutletID, map[string]any{"number": r.Number, "reason": r.RejectedReason})
	})
	return r, err
}
