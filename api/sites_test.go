package api_test

import (
	"slices"
	"testing"

	"callout/internal/geo"
	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func TestSiteOverHTTP(t *testing.T) {
	l := openLand(t)
	c := l.newCustomer("Ada")
	at := func(lng float64) obj {
		return obj{"customer_id": c, "address": "1 High St", "location": spot(lng, 31.5), "time_zone": "Asia/Shanghai", "access_notes": "Ring\ntwice"}
	}
	a := l.agent.post("/v1/sites", at(121.5)).want(201)
	if r := a.row(); r["outlet_id"] != l.east.String() || r["outlet_by_hand"] != false {
		t.Errorf("opened %v", r)
	}
	path := "/v1/sites/" + a.id().String()
	if a.header.Get("Location") != path {
		t.Errorf("it is at %s", a.header.Get("Location"))
	}
	b := l.agent.patch(path, 1, obj{"location": spot(120.5, 31.5)}).want(200)
	if r := b.row(); r["outlet_id"] != l.west.String() || r["access_notes"] != "Ring\ntwice" {
		t.Errorf("moved %v", r)
	}
	l.ofEast.get(path).want(404)
	l.ofEast.patch(path, 2, obj{"name": "x"}).want(404)
	l.agent.patch(path, 1, obj{"name": "x"}).want(412)

	outside := l.agent.post("/v1/sites", at(10)).want(201)
	if outside.row()["outlet_id"] != nil {
		t.Errorf("nobody covers it: %v", outside.row())
	}
	byHand := at(10)
	byHand["outlet_id"] = l.east
	if p := l.agent.post("/v1/sites", byHand).want(422).pointers(); !slices.Equal(p, []string{"/outlet_id"}) {
		t.Errorf("refused for %v", p)
	}
	if r := l.dispatcher.post("/v1/sites", byHand).want(201).row(); r["outlet_id"] != l.east.String() || r["outlet_by_hand"] != true {
		t.Errorf("named by hand %v", r)
	}
	if got := l.agent.get("/v1/sites?without_outlet=true").ids(); !slices.Equal(got, []uuid.UUID{outside.id()}) {
		t.Errorf("without outlet: %v", got)
	}
	if got := l.agent.get("/v1/sites?customer_id=" + c.String() + "&outlet_id=" + l.west.String() + "&q=high").ids(); !slices.Equal(got, []uuid.UUID{a.id()}) {
		t.Errorf("of West: %v", got)
	}
	if p := l.ofEast.post("/v1/sites", at(120.5)).want(422).pointers(); !slices.Equal(p, []string{"/location"}) {
		t.Errorf("East opens a site in West: %v", p)
	}
	wrong := at(121.5)
	wrong["customer_id"], wrong["time_zone"], wrong["address"] = uuid.New(), "Mars/Olympus", "\t"
	refused := l.agent.post("/v1/sites", wrong, lang("zh-CN")).want(422)
	if p := refused.pointers(); !slices.Equal(p, []string{"/address", "/time_zone", "/customer_id"}) {
		t.Errorf("refused for %v", p)
	}
	if p := refused.problem(); p.Detail != "无法这样登记服务地址" || p.Errors[2].Detail != "没有这个客户" {
		t.Errorf("in Chinese: %+v", p)
	}
}

// The Bund in the systems of the maps of China: 121.4900, 31.2400 in WGS-84.
func TestSitesComeInTheSystemsOfMaps(t *testing.T) {
	l := openLand(t)
	c := l.newCustomer("Ada")
	wgs := orb.Point{121.49, 31.24}
	for _, system := range []geo.System{geo.WGS84, geo.GCJ02, geo.BD09} {
		p := system.FromWGS84(wgs)
		body := obj{"customer_id": c, "address": "1 Bund", "location": spot(p[0], p[1]), "coordinate_system": system, "time_zone": "Asia/Shanghai"}
		r := l.agent.post("/v1/sites", body).want(201)
		if got := r.row(); got["coordinate_system"] != string(system) || geo.Metres(placeOf(got), wgs) > .1 {
			t.Errorf("%s: %v", system, got)
		}
		path := "/v1/sites/" + r.id().String()
		if p := l.agent.patch(path, 1, obj{"coordinate_system": "bd09"}).want(422).pointers(); !slices.Equal(p, []string{"/coordinate_system"}) {
			t.Errorf("refused for %v", p)
		}
		moved := orb.Point{121.5, 31.25}
		bd := geo.BD09.FromWGS84(moved)
		if got := l.agent.patch(path, 1, obj{"location": spot(bd[0], bd[1]), "coordinate_system": "bd09"}).want(200).row(); got["coordinate_system"] != "bd09" || geo.Metres(placeOf(got), moved) > .1 {
			t.Errorf("moved: %v", got)
		}
		if got := l.agent.patch(path, 2, obj{"location": spot(121.5, 31.25)}).want(200).row(); got["coordinate_system"] != "wgs84" || placeOf(got) != moved {
			t.Errorf("moved again: %v", got)
		}
	}
	body := obj{"customer_id": c, "address": "1 Bund", "location": spot(121.49, 31.24), "coordinate_system": "cgcs2000", "time_zone": "Asia/Shanghai"}
	if p := l.agent.post("/v1/sites", body).want(422).pointers(); !slices.Equal(p, []string{"/coordinate_system"}) {
		t.Errorf("refused for %v", p)
	}
}

func placeOf(row obj) orb.Point {
	at := row["location"].(map[string]any)["coordinates"].([]any)
	return orb.Point{at[0].(float64), at[1].(float64)}
}

func TestAssetOverHTTP(t *testing.T) {
	l := openLand(t)
	site := l.newSite(l.newCustomer("Ada"), 121.5, "1 Bund")
	l.agent.post("/v1/products", obj{"code": "FR-1", "name": "Fridge", "warranty_months": 12}).want(403)
	l.as(who.Admin, l.east).post("/v1/products", obj{"code": "FR-1", "name": "Fridge", "warranty_months": 12}).want(403)
	p := l.admin.post("/v1/products", obj{"code": "FR-1", "name": "Fridge", "category": "cooling", "warranty_months": 1200 / 2}).want(201)
	l.admin.post("/v1/products", obj{"code": "FR-1", "name": "Fridge", "warranty_months": 12}).want(409)
	if got := l.agent.get("/v1/products?q=fr&category=cooling").ids(); !slices.Equal(got, []uuid.UUID{p.id()}) {
		t.Errorf("products %v", got)
	}
	product := "/v1/products/" + p.id().String()
	if r := l.agent.get(product).want(200).row(); r["warranty_months"] != 600. {
		t.Errorf("product %v", r)
	}
	a := l.ofEast.post("/v1/assets", obj{"product_id": p.id(), "site_id": site, "serial": " SN-1 ", "purchased_on": "2024-01-31"}).want(201)
	path := "/v1/assets/" + a.id().String()
	if r := a.row(); r["serial"] != "SN-1" || r["purchased_on"] != "2024-01-31" || r["coverage"].(map[string]any)["status"] != "covered" || r["coverage"].(map[string]any)["until"] != "2074-01-31" {
		t.Errorf("opened %v", r)
	}
	if p := l.agent.post("/v1/assets", obj{"product_id": p.id(), "site_id": site, "serial": "SN-1"}).want(409).problem(); p.Detail != `an asset of this product with the serial "SN-1" is recorded already` {
		t.Errorf("twice: %+v", p)
	}
	l.admin.patch(product, 1, obj{"warranty_months": 1}).want(200)
	if r := l.agent.get(path).want(200).row(); r["coverage"].(map[string]any)["status"] != "expired" || r["coverage"].(map[string]any)["until"] != "2024-02-29" {
		t.Errorf("the product's new term holds: %v", r)
	}
	b := l.agent.patch(path, 1, obj{"purchased_on": nil, "warranty_months": 24}).want(200)
	if r := b.row(); r["purchased_on"] != nil || r["coverage"].(map[string]any)["status"] != "unknown" || r["warranty_months"] != 24. {
		t.Errorf("amended %v", r)
	}
	if p := l.agent.patch(path, 2, obj{"purchased_on": "9999-01-01", "product_id": uuid.New(), "site_id": uuid.New()}).want(422).pointers(); !slices.Equal(p, []string{"/product_id", "/site_id"}) {
		t.Errorf("refused for %v", p)
	}
	if p := l.agent.patch(path, 2, obj{"purchased_on": "9999-01-01"}).want(422).pointers(); !slices.Equal(p, []string{"/purchased_on"}) {
		t.Errorf("refused for %v", p)
	}
	l.as(who.Agent, l.west).get(path).want(404)
	l.as(who.Warehouse).get(path).want(200)
	l.as(who.Technician).get(path).want(404)
	if got := l.as(who.Technician).get("/v1/assets").ids(); len(got) != 0 {
		t.Errorf("a technician without jobs sees %v", got)
	}
	if got := l.agent.get("/v1/assets?serial=sn-1&site_id=" + site.String() + "&product_id=" + p.id().String()).ids(); !slices.Equal(got, []uuid.UUID{a.id()}) {
		t.Errorf("found %v", got)
	}
}
