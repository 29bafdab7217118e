package inventory_test

import (
	"context"
	"testing"

	"callout/internal/pg"
	"callout/inventory"
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
			h := open(t)
			plain, unit := h.part(""), h.part("s")
			van := h.place(inventory.KindVan, h.outlet)
			h.stock(h.warehouse, plain, 10)
			h.stock(van, unit, 0, "S1")
			moved, err := h.ledger.Transfer(t.Context(), h.clerk, inventory.Transfer{FromLocation: h.warehouse.ID, ToLocation: van.ID, Lines: lines(inventory.Line{PartID: plain.ID, Quantity: 4})})
			h.must(err)
			_, err = h.ledger.Reverse(t.Context(), h.clerk, moved[0].ID, "not needed")
			h.must(err)
			_, err = h.ledger.Transfer(t.Context(), h.clerk, inventory.Transfer{FromLocation: h.warehouse.ID, ToLocation: van.ID, Lines: lines(inventory.Line{PartID: plain.ID, Quantity: 4})})
			h.must(err)
			if r, err := h.ledger.Verify(t.Context()); err != nil || len(r.Faults) != 0 || r.Movements != 6 || r.Units != 1 {
				t.Fatalf("before: %+v, %v", r, err)
			}
			h.must(h.db.InTx(t.Context(), func(ctx context.Context) error {
				for _, q := range []string{`RESET ROLE`, `SET LOCAL session_replication_role = replica`, tt.forgery, `SET ROLE ` + pg.AppRole} {
					if _, err := pg.Exec(ctx, h.db, q); err != nil {
						return err
					}
				}
				return nil
			}))
			r, err := h.ledger.Verify(t.Context())
			h.must(err)
			for _, f := range r.Faults {
				if contains(f.String(), tt.text) {
					return
				}
			}
			t.Errorf("found %v, want %q", r.Faults, tt.text)
		})
	}
}
