package receiving_test

import (
	"testing"

	"callout/inventory"
	"callout/inventory/receiving"
)

// BenchmarkDelivery announces, counts and books a delivery of 100 parts, ten pieces each.
func BenchmarkDelivery(b *testing.B) {
	h := open(b)
	announced := make([]receiving.AnnouncedLine, 100)
	counts := make([]receiving.CountLine, 100)
	for i := range announced {
		p := h.Part("")
		announced[i], counts[i] = receiving.AnnouncedLine{PartID: p.ID, Quantity: 10}, counted(p, 10)
	}
	b.ReportAllocs()
	for b.Loop() {
		d := h.announce(announced...)
		d, err := h.dock.Count(b.Context(), h.Clerk, d.ID, counts)
		h.Must(err)
		_, err = h.dock.Receive(b.Context(), h.Clerk, d.ID, d.Version, nil)
		h.Must(err)
	}
}

// BenchmarkPropose proposes for 200 vans of 50 parts each, of which each lacks one.
func BenchmarkPropose(b *testing.B) {
	h := open(b)
	parts := make([]inventory.Part, 50)
	for i := range parts {
		parts[i] = h.Part("")
	}
	for i := range 200 {
		_, van := h.Technician(h.Outlet)
		levels := make([]receiving.Level, len(parts))
		for j, p := range parts {
			levels[j] = receiving.Level{PartID: p.ID, Max: 5}
		}
		levels[i%50].Min = 1
		_, err := h.dock.SetLevels(b.Context(), h.Clerk, van.ID, 1, levels)
		h.Must(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		all, err := h.dock.Propose(b.Context(), h.Clerk, receiving.ProposalFilter{})
		h.Must(err)
		if len(all) != 200 {
			b.Fatalf("%d proposals", len(all))
		}
	}
}
