package api_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

// pixel is a whole picture of one pixel.
var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

func TestDeliveryOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("DEL")
	part := s.newPart("DEL-P", true)
	s.clerk.post("/v1/suppliers", obj{"code": "ACME", "name": "Acme"}).want(http.StatusForbidden)
	buyer := w.as(who.Warehouse)
	from := buyer.post("/v1/suppliers", obj{"code": "ACME", "name": "Acme"}).want(http.StatusCreated).id()
	for _, twin := range []string{"ACME", "acme"} {
		buyer.post("/v1/suppliers", obj{"code": twin, "name": "Twin"}).want(http.StatusConflict)
	}
	for _, blank := range []string{"   ", "\u3000\u00a0"} {
		a := buyer.post("/v1/suppliers", obj{"code": "BLANK", "name": blank}, lang("zh-CN")).want(http.StatusUnprocessableEntity)
		if e := a.problem().Errors; len(e) != 1 || e[0].Pointer != "/name" || e[0].Detail != "不能为空白" {
			t.Errorf("%s", a.body)
		}
	}
	s.clerk.patch("/v1/suppliers/"+from.String(), 1, obj{"active": false}).want(http.StatusForbidden)
	buyer.patch("/v1/suppliers/"+from.String(), 1, obj{"name_zh": "艾科姆"}).want(http.StatusOK)
	for q, n := range map[string]int{"cM": 1, "%E8%89%BE": 1, "%25": 0, "nobody": 0} {
		var found struct{ Items []struct{ Code string } }
		s.clerk.get("/v1/suppliers?q=" + q).want(http.StatusOK).into(&found)
		if len(found.Items) != n {
			t.Errorf("%q finds %+v", q, found)
		}
	}
	note := obj{"supplier_id": from, "note_number": "DN-1", "warehouse_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": 2, "unit_cost": 700}}}
	at := s.clerk.post("/v1/deliveries", note).want(http.StatusCreated).header.Get("Location")
	a := s.clerk.post("/v1/deliveries", note, lang("zh-CN")).want(http.StatusConflict)
	if e := a.problem().Errors; len(e) != 1 || e[0].Pointer != "/note_number" || !strings.Contains(e[0].Detail, "已登记") {
		t.Errorf("%s", a.body)
	}

	s.tech.patch(at, 1, obj{"note": "mine"}).want(http.StatusForbidden)
	s.clerk.patch(at, 2, obj{"note": "late"}).want(http.StatusPreconditionFailed)
	s.clerk.patch(at, 1, obj{"lines": []obj{{"part_id": part, "quantity": 3, "unit_cost": nil}}}).want(http.StatusOK)
	s.clerk.patch(at, 2, obj{"note": "two boxes", "lines": []obj{{"part_id": part, "quantity": 2, "unit_cost": 700}}}).want(http.StatusOK)

	photo := at + "/photos/" + uuid.NewString()
	png := header("Content-Type", "image/png")
	for range 2 {
		s.clerk.put(photo, pixel, png).want(http.StatusOK)
	}
	s.clerk.put(photo, pixel[:len(pixel)-5], png).want(http.StatusUnprocessableEntity)
	s.clerk.put(photo, otherPixel(), png).want(http.StatusConflict)
	if got := s.chief.get(photo).want(http.StatusOK); !bytes.Equal(got.body, pixel) {
		t.Errorf("the picture came back as %d bytes", len(got.body))
	}
	named := photo[strings.LastIndex(photo, "/")+1:]

	good := obj{"lines": []obj{{"part_id": part, "scans": []string{"U-1"}, "model_ok": true, "marking_ok": true, "packaging_ok": true}}}
	for range 5 {
		s.clerk.post(at+"/count", good).want(http.StatusOK)
	}
	s.clerk.post(at+"/count", obj{"lines": []obj{{"part_id": part, "serials": []string{"U-2"}}}}).want(http.StatusUnprocessableEntity)
	bad := obj{"part_id": part, "serials": []string{"U-2"}, "model_ok": true, "marking_ok": false, "packaging_ok": true, "note": "No label", "photo_ids": []string{uuid.NewString()}}
	s.clerk.post(at+"/count", obj{"lines": []obj{bad}}).want(http.StatusUnprocessableEntity)
	bad["photo_ids"] = []string{named}
	s.clerk.post(at+"/count", obj{"lines": []obj{bad}}).want(http.StatusOK)
	var d struct {
		Status  string
		Version int
		Entries []struct{ Serials []string }
		Lines   []struct{ Counted, Failed, Accepted, Held int }
	}
	s.clerk.get(at).want(http.StatusOK).into(&d)
	if len(d.Entries) != 2 || d.Lines[0].Counted != 2 || d.Lines[0].Failed != 1 || d.Version != 9 {
		t.Errorf("counted %+v", d)
	}
	s.tech.get(at).want(http.StatusForbidden)
	w.as(who.Warehouse, w.newOutlet("DEL2")).get(at).want(http.StatusNotFound)
	s.clerk.post(at+"/receive", obj{}, match(1)).want(http.StatusPreconditionFailed)
	s.clerk.post(at+"/receive", obj{}, match(d.Version)).want(http.StatusOK).into(&d)
	if d.Status != "closed" || d.Lines[0].Accepted != 1 || d.Lines[0].Held != 1 || s.holds(s.warehouse, part) != 1 {
		t.Errorf("received %+v", d)
	}
	s.clerk.post(at+"/cancel", obj{"reason": "too late"}, match(d.Version)).want(http.StatusConflict)

	var held struct {
		Items []struct {
			LocationID uuid.UUID `json:"location_id"`
			Serials    []string
			Because    []string
		}
	}
	s.chief.get("/v1/quarantine").want(http.StatusOK).into(&held)
	if len(held.Items) != 1 || held.Items[0].Because[0] != "marking" || held.Items[0].Serials[0] != "U-2" {
		t.Fatalf("held %+v", held)
	}
	back := obj{"location_id": held.Items[0].LocationID, "outcome": "supplier", "rma": "RMA-1", "lines": []obj{{"part_id": part, "scans": []string{"U-2"}}}}
	s.clerk.post("/v1/quarantine/release", back).want(http.StatusConflict)
	s.chief.post("/v1/quarantine/release", back).want(http.StatusCreated)
	s.chief.get("/v1/quarantine").want(http.StatusOK).into(&held)
	if len(held.Items) != 0 {
		t.Errorf("still held: %+v", held)
	}
	for query, n := range map[string]int{"outcome=supplier&person_id=" + s.chief.user.String(): 1, "outlet_id=" + s.outlet.String(): 1, "outcome=scrap": 0, "from=2030-01-01T00:00:00Z": 0} {
		var all struct {
			Items []struct {
				Lines []struct {
					PartNumber string `json:"part_number"`
					Serials    []string
					Value      int
				}
			}
		}
		s.clerk.get("/v1/quarantine/releases?" + query).want(http.StatusOK).into(&all)
		if len(all.Items) != n || n > 0 && (all.Items[0].Lines[0].PartNumber != "DEL-P" || all.Items[0].Lines[0].Serials[0] != "U-2" || all.Items[0].Lines[0].Value != 700) {
			t.Errorf("%s: %+v", query, all)
		}
	}
	s.clerk.get(at).want(http.StatusOK).into(&d)
	if d.Status != "received" {
		t.Errorf("one went back, and it is %s", d.Status)
	}
}

// otherPixel is another whole picture of one pixel.
func otherPixel() []byte {
	b, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")
	return b
}

func TestTransferOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	here, there := w.newStores("TRA"), w.newStores("TRB")
	part := here.newPart("TRA-P", false)
	here.chief.post("/v1/stock/receive", obj{"location_id": here.warehouse, "lines": []obj{{"part_id": part, "quantity": 5}}}).want(http.StatusCreated)
	var to struct{ Items []struct{ ID uuid.UUID } }
	here.clerk.get("/v1/transfers/destinations").want(http.StatusOK).into(&to)
	if len(to.Items) != 2 {
		t.Fatalf("destinations %+v", to)
	}
	at := here.clerk.post("/v1/transfers", obj{"from_location_id": here.warehouse, "to_location_id": there.warehouse, "lines": []obj{{"part_id": part, "quantity": 4}}}).
		want(http.StatusCreated).header.Get("Location")
	here.clerk.post(at+"/receive", obj{"lines": []obj{{"part_id": part, "quantity": 4}}}, match(1)).want(http.StatusForbidden)
	got := there.clerk.post(at+"/receive", obj{"lines": []obj{{"part_id": part, "quantity": 3}}}, match(1)).want(http.StatusOK)
	if got.life() != "short" || there.holds(there.warehouse, part) != 3 {
		t.Errorf("received %s", got.body)
	}
	here.clerk.post(at+"/settle", obj{"write_off": true, "reason": "lost"}, match(2)).want(http.StatusForbidden)
	if got = here.chief.post(at+"/settle", obj{"write_off": true, "reason": "lost"}, match(2)).want(http.StatusOK); got.life() != "settled" {
		t.Errorf("settled %s", got.body)
	}
}

func TestReplenishmentOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("REP")
	part := s.newPart("REP-P", false)
	levels := fmt.Sprintf("/v1/locations/%s/levels", s.van)
	s.tech.put(levels, obj{"levels": []obj{{"part_id": part, "min": 2, "max": 6}}}, match(1)).want(http.StatusForbidden)
	s.clerk.put(levels, obj{"levels": []obj{{"part_id": part, "min": 7, "max": 6}}}, match(1)).want(http.StatusUnprocessableEntity)
	s.clerk.put(levels, obj{"levels": []obj{{"part_id": part, "min": 2, "max": 6}}}, match(2)).want(http.StatusPreconditionFailed)
	s.clerk.put(levels, obj{"levels": []obj{{"part_id": part, "min": 2, "max": 6}}}, match(1)).want(http.StatusOK)
	var body struct {
		Items []struct {
			VanID    uuid.UUID `json:"van_id"`
			Quantity int
			Text     string
			Number   string
		}
	}
	s.tech.get("/v1/replenishment", lang("zh")).want(http.StatusOK).into(&body)
	if len(body.Items) != 1 || body.Items[0].Quantity != 6 || !strings.Contains(body.Items[0].Text, "补至 6 件") {
		t.Fatalf("proposed %+v", body)
	}
	a := s.clerk.post("/v1/replenishment/requests", obj{"chosen": []obj{{"van_id": s.van, "part_id": part, "quantity": 99999}}}).want(http.StatusUnprocessableEntity)
	if e := a.problem().Errors; len(e) != 1 || e[0].Pointer != "/chosen/0/quantity" || !strings.Contains(e[0].Detail, "6") {
		t.Errorf("%s", a.body)
	}
	chosen := obj{"chosen": []obj{{"van_id": s.van, "part_id": part}}}
	s.clerk.post("/v1/replenishment/requests", chosen).want(http.StatusOK).into(&body)
	if len(body.Items) != 1 || body.Items[0].Number == "" {
		t.Errorf("opened %+v", body)
	}
	s.clerk.post("/v1/replenishment/requests", chosen).want(http.StatusOK).into(&body)
	if len(body.Items) != 0 {
		t.Errorf("opened twice: %+v", body)
	}
	var asked struct{ Items []struct{ ID uuid.UUID } }
	s.tech.get("/v1/part-requests").want(http.StatusOK).into(&asked)
	if len(asked.Items) != 1 {
		t.Errorf("the technician sees %d requests", len(asked.Items))
	}
	s.clerk.delete(levels, match(2)).want(http.StatusUnprocessableEntity)
	s.clerk.delete(levels+"?all=true", match(1)).want(http.StatusPreconditionFailed)
	s.clerk.delete(levels+"?all=true", match(2)).want(http.StatusNoContent)
	s.tech.get("/v1/replenishment").want(http.StatusOK).into(&body)
	if len(body.Items) != 0 {
		t.Errorf("proposed without levels: %+v", body)
	}
}
