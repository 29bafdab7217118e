package receiving_test

import (
	"slices"
	"testing"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func TestAnotherSerialDoesNotComeInPlaceOfAnAnnouncedOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	q := h.Part("s")
	d := h.come([]receiving.AnnouncedLine{{PartID: q.ID, Quantity: 3, Serials: []string{"N-1", "N-2", "N-3"}}}, counted(q, 0, "N-1", "N-2", "N-9"))
	l := d.Lines[0]
	if d.Status != receiving.StatusReceived || l.Missing() != 1 || l.Over() != 1 || l.Accepted != 2 || !slices.Equal(l.MissingSerials(), []string{"N-3"}) ||
		!slices.Equal(l.HeldSerials, []string{"N-9"}) || !slices.Equal(l.HeldBecause, []receiving.Reason{receiving.ReasonOtherSerial}) {
		t.Errorf("received %+v", d)
	}
	rest, err := h.dock.Announce(ctx, h.Clerk, receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: d.NoteNumber, WarehouseID: h.Warehouse.ID, RestOfID: &d.ID})
	h.Must(err)
	if len(rest.Lines) != 1 || !slices.Equal(rest.Lines[0].Serials, []string{"N-3"}) {
		t.Errorf("the rest is %+v", rest.Lines)
	}
	rest, err = h.dock.Count(ctx, h.Clerk, rest.ID, []receiving.CountLine{counted(q, 0, "N-3")})
	h.Must(err)
	_, err = h.dock.Receive(ctx, h.Clerk, rest.ID, rest.Version, nil)
	h.Must(err)
	d, err = h.dock.Find(ctx, h.Clerk, d.ID)
	h.Must(err)
	if d.Status != receiving.StatusClosed || h.Holds(h.Warehouse.ID, q) != 3 {
		t.Errorf("at the end %+v", d)
	}
	h.Sound()
}

func TestWhatWentBackToTheSupplierMayComeAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	bad := func(l receiving.CountLine) receiving.CountLine {
		l.PackagingOK, l.Note = false, "wet"
		return l
	}
	d := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 4}, {PartID: q.ID, Quantity: 2, Serials: []string{"W1", "W2"}}},
		bad(counted(p, 4)), bad(counted(q, 0, "W1", "W2")))
	if d.Status != receiving.StatusClosed || d.Lines[0].ToCome() != 0 {
		t.Errorf("received %+v", d)
	}
	rest := receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: "AGAIN", WarehouseID: h.Warehouse.ID, RestOfID: &d.ID}
	_, err := h.dock.Announce(ctx, h.Clerk, rest)
	h.Refused(err, fault.Invalid, "/rest_of_id delivery "+d.Number+" waits for no rest")
	_, err = h.dock.ReleaseHeld(ctx, h.chief, receiving.Releasing{
		LocationID: h.quarantine(), Outcome: receiving.OutcomeSupplier, RMA: "R-9",
		Lines: []inventory.Line{{PartID: p.ID, Quantity: 3}, {PartID: q.ID, Serials: []string{"W2"}}},
	})
	h.Must(err)
	got, err := h.dock.Find(ctx, h.Clerk, d.ID)
	h.Must(err)
	if l := got.Lines[0]; l.SentBack != 3 || l.ToCome() != 3 || got.Version != d.Version+1 || got.Status != receiving.StatusReceived {
		t.Errorf("sent back %+v", got)
	}
	if l := got.Lines[1]; !slices.Equal(l.SentBackSerials, []string{"W2"}) || !slices.Equal(l.ToComeSerials(), []string{"W2"}) {
		t.Errorf("sent back %+v", l)
	}
	first := rest
	first.Lines = []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 1}}
	_, err = h.dock.Announce(ctx, h.Clerk, first)
	h.Must(err)
	rest.NoteNumber = "AGAIN-2"
	second, err := h.dock.Announce(ctx, h.Clerk, rest)
	h.Must(err)
	if len(second.Lines) != 2 || second.Lines[0].Quantity != 2 || !slices.Equal(second.Lines[1].Serials, []string{"W2"}) {
		t.Errorf("the rest is %+v", second.Lines)
	}
	second, err = h.dock.Count(ctx, h.Clerk, second.ID, []receiving.CountLine{counted(p, 2), counted(q, 0, "W2")})
	h.Must(err)
	_, err = h.dock.Receive(ctx, h.Clerk, second.ID, second.Version, nil)
	h.Must(err)
	if h.Holds(h.Warehouse.ID, p) != 2 || h.WhereIs(q, "W2") != inventory.KindWarehouse {
		t.Error("the rest is not there")
	}
	h.Sound()
}

func TestADeliveryWaitsForEveryRest(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.Part("")
	d := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 5}}, counted(p, 1))
	var rests []receiving.Delivery
	for _, n := range []int{1, 3} {
		r, err := h.dock.Announce(ctx, h.Clerk, receiving.Announced{
			SupplierID: h.supplier.ID, NoteNumber: d.NoteNumber, WarehouseID: h.Warehouse.ID, RestOfID: &d.ID,
			Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: n}},
		})
		h.Must(err)
		rests = append(rests, r)
	}
	for i, n := range []int{1, 3} {
		r, err := h.dock.Count(ctx, h.Clerk, rests[i].ID, []receiving.CountLine{counted(p, n)})
		h.Must(err)
		_, err = h.dock.Receive(ctx, h.Clerk, r.ID, r.Version, nil)
		h.Must(err)
		want := []receiving.Status{receiving.StatusReceived, receiving.StatusClosed}[i]
		if first, err := h.dock.Find(ctx, h.Clerk, d.ID); err != nil || first.Status != want {
			t.Errorf("after rest %d: %+v, %v", i, first, err)
		}
	}
	h.Sound()
}

func TestNoteNumbersAreTrimmedAndOneInCapitals(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	a := receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: "  Dn-7 ", WarehouseID: h.Warehouse.ID, Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 1}}}
	d, err := h.dock.Announce(ctx, h.Clerk, a)
	h.Must(err)
	if d.NoteNumber != "Dn-7" {
		t.Errorf("the note is %q", d.NoteNumber)
	}
	a.NoteNumber = "dN-7"
	_, err = h.dock.Announce(ctx, h.Clerk, a)
	h.Refused(err, fault.Conflict, "/note_number this supplier's delivery note dN-7 is known already")
	second := a
	second.NoteNumber = "DN-6"
	_, err = h.dock.Announce(ctx, h.Clerk, second)
	h.Must(err)
	newest, next, err := h.dock.List(ctx, h.Clerk, receiving.Filter{}, uuid.Nil, 1)
	h.Must(err)
	older, end, err := h.dock.List(ctx, h.Clerk, receiving.Filter{}, next, 1)
	h.Must(err)
	if newest[0].NoteNumber != "DN-6" || older[0].ID != d.ID || end != uuid.Nil {
		t.Errorf("listed %s, then %s", newest[0].NoteNumber, older[0].NoteNumber)
	}
	found, _, err := h.dock.List(ctx, h.Clerk, receiving.Filter{NoteNumber: "DN-7"}, uuid.Nil, 10)
	h.Must(err)
	if len(found) != 1 || found[0].ID != d.ID {
		t.Errorf("found %+v", found)
	}
	h.Stock(h.Warehouse, q, 0, "OURS")
	a.NoteNumber, a.Lines = "DN-8", []receiving.AnnouncedLine{{PartID: q.ID, Quantity: 2, Serials: []string{"NEW", "OURS"}}}
	_, err = h.dock.Announce(ctx, h.Clerk, a)
	h.Refused(err, fault.Invalid, "/lines/0/serials/1 unit OURS of part "+q.Number+" is no new one: it is in "+h.Warehouse.Name)
}

func TestTheRestComesLater(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	first := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 10}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 2, Serials: []string{"X1", "X2"}})
	rest := receiving.Announced{SupplierID: h.supplier.ID, NoteNumber: "REST-1", WarehouseID: h.Warehouse.ID, RestOfID: &first.ID}
	_, err := h.dock.Announce(ctx, h.Clerk, rest)
	h.Refused(err, fault.Invalid, "/rest_of_id delivery "+first.Number+" waits for no rest")
	first, err = h.dock.Count(ctx, h.Clerk, first.ID, []receiving.CountLine{counted(p, 4), counted(q, 0, "X2")})
	h.Must(err)
	first, err = h.dock.Receive(ctx, h.Clerk, first.ID, first.Version, nil)
	h.Must(err)
	second, err := h.dock.Announce(ctx, h.Clerk, rest)
	h.Must(err)
	if len(second.Lines) != 2 || second.Lines[0].Quantity != 6 || !slices.Equal(second.Lines[1].Serials, []string{"X1"}) {
		t.Errorf("the rest is %+v", second.Lines)
	}
	rest.NoteNumber = "REST-2"
	_, err = h.dock.Announce(ctx, h.Clerk, rest)
	h.Refused(err, fault.Conflict, "/rest_of_id its rest is announced already")
	second, err = h.dock.Count(ctx, h.Clerk, second.ID, []receiving.CountLine{counted(p, 6), counted(q, 0, "X1")})
	h.Must(err)
	second, err = h.dock.Receive(ctx, h.Clerk, second.ID, second.Version, nil)
	h.Must(err)
	first, err = h.dock.Find(ctx, h.Clerk, first.ID)
	h.Must(err)
	if first.Status != receiving.StatusClosed || second.Status != receiving.StatusClosed || h.Holds(h.Warehouse.ID, p) != 10 {
		t.Errorf("first %s, second %s", first.Status, second.Status)
	}
	h.Sound()
}

// A delivery waits again for what left again, unless a rest is announced for it already.
func TestAClosedDeliveryWaitsForWhatLeftAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	bad := func(l receiving.CountLine) receiving.CountLine {
		l.PackagingOK, l.Note = false, "wet"
		return l
	}
	send := func(l inventory.Line) {
		_, err := h.dock.ReleaseHeld(ctx, h.chief, receiving.Releasing{LocationID: h.quarantine(), Outcome: receiving.OutcomeSupplier, RMA: "R", Lines: []inventory.Line{l}})
		h.Must(err)
	}
	status := func(d receiving.Delivery) receiving.Status {
		now, err := h.dock.Find(ctx, h.Clerk, d.ID)
		h.Must(err)
		if waits := now.Lines[0].ToCome() > 0; waits != (now.Status == receiving.StatusReceived) {
			t.Errorf("%s with %d to come", now.Status, now.Lines[0].ToCome())
		}
		return now.Status
	}
	over := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 2}}, counted(p, 3))
	send(inventory.Line{PartID: p.ID, Quantity: 1}) // one more than announced was held back
	if s := status(over); s != receiving.StatusClosed {
		t.Errorf("what was too much left, and it is %s", s)
	}
	named := h.announce(receiving.AnnouncedLine{PartID: q.ID, Quantity: 2, Serials: []string{"N1", "N2"}})
	for _, line := range []receiving.CountLine{bad(counted(q, 0, "N1")), counted(q, 0, "N9")} {
		var err error
		named, err = h.dock.Count(ctx, h.Clerk, named.ID, []receiving.CountLine{line})
		h.Must(err)
	}
	named, err := h.dock.Receive(ctx, h.Clerk, named.ID, named.Version, nil)
	h.Must(err)
	if named.Status != receiving.StatusReceived {
		t.Fatalf("received %+v", named)
	}
	named, err = h.dock.Close(ctx, h.chief, named.ID, named.Version, "no more of them")
	h.Must(err)
	send(inventory.Line{PartID: q.ID, Serials: []string{"N1"}})
	if s := status(named); s != receiving.StatusReceived {
		t.Errorf("an announced unit left, and it is %s", s)
	}
	if now, err := h.dock.Find(ctx, h.Clerk, named.ID); err != nil || now.Reason != nil {
		t.Errorf("it waits again, and still says %v, %v", now.Reason, err)
	}
	waiting, _, err := h.dock.List(ctx, h.Clerk, receiving.Filter{Status: receiving.StatusReceived}, uuid.Nil, 10)
	h.Must(err)
	if len(waiting) != 1 || waiting[0].ID != named.ID {
		t.Errorf("waiting: %+v", waiting)
	}
	h.Sound()
}
