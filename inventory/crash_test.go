package inventory_test

import (
	"testing"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
)

func TestCrashBetweenAnyTwoStatementsOfAMovement(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, van, cost := h.Part("s"), h.Place(inventory.KindVan, h.Outlet), int64(700)
	lines := stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"S1", "S2"}, UnitCost: &cost})
	var moved []inventory.Movement
	for _, step := range []struct {
		name   string
		writes int // at the least
		do     func() error
	}{
		{"receive", 6, func() error {
			_, err := h.Ledger.Receive(t.Context(), h.Clerk, inventory.Receipt{LocationID: h.Warehouse.ID, Lines: lines})
			return err
		}},
		{"transfer", 4, func() (err error) {
			moved, err = h.Ledger.Transfer(t.Context(), who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: lines})
			return err
		}},
		{"reverse", 4, func() error {
			_, err := h.Ledger.Reverse(t.Context(), who.System, moved[0].ID, "a mistake")
			return err
		}},
	} {
		if n := h.Crashing(step.name, step.do); n < step.writes {
			t.Errorf("%s: only %d writes were tried", step.name, n)
		}
	}
	h.Sound()
}
