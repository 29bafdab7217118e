package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// oldPart is a part return over HTTP, as far as these tests look at it.
type oldPart struct {
	ID             uuid.UUID `json:"id"`
	Status         string
	Version        int
	DueAt          *time.Time `json:"due_at"`
	ExpectedSerial *string    `json:"expected_serial"`
	Discrepancy    *string
	ReceivedScan   *string `json:"received_scan"`
	Waybill        *string
	Signed         bool
	Dispositions   []struct {
		Kind, Verdict string
		WitnessID     *uuid.UUID `json:"witness_id"`
	}
}

// owe has the technician use a new unit of a board, whose old one has to come back.
func (s *stores) owe(board uuid.UUID, oldSerial string) string {
	s.t.Helper()
	fresh := []obj{{"part_id": board, "serials": []string{"N-" + oldSerial}}}
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": fresh}).want(http.StatusCreated)
	s.carry(s.warehouse, s.van, fresh)
	var used struct {
		PartReturnID uuid.UUID `json:"part_return_id"`
	}
	s.tech.post("/v1/jobs/"+s.job.String()+"/part-uses", obj{"part_id": board, "new_serial": "N-" + oldSerial, "old_serial": oldSerial, "old_part_wish": "return"}).
		want(http.StatusCreated).into(&used)
	return "/v1/part-returns/" + used.PartReturnID.String()
}

func (s *stores) collect(at, serial string) (r oldPart) {
	s.t.Helper()
	photo := uuid.Must(uuid.NewV7())
	s.tech.post("/v1/jobs/"+s.job.String()+"/photos", obj{
		"id": photo, "kind": "part", "sha256": strings.Repeat("0a", 32), "size": 10, "taken_at": time.Now().UTC().Format(time.RFC3339),
	}).want(http.StatusCreated)
	s.tech.post(at+"/collect", obj{"photo_ids": []uuid.UUID{photo}, "scan": serial}, match(1)).want(http.StatusOK).into(&r)
	return r
}

func TestOldPartsOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	one, two := s.owe(board, "O1"), s.owe(board, "O2")
	a, b := s.collect(one, "O1"), s.collect(two, "O2")

	var mine struct{ Items []oldPart }
	s.tech.get("/v1/part-returns?open=true").want(http.StatusOK).into(&mine)
	if len(mine.Items) != 2 || mine.Items[0].DueAt == nil || mine.Items[0].Status != "collected" {
		t.Errorf("the technician owes %+v", mine)
	}
	var parcel struct {
		ID   uuid.UUID
		Open int
	}
	send := obj{"carrier": "SF", "waybill": "W1", "part_return_ids": []uuid.UUID{a.ID, b.ID}}
	where := s.tech.post("/v1/part-return-shipments", send, key("parcel-of-two")).want(http.StatusCreated)
	s.tech.post("/v1/part-return-shipments", send, key("parcel-of-two")).want(http.StatusCreated) // replayed
	refused := s.tech.post("/v1/part-return-shipments", send, lang("zh-CN")).want(http.StatusConflict).problem()
	if len(refused.Errors) != 2 || refused.Errors[0].Pointer != "/part_return_ids/0" || !strings.Contains(refused.Errors[0].Detail, "在途中") {
		t.Errorf("refused with %+v", refused)
	}
	s.clerk.get(where.header.Get("Location")).want(http.StatusOK).into(&parcel)
	var parcels struct{ Items []any }
	s.clerk.get("/v1/part-return-shipments?waybill=W1&open=true").want(http.StatusOK).into(&parcels)
	if parcel.Open != 2 || len(parcels.Items) != 1 {
		t.Errorf("the parcel %+v among %+v", parcel, parcels)
	}
	s.clerk.post(one+"/hand-in", obj{"warehouse_id": s.warehouse, "scan": "O1"}, match(3)).want(http.StatusConflict)
	var r oldPart
	s.clerk.post(one+"/receive", obj{"warehouse_id": s.warehouse, "scan": "O1"}, match(3)).want(http.StatusOK).into(&r)
	if r.Status != "matched" || *r.ReceivedScan != "O1" || *r.Waybill != "W1" {
		t.Errorf("received %+v", r)
	}
	s.clerk.post(two+"/receive", obj{"warehouse_id": s.warehouse, "serial": "O9"}, match(3)).want(http.StatusOK).into(&r)
	if r.Status != "discrepant" || *r.Discrepancy != "never_issued" {
		t.Errorf("received %+v", r)
	}

	s.clerk.post(two+"/resolve", obj{"resolution": "accepted", "note": "x"}, match(4)).want(http.StatusForbidden)
	s.chief.post(two+"/resolve", obj{"resolution": "charged", "note": "the wrong one"}, match(4)).want(http.StatusOK)
	s.clerk.post(one+"/appraise", obj{"verdict": "product_fault", "note": "a cold joint"}, match(4)).want(http.StatusOK)
	s.clerk.post(one+"/dispose", obj{"kind": "scrap", "note": "burnt", "witness_id": s.chief.user}, match(5)).want(http.StatusForbidden)
	mate := s.as(who.Warehouse, s.outlet)
	for _, witness := range []uuid.UUID{mate.user, s.tech.user} {
		if p := mate.post(one+"/dispose", obj{"kind": "scrap", "note": "burnt", "witness_id": witness}, match(5)).want(http.StatusUnprocessableEntity).pointers(); len(p) != 1 || p[0] != "/witness_id" {
			t.Errorf("refused at %v", p)
		}
	}
	mate.post(one+"/dispose", obj{"kind": "scrap", "note": "burnt", "witness_id": s.chief.user}, match(5)).want(http.StatusOK).into(&r)
	if r.Status != "dispositioned" || len(r.Dispositions) != 2 || *r.Dispositions[1].WitnessID != s.chief.user || r.Dispositions[0].Verdict != "product_fault" {
		t.Errorf("disposed %+v", r)
	}
	vendor := s.place("vendor_repair", "A-VR")
	s.clerk.post(two+"/dispose", obj{"kind": "vendor", "rma": "1", "location_id": vendor}, match(5)).want(http.StatusOK)
	// Neither who received it nor who sent it books it back.
	s.clerk.post(two+"/vendor-result", obj{"result": "replaced", "serial": "NEW-9", "location_id": s.warehouse}, match(6)).want(http.StatusForbidden)
	mate.post(two+"/vendor-result", obj{"result": "replaced", "serial": "NEW-9", "location_id": s.warehouse}, match(6)).want(http.StatusOK).into(&r)
	if r.Status != "dispositioned" || s.holds(s.warehouse, board) != 1 {
		t.Errorf("answered %+v", r)
	}
	found := s.clerk.post("/v1/part-returns", obj{"warehouse_id": s.warehouse, "part_id": board, "serial": "O1", "technician_id": s.technician}).want(http.StatusCreated)
	s.clerk.get(found.header.Get("Location")).want(http.StatusOK).into(&r)
	if *r.Discrepancy != "already_returned" || r.DueAt != nil {
		t.Errorf("found %+v", r)
	}
	if r, err := s.house.Ledger.Verify(t.Context()); err != nil || len(r.Faults) > 0 {
		t.Errorf("the books: %v, %v", r.Faults, err)
	}
}

func TestWhatTheCustomerDidNotSignForIsDueAgainOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	at := s.owe(board, "O1")
	var r oldPart
	s.tech.post(at+"/waive", obj{"signature": obj{"signer": "Nobody", "png": signaturePNG(t)}}, match(1)).want(http.StatusOK).into(&r)
	job := "/v1/jobs/" + s.job.String()
	var j struct{ Version int }
	s.tech.get(job).want(http.StatusOK).into(&j)
	s.tech.post(job+"/cannot-complete", obj{"reason": "No compressor in town"}, match(j.Version)).want(http.StatusOK)
	s.chief.get(at).want(http.StatusOK).into(&r)
	if r.Status != "expected" || r.Version != 3 || r.Signed {
		t.Errorf("due again %+v", r)
	}
	var story struct{ Items []struct{ Kind, Text string } }
	s.chief.get(at+"/history", lang("zh-CN")).want(http.StatusOK).into(&story)
	if last := story.Items[len(story.Items)-1]; last.Kind != "part_return.due_again" || !strings.Contains(last.Text, "客户未签字") {
		t.Errorf("told as %+v", last)
	}
	s.tech.post(at+"/waive", obj{"signature": obj{"signer": "Nobody", "png": signaturePNG(t)}}, match(3)).want(http.StatusForbidden)
	s.chief.post(at+"/waive", obj{"signature": obj{"signer": "Wang", "png": signaturePNG(t)}}, match(3)).want(http.StatusOK)
	s.tech.post(at+"/due-again", obj{"reason": "x"}, match(4)).want(http.StatusForbidden)
	s.chief.post(at+"/due-again", obj{"reason": "He has not"}, match(4)).want(http.StatusOK)
	s.chief.post(at+"/waive", obj{"signature": obj{"signer": "Wang", "png": signaturePNG(t)}}, match(5)).want(http.StatusOK)
	s.clerk.post(at+"/receive", obj{"warehouse_id": s.warehouse, "serial": "O1"}, match(6)).want(http.StatusOK).into(&r)
	if r.Status != "matched" {
		t.Errorf("received %+v", r)
	}
}

func TestAnOldPartOfAClosedJobIsPhotographedUntilItIsCollected(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	one, two := s.owe(board, "O1"), s.owe(board, "O2")
	photo := func(kind string) obj {
		return obj{"kind": kind, "sha256": strings.Repeat("0a", 32), "size": 10, "taken_at": time.Now().UTC().Format(time.RFC3339)}
	}
	s.exec(`UPDATE jobs SET status = 'closed', closed_at = now() WHERE id = $1`, s.job)
	at := "/v1/jobs/" + s.job.String() + "/photos"
	s.tech.post(at, photo("after")).want(http.StatusConflict)
	s.collect(one, "O1")
	s.exec(`UPDATE bookings SET active = false, released_at = now() WHERE job_id = $1`, s.job) // it is another's now
	s.tech.post(at, photo("after")).want(http.StatusNotFound)
	s.collect(two, "O2")
	s.tech.post(at, photo("part")).want(http.StatusNotFound)
	s.chief.post(at, photo("part")).want(http.StatusConflict)
}

func TestOldPartKeptByTheCustomerOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	at, png := s.owe(board, "O1"), signaturePNG(t)
	s.clerk.get(at + "/waiver").want(http.StatusNotFound)
	s.tech.post(at+"/waive", obj{"sign_off_id": uuid.New()}, match(1)).want(http.StatusUnprocessableEntity)
	blank := s.tech.post(at+"/waive", obj{"signature": obj{"signer": "Wang", "png": "aGVsbG8gd29ybGQ="}}, match(1)).want(http.StatusUnprocessableEntity)
	if e := blank.problem().Errors; len(e) != 1 || e[0].Pointer != "/signature/png" {
		t.Errorf("refused with %+v", e)
	}
	s.clerk.post(at+"/waive", obj{"signature": obj{"signer": "Wang", "png": png}}, match(1)).want(http.StatusForbidden)
	var r oldPart
	s.tech.post(at+"/waive", obj{"signature": obj{"signer": "Wang", "png": png}}, match(1)).want(http.StatusOK).into(&r)
	var w struct{ Signer, PNG string }
	s.clerk.get(at + "/waiver").want(http.StatusOK).into(&w)
	if r.Status != "waived" || !r.Signed || w.Signer != "Wang" || w.PNG != png {
		t.Errorf("waived %+v, signed by %+v", r, w)
	}
	var list struct{ Items []any }
	if s.chief.get("/v1/part-returns?unsigned=true").want(http.StatusOK).into(&list); len(list.Items) != 0 {
		t.Errorf("unsigned %+v", list)
	}
	other := s.as(who.Warehouse, s.newOutlet("B"))
	other.get(at + "/waiver").want(http.StatusNotFound)
	if s.chief.get(fmt.Sprintf("/v1/part-returns?overdue=true&technician_id=%s", s.technician)).want(http.StatusOK).into(&list); len(list.Items) != 0 {
		t.Errorf("overdue %+v", list)
	}
}
