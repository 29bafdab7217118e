package inventory_test

import (
	"testing"

	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestWhatMayServeForAPart(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	a, b, c, alone := h.Part(""), h.Part(""), h.Part(""), h.Part("")
	h.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, a.ID, b.ID)
	h.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, b.ID, c.ID)
	serve, err := h.Ledger.MayServe(ctx, []uuid.UUID{a.ID, c.ID, alone.ID, stocktest.NewID()})
	h.Must(err)
	if got := serve[a.ID]; len(serve) != 3 || len(got) != 3 || got[0] != a.ID || got[1] != b.ID || got[2] != c.ID || len(serve[c.ID]) != 1 || len(serve[alone.ID]) != 1 {
		t.Errorf("may serve: %v", serve)
	}
	_, van := h.Technician(h.Outlet)
	h.Stock(van, a, 1)
	h.Stock(van, c, 2)
	held, err := h.Ledger.Holdings(ctx, []uuid.UUID{van.ID}, []uuid.UUID{a.ID, b.ID})
	h.Must(err)
	if held[van.ID][a.ID] != 3 || held[van.ID][b.ID] != 2 {
		t.Errorf("the van serves %v", held)
	}
	h.Exec(`UPDATE locations SET position = point(113, 23) WHERE id = $1`, h.Warehouse.ID)
	h.Stock(h.Warehouse, c, 4)
	stores, err := h.Ledger.Stores(ctx, []uuid.UUID{a.ID}, nil)
	h.Must(err)
	if len(stores) != 1 || stores[0].PartID != a.ID || stores[0].PartNumber != c.Number || stores[0].Free != 4 {
		t.Errorf("stores %+v", stores)
	}
}

func TestWhatThereIsServesOnce(t *testing.T) {
	a, b := uuid.New(), uuid.New()
	serve := map[uuid.UUID][]uuid.UUID{a: {a, b}, b: {b}}
	got := inventory.Unmet([]inventory.Want{{PartID: a, Quantity: 3}, {PartID: b, Quantity: 1}}, serve, map[uuid.UUID]int{a: 1, b: 2})
	if got[0].Quantity != 1 || got[1].Quantity != 0 {
		t.Errorf("unmet %+v", got)
	}
}
