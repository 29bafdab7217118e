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

// wiredSignal is what the tests read of a signal.
type wiredSignal struct {
	ID            uuid.UUID
	Rule, Status  string
	Title, Text   string
	FalsePositive *bool `json:"false_positive"`
	Evidence      []struct{ Kind, Label, Href string }
}

// owed is somebody of an outlet whose van owes parts since long ago, and the job that they went into.
func (w *world) owed(outlet uuid.UUID) {
	w.t.Helper()
	type m = map[string]any
	van := w.row("locations", m{"code": "van" + uuid.NewString(), "kind": "van", "outlet_id": outlet})
	tech := w.row("technicians", m{"outlet_id": outlet, "currency": "CNY", "van_id": van})
	customer := w.row("customers", m{"outlet_id": outlet})
	site := w.row("sites", m{"customer_id": customer, "outlet_id": outlet, "time_zone": "Asia/Shanghai"})
	job := w.row("jobs", m{
		"number": "J-" + uuid.NewString(), "status": "working", "priority": "P1", "customer_id": customer, "site_id": site, "outlet_id": outlet, "time_zone": "Asia/Shanghai",
	})
	part := w.row("parts", m{"number": "P-" + uuid.NewString(), "serialized": false})
	then := time.Now().Add(-10 * 24 * time.Hour)
	move := w.row("movements", m{
		"part_id": part, "kind": "use", "from_location": van, "to_location": uuid.MustParse("01900000-0000-7000-8000-000000000003"), "quantity": 4, "short": 4,
		"job_id": job, "moved_at": then, "occurred_at": then, "booked_at": then,
	})
	w.row("part_uses", m{
		"job_id": job, "part_id": part, "quantity": 4, "movement_id": move, "old_part_wish": "none", "technician_id": tech, "used_at": then, "occurred_at": then, "short": 4,
	})
}

func TestSignalsFromScanToJudgment(t *testing.T) {
	t.Parallel()
	w := open(t)
	here, there := w.outlet(), w.outlet()
	w.owed(here)
	w.owed(there)
	boss := w.as(who.Supervisor, here)
	var scanned struct{ Items []wiredSignal }
	boss.post("/v1/signals/scan", nil, key("scan-once-0001")).want(http.StatusOK).into(&scanned)
	rules := []string{}
	for _, s := range scanned.Items {
		rules = append(rules, s.Rule)
	}
	slices.Sort(rules)
	if !slices.Equal(rules, []string{"shortage_unsettled", "used_beyond_need", "used_never_issued"}) {
		t.Fatalf("raised %v", rules)
	}
	boss.post("/v1/signals/scan", nil, key("scan-once-0001")).want(http.StatusOK)
	boss.post("/v1/signals/scan", nil).want(http.StatusOK).into(&scanned)
	if len(scanned.Items) != 0 {
		t.Errorf("raised again: %v", scanned.Items)
	}

	var list struct{ Items []wiredSignal }
	boss.get("/v1/signals?rule=used_never_issued&status=raised&severity=high").want(http.StatusOK).into(&list)
	if len(list.Items) != 1 {
		t.Fatalf("listed %v", list.Items)
	}
	at := "/v1/signals/" + list.Items[0].ID.String()
	var en, zh wiredSignal
	boss.get(at).want(http.StatusOK).into(&en)
	boss.get(at, lang("zh-CN")).want(http.StatusOK).into(&zh)
	if !strings.Contains(en.Text, "4 pieces of part P-") || en.Text == zh.Text || en.Title == zh.Title || !strings.Contains(zh.Text, "4 件") {
		t.Errorf("said %q and %q", en.Text, zh.Text)
	}
	kinds := map[string]bool{}
	for i, e := range en.Evidence {
		kinds[e.Kind] = true
		boss.get(e.Href).want(http.StatusOK)
		if e.Kind == "figure" && e.Label == zh.Evidence[i].Label {
			t.Errorf("the figure %q has no Chinese", e.Label)
		}
	}
	for _, k := range []string{"figure", "use", "movement", "job", "location"} {
		if !kinds[k] {
			t.Errorf("the evidence lacks a %s", k)
		}
	}

	boss.post(at+"/dismiss", map[string]any{"note": "  ", "false_positive": true}, match(1)).want(http.StatusUnprocessableEntity)
	boss.post(at+"/dismiss", map[string]any{"note": "scanned late", "false_positive": true}, match(7)).want(http.StatusPreconditionFailed)
	a := boss.post(at+"/dismiss", map[string]any{"note": "scanned late", "false_positive": true}, match(1)).want(http.StatusOK).into(&en)
	if en.Status != "dismissed" || en.FalsePositive == nil || !*en.FalsePositive || a.version() != 2 {
		t.Errorf("dismissed %+v", en)
	}
	boss.post(at+"/confirm", map[string]any{"note": "after all"}, match(2)).want(http.StatusConflict)
	w.as(who.Supervisor, there).post(at+"/confirm", map[string]any{"note": "mine"}, match(2)).want(http.StatusNotFound)
	w.as(who.Technician, here).get(at).want(http.StatusForbidden)

	var summary struct {
		Raised int
		Items  []struct {
			Rule           string
			Raised         int
			FalsePositives int `json:"false_positives"`
		}
	}
	w.as(who.Inspector, here).get("/v1/signals/summary").want(http.StatusOK).into(&summary)
	if summary.Raised != 2 || len(summary.Items) != 20 || summary.Items[0].Rule != "used_never_issued" || summary.Items[0].FalsePositives != 1 {
		t.Errorf("counted %+v", summary)
	}
}

func TestSignalRulesArePublished(t *testing.T) {
	t.Parallel()
	w := open(t)
	type rules struct {
		Items []struct {
			ID, Title, Rule string
			WrongWhen       string `json:"wrong_when"`
			Formula, Source *string
			Threshold       struct {
				Name  string
				Value float64
			}
		}
	}
	var en, zh rules
	c := w.as(who.Inspector)
	c.get("/v1/signal-rules").want(http.StatusOK).into(&en)
	c.get("/v1/signal-rules", lang("zh-CN")).want(http.StatusOK).into(&zh)
	for i, r := range en.Items {
		if z := zh.Items[i]; r.Title == z.Title || r.Rule == z.Rule || r.WrongWhen == z.WrongWhen || r.Threshold.Name != "signal_"+r.ID {
			t.Errorf("published %+v and %+v", r, z)
		}
		if r.ID == "unusual_consumption" && (r.Threshold.Value != 3.5 || r.Formula == nil || !strings.Contains(*r.Source, "Iglewicz")) {
			t.Errorf("published %+v", r)
		}
	}
	w.as(who.Technician).get("/v1/signal-rules").want(http.StatusForbidden)
}
