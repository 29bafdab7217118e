package receiving_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
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

// What is sold is not written off as lost on its way, in one transfer or in many.
func TestAnOutletWritesOffLittle(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, cost := h.Part(""), int64(300000)
	_, err := h.Ledger.Receive(ctx, h.Clerk, inventory.Receipt{LocationID: h.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 10, UnitCost: &cost}}})
	h.Must(err)
	other := h.Place(inventory.KindWarehouse, h.Outlet)
	house := who.Actor{UserID: h.User(who.Supervisor), Roles: []who.Role{who.Supervisor}}
	off := receiving.Settling{WriteOff: true, Reason: "lost"}
	for i, want := range []bool{true, false} {
		sent, err := h.dock.Send(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: other.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}}})
		h.Must(err)
		_, err = h.dock.Settle(ctx, h.chief, sent.ID, sent.Version, off)
		if want {
			h.Must(err)
			continue
		}
		h.Refused(err, fault.Forbidden, "worth more than an outlet may approve")
		if now, err := h.dock.FindTransfer(ctx, h.chief, sent.ID); err != nil || now.Status != receiving.TransferSent || now.Version != 1 {
			t.Errorf("refusal %d left %+v, %v", i, now, err)
		}
		_, err = h.dock.Settle(ctx, house, sent.ID, sent.Version, off)
		h.Must(err)
	}
	h.Sound()
}
