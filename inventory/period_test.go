package inventory_test

import (
	"context"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/stocktest"
)

func TestWhatIsToldLateCountsInTheNextPeriod(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, van := h.Part(""), h.Place(inventory.KindVan, h.Outlet)
	h.Stock(h.Warehouse, p, 9)
	locked := time.Now().Add(-24 * time.Hour).Truncate(time.Second).UTC()
	h.Exec(`INSERT INTO stock_periods (id, name, ends_at, locked_at) VALUES ($1, '2026-01', $2, now())`, stocktest.NewID(), locked)
	move := func(occurred time.Time) (m inventory.Movement, err error) {
		err = h.DB.InTx(t.Context(), func(ctx context.Context) error {
			moved, err := h.Ledger.Move(ctx, h.Clerk, inventory.Slip{Kind: inventory.MovementTransfer, OccurredAt: occurred},
				inventory.Between([]inventory.Counted{{Part: p, Quantity: 1, At: inventory.Pointers{None: true}}}, h.Warehouse, van))
			if err == nil {
				m = moved[0]
			}
			return err
		})
		return m, err
	}
	for _, tt := range []struct {
		name   string
		at     time.Time
		booked time.Time
	}{
		{"before the lock", locked.Add(-72 * time.Hour), locked},
		{"at the lock", locked, locked},
		{"after it", locked.Add(time.Hour), locked.Add(time.Hour)},
	} {
		m, err := move(tt.at)
		h.Must(err)
		if !m.BookedAt.Equal(tt.booked) || !m.OccurredAt.Equal(tt.at) {
			t.Errorf("%s: occurred %s, booked %s", tt.name, m.OccurredAt, m.BookedAt)
		}
	}
	_, err := move(time.Now().Add(time.Hour))
	h.Refused(err, fault.Invalid, "/occurred_at")
	_, err = pg.Exec(t.Context(), h.DB, `INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, moved_at, occurred_at, booked_at)
		VALUES ($1, $2, $3, $4, 1, 'transfer', now(), now() - interval '9 days', now() - interval '9 days')`, stocktest.NewID(), p.ID, h.Warehouse.ID, van.ID)
	if !pg.Violates(err, "period_is_locked") {
		t.Errorf("into a locked period by hand: %v", err)
	}
	h.Sound()
}
