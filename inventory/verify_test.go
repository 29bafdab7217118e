package inventory_test

import (
	"context"
	"testing"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
)

// Somebody who owns the tables and switches every promise off can falsify the books: the verifier finds it.
func TestVerifyFindsEachForgery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, forgery, text string }{
		{"a balance", `UPDATE balances SET quantity = quantity + 1 WHERE quantity = 6`, "holds 6 of part"},
		{"a part out of nothing", `UPDATE balances SET quantity = quantity + 1 WHERE quantity = 6`, "sums to 1 over all locations, not to nought"},
		{"a movement", `UPDATE movements SET quantity = 9 WHERE quantity = 4`, "by the movements"},
		{"a unit on the wrong shelf", `UPDATE unit_moves SET to_location = from_location, from_location = to_location WHERE seq = 2`, "units of part"},
		{"a path", `UPDATE unit_moves SET seq = 5 WHERE seq = 2`, "is broken at step 5"},
		{"a first step", `UPDATE unit_moves SET from_location = to_location WHERE seq = 1`, "is broken at step 1"},
		{"a unit's step", `DELETE FROM unit_moves WHERE seq = 2`, "should name 1 units and names 0"},
		{"a reversal", `UPDATE movements SET quantity = 3 WHERE kind = 'reverse'`, "does not mirror"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := stocktest.Open(t)
			plain, unit := h.Part(""), h.Part("s")
			van := h.Place(inventory.KindVan, h.Outlet)
			h.Stock(h.Warehouse, plain, 10)
			h.Stock(van, unit, 0, "S1")
			moved, err := h.Ledger.Transfer(t.Context(), who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: stocktest.Lines(inventory.Line{PartID: plain.ID, Quantity: 4})})
			h.Must(err)
			_, err = h.Uses.Reverse(t.Context(), who.System, moved[0].ID, "not needed")
			h.Must(err)
			_, err = h.Ledger.Transfer(t.Context(), who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: stocktest.Lines(inventory.Line{PartID: plain.ID, Quantity: 4})})
			h.Must(err)
			if r, err := h.Ledger.Verify(t.Context()); err != nil || len(r.Faults) != 0 || r.Movements != 6 || r.Units != 1 {
				t.Fatalf("before: %+v, %v", r, err)
			}
			h.Must(h.DB.InTx(t.Context(), func(ctx context.Context) error {
				for _, q := range []string{`RESET ROLE`, `SET LOCAL session_replication_role = replica`, tt.forgery, `SET ROLE ` + pg.AppRole} {
					if _, err := pg.Exec(ctx, h.DB, q); err != nil {
						return err
					}
				}
				return nil
			}))
			r, err := h.Ledger.Verify(t.Context())
			h.Must(err)
			for _, f := range r.Faults {
				if contains(f.String(), tt.text) {
					return
				}
			}
			t.Errorf("found %v, want %q", r.Faults, tt.text)
		})
	}
}
