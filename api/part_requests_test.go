package api_test

import (
	"net/http"
	"strings"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

type askedLine struct {
	Approved                                                                   *int
	Reserved, Backordered, Issued, Received, Missing, Returned, Used, Replaced int
	InVan                                                                      *int `json:"in_van"`
	HandedIn                                                                   int  `json:"handed_in"`
}

type asked struct {
	Status, Origin string
	Automatic      bool
	Value          *int64
	Version        int
	Lines          []askedLine
}

// does posts a verb to a request at the version that it has, and reads what it is then.
func (r *asked) does(c *client, at, verb string, body any) *reply {
	c.t.Helper()
	got := c.post(at+verb, body, match(r.Version)).want(http.StatusOK)
	*r = asked{}
	return got.into(r)
}

func TestPartRequestLivesItsWholeLifeOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	screw, nail := s.newPart("SC-1", false), s.newPart("NL-1", false)
	s.as(who.Warehouse).patch("/v1/parts/"+screw.String(), 1, obj{"list_price": 20000}).want(http.StatusOK)
	s.exec(`UPDATE jobs SET parts = jsonb_build_array(jsonb_build_object('part_id', $2::text, 'quantity', 4)) WHERE id = $1`, s.job, screw.String())
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 2}, {"part_id": nail, "quantity": 9}}}).want(http.StatusCreated)

	var r asked
	made := s.as(who.Dispatcher, s.outlet).post("/v1/jobs/"+s.job.String()+"/part-requests", nil).want(http.StatusCreated).into(&r)
	at := made.header.Get("Location")
	if r.Origin != "job" || r.Status != "requested" || *r.Value != 80000 {
		t.Errorf("asked %+v", r)
	}
	again := s.tech.post("/v1/jobs/"+s.job.String()+"/part-requests", nil, lang("zh-CN")).want(http.StatusConflict).problem()
	if again.Detail != "派工单 A-J1 所需备件均已在车上或已申领" {
		t.Errorf("asked again: %s", again.Detail)
	}
	s.as(who.Dispatcher, s.outlet).post(at+"/approve", nil, match(1)).want(http.StatusForbidden)
	r.does(s.chief, at, "/approve", obj{"lines": []obj{{"part_id": screw, "quantity": 3}}})
	if *r.Lines[0].Approved != 3 || r.Lines[0].Reserved != 2 || r.Lines[0].Backordered != 1 {
		t.Errorf("approved %+v", r)
	}
	var list struct{ Items []struct{ Number string } }
	if s.clerk.get("/v1/part-requests?backordered=true&warehouse_id=" + s.warehouse.String()).want(http.StatusOK).into(&list); len(list.Items) != 1 {
		t.Errorf("waiting %+v", list)
	}
	r.does(s.clerk, at, "/pick", nil)
	var walk struct {
		Items []struct {
			LocationID uuid.UUID `json:"location_id"`
			Quantity   int
		}
	}
	if s.clerk.get(at + "/pick-list").want(http.StatusOK).into(&walk); len(walk.Items) != 1 || walk.Items[0].LocationID != s.warehouse || walk.Items[0].Quantity != 2 {
		t.Errorf("pick list %+v", walk)
	}
	r.does(s.clerk, at, "/issue", obj{"lines": []obj{{"part_id": screw, "quantity": 2, "from_location_id": s.warehouse}}})
	r.does(s.chief, at, "/substitute", obj{"part_id": screw, "substitute_id": nail, "reason": "holds as well"})
	r.does(s.clerk, at, "/issue", obj{"lines": []obj{{"part_id": nail, "quantity": 1}}})
	r.does(s.tech, at, "/receive", obj{"lines": []obj{{"part_id": screw, "quantity": 1}, {"part_id": nail, "quantity": 2}}})
	if r.Status != "received" || r.Lines[0].Missing != 1 || r.Lines[0].Replaced != 1 || r.Lines[1].Received != 1 {
		t.Errorf("received %+v", r)
	}
	refused := s.clerk.post(at+"/close", obj{"reason": "done"}, match(r.Version)).want(http.StatusConflict).problem()
	if !strings.Contains(refused.Detail, "1 are in transit, 1 came too much") {
		t.Errorf("closed: %s", refused.Detail)
	}
	s.clerk.post(at+"/settle-difference", obj{"outcome": "lost", "reason": "gone", "lines": []obj{{"part_id": screw, "quantity": 1}}}, match(r.Version)).want(http.StatusForbidden)
	r.does(s.clerk, at, "/settle-difference", obj{"outcome": "found", "lines": []obj{{"part_id": screw, "quantity": 1}}})
	r.does(s.clerk, at, "/settle-difference", obj{"outcome": "handed_back", "lines": []obj{{"part_id": nail, "quantity": 1}}})
	r.does(s.tech, at, "/return-unused", obj{"lines": []obj{{"part_id": nail, "quantity": 1}}})
	r.does(s.clerk, at, "/return-unused", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": nail, "quantity": 1}}, "note": "as new"})
	if r.Status != "received" || r.Lines[1].Returned != 1 || *r.Lines[0].InVan != 1 {
		t.Errorf("came back %+v", r)
	}

	technician := "/v1/technicians/" + s.technician.String()
	var left struct {
		Holdings []struct{ Quantity int }
		Requests []struct{ Status string } `json:"part_requests"`
	}
	if s.tech.get(technician + "/open-stock").want(http.StatusOK).into(&left); len(left.Holdings) != 1 || len(left.Requests) != 1 {
		t.Errorf("open %+v", left)
	}
	s.exec(`UPDATE bookings SET active = false, released_at = now(), release_reason = 'x' WHERE technician_id = $1`, s.technician)
	goes := s.chief.post(technician+"/leave", nil, match(1)).want(http.StatusConflict).problem()
	if !strings.Contains(goes.Detail, "still has to account for: 1 × SC-1, P") {
		t.Errorf("left: %s", goes.Detail)
	}
	r.does(s.clerk, at, "/close", obj{"reason": "usual stock of the van"})
	if r.Lines[0].InVan != nil {
		t.Errorf("an ended request tells what is in the van: %+v", r)
	}
	var page struct {
		Items []struct {
			Kind, Text string
			Actor      *string
		}
		NextCursor *string `json:"next_cursor"`
	}
	s.tech.get(at+"/history?limit=3", lang("zh-CN")).want(http.StatusOK).into(&page)
	if len(page.Items) != 3 || page.NextCursor == nil || page.Items[1].Kind != "part_request.approved" || page.Items[1].Text != "已批准：3 × SC-1" || page.Items[1].Actor == nil {
		t.Errorf("history %+v", page)
	}
	s.tech.get(at + "/history?limit=200&cursor=" + *page.NextCursor).want(http.StatusOK).into(&page)
	if n := len(page.Items); n != 9 || page.NextCursor != nil || page.Items[n-1].Text != "1 stay in the van as its stock: usual stock of the van" {
		t.Errorf("history %+v", page)
	}
	sent := s.tech.post("/v1/transfers", obj{"from_location_id": s.van, "to_location_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 1}}}).want(http.StatusCreated)
	s.clerk.post(sent.header.Get("Location")+"/receive", obj{"lines": []obj{{"part_id": screw, "quantity": 1}}}, match(1)).want(http.StatusOK)
	s.chief.post(technician+"/leave", nil, match(1)).want(http.StatusOK)
	if r, err := s.house.Ledger.Verify(t.Context()); err != nil || len(r.Faults) > 0 {
		t.Errorf("the books: %v, %v", r.Faults, err)
	}
}

func TestPolicyApprovesAndAnotherWarehouseHandsOutOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	screw := s.newPart("SC-1", false)
	s.as(who.Warehouse).patch("/v1/parts/"+screw.String(), 1, obj{"list_price": 20000}).want(http.StatusOK)
	second := s.place("warehouse", "A-W2")
	s.chief.post("/v1/stock/receive", obj{"location_id": second, "lines": []obj{{"part_id": screw, "quantity": 1}}}).want(http.StatusCreated)
	var r asked
	at := s.tech.post("/v1/part-requests", obj{"warehouse_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 2}}}).want(http.StatusCreated).into(&r).header.Get("Location")
	if r.Status != "approved" || !r.Automatic || r.Lines[0].Backordered != 2 {
		t.Errorf("asked %+v", r)
	}
	s.clerk.post(at+"/pick", nil, match(r.Version)).want(http.StatusConflict)
	s.clerk.patch(at, r.Version, obj{"warehouse_id": second}).want(http.StatusOK).into(&r)
	if r.Lines[0].Reserved != 1 {
		t.Errorf("amended %+v", r)
	}
	s.chief.post("/v1/stock/receive", obj{"location_id": second, "lines": []obj{{"part_id": screw, "quantity": 1}}}).want(http.StatusCreated)
	r.does(s.tech, at, "/reserve", nil)
	if r.Lines[0].Reserved != 2 {
		t.Errorf("reserved %+v", r)
	}
	r.does(s.tech, at, "/cancel", obj{"reason": "not needed"})
	if r.Status != "canceled" || r.Lines[0].Reserved != 0 {
		t.Errorf("canceled %+v", r)
	}
}

func TestSurplusIsKeptOrAWrongScanOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	screw := s.newPart("SC-1", false)
	s.as(who.Warehouse).patch("/v1/parts/"+screw.String(), 1, obj{"list_price": 100}).want(http.StatusOK)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 9}}}).want(http.StatusCreated)
	type over struct {
		Quantity, Kept int
		HandedBack     int `json:"handed_back"`
		MisScanned     int `json:"mis_scanned"`
	}
	var r struct {
		asked

		Overs []over
	}
	at := s.tech.post("/v1/part-requests", obj{"lines": []obj{{"part_id": screw, "quantity": 2}}}).want(http.StatusCreated).into(&r).header.Get("Location")
	does := func(c *client, verb string, body any) {
		t.Helper()
		c.post(at+verb, body, match(r.Version)).want(http.StatusOK).into(&r)
	}
	does(s.clerk, "/issue", obj{"lines": []obj{{"part_id": screw, "quantity": 1}, {"part_id": screw, "quantity": 1, "from_location_id": s.warehouse}}})
	does(s.tech, "/receive", obj{"lines": []obj{{"part_id": screw, "quantity": 5}}})
	if len(r.Overs) != 1 || r.Overs[0] != (over{Quantity: 3}) || r.Status != "received" || r.Lines[0].InVan != nil {
		t.Errorf("received %+v", r)
	}
	one := []obj{{"part_id": screw, "quantity": 1}}
	refused := s.clerk.post(at+"/settle-difference", obj{"outcome": "kept", "reason": "why not", "lines": one}, match(r.Version), lang("zh-CN")).want(http.StatusForbidden).problem()
	if refused.Detail != "多收的备件留用或认定为误扫，只能由主管决定" {
		t.Errorf("refused: %s", refused.Detail)
	}
	if got := s.chief.post(at+"/settle-difference", obj{"outcome": "mis_scan", "lines": one}, match(r.Version)).want(http.StatusUnprocessableEntity).pointers(); len(got) != 1 || got[0] != "/reason" {
		t.Errorf("without a reason: %v", got)
	}
	does(s.chief, "/settle-difference", obj{"outcome": "kept", "reason": "for tomorrow", "lines": one})
	does(s.chief, "/settle-difference", obj{"outcome": "mis_scan", "reason": "scanned twice", "lines": one})
	does(s.clerk, "/settle-difference", obj{"outcome": "handed_back", "lines": one})
	if r.Overs[0] != (over{3, 1, 1, 1}) || r.Status != "closed" {
		t.Errorf("settled %+v", r)
	}
	if v, err := s.house.Ledger.Verify(t.Context()); err != nil || len(v.Faults) > 0 {
		t.Errorf("the books: %v, %v", v.Faults, err)
	}
}

func TestJobThatIsOverEndsItsRequestsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	screw := s.newPart("SC-1", false)
	s.as(who.Warehouse).patch("/v1/parts/"+screw.String(), 1, obj{"list_price": 100}).want(http.StatusOK)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 9}}}).want(http.StatusCreated)
	var r asked
	lines := []obj{{"part_id": screw, "quantity": 2}}
	at := s.tech.post("/v1/part-requests", obj{"job_id": s.job, "lines": lines}).want(http.StatusCreated).into(&r).header.Get("Location")
	s.exec(`UPDATE jobs SET status = 'scheduled' WHERE id = $1`, s.job)
	var j struct{ Version int }
	dispatcher := s.as(who.Dispatcher, s.outlet)
	job := "/v1/jobs/" + s.job.String()
	dispatcher.get(job).want(http.StatusOK).into(&j)
	dispatcher.post(job+"/cancel", obj{"reason": "sold the machine"}, match(j.Version)).want(http.StatusOK)
	s.tech.get(at).want(http.StatusOK).into(&r)
	if r.Status != "canceled" || r.Lines[0].Reserved != 0 {
		t.Errorf("the job's request %+v", r)
	}
}

func TestAnotherOutletSuppliesAVanOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b, third := w.newStores("A"), w.newStores("B"), w.newStores("C")
	screw := a.newPart("SC-1", false)
	b.chief.post("/v1/stock/receive", obj{"location_id": b.warehouse, "lines": []obj{{"part_id": screw, "quantity": 5}}}).want(http.StatusCreated)
	house := w.as(who.Supervisor)
	var r struct {
		asked

		Number    string
		Suppliers []uuid.UUID `json:"supplying_outlet_ids"`
	}
	at := a.tech.post("/v1/part-requests", obj{"lines": []obj{{"part_id": screw, "quantity": 2}}}).want(http.StatusCreated).into(&r).header.Get("Location")
	b.clerk.get(at).want(http.StatusNotFound)
	a.chief.post(at+"/approve", obj{"warehouse_id": b.warehouse}, match(r.Version)).want(http.StatusUnprocessableEntity)
	house.post(at+"/approve", obj{"warehouse_id": b.warehouse}, match(r.Version)).want(http.StatusOK).into(&r)
	if len(r.Suppliers) != 1 || r.Suppliers[0] != b.outlet || r.Lines[0].Reserved != 2 {
		t.Errorf("approved %+v", r)
	}
	for name, tt := range map[string]struct {
		by   *client
		want int
	}{"the van's outlet": {a.clerk, 1}, "the warehouse's": {b.clerk, 1}, "a third": {third.clerk, 0}} {
		var list struct{ Items []struct{ Number string } }
		if tt.by.get("/v1/part-requests").want(http.StatusOK).into(&list); len(list.Items) != tt.want {
			t.Errorf("%s sees %+v", name, list)
		}
	}
	third.clerk.get(at).want(http.StatusNotFound)
	b.tech.get(at).want(http.StatusNotFound)
	b.clerk.get(at + "/history").want(http.StatusOK)
	refused := a.clerk.post(at+"/pick", nil, match(r.Version), lang("zh-CN")).want(http.StatusForbidden).problem()
	if refused.Detail != "The B-W负责申领单 "+r.Number+" 的发料，不属于您的网点" {
		t.Errorf("refused: %s", refused.Detail)
	}
	b.clerk.post(at+"/cancel", nil, match(r.Version)).want(http.StatusForbidden)
	if got := b.clerk.post("/v1/scans/resolve", obj{"scan": r.Number}).want(http.StatusOK); !strings.Contains(string(got.body), r.Number) {
		t.Errorf("the request's number is %s", got.body)
	}
	b.clerk.post(at+"/pick", nil, match(r.Version)).want(http.StatusOK).into(&r)
	b.clerk.post(at+"/issue", obj{"lines": []obj{{"part_id": screw, "quantity": 2}}}, match(r.Version)).want(http.StatusOK).into(&r)
	a.tech.post(at+"/receive", obj{"lines": []obj{{"part_id": screw, "quantity": 2}}}, match(r.Version)).want(http.StatusOK).into(&r)
	if r.Status != "closed" || r.Lines[0].Received != 2 {
		t.Errorf("received %+v", r)
	}
}
