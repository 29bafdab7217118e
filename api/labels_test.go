package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

func TestLabelsArePrintedWithinTheScope(t *testing.T) {
	t.Parallel()
	w := open(t)
	type m = map[string]any
	there := w.outlet()
	rows, here := w.somebodyElses(there), w.outlet()
	c := w.as(who.Warehouse, here)
	var part, place struct{ ID uuid.UUID }
	for into, a := range map[any]*reply{
		&part:  w.as(who.Warehouse).post("/v1/parts", m{"number": "CB-1", "name": "Board", "serialized": true, "return_required": false}),
		&place: c.post("/v1/locations", m{"code": "STORE", "name": "Store", "kind": "warehouse"}),
	} {
		if err := json.Unmarshal(a.body, into); err != nil || a.status != http.StatusCreated {
			t.Fatalf("%d: %s", a.status, a.body)
		}
	}
	order := func(items ...any) m { return m{"sheet": "a4_24", "items": items} }
	a := c.post("/v1/labels", order(m{"part_id": part.ID}, m{"part_id": part.ID, "serial": "S1", "copies": 3}, m{"location_id": place.ID}), without("Idempotency-Key"))
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(a.body, []byte("%PDF-")) {
		t.Errorf("%d: %.80s", a.status, a.body)
	}
	if got := w.as(who.Warehouse, there).post("/v1/labels", order(m{"unit_id": rows["unit_id"]}, m{"location_id": rows["location_id"]})); got.status != http.StatusOK {
		t.Errorf("one's own unit: %d: %s", got.status, got.body)
	}
	for pointer, body := range map[string]m{
		"/items/0":             order(m{"copies": 2}),
		"/items/1":             order(m{"part_id": part.ID}, m{"part_id": part.ID, "location_id": place.ID}),
		"/items/0/serial":      order(m{"location_id": place.ID, "serial": "S1"}),
		"/items/0/part_id":     order(m{"part_id": uuid.New()}),
		"/items/0/unit_id":     order(m{"unit_id": rows["unit_id"]}),
		"/items/0/location_id": order(m{"location_id": rows["location_id"]}),
		"/start":               {"sheet": "roll_60x40", "start": 2, "items": []any{m{"part_id": part.ID}}},
		"/items":               order(m{"part_id": part.ID, "copies": 1000}, m{"part_id": part.ID}),
	} {
		got := c.post("/v1/labels", body, lang("zh-CN"))
		if got.status != http.StatusUnprocessableEntity || got.problem().Errors[0].Pointer != pointer {
			t.Errorf("%s: %d: %s", pointer, got.status, got.body)
		}
	}
}
