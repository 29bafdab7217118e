package receiving_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory/receiving"
)

// Whoever keeps some of what came would have the delivery vanish, or its rest not come.
func TestNobodyEndsADeliveryThatHeCounted(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.Part("")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 10})
	d, err := h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 8)})
	h.Must(err)
	both := h.Clerk
	both.Roles = []who.Role{who.Warehouse, who.Supervisor}
	_, err = h.dock.Cancel(ctx, h.other, d.ID, d.Version, "it never came")
	h.Refused(err, fault.Forbidden, "is a supervisor's to cancel")
	for _, by := range []who.Actor{h.Clerk, both} {
		_, err = h.dock.Cancel(ctx, by, d.ID, d.Version, "it never came")
		h.Refused(err, fault.Forbidden, "counted or received himself")
	}
	d, err = h.dock.Receive(ctx, h.other, d.ID, d.Version, nil)
	h.Must(err)
	for _, by := range []who.Actor{h.Clerk, h.other} {
		_, err = h.dock.Close(ctx, by, d.ID, d.Version, "the rest will not come")
		h.Refused(err, fault.Forbidden, "counted or received himself")
	}
	if got, err := h.dock.Find(ctx, h.Clerk, d.ID); err != nil || got.Status != receiving.StatusReceived || got.Version != d.Version {
		t.Errorf("refusals left %+v, %v", got, err)
	}
	_, err = h.dock.Close(ctx, h.chief, d.ID, d.Version, "the supplier has no more")
	h.Must(err)
	second := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 1})
	second, err = h.dock.Count(ctx, h.Clerk, second.ID, []receiving.CountLine{counted(p, 1)})
	h.Must(err)
	_, err = h.dock.Cancel(ctx, h.chief, second.ID, second.Version, "another customer's")
	h.Must(err)
	h.Sound()
}
