package requests_test

import (
	"slices"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestPolicyApprovesWhatIsWorthLittle(t *testing.T) {
	t.Parallel()
	c := open(t)
	cheap, dear, unknown := c.priced(c.Part(""), 20000), c.priced(c.Part(""), 50001), c.Part("")
	c.Stock(c.Warehouse, cheap, 10)
	r := c.ask(&c.job, many(cheap, 2))
	if r.Status != requests.StatusApproved || !r.Automatic || r.ApprovedBy != nil || *r.Value != 40000 || *r.Currency != "CNY" || *r.PolicyVersion < 1 || r.Lines[0].Reserved != 2 {
		t.Errorf("cheap: %+v", r)
	}
	if r := c.ask(&c.job, many(cheap, 1)); r.Status != requests.StatusRequested || r.Automatic {
		t.Error("a large request passed in small ones")
	}
	other, _ := c.Technician(c.Outlet)
	for name, tt := range map[string]struct {
		line   inventory.Line
		status requests.Status
	}{
		"over the figure": {many(dear, 1), requests.StatusRequested}, "of unknown worth": {many(unknown, 1), requests.StatusRequested},
		"up to the figure": {many(cheap, 2), requests.StatusApproved},
	} {
		r := c.got(c.Counter.Request(t.Context(), other, requests.Wanted{Lines: stocktest.Lines(tt.line)}))
		if r.Status != tt.status {
			t.Errorf("%s: %s", name, r.Status)
		}
	}
	// What was bought counts by what it cost, not by its price.
	cost := int64(60000)
	_, err := c.Ledger.Receive(t.Context(), c.Clerk, inventory.Receipt{LocationID: c.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: unknown.ID, Quantity: 1, UnitCost: &cost})})
	c.Must(err)
	third, _ := c.Technician(c.Outlet)
	if r := c.got(c.Counter.Request(t.Context(), third, requests.Wanted{Lines: stocktest.Lines(many(unknown, 1))})); r.Status != requests.StatusRequested || *r.Value != 60000 {
		t.Errorf("bought for 60000: %+v", r)
	}
}

func TestApproverMayAllowLess(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, q := c.Part(""), c.Part("")
	c.Stock(c.Warehouse, p, 9)
	r := c.ask(nil, many(p, 5), many(q, 1))
	allow := func(lines ...inventory.Want) (requests.Request, error) {
		return c.Counter.Approve(t.Context(), c.chief, r.ID, 1, requests.Allowance{Lines: lines})
	}
	_, err := allow(inventory.Want{PartID: p.ID, Quantity: 6})
	c.Refused(err, fault.Invalid, "/lines/0/quantity 5 of part "+p.Number+" were asked for")
	_, err = allow(inventory.Want{PartID: p.ID}, inventory.Want{PartID: q.ID})
	c.Refused(err, fault.Invalid, "reject it instead")
	_, err = allow(inventory.Want{PartID: stocktest.NewID(), Quantity: 1})
	c.Refused(err, fault.Invalid, "/lines/0/part_id was not asked for")
	r = c.got(allow(inventory.Want{PartID: p.ID, Quantity: 2}, inventory.Want{PartID: q.ID}))
	if *r.Lines[0].Approved != 2 || *r.Lines[1].Approved != 0 || c.reservedAt(c.Warehouse.ID, p) != 2 {
		t.Errorf("approved %+v", r.Lines)
	}
	_, err = c.issue(r, many(p, 3))
	c.Refused(err, fault.Invalid, "2 of part "+p.Number+" are still to be issued")
	r = c.got(c.issue(r, many(p, 2)))
	if r = c.got(c.receive(r, many(p, 2))); r.Status != requests.StatusClosed {
		t.Errorf("the van's stock has come, and the request is %s", r.Status)
	}
}

func TestRejectCancelAndScopeOfRequests(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	colleague, _ := c.Technician(c.Outlet)
	elsewhere := c.NewOutlet()
	stranger, _ := c.Technician(elsewhere)
	gone, _ := c.Technician(c.Outlet)
	c.Exec(`UPDATE technicians SET status = 'suspended' WHERE id = $1`, *gone.TechnicianID)
	over := c.Job(c.Outlet, c.tech)
	c.Exec(`UPDATE jobs SET status = 'canceled' WHERE id = $1`, over)
	p := c.Part("")
	ask := func(by who.Actor, w requests.Wanted) (requests.Request, error) {
		w.Lines = stocktest.Lines(many(p, 1))
		return c.Counter.Request(ctx, by, w)
	}
	r := c.got(ask(c.tech, requests.Wanted{}))
	_, err := c.Counter.Reject(ctx, c.chief, r.ID, 2, "no")
	c.Refused(err, fault.Stale, "part request is at version 1")
	_, err = c.Counter.Reject(ctx, c.chief, r.ID, 1, " ")
	c.Refused(err, fault.Invalid, "/reason must not be blank")
	_, err = ask(c.tech, requests.Wanted{Reason: " \t"})
	c.Refused(err, fault.Invalid, "/reason must not be blank")
	rejected := c.got(c.Counter.Reject(ctx, c.chief, r.ID, 1, "use what you have"))
	if *rejected.RejectedReason != "use what you have" || rejected.EndedAt == nil {
		t.Errorf("rejected %+v", rejected)
	}
	_, err = c.Counter.Cancel(ctx, c.tech, r.ID, 2, "")
	c.Refused(err, fault.Conflict, "rejected cannot become canceled")
	r = c.got(ask(c.chief, requests.Wanted{TechnicianID: c.tech.TechnicianID}))
	for _, by := range []who.Actor{colleague, {Roles: []who.Role{who.Technician}}} {
		_, err = c.Counter.Find(ctx, by, r.ID)
		c.Refused(err, fault.NotFound, "part request")
		_, err = c.Counter.Cancel(ctx, by, r.ID, 1, "")
		c.Refused(err, fault.NotFound, "part request")
	}
	c.got(c.Counter.Cancel(ctx, c.tech, r.ID, 1, ""))

	otherJob, foreign := c.Job(c.Outlet, colleague), c.Place(inventory.KindWarehouse, elsewhere)
	for name, tt := range map[string]struct {
		by   who.Actor
		w    requests.Wanted
		code fault.Code
		text string
	}{
		"for a colleague":                {c.tech, requests.Wanted{TechnicianID: colleague.TechnicianID}, fault.Forbidden, "for himself"},
		"for nobody":                     {c.Clerk, requests.Wanted{}, fault.Invalid, "/technician_id is required"},
		"for another outlet's":           {c.Clerk, requests.Wanted{TechnicianID: stranger.TechnicianID}, fault.Invalid, "/technician_id"},
		"for one who is suspended":       {c.Clerk, requests.Wanted{TechnicianID: gone.TechnicianID}, fault.Invalid, "/technician_id technician T is suspended"},
		"for a job that is not his":      {c.tech, requests.Wanted{JobID: &otherJob}, fault.Invalid, "/job_id no such job"},
		"for a job that is over":         {c.tech, requests.Wanted{JobID: &over}, fault.Invalid, "is canceled"},
		"of another outlet's warehouse":  {c.tech, requests.Wanted{WarehouseID: &foreign.ID}, fault.Invalid, "/warehouse_id no such location"},
		"of a van":                       {c.tech, requests.Wanted{WarehouseID: &c.van.ID}, fault.Invalid, "/warehouse_id a place of the kind van does not do here"},
		"for a technician without a van": {c.Clerk, requests.Wanted{TechnicianID: &p.ID}, fault.Invalid, "/technician_id"},
	} {
		t.Run(name, func(*testing.T) {
			_, err := ask(tt.by, tt.w)
			c.Refused(err, tt.code, tt.text)
		})
	}
	all, next, err := c.Counter.List(ctx, c.Clerk, requests.Filter{}, uuid.Nil, 1)
	c.Must(err)
	if len(all) != 1 || next == uuid.Nil || len(all[0].Lines) != 1 {
		t.Errorf("listed %+v", all)
	}
	for by, want := range map[*who.Actor]int{&c.tech: 2, &colleague: 0, &stranger: 0} {
		if got, _, err := c.Counter.List(ctx, *by, requests.Filter{}, uuid.Nil, 10); err != nil || len(got) != want {
			t.Errorf("technician %v sees %d requests, want %d (%v)", by.TechnicianID, len(got), want, err)
		}
	}
}

func TestAnotherWarehouseHandsOut(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	c.Stock(c.Warehouse, p, 3)
	second := c.Place(inventory.KindWarehouse, c.Outlet)
	c.Stock(second, p, 5)
	r := c.approved(nil, many(p, 4))
	if *r.WarehouseID != second.ID || c.reservedAt(second.ID, p) != 4 {
		t.Errorf("the warehouse with the most is not chosen: %+v", r)
	}
	r = c.got(c.Counter.Amend(t.Context(), c.chief, r.ID, r.Version, c.Warehouse.ID))
	if c.reservedAt(second.ID, p) != 0 || c.reservedAt(c.Warehouse.ID, p) != 3 || r.Lines[0].Backordered() != 1 {
		t.Errorf("amended %+v", r.Lines)
	}
	waits := true
	if got, _, err := c.Counter.List(t.Context(), c.Clerk, requests.Filter{WarehouseID: &c.Warehouse.ID, Backordered: &waits}, uuid.Nil, 10); err != nil || len(got) != 1 {
		t.Errorf("back-ordered: %d, %v", len(got), err)
	}
	waits = false
	if got, _, err := c.Counter.List(t.Context(), c.Clerk, requests.Filter{Backordered: &waits}, uuid.Nil, 10); err != nil || len(got) != 0 {
		t.Errorf("not back-ordered: %d, %v", len(got), err)
	}
}

func TestRequestsAreFoundByOutletNumberAndTime(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	first, second := c.ask(nil, many(p, 1)), c.ask(nil, many(p, 2))
	elsewhere := c.NewOutlet()
	for name, tt := range map[string]struct {
		filter requests.Filter
		want   []uuid.UUID
	}{
		"outlet":             {requests.Filter{OutletID: &c.Outlet}, []uuid.UUID{first.ID, second.ID}},
		"another outlet":     {requests.Filter{OutletID: &elsewhere}, nil},
		"number":             {requests.Filter{Number: second.Number}, []uuid.UUID{second.ID}},
		"a piece of it":      {requests.Filter{Number: second.Number[:2]}, nil},
		"at the very moment": {requests.Filter{From: &second.CreatedAt}, []uuid.UUID{second.ID}},
		"before that moment": {requests.Filter{To: &second.CreatedAt}, []uuid.UUID{first.ID}},
	} {
		got, _, err := c.Counter.List(t.Context(), c.Clerk, tt.filter, uuid.Nil, 10)
		var ids []uuid.UUID
		for _, r := range got {
			ids = append(ids, r.ID)
		}
		if err != nil || !slices.Equal(ids, tt.want) {
			t.Errorf("%s: %v, want %v (%v)", name, ids, tt.want, err)
		}
	}
}

func TestWhatNobodyWroteIsToldInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.Part("")
	const reason = "the van is below its levels"
	for origin, want := range map[requests.Origin]string{requests.OriginReplenishment: "车上库存低于下限", requests.OriginPerson: reason} {
		r := c.got(c.Counter.Request(t.Context(), c.Clerk, requests.Wanted{
			TechnicianID: c.tech.TechnicianID, Reason: reason, Origin: origin, Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}},
		}))
		if en, zh := r.Why().In(words.English), r.Why().In(words.Chinese); en != reason || zh != want {
			t.Errorf("%s: because %q, %q", origin, en, zh)
		}
		told, _, err := c.Counter.History(t.Context(), c.Clerk, r.ID, 0, 10)
		c.Must(err)
		if zh := told[0].Text.In(words.Chinese); !strings.HasSuffix(zh, "："+want) && !strings.HasSuffix(zh, ": "+want) {
			t.Errorf("%s: the history says %q", origin, zh)
		}
	}
}
