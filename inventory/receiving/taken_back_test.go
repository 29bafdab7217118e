package receiving_test

import (
	"slices"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// receipts are the movements that a delivery was booked by, newest first.
func (h *house) receipts(d receiving.Delivery) (all []inventory.Movement) {
	h.Helper()
	moves, _, err := h.Ledger.ListMovements(h.Context(), who.System, inventory.MovementFilter{Kind: inventory.MovementReceive}, uuid.Nil, 100)
	h.Must(err)
	for _, m := range moves {
		if m.ReferenceID != nil && *m.ReferenceID == d.ID {
			all = append(all, m)
		}
	}
	return all
}

// come announces, counts and books as good what is named.
func (h *house) come(lines []receiving.AnnouncedLine, came ...receiving.CountLine) receiving.Delivery {
	h.Helper()
	d := h.announce(lines...)
	d, err := h.dock.Count(h.Context(), h.Clerk, d.ID, came)
	h.Must(err)
	d, err = h.dock.Receive(h.Context(), h.Clerk, d.ID, d.Version, nil)
	h.Must(err)
	return d
}

func TestAReceiptAtTheWrongCostIsBookedAnew(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	wrong, right := int64(99900), int64(999)
	d := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 10, UnitCost: &wrong}, {PartID: q.ID, Quantity: 2, Serials: []string{"C1", "C2"}}},
		counted(p, 10), counted(q, 0, "C1", "C2"))
	moves := h.receipts(d)
	if d.Status != receiving.StatusClosed || len(moves) != 2 {
		t.Fatalf("received %+v by %d movements", d, len(moves))
	}
	self := h.Clerk
	self.Roles = append(slices.Clone(self.Roles), who.Supervisor)
	for _, m := range moves {
		_, err := h.Ledger.Reverse(ctx, h.other, m.ID, "typed wrongly")
		h.Refused(err, fault.Forbidden, "by a supervisor's word alone")
		_, err = h.Ledger.Reverse(ctx, self, m.ID, "typed wrongly")
		h.Refused(err, fault.Forbidden, "nobody takes back a receipt of his own")
	}
	won := h.atOnce(8, func(i int) error {
		_, err := h.Ledger.Reverse(ctx, h.chief, moves[i%2].ID, "typed wrongly")
		return err
	}, fault.Conflict)
	got, err := h.dock.Find(ctx, h.Clerk, d.ID)
	h.Must(err)
	if l := got.Lines[0]; won != 2 || l.TakenBack != 10 || l.Accepted != 10 || l.ToCome() != 10 || got.Version != d.Version+2 || got.Status != receiving.StatusReceived {
		t.Errorf("%d reversals, taken back %+v", won, got)
	}
	if l := got.Lines[1]; l.TakenBack != 2 || !slices.Equal(l.TakenBackSerials, []string{"C1", "C2"}) || !slices.Equal(l.ToComeSerials(), []string{"C1", "C2"}) {
		t.Errorf("taken back %+v", l)
	}
	if h.Holds(h.Warehouse.ID, p) != 0 || h.WhereIs(q, "C1") != inventory.KindSupplier || h.Count(`SELECT value::int FROM part_values WHERE part_id = $1 AND pool = 'good'`, p.ID) != 0 {
		t.Error("the books do not say that it is gone")
	}

	again := receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: strings.ToLower(d.NoteNumber), WarehouseID: h.Warehouse.ID, RestOfID: &d.ID}
	_, err = h.dock.Announce(ctx, h.Clerk, again)
	h.Refused(err, fault.Invalid, "/lines must say what comes and what it costs: some of delivery "+d.Number+" was taken back")
	again.Lines = []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 11, UnitCost: &right}}
	_, err = h.dock.Announce(ctx, h.Clerk, again)
	h.Refused(err, fault.Invalid, "/lines/0/quantity 10 of it are still to come of delivery note "+d.NoteNumber)
	again.Lines = []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 10, UnitCost: &right}, {PartID: q.ID, Quantity: 2, Serials: []string{"C1", "C2"}}}
	second, err := h.dock.Announce(ctx, h.Clerk, again)
	h.Must(err)
	_, err = h.dock.Announce(ctx, h.Clerk, again)
	h.Refused(err, fault.Conflict, "/rest_of_id its rest is announced already")
	second, err = h.dock.Count(ctx, h.Clerk, second.ID, []receiving.CountLine{counted(p, 10), counted(q, 0, "C1", "C2")})
	h.Must(err)
	second, err = h.dock.Receive(ctx, h.Clerk, second.ID, second.Version, nil)
	h.Must(err)
	if second.Status != receiving.StatusClosed || h.Holds(h.Warehouse.ID, p) != 10 || h.WhereIs(q, "C2") != inventory.KindWarehouse ||
		h.Count(`SELECT value::int FROM part_values WHERE part_id = $1 AND pool = 'good'`, p.ID) != 9990 {
		t.Errorf("booked anew %+v", second)
	}
	if first, err := h.dock.Find(ctx, h.Clerk, d.ID); err != nil || first.Status != receiving.StatusClosed || first.Lines[0].ToCome() != 0 {
		t.Errorf("after its rest %+v, %v", first, err)
	}
	h.Sound()
}

func TestWhatHasMovedOnIsNotTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	q := h.Part("s")
	d := h.come([]receiving.AnnouncedLine{{PartID: q.ID, Quantity: 2}}, counted(q, 0, "G1", "G2"))
	bin := h.Place(inventory.KindWarehouse, h.Outlet)
	_, err := h.Ledger.Transfer(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: bin.ID, Lines: []inventory.Line{{PartID: q.ID, Serials: []string{"G2"}}}})
	h.Must(err)
	_, err = h.Ledger.Reverse(ctx, h.chief, h.receipts(d)[0].ID, "wrong supplier")
	h.Refused(err, fault.Conflict, "unit G2 of part "+q.Number+" is not in "+h.Warehouse.Name)
	if got, err := h.dock.Find(ctx, h.Clerk, d.ID); err != nil || got.Version != d.Version || got.Lines[0].TakenBack != 0 {
		t.Errorf("a refusal left %+v, %v", got, err)
	}
	h.Sound()
}

func TestWhatWasHeldIsTakenBackWhileItIsHeld(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.Part("")
	h.holdBack(h.Clerk, p, 2)
	h.holdBack(h.Clerk, p, 3)
	at := h.quarantine()
	held, _, err := h.dock.ListHeld(ctx, h.chief, receiving.HeldFilter{}, uuid.Nil, 10)
	h.Must(err)
	_, err = h.dock.ReleaseHeld(ctx, h.chief, receiving.Releasing{
		LocationID: at, Outcome: receiving.OutcomeGood, ToLocation: &h.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}},
	})
	h.Must(err)
	_, err = h.Ledger.Reverse(ctx, h.chief, held[0].MovementID, "not ours")
	h.Refused(err, fault.Conflict, "some of what was held back left ")
	_, err = h.Ledger.Reverse(ctx, h.chief, held[1].MovementID, "not ours")
	h.Must(err)
	left, _, err := h.dock.ListHeld(ctx, h.chief, receiving.HeldFilter{}, uuid.Nil, 10)
	h.Must(err)
	if len(left) != 1 || left[0].MovementID != held[0].MovementID || left[0].Quantity != 1 {
		t.Errorf("held still: %+v", left)
	}
	second, err := h.dock.Find(ctx, h.chief, *held[1].DeliveryID)
	h.Must(err)
	if l := second.Lines[0]; l.TakenBack != 3 || l.ToCome() != 3 || l.Held != 3 {
		t.Errorf("taken back %+v", l)
	}
	moved, err := h.Ledger.Transfer(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: at, Note: "dented", Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}}})
	h.Must(err)
	_, err = h.Ledger.Reverse(ctx, h.chief, moved[0].ID, "good after all")
	h.Refused(err, fault.Conflict, "what is held back is released, not taken back")
	h.Sound()
}

func TestARefusedReversalNamesThePaper(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.Part("")
	h.Stock(h.Warehouse, p, 5)
	to := h.Place(inventory.KindWarehouse, h.Outlet)
	sent, err := h.dock.Send(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: to.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 2}}})
	h.Must(err)
	_, err = h.dock.Settle(ctx, h.chief, sent.ID, sent.Version, receiving.Settling{WriteOff: true, Reason: "fell off"})
	h.Must(err)
	newest := func(k inventory.MovementKind) uuid.UUID {
		moves, _, err := h.Ledger.ListMovements(ctx, h.chief, inventory.MovementFilter{PartID: &p.ID, Kind: k}, uuid.Nil, 1)
		h.Must(err)
		return moves[0].ID
	}
	for kind, want := range map[inventory.MovementKind]string{
		inventory.MovementTransfer: "this movement belongs to transfer " + sent.Number + ": receive or settle it",
		inventory.MovementCount:    "this movement wrote off what transfer " + sent.Number + " lost: what is found again is counted in",
	} {
		_, err = h.Ledger.Reverse(ctx, h.chief, newest(kind), "")
		h.Refused(err, fault.Conflict, want)
	}
	h.holdBack(h.Clerk, p, 3)
	for _, in := range []receiving.Releasing{
		{Outcome: receiving.OutcomeGood, ToLocation: &h.Warehouse.ID},
		{Outcome: receiving.OutcomeSupplier, RMA: "R-1"},
		{Outcome: receiving.OutcomeScrap, WitnessID: &h.other.UserID},
	} {
		in.LocationID, in.Lines = h.quarantine(), []inventory.Line{{PartID: p.ID, Quantity: 1}}
		r, err := h.dock.ReleaseHeld(ctx, h.chief, in)
		h.Must(err)
		_, err = h.Ledger.Reverse(ctx, h.chief, newest(inventory.MovementDispose), "")
		h.Refused(err, fault.Conflict, "this movement belongs to held release "+r.ID.String()+": "+map[receiving.Outcome]string{
			receiving.OutcomeGood: "transfer the parts into quarantine", receiving.OutcomeSupplier: "what the supplier sends again is received",
			receiving.OutcomeScrap: "scrap that is found again is counted in",
		}[in.Outcome])
	}
	h.Sound()
}

func TestACrashWhileAReceiptIsTakenBackLeavesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.Part("")
	d := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 4}}, counted(p, 4))
	if n := h.Crashing("take back", func() error {
		_, err := h.Ledger.Reverse(h.Context(), h.chief, h.receipts(d)[0].ID, "again")
		return err
	}); n < 3 {
		t.Errorf("only %d writes were tried", n)
	}
	h.Sound()
}

func TestAStrangerTakesNothingBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.Part("")
	d := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 4}}, counted(p, 4))
	there := h.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &there}
	_, err := h.Ledger.Reverse(t.Context(), stranger, h.receipts(d)[0].ID, "mine")
	h.Refused(err, fault.NotFound, "no such movement")
}
