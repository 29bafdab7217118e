package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

// row is the body as an object.
func (a *reply) row() obj {
	a.t.Helper()
	var o obj
	a.into(&o)
	return o
}

// ids are the ids of the rows of a page.
func (a *reply) ids() []uuid.UUID {
	a.t.Helper()
	var p struct{ Items []struct{ ID uuid.UUID } }
	a.want(200).into(&p)
	all := []uuid.UUID{}
	for _, i := range p.Items {
		all = append(all, i.ID)
	}
	return all
}

func spot(lng, lat float64) obj { return obj{"type": "Point", "coordinates": []float64{lng, lat}} }

func square(lng, lat float64) obj {
	return obj{"type": "Polygon", "coordinates": [][][]float64{{{lng, lat}, {lng + 1, lat}, {lng + 1, lat + 1}, {lng, lat + 1}, {lng, lat}}}}
}

// land is a world with two outlets that have territories, and people of all of them.
type land struct {
	*world
	east, west                       uuid.UUID
	admin, agent, dispatcher, ofEast *client
}

func openLand(t *testing.T) *land {
	t.Helper()
	t.Parallel()
	w := open(t)
	l := &land{world: w, admin: w.as(who.Admin), agent: w.as(who.Agent), dispatcher: w.as(who.Dispatcher)}
	outlet := func(code string, lng float64) uuid.UUID {
		return l.admin.post("/v1/outlets", obj{"code": code, "name": "Outlet " + code, "time_zone": "Asia/Shanghai", "territory": square(lng, 31)}).want(201).id()
	}
	l.east, l.west = outlet("E", 121), outlet("W", 120)
	l.ofEast = w.as(who.Agent, l.east)
	return l
}

func (l *land) newCustomer(name string) uuid.UUID {
	l.t.Helper()
	return l.agent.post("/v1/customers", obj{"name": name}).want(201).id()
}

func (l *land) newSite(customer uuid.UUID, lng float64, address string) uuid.UUID {
	l.t.Helper()
	return l.agent.post("/v1/sites", obj{"customer_id": customer, "address": address, "location": spot(lng, 31.5), "time_zone": "Asia/Shanghai"}).want(201).id()
}

func TestCustomerOverHTTP(t *testing.T) {
	l := openLand(t)
	a := l.agent.post("/v1/customers", obj{"name": " 王小明 ", "phone": "138 0013 8000", "region": "CN", "email": "wang@example.com", "notes": "a\nb"}).want(201)
	path := "/v1/customers/" + a.id().String()
	if a.header.Get("Location") != path || a.version() != 1 {
		t.Errorf("it is at %s, version %d", a.header.Get("Location"), a.version())
	}
	if r := a.row(); r["name"] != "王小明" || r["phone"] != "+8613800138000" || r["language"] != "zh-CN" || r["value_class"] != "standard" || r["outlet_id"] != nil {
		t.Errorf("opened %v", r)
	}
	b := l.agent.patch(path, 1, obj{"phone": nil, "value_class": "key"}).want(200)
	if r := b.row(); r["phone"] != nil || r["email"] != "wang@example.com" || r["value_class"] != "key" || b.version() != 2 {
		t.Errorf("amended %v", r)
	}
	l.agent.patch(path, 1, obj{"name": "x"}).want(412)
	l.agent.get(path, header("If-None-Match", `"2"`)).want(304)
	for member, wrong := range map[string]string{"/name": " ", "/phone": "1"} {
		if p := l.agent.patch(path, 2, obj{member[1:]: wrong}).want(422).pointers(); !slices.Equal(p, []string{member}) {
			t.Errorf("refused for %v", p)
		}
	}
	l.agent.post("/v1/customers", obj{"name": "nul \x00"}).want(422)
	l.ofEast.get(path).want(404)
	l.newSite(a.id(), 121.5, "1 Bund")
	l.ofEast.get(path).want(200)
	if p := l.agent.post("/v1/customers", obj{"name": "a", "phone": "(213) 555-0100"}).want(422).pointers(); !slices.Equal(p, []string{"/phone"}) {
		t.Errorf("a number of no country: %q", p)
	}
	if p := l.agent.patch(path, 2, obj{"phone": "(213) 555-0100"}).want(422).pointers(); !slices.Equal(p, []string{"/phone"}) {
		t.Errorf("a number of no country: %q", p)
	}
	l.ofEast.patch(path, 2, obj{"region": "US", "phone": "(213) 473-3231"}).want(200)
}

func TestCustomersAreFoundOverHTTP(t *testing.T) {
	l := openLand(t)
	wang := l.agent.post("/v1/customers", obj{"name": "王小明", "phone": "+8613800138000"}).want(201).id()
	ada := l.newCustomer("Ada Lovelace")
	bund := l.newSite(wang, 121.5, "上海市黄浦区中山东一路 1 号")
	l.newSite(ada, 120.5, "Suzhou, 9 Canal Road")
	product := l.admin.post("/v1/products", obj{"code": "FR-1", "name": "Fridge", "warranty_months": 12}).want(201).id()
	l.agent.post("/v1/assets", obj{"product_id": product, "site_id": bund, "serial": "SN-42"}).want(201)
	for _, tt := range []struct {
		name string
		q    url.Values
		want []uuid.UUID
	}{
		{"all", nil, []uuid.UUID{wang, ada}},
		{"part of a name", url.Values{"q": {"小明"}}, []uuid.UUID{wang}},
		{"part of an address", url.Values{"q": {"黄浦"}}, []uuid.UUID{wang}},
		{"part of a serial", url.Values{"q": {"sn-4"}}, []uuid.UUID{wang}},
		{"last digits", url.Values{"q": {"8000"}}, []uuid.UUID{wang}},
		{"percent is itself", url.Values{"q": {"%"}}, []uuid.UUID{}},
		{"name", url.Values{"name": {"love"}}, []uuid.UUID{ada}},
		{"phone", url.Values{"phone": {"138 0013 8000"}}, []uuid.UUID{wang}},
		{"phone of a region", url.Values{"phone": {"(213) 473-3231"}, "region": {"US"}}, []uuid.UUID{}},
		{"whole serial", url.Values{"serial": {"sn-42"}}, []uuid.UUID{wang}},
		{"half a serial", url.Values{"serial": {"sn-4"}}, []uuid.UUID{}},
		{"address", url.Values{"address": {"canal"}}, []uuid.UUID{ada}},
		{"all must fit", url.Values{"name": {"王"}, "address": {"canal"}}, []uuid.UUID{}},
	} {
		if got := l.agent.get("/v1/customers?" + tt.q.Encode()).ids(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %v, want %v", tt.name, got, tt.want)
		}
	}
	if a := l.agent.get("/v1/customers?q=%00%ff"); a.status >= 500 {
		t.Errorf("broken text: %d %s", a.status, a.body)
	}
	first := l.agent.get("/v1/customers?limit=1").want(200)
	next := fmt.Sprint(first.row()["next_cursor"])
	if !slices.Equal(first.ids(), []uuid.UUID{wang}) || !slices.Equal(l.agent.get("/v1/customers?limit=1&cursor="+next).ids(), []uuid.UUID{ada}) {
		t.Error("the pages do not follow each other")
	}
	if got := l.ofEast.get("/v1/customers?q=canal").ids(); len(got) != 0 {
		t.Errorf("East finds %v", got)
	}
}
