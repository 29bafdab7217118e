package cases_test

import (
	"sync"
	"testing"
	"time"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
)

func TestOpenGivesNumberOutletAndDeadlines(t *testing.T) {
	w := open(t)
	c := w.received(func(n *cases.NewCase) { n.ReceivedAt = ptr(monday.Add(-time.Minute)) })
	from := monday.Add(-time.Minute)
	switch got := w.now(c); {
	case got.Number != "20261123001" || got.Status != cases.StatusReceived || got.Version != 1:
		t.Errorf("%+v", got)
	case got.Priority != dispatch.PriorityP1 || got.PriorityByHand:
		t.Errorf("priority %s, by hand: %v", got.Priority, got.PriorityByHand)
	case got.OutletID == nil || *got.OutletID != w.east:
		t.Errorf("outlet %v", got.OutletID)
	case !got.ResponseDueAt.Equal(from.Add(4*time.Hour)) || !got.CompletionDueAt.Equal(from.Add(72*time.Hour)) || got.PolicyVersion != 1:
		t.Errorf("deadlines %v %v", got.ResponseDueAt, got.CompletionDueAt)
	case got.ResponseOverdue || got.CompletionOverdue:
		t.Error("overdue at once")
	}
	w.wantKinds(c, "case.opened")
	// The number's day is the day of receipt where the operation is: yesterday evening there.
	late := w.received(func(n *cases.NewCase) { n.ReceivedAt = ptr(time.Date(2026, 11, 22, 15, 59, 0, 0, time.UTC)) })
	if late.Number != "20261122001" {
		t.Errorf("number %s", late.Number)
	}
}

func TestDeadlinesFollowThePriority(t *testing.T) {
	w := open(t)
	for _, tt := range []struct {
		priority             dispatch.Priority
		response, completion time.Duration
	}{
		{dispatch.PriorityP0, time.Hour, 24 * time.Hour},
		{dispatch.PriorityP1, 4 * time.Hour, 72 * time.Hour},
		{dispatch.PriorityP2, 24 * time.Hour, 7 * 24 * time.Hour}, // five working days from Monday morning
	} {
		c := w.received(func(n *cases.NewCase) { n.Priority = &tt.priority })
		if !c.PriorityByHand || c.ResponseDueAt.Sub(monday) != tt.response || c.CompletionDueAt.Sub(monday) != tt.completion {
			t.Errorf("%s: response %v, completion %v", tt.priority, c.ResponseDueAt.Sub(monday), c.CompletionDueAt.Sub(monday))
		}
	}
}

func TestDeadlinesReckonedAgainAreThoseStored(t *testing.T) {
	w := open(t)
	was := must(w.policies.Current(t.Context()))(t)
	w.pass(time.Hour)
	if _, err := w.policies.Publish(t.Context(), who.System, policy.Publication{
		BasedOn: 1, Figures: map[policy.Name]policy.Figure{
			policy.CaseResponse("P1"): {Value: 30, Unit: policy.UnitMinute, Calendar: policy.Clock},
		},
	}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Hour)
	before := w.received(func(n *cases.NewCase) { n.ReceivedAt = &monday })
	after := w.received()
	if before.PolicyVersion != 1 || before.ResponseDueAt.Sub(monday) != 4*time.Hour {
		t.Errorf("received under version 1, judged by version %d: %v", before.PolicyVersion, before.ResponseDueAt.Sub(monday))
	}
	if after.PolicyVersion != 2 || after.ResponseDueAt.Sub(after.ReceivedAt) != 30*time.Minute {
		t.Errorf("received under version 2, judged by version %d: %v", after.PolicyVersion, after.ResponseDueAt.Sub(after.ReceivedAt))
	}
	// A case is judged by its own version for good, whatever happens to it.
	before = must(w.Amend(t.Context(), w.desk, before.ID, 1, cases.Change{Priority: ptr(ptr(dispatch.PriorityP2))}))(t)
	before = must(w.Amend(t.Context(), w.desk, before.ID, 2, cases.Change{Priority: ptr((*dispatch.Priority)(nil))}))(t)
	for _, c := range []cases.Case{w.now(before), w.now(after)} {
		p := must(w.policies.Find(t.Context(), c.PolicyVersion))(t)
		again := cases.DeadlinesOf(p, c.Priority, c.ReceivedAt, c.ReopenedAt)
		if !again.Response.Equal(c.ResponseDueAt) || !again.Completion.Equal(c.CompletionDueAt) {
			t.Errorf("reckoned again %+v, stored %v %v", again, c.ResponseDueAt, c.CompletionDueAt)
		}
	}
	if got := cases.DeadlinesOf(was, before.Priority, before.ReceivedAt, nil); !got.Response.Equal(before.ResponseDueAt) {
		t.Errorf("the first policy says %v", got)
	}
}

func TestOpenNamesEveryFault(t *testing.T) {
	w := open(t)
	nothing := uuid.Must(uuid.NewV7())
	product := must(w.register.OpenProduct(t.Context(), who.System, registry.NewProduct{Code: "AC", Name: "Air conditioner"}))(t)
	here := must(w.register.OpenAsset(t.Context(), w.desk, registry.NewAsset{ProductID: product.ID, Serial: "1", SiteID: w.site.ID}))(t)
	there := must(w.register.OpenAsset(t.Context(), w.desk, registry.NewAsset{ProductID: product.ID, Serial: "2", SiteID: w.far.ID}))(t)
	for _, tt := range []struct {
		name     string
		by       who.Actor
		change   func(*cases.NewCase)
		pointers []string
	}{
		{"nothing there", w.desk, func(n *cases.NewCase) { n.CustomerID, n.SiteID, n.AssetID = nothing, nothing, &nothing }, []string{"/customer_id", "/site_id", "/asset_id"}},
		{"no such customer", w.desk, func(n *cases.NewCase) { n.CustomerID = nothing }, []string{"/customer_id"}},
		{"no such site", w.desk, func(n *cases.NewCase) { n.SiteID = nothing }, []string{"/site_id"}},
		{"site of another customer", w.desk, func(n *cases.NewCase) { n.CustomerID = w.far.CustomerID }, []string{"/site_id"}},
		{"asset at another site", w.desk, func(n *cases.NewCase) { n.AssetID = &there.ID }, []string{"/asset_id"}},
		{"another outlet's customer", w.western, func(*cases.NewCase) {}, []string{"/customer_id", "/site_id"}},
		{"in the future", w.desk, func(n *cases.NewCase) { n.ReceivedAt = ptr(monday.Add(time.Second)) }, []string{"/received_at"}},
		{"before anybody", w.desk, func(n *cases.NewCase) { n.ReceivedAt = ptr(monday.AddDate(-40, 0, 0)) }, []string{"/received_at"}},
		{"blank", w.desk, func(n *cases.NewCase) { n.Description = " \n" }, []string{"/description"}},
	} {
		_, err := w.Open(t.Context(), tt.by, w.fault(tt.change))
		t.Run(tt.name, func(t *testing.T) { wants(t, err, fault.Invalid, tt.pointers...) })
	}
	c := must(w.Open(t.Context(), w.eastern, w.fault(func(n *cases.NewCase) { n.AssetID = &here.ID })))(t)
	if c.AssetID == nil || *c.AssetID != here.ID {
		t.Errorf("asset %v", c.AssetID)
	}
}

func TestImportAddsEachKeyOnce(t *testing.T) {
	w := open(t)
	n := w.fault(func(n *cases.NewCase) { n.ExternalKey, n.ReceivedAt = ptr("la311:1"), ptr(monday.AddDate(-6, 0, 0)) })
	const times = 8
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen, added := map[uuid.UUID]bool{}, 0
	for range times {
		wg.Go(func() {
			c, first, err := w.Import(t.Context(), w.desk, n)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if seen[c.ID] = true; first {
				added++
			}
		})
	}
	wg.Wait()
	if len(seen) != 1 || added != 1 {
		t.Errorf("%d cases, added %d times", len(seen), added)
	}
	c := must(w.FindByKey(t.Context(), w.desk, "la311:1"))(t)
	if c.Number[:8] != "20201123" || !c.CompletionOverdue {
		t.Errorf("%+v", c)
	}
	w.wantKinds(c, "case.opened")
	_, err := w.Open(t.Context(), w.desk, n)
	wants(t, err, fault.Conflict)
	_, _, err = w.Import(t.Context(), w.desk, w.fault())
	wants(t, err, fault.Invalid, "/external_key")
}

func TestScope(t *testing.T) {
	w := open(t)
	mine, theirs := w.received(), w.received(func(n *cases.NewCase) { n.CustomerID, n.SiteID = w.far.CustomerID, w.far.ID })
	job := w.visited(mine)
	li, idle := w.newTechnician("Li", job), w.newTechnician("Wang")
	for _, tt := range []struct {
		name string
		by   who.Actor
		c    cases.Case
		sees bool
	}{
		{"the central desk, east", w.desk, mine, true},
		{"the central desk, west", w.desk, theirs, true},
		{"the outlet", w.eastern, mine, true},
		{"another outlet", w.western, mine, false},
		{"the technician of a job", li, mine, true},
		{"a technician without jobs", idle, mine, false},
	} {
		_, err := w.Find(t.Context(), tt.by, tt.c.ID)
		_, _, errHistory := w.History(t.Context(), tt.by, tt.c.ID, 0, 10)
		found, _, errList := w.List(t.Context(), tt.by, cases.Query{Number: tt.c.Number}, uuid.Nil, 10)
		if errList != nil {
			t.Fatal(errList)
		}
		if (err == nil) != tt.sees || (errHistory == nil) != tt.sees || (len(found) == 1) != tt.sees || !tt.sees && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, %v, %d found", tt.name, err, errHistory, len(found))
		}
	}
	_, err := w.Close(t.Context(), w.western, mine.ID, 1)
	wants(t, err, fault.NotFound)
	_, err = w.OpenJob(t.Context(), w.western, mine.ID, dispatch.NewJob{Title: "x", Minutes: 5})
	wants(t, err, fault.NotFound)
	_, err = w.Cancel(t.Context(), w.western, mine.ID, 1, "x")
	wants(t, err, fault.NotFound)
}

func TestListNarrowsAndPages(t *testing.T) {
	w := open(t)
	urgent := w.received(func(n *cases.NewCase) { n.Severity = cases.SeverityUrgent })
	w.received(func(n *cases.NewCase) { n.Type = cases.TypeSuggestion })
	west := w.received(func(n *cases.NewCase) { n.CustomerID, n.SiteID = w.far.CustomerID, w.far.ID })
	w.visited(west)
	w.pass(4*time.Hour + time.Minute)
	count := func(q cases.Query, want int) {
		t.Helper()
		seen := map[uuid.UUID]bool{}
		for after := uuid.Nil; ; {
			found, next, err := w.List(t.Context(), w.desk, q, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range found {
				seen[c.ID] = true
				if q.Overdue && !c.ResponseOverdue && !c.CompletionOverdue {
					t.Errorf("case %s is not overdue", c.Number)
				}
			}
			if after = next; next == uuid.Nil {
				break
			}
		}
		if len(seen) != want {
			t.Errorf("%+v: %d cases, want %d", q, len(seen), want)
		}
	}
	count(cases.Query{}, 3)
	count(cases.Query{Statuses: []cases.Status{cases.StatusReceived}}, 2)
	count(cases.Query{Statuses: []cases.Status{cases.StatusReceived, cases.StatusInService}}, 3)
	count(cases.Query{Priority: dispatch.PriorityP0}, 1)
	count(cases.Query{Type: cases.TypeSuggestion}, 1)
	count(cases.Query{CustomerID: &w.far.CustomerID}, 1)
	count(cases.Query{SiteID: &w.site.ID}, 2)
	count(cases.Query{OutletID: &w.west}, 1)
	count(cases.Query{Number: urgent.Number}, 1)
	count(cases.Query{Number: urgent.Number[:8]}, 3)
	count(cases.Query{Overdue: true}, 2)
	must(w.Respond(t.Context(), w.desk, urgent.ID, 1, nil))(t)
	count(cases.Query{Overdue: true}, 1)
}
