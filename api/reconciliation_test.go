package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// reckoning is the answer of a reconciliation, as far as the tests look at it.
type reckoning struct {
	Sound  *bool
	Rows   *int
	Totals []struct {
		Currency string
		Pieces   struct{ Opening, Issued, Used, Closing int }
		Values   struct{ Closing int }
	}
	Items []struct {
		Holder *struct {
			ID   uuid.UUID
			Name string
		}
		PartNumber                                         string `json:"part_number"`
		Opening, Issued, Used, Returned, Variance, Closing int
		Holds                                              bool
		Attention                                          string
		UnitCost                                           *int `json:"unit_cost"`
		Values                                             *struct{ Closing int }
	}
	NextCursor *string `json:"next_cursor"`
}

func TestAReconciliationOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("RC")
	part := s.newPart("RC-1", false)
	receive := obj{"location_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": 20, "unit_cost": 1250}}}
	s.chief.post("/v1/stock/receive", receive).want(http.StatusCreated)
	move := func(n int) {
		s.carry(s.warehouse, s.van, []obj{{"part_id": part, "quantity": n}})
	}
	move(5)
	move(2)
	from := "from=" + url.QueryEscape(time.Now().Add(-time.Hour).Format(time.RFC3339))

	var r reckoning
	s.tech.get("/v1/reconciliation?" + from).want(http.StatusOK).into(&r)
	if len(r.Items) != 1 || !*r.Sound || r.NextCursor != nil {
		t.Fatalf("%+v", r)
	}
	row := r.Items[0]
	if row.Holder.ID != s.technician || row.Issued != 7 || row.Closing != 7 || !row.Holds || row.Attention != "none" || *row.UnitCost != 1250 || row.Values.Closing != 8750 || r.Totals[0].Values.Closing != 8750 {
		t.Errorf("%+v", row)
	}

	var d struct {
		Sum        int
		Items      []struct{ Amount int }
		NextCursor *string `json:"next_cursor"`
	}
	drill := fmt.Sprintf("/v1/reconciliation/movements?figure=issued&technician_id=%s&part_id=%s&limit=1&%s", s.technician, part, from)
	s.clerk.get(drill).want(http.StatusOK).into(&d)
	if d.Sum != 7 || len(d.Items) != 1 || d.Items[0].Amount != 5 || d.NextCursor == nil {
		t.Fatalf("%+v", d)
	}
	s.clerk.get(drill + "&cursor=" + *d.NextCursor).want(http.StatusOK).into(&d)
	if len(d.Items) != 1 || d.Items[0].Amount != 2 || d.NextCursor != nil {
		t.Errorf("the second page: %+v", d)
	}
}

func TestPagesOfAReconciliationLeaveNothingOut(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("RP")
	for i := range 7 {
		part := s.newPart(fmt.Sprintf("RP-%d", i), false)
		s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": i + 1}}}).want(http.StatusCreated)
	}
	seen, path := []string{}, "/v1/reconciliation?by=location&limit=3"
	for next := ""; ; {
		var r reckoning
		s.clerk.get(path + next).want(http.StatusOK).into(&r)
		if first := next == ""; first && (*r.Rows != 7 || r.Totals[0].Pieces.Closing != 28 || !*r.Sound) || !first && (r.Rows != nil || r.Totals != nil || r.Sound != nil) {
			t.Fatalf("totals are of all pages, and come with the first: %+v", r)
		}
		for _, row := range r.Items {
			seen = append(seen, row.PartNumber)
		}
		if r.NextCursor == nil {
			break
		}
		next = "&cursor=" + *r.NextCursor
	}
	if got, want := strings.Join(seen, " "), "RP-0 RP-1 RP-2 RP-3 RP-4 RP-5 RP-6"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Names may be as long as they are: a cursor is not.
func TestLongNamesDoNotEndAReconciliation(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("RN")
	for i := range 2 {
		part := s.newPart(fmt.Sprintf("RN-%d", i), false)
		s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": 1}}}).want(http.StatusCreated)
	}
	w.exec(`UPDATE locations SET name = $1`, strings.Repeat("浦东新区张江高科技园区第一仓库", 12))
	var first, second reckoning
	s.clerk.get("/v1/reconciliation?by=location&limit=1").want(http.StatusOK).into(&first)
	s.clerk.get("/v1/reconciliation?by=location&limit=1&cursor=" + *first.NextCursor).want(http.StatusOK).into(&second)
	if len(second.Items) != 1 || second.Items[0].PartNumber != "RN-1" || second.NextCursor != nil {
		t.Errorf("%+v", second)
	}
}

func TestAReconciliationIsDownloaded(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("RD")
	part := s.newPart("RD-1", false)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": 3}}}).want(http.StatusCreated)
	for path, begins := range map[string]string{"/v1/reconciliation.xlsx": "PK\x03\x04", "/v1/reconciliation.pdf": "%PDF-"} {
		a := s.chief.get(path + "?by=location").want(http.StatusOK)
		if !bytes.HasPrefix(a.body, []byte(begins)) || !strings.Contains(a.header.Get("Content-Disposition"), "reconciliation-location-") {
			t.Errorf("%s: %.8q, %s", path, a.body, a.header.Get("Content-Disposition"))
		}
	}
}

func TestWhatMakesNoSenseIsNotReconciled(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.as(who.Inspector)
	for query, pointer := range map[string]string{
		"from=2030-02-01T00:00:00Z&to=2030-01-01T00:00:00Z": "/to",
		"from=2030-02-01T00:00:00Z&to=2030-02-01T00:00:00Z": "/to",
		"from=2030-02-01T00:00:00Z&to=0001-01-01T00:00:00Z": "/to",
		"period=never": "/period",
		"by=nobody":    "/by",
		"cursor=AAAA":  "/cursor",
	} {
		a := c.get("/v1/reconciliation?" + query).want(http.StatusUnprocessableEntity)
		if p := a.problem(); len(p.Errors) != 1 || p.Errors[0].Pointer != pointer || p.Errors[0].In != "query" {
			t.Errorf("%s: %s", query, a.body)
		}
	}
}

func TestAPeriodIsLockedOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.newStores("RL")
	part := s.newPart("RL-1", false)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": 3, "unit_cost": 1250}}}).want(http.StatusCreated)
	w.exec(`INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, moved_at, occurred_at, booked_at)
		SELECT gen_random_uuid(), $1, $2, $3, 1, 'transfer', now(), at, at FROM (SELECT now() - interval '2 days' AS at) x`, part, s.warehouse, s.van)
	boss := w.as(who.Supervisor)
	ends := time.Now().UTC().Truncate(time.Microsecond)
	body := obj{"name": "first", "ends_at": ends.Format(time.RFC3339Nano), "note": "done"}
	s.chief.post("/v1/stock-periods", body).want(http.StatusForbidden)
	var p struct {
		Name     string
		EndsAt   time.Time  `json:"ends_at"`
		StartsAt *time.Time `json:"starts_at"`
		Places   int
	}
	boss.post("/v1/stock-periods", body).want(http.StatusCreated).into(&p)
	if p.Name != "first" || !p.EndsAt.Equal(ends) || p.StartsAt != nil || p.Places != 3 {
		t.Errorf("%+v", p)
	}
	for name, pointer := range map[string]string{"first": "/ends_at", "second": "/ends_at"} {
		body["name"] = name
		if a := boss.post("/v1/stock-periods", body).want(http.StatusUnprocessableEntity); a.pointers()[0] != pointer {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	var list struct{ Items []struct{ Name string } }
	boss.get("/v1/stock-periods").want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].Name != "first" {
		t.Errorf("%+v", list)
	}
	const locked = "/v1/reconciliation?by=part&period=first"
	before := s.clerk.get(locked).want(http.StatusOK)
	var r reckoning
	before.into(&r)
	if len(r.Items) != 1 || r.Items[0].Issued != 3 || r.Items[0].Closing != 3 || r.Items[0].Values.Closing != 3750 {
		t.Errorf("%s", before.body)
	}
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": part, "quantity": 3, "unit_cost": 900_000_000}}}).want(http.StatusCreated)
	if after := s.clerk.get(locked).want(http.StatusOK); !bytes.Equal(before.body, after.body) {
		t.Errorf("a locked period says %s, and said %s", after.body, before.body)
	}
	if err := w.house.Auditor.ReconcileYesterday(t.Context()); err != nil {
		t.Fatal(err)
	}
	var runs struct{ Items []struct{ Unsound int } }
	boss.get("/v1/reconciliation/runs").want(http.StatusOK).into(&runs)
	if len(runs.Items) != 1 || runs.Items[0].Unsound != 0 {
		t.Errorf("%+v", runs)
	}
}
