package receiving_test

import (
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// send sends lines from one place to another.
func (h *house) send(by who.Actor, from, to uuid.UUID, lines ...inventory.Line) (receiving.Transfer, error) {
	return h.dock.Send(h.Context(), by, inventory.Transfer{FromLocation: from, ToLocation: to, Lines: lines})
}

func TestTransferBetweenOutlets(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	there := h.NewOutlet()
	to := h.Place(inventory.KindWarehouse, there)
	theirs := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &there}
	third := h.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &third}
	p, q := h.Part(""), h.Part("s")
	h.Stock(h.Warehouse, p, 10)
	h.Stock(h.Warehouse, q, 0, "T1", "T2", "T3")

	_, err := h.send(theirs, h.Warehouse.ID, to.ID, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "/from_location_id no such location")
	_, err = h.send(h.Clerk, h.Warehouse.ID, to.ID, inventory.Line{PartID: p.ID, Quantity: 11})
	h.Refused(err, fault.Conflict, "/lines/0/quantity "+h.Warehouse.Name+" holds 10")
	tr, err := h.send(h.Clerk, h.Warehouse.ID, to.ID, inventory.Line{PartID: p.ID, Quantity: 5}, inventory.Line{PartID: q.ID, Serials: []string{"T1", "T2"}})
	h.Must(err)
	if tr.Number[0] != 'T' || h.WhereIs(q, "T1") != inventory.KindTransit || h.Holds(h.Warehouse.ID, p) != 5 || h.Holds(to.ID, p) != 0 {
		t.Errorf("sent %+v", tr)
	}
	for by, want := range map[*who.Actor]int{&h.Clerk: 1, &theirs: 1, &stranger: 0} {
		if got, _, err := h.dock.ListTransfers(ctx, *by, receiving.TransferFilter{}, uuid.Nil, 10); err != nil || len(got) != want {
			t.Errorf("%v sees %d transfers, want %d (%v)", by.OutletID, len(got), want, err)
		}
	}
	later, unsent := tr.CreatedAt.Add(time.Second), h.Part("")
	for _, f := range []struct {
		receiving.TransferFilter
		want int
	}{
		{receiving.TransferFilter{OutletID: &there, From: &tr.CreatedAt, To: &later}, 1},
		{receiving.TransferFilter{OutletID: &third}, 0},
		{receiving.TransferFilter{PartID: &q.ID, Number: strings.ToLower(tr.Number)}, 1},
		{receiving.TransferFilter{PartID: &unsent.ID}, 0},
		{receiving.TransferFilter{Number: "T1"}, 0},
		{receiving.TransferFilter{From: &later}, 0},
		{receiving.TransferFilter{To: &tr.CreatedAt}, 0},
	} {
		if got, _, err := h.dock.ListTransfers(ctx, who.System, f.TransferFilter, uuid.Nil, 10); err != nil || len(got) != f.want {
			t.Errorf("%+v lists %d transfers (%v)", f, len(got), err)
		}
	}
	receive := func(by who.Actor, version int, lines ...inventory.Line) (receiving.Transfer, error) {
		return h.dock.ReceiveTransfer(ctx, by, tr.ID, version, lines)
	}
	_, err = receive(stranger, 1, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.NotFound, "no such transfer")
	_, err = receive(h.other, 1, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Forbidden, to.Name+" is not your outlet's")
	central := who.Actor{UserID: h.Clerk.UserID, Roles: []who.Role{who.Admin}}
	_, err = receive(central, 1, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Forbidden, "nobody receives what he sent himself")
	_, err = receive(theirs, 1, inventory.Line{PartID: p.ID, Quantity: 6}, inventory.Line{PartID: q.ID, Serials: []string{"T3"}}, inventory.Line{PartID: h.Part("").ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "/lines/0/quantity 5 of part "+p.Number+" are on their way")
	h.Refused(err, fault.Invalid, "/lines/1/serials/0 unit T3 was not sent")
	h.Refused(err, fault.Invalid, "/lines/2/part_id part")
	tr, err = receive(theirs, 1, inventory.Line{PartID: p.ID, Quantity: 3}, inventory.Line{PartID: q.ID, Scans: []string{"T1"}})
	h.Must(err)
	if tr.Status != receiving.TransferShort || tr.Lines[0].Left() != 2 || tr.Lines[1].Left() != 1 || h.WhereIs(q, "T1") != inventory.KindWarehouse {
		t.Errorf("received short %+v", tr)
	}
	_, err = receive(theirs, 2, inventory.Line{PartID: q.ID, Serials: []string{"T1"}})
	h.Refused(err, fault.Invalid, "/lines/0/serials/0 unit T1 is not on its way any more")
	tr, err = receive(theirs, 2, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Must(err)

	settle := func(by who.Actor, reason string, lines ...inventory.Line) (receiving.Transfer, error) {
		return h.dock.Settle(ctx, by, tr.ID, tr.Version, receiving.Settling{Back: lines, WriteOff: true, Reason: reason})
	}
	back := inventory.Line{PartID: q.ID, Serials: []string{"T2"}}
	_, err = settle(theirs, "lost", back)
	h.Refused(err, fault.Forbidden, h.Warehouse.Name+" is not your outlet's")
	_, err = settle(h.Clerk, "lost", back)
	h.Refused(err, fault.Forbidden, "only a supervisor writes off")
	central = who.Actor{UserID: theirs.UserID, Roles: []who.Role{who.Admin}}
	_, err = settle(central, "lost", back)
	h.Refused(err, fault.Forbidden, "nobody writes off what he sent or received himself")
	_, err = settle(h.chief, " ", back)
	h.Refused(err, fault.Invalid, "/reason must not be blank")
	_, err = h.dock.Settle(ctx, h.chief, tr.ID, tr.Version, receiving.Settling{Reason: "nothing"})
	h.Refused(err, fault.Invalid, "/lines is required")
	some, err := h.dock.Settle(ctx, h.Clerk, tr.ID, tr.Version, receiving.Settling{Back: []inventory.Line{back}, Reason: "came back"})
	h.Must(err)
	if tr = some; tr.Status != receiving.TransferShort || tr.Reason != nil {
		t.Errorf("some came back: %+v", tr)
	}
	stale := tr
	tr.Version++
	_, err = settle(h.chief, "lost")
	h.Refused(err, fault.Stale, "transfer is at version")
	tr = stale
	_, err = settle(h.chief, "lost", back)
	h.Refused(err, fault.Invalid, "/lines/0/serials/0 unit T2 is not on its way any more")
	tr, err = settle(h.chief, "one fell off the lorry")
	h.Must(err)
	if tr.Status != receiving.TransferSettled || tr.Lines[0].Lost != 1 || tr.Lines[1].Returned != 1 || h.WhereIs(q, "T2") != inventory.KindWarehouse {
		t.Errorf("settled %+v", tr)
	}
	if h.Holds(h.Warehouse.ID, p) != 5 || h.Holds(to.ID, p) != 4 || h.Count(`SELECT sum(quantity)::int FROM balances b JOIN locations l ON l.id = b.location_id WHERE l.kind = 'transit'`) != 0 {
		t.Error("the books do not say so")
	}
	_, err = settle(h.chief, "again")
	h.Refused(err, fault.Conflict, "settled cannot become settled")
	moves, _, err := h.Ledger.ListMovements(ctx, h.chief, inventory.MovementFilter{PartID: &p.ID, Kind: inventory.MovementTransfer}, uuid.Nil, 10)
	h.Must(err)
	_, err = h.Ledger.Reverse(ctx, h.chief, moves[0].ID, "")
	h.Refused(err, fault.Conflict, "this movement belongs to transfer "+tr.Number)
	h.Sound()
}

func TestTechniciansHandPartsOverVanToVan(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	ann, hers := h.Technician(h.Outlet)
	bob, his := h.Technician(h.Outlet)
	p := h.Part("")
	h.Stock(hers, p, 4)
	_, err := h.send(bob, hers.ID, his.ID, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "/from_location_id a technician sends parts out of his own van alone")
	tr, err := h.send(ann, hers.ID, his.ID, inventory.Line{PartID: p.ID, Quantity: 2})
	h.Must(err)
	for _, by := range []who.Actor{h.other, h.chief} {
		_, err = h.dock.ReceiveTransfer(ctx, by, tr.ID, 1, []inventory.Line{{PartID: p.ID, Quantity: 2}})
		h.Refused(err, fault.Forbidden, "takes parts into his own van alone")
	}
	carl, _ := h.Technician(h.Outlet)
	_, err = h.dock.FindTransfer(ctx, carl, tr.ID)
	h.Refused(err, fault.NotFound, "no such transfer")
	tr, err = h.dock.ReceiveTransfer(ctx, bob, tr.ID, 1, []inventory.Line{{PartID: p.ID, Quantity: 2}})
	h.Must(err)
	if tr.Status != receiving.TransferReceived || h.Holds(his.ID, p) != 2 || h.Holds(hers.ID, p) != 2 {
		t.Errorf("handed over %+v", tr)
	}
	// A part that another outlet's van should get goes to that outlet's warehouse first.
	_, far := h.Technician(h.NewOutlet())
	_, err = h.send(ann, hers.ID, far.ID, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "/to_location_id no such location")
	_, err = h.send(ann, hers.ID, hers.ID, inventory.Line{PartID: p.ID, Quantity: 1})
	h.Refused(err, fault.Invalid, "/to_location_id is where the parts are already")
	h.Sound()
}

func TestFiveReceiveOneTransfer(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	to := h.Place(inventory.KindWarehouse, h.Outlet)
	p := h.Part("")
	h.Stock(h.Warehouse, p, 3)
	tr, err := h.send(h.Clerk, h.Warehouse.ID, to.ID, inventory.Line{PartID: p.ID, Quantity: 3})
	h.Must(err)
	won := h.atOnce(5, func(int) error {
		_, err := h.dock.ReceiveTransfer(ctx, h.other, tr.ID, 1, []inventory.Line{{PartID: p.ID, Quantity: 3}})
		return err
	}, fault.Stale, fault.Conflict, fault.Invalid)
	if won != 1 || h.Holds(to.ID, p) != 3 {
		t.Errorf("%d receipts, %d pieces", won, h.Holds(to.ID, p))
	}
	h.Sound()
}
