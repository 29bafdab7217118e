package inventory_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestRacingWorkersNeverBreakAPath(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	const workers, tries = 24, 12
	p := h.Part("s")
	places := []inventory.Location{h.Warehouse}
	for range 5 {
		places = append(places, h.Place(inventory.KindVan, h.Outlet))
	}
	h.Stock(h.Warehouse, p, 0, "S1")
	var moved atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		rnd := rand.New(rand.NewPCG(7, uint64(w)))
		wg.Go(func() {
			for range tries {
				from, to := rnd.IntN(len(places)), rnd.IntN(len(places))
				if w%4 != 0 { // the other quarter guesses, and so mostly lies
					units, _, err := h.Ledger.ListUnits(t.Context(), who.System, inventory.UnitFilter{PartID: &p.ID}, uuid.Nil, 1)
					if err != nil {
						t.Error(err)
						return
					}
					for i, at := range places {
						if at.ID == *units[0].LocationID {
							from = i
						}
					}
				}
				_, err := h.Ledger.Transfer(t.Context(), who.System, inventory.Transfer{
					FromLocation: places[from].ID, ToLocation: places[to].ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"S1"}}),
				})
				switch {
				case err == nil:
					moved.Add(1)
				case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid):
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := h.Count(`SELECT count(*) FROM unit_moves`); int64(n) != moved.Load()+1 || moved.Load() == 0 {
		t.Errorf("%d steps of %d movements", n, moved.Load()+1)
	}
	h.Sound()
}
