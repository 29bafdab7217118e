package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// serviceCase is what the tests read of a case.
type serviceCase struct {
	ID                       uuid.UUID
	Number, Status, Priority string
	OutletID                 *uuid.UUID `json:"outlet_id"`
	ReceivedAt               time.Time  `json:"received_at"`
	ResponseDueAt            time.Time  `json:"response_due_at"`
	CompletionDueAt          time.Time  `json:"completion_due_at"`
	ResponseOverdue          bool       `json:"response_overdue"`
	PolicyVersion            int        `json:"policy_version"`
	Version                  int
}

// home is a customer's site in an outlet of its own.
type home struct{ outlet, customer, site uuid.UUID }

func (w *world) home() home {
	w.t.Helper()
	h := home{outlet: w.outlet()}
	h.customer = w.row("customers", map[string]any{"outlet_id": h.outlet})
	h.site = w.row("sites", map[string]any{"customer_id": h.customer, "outlet_id": h.outlet, "time_zone": "Asia/Shanghai"})
	return h
}

// request is the body of a request for a repair there, with other members.
func (h home) request(more ...any) map[string]any {
	body := map[string]any{
		"channel": "hotline", "type": "fault", "severity": "general", "customer_id": h.customer, "site_id": h.site, "description": "It drips",
	}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

type m = map[string]any

func TestCaseFromReceiptToItsEnd(t *testing.T) {
	t.Parallel()
	w := open(t)
	h := w.home()
	c := w.as(who.Agent, h.outlet)
	opened := c.post("/v1/cases", h.request()).want(http.StatusCreated)
	at := opened.header.Get("Location")
	var got serviceCase
	opened.into(&got)
	if got.Status != "received" || got.Priority != "P1" || *got.OutletID != h.outlet || got.PolicyVersion != 1 ||
		got.ResponseDueAt.Sub(got.ReceivedAt) != 4*time.Hour || got.CompletionDueAt.Sub(got.ReceivedAt) != 72*time.Hour {
		t.Errorf("%s", opened.body)
	}
	c.patch(at, 1, m{"severity": "urgent"}).want(http.StatusOK).into(&got)
	if got.Priority != "P0" || got.ResponseDueAt.Sub(got.ReceivedAt) != time.Hour {
		t.Errorf("%+v", got)
	}
	c.patch(at, 1, m{"severity": "general"}).want(http.StatusPreconditionFailed)
	c.patch(at, 2, m{"priority": "P2"}).want(http.StatusOK)
	c.patch(at, 3, m{"priority": nil}).want(http.StatusOK).into(&got)
	if got.Priority != "P0" {
		t.Errorf("priority %s", got.Priority)
	}
	c.post(at+"/classify", m{"type": "complaint"}, match(4)).want(http.StatusOK)
	c.post(at+"/respond", m{}, match(5)).want(http.StatusOK)
	c.post(at+"/respond", m{}, match(6)).want(http.StatusConflict)
	job := c.post(at+"/jobs", m{"title": "Mend it", "minutes": 45}).want(http.StatusCreated)
	var opening struct {
		CaseID   uuid.UUID `json:"case_id"`
		SiteID   uuid.UUID `json:"site_id"`
		Priority string
		DueAt    time.Time `json:"due_at"`
	}
	job.into(&opening)
	if opening.CaseID != got.ID || opening.SiteID != h.site || opening.Priority != "P0" || !opening.DueAt.Equal(got.CompletionDueAt) {
		t.Errorf("%s", job.body)
	}
	busy := c.get(at).want(http.StatusOK)
	if busy.into(&got); got.Status != "in_service" {
		t.Errorf("%s", busy.body)
	}
	c.post(at+"/resolve", m{"resolution": "by phone"}, match(busy.version())).want(http.StatusConflict)
	w.as(who.Dispatcher, h.outlet).post(job.header.Get("Location")+"/cancel", m{"reason": "not needed"}, match(job.version())).want(http.StatusOK)
	c.post(at+"/resolve", m{"resolution": "by phone"}, match(busy.version())).want(http.StatusOK)
	c.post(at+"/close", nil, match(busy.version()+1)).want(http.StatusOK)
	c.post(at+"/reopen", m{"reason": "drips again"}, match(busy.version()+2)).want(http.StatusOK)
	again := c.post(at+"/jobs", m{"title": "Mend it again", "minutes": 45}).want(http.StatusCreated)
	v := c.get(at).version()
	c.post(at+"/cancel", m{"reason": "bought another"}, match(v)).want(http.StatusOK).into(&got)
	if got.Status != "canceled" {
		t.Errorf("%+v", got)
	}
	var canceled struct{ Status string }
	if c.get(again.header.Get("Location")).into(&canceled); canceled.Status != "canceled" {
		t.Errorf("the job is %s", canceled.Status)
	}
}

func TestCaseHistoryIsToldInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	w := open(t)
	h := w.home()
	c := w.as(who.Agent, h.outlet)
	at := c.post("/v1/cases", h.request("received_at", "2026-01-05T10:00:00+08:00")).want(http.StatusCreated).header.Get("Location")
	c.post(at+"/classify", m{}, match(1)).want(http.StatusOK)
	job := c.post(at+"/jobs", m{"title": "Mend it", "minutes": 45}).want(http.StatusCreated)
	type page struct {
		Items []struct {
			Kind, Text, Actor string
			SubjectType       string `json:"subject_type"`
		}
		NextCursor *string `json:"next_cursor"`
	}
	var first, rest page
	reply := c.get(at+"/history?limit=2", lang("zh-CN")).want(http.StatusOK).into(&first)
	if len(first.Items) != 2 || first.NextCursor == nil || reply.header.Get("Link") == "" || first.Items[0].Actor != "A agent" ||
		!strings.HasPrefix(first.Items[0].Text, "服务请求 20260105001 通过服务热线受理：故障、一般、优先级 P1；响应期限 2026-01-05 14:00") {
		t.Errorf("%+v", first)
	}
	c.get(at + "/history?cursor=" + *first.NextCursor).want(http.StatusOK).into(&rest)
	if len(rest.Items) != 2 || rest.NextCursor != nil || rest.Items[0].Kind != "job.opened" || rest.Items[0].SubjectType != "job" ||
		rest.Items[1].Text != "in service with job "+numberOf(job) {
		t.Errorf("%+v", rest)
	}
	c.get(at + "/history?cursor=bm90aGluZw").want(http.StatusUnprocessableEntity)
}

func numberOf(a *reply) string {
	var row struct{ Number string }
	a.into(&row)
	return row.Number
}

func TestCaseNamesEachWrongMember(t *testing.T) {
	t.Parallel()
	w := open(t)
	h, other := w.home(), w.home()
	c := w.as(who.Agent, h.outlet)
	for _, tt := range []struct {
		name     string
		body     map[string]any
		pointers []string
	}{
		{"another outlet's site", h.request("site_id", other.site), []string{"/site_id"}},
		{"another outlet's customer and site", other.request(), []string{"/customer_id", "/site_id"}},
		{"an asset that is not there", h.request("asset_id", uuid.New()), []string{"/asset_id"}},
		{"received tomorrow", h.request("received_at", time.Now().Add(24*time.Hour)), []string{"/received_at"}},
		{"no word of what", h.request("description", "  "), []string{"/description"}},
	} {
		got := c.post("/v1/cases", tt.body).want(http.StatusUnprocessableEntity).pointers()
		slices.Sort(got)
		if !slices.Equal(got, tt.pointers) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	key := h.request("external_key", "shop-1")
	c.post("/v1/cases", key).want(http.StatusCreated)
	c.post("/v1/cases", key).want(http.StatusConflict)
}

func TestListOfCases(t *testing.T) {
	t.Parallel()
	w := open(t)
	h, other := w.home(), w.home()
	c := w.as(who.Supervisor)
	late := numberOf(c.post("/v1/cases", h.request("received_at", time.Now().Add(-5*time.Hour))).want(http.StatusCreated))
	c.post("/v1/cases", h.request("severity", "urgent")).want(http.StatusCreated)
	c.post("/v1/cases", other.request()).want(http.StatusCreated)
	for query, want := range map[string]int{
		"": 3, "?priority=P0": 1, "?status=received,classified": 3, "?status=closed": 0, "?overdue=true": 1, "?q=" + late: 1, "?type=fault": 3,
		"?customer_id=" + h.customer.String(): 2, "?outlet_id=" + other.outlet.String(): 1, "?site_id=" + other.site.String(): 1,
	} {
		var p struct{ Items []serviceCase }
		if c.get("/v1/cases" + query).want(http.StatusOK).into(&p); len(p.Items) != want {
			t.Errorf("%q: %d cases, want %d", query, len(p.Items), want)
		}
		if query == "?overdue=true" && (p.Items[0].Number != late || !p.Items[0].ResponseOverdue) {
			t.Errorf("%+v", p.Items)
		}
	}
}

func TestTechnicianReadsTheCasesOfHisJobs(t *testing.T) {
	t.Parallel()
	w := open(t)
	h := w.home()
	agent, technician := w.as(who.Agent), w.as(who.Technician, h.outlet)
	id := w.row("technicians", map[string]any{"user_id": technician.user, "outlet_id": h.outlet, "currency": "CNY"})
	mine := agent.post("/v1/cases", h.request()).want(http.StatusCreated).header.Get("Location")
	other := agent.post("/v1/cases", h.request()).want(http.StatusCreated).header.Get("Location")
	job := agent.post(mine+"/jobs", m{"title": "Mend it", "minutes": 45}).want(http.StatusCreated).id()
	technician.get(mine).want(http.StatusNotFound)
	w.row("bookings", map[string]any{"job_id": job, "technician_id": id, "outlet_id": h.outlet, "starts_at": time.Now(), "ends_at": time.Now().Add(time.Hour)})
	technician.get(mine).want(http.StatusOK)
	technician.get(mine + "/history").want(http.StatusOK)
	technician.get(other).want(http.StatusNotFound)
	var p struct{ Items []serviceCase }
	if technician.get("/v1/cases").want(http.StatusOK).into(&p); len(p.Items) != 1 {
		t.Errorf("%d cases", len(p.Items))
	}
	technician.post(mine+"/close", nil, match(2)).want(http.StatusForbidden)
}
