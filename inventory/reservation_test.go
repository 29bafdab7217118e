package inventory_test

import (
	"context"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestReservedStockIsNobodyElses(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, van := h.Part(""), h.Place(inventory.KindVan, h.Outlet)
	bin, err := h.Ledger.OpenLocation(t.Context(), h.Clerk, inventory.Location{Code: "A-01", Name: "A-01", Kind: inventory.KindBin, WarehouseID: &h.Warehouse.ID})
	h.Must(err)
	h.Stock(h.Warehouse, p, 5)
	h.Stock(bin, p, 2)
	tech, _ := h.Technician(h.Outlet)
	r := asked(h, tech)
	reserve := func(want int) (got int) {
		h.Must(h.DB.InTx(t.Context(), func(ctx context.Context) error {
			all, err := h.Ledger.Reserve(ctx, r, h.Warehouse, []inventory.Want{{PartID: p.ID, Quantity: want}}, time.Now().Add(time.Hour))
			got = all[p.ID]
			return err
		}))
		return got
	}
	if n := reserve(6); n != 6 {
		t.Fatalf("reserved %d of 6", n)
	}
	if n := reserve(4); n != 1 {
		t.Fatalf("reserved %d more, and one was left", n)
	}
	_, err = h.Ledger.Transfer(t.Context(), who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
	h.Refused(err, fault.Conflict, "are reserved")
	h.Must(h.DB.InTx(t.Context(), func(ctx context.Context) error {
		_, err := h.Ledger.Move(ctx, h.Clerk, inventory.Slip{Kind: inventory.MovementTransfer, ReservedFor: &r},
			inventory.Between([]inventory.Counted{{Part: p, Quantity: 3, At: inventory.Pointers{None: true}}}, h.Warehouse, van))
		return err
	}))
	if left := h.Count(`SELECT sum(quantity) FROM reservations`); left != 4 {
		t.Errorf("%d are reserved after three of seven went, want 4", left)
	}
	if _, err := pg.Exec(t.Context(), h.DB, `UPDATE reservations SET quantity = 100`); !pg.Violates(err, "reserved_is_there") {
		t.Errorf("more reserved than there is: %v", err)
	}
	h.Sound()
	h.Must(h.DB.InTx(t.Context(), func(ctx context.Context) error { return h.Ledger.Release(ctx, r, nil) }))
	transfer(h, p, 2, h.Warehouse, van)
	h.Sound()
}

// asked is a part request that somebody made, as far as the ledger needs to know of it.
func asked(h *stocktest.House, tech who.Actor) uuid.UUID {
	h.Helper()
	id := stocktest.NewID()
	h.Exec(`INSERT INTO part_requests (id, number, status, technician_id, van_id, outlet_id, created_at, updated_at)
		SELECT $1, $2, 'approved', id, van_id, outlet_id, now(), now() FROM technicians WHERE id = $3`, id, stocktest.Fresh("P"), *tech.TechnicianID)
	return id
}
