package inventory_test

import (
	"fmt"
	"testing"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
)

// BenchmarkMove transfers parts between a warehouse and vans, one line or a hundred a command, by
// count and by serial; movements/s is the figure. by_hand is the control: what Postgres does with
// the bare INSERT of a movement, which keeps the balances too.
func BenchmarkMove(b *testing.B) {
	for _, lines := range []int{1, 100} {
		for _, shape := range []string{"", "s"} {
			b.Run(fmt.Sprintf("%s/lines=%d", map[string]string{"": "count", "s": "serial"}[shape], lines), func(b *testing.B) {
				h := stocktest.Open(b)
				van := h.Place(inventory.KindVan, h.Outlet)
				var load []inventory.Line
				for i := range lines {
					p := h.Part(shape)
					line := inventory.Line{PartID: p.ID, Quantity: 1}
					if p.Serialized {
						line.Serials = []string{fmt.Sprint("S", i)}
					}
					h.Stock(h.Warehouse, p, 1, line.Serials...)
					load = append(load, line)
				}
				from, to := h.Warehouse.ID, van.ID
				b.ReportAllocs()
				b.ResetTimer()
				for b.Loop() {
					_, err := h.Ledger.Transfer(b.Context(), who.System, inventory.Transfer{FromLocation: from, ToLocation: to, Lines: load})
					if err != nil {
						b.Fatal(err)
					}
					from, to = to, from
				}
				b.ReportMetric(float64(b.N*lines)/b.Elapsed().Seconds(), "movements/s")
			})
		}
	}
	b.Run("by_hand/lines=1", func(b *testing.B) {
		h := stocktest.Open(b)
		p, van := h.Part(""), h.Place(inventory.KindVan, h.Outlet)
		h.Stock(h.Warehouse, p, 1)
		from, to := h.Warehouse.ID, van.ID
		b.ReportAllocs()
		b.ResetTimer()
		for b.Loop() {
			if _, err := pg.Exec(b.Context(), h.DB, byHandSQL, stocktest.NewID(), p.ID, from, to); err != nil {
				b.Fatal(err)
			}
			from, to = to, from
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "movements/s")
	})
}

// BenchmarkReceive takes deliveries in: new units, their value, and the moving average.
func BenchmarkReceive(b *testing.B) {
	h := stocktest.Open(b)
	p, cost := h.Part("s"), int64(1250)
	n := 0
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		n++
		_, err := h.Ledger.Receive(b.Context(), who.System, inventory.Receipt{
			LocationID: h.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{fmt.Sprint("S", n)}, UnitCost: &cost}),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "movements/s")
}
