package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory/scans"
	contract "callout/mobile-contract"

	"github.com/google/uuid"
)

// meaning is what resolveScan answers, as far as tests read it.
type meaning struct {
	Raw  string
	Code struct {
		Format string
		GTIN   *string
		Serial *string
	}
	Matches []struct {
		Kind  string
		ID    uuid.UUID
		Title string
		Where []struct {
			LocationKind string `json:"location_kind"`
			LocationName string `json:"location_name"`
			Quantity     *int
			Withheld     *string
		}
		Withheld *string
		Actions  []struct {
			Operation, Method, Href, Title string
			Version                        *int
		}
	}
}

func (c *client) scan(text string, o ...option) meaning {
	c.t.Helper()
	a := c.post("/v1/scans/resolve", map[string]any{"scan": text}, append(o, without("Idempotency-Key"))...)
	var m meaning
	if a.status != http.StatusOK || json.Unmarshal(a.body, &m) != nil {
		c.t.Fatalf("%q: %d: %s", text, a.status, a.body)
	}
	return m
}

func TestEveryActionOfAScanIsAnOperation(t *testing.T) {
	t.Parallel()
	c, err := law()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range scans.Verbs() {
		at := slices.IndexFunc(c.Operations, func(op *contract.Operation) bool { return op.ID == v.Operation })
		if at < 0 {
			t.Errorf("there is no operation %s", v.Operation)
			continue
		}
		op := c.Operations[at]
		if v.Parameter != "" && !slices.ContainsFunc(op.Params, func(p contract.Param) bool { return p.Name == v.Parameter && p.In != "header" }) {
			t.Errorf("%s has no parameter %s", v.Operation, v.Parameter)
		}
		if rest := strings.ReplaceAll(op.Path, "{"+v.Parameter+"}", ""); strings.Contains(rest, "{") {
			t.Errorf("%s of %q leaves %s open", v.Operation, v.Title, rest)
		}
		if !words.Known(v.Title) {
			t.Errorf("%q has no Chinese", v.Title)
		}
	}
}

func TestAScanOffersWhatItsReaderMayDo(t *testing.T) {
	t.Parallel()
	w := open(t)
	here := w.outlet()
	rows := w.somebodyElses(here)
	for _, role := range who.Roles {
		c := w.as(role, here)
		a := c.post("/v1/scans/resolve", map[string]any{"scan": "nothing"}, without("Idempotency-Key"))
		if role == who.Agent {
			if a.status != http.StatusForbidden {
				t.Errorf("%s: %d", role, a.status)
			}
			continue
		}
		if a.status != http.StatusOK || !strings.Contains(string(a.body), `"matches":[]`) {
			t.Errorf("%s: %d: %s", role, a.status, a.body)
		}
	}
	clerk, tech := w.as(who.Warehouse, here), w.as(who.Technician, here)
	part := w.as(who.Warehouse).post("/v1/parts", map[string]any{"number": "CB-1", "name": "Board", "name_zh": "控制板", "serialized": true, "return_required": true, "gtin": "9506000134352"})
	if part.status != http.StatusCreated {
		t.Fatalf("%d: %s", part.status, part.body)
	}
	store := clerk.post("/v1/locations", map[string]any{"code": "STORE", "name": "Store", "kind": "warehouse"})
	var opened, place struct{ ID uuid.UUID }
	if json.Unmarshal(part.body, &opened) != nil || json.Unmarshal(store.body, &place) != nil {
		t.Fatalf("%s %s", part.body, store.body)
	}
	a := w.as(who.Supervisor, here).post("/v1/stock/receive", map[string]any{"location_id": place.ID, "lines": []any{map[string]any{"part_id": opened.ID, "serials": []string{"S1"}}}})
	if a.status >= 300 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	m := clerk.scan("(01)09506000134352(21)S1")
	if m.Raw != "(01)09506000134352(21)S1" || m.Code.Format != "gs1" || *m.Code.Serial != "S1" || len(m.Matches) != 2 {
		t.Fatalf("%+v", m)
	}
	unit := m.Matches[0]
	if unit.Title != "CB-1 S1 Board" || unit.Where[0].LocationKind != "warehouse" || unit.Actions[0].Operation != "transferStock" {
		t.Errorf("%+v", unit)
	}
	if zh := clerk.scan("C:U:CB-1:S1", lang("zh-CN")).Matches[0]; zh.Title != "CB-1 S1 控制板" || zh.Actions[0].Title != "将序列号件 S1 调拨到其他库位" {
		t.Errorf("%+v", zh)
	}
	if theirs := tech.scan("C:U:CB-1:S1").Matches[0]; len(theirs.Actions) != 1 || theirs.Actions[0].Operation != "getUnit" {
		t.Errorf("a technician is offered %+v", theirs.Actions)
	}
	// Whatever is offered for reading can be read, as it stands.
	for _, match := range append(clerk.scan("CB-1").Matches, clerk.scan("STORE").Matches...) {
		for _, action := range match.Actions {
			if action.Method == http.MethodGet {
				if got := clerk.get(action.Href); got.status != http.StatusOK {
					t.Errorf("%s: %d: %s", action.Href, got.status, got.body)
				}
			}
		}
	}
	if far := w.as(who.Warehouse, w.outlet()).scan("S1"); len(far.Matches) != 0 {
		t.Errorf("another outlet sees %+v", far.Matches)
	}
	if got := clerk.get("/v1/part-requests/" + rows["part_request_id"].String()); got.status != http.StatusOK {
		t.Fatalf("%d: %s", got.status, got.body)
	}
}

func TestABrokenScanIsAProblemAtItsPlace(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.as(who.Warehouse, w.outlet())
	for scan, want := range map[string]int{"(01)09506000134353": 422, "\u0007": 422, strings.Repeat("零", 200): 422, " ": 422, "零件": 200} {
		a := c.post("/v1/scans/resolve", map[string]any{"scan": scan}, lang("zh-CN"))
		if a.status != want {
			t.Errorf("%q: %d: %s", scan, a.status, a.body)
		}
		if want == 422 && a.problem().Errors[0].Pointer != "/scan" {
			t.Errorf("%q: %s", scan, a.body)
		}
	}
}

func TestPlacesThatNobodyNamedAreCalledInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	s.owe(board, "O1")
	for language, want := range map[string]string{"en": "customer site", "zh-CN": "客户现场"} {
		m := s.clerk.scan("N-O1", lang(language))
		if got := m.Matches[0].Where[0].LocationName; !strings.HasSuffix(got, want) {
			t.Errorf("%s: the unit is at %q, want %q", language, got, want)
		}
	}
}

func TestAScanTellsNobodyWhatHeCounts(t *testing.T) {
	t.Parallel()
	s := open(t).newStores("A")
	board := s.newPart("CB-1", true)
	s.chief.post("/v1/stock/receive", obj{"location_id": s.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"N1", "N2"}}}}).want(http.StatusCreated)
	s.clerk.post("/v1/counts", obj{"location_id": s.warehouse, "scope": "full"}).want(http.StatusCreated)
	mate := s.as(who.Warehouse, s.outlet)
	for _, c := range []struct {
		by       *client
		withheld bool
	}{{s.clerk, true}, {mate, false}, {s.chief, false}} {
		unit, part := c.by.scan("N1").Matches[0], c.by.scan("CB-1").Matches[0]
		if (unit.Withheld != nil) != c.withheld || (len(unit.Where) == 0) != c.withheld {
			t.Errorf("of a unit, withheld %v: %+v", c.withheld, unit)
		}
		if at := part.Where[0]; (at.Withheld != nil) != c.withheld || (at.Quantity == nil) != c.withheld {
			t.Errorf("of a part, withheld %v: %+v", c.withheld, at)
		}
		var list struct {
			Items    []struct{ Quantity *int }
			Withheld *string
		}
		c.by.get("/v1/stock?part_id=" + board.String()).want(http.StatusOK).into(&list)
		if len(list.Items) != 1 || (list.Items[0].Quantity == nil) != c.withheld {
			t.Errorf("of stock, withheld %v: %+v", c.withheld, list)
		}
		for _, path := range []string{"/v1/units", "/v1/movements"} {
			list.Withheld = nil
			c.by.get(path + "?part_id=" + board.String()).want(http.StatusOK).into(&list)
			if (list.Withheld != nil) != c.withheld || (len(list.Items) == 0) != c.withheld {
				t.Errorf("%s, withheld %v: %+v", path, c.withheld, list)
			}
		}
	}
}
