package receiving_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

// dear is good stock in the warehouse, at so much a piece.
func (h *house) dear(n int, cost int64) inventory.Part {
	h.Helper()
	p := h.Part("")
	_, err := h.Ledger.Receive(h.Context(), who.System, inventory.Receipt{LocationID: h.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: n, UnitCost: &cost}}})
	h.Must(err)
	return p
}

// hide puts good stock into quarantine.
func (h *house) hide(by who.Actor, p inventory.Part, n int) {
	h.Helper()
	_, err := h.Ledger.Transfer(h.Context(), by, inventory.Transfer{
		FromLocation: h.Warehouse.ID, ToLocation: h.quarantine(), Note: "dented", Lines: []inventory.Line{{PartID: p.ID, Quantity: n}},
	})
	h.Must(err)
}

// out releases what is held back to scrap before a witness, or to the supplier.
func (h *house) out(by who.Actor, o receiving.Outcome, witness who.Actor, p inventory.Part, n int) error {
	in := receiving.Releasing{LocationID: h.quarantine(), Outcome: o, Lines: []inventory.Line{{PartID: p.ID, Quantity: n}}}
	if in.RMA = "R-1"; o == receiving.OutcomeScrap {
		in.RMA, in.WitnessID = "", &witness.UserID
	}
	_, err := h.dock.ReleaseHeld(h.Context(), by, in)
	return err
}

// Two clerks alone carry little out of the house, however they cut it.
func TestTwoClerksCarryLittleOutOfQuarantine(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.set(policy.PartAutoApprove, 1000)
	h.set(policy.CountApproval, 3000)
	p := h.dear(20, 400)
	_, err := h.Ledger.Transfer(t.Context(), h.Clerk, inventory.Transfer{
		FromLocation: h.Warehouse.ID, ToLocation: h.quarantine(), Note: "  ", Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}},
	})
	h.Refused(err, fault.Invalid, "/note must say why it is held back")
	holder := h.user(who.Warehouse)
	h.hide(holder, p, 20)
	third := h.user(who.Warehouse)
	before := h.Count(`SELECT count(*) FROM movements`)
	h.Refused(h.out(h.other, receiving.OutcomeScrap, holder, p, 1), fault.Conflict, "/witness_id nobody witnesses what becomes of what he held back himself")
	h.Refused(h.out(h.other, receiving.OutcomeScrap, third, p, 3), fault.Forbidden, "without a supervisor")
	h.Refused(h.out(h.other, receiving.OutcomeSupplier, third, p, 3), fault.Forbidden, "without a supervisor")
	if n := h.Count(`SELECT count(*) FROM movements`); n != before {
		t.Errorf("refusals left %d movements", n-before)
	}
	h.Must(h.out(h.other, receiving.OutcomeScrap, third, p, 1))
	h.Must(h.out(h.other, receiving.OutcomeSupplier, third, p, 1))
	h.Refused(h.out(h.other, receiving.OutcomeScrap, third, p, 1), fault.Forbidden, "without a supervisor")
	won := h.atOnce(4, func(int) error { return h.out(third, receiving.OutcomeScrap, h.other, p, 1) }, fault.Forbidden)
	if won != 2 {
		t.Errorf("%d releases of 400 passed a limit of 1000", won)
	}
	h.Must(h.out(h.chief, receiving.OutcomeScrap, third, p, 7))
	h.Refused(h.out(h.chief, receiving.OutcomeScrap, third, p, 1), fault.Forbidden, "worth more than an outlet may approve")
	house := who.Actor{UserID: h.User(who.Supervisor), Roles: []who.Role{who.Supervisor}}
	h.Must(h.out(house, receiving.OutcomeScrap, third, p, 9))
	h.Sound()
}

// Neither old parts beside it nor a cheap receipt make dear stock cheap on its way out, and what nobody has priced is no clerk's to judge.
func TestWhatLeavesQuarantineIsWorthWhatGoodPiecesCost(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.set(policy.PartAutoApprove, 1000)
	p, unpriced := h.dear(10, 600), h.Part("")
	h.Stock(h.Warehouse, unpriced, 2)
	for _, q := range []inventory.Part{p, unpriced} {
		h.hide(h.Clerk, q, 2)
	}
	h.Owner(`UPDATE part_values SET quantity = 100 WHERE pool = 'held'`) // as if old parts lay beside it
	third := h.user(who.Warehouse)
	h.Refused(h.out(h.other, receiving.OutcomeScrap, third, p, 2), fault.Forbidden, "without a supervisor")
	h.Refused(h.out(h.other, receiving.OutcomeScrap, third, unpriced, 1), fault.Forbidden, "nobody knows what this is worth")
	h.Must(h.out(h.chief, receiving.OutcomeScrap, third, unpriced, 1))
	in := receiving.Releasing{LocationID: h.quarantine(), Outcome: receiving.OutcomeGood, ToLocation: &h.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 2}}}
	_, err := h.dock.ReleaseHeld(t.Context(), h.other, in)
	h.Must(err)
}

// Who found the fault holds it back, and so does who booked it: neither decides about it.
func TestNeitherCheckerNorBookerReleases(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q, booker := h.Part(""), h.Part("s"), h.user(who.Warehouse)
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 4}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 3})
	bad := func(l receiving.CountLine) receiving.CountLine {
		l.MarkingOK, l.Note = false, "no label"
		return l
	}
	for by, lines := range map[*who.Actor][]receiving.CountLine{
		&h.Clerk: {bad(counted(p, 2)), bad(counted(q, 0, "S1"))},
		&h.other: {counted(p, 2), bad(counted(q, 0, "S2"))},
	} {
		_, err := h.dock.Count(ctx, *by, d.ID, lines)
		h.Must(err)
	}
	_, err := h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(q, 0, "S3", "S4")}) // one more than announced
	h.Must(err)
	d, err = h.dock.Find(ctx, booker, d.ID)
	h.Must(err)
	_, err = h.dock.Receive(ctx, booker, d.ID, d.Version, nil)
	h.Must(err)
	held, _, err := h.dock.ListHeld(ctx, h.chief, receiving.HeldFilter{PartID: &p.ID}, uuid.Nil, 10)
	h.Must(err)
	if len(held) != 1 || *held[0].HeldBy != h.Clerk.UserID || *held[0].BookedBy != booker.UserID {
		t.Errorf("held %+v", held)
	}
	good := func(by who.Actor, l inventory.Line) error {
		_, err := h.dock.ReleaseHeld(ctx, by, receiving.Releasing{LocationID: h.quarantine(), Outcome: receiving.OutcomeGood, ToLocation: &h.Warehouse.ID, Lines: []inventory.Line{l}})
		return err
	}
	unit := func(s string) inventory.Line { return inventory.Line{PartID: q.ID, Serials: []string{s}} }
	h.Refused(good(h.Clerk, inventory.Line{PartID: p.ID, Quantity: 1}), fault.Conflict, "/lines/0/quantity nobody releases what he held back himself")
	h.Refused(good(booker, inventory.Line{PartID: p.ID, Quantity: 1}), fault.Conflict, "/lines/0/quantity nobody releases what he held back himself")
	h.Must(good(h.other, inventory.Line{PartID: p.ID, Quantity: 1}))
	h.Refused(good(h.other, unit("S2")), fault.Conflict, "/lines/0/serials nobody releases what he held back himself")
	h.Refused(good(h.Clerk, unit("S1")), fault.Conflict, "nobody releases what he held back himself")
	h.Must(good(h.other, unit("S1")))
	h.Must(good(h.Clerk, unit("S2")))
	h.Sound()
}

func TestHeldStockIsNarrowed(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, there := h.Part(""), h.NewOutlet()
	h.holdBack(h.Clerk, p, 2)
	now := h.Ledger.Now()
	for name, f := range map[string]struct {
		receiving.HeldFilter
		want int
	}{
		"outlet":       {receiving.HeldFilter{OutletID: &h.Outlet}, 1},
		"other outlet": {receiving.HeldFilter{OutletID: &there}, 0},
		"since":        {receiving.HeldFilter{From: &now}, 0},
		"until":        {receiving.HeldFilter{To: &now}, 1},
	} {
		if some, _, err := h.dock.ListHeld(t.Context(), h.chief, f.HeldFilter, uuid.Nil, 10); err != nil || len(some) != f.want {
			t.Errorf("by %s: %d, %v", name, len(some), err)
		}
	}
}
