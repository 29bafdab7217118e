package inventory_test

import (
	"strings"
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/stocktest"
)

func TestAPlaceIsClosedWhenItIsEmpty(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("")
	closed, reopened := false, true
	amend := func(at inventory.Location, version int, active *bool) error {
		_, err := h.Ledger.AmendLocation(ctx, h.Clerk, at.ID, version, inventory.LocationChange{Active: active})
		return err
	}
	bin, err := h.Ledger.OpenLocation(ctx, h.Clerk, inventory.Location{Code: stocktest.Fresh("B"), Name: "Bin 1", Kind: inventory.KindBin, WarehouseID: &h.Warehouse.ID})
	h.Must(err)
	h.Stock(bin, p, 2)
	h.Refused(amend(h.Warehouse, 1, &closed), fault.Conflict, "/active Bin 1 holds 2 of part "+p.Number)
	h.Refused(amend(bin, 1, &closed), fault.Conflict, "/active Bin 1 holds 2 of part "+p.Number)
	_, err = h.Ledger.Transfer(ctx, h.Clerk, inventory.Transfer{FromLocation: bin.ID, ToLocation: h.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 2})})
	h.Must(err)
	h.Must(amend(bin, 1, &closed))
	_, err = h.Ledger.Transfer(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: bin.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
	h.Refused(err, fault.Invalid, "/to_location_id Bin 1 is closed")
	h.Must(amend(bin, 2, &reopened))
	_, van := h.Technician(h.Outlet)
	h.Refused(amend(van, 1, &closed), fault.Conflict, "/active it is the van of T")
	transit, err := h.Ledger.Place(ctx, inventory.KindTransit, &h.Outlet)
	h.Must(err)
	h.Refused(amend(transit, 1, &closed), fault.Conflict, "is never closed")
}

func TestNothingArrivesAtAPlaceThatIsBeingClosed(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("")
	h.Stock(h.Warehouse, p, 100)
	closed := false
	for range 10 {
		to := h.Place(inventory.KindWarehouse, h.Outlet)
		var both sync.WaitGroup
		var arrived, shut error
		both.Go(func() {
			_, arrived = h.Ledger.Transfer(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: to.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
		})
		both.Go(func() {
			_, shut = h.Ledger.AmendLocation(ctx, h.Clerk, to.ID, 1, inventory.LocationChange{Active: &closed})
		})
		both.Wait()
		if (arrived == nil) == (shut == nil) {
			t.Errorf("arrived: %v, closed: %v", arrived, shut)
		}
	}
	h.Sound()
}

func TestWhatKeepsAPlaceOpenIsNamedInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p := h.Part("")
	quarantine, err := h.Ledger.SubPlace(t.Context(), inventory.KindQuarantine, h.Warehouse)
	h.Must(err)
	h.Stock(quarantine, p, 2)
	closed := false
	_, err = h.Ledger.AmendLocation(t.Context(), h.Clerk, h.Warehouse.ID, h.Warehouse.Version, inventory.LocationChange{Active: &closed})
	h.Refused(err, fault.Conflict, h.Warehouse.Name+" (quarantine) holds 2 of part "+p.Number)
	if zh := fault.From(err).Fields[0].Detail.In(words.Chinese); !strings.HasPrefix(zh, h.Warehouse.Name+" (待检区) ") {
		t.Errorf("said %q", zh)
	}
}
