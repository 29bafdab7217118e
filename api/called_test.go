package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"callout/internal/who"
)

// systemName is how the books write down a place that nobody named.
var systemName = regexp.MustCompile(`"(location_name|from_name|to_name|books_location_name|name)":"[^"]*(supplier|customer site|adjustment|transit|scrap|\((quarantine|defective|collected)\))[^"]*"`)

func TestPlacesThatNobodyNamedAreCalledInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"S1", "S2", "S3"}}}}).want(http.StatusCreated)
	s.carry(s.warehouse, s.van, []obj{{"part_id": board, "serials": []string{"S1"}}})
	s.tech.post("/v1/jobs/"+s.job.String()+"/part-uses", obj{"part_id": board, "new_serial": "S1", "old_serial": "O1", "old_part_wish": "return"}).want(http.StatusCreated)
	quarantine := s.chief.post("/v1/locations", obj{"code": "A-Q", "name": "The A-W (quarantine)", "kind": "quarantine", "warehouse_id": s.warehouse}).want(http.StatusCreated).id()
	s.clerk.post("/v1/stock/transfer", obj{"from_location_id": s.warehouse, "to_location_id": quarantine, "note": "wet box", "lines": []obj{{"part_id": board, "serials": []string{"S2"}}}}).want(http.StatusCreated)
	s.chief.post("/v1/transfers", obj{"from_location_id": s.warehouse, "to_location_id": s.van, "lines": []obj{{"part_id": board, "serials": []string{"S3"}}}}).want(http.StatusCreated)
	s.clerk.post("/v1/counts", obj{"location_id": quarantine, "scope": "full"}).want(http.StatusCreated)
	inspector := s.as(who.Inspector)
	for path, want := range map[string]string{
		"/v1/locations":                        "A 客户现场",
		"/v1/locations/" + quarantine.String(): "The A-W (待检区)",
		"/v1/stock":                            "A 在途",
		"/v1/units":                            "A 客户现场",
		"/v1/quarantine":                       "The A-W (待检区)",
		"/v1/counts":                           "The A-W (待检区)",
		"/v1/last-counts":                      "The A-W (待检区)",
		"/v1/reconciliation?by=location":       "A 在途",
	} {
		a := inspector.get(path, lang("zh-CN"))
		if a.status != http.StatusOK || !strings.Contains(string(a.body), want) {
			t.Errorf("%s does not say %s: %d %s", path, want, a.status, a.body)
		}
		if name := systemName.Find(a.body); name != nil {
			t.Errorf("%s: %s", path, name)
		}
		if a := inspector.get(path); strings.Contains(string(a.body), "在途") || strings.Contains(string(a.body), "待检区") {
			t.Errorf("%s speaks Chinese to an English reader: %s", path, a.body)
		}
	}
}
