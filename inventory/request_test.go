package inventory_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

func lines(l ...inventory.Line) []inventory.Line { return l }

func (h *house) supervisor() who.Actor {
	return who.Actor{UserID: newID(), Roles: []who.Role{who.Supervisor}, OutletID: &h.outlet}
}

// approved is a request of the technician that somebody approved.
func (h *house) approved(technician who.Actor, job *uuid.UUID, l ...inventory.Line) inventory.PartRequest {
	h.Helper()
	r, err := h.counter.Request(h.Context(), technician, inventory.Wanted{JobID: job, Reason: "van stock", Lines: l})
	h.must(err)
	r, err = h.counter.Approve(h.Context(), h.supervisor(), r.ID, 1)
	h.must(err)
	return r
}

func TestRequestFromAskingToTheVan(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.technician(h.outlet)
	job := h.job(h.outlet, tech)
	unit, plain := h.part("s"), h.part("")
	h.stock(h.warehouse, unit, 0, "S1", "S2", "S3")
	h.stock(h.warehouse, plain, 10)

	r, err := h.counter.Request(ctx, tech, inventory.Wanted{JobID: &job, Lines: lines(inventory.Line{PartID: unit.ID, Quantity: 2}, inventory.Line{PartID: plain.ID, Quantity: 5})})
	h.must(err)
	if r.Status != inventory.RequestRequested || r.VanID != van.ID || *r.OutletID != h.outlet || r.Number[0] != 'P' {
		t.Errorf("requested %+v", r)
	}
	_, err = h.counter.Approve(ctx, tech, r.ID, 1)
	h.refused(err, fault.Forbidden, "nobody approves his own request")
	for name, approver := range map[string]who.Actor{
		"the same user with another role":   {UserID: tech.UserID, Roles: []who.Role{who.Supervisor}},
		"the technician under another user": {UserID: newID(), Roles: []who.Role{who.Supervisor}, TechnicianID: tech.TechnicianID},
	} {
		_, err := h.counter.Approve(ctx, approver, r.ID, 1)
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s approved: %v", name, err)
		}
	}
	_, err = h.counter.Issue(ctx, h.clerk, r.ID, 1, inventory.Issuing{WarehouseID: h.warehouse.ID})
	h.refused(err, fault.Conflict, "a part request that is requested cannot become issued")
	r, err = h.counter.Approve(ctx, h.supervisor(), r.ID, 1)
	h.must(err)

	issue := func(l ...inventory.Line) (inventory.PartRequest, error) {
		return h.counter.Issue(ctx, h.clerk, r.ID, 2, inventory.Issuing{WarehouseID: h.warehouse.ID, Lines: l})
	}
	_, err = issue(inventory.Line{PartID: unit.ID, Serials: []string{"S1", "S2", "S3"}})
	h.refused(err, fault.Invalid, "/lines/0/serials 2 of part "+unit.Number+" were asked for")
	_, err = issue(inventory.Line{PartID: h.part("").ID, Quantity: 1})
	h.refused(err, fault.Invalid, "was not asked for")
	r, err = issue(inventory.Line{PartID: unit.ID, Serials: []string{"S1", "S2"}}, inventory.Line{PartID: plain.ID, Quantity: 5})
	h.must(err)
	if h.whereIs(unit, "S1") != inventory.KindTransit || h.holds(h.warehouse.ID, plain) != 5 || h.holds(van.ID, plain) != 0 {
		t.Error("the parts are not in transit")
	}
	if missing, err := h.ledger.Missing(ctx, job); err != nil || len(missing) != 1 || !contains(missing[0].String(), r.Number) {
		t.Errorf("missing %v, %v", missing, err)
	}

	receive := func(l ...inventory.Line) (inventory.PartRequest, error) {
		return h.counter.Receive(ctx, tech, r.ID, 3, l)
	}
	_, err = receive(inventory.Line{PartID: unit.ID, Serials: []string{"S3"}})
	h.refused(err, fault.Invalid, "/lines/0/serials/0 unit S3 was not issued")
	_, err = receive(inventory.Line{PartID: plain.ID, Quantity: 6})
	h.refused(err, fault.Invalid, "/lines/0/quantity 5 of part "+plain.Number+" were issued")
	_, err = h.counter.Receive(ctx, h.clerk, r.ID, 3, nil)
	h.refused(err, fault.Forbidden, "only the technician who asked")
	r, err = receive(inventory.Line{PartID: unit.ID, Serials: []string{"S2"}}, inventory.Line{PartID: plain.ID, Quantity: 5})
	h.must(err)
	r, err = h.counter.Find(ctx, tech, r.ID)
	h.must(err)
	if r.Status != inventory.RequestReceived || r.Lines[0].Issued != 2 || r.Lines[0].Received != 1 || r.Lines[0].ReceivedSerials[0] != "S2" {
		t.Errorf("received %+v", r)
	}
	if h.whereIs(unit, "S1") != inventory.KindTransit || h.whereIs(unit, "S2") != inventory.KindVan || h.holds(van.ID, plain) != 5 {
		t.Error("what was received is not in the van, or the difference not in transit")
	}
	if missing, err := h.ledger.Missing(ctx, job); err != nil || len(missing) != 0 {
		t.Errorf("missing %v, %v", missing, err)
	}
	if n := h.count(`SELECT count(*) FROM events WHERE subject_id = $1`, r.ID); n != 4 {
		t.Errorf("%d events of four commands", n)
	}
	moves, _, err := h.ledger.ListMovements(ctx, h.clerk, inventory.MovementFilter{Kind: inventory.MovementIssue}, uuid.Nil, 10)
	h.must(err)
	_, err = h.ledger.Reverse(ctx, h.clerk, moves[0].ID, "")
	h.refused(err, fault.Conflict, "belongs to a part request")
	h.sound()
}

func TestIssueNamesTheShortage(t *testing.T) {
	t.Parallel()
	h := open(t)
	tech, _ := h.technician(h.outlet)
	p, q := h.part(""), h.part("")
	h.stock(h.warehouse, p, 3)
	r := h.approved(tech, nil, inventory.Line{PartID: p.ID, Quantity: 5}, inventory.Line{PartID: q.ID, Quantity: 1})
	_, err := h.counter.Issue(t.Context(), h.clerk, r.ID, 2, inventory.Issuing{WarehouseID: h.warehouse.ID, Lines: lines(
		inventory.Line{PartID: p.ID, Quantity: 5}, inventory.Line{PartID: q.ID, Quantity: 1})})
	h.refused(err, fault.Conflict, h.warehouse.Name+" holds 3 of part "+p.Number+", 2 more are needed")
	h.refused(err, fault.Conflict, "/lines/1/quantity "+h.warehouse.Name+" holds 0 of part "+q.Number+", 1 more are needed")
	if h.holds(h.warehouse.ID, p) != 3 {
		t.Error("a refused issue took stock")
	}
	_, err = h.counter.Issue(t.Context(), h.clerk, r.ID, 2, inventory.Issuing{WarehouseID: h.warehouse.ID, Lines: lines(inventory.Line{PartID: p.ID, Quantity: 3})})
	h.must(err)
	h.sound()
}

func TestRejectCancelAndScopeOfRequests(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, _ := h.technician(h.outlet)
	colleague, _ := h.technician(h.outlet)
	elsewhere := h.newOutlet()
	stranger, _ := h.technician(elsewhere)
	p := h.part("")
	ask := func(by who.Actor, w inventory.Wanted) (inventory.PartRequest, error) {
		w.Lines = lines(inventory.Line{PartID: p.ID, Quantity: 1})
		return h.counter.Request(ctx, by, w)
	}
	r, err := ask(tech, inventory.Wanted{})
	h.must(err)
	_, err = h.counter.Reject(ctx, h.supervisor(), r.ID, 2, "no")
	h.refused(err, fault.Stale, "part request is at version 1")
	_, err = h.counter.Reject(ctx, h.supervisor(), r.ID, 1, " ")
	h.refused(err, fault.Invalid, "/reason must not be blank")
	_, err = ask(tech, inventory.Wanted{Reason: " \t"})
	h.refused(err, fault.Invalid, "/reason must not be blank")
	rejected, err := h.counter.Reject(ctx, h.supervisor(), r.ID, 1, "use what you have")
	h.must(err)
	if *rejected.RejectedReason != "use what you have" {
		t.Errorf("rejected %+v", rejected)
	}
	_, err = h.counter.Cancel(ctx, tech, r.ID, 2)
	h.refused(err, fault.Conflict, "rejected cannot become canceled")
	r, err = ask(h.supervisor(), inventory.Wanted{TechnicianID: tech.TechnicianID})
	h.must(err)
	_, err = h.counter.Find(ctx, colleague, r.ID)
	h.refused(err, fault.NotFound, "part request")
	_, err = h.counter.Cancel(ctx, colleague, r.ID, 1)
	h.refused(err, fault.NotFound, "part request")
	_, err = h.counter.Find(ctx, who.Actor{Roles: []who.Role{who.Technician}}, r.ID)
	h.refused(err, fault.NotFound, "part request")
	_, err = h.counter.Cancel(ctx, tech, r.ID, 1)
	h.must(err)

	otherJob := h.job(h.outlet, colleague)
	for name, tt := range map[string]struct {
		by   who.Actor
		w    inventory.Wanted
		code fault.Code
		text string
	}{
		"for a colleague":                {tech, inventory.Wanted{TechnicianID: colleague.TechnicianID}, fault.Forbidden, "for himself"},
		"for nobody":                     {h.clerk, inventory.Wanted{}, fault.Invalid, "/technician_id is required"},
		"for another outlet's":           {h.clerk, inventory.Wanted{TechnicianID: stranger.TechnicianID}, fault.Invalid, "/technician_id"},
		"for a job that is not his":      {tech, inventory.Wanted{JobID: &otherJob}, fault.Invalid, "/job_id no such job"},
		"for a technician without a van": {h.clerk, inventory.Wanted{TechnicianID: &p.ID}, fault.Invalid, "/technician_id"},
	} {
		_, err := ask(tt.by, tt.w)
		if !fault.Is(err, tt.code) || !contains(err.Error(), tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, next, err := h.counter.List(ctx, h.clerk, inventory.RequestFilter{}, uuid.Nil, 1)
	h.must(err)
	if len(all) != 1 || next == uuid.Nil || len(all[0].Lines) != 1 {
		t.Errorf("listed %+v", all)
	}
	for by, want := range map[*who.Actor]int{&tech: 2, &colleague: 0, &stranger: 0} {
		if got, _, err := h.counter.List(ctx, *by, inventory.RequestFilter{}, uuid.Nil, 10); err != nil || len(got) != want {
			t.Errorf("technician %v sees %d requests, want %d (%v)", by.TechnicianID, len(got), want, err)
		}
	}
}
