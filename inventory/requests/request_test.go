package requests_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func stocktest.Lines(l ...inventory.Line) []inventory.Line { return l }

func (h *stocktest.House) supervisor() who.Actor {
	return who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &h.Outlet}
}

// approved is a request of the technician that somebody approved.
func (h *stocktest.House) approved(technician who.Actor, job *uuid.UUID, l ...inventory.Line) requests.PartRequest {
	h.Helper()
	r, err := h.Counter.Request(h.Context(), technician, requests.Wanted{JobID: job, Reason: "van stock", Lines: l})
	h.Must(err)
	r, err = h.Counter.Approve(h.Context(), h.supervisor(), r.ID, 1)
	h.Must(err)
	return r
}

func TestRequestFromAskingToTheVan(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	job := h.Job(h.Outlet, tech)
	unit, plain := h.Part("s"), h.Part("")
	h.Stock(h.Warehouse, unit, 0, "S1", "S2", "S3")
	h.Stock(h.Warehouse, plain, 10)

	r, err := h.Counter.Request(ctx, tech, requests.Wanted{JobID: &job, Lines: stocktest.Lines(inventory.Line{PartID: unit.ID, Quantity: 2}, inventory.Line{PartID: plain.ID, Quantity: 5})})
	h.Must(err)
	if r.Status != requests.RequestRequested || r.VanID != van.ID || *r.OutletID != h.Outlet || r.Number[0] != 'P' {
		t.Errorf("requested %+v", r)
	}
	_, err = h.Counter.Approve(ctx, tech, r.ID, 1)
	h.Refused(err, fault.Forbidden, "nobody approves his own request")
	for name, approver := range map[string]who.Actor{
		"the same user with another role":   {UserID: tech.UserID, Roles: []who.Role{who.Supervisor}},
		"the technician under another user": {UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, TechnicianID: tech.TechnicianID},
	} {
		_, err := h.Counter.Approve(ctx, approver, r.ID, 1)
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s approved: %v", name, err)
		}
	}
	_, err = h.Counter.Issue(ctx, h.Clerk, r.ID, 1, requests.Issuing{WarehouseID: h.Warehouse.ID})
	h.Refused(err, fault.Conflict, "a part request that is requested cannot become issued")
	r, err = h.Counter.Approve(ctx, h.supervisor(), r.ID, 1)
	h.Must(err)

	issue := func(l ...inventory.Line) (requests.PartRequest, error) {
		return h.Counter.Issue(ctx, h.Clerk, r.ID, 2, requests.Issuing{WarehouseID: h.Warehouse.ID, Lines: l})
	}
	_, err = issue(inventory.Line{PartID: unit.ID, Serials: []string{"S1", "S2", "S3"}})
	h.Refused(err, fault.Invalid, "/lines/0/serials 2 of part "+unit.Number+" were asked for")
	_, err = issue(inventory.Line{PartID: h.Part("").ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "was not asked for")
	r, err = issue(inventory.Line{PartID: unit.ID, Serials: []string{"S1", "S2"}}, inventory.Line{PartID: plain.ID, Quantity: 5})
	h.Must(err)
	if h.WhereIs(unit, "S1") != inventory.KindTransit || h.Holds(h.Warehouse.ID, plain) != 5 || h.Holds(van.ID, plain) != 0 {
		t.Error("the parts are not in transit")
	}
	if missing, err := h.Uses.Missing(ctx, job); err != nil || len(missing) != 1 || !contains(missing[0].String(), r.Number) {
		t.Errorf("missing %v, %v", missing, err)
	}

	receive := func(l ...inventory.Line) (requests.PartRequest, error) {
		return h.Counter.Receive(ctx, tech, r.ID, 3, l)
	}
	_, err = receive(inventory.Line{PartID: unit.ID, Serials: []string{"S3"}})
	h.Refused(err, fault.Invalid, "/lines/0/serials/0 unit S3 was not issued")
	_, err = receive(inventory.Line{PartID: plain.ID, Quantity: 6})
	h.Refused(err, fault.Invalid, "/lines/0/quantity 5 of part "+plain.Number+" were issued")
	_, err = h.Counter.Receive(ctx, h.Clerk, r.ID, 3, nil)
	h.Refused(err, fault.Forbidden, "only the technician who asked")
	r, err = receive(inventory.Line{PartID: unit.ID, Serials: []string{"S2"}}, inventory.Line{PartID: plain.ID, Quantity: 5})
	h.Must(err)
	r, err = h.Counter.Find(ctx, tech, r.ID)
	h.Must(err)
	if r.Status != requests.RequestReceived || r.Lines[0].Issued != 2 || r.Lines[0].Received != 1 || r.Lines[0].ReceivedSerials[0] != "S2" {
		t.Errorf("received %+v", r)
	}
	if h.WhereIs(unit, "S1") != inventory.KindTransit || h.WhereIs(unit, "S2") != inventory.KindVan || h.Holds(van.ID, plain) != 5 {
		t.Error("what was received is not in the van, or the difference not in transit")
	}
	if missing, err := h.Uses.Missing(ctx, job); err != nil || len(missing) != 0 {
		t.Errorf("missing %v, %v", missing, err)
	}
	if n := h.Count(`SELECT count(*) FROM events WHERE subject_id = $1`, r.ID); n != 4 {
		t.Errorf("%d events of four commands", n)
	}
	moves, _, err := h.Ledger.ListMovements(ctx, h.Clerk, inventory.MovementFilter{Kind: inventory.MovementIssue}, uuid.Nil, 10)
	h.Must(err)
	_, err = h.Uses.Reverse(ctx, h.Clerk, moves[0].ID, "")
	h.Refused(err, fault.Conflict, "belongs to a part request")
	h.Sound()
}

func TestIssueNamesTheShortage(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	tech, _ := h.Technician(h.Outlet)
	p, q := h.Part(""), h.Part("")
	h.Stock(h.Warehouse, p, 3)
	r := h.approved(tech, nil, inventory.Line{PartID: p.ID, Quantity: 5}, inventory.Line{PartID: q.ID, Quantity: 1})
	_, err := h.Counter.Issue(t.Context(), h.Clerk, r.ID, 2, requests.Issuing{WarehouseID: h.Warehouse.ID, Lines: stocktest.Lines(
		inventory.Line{PartID: p.ID, Quantity: 5}, inventory.Line{PartID: q.ID, Quantity: 1})})
	h.Refused(err, fault.Conflict, h.Warehouse.Name+" holds 3 of part "+p.Number+", 2 more are needed")
	h.Refused(err, fault.Conflict, "/lines/1/quantity "+h.Warehouse.Name+" holds 0 of part "+q.Number+", 1 more are needed")
	if h.Holds(h.Warehouse.ID, p) != 3 {
		t.Error("a refused issue took stock")
	}
	_, err = h.Counter.Issue(t.Context(), h.Clerk, r.ID, 2, requests.Issuing{WarehouseID: h.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 3})})
	h.Must(err)
	h.Sound()
}

func TestRejectCancelAndScopeOfRequests(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	tech, _ := h.Technician(h.Outlet)
	colleague, _ := h.Technician(h.Outlet)
	elsewhere := h.NewOutlet()
	stranger, _ := h.Technician(elsewhere)
	p := h.Part("")
	ask := func(by who.Actor, w requests.Wanted) (requests.PartRequest, error) {
		w.Lines = stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})
		return h.Counter.Request(ctx, by, w)
	}
	r, err := ask(tech, requests.Wanted{})
	h.Must(err)
	_, err = h.Counter.Reject(ctx, h.supervisor(), r.ID, 2, "no")
	h.Refused(err, fault.Stale, "part request is at version 1")
	_, err = h.Counter.Reject(ctx, h.supervisor(), r.ID, 1, " ")
	h.Refused(err, fault.Invalid, "/reason must not be blank")
	_, err = ask(tech, requests.Wanted{Reason: " \t"})
	h.Refused(err, fault.Invalid, "/reason must not be blank")
	rejected, err := h.Counter.Reject(ctx, h.supervisor(), r.ID, 1, "use what you have")
	h.Must(err)
	if *rejected.RejectedReason != "use what you have" {
		t.Errorf("rejected %+v", rejected)
	}
	_, err = h.Counter.Cancel(ctx, tech, r.ID, 2)
	h.Refused(err, fault.Conflict, "rejected cannot become canceled")
	r, err = ask(h.supervisor(), requests.Wanted{TechnicianID: tech.TechnicianID})
	h.Must(err)
	_, err = h.Counter.Find(ctx, colleague, r.ID)
	h.Refused(err, fault.NotFound, "part request")
	_, err = h.Counter.Cancel(ctx, colleague, r.ID, 1)
	h.Refused(err, fault.NotFound, "part request")
	_, err = h.Counter.Find(ctx, who.Actor{Roles: []who.Role{who.Technician}}, r.ID)
	h.Refused(err, fault.NotFound, "part request")
	_, err = h.Counter.Cancel(ctx, tech, r.ID, 1)
	h.Must(err)

	otherJob := h.Job(h.Outlet, colleague)
	for name, tt := range map[string]struct {
		by   who.Actor
		w    requests.Wanted
		code fault.Code
		text string
	}{
		"for a colleague":                {tech, requests.Wanted{TechnicianID: colleague.TechnicianID}, fault.Forbidden, "for himself"},
		"for nobody":                     {h.Clerk, requests.Wanted{}, fault.Invalid, "/technician_id is required"},
		"for another outlet's":           {h.Clerk, requests.Wanted{TechnicianID: stranger.TechnicianID}, fault.Invalid, "/technician_id"},
		"for a job that is not his":      {tech, requests.Wanted{JobID: &otherJob}, fault.Invalid, "/job_id no such job"},
		"for a technician without a van": {h.Clerk, requests.Wanted{TechnicianID: &p.ID}, fault.Invalid, "/technician_id"},
	} {
		_, err := ask(tt.by, tt.w)
		if !fault.Is(err, tt.code) || !contains(err.Error(), tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, next, err := h.Counter.List(ctx, h.Clerk, requests.RequestFilter{}, uuid.Nil, 1)
	h.Must(err)
	if len(all) != 1 || next == uuid.Nil || len(all[0].Lines) != 1 {
		t.Errorf("listed %+v", all)
	}
	for by, want := range map[*who.Actor]int{&tech: 2, &colleague: 0, &stranger: 0} {
		if got, _, err := h.Counter.List(ctx, *by, requests.RequestFilter{}, uuid.Nil, 10); err != nil || len(got) != want {
			t.Errorf("technician %v sees %d requests, want %d (%v)", by.TechnicianID, len(got), want, err)
		}
	}
}
