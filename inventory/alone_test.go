package inventory_test

import (
	"strings"
	"testing"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
)

// Whoever sells from the shelf would write it off as gone back to the supplier.
func TestNobodyTakesAReceiptBackAlone(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("")
	in := receive(h, p, 10, 100)
	colleague := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &h.Outlet}
	both := h.Clerk
	both.Roles = []who.Role{who.Warehouse, who.Supervisor}
	for text, by := range map[string]who.Actor{
		"by a supervisor's word alone": h.Clerk, "by a supervisor's word": colleague, "a receipt of his own": both,
	} {
		_, err := h.Ledger.Reverse(ctx, by, in.ID, "to the supplier")
		h.Refused(err, fault.Forbidden, text)
	}
	if n := h.Holds(h.Warehouse.ID, p); n != 10 {
		t.Errorf("%d are left", n)
	}
	chief := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &h.Outlet}
	_, err := h.Ledger.Reverse(ctx, chief, in.ID, "typed twice")
	h.Must(err)
	h.Sound()
}

// Whoever says that no old part comes back, or that a dear part takes the place of a cheap one, gets
// both past everybody who looks at requests and returns.
func TestPartsAreNoOutletsToChange(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p, dear := h.Part("r"), h.Part("")
	no, successor := false, &dear.ID
	for _, c := range []inventory.PartChange{{ReturnRequired: &no}, {SupersededBy: &successor}} {
		_, err := h.Ledger.AmendPart(ctx, h.Clerk, p.ID, p.Version, c)
		h.Refused(err, fault.Forbidden, "parts are everybody's")
	}
	_, err := h.Ledger.AmendPart(ctx, who.System, p.ID, p.Version, inventory.PartChange{ReturnRequired: &no})
	h.Must(err)
	told, err := event.History(ctx, h.DB, p.ID, 10)
	h.Must(err)
	data, err := pg.One[string](ctx, h.DB, `SELECT data::text FROM events WHERE subject_id = $1 AND kind = 'part.amended'`, p.ID)
	h.Must(err)
	if len(told) != 2 || !strings.Contains(data, `"return_required": true`) || !strings.Contains(data, `"return_required": false`) {
		t.Errorf("the log says %s", data)
	}
}
