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
	InVan                                                                      int `json:"in_van"`
	HandedIn                                                                   int `json:"handed_in"`
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
	if !strings.Contains(refused.Detail, "1 are in transit, 0 on their way back, 1 came too much") {
		t.Errorf("closed: %s", refused.Detail)
	}
	s.clerk.post(at+"/settle-difference", obj{"outcome": "lost", "reason": "gone", "lines": []obj{{"part_id": screw, "quantity": 1}}}, match(r.Version)).want(http.StatusForbidden)
	r.does(s.clerk, at, "/settle-difference", obj{"outcome": "found", "lines": []obj{{"part_id": screw, "quantity": 1}}})
	r.does(s.clerk, at, "/settle-difference", obj{"outcome": "handed_back", "lines": []obj{{"part_id": nail, "quantity": 1}}})
	r.does(s.tech, at, "/return-unused", obj{"lines": []obj{{"part_id": nail, "quantity": 1}}})
	r.does(s.clerk, at, "/return-unused", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": nail, "quantity": 1}}, "note": "as new"})
	if r.Status != "received" || r.Lines[1].Returned != 1 || r.Lines[0].InVan != 1 {
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
