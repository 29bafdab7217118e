package api_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// countOf is what the tests read of a count.
type countOf struct {
	ID      uuid.UUID
	Number  string
	Status  string
	Version int
	Lines   []struct {
		PartID  uuid.UUID `json:"part_id"`
		Counted *int
		Serials []string
	}
}

// sheetOf is what the tests read of a variance sheet.
type sheetOf struct {
	Count countOf
	Lines []struct {
		PartID   uuid.UUID `json:"part_id"`
		Counted  *int
		Expected *int
		Variance int
		Value    int64
		Approved bool
		Units    []struct{ Serial, Difference string }
	}
}

func TestStockIsTakenOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	outlet := w.outlet()
	clerk, boss := w.as(who.Warehouse, outlet), w.as(who.Supervisor, outlet)
	type m = map[string]any
	part := func(number string, serialized bool) uuid.UUID {
		var p struct{ ID uuid.UUID }
		w.as(who.Warehouse).post("/v1/parts", m{"number": number, "name": number, "serialized": serialized, "return_required": false}).want(http.StatusCreated).into(&p)
		return p.ID
	}
	belt, board := part("BELT-1", false), part("BOARD-1", true)
	var store struct{ ID uuid.UUID }
	clerk.post("/v1/locations", m{"code": "STORE-1", "name": "Store 1", "kind": "warehouse"}).want(http.StatusCreated).into(&store)
	boss.post("/v1/stock/receive", m{"location_id": store.ID, "lines": []m{
		{"part_id": belt, "quantity": 61, "unit_cost": 1234}, {"part_id": board, "serials": []string{"SN-1", "SN-2"}},
	}}).want(http.StatusCreated)

	var k countOf
	clerk.post("/v1/counts", m{"location_id": store.ID, "scope": "full"}).want(http.StatusCreated).into(&k)
	at := "/v1/counts/" + k.ID.String()
	clerk.post("/v1/counts", m{"location_id": store.ID, "scope": "cycle"}).want(http.StatusConflict)
	// Whatever the one who counts is answered holds neither what is expected nor what it is worth.
	blind := []*reply{
		clerk.post(at+"/lines", m{"lines": []m{{"part_id": belt, "quantity": 20}}}).want(http.StatusOK),
		clerk.post(at+"/scans", m{"scans": []string{"BELT-1", "SN-1", "SN-1"}}).want(http.StatusOK),
		clerk.get(at).want(http.StatusOK),
		clerk.get("/v1/counts").want(http.StatusOK),
		clerk.get(at + "/sheet").want(http.StatusForbidden),
		clerk.get(at + "/sheet.xlsx").want(http.StatusForbidden),
		clerk.get("/v1/last-counts").want(http.StatusOK),
	}
	for _, a := range blind {
		for _, figure := range []string{"61", "1234", "expected\"", "SN-2", "variance"} {
			if strings.Contains(withoutIDs(string(a.body)), figure) {
				t.Errorf("who counts reads %q in %s", figure, a.body)
			}
		}
	}
	blind[2].into(&k)
	if k.Status != "counting" || len(k.Lines) != 2 {
		t.Fatalf("counting: %s", blind[2].body)
	}
	clerk.post(at+"/finish", m{}, match(k.Version)).want(http.StatusOK).into(&k)

	var sheet sheetOf
	boss.get(at + "/sheet").want(http.StatusOK).into(&sheet)
	if len(sheet.Lines) != 2 || *sheet.Lines[0].Expected != 61 || *sheet.Lines[0].Counted != 21 || sheet.Lines[0].Variance != -40 || sheet.Lines[0].Value != -40*1234 {
		t.Errorf("the sheet: %+v", sheet.Lines)
	}
	if u := sheet.Lines[1].Units; len(u) != 1 || u[0].Serial != "SN-2" || u[0].Difference != "missing" {
		t.Errorf("the units: %+v", u)
	}
	a := boss.post(at+"/approve", nil, match(k.Version), lang("zh-CN")).want(http.StatusConflict)
	if p := a.problem(); len(p.Errors) != 2 || !strings.Contains(p.Errors[0].Detail, "尚未填写原因") {
		t.Errorf("without reasons: %s", a.body)
	}
	boss.post(at+"/reasons", m{"lines": []m{
		{"location_id": store.ID, "part_id": belt, "reason": "lost"}, {"location_id": store.ID, "part_id": board, "reason": "other", "note": "lent out"},
	}}, match(k.Version)).want(http.StatusOK).into(&sheet)
	clerk.post(at+"/approve", nil, match(sheet.Count.Version)).want(http.StatusForbidden)
	boss.post(at+"/approve", nil, match(sheet.Count.Version)).want(http.StatusOK).into(&sheet)
	if sheet.Count.Status != "approved" || !sheet.Lines[0].Approved {
		t.Errorf("approved: %+v", sheet)
	}
	file := clerk.get(at+"/sheet.xlsx", lang("zh-CN")).want(http.StatusOK)
	x, err := excelize.OpenReader(bytes.NewReader(file.body))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := x.GetCellValue("盘点差异", "G5"); err != nil || v != "-40" {
		t.Errorf("the spreadsheet says %q (%v)", v, err)
	}
	var stock struct {
		Items []struct {
			PartID   uuid.UUID `json:"part_id"`
			Quantity int
		}
	}
	clerk.get("/v1/stock?location_id=" + store.ID.String()).want(http.StatusOK).into(&stock)
	if len(stock.Items) != 2 || stock.Items[0].Quantity+stock.Items[1].Quantity != 22 {
		t.Errorf("the books hold %+v", stock.Items)
	}
}

func TestWhatNobodyCountedStandsOnTheSheetOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	outlet := w.outlet()
	clerk, boss, chief := w.as(who.Warehouse, outlet), w.as(who.Supervisor, outlet), w.as(who.Supervisor)
	type m = map[string]any
	var belt, store struct{ ID uuid.UUID }
	w.as(who.Warehouse).post("/v1/parts", m{"number": "BELT-9", "name": "Belt", "serialized": false, "return_required": false}).want(http.StatusCreated).into(&belt)
	clerk.post("/v1/locations", m{"code": "STORE-9", "name": "Store 9", "kind": "warehouse"}).want(http.StatusCreated).into(&store)
	boss.post("/v1/stock/receive", m{"location_id": store.ID, "lines": []m{{"part_id": belt.ID, "quantity": 6, "unit_cost": 250}}}).want(http.StatusCreated)
	var k countOf
	clerk.post("/v1/counts", m{"location_id": store.ID, "scope": "full"}).want(http.StatusCreated).into(&k)
	at := "/v1/counts/" + k.ID.String()
	keep := m{"uncounted_as": "keep", "reason": "the lift is broken"}
	clerk.post(at+"/finish", keep, match(k.Version), lang("zh-CN")).want(http.StatusForbidden)
	if p := boss.post(at+"/finish", m{"uncounted_as": "keep"}, match(k.Version)).want(http.StatusUnprocessableEntity).problem(); len(p.Errors) != 1 || p.Errors[0].Pointer != "/reason" {
		t.Errorf("without a reason: %+v", p)
	}
	boss.post(at+"/finish", keep, match(k.Version)).want(http.StatusOK).into(&k)
	a := boss.get(at + "/sheet").want(http.StatusOK)
	var count struct {
		Lines []struct {
			Counted *int
			Kept    bool
		}
	}
	clerk.get(at).want(http.StatusOK).into(&count)
	var sheet struct {
		Lines []struct {
			Counted *int
			Kept    bool
			Reason  string `json:"kept_reason"`
			Value   int    `json:"kept_value"`
		}
		Totals []struct {
			Lines int `json:"kept_lines"`
			Value int `json:"kept_value"`
		}
	}
	a.into(&sheet)
	if len(sheet.Lines) != 1 || sheet.Lines[0].Counted != nil || !sheet.Lines[0].Kept || sheet.Lines[0].Reason != "the lift is broken" || sheet.Lines[0].Value != 1500 {
		t.Errorf("the sheet says %s", a.body)
	}
	if len(count.Lines) != 1 || count.Lines[0].Counted != nil || !count.Lines[0].Kept || len(sheet.Totals) != 1 || sheet.Totals[0].Lines != 1 || sheet.Totals[0].Value != 1500 {
		t.Errorf("the count says %+v, the sheet %s", count, a.body)
	}
	boss.post(at+"/approve", nil, match(k.Version)).want(http.StatusForbidden)
	chief.post(at+"/approve", nil, match(k.Version)).want(http.StatusOK)
}

var meaningless = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.]+Z?|K\d+`)

// withoutIDs takes away ids, times and numbers, whose digits mean nothing.
func withoutIDs(body string) string { return meaningless.ReplaceAllString(body, "") }
