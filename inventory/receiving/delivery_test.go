package receiving_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestDeliveryFromTheNoteToTheShelf(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	plain, unit, stray := h.Part(""), h.Part("s"), h.Part("")
	bin, err := h.Ledger.OpenLocation(ctx, h.Clerk, inventory.Location{Code: stocktest.Fresh("B"), Name: "Bin", Kind: inventory.KindBin, WarehouseID: &h.Warehouse.ID})
	h.Must(err)
	cost := int64(250)
	d := h.announce(
		receiving.AnnouncedLine{PartID: plain.ID, Quantity: 10, UnitCost: &cost},
		receiving.AnnouncedLine{PartID: unit.ID, Quantity: 3, Serials: []string{"A1", "A2", "A3"}},
	)
	if d.Status != receiving.StatusAnnounced || d.Number[0] != 'D' || len(d.Lines) != 2 || d.Lines[1].Missing() != 3 {
		t.Errorf("announced %+v", d)
	}
	later, elsewhere := d.CreatedAt.Add(time.Second), h.NewOutlet()
	for _, f := range []struct {
		receiving.Filter
		want int
	}{
		{receiving.Filter{OutletID: &h.Outlet, From: &d.CreatedAt, To: &later}, 1},
		{receiving.Filter{OutletID: &elsewhere}, 0},
		{receiving.Filter{From: &later}, 0},
		{receiving.Filter{To: &d.CreatedAt}, 0},
		{receiving.Filter{PartID: &unit.ID}, 1},
		{receiving.Filter{PartID: &elsewhere}, 0},
	} {
		if got, _, err := h.dock.List(ctx, who.System, f.Filter, uuid.Nil, 10); err != nil || len(got) != f.want {
			t.Errorf("%+v lists %d deliveries (%v)", f, len(got), err)
		}
	}
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, 1, nil)
	h.Refused(err, fault.Conflict, "count it first")

	d, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(plain, 7), counted(unit, 0, "A1", "B9"), counted(stray, 1)})
	h.Must(err)
	broken := receiving.CountLine{Line: inventory.Line{PartID: plain.ID, Quantity: 2}, Checks: receiving.Checks{ModelOK: true, MarkingOK: true}}
	_, err = h.dock.Count(ctx, h.other, d.ID, []receiving.CountLine{broken})
	h.Refused(err, fault.Invalid, "/lines/0/note must say what the checks found")
	broken.Note = "two boxes were crushed"
	d, err = h.dock.Count(ctx, h.other, d.ID, []receiving.CountLine{broken})
	h.Must(err)
	for range 5 {
		d, err = h.dock.Count(ctx, h.other, d.ID, []receiving.CountLine{{Line: inventory.Line{PartID: unit.ID, Scans: []string{"A2"}}, Checks: fine}})
		h.Must(err)
	}
	if l := d.Lines[1]; l.Counted() != 3 || !slices.Equal(l.MissingSerials(), []string{"A3"}) || !slices.Equal(l.OtherSerials(), []string{"B9"}) {
		t.Errorf("the same scan five times: %+v", l)
	}
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, 2, nil)
	h.Refused(err, fault.Stale, "delivery is at version")
	d, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, []receiving.PutAway{{PartID: plain.ID, LocationID: bin.ID}})
	h.Must(err)

	if d.Status != receiving.StatusReceived || d.Lines[0].Missing() != 1 || d.Lines[0].Accepted != 7 || d.Lines[0].Held != 2 {
		t.Errorf("received %+v", d)
	}
	if l := d.Lines[0]; !slices.Equal(l.HeldBecause, []receiving.Reason{receiving.ReasonPackaging}) || *l.SuggestedID != bin.ID {
		t.Errorf("line %+v", l)
	}
	if l := d.Lines[1]; l.Accepted != 2 || !slices.Equal(l.HeldSerials, []string{"B9"}) || !slices.Equal(l.HeldBecause, []receiving.Reason{receiving.ReasonOtherSerial}) {
		t.Errorf("line %+v", l)
	}
	if l := d.Lines[2]; l.Accepted != 0 || l.Held != 1 || l.HeldBecause[0] != receiving.ReasonNotAnnounced {
		t.Errorf("line %+v", l)
	}
	if h.Holds(bin.ID, plain) != 7 || h.WhereIs(unit, "A2") != inventory.KindWarehouse || h.WhereIs(unit, "B9") != inventory.KindQuarantine {
		t.Error("the parts are not where they belong")
	}
	if n := h.Count(`SELECT value::int FROM part_values WHERE part_id = $1 AND pool = 'good'`, plain.ID); n != 7*250 {
		t.Errorf("seven good ones are worth %d", n)
	}
	if n := h.Count(`SELECT count(*) FROM unit_moves WHERE scan = 'A2'`); n != 1 {
		t.Errorf("%d steps keep the scan", n)
	}
	_, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(plain, 1)})
	h.Refused(err, fault.Conflict, "received cannot become counting")
	h.Sound()
}

func TestWhatADeliveryRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 1}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 1})
	_, err := h.dock.Announce(ctx, h.Clerk, receiving.Announced{
		SupplierID: h.supplier.ID, NoteNumber: d.NoteNumber, WarehouseID: h.Warehouse.ID, Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 1}},
	})
	h.Refused(err, fault.Conflict, "/note_number this supplier's delivery note "+d.NoteNumber+" is known already")
	van := h.Place(inventory.KindVan, h.Outlet)
	abroad := h.Place(inventory.KindWarehouse, h.NewOutlet())
	_, err = h.dock.Announce(ctx, h.Clerk, receiving.Announced{SupplierID: p.ID, NoteNumber: " ", WarehouseID: van.ID, Lines: []receiving.AnnouncedLine{
		{PartID: p.ID, Quantity: 1, Serials: []string{"S"}}, {PartID: p.ID, Quantity: 1}, {PartID: van.ID, Quantity: 1}, {PartID: q.ID, Quantity: 2, Serials: []string{"S"}},
	}})
	for _, want := range []string{
		"/supplier_id no such supplier", "/note_number must not be blank", "/warehouse_id a place of the kind van", "/lines/0/serials part",
		"/lines/1/part_id part " + p.Number + " stands in two lines", "/lines/2/part_id no such part", "/lines/3/quantity 1 serials are named",
	} {
		h.Refused(err, fault.Invalid, want)
	}
	_, err = h.dock.Announce(ctx, h.Clerk, receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: "N", WarehouseID: abroad.ID})
	h.Refused(err, fault.Invalid, "/warehouse_id no such location")
	closed := false
	_, err = h.dock.AmendSupplier(ctx, who.System, h.supplier.ID, 1, receiving.SupplierChange{Active: &closed})
	h.Must(err)
	_, err = h.dock.Announce(ctx, h.Clerk, receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: "N", WarehouseID: h.Warehouse.ID})
	h.Refused(err, fault.Invalid, "/supplier_id Acme is closed")

	h.Stock(h.Warehouse, q, 0, "HERE")
	_, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(q, 0, "HERE")})
	h.Refused(err, fault.Invalid, "/lines/0/serials/0 unit HERE of part "+q.Number+" is no new one: it is in "+h.Warehouse.Name)
	_, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{{Line: inventory.Line{Scans: []string{"nobody knows this"}}, Checks: fine}})
	h.Refused(err, fault.Invalid, "/lines/0/scans/0 no part is known by this scan")
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: abroad.OutletID}
	_, err = h.dock.Count(ctx, stranger, d.ID, []receiving.CountLine{counted(p, 1)})
	h.Refused(err, fault.NotFound, "no such delivery")
	if got, _ := h.dock.Find(ctx, h.Clerk, d.ID); got.Status != receiving.StatusAnnounced || got.Version != 1 || len(got.Entries) != 0 {
		t.Errorf("refused counts left %+v", got)
	}

	_, err = h.dock.Cancel(ctx, h.Clerk, d.ID, 1, " ")
	h.Refused(err, fault.Invalid, "/reason must not be blank")
	_, err = h.dock.Close(ctx, h.Clerk, d.ID, 1, "never came")
	h.Refused(err, fault.Conflict, "a delivery that is announced cannot become closed")
	_, err = h.dock.Cancel(ctx, h.Clerk, d.ID, 1, "another note came")
	h.Must(err)
	_, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 1)})
	h.Refused(err, fault.Conflict, "canceled cannot become counting")
}

func TestBackordersAreFilledAfterAReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.Part("")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 1})
	d, err := h.dock.Count(t.Context(), h.Clerk, d.ID, []receiving.CountLine{counted(p, 1)})
	h.Must(err)
	_, err = h.dock.Receive(t.Context(), h.Clerk, d.ID, d.Version, nil)
	h.Must(err)
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { _ = h.queue.Work(ctx, 1, time.Second) })
	defer work.Wait()
	defer stop()
	for range 200 {
		if h.counter.times() > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("nobody filled the back-orders")
}
