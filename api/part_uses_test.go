package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// wireUse is a use as clients read it.
type wireUse struct {
	ID             uuid.UUID
	NewSerial      *string `json:"new_serial"`
	OldSerial      *string `json:"old_serial"`
	Scan           *string
	Short          int
	RecordedSerial *string `json:"recorded_serial"`
	Warranty       string
	Reason         string `json:"warranty_reason"`
	Price          *int64
	CoveredUntil   *string    `json:"covered_until"`
	AssetID        *uuid.UUID `json:"asset_id"`
}

// newAsset puts an asset at the job's site, bought so many days ago.
func (s *stores) newAsset(job uuid.UUID, serial string, boughtDaysAgo int) uuid.UUID {
	s.t.Helper()
	asset, product := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	s.exec(`INSERT INTO products (id, code, name, warranty_months, created_at, updated_at) VALUES ($1, $2, 'AC', 12, now(), now())`, product, "AC"+product.String())
	s.exec(`INSERT INTO assets (id, product_id, serial, site_id, purchased_on, created_at, updated_at)
		SELECT $1, $2, $3, site_id, current_date - $4::int, now(), now() FROM jobs WHERE id = $5`, asset, product, serial, boughtDaysAgo, job)
	s.exec(`UPDATE jobs SET asset_id = $1 WHERE id = $2`, asset, job)
	return asset
}

// stock receives parts and puts them into the van.
func (s *stores) stock(lines ...obj) {
	s.t.Helper()
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": lines}).want(http.StatusCreated)
	for _, l := range lines {
		delete(l, "unit_cost")
	}
	s.carry(s.warehouse, s.van, lines)
}

func TestPartUseByScanOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board, screw := s.newPart("CB-1", true), s.newPart("SC-1", false)
	asset := s.newAsset(s.job, "AC-0001", 1000)
	s.as(who.Warehouse).patch("/v1/parts/"+board.String(), 1, obj{"list_price": 12000}).want(http.StatusOK)
	s.stock(obj{"part_id": board, "serials": []string{"N1", "N2"}, "unit_cost": 7000}, obj{"part_id": screw, "quantity": 1, "unit_cost": 10})
	uses := "/v1/jobs/" + s.job.String() + "/part-uses"
	components := "/v1/assets/" + asset.String() + "/components"

	seeded := obj{"part_id": board, "serial": "O1"}
	s.chief.post(components, seeded).want(http.StatusCreated)
	s.chief.post(components, seeded, lang("zh-CN")).want(http.StatusConflict)
	s.tech.post(components, seeded).want(http.StatusForbidden)

	say := obj{"scan": "C:U:CB-1:N1", "old_scan": "C:U:CB-1:O1", "old_part_wish": "customer_keeps"}
	var first, again wireUse
	s.tech.post(uses, say, lang("zh-CN")).want(http.StatusCreated).into(&first)
	s.tech.post(uses, say).want(http.StatusOK).into(&again)
	if first.ID != again.ID || *first.NewSerial != "N1" || *first.OldSerial != "O1" || *first.Scan != "C:U:CB-1:N1" || first.Warranty != "not_covered" ||
		*first.Price != 12000 || !strings.HasPrefix(first.Reason, "产品保修已于 ") || first.CoveredUntil == nil || *first.AssetID != asset {
		t.Errorf("used %+v, again %+v", first, again)
	}
	refused := s.tech.post(uses, obj{"scan": "C:U:CB-1:N9", "old_scan": "C:U:CB-1:O2", "old_part_wish": "return"}).want(http.StatusConflict)
	if p := refused.pointers(); len(p) != 1 || p[0] != "/scan" {
		t.Errorf("refused at %v", p)
	}
	if p := s.tech.post(uses, obj{"scan": "gibberish?", "old_part_wish": "none"}).want(http.StatusUnprocessableEntity).pointers(); p[0] != "/scan" {
		t.Errorf("refused at %v", p)
	}
	s.chief.post(uses, say).want(http.StatusForbidden)

	// What the van lacks goes short, if somebody says so.
	three := obj{"part_id": screw, "quantity": 3, "old_part_wish": "none"}
	if p := s.tech.post(uses, three).want(http.StatusConflict).pointers(); p[0] != "/quantity" {
		t.Errorf("refused at %v", p)
	}
	three["accept_shortage"] = true
	var short wireUse
	if s.tech.post(uses, three).want(http.StatusCreated).into(&short); short.Short != 2 || s.holds(s.van, screw) != -2 {
		t.Errorf("short %+v, the van holds %d", short, s.holds(s.van, screw))
	}
	three["occurred_at"] = time.Now().Add(-100 * time.Hour)
	if p := s.tech.post(uses, three).want(http.StatusUnprocessableEntity).pointers(); p[0] != "/occurred_at" {
		t.Errorf("refused at %v", p)
	}

	// Goodwill is a supervisor's.
	gift := obj{"warranty": "goodwill", "reason": "Many years"}
	s.tech.post(uses, obj{"part_id": screw, "old_part_wish": "none", "accept_shortage": true, "charge": gift}).want(http.StatusForbidden)
	decide := uses + "/" + first.ID.String() + "/warranty"
	s.tech.post(decide, gift).want(http.StatusForbidden)
	if s.chief.post(decide, gift).want(http.StatusOK).into(&first); first.Warranty != "goodwill" || *first.Price != 0 {
		t.Errorf("decided %+v", first)
	}
	s.chief.post(uses+"/"+uuid.NewString()+"/warranty", gift).want(http.StatusNotFound)

	var costs struct {
		Items  []struct{ Cost *int64 }
		Totals []struct {
			Cost, Price, Waived int64
			Unpriced            int
		}
	}
	path := "/v1/jobs/" + s.job.String() + "/part-costs"
	s.tech.get(path).want(http.StatusForbidden)
	s.chief.get(path).want(http.StatusOK).into(&costs)
	if len(costs.Items) != 2 || *costs.Items[0].Cost != 7000 || costs.Totals[0].Cost != 7030 || costs.Totals[0].Waived != 12000 || costs.Totals[0].Unpriced != 1 {
		t.Errorf("costs %+v", costs)
	}

	var sits struct {
		Items []struct {
			Serial       string
			EndedBecause *string `json:"ended_because"`
		}
		Coverages []struct {
			Serial *string
			Until  string
		}
	}
	s.tech.get(components).want(http.StatusOK).into(&sits)
	if len(sits.Items) != 2 || sits.Items[0].Serial != "N1" || *sits.Items[1].EndedBecause != "exchanged" || len(sits.Coverages) != 2 || sits.Coverages[1].Until != *first.CoveredUntil {
		t.Errorf("the asset holds %+v", sits)
	}
	var list struct{ Items []wireUse }
	if s.tech.get(uses).want(http.StatusOK).into(&list); len(list.Items) != 2 {
		t.Errorf("listed %+v", list)
	}
	if r, err := s.house.Ledger.Verify(t.Context()); err != nil || len(r.Faults) > 0 {
		t.Errorf("the books: %v, %v", r.Faults, err)
	}
}

func TestCandidatesAreToldTheNearestStoreOverHTTP(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	board := d.newPart("CB-1", true)
	at := "/v1/locations/" + d.warehouse.String()
	var place struct {
		Position *struct{ Coordinates []float64 }
	}
	d.clerk.patch(at, 1, obj{"position": obj{"type": "Point", "coordinates": []float64{.01, 0}}}).want(http.StatusOK).into(&place)
	if place.Position == nil || place.Position.Coordinates[0] != .01 {
		t.Errorf("placed %+v", place)
	}
	d.chief.post("/v1/stock/receive", obj{"location_id": d.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"N1", "N2"}}}}).want(http.StatusCreated)
	bin := d.clerk.post("/v1/locations", obj{"code": "A-W-01", "name": "Bin 1", "kind": "bin", "warehouse_id": d.warehouse}).want(http.StatusCreated).id()
	d.clerk.post("/v1/stock/transfer", obj{"from_location_id": d.warehouse, "to_location_id": bin, "lines": []obj{{"part_id": board, "serials": []string{"N2"}}}}).want(http.StatusCreated)
	var j wireJob
	d.dispatcher.post("/v1/jobs", d.request("needs", []obj{{"code": "A-hvac", "level": 2}}, "parts", []obj{{"part_id": board, "quantity": 2}})).want(http.StatusCreated).into(&j)
	nearest := func() string {
		t.Helper()
		var list struct {
			Items []struct {
				Terms []struct{ Code, Text string }
			}
		}
		d.dispatcher.get(j.path()+"/candidates", lang("zh-CN")).want(http.StatusOK).into(&list)
		for _, x := range list.Items[0].Terms {
			if x.Code == "nearest_stock" || x.Code == "parts_on_van" {
				return x.Text
			}
		}
		return ""
	}
	// The technician lives where the job is: to the store and back, by 1.3 for the roads.
	if got := nearest(); got != "最近库存绕行 2.9 公里：The A-W 有 2 件备件 CB-1" {
		t.Errorf("told %q", got)
	}
	d.carry(d.warehouse, d.van, []obj{{"part_id": board, "serials": []string{"N1"}}})
	d.carry(bin, d.van, []obj{{"part_id": board, "serials": []string{"N2"}}})
	if got := nearest(); got != "所需备件车上齐全" {
		t.Errorf("told %q", got)
	}
	d.clerk.patch(at, 2, obj{"position": nil, "name": "Store"}).want(http.StatusOK).into(&place)
	if place.Position != nil {
		t.Errorf("forgotten %+v", place)
	}
}
