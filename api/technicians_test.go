package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

func (l *land) newTechnician(name string) uuid.UUID {
	l.t.Helper()
	return l.admin.post("/v1/technicians", obj{"outlet_id": l.east, "name": name, "home": spot(121.5, 31.5), "cost_per_hour": 6000, "currency": "CNY"}).want(201).id()
}

func TestTechnicianOverHTTP(t *testing.T) {
	l := openLand(t)
	supervisor := l.as(who.Supervisor, l.east)
	user := l.as(who.Technician, l.east)
	a := supervisor.post("/v1/technicians", obj{
		"outlet_id": l.east, "user_id": user.user, "name": "李雷", "phone": "+86 139 0013 9000", "home": spot(121.5, 31.5), "cost_per_hour": 6000, "currency": "CNY",
	}).want(201)
	path := "/v1/technicians/" + a.id().String()
	if r := a.row(); r["phone"] != "+8613900139000" || r["status"] != "active" || r["user_id"] != user.user.String() {
		t.Errorf("opened %v", r)
	}
	user.get(path).want(200)
	if got := user.get("/v1/technicians").ids(); !slices.Equal(got, []uuid.UUID{a.id()}) {
		t.Errorf("he sees %v", got)
	}
	other := l.newTechnician("Han")
	user.get("/v1/technicians/" + other.String()).want(404)
	l.as(who.Dispatcher, l.west).get(path).want(404)
	if p := supervisor.post("/v1/technicians", obj{"outlet_id": l.west, "name": "x", "home": spot(1, 1), "cost_per_hour": 1, "currency": "CNY", "van_id": uuid.New(), "user_id": uuid.New()}).
		want(422).pointers(); !slices.Equal(p, []string{"/outlet_id", "/user_id", "/van_id"}) {
		t.Errorf("refused for %v", p)
	}
	if p := supervisor.patch("/v1/technicians/"+other.String(), 1, obj{"user_id": user.user}).want(409).pointers(); !slices.Equal(p, []string{"/user_id"}) {
		t.Errorf("another's account: %v", p)
	}
	if r := supervisor.patch(path, 1, obj{"phone": nil, "user_id": nil, "cost_per_hour": 6500}).want(200).row(); r["phone"] != nil || r["user_id"] != nil || r["cost_per_hour"] != 6500. || r["name"] != "李雷" {
		t.Errorf("amended %v", r)
	}
	if got := l.dispatcher.get("/v1/technicians?name=han&status=active&outlet_id=" + l.east.String()).ids(); !slices.Equal(got, []uuid.UUID{other}) {
		t.Errorf("found %v", got)
	}
	supervisor.post(path+"/suspend", nil, match(2)).want(200)
	supervisor.post(path+"/suspend", nil, match(2)).want(412)
	supervisor.post(path+"/suspend", nil, match(3)).want(409)
	supervisor.post(path+"/resume", nil, match(3)).want(200)
	if r := supervisor.post(path+"/leave", nil, match(4)).want(200).row(); r["status"] != "left" {
		t.Errorf("left %v", r)
	}
	l.dispatcher.post(path+"/leave", nil, match(5)).want(403)
}

func TestCertificateOverHTTP(t *testing.T) {
	l := openLand(t)
	skill := l.admin.post("/v1/skills", obj{"code": "hvac", "name": "Air conditioning"}).want(201).id()
	li := l.newTechnician("Li")
	certificates := "/v1/technicians/" + li.String() + "/certifications"
	grant := obj{"skill_id": skill, "level": 3, "valid_from": "2020-01-01T00:00:00+08:00", "valid_to": "2099-01-01T00:00:00+08:00"}
	a := l.admin.post(certificates, grant).want(201)
	path := "/v1/certifications/" + a.id().String()
	if got := l.dispatcher.get("/v1/technicians?skill_id=" + skill.String()).ids(); !slices.Equal(got, []uuid.UUID{li}) {
		t.Errorf("certified: %v", got)
	}
	grant["valid_to"], grant["skill_id"] = grant["valid_from"], uuid.New()
	if p := l.admin.post(certificates, grant).want(422).pointers(); !slices.Equal(p, []string{"/skill_id", "/valid_to"}) {
		t.Errorf("refused for %v", p)
	}
	l.as(who.Supervisor, l.west).post(path+"/revoke", obj{"reason": "x"}, match(1)).want(404)
	if r := l.admin.post(path+"/revoke", obj{"reason": "Failed the exam"}, match(1)).want(200).row(); r["revoked_at"] == nil || r["revoke_reason"] != "Failed the exam" {
		t.Errorf("revoked %v", r)
	}
	l.admin.post(path+"/revoke", obj{"reason": "again"}, match(2)).want(409)
	if got := l.dispatcher.get("/v1/technicians?skill_id=" + skill.String()).ids(); len(got) != 0 {
		t.Errorf("still certified: %v", got)
	}
	if got := l.dispatcher.get(certificates).ids(); !slices.Equal(got, []uuid.UUID{a.id()}) {
		t.Errorf("listed %v", got)
	}
	l.dispatcher.get(path).want(200)
}

func TestShiftsOverHTTP(t *testing.T) {
	l := openLand(t)
	technician := l.newTechnician("Li")
	path := "/v1/technicians/" + technician.String() + "/shifts"
	day := func(n int) obj {
		at := func(clock string) string { return fmt.Sprintf("2026-12-%02dT%s:00+08:00", n, clock) }
		return obj{"starts_at": at("08:00"), "ends_at": at("17:00"), "breaks": []obj{{"earliest": at("11:30"), "latest": at("13:00"), "minutes": 45}}}
	}
	dispatcher := l.as(who.Dispatcher, l.east)
	var planned struct{ Items []struct{ ID uuid.UUID } }
	dispatcher.post(path, obj{"shifts": []obj{day(2), day(1), day(3)}}).want(201).into(&planned)
	second, first, third := planned.Items[0].ID, planned.Items[1].ID, planned.Items[2].ID
	if p := dispatcher.post(path, obj{"shifts": []obj{day(4), day(3)}}).want(409).problem(); len(p.Errors) != 1 || p.Errors[0].Pointer != "/shifts/1" ||
		!strings.Contains(p.Errors[0].Detail, "clashes with the shift 2026-12-03 08:00 – 17:00") {
		t.Errorf("the clash is named: %+v", p)
	}
	if got := dispatcher.get("/v1/shifts?technician_id=" + technician.String()).ids(); !slices.Equal(got, []uuid.UUID{first, second, third}) {
		t.Errorf("all or none, by their start: %v", got)
	}
	page := dispatcher.get("/v1/shifts?limit=2").want(200)
	if got := dispatcher.get("/v1/shifts?limit=2&cursor=" + fmt.Sprint(page.row()["next_cursor"])); !slices.Equal(got.ids(), []uuid.UUID{third}) || got.row()["next_cursor"] != nil {
		t.Errorf("the last page is %s", got.body)
	}
	if got := dispatcher.get("/v1/shifts?from=2026-12-01T09:00:00Z&to=2026-12-03T00:00:00Z&outlet_id=" + l.east.String()).ids(); !slices.Equal(got, []uuid.UUID{second}) {
		t.Errorf("of a day: %v", got)
	}
	shift := "/v1/shifts/" + first.String()
	if p := dispatcher.patch(shift, 1, obj{"ends_at": "2026-12-01T13:00:00+08:00"}).want(422).pointers(); !slices.Equal(p, []string{"/breaks/0/latest"}) {
		t.Errorf("refused for %v", p)
	}
	if r := dispatcher.patch(shift, 1, obj{"ends_at": "2026-12-01T12:00:00+08:00", "breaks": []obj{}}).want(200).row(); len(r["breaks"].([]any)) != 0 {
		t.Errorf("amended %v", r)
	}
	if r := dispatcher.post(shift+"/cancel", nil, match(2)).want(200).row(); r["status"] != "canceled" {
		t.Errorf("canceled %v", r)
	}
	dispatcher.post(shift+"/cancel", nil, match(3)).want(409)
	if got := dispatcher.get("/v1/shifts").ids(); !slices.Equal(got, []uuid.UUID{second, third}) {
		t.Errorf("left %v", got)
	}
	if got := dispatcher.get("/v1/shifts?canceled=true").ids(); len(got) != 3 {
		t.Errorf("with the canceled one %v", got)
	}
	l.as(who.Dispatcher, l.west).get(shift).want(404)
	l.as(who.Dispatcher, l.west).post(path, obj{"shifts": []obj{day(9)}}).want(404)
}

func TestAbsenceOverHTTP(t *testing.T) {
	l := openLand(t)
	technician := l.newTechnician("Li")
	path := "/v1/technicians/" + technician.String() + "/absences"
	job := uuid.Must(uuid.NewV7())
	customer := l.newCustomer("Ada")
	l.exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, 'J20261201001', 'Fix', 'scheduled', 'P2', $2, $3, $4, '(121,31)', 'UTC', 60, now(), now())`, job, customer, l.newSite(customer, 121.5, "x"), l.east)
	l.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
		VALUES ($1, $2, $3, $4, '2026-12-01T01:00:00Z', '2026-12-01T02:00:00Z', '{}', now(), now())`, uuid.New(), job, technician, l.east)
	var got struct {
		Absence struct {
			ID      uuid.UUID
			Version int
		}
		Clashes []struct {
			JobNumber string `json:"job_number"`
		}
	}
	l.dispatcher.post(path, obj{"starts_at": "2026-12-01T08:00:00+08:00", "ends_at": "2026-12-02T08:00:00+08:00", "reason": "Sick"}).want(201).into(&got)
	if len(got.Clashes) != 1 || got.Clashes[0].JobNumber != "J20261201001" {
		t.Errorf("clashes %+v", got)
	}
	if p := l.dispatcher.post("/v1/technicians/"+technician.String()+"/leave", nil, match(1)); p.status != 403 {
		t.Errorf("a dispatcher lets people go: %d", p.status)
	}
	if p := l.admin.post("/v1/technicians/"+technician.String()+"/leave", nil, match(1)).want(409).problem(); !strings.Contains(p.Detail, "J20261201001") {
		t.Errorf("he has jobs to do: %+v", p)
	}
	absence := "/v1/absences/" + got.Absence.ID.String()
	l.dispatcher.get(absence).want(200).into(&got)
	if len(got.Clashes) != 1 {
		t.Errorf("clashes %+v", got)
	}
	if r := l.dispatcher.post(absence+"/cancel", nil, match(1)).want(200).row(); r["canceled_at"] == nil {
		t.Errorf("canceled %v", r)
	}
	l.dispatcher.post(absence+"/cancel", nil, match(2)).want(409)
	if all := l.dispatcher.get(path).ids(); !slices.Equal(all, []uuid.UUID{got.Absence.ID}) {
		t.Errorf("listed %v", all)
	}
	if p := l.dispatcher.post(path, obj{"starts_at": "2026-12-01T08:00:00Z", "ends_at": "2026-12-01T08:00:00Z", "reason": " "}).want(422).pointers(); !slices.Equal(p, []string{"/reason", "/ends_at"}) {
		t.Errorf("refused for %v", p)
	}
	l.as(who.Dispatcher, l.west).get(absence).want(404)
}
