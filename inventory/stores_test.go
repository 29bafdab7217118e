package inventory_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func TestStoresCountWhatIsFreeWithTheirBins(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("")
	set := func(loc inventory.Location, at *pg.Point) inventory.Location {
		t.Helper()
		loc, err := h.Ledger.AmendLocation(ctx, who.System, loc.ID, loc.Version, inventory.LocationChange{Position: &at})
		h.Must(err)
		return loc
	}
	here := &pg.Point{121.47, 31.23}
	h.Warehouse = set(h.Warehouse, here)
	bin, err := h.Ledger.OpenLocation(ctx, h.Clerk, inventory.Location{Code: "BIN", Name: "Bin", Kind: inventory.KindBin, WarehouseID: &h.Warehouse.ID})
	h.Must(err)
	held, err := h.Ledger.SubPlace(ctx, inventory.KindQuarantine, h.Warehouse)
	h.Must(err)
	nowhere, van := h.Place(inventory.KindOutlet, h.Outlet), h.Place(inventory.KindVan, h.Outlet)
	h.Stock(h.Warehouse, p, 3)
	for _, at := range []inventory.Location{bin, held, nowhere, van} {
		h.Stock(at, p, 5)
	}
	other := h.NewOutlet()
	theirs := set(h.Place(inventory.KindWarehouse, other), here)
	h.Stock(theirs, p, 7)
	got, err := h.Ledger.Stores(ctx, []uuid.UUID{p.ID, h.Part("").ID}, &h.Outlet)
	h.Must(err)
	if len(got) != 1 || got[0].LocationID != h.Warehouse.ID || got[0].Free != 8 || got[0].Position != *here || got[0].PartNumber != p.Number {
		t.Errorf("stores %+v", got)
	}
	if got, err = h.Ledger.Stores(ctx, []uuid.UUID{p.ID}, nil); err != nil || len(got) != 2 {
		t.Errorf("of all: %+v, %v", got, err)
	}
	listed, _, err := h.Ledger.ListLocations(ctx, h.Clerk, inventory.LocationFilter{Kind: inventory.KindWarehouse}, uuid.Nil, 10)
	if err != nil || len(listed) != 1 || *listed[0].Position != *here {
		t.Errorf("listed %+v, %v", listed, err)
	}
	off := inventory.Position(&orb.Point{200, 0})
	_, err = h.Ledger.AmendLocation(ctx, h.Clerk, h.Warehouse.ID, h.Warehouse.Version, inventory.LocationChange{Position: &off})
	h.Refused(err, fault.Invalid, "/position is not a place on earth")
	_, err = h.Ledger.OpenLocation(ctx, h.Clerk, inventory.Location{Code: "OFF", Name: "Off", Kind: inventory.KindWarehouse, Position: off})
	h.Refused(err, fault.Invalid, "/position is not a place on earth")
}
