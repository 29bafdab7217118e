package returns_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
)

func TestVendorAnswers(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate, third := someone(h, who.Warehouse), someone(h, who.Warehouse)
	p := h.Part("sr")
	vendor := h.Place(inventory.KindVendorRepair, h.Outlet)
	witness := someone(h, who.Supervisor)
	cost := int64(900)
	shelf := &h.Warehouse.ID
	for serial, tt := range map[string]struct {
		answer returns.Answer
		at     inventory.Kind // where the old unit is then
	}{
		"A": {returns.Answer{Result: returns.VendorRepaired, LocationID: shelf, UnitCost: &cost}, inventory.KindWarehouse},
		"B": {returns.Answer{Result: returns.VendorReplaced, LocationID: shelf, Scan: "NEW-B", UnitCost: &cost}, inventory.KindSupplier},
		"C": {returns.Answer{Result: returns.VendorRefused, WitnessID: &witness.UserID, Note: "beyond repair"}, inventory.KindScrap},
	} {
		r := matched(h, p, serial)
		_, err := h.Returns.TakeAnswer(ctx, third, r.ID, r.Version, tt.answer)
		h.Refused(err, fault.Conflict, "cannot become dispositioned")
		r, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionVendor, LocationID: &vendor.ID, RMA: "RMA-" + serial})
		h.Must(err)
		if r.Status != returns.StatusAtVendor || h.WhereIs(p, serial) != inventory.KindVendorRepair || *r.Dispositions[0].RMA != "RMA-"+serial {
			t.Errorf("at the vendor: %+v", r)
		}
		for _, wrong := range []returns.Answer{
			{Result: returns.VendorReplaced, LocationID: shelf},
			{Result: returns.VendorRepaired, LocationID: shelf, Serial: "X"},
			{Result: returns.VendorRepaired},
			{Result: returns.VendorRefused, Note: "x"},
		} {
			_, err := h.Returns.TakeAnswer(ctx, third, r.ID, r.Version, wrong)
			h.Refused(err, fault.Invalid, "/")
		}
		_, err = h.Returns.TakeAnswer(ctx, h.Clerk, r.ID, r.Version, tt.answer)
		h.Refused(err, fault.Forbidden, "whoever received an old part does not refurbish or scrap it")
		by := third
		if tt.answer.Result == returns.VendorRefused {
			by = mate // before a witness, also by him who sent it
		}
		r, err = h.Returns.TakeAnswer(ctx, by, r.ID, r.Version, tt.answer)
		h.Must(err)
		if r.Status != returns.StatusDispositioned || h.WhereIs(p, serial) != tt.at || len(r.Dispositions) != 2 {
			t.Errorf("%s: it is in %s, %+v", tt.answer.Result, h.WhereIs(p, serial), r)
		}
	}
	if h.WhereIs(p, "NEW-B") != inventory.KindWarehouse {
		t.Errorf("the new one is in %s", h.WhereIs(p, "NEW-B"))
	}
	h.Sound()
}
