package inventory_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
)

// worth is what a pool of a part holds and is worth by the books.
func worth(h *stocktest.House, p inventory.Part, pool inventory.Pool) (quantity int, value int64) {
	h.Helper()
	type row struct {
		Quantity int
		Value    int64
	}
	rows, err := pg.Query[row](h.Context(), h.DB, `SELECT quantity, value FROM part_values WHERE part_id = $1 AND pool = $2`, p.ID, pool)
	h.Must(err)
	if len(rows) == 0 {
		return 0, 0
	}
	return rows[0].Quantity, rows[0].Value
}

func receive(h *stocktest.House, p inventory.Part, quantity int, cost int64) inventory.Movement {
	h.Helper()
	moved, err := h.Ledger.Receive(h.Context(), h.Clerk, inventory.Receipt{
		LocationID: h.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: quantity, UnitCost: &cost}),
	})
	h.Must(err)
	return moved[0]
}

func transfer(h *stocktest.House, p inventory.Part, quantity int, from, to inventory.Location) inventory.Movement {
	h.Helper()
	moved, err := h.Ledger.Transfer(h.Context(), who.System, inventory.Transfer{
		FromLocation: from.ID, ToLocation: to.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: quantity}),
	})
	h.Must(err)
	return moved[0]
}

func TestMovingAverage(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, held := h.Part(""), h.Place(inventory.KindQuarantine, h.Outlet)
	van := h.Place(inventory.KindVan, h.Outlet)
	says := func(pool inventory.Pool, quantity int, value int64) {
		t.Helper()
		if n, v := worth(h, p, pool); n != quantity || v != value {
			t.Errorf("%s: %d worth %d, want %d worth %d", pool, n, v, quantity, value)
		}
	}
	receive(h, p, 10, 100)
	receive(h, p, 5, 130)
	says(inventory.PoolGood, 15, 1650) // 110 a piece
	if m := transfer(h, p, 6, h.Warehouse, van); m.Value != nil {
		t.Errorf("good stock that stays good stock changed its value by %d", *m.Value)
	}
	out := transfer(h, p, 4, van, held)
	if out.Value == nil || *out.Value != 440 {
		t.Errorf("four held back are worth %v, want 440", out.Value)
	}
	says(inventory.PoolGood, 11, 1210)
	says(inventory.PoolHeld, 4, 440)
	receive(h, p, 11, 310)
	says(inventory.PoolGood, 22, 4620) // 210 a piece
	work := int64(5)
	h.Must(h.DB.InTx(t.Context(), func(ctx context.Context) error {
		back, err := h.Ledger.Move(ctx, h.Clerk, inventory.Slip{Kind: inventory.MovementDispose},
			inventory.Between([]inventory.Counted{{Part: p, Quantity: 4, UnitCost: &work, At: inventory.Pointers{None: true}}}, held, h.Warehouse))
		if err == nil && (*back[0].Value != 440 || back[0].Added != 20) {
			t.Errorf("four come back worth %d and %d of work", *back[0].Value, back[0].Added)
		}
		return err
	}))
	says(inventory.PoolGood, 26, 5080) // what was taken out came back as it went, and the work on it
	says(inventory.PoolHeld, 0, 0)
	free := receive(h, p, 4, 0)
	says(inventory.PoolGood, 30, 5080)
	_, err := h.Ledger.Reverse(t.Context(), who.System, free.ID, "not ours")
	h.Must(err)
	says(inventory.PoolGood, 26, 5080)
	h.Sound()
}

// However parts come and go, no minor unit is lost to rounding: the verifier folds the values anew.
func TestValueIsConserved(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, held := h.Part(""), h.Place(inventory.KindQuarantine, h.Outlet)
	rnd := rand.New(rand.NewPCG(4, 2))
	for range 60 {
		if n := h.Holds(h.Warehouse.ID, p); n > 0 && rnd.IntN(2) == 0 {
			transfer(h, p, 1+rnd.IntN(n), h.Warehouse, held)
		} else {
			receive(h, p, 1+rnd.IntN(7), int64(rnd.IntN(1000)))
		}
	}
	n, good := worth(h, p, inventory.PoolGood)
	_, kept := worth(h, p, inventory.PoolHeld)
	in, err := pg.One[int64](t.Context(), h.DB, `SELECT sum(value)::bigint FROM movements WHERE kind = 'receive'`)
	h.Must(err)
	if good+kept != in {
		t.Errorf("worth %d and %d, paid %d", good, kept, in)
	}
	if n == 0 && good != 0 {
		t.Errorf("nothing is worth %d", good)
	}
	h.Sound()
}

func TestPoolsAgreeWithTheDatabase(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	for _, k := range []inventory.Kind{inventory.KindVan, inventory.KindQuarantine, inventory.KindOutlet, inventory.KindVendorRepair} {
		h.Place(k, h.Outlet)
	}
	type row struct {
		Kind          inventory.Kind
		Pool          *string
		MayGoNegative bool
	}
	kinds, err := pg.Query[row](t.Context(), h.DB, `SELECT DISTINCT kind, pool, may_go_negative FROM locations`)
	h.Must(err)
	if len(kinds) < 10 {
		t.Fatalf("only %d kinds of places", len(kinds))
	}
	for _, k := range kinds {
		pool := ""
		if k.Pool != nil {
			pool = *k.Pool
		}
		if string(k.Kind.Pool()) != pool || k.Kind.Outside() != k.MayGoNegative {
			t.Errorf("%s: the database says %q and %t", k.Kind, pool, k.MayGoNegative)
		}
	}
}
