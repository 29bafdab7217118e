package api_test

import (
	"slices"
	"strings"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

func TestOutletOverHTTP(t *testing.T) {
	l := openLand(t)
	east := "/v1/outlets/" + l.east.String()
	if p := l.admin.post("/v1/outlets", obj{"code": "N", "name": "North", "time_zone": "Asia/Shanghai", "territory": square(121.5, 31.5)}).want(409).problem(); len(p.Errors) != 1 ||
		p.Errors[0].Pointer != "/territory" || !strings.Contains(p.Errors[0].Detail, "outlet E, Outlet E") {
		t.Errorf("the overlap is named: %+v", p)
	}
	if p := l.admin.post("/v1/outlets", obj{"code": "N", "name": "North", "time_zone": "Mars/Olympus"}).want(422).pointers(); !slices.Equal(p, []string{"/time_zone"}) {
		t.Errorf("refused for %v", p)
	}
	bow := obj{"type": "Polygon", "coordinates": [][][]float64{{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}}}
	if p := l.admin.post("/v1/outlets", obj{"code": "N", "name": "North", "time_zone": "UTC", "territory": bow}).want(422).problem(); len(p.Errors) != 1 ||
		p.Errors[0].Pointer != "/territory" || !strings.Contains(p.Errors[0].Detail, "crosses or touches itself") {
		t.Errorf("a ring that crosses itself: %+v", p)
	}
	site := "/v1/sites/" + l.newSite(l.newCustomer("Ada"), 121.9, "1 Bund").String()
	a := l.admin.put(east+"/territory", obj{"territory": square(121.95, 31)}, match(1)).want(200)
	if r := a.row(); r["sites_moved"] != 1. || a.version() != 2 {
		t.Errorf("drawn %v, version %d", r, a.version())
	}
	if r := l.agent.get(site).want(200).row(); r["outlet_id"] != nil || r["version"] != 2. {
		t.Errorf("the site is homeless: %v", r)
	}
	l.admin.put(east+"/territory", obj{"territory": square(121, 31)}, match(1)).want(412)
	if p := l.admin.put(east+"/territory", obj{"territory": square(120.5, 31)}, match(2)).want(409).pointers(); !slices.Equal(p, []string{"/territory"}) {
		t.Errorf("refused for %v", p)
	}
	l.admin.put(east+"/territory", obj{"territory": square(121, 31)}, match(2)).want(200)
	if r := l.agent.get(site).want(200).row(); r["outlet_id"] != l.east.String() {
		t.Errorf("the site is back: %v", r)
	}
	read := l.ofEast.get(east + "/territory").want(200).row()["territory"].(map[string]any)
	if read["type"] != "Polygon" {
		t.Errorf("territory %v", read)
	}
	if r := l.admin.put(east+"/territory", obj{"territory": nil}, match(3)).want(200).row(); r["territory"] != nil || r["sites_moved"] != 1. {
		t.Errorf("given up: %v", r)
	}
	if r := l.admin.patch(east, 4, obj{"name": "Far East"}).want(200).row(); r["name"] != "Far East" {
		t.Errorf("amended %v", r)
	}
	west := "/v1/outlets/" + l.west.String()
	l.ofEast.get(west).want(404)
	l.ofEast.get(west + "/territory").want(404)
	if got := l.ofEast.get("/v1/outlets").ids(); !slices.Equal(got, []uuid.UUID{l.east}) {
		t.Errorf("East sees %v", got)
	}
	l.as(who.Admin, l.east).patch(east, 5, obj{"name": "Mine"}).want(403)
	l.admin.post(west+"/suspend", nil, match(1)).want(200)
	if p := l.admin.post(west+"/suspend", nil, match(2), lang("zh-CN")).want(409).problem(); p.Detail != "网点 W 的状态为“已停用”，不能“停用”" {
		t.Errorf("in Chinese: %+v", p)
	}
	l.admin.post(west+"/resume", nil, match(2)).want(200)
	l.admin.post(west+"/end", nil, match(3)).want(200)
	if got := l.admin.get("/v1/outlets?status=ended").ids(); !slices.Equal(got, []uuid.UUID{l.west}) {
		t.Errorf("ended %v", got)
	}
	l.admin.post(west+"/end", nil).want(428)
}

func TestSkillOverHTTP(t *testing.T) {
	l := openLand(t)
	a := l.admin.post("/v1/skills", obj{"code": "hvac", "name": "Air conditioning"}).want(201)
	path := "/v1/skills/" + a.id().String()
	l.admin.post("/v1/skills", obj{"code": "hvac", "name": "x"}).want(409)
	if r := l.admin.patch(path, 1, obj{"name_zh": "空调"}).want(200).row(); r["name_zh"] != "空调" || r["name"] != "Air conditioning" {
		t.Errorf("amended %v", r)
	}
	l.as(who.Technician).get(path).want(200)
	if got := l.ofEast.get("/v1/skills?code=hvac").ids(); !slices.Equal(got, []uuid.UUID{a.id()}) {
		t.Errorf("found %v", got)
	}
	if got := l.ofEast.get("/v1/skills?code=hva").ids(); len(got) != 0 {
		t.Errorf("half a code finds %v", got)
	}
	l.as(who.Admin, l.east).patch(path, 2, obj{"name": "x"}).want(403)
	l.admin.get("/v1/skills/" + uuid.NewString()).want(404)
}
