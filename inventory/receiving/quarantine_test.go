package receiving_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// quarantine is the warehouse's place for what is held back.
func (h *house) quarantine() uuid.UUID {
	h.Helper()
	loc, err := h.Ledger.SubPlace(h.Context(), inventory.KindQuarantine, h.Warehouse)
	h.Must(err)
	return loc.ID
}

// holdBack receives parts that failed a check, by the clerk.
func (h *house) holdBack(by who.Actor, p inventory.Part, n int, serials ...string) {
	h.Helper()
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: max(n, len(serials))})
	line := counted(p, n, serials...)
	line.MarkingOK, line.Note = false, "no label"
	d, err := h.dock.Count(h.Context(), by, d.ID, []receiving.CountLine{line})
	h.Must(err)
	_, err = h.dock.Receive(h.Context(), by, d.ID, d.Version, nil)
	h.Must(err)
}

func TestHeldStockIsReleasedByAnother(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	h.holdBack(h.Clerk, p, 5)
	h.holdBack(h.other, p, 3)
	h.holdBack(h.Clerk, q, 0, "Q1", "Q2")
	at := h.quarantine()
	held, next, err := h.dock.ListHeld(ctx, h.chief, receiving.HeldFilter{}, uuid.Nil, 10)
	h.Must(err)
	if len(held) != 3 || next != uuid.Nil || held[0].Quantity != 5 || held[1].Quantity != 3 || !slices.Equal(held[2].Serials, []string{"Q1", "Q2"}) ||
		!slices.Equal(held[0].Because, []receiving.Reason{receiving.ReasonMarking}) || *held[0].HeldBy != h.Clerk.UserID || held[0].DeliveryID == nil {
		t.Errorf("held %+v", held)
	}
	release := func(by who.Actor, outcome receiving.Outcome, change func(*receiving.Releasing), lines ...inventory.Line) error {
		in := receiving.Releasing{LocationID: at, Outcome: outcome, Lines: lines}
		if change != nil {
			change(&in)
		}
		_, err := h.dock.ReleaseHeld(ctx, by, in)
		return err
	}
	good := func(in *receiving.Releasing) { in.ToLocation = &h.Warehouse.ID }
	witness := func(who uuid.UUID) func(*receiving.Releasing) {
		return func(in *receiving.Releasing) { in.WitnessID = &who }
	}
	of := func(n int) inventory.Line { return inventory.Line{PartID: p.ID, Quantity: n} }
	h.Refused(release(h.Clerk, receiving.OutcomeGood, good, inventory.Line{PartID: q.ID, Serials: []string{"Q1"}}), fault.Conflict, "/lines/0/serials nobody releases what he held back himself")
	h.Refused(release(h.Clerk, receiving.OutcomeGood, good, of(4)), fault.Conflict, "/lines/0/quantity nobody releases what he held back himself")
	h.Refused(release(h.chief, receiving.OutcomeGood, nil, of(1)), fault.Invalid, "/to_location_id is required")
	h.Refused(release(h.chief, receiving.OutcomeScrap, good, of(1)), fault.Invalid, "/to_location_id cannot be told of this outcome")
	h.Refused(release(h.chief, receiving.OutcomeScrap, nil, of(1)), fault.Invalid, "/witness_id is required")
	h.Refused(release(h.chief, receiving.OutcomeScrap, witness(h.chief.UserID), of(1)), fault.Invalid, "/witness_id nobody witnesses what he does himself")
	h.Refused(release(h.chief, receiving.OutcomeScrap, witness(stocktest.NewID()), of(1)), fault.Invalid, "/witness_id no such user")
	h.Refused(release(h.chief, receiving.OutcomeScrap, witness(h.user(who.Technician).UserID), of(1)), fault.Invalid, "/witness_id a witness works in the warehouse")
	h.Refused(release(h.chief, receiving.OutcomeSupplier, nil, of(1)), fault.Invalid, "/rma is required")
	h.Refused(release(h.chief, receiving.OutcomeGood, good, of(9)), fault.Conflict, "holds 8 of part")
	there := h.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &there}
	h.Refused(release(stranger, receiving.OutcomeGood, good, of(1)), fault.Invalid, "/location_id no such location")
	if n := h.Count(`SELECT count(*) FROM held_releases`); n != 0 {
		t.Errorf("refused releases left %d rows", n)
	}

	h.Must(release(h.Clerk, receiving.OutcomeGood, good, of(3))) // the other's three
	h.Must(release(h.chief, receiving.OutcomeScrap, witness(h.other.UserID), inventory.Line{PartID: q.ID, Serials: []string{"Q1"}}))
	h.Must(release(h.chief, receiving.OutcomeSupplier, func(in *receiving.Releasing) { in.RMA = "RMA-7" }, inventory.Line{PartID: q.ID, Scans: []string{"Q2"}}))
	if h.Holds(h.Warehouse.ID, p) != 3 || h.WhereIs(q, "Q1") != inventory.KindScrap || h.WhereIs(q, "Q2") != inventory.KindSupplier {
		t.Error("the parts are not where they were sent")
	}
	all, _, err := h.dock.ListReleases(ctx, h.chief, receiving.ReleaseFilter{}, uuid.Nil, 10)
	h.Must(err)
	if len(all) != 3 || *all[1].WitnessID != h.other.UserID || *all[2].RMA != "RMA-7" || all[0].Lines[0].Quantity != 3 || !slices.Equal(all[1].Lines[0].Serials, []string{"Q1"}) {
		t.Errorf("releases %+v", all)
	}
	hour := time.Now().Add(time.Hour)
	for name, f := range map[string]struct {
		receiving.ReleaseFilter
		want int
	}{
		"outcome":      {receiving.ReleaseFilter{Outcome: receiving.OutcomeScrap}, 1},
		"released by":  {receiving.ReleaseFilter{PersonID: &h.chief.UserID}, 2},
		"witness":      {receiving.ReleaseFilter{PersonID: &h.other.UserID}, 1},
		"outlet":       {receiving.ReleaseFilter{OutletID: &h.Outlet}, 3},
		"other outlet": {receiving.ReleaseFilter{OutletID: &there}, 0},
		"since":        {receiving.ReleaseFilter{From: &hour}, 0},
		"until":        {receiving.ReleaseFilter{To: &hour}, 3},
	} {
		if some, _, err := h.dock.ListReleases(ctx, h.chief, f.ReleaseFilter, uuid.Nil, 10); err != nil || len(some) != f.want {
			t.Errorf("by %s: %d releases, %v", name, len(some), err)
		}
	}
	// What went back to the supplier can be delivered again; what was scrapped cannot.
	d := h.announce(receiving.AnnouncedLine{PartID: q.ID, Quantity: 2})
	_, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(q, 0, "Q1", "Q2")})
	h.Refused(err, fault.Invalid, "/lines/0/serials/0 unit Q1 of part "+q.Number+" is no new one: it is in scrap")
	d, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(q, 0, "Q2")})
	h.Must(err)
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Must(err)
	h.Sound()
}

func TestHeldStockHasNoOtherWayOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.Part("")
	h.holdBack(h.Clerk, p, 2)
	_, err := h.Ledger.Transfer(t.Context(), h.Clerk, inventory.Transfer{FromLocation: h.quarantine(), ToLocation: h.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}}})
	h.Refused(err, fault.Invalid, "/from_location_id a place of the kind quarantine does not do here")
	_, err = h.send(h.Clerk, h.quarantine(), h.Warehouse.ID, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "/from_location_id a place of the kind quarantine does not do here")
	moves, _, err := h.Ledger.ListMovements(t.Context(), h.Clerk, inventory.MovementFilter{PartID: &p.ID}, uuid.Nil, 10)
	h.Must(err)
	_, err = h.Ledger.Reverse(t.Context(), h.Clerk, moves[0].ID, "")
	h.Refused(err, fault.Forbidden, "what was received leaves the house again by a supervisor's word alone")
}
