package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// stores is an outlet with a warehouse, a clerk, a technician with a van, and a job that he works on.
type stores struct {
	*world
	outlet             uuid.UUID
	clerk, chief, tech *client
	technician         uuid.UUID
	warehouse, van     uuid.UUID
	job                uuid.UUID
}

// newStores opens the stores of an outlet.
func (w *world) newStores(code string) *stores {
	w.t.Helper()
	s := &stores{world: w, outlet: w.newOutlet(code)}
	s.clerk, s.chief = w.as(who.Warehouse, s.outlet), w.as(who.Supervisor, s.outlet)
	s.warehouse = s.place("warehouse", code+"-W")
	s.tech, s.technician, s.van = s.newTechnician(code + "-V1")
	s.job = s.newJob(code+"-J1", s.technician)
	return s
}

func (s *stores) place(kind, code string) uuid.UUID {
	s.t.Helper()
	return s.clerk.post("/v1/locations", obj{"code": code, "name": "The " + code, "kind": kind}).want(http.StatusCreated).id()
}

// newTechnician takes a technician on, who has a van of the code.
func (s *stores) newTechnician(code string) (c *client, technician, van uuid.UUID) {
	s.t.Helper()
	c, technician, van = s.as(who.Technician, s.outlet), uuid.Must(uuid.NewV7()), s.place("van", code)
	s.exec(`INSERT INTO technicians (id, user_id, outlet_id, name, home, cost_per_hour, currency, van_id, created_at, updated_at)
		VALUES ($1, $2, $3, 'T', '(0,0)', 0, 'CNY', $4, now(), now())`, technician, c.user, s.outlet, van)
	return c, technician, van
}

// newJob puts a job on the board that a technician works on.
func (s *stores) newJob(number string, technician uuid.UUID) uuid.UUID {
	s.t.Helper()
	customer, site, job := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	s.exec(`INSERT INTO customers (id, name, created_at, updated_at) VALUES ($1, 'C', now(), now())`, customer)
	s.exec(`INSERT INTO sites (id, customer_id, address, location, time_zone, outlet_id, created_at, updated_at)
		VALUES ($1, $2, 'A', '(0,0)', 'UTC', $3, now(), now())`, site, customer, s.outlet)
	s.exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, $2, 'Fix', 'working', 'P1', $3, $4, $5, '(0,0)', 'UTC', 60, now(), now())`, job, number, customer, site, s.outlet)
	s.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
		SELECT $1, $2, $3, $4, t, t + interval '1 hour', '{}', now(), now()
		FROM (SELECT now() + count(*) * interval '1 hour' AS t FROM bookings) x`, uuid.Must(uuid.NewV7()), job, technician, s.outlet)
	return job
}

// newPart adds a part to the catalogue; one that has serials has to come back as well.
func (s *stores) newPart(number string, serialized bool) uuid.UUID {
	s.t.Helper()
	return s.as(who.Warehouse).post("/v1/parts", obj{"number": number, "name": "Part", "serialized": serialized, "return_required": serialized}).want(http.StatusCreated).id()
}

// carry moves parts where no person alone may: into a van, and out of one.
func (s *stores) carry(from, to uuid.UUID, lines []obj) {
	s.t.Helper()
	carried := inventory.Transfer{FromLocation: from, ToLocation: to}
	for _, l := range lines {
		line := inventory.Line{PartID: l["part_id"].(uuid.UUID)}
		line.Quantity, _ = l["quantity"].(int)
		line.Serials, _ = l["serials"].([]string)
		carried.Lines = append(carried.Lines, line)
	}
	if _, err := s.house.Ledger.Transfer(s.t.Context(), who.System, carried); err != nil {
		s.t.Fatal(err)
	}
}

// holds is how many of a part a place holds, as the stock list says.
func (s *stores) holds(at, part uuid.UUID) int {
	s.t.Helper()
	var body struct{ Items []struct{ Quantity int } }
	s.clerk.get(fmt.Sprintf("/v1/stock?location_id=%s&part_id=%s", at, part)).want(http.StatusOK).into(&body)
	if len(body.Items) == 0 {
		return 0
	}
	return body.Items[0].Quantity
}

func (a *reply) life() string {
	var row struct{ Status string }
	a.into(&row)
	return row.Status
}

func TestPartsOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.as(who.Warehouse)
	made := c.post("/v1/parts", obj{"number": "CB-1", "name": "Board", "name_zh": "控制板", "serialized": true, "return_required": true}).want(http.StatusCreated)
	at := made.header.Get("Location")
	c.post("/v1/parts", obj{"number": "CB-1", "name": "Twin", "serialized": false, "return_required": false}).want(http.StatusConflict)
	c.patch(at, 1, obj{"name": "Main board"}).want(http.StatusOK)
	c.patch(at, 1, obj{"name": "Other board"}).want(http.StatusPreconditionFailed)
	c.patch(at, 2, obj{"serialized": false}).want(http.StatusUnprocessableEntity)
	var p struct {
		Name, Unit string
		Version    int
	}
	w.as(who.Inspector).get(at).want(http.StatusOK).into(&p)
	if p.Name != "Main board" || p.Unit != "piece" || p.Version != 2 {
		t.Errorf("read %+v", p)
	}
	for i := range 3 {
		c.post("/v1/parts", obj{"number": fmt.Sprint("X", i), "name": "Screw", "serialized": false, "return_required": false}).want(http.StatusCreated)
	}
	var page struct {
		Items      []struct{ Number string }
		NextCursor *string `json:"next_cursor"`
	}
	c.get("/v1/parts?q=screw&limit=2").want(http.StatusOK).into(&page)
	if len(page.Items) != 2 || page.NextCursor == nil {
		t.Fatalf("first page %+v", page)
	}
	c.get("/v1/parts?q=screw&limit=2&cursor=" + *page.NextCursor).want(http.StatusOK).into(&page)
	if len(page.Items) != 1 || page.Items[0].Number != "X2" || page.NextCursor != nil {
		t.Errorf("second page %+v", page)
	}
	c.get("/v1/parts/" + uuid.NewString()).want(http.StatusNotFound)
}

func TestPartsFromSupplierToDefective(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board, screw := s.newPart("CB-1", true), s.newPart("SC-1", false)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "note": "DN 1", "lines": []obj{
		{"part_id": board, "serials": []string{"N1", "N2"}}, {"part_id": screw, "quantity": 10},
	}}).want(http.StatusCreated)

	asked := s.tech.post("/v1/part-requests", obj{"job_id": s.job, "lines": []obj{{"part_id": board, "quantity": 1}, {"part_id": screw, "quantity": 4}}}).want(http.StatusCreated)
	at := asked.header.Get("Location")
	s.chief.post(at+"/approve", nil, match(1)).want(http.StatusOK)
	issue := obj{"warehouse_id": s.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"N1"}}, {"part_id": screw, "quantity": 4}}}
	s.clerk.post(at+"/issue", issue, match(1)).want(http.StatusPreconditionFailed)
	s.clerk.post(at+"/issue", issue, match(2)).want(http.StatusOK)
	got := s.tech.post(at+"/receive", obj{"lines": []obj{{"part_id": board, "serials": []string{"N1", "N2"}}, {"part_id": screw, "quantity": 3}}}, match(3)).want(http.StatusOK)
	var request struct {
		Status string
		Lines  []struct{ Issued, Received, Missing int }
		Overs  []struct{ Serial string }
	}
	if got.into(&request); request.Status != "received" || request.Lines[0].Missing != 0 || request.Lines[1].Missing != 1 || len(request.Overs) != 1 || request.Overs[0].Serial != "N2" {
		t.Errorf("received %+v", request)
	}

	uses := "/v1/jobs/" + s.job.String() + "/part-uses"
	use := obj{"part_id": board, "new_serial": "N1", "old_serial": "O1", "old_part_wish": "return"}
	var used struct {
		PartReturnID uuid.UUID `json:"part_return_id"`
		MovementID   uuid.UUID `json:"movement_id"`
	}
	s.tech.post(uses, use, key("use-of-n1")).want(http.StatusCreated).into(&used)
	s.tech.post(uses, use, key("use-of-n1")).want(http.StatusCreated) // replayed
	refused := s.tech.post(uses, obj{"part_id": board, "new_serial": "N1", "old_serial": "O2", "old_part_wish": "return"}).want(http.StatusConflict)
	if e := refused.problem().Errors; len(e) != 1 || e[0].Pointer != "/new_serial" || !strings.Contains(e[0].Detail, "it was used on job A-J1") {
		t.Errorf("refused with %+v", e)
	}
	s.tech.post(uses, obj{"part_id": screw, "quantity": 2, "old_part_wish": "none"}).want(http.StatusCreated)
	var list struct{ Items []struct{ Quantity int } }
	s.as(who.Agent).get(uses).want(http.StatusOK).into(&list)
	if len(list.Items) != 2 || s.holds(s.van, screw) != 1 || s.holds(s.van, board) != 0 {
		t.Errorf("used %+v; the van holds %d and %d", list, s.holds(s.van, screw), s.holds(s.van, board))
	}

	back := "/v1/part-returns/" + used.PartReturnID.String()
	if status := s.tech.get(back).want(http.StatusOK).life(); status != "expected" {
		t.Errorf("the return is %s", status)
	}
	scan := obj{"warehouse_id": s.warehouse, "serial": "O1"}
	if status := s.clerk.post(back+"/receive", scan, match(1)).want(http.StatusOK).life(); status != "matched" {
		t.Errorf("the return is %s", status)
	}
	s.clerk.post(back+"/receive", scan, match(2)).want(http.StatusConflict)
	s.clerk.post("/v1/movements/"+used.MovementID.String()+"/reverse", obj{"note": "too late"}).want(http.StatusConflict)

	var units struct{ Items []struct{ ID uuid.UUID } }
	s.clerk.get("/v1/units?serial=O1&part_id=" + board.String()).want(http.StatusOK).into(&units)
	var unit struct {
		LocationKind string `json:"location_kind"`
		Path         []struct{ Kind string }
	}
	s.clerk.get("/v1/units/" + units.Items[0].ID.String()).want(http.StatusOK).into(&unit)
	if unit.LocationKind != "defective" || len(unit.Path) != 1 || unit.Path[0].Kind != "return" {
		t.Errorf("the old board: %+v", unit)
	}
	if r, err := s.house.Ledger.Verify(t.Context()); err != nil || len(r.Faults) > 0 {
		t.Errorf("the books: %v, %v", r.Faults, err)
	}
}

func TestTransferAndReverseOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	screw := s.newPart("SC-1", false)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 3}}}).want(http.StatusCreated)
	second := s.place("warehouse", "A-W2")
	into := obj{"from_location_id": s.warehouse, "to_location_id": s.van, "lines": []obj{{"part_id": screw, "quantity": 1}}}
	outOf := obj{"from_location_id": s.van, "to_location_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 1}}}
	for pointer, carried := range map[string]obj{"/to_location_id": into, "/from_location_id": outOf} {
		if p := s.clerk.post("/v1/stock/transfer", carried).want(http.StatusUnprocessableEntity).pointers(); len(p) != 1 || p[0] != pointer {
			t.Errorf("a van is refused at %v", p)
		}
	}
	move := func(n int) *reply {
		return s.clerk.post("/v1/stock/transfer", obj{"from_location_id": s.warehouse, "to_location_id": second, "lines": []obj{{"part_id": screw, "quantity": n}}}, lang("zh-CN"))
	}
	refused := move(4).want(http.StatusConflict).problem()
	if len(refused.Errors) != 1 || refused.Errors[0].Detail != "The A-W 现有 3 件备件 SC-1，还缺 1 件" {
		t.Errorf("refused with %+v", refused)
	}
	var moved struct{ Items []struct{ ID uuid.UUID } }
	move(2).want(http.StatusCreated).into(&moved)
	reverse := "/v1/movements/" + moved.Items[0].ID.String() + "/reverse"
	back := s.chief.post(reverse, obj{"note": "wrong store"}).want(http.StatusCreated)
	s.chief.get(back.header.Get("Location")).want(http.StatusOK)
	s.chief.post(reverse, obj{"note": "again"}).want(http.StatusConflict)
	var list struct {
		Items []struct {
			Kind       string
			ReversesID *uuid.UUID `json:"reverses_id"`
		}
	}
	s.clerk.get("/v1/movements?location_id=" + second.String() + "&part_id=" + screw.String()).want(http.StatusOK).into(&list)
	if len(list.Items) != 2 || list.Items[0].Kind != "reverse" || *list.Items[0].ReversesID != moved.Items[0].ID || s.holds(s.warehouse, screw) != 3 {
		t.Errorf("movements %+v", list)
	}
}

func TestRequestIsDecidedOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	screw := s.newPart("SC-1", false)
	ask := obj{"reason": "low", "lines": []obj{{"part_id": screw, "quantity": 1}}}
	at := s.tech.post("/v1/part-requests", ask).want(http.StatusCreated).header.Get("Location")
	s.chief.post(at+"/approve", nil, match(1)).want(http.StatusOK)
	s.clerk.post(at+"/issue", obj{"warehouse_id": s.warehouse, "lines": []obj{{"part_id": screw, "quantity": 1}}}, match(2)).want(http.StatusConflict)
	s.tech.post(at+"/cancel", nil, match(2)).want(http.StatusOK)
	at = s.tech.post("/v1/part-requests", ask).want(http.StatusCreated).header.Get("Location")
	if status := s.clerk.post(at+"/reject", obj{"reason": "no"}, match(1)).want(http.StatusOK).life(); status != "rejected" {
		t.Errorf("the request is %s", status)
	}
	mine := s.as(who.Dispatcher, s.outlet)
	at = mine.post("/v1/part-requests", obj{"technician_id": s.technician, "lines": []obj{{"part_id": screw, "quantity": 1}}}).want(http.StatusCreated).header.Get("Location")
	mine.post(at+"/approve", nil, match(1)).want(http.StatusForbidden)
	mine.post("/v1/part-requests", ask).want(http.StatusUnprocessableEntity)
	var list struct{ Items []struct{ Status string } }
	s.tech.get("/v1/part-requests?status=requested").want(http.StatusOK).into(&list)
	if len(list.Items) != 1 {
		t.Errorf("listed %+v", list)
	}
}

func TestPartsOfAnotherOutletAreNotThere(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.newStores("A"), w.newStores("B")
	board := a.newPart("CB-1", true)
	var moved struct{ Items []struct{ ID uuid.UUID } }
	a.chief.post("/v1/stock/receive", obj{"location_id": a.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"N1"}}}}).want(http.StatusCreated).into(&moved)
	a.carry(a.warehouse, a.van, []obj{{"part_id": board, "serials": []string{"N1"}}})
	request := a.tech.post("/v1/part-requests", obj{"lines": []obj{{"part_id": board, "quantity": 1}}}).want(http.StatusCreated).header.Get("Location")
	var used struct {
		PartReturnID uuid.UUID `json:"part_return_id"`
	}
	uses := "/v1/jobs/" + a.job.String() + "/part-uses"
	use := obj{"part_id": board, "new_serial": "N1", "old_serial": "O1", "old_part_wish": "return"}
	a.tech.post(uses, use).want(http.StatusCreated).into(&used)
	back := "/v1/part-returns/" + used.PartReturnID.String()
	var units struct{ Items []struct{ ID uuid.UUID } }
	a.clerk.get("/v1/units?serial=N1").want(http.StatusOK).into(&units)
	lines := []obj{{"part_id": board, "quantity": 1}}

	for _, ask := range []*reply{
		b.clerk.get("/v1/locations/" + a.van.String()),
		b.clerk.patch("/v1/locations/"+a.van.String(), 1, obj{"name": "Ours"}),
		b.clerk.get("/v1/movements/" + moved.Items[0].ID.String()),
		b.clerk.post("/v1/movements/"+moved.Items[0].ID.String()+"/reverse", obj{"note": "x"}),
		b.clerk.get("/v1/units/" + units.Items[0].ID.String()),
		b.clerk.get(request),
		b.chief.post(request+"/approve", nil, match(1)),
		b.chief.post(request+"/reject", obj{"reason": "x"}, match(1)),
		b.chief.post(request+"/cancel", nil, match(1)),
		b.clerk.post(request+"/issue", obj{"warehouse_id": b.warehouse, "lines": lines}, match(1)),
		b.tech.post(request+"/receive", obj{"lines": lines}, match(1)),
		b.clerk.get(back),
		b.clerk.post(back+"/receive", obj{"warehouse_id": b.warehouse, "serial": "O1"}, match(1)),
		b.chief.get(uses),
		b.tech.post(uses, use),
	} {
		if ask.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", ask.asked, ask.status, ask.body)
		}
	}
	for _, path := range []string{"/v1/movements", "/v1/units", "/v1/part-requests", "/v1/part-returns", "/v1/stock", "/v1/locations?outlet_id=" + a.outlet.String()} {
		var list struct{ Items []any }
		if b.clerk.get(path).want(http.StatusOK).into(&list); len(list.Items) != 0 {
			t.Errorf("%s shows %v", path, list.Items)
		}
	}
	// A body that names what is another outlet's names nothing.
	for pointer, a := range map[string]*reply{
		"/location_id":      b.chief.post("/v1/stock/receive", obj{"location_id": a.warehouse, "lines": lines}),
		"/from_location_id": b.clerk.post("/v1/stock/transfer", obj{"from_location_id": a.van, "to_location_id": b.van, "lines": lines}),
		"/technician_id":    b.chief.post("/v1/part-requests", obj{"technician_id": a.technician, "lines": lines}),
		"/job_id":           b.tech.post("/v1/part-requests", obj{"job_id": a.job, "lines": lines}),
		"/outlet_id":        b.clerk.post("/v1/locations", obj{"code": "X", "name": "X", "kind": "van", "outlet_id": a.outlet}),
	} {
		if p := a.want(http.StatusUnprocessableEntity).pointers(); len(p) == 0 || p[0] != pointer {
			t.Errorf("%s: refused at %v", pointer, p)
		}
	}
}

func TestTwoTechniciansCannotUseOneUnit(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"N1"}}}}).want(http.StatusCreated)
	s.carry(s.warehouse, s.van, []obj{{"part_id": board, "serials": []string{"N1"}}})
	jobs := []uuid.UUID{s.job, s.newJob("A-J2", s.technician)}
	status := make([]int, len(jobs))
	var wg sync.WaitGroup
	for i, job := range jobs {
		wg.Go(func() {
			status[i] = s.tech.post("/v1/jobs/"+job.String()+"/part-uses", obj{"part_id": board, "new_serial": "N1", "old_serial": fmt.Sprint("O", i), "old_part_wish": "return"}).status
		})
	}
	wg.Wait()
	if status[0]+status[1] != http.StatusCreated+http.StatusConflict {
		t.Errorf("answered %v", status)
	}
}
