package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// busy is a world with an outlet whose technicians have more to do tomorrow than they can.
func busy(t *testing.T, technicians, jobs int) (*world, dispatch.Outlet, string) {
	t.Helper()
	w := open(t)
	ctx := t.Context()
	o, err := w.house.Network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "busy", Name: "Busy", TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	for i := range technicians {
		person, err := w.house.Crew.Open(ctx, who.System, dispatch.NewTechnician{OutletID: o.ID, Name: "T" + strconv.Itoa(i), Home: orb.Point{121.4, 31.2}, CostPerHour: 6000, Currency: "CNY"})
		if err == nil {
			_, err = w.house.Crew.Plan(ctx, who.System, person.ID, []dispatch.NewShift{{StartsAt: day.Add(8 * time.Hour), EndsAt: day.Add(17 * time.Hour)}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	customer, err := w.house.Register.OpenCustomer(ctx, who.System, registry.NewCustomer{Name: "Ms Wu"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range jobs {
		site, err := w.house.Register.OpenSite(ctx, who.System, registry.NewSite{
			CustomerID: customer.ID, Address: "Road", Location: orb.Point{121.4 + float64(i%7)/100, 31.2 + float64(i%5)/100}, TimeZone: "UTC",
		})
		if err == nil {
			w.exec(`UPDATE sites SET outlet_id = $1 WHERE id = $2`, o.ID, site.ID)
			_, err = w.house.Board.Open(ctx, who.System, dispatch.NewJob{SiteID: site.ID, Title: "Job", Priority: dispatch.PriorityP1, Minutes: 60})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return w, o, day.Format(time.DateOnly)
}

// told is an event as a client reads it.
type told struct {
	id      int
	status  string
	failure string
}

// follow reads a stream of events over a connection of its own until it ends, or until after says so.
func (c *client) follow(t *testing.T, base, path, lastID string, until func(told) bool, o ...option) (all []told) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	for _, set := range o {
		set(r)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	var now told
	for lines := bufio.NewScanner(a.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			now.id, _ = strconv.Atoi(value)
		case "data":
			var data struct{ Status, Failure string }
			if err := json.Unmarshal([]byte(value), &data); err != nil {
				t.Fatalf("%v: %s", err, value)
			}
			now.status, now.failure = data.Status, data.Failure
			all = append(all, now)
			if until != nil && until(now) {
				return all
			}
		}
	}
	return all
}

func TestPlanIsFollowedAndAppliedOverHTTP(t *testing.T) {
	t.Parallel()
	w, o, day := busy(t, 2, 12)
	w.works()
	server := httptest.NewServer(w.house.Handler)
	t.Cleanup(server.Close)
	c := w.as(who.Dispatcher, o.ID)
	a := c.post("/v1/plans", map[string]any{"day": day, "budget_seconds": 1.5}).want(http.StatusAccepted)
	path := a.header.Get("Location")
	first := c.follow(t, server.URL, path+"/events", "", func(e told) bool { return e.status == "running" })
	if len(first) == 0 {
		t.Fatal("nothing was told")
	}
	last := first[len(first)-1]
	rest := c.follow(t, server.URL, path+"/events", strconv.Itoa(last.id), nil)
	if len(rest) == 0 || rest[0].id != last.id+1 || rest[len(rest)-1].status != "proposed" {
		t.Errorf("after %+v: %+v", last, rest)
	}
	var p struct {
		Status  string
		Changes []struct {
			JobID uuid.UUID `json:"job_id"`
		}
		Result struct {
			Before, After struct{ Served, Jobs int }
			Unserved      []struct{ Text string }
			Notes         []string
		}
	}
	found := c.get(path).want(http.StatusOK).into(&p)
	if p.Status != "proposed" || p.Result.After.Served <= p.Result.Before.Served || len(p.Changes) != p.Result.After.Served || len(p.Result.Notes) == 0 {
		t.Fatalf("%s", found.body)
	}
	if zh := c.get(path, lang("zh-CN")).body; string(zh) == string(found.body) {
		t.Error("it says the same in Chinese")
	}
	var got struct {
		Status           string
		Applied, Refused []any
	}
	half := c.post(path+"/apply", map[string]any{"job_ids": []uuid.UUID{p.Changes[0].JobID}}, match(found.version()), key("apply-key-1")).want(http.StatusOK).into(&got)
	if len(got.Applied) != 1 || got.Status != "proposed" {
		t.Errorf("%s", half.body)
	}
	again := c.post(path+"/apply", map[string]any{"job_ids": []uuid.UUID{p.Changes[0].JobID}}, match(found.version()), key("apply-key-1")).want(http.StatusOK)
	if again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the same request was done twice")
	}
	c.post(path+"/apply", map[string]any{}, match(found.version())).want(http.StatusPreconditionFailed)
	c.post(path+"/apply", map[string]any{"job_ids": []uuid.UUID{uuid.New()}}, match(half.version())).want(http.StatusUnprocessableEntity)
	c.post(path+"/apply", map[string]any{}, match(half.version())).want(http.StatusOK).into(&got)
	if got.Status != "applied" || len(got.Refused) != 0 {
		t.Errorf("%+v", got)
	}
	c.get("/v1/plans/compare?ids=" + strings.TrimPrefix(path, "/v1/plans/")).want(http.StatusOK)
	if list := c.get("/v1/plans?status=applied&day=" + day).want(http.StatusOK); !strings.Contains(string(list.body), path[len("/v1/plans/"):]) {
		t.Errorf("%s", list.body)
	}
	job := c.get("/v1/jobs/" + p.Changes[0].JobID.String()).want(http.StatusOK)
	if !strings.Contains(string(job.body), `"source":"plan"`) {
		t.Errorf("%s", job.body)
	}
}

func TestStreamIsForWhoMayReadIt(t *testing.T) {
	t.Parallel()
	w, o, day := busy(t, 1, 3)
	server := httptest.NewServer(w.house.Handler)
	t.Cleanup(server.Close)
	c := w.as(who.Dispatcher, o.ID)
	path := c.post("/v1/plans", map[string]any{"day": day}).want(http.StatusAccepted).header.Get("Location") + "/events"
	for name, tt := range map[string]struct {
		token  string
		status int
	}{
		"nobody": {"", 401}, "a technician": {w.as(who.Technician, o.ID).token, 403}, "another outlet": {w.as(who.Dispatcher, w.outlet()).token, 404},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+tt.token)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = a.Body.Close()
		if a.StatusCode != tt.status {
			t.Errorf("%s: answered %d", name, a.StatusCode)
		}
	}
	// Nobody works: the stream of the queued plan ends when somebody cancels it, or the server leaves.
	ended := make(chan []told, 1)
	go func() { ended <- c.follow(t, server.URL, path, "", nil) }()
	c.post(strings.TrimSuffix(path, "/events")+"/cancel", nil).want(http.StatusOK)
	if all := <-ended; len(all) != 1 || all[0].status != "discarded" {
		t.Errorf("%+v", all)
	}
	path = c.post("/v1/plans", map[string]any{"day": day}).want(http.StatusAccepted).header.Get("Location") + "/events"
	go func() { ended <- c.follow(t, server.URL, path, "", nil) }()
	w.house.Leave()
	if all := <-ended; len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

func TestCancelStopsTheSearchOverHTTP(t *testing.T) {
	t.Parallel()
	w, o, day := busy(t, 2, 20)
	w.works()
	server := httptest.NewServer(w.house.Handler)
	t.Cleanup(server.Close)
	c := w.as(who.Supervisor, o.ID)
	path := c.post("/v1/plans", map[string]any{"day": day, "budget_seconds": 500}).want(http.StatusAccepted).header.Get("Location")
	c.follow(t, server.URL, path+"/events", "", func(e told) bool { return e.status == "running" })
	c.post(path+"/cancel", nil).want(http.StatusOK)
	all := c.follow(t, server.URL, path+"/events", "", nil)
	if all[len(all)-1].status != "proposed" {
		t.Errorf("%+v", all)
	}
	a := c.get(path).want(http.StatusOK)
	if !strings.Contains(string(a.body), `"stopped":true`) {
		t.Errorf("%s", a.body)
	}
	c.post(path+"/discard", nil, match(a.version())).want(http.StatusOK)
	c.post(path+"/apply", map[string]any{}, match(a.version()+1)).want(http.StatusConflict)
	c.post("/v1/plans", map[string]any{"day": day, "budget_seconds": 5000}).want(http.StatusUnprocessableEntity)
	if p := fmt.Sprint(c.post("/v1/plans", map[string]any{"day": "2020-01-01"}).want(http.StatusUnprocessableEntity).pointers()); p != "[/day]" {
		t.Error(p)
	}
}
