package returns_test

import (
	"testing"

	"callout/evidence"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestCrashAnywhereLeavesNothing(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p := h.Part("sr")
	vendor, chief := h.Place(inventory.KindVendorRepair, h.Outlet), someone(h, who.Supervisor)
	o := expect(h, p, 1, "O1")
	lost := collect(h, expect(h, p, 1, "O2"))
	photos := []uuid.UUID{photo(h, *o.JobID, evidence.KindPart)}
	version := func() int { return h.Count(`SELECT version FROM part_returns WHERE id = $1`, o.ID) }
	for _, step := range []struct {
		name   string
		writes int // at the least
		do     func() error
	}{
		{"collect", 6, func() error {
			_, err := h.Returns.Collect(ctx, o.tech, o.ID, version(), returns.Collection{Serial: "O1", PhotoIDs: photos})
			return err
		}},
		{"ship", 5, func() error {
			_, err := h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "1", ReturnIDs: []uuid.UUID{o.ID}})
			return err
		}},
		{"receive", 4, func() error {
			_, err := h.Returns.Receive(ctx, h.Clerk, o.ID, version(), at(h, unit("Other")))
			return err
		}},
		{"resolve", 3, func() error {
			_, err := h.Returns.Resolve(ctx, chief, o.ID, version(), returns.ResolutionAccepted, "fine")
			return err
		}},
		{"to the vendor", 5, func() error {
			_, err := h.Returns.Dispose(ctx, mate, o.ID, version(), returns.Deciding{Kind: returns.DispositionVendor, LocationID: &vendor.ID, RMA: "1"})
			return err
		}},
		{"replaced", 8, func() error {
			_, err := h.Returns.TakeAnswer(ctx, chief, o.ID, version(), returns.Answer{Result: returns.VendorReplaced, LocationID: &h.Warehouse.ID, Serial: "New"})
			return err
		}},
		{"missing", 2, func() error {
			_, err := h.Returns.Receive(ctx, h.Clerk, lost.ID, lost.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true})
			return err
		}},
		{"charged", 5, func() error {
			_, err := h.Returns.Resolve(ctx, chief, lost.ID, lost.Version+1, returns.ResolutionCharged, "lost")
			return err
		}},
		{"unannounced", 5, func() error {
			_, err := h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "X"})})
			return err
		}},
	} {
		if n := h.Crashing(step.name, step.do); n < step.writes {
			t.Errorf("%s: only %d writes were tried", step.name, n)
		}
	}
	h.Sound()
}
