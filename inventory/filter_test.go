package inventory_test

import (
	"testing"
	"time"

	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestMovementsAndStockAreFoundByWhatPeopleKnow(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	unit, plain := h.Part("s"), h.Part("")
	h.Stock(h.Warehouse, unit, 0, "aB-1", "X2")
	h.Stock(h.Warehouse, plain, 5)
	h.Exec(`UPDATE parts SET name_zh = '灯头 50%' WHERE id = $1`, plain.ID)
	shelf := h.Place(inventory.KindOutlet, h.Outlet)
	moved, err := h.Ledger.Transfer(ctx, h.Clerk, inventory.Transfer{
		FromLocation: h.Warehouse.ID, ToLocation: shelf.ID, Lines: []inventory.Line{{PartID: unit.ID, Serials: []string{"aB-1"}}},
	})
	h.Must(err)
	paper, elsewhere := stocktest.NewID(), h.NewOutlet()
	h.Exec(`INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, reference_id, moved_at, occurred_at, booked_at)
		VALUES ($1, $2, $3, $4, 1, 'transfer', $5, $6, $6, $6)`, stocktest.NewID(), plain.ID, h.Warehouse.ID, shelf.ID, paper, time.Now().Add(-48*time.Hour))
	yesterday, tomorrow := time.Now().Add(-24*time.Hour), time.Now().Add(24*time.Hour)
	for name, c := range map[string]struct {
		filter inventory.MovementFilter
		want   int
	}{
		"paper":              {inventory.MovementFilter{ReferenceID: &paper}, 1},
		"another paper":      {inventory.MovementFilter{ReferenceID: &elsewhere}, 0},
		"serial":             {inventory.MovementFilter{Serial: "aB-1"}, 2},
		"serial in capitals": {inventory.MovementFilter{Serial: "AB-1"}, 0},
		"clerk":              {inventory.MovementFilter{MovedBy: &h.Clerk.UserID}, 1},
		"since yesterday":    {inventory.MovementFilter{From: &yesterday}, 3},
		"before yesterday":   {inventory.MovementFilter{To: &yesterday}, 1},
		"at the very moment": {inventory.MovementFilter{From: &moved[0].BookedAt, MovedBy: &h.Clerk.UserID}, 1},
		"before that moment": {inventory.MovementFilter{To: &moved[0].BookedAt, MovedBy: &h.Clerk.UserID}, 0},
		"outlet":             {inventory.MovementFilter{OutletID: &h.Outlet}, 4},
		"another outlet":     {inventory.MovementFilter{OutletID: &elsewhere}, 0},
		"from tomorrow":      {inventory.MovementFilter{From: &tomorrow}, 0},
	} {
		got, _, err := h.Ledger.ListMovements(ctx, h.Clerk, c.filter, uuid.Nil, 10)
		if err != nil || len(got) != c.want {
			t.Errorf("%s: %d movements, want %d (%v)", name, len(got), c.want, err)
		}
	}
	for name, c := range map[string]struct {
		filter inventory.StockFilter
		want   int
	}{
		"number":         {inventory.StockFilter{Any: unit.Number}, 2},
		"Chinese name":   {inventory.StockFilter{Any: "灯头 50%"}, 2},
		"no pattern":     {inventory.StockFilter{Any: "灯%50"}, 0},
		"outlet":         {inventory.StockFilter{OutletID: &h.Outlet, Kind: inventory.KindOutlet}, 2},
		"another outlet": {inventory.StockFilter{OutletID: &elsewhere}, 0},
	} {
		got, _, err := h.Ledger.ListStock(ctx, h.Clerk, c.filter, inventory.StockKey{}, 10)
		if err != nil || len(got) != c.want {
			t.Errorf("%s: %d balances, want %d (%v)", name, len(got), c.want, err)
		}
	}
}
