package returns_test

import (
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/receiving"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// loner is one person with every role of the warehouse, and an old part that passed through his hands.
type loner struct {
	*stocktest.House
	who.Actor

	mate   who.Actor // whoever does the step that he may not do
	dock   *receiving.Dock
	counts *counts.Counts
	part   inventory.Part
	old    returns.Return
	vendor uuid.UUID
}

// place is a place of the warehouse of a kind.
func (l *loner) place(kind inventory.Kind) inventory.Location {
	l.Helper()
	at, err := l.Ledger.SubPlace(l.Context(), kind, l.Warehouse)
	l.Must(err)
	return at
}

// receive has somebody take the old part in.
func (l *loner) receive(by who.Actor, damaged bool) {
	l.Helper()
	o := expect(l.House, l.part, 1, "OLD")
	s := at(l.House, unit("OLD"))
	s.Damaged = damaged
	r, err := l.Returns.Receive(l.Context(), by, o.ID, o.Version, s)
	l.Must(err)
	l.old = r
}

// send has somebody send it to the vendor.
func (l *loner) send(by who.Actor) {
	l.Helper()
	r, err := l.Returns.Dispose(l.Context(), by, l.old.ID, l.old.Version, returns.Deciding{Kind: returns.DispositionVendor, LocationID: &l.vendor, RMA: "1"})
	l.Must(err)
	l.old = r
}

// dispose has him decide what becomes of it.
func (l *loner) dispose(d returns.Deciding) error {
	_, err := l.Returns.Dispose(l.Context(), l.Actor, l.old.ID, l.old.Version, d)
	return err
}

// answer has him book the vendor's answer.
func (l *loner) answer(result returns.VendorResult) error {
	a := returns.Answer{Result: result, LocationID: &l.Warehouse.ID}
	switch result {
	case returns.VendorReplaced:
		a.Serial = "NEW"
	case returns.VendorRefused:
		a = returns.Answer{Result: result, WitnessID: new(l.User(who.Supervisor)), Note: "beyond repair"}
	case returns.VendorRepaired:
	}
	_, err := l.Returns.TakeAnswer(l.Context(), l.Actor, l.old.ID, l.old.Version, a)
	return err
}

// unit is the line of the old part.
func (l *loner) lines() []inventory.Line {
	return stocktest.Lines(inventory.Line{PartID: l.part.ID, Serials: []string{"OLD"}})
}

// counted has him count units in a place and approve that himself.
func (l *loner) counted(place uuid.UUID, serials ...string) error {
	ctx := l.Context()
	k, err := l.counts.Open(ctx, l.mate, counts.Opening{LocationID: place, Scope: counts.ScopeCycle, PartIDs: []uuid.UUID{l.part.ID}})
	l.Must(err)
	told := counts.Told{PartID: l.part.ID, Serials: serials}
	if len(serials) == 0 {
		told.Quantity = new(0)
	}
	k, err = l.counts.Count(ctx, l.Actor, k.ID, nil, false, []counts.Told{told})
	l.Must(err)
	k, err = l.counts.Finish(ctx, l.Actor, k.ID, k.Version, "", "")
	l.Must(err)
	s, err := l.counts.Explain(ctx, l.mate, k.ID, k.Version, []counts.Explanation{{Spot: counts.Spot{LocationID: place, PartID: l.part.ID}, Reason: counts.ReasonFound}})
	l.Must(err)
	_, err = l.counts.Approve(ctx, l.Actor, k.ID, s.Count.Version)
	return err
}

// reverse has him take back the last movement of the old part.
func (l *loner) reverse() error {
	l.Helper()
	last := text(l.House, `SELECT s.movement_id::text FROM unit_moves s JOIN units u ON u.id = s.unit_id WHERE u.serial = 'OLD' ORDER BY s.seq DESC LIMIT 1`)
	_, err := l.Uses.Reverse(l.Context(), l.Actor, uuid.MustParse(last), "a mistake")
	return err
}

// A defective unit becomes good stock, or leaves the house, by the hands of two people: on no path is it one.
func TestNobodyAloneMakesADefectiveUnitGoodOrGone(t *testing.T) {
	t.Parallel()
	mine := func(l *loner) { l.receive(l.Actor, false) }
	others := func(l *loner) { l.receive(l.mate, false) }
	damaged := func(l *loner) { l.receive(l.Actor, true) }
	round := func(l *loner) { mine(l); l.send(l.Actor) }
	sent := func(l *loner) { others(l); l.send(l.Actor) }
	back := func(l *loner) { mine(l); l.send(l.mate) }
	good := func(l *loner) *uuid.UUID { return &l.Warehouse.ID }
	for name, tt := range map[string]struct {
		before func(*loner)
		do     func(*loner) error
		code   fault.Code
		text   string
	}{
		"refurbish what I received": {mine, func(l *loner) error {
			return l.dispose(returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: good(l)})
		}, fault.Forbidden, "whoever received an old part"},
		"scrap what I received": {mine, func(l *loner) error {
			return l.dispose(returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &l.mate.UserID, Note: "burnt"})
		}, fault.Forbidden, "whoever received an old part"},
		"appraise what I received, and refurbish it": {mine, func(l *loner) error {
			r, err := l.Returns.Appraise(l.Context(), l.Actor, l.old.ID, l.old.Version, returns.VerdictNoFaultFound, nil, "fine")
			l.Must(err)
			l.old = r
			return l.dispose(returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: good(l)})
		}, fault.Forbidden, "whoever received an old part"},
		"judge what I received": {damaged, func(l *loner) error {
			_, err := l.Returns.Resolve(l.Context(), l.Actor, l.old.ID, l.old.Version, returns.ResolutionAccepted, "fine")
			return err
		}, fault.Forbidden, "whoever brought or received"},
		"repaired, received and sent by me":        {round, func(l *loner) error { return l.answer(returns.VendorRepaired) }, fault.Forbidden, "whoever received"},
		"replaced, received and sent by me":        {round, func(l *loner) error { return l.answer(returns.VendorReplaced) }, fault.Forbidden, "whoever received"},
		"refused, received and sent by me":         {round, func(l *loner) error { return l.answer(returns.VendorRefused) }, fault.Forbidden, "whoever received"},
		"repaired, received by me":                 {back, func(l *loner) error { return l.answer(returns.VendorRepaired) }, fault.Forbidden, "whoever received"},
		"repaired, sent by me":                     {sent, func(l *loner) error { return l.answer(returns.VendorRepaired) }, fault.Forbidden, "whoever sent an old part to a vendor"},
		"replaced, sent by me":                     {sent, func(l *loner) error { return l.answer(returns.VendorReplaced) }, fault.Forbidden, "whoever sent an old part to a vendor"},
		"take the receipt back":                    {mine, (*loner).reverse, fault.Conflict, "belongs to part return"},
		"take the way to the vendor back":          {round, (*loner).reverse, fault.Conflict, "belongs to part return"},
		"carry it to a shelf":                      {mine, carry(inventory.KindDefective), fault.Invalid, "/from_location_id a place of the kind"},
		"carry it out of quarantine":               {damaged, carry(inventory.KindQuarantine), fault.Invalid, "/from_location_id a place of the kind"},
		"send it to another place":                 {mine, post, fault.Invalid, "/from_location_id a place of the kind"},
		"count it gone":                            {mine, func(l *loner) error { return l.counted(l.place(inventory.KindDefective).ID) }, fault.Forbidden, "nobody approves what he counted himself"},
		"count it on a shelf":                      {mine, func(l *loner) error { return l.counted(l.Warehouse.ID, "OLD") }, fault.Forbidden, "nobody approves what he counted himself"},
		"release it as what was held back":         {damaged, release(receiving.OutcomeGood), fault.Conflict, "are disposed of with their part returns"},
		"scrap it as what was held back":           {damaged, release(receiving.OutcomeScrap), fault.Conflict, "are disposed of with their part returns"},
		"give it back to the supplier":             {damaged, release(receiving.OutcomeSupplier), fault.Conflict, "are disposed of with their part returns"},
		"receive it from a supplier":               {mine, opening, fault.Conflict, "the books do not allow this movement"},
		"bring it unannounced once more":           {mine, found, fault.Conflict, "belongs to part return"},
		"hold good stock back and release it":      {func(l *loner) { l.hold(l.Actor) }, release(receiving.OutcomeGood), fault.Conflict, "nobody releases what he held back himself"},
		"hold good stock back and scrap it":        {func(l *loner) { l.hold(l.Actor) }, release(receiving.OutcomeScrap), fault.Conflict, "nobody releases what he held back himself"},
		"hold good stock back, and take that back": {func(l *loner) { l.hold(l.Actor) }, (*loner).reverse, fault.Conflict, "what is held back is released"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := stocktest.Open(t)
			l := &loner{
				House: h, Actor: someone(h, who.Warehouse), mate: someone(h, who.Warehouse), part: h.Part("sr"),
				dock: receiving.New(h.Ledger, receiving.Deps{Policies: policy.NewBook(h.DB, time.Now)}), counts: counts.New(h.Ledger, policy.NewBook(h.DB, time.Now)),
				vendor: h.Place(inventory.KindVendorRepair, h.Outlet).ID,
			}
			l.Roles = []who.Role{who.Warehouse, who.Supervisor, who.Inspector, who.Dispatcher}
			l.mate.Roles = l.Roles
			tt.before(l)
			was := h.WhereIs(l.part, "OLD")
			h.Refused(tt.do(l), tt.code, tt.text)
			if now := h.WhereIs(l.part, "OLD"); now != was {
				t.Errorf("it was in %s and is in %s", was, now)
			}
			h.Sound()
		})
	}
}

// hold has somebody carry a good unit into quarantine.
func (l *loner) hold(by who.Actor) {
	l.Helper()
	l.Stock(l.Warehouse, l.part, 0, "OLD")
	_, err := l.Ledger.Transfer(l.Context(), by, inventory.Transfer{FromLocation: l.Warehouse.ID, ToLocation: l.place(inventory.KindQuarantine).ID, Note: "looks odd", Lines: l.lines()})
	l.Must(err)
}

// carry moves the unit by hand from a place of the warehouse to its shelf.
func carry(from inventory.Kind) func(*loner) error {
	return func(l *loner) error {
		_, err := l.Ledger.Transfer(l.Context(), l.Actor, inventory.Transfer{FromLocation: l.place(from).ID, ToLocation: l.Warehouse.ID, Lines: l.lines()})
		return err
	}
}

// post sends the unit from where defective parts lie.
func post(l *loner) error {
	_, err := l.dock.Send(l.Context(), l.Actor, inventory.Transfer{FromLocation: l.place(inventory.KindDefective).ID, ToLocation: l.Warehouse.ID, Lines: l.lines()})
	return err
}

// release decides about the unit as about stock that is held back.
func release(as receiving.Outcome) func(*loner) error {
	return func(l *loner) error {
		in := receiving.Releasing{LocationID: l.place(inventory.KindQuarantine).ID, Outcome: as, Lines: l.lines(), Note: "?"}
		switch as {
		case receiving.OutcomeGood:
			in.ToLocation = &l.Warehouse.ID
		case receiving.OutcomeScrap:
			in.WitnessID = &l.mate.UserID
		case receiving.OutcomeSupplier:
			in.RMA = "1"
		}
		_, err := l.dock.ReleaseHeld(l.Context(), l.Actor, in)
		return err
	}
}

// opening books the unit as opening stock.
func opening(l *loner) error {
	_, err := l.Ledger.Receive(l.Context(), l.Actor, inventory.Receipt{LocationID: l.Warehouse.ID, Lines: l.lines()})
	return err
}

// found brings the unit to the counter as nobody expects it.
func found(l *loner) error {
	_, err := l.Returns.ReceiveUnannounced(l.Context(), l.Actor, returns.Found{Scan: at(l.House, returns.Thing{PartID: &l.part.ID, Serial: "OLD"})})
	return err
}

// A use out of a van is no way back either: what is defective is in no van.
func TestADefectiveUnitIsNotUsed(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p := h.Part("sr")
	matched(h, p, "OLD")
	tech, _ := h.Technician(h.Outlet)
	_, err := h.Uses.Use(t.Context(), tech, h.Job(h.Outlet, tech), uses.PartUse{PartID: p.ID, NewSerial: "OLD", OldSerial: "O", OldPartWish: uses.WishReturn})
	h.Refused(err, fault.Conflict, "the books do not allow this movement")
}
