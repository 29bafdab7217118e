package inventory_test

import (
	"context"
	"errors"
	"testing"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// filled is a row of which something stands in another table.
type filled struct {
	ID     uuid.UUID
	Filled bool
}

func fill(_ context.Context, rows []filled) error {
	for i := range rows {
		rows[i].Filled = true
	}
	return nil
}

func TestPagesLeaveNothingOutAndReadNothingTwice(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	for range 6 {
		h.Part("")
	}
	all := h.Count(`SELECT count(*) FROM parts`)
	for _, limit := range []int{1, 4, all - 1, all, all + 1} {
		seen := map[uuid.UUID]bool{}
		pages := 0
		for after := uuid.Nil; ; pages++ {
			list := inventory.Statement{SQL: `SELECT id FROM parts WHERE id > $1 ORDER BY id LIMIT $2`, Args: []any{after}}
			page, next, err := inventory.Page(t.Context(), h.DB, list, limit, func(f filled) uuid.UUID { return f.ID }, fill)
			h.Must(err)
			for _, f := range page {
				if seen[f.ID] || !f.Filled {
					t.Errorf("pages of %d: %+v, seen: %v", limit, f, seen[f.ID])
				}
				seen[f.ID] = true
			}
			if after = next; next == uuid.Nil {
				break
			}
		}
		if len(seen) != all || pages != (all-1)/limit {
			t.Errorf("pages of %d: %d rows after %d other pages, want %d", limit, len(seen), pages, all)
		}
	}
}

func TestAPageThatCannotBeFilledIsNone(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	h.Part("")
	torn := errors.New("torn")
	list := inventory.Statement{SQL: `SELECT id FROM parts LIMIT $1`}
	page, next, err := inventory.Page(t.Context(), h.DB, list, 1, func(f filled) uuid.UUID { return f.ID }, func(context.Context, []filled) error { return torn })
	if !errors.Is(err, torn) || page != nil || next != uuid.Nil {
		t.Errorf("%v %v %v", page, next, err)
	}
	one := inventory.Statement{SQL: `SELECT id FROM parts WHERE id = $1`, Args: []any{uuid.New()}}
	_, err = inventory.Find(t.Context(), h.DB, one, "part", fill)
	h.Refused(err, fault.NotFound, "no such part")
}
