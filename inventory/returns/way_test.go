package returns_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestTheWayOfAnOldPart(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	unitPart, plain := h.Part("sr"), h.Part("r")
	tech, van := h.Technician(h.Outlet)
	one, two := expectOf(h, tech, van, unitPart, 1, "Old-1", uses.WishReturn), expectOf(h, tech, van, plain, 4, "", uses.WishReturn)
	if one.Status != returns.StatusExpected || one.DueAt == nil || *one.PolicyVersion != 1 || one.DueAt.Sub(one.CreatedAt).Round(time.Minute) != 7*24*time.Hour {
		t.Errorf("expected %+v", one.Return)
	}
	one, two = collect(h, one), collect(h, two)
	if one.Status != returns.StatusCollected || placeOf(h, one.HeldAt) != inventory.KindCollected || len(one.PhotoIDs) != 1 || h.WhereIs(unitPart, "Old-1") != inventory.KindCollected {
		t.Errorf("collected %+v", one.Return)
	}
	if h.Holds(*two.HeldAt, plain) != 4 || *one.HeldAt != *two.HeldAt {
		t.Errorf("the box holds %d", h.Holds(*two.HeldAt, plain))
	}
	sent, err := h.Returns.Ship(ctx, tech, returns.Parcel{Carrier: "SF", Waybill: "W-1", ReturnIDs: []uuid.UUID{one.ID, two.ID}})
	h.Must(err)
	if sent.Open != 2 || len(sent.ReturnIDs) != 2 || h.WhereIs(unitPart, "Old-1") != inventory.KindReturning || h.Holds(*one.HeldAt, plain) != 0 {
		t.Errorf("sent %+v", sent)
	}
	three := collect(h, expectOf(h, tech, van, plain, 1, "", uses.WishReturn))
	r, err := h.Returns.ShipOne(ctx, tech, three.ID, three.Version, returns.Parcel{Carrier: "SF", Waybill: "W-1"})
	h.Must(err)
	if *r.ShipmentID != sent.ID || *r.Waybill != "W-1" || r.Status != returns.StatusInTransit {
		t.Errorf("sent %+v", r)
	}
	_, err = h.Returns.HandIn(ctx, h.Clerk, r.ID, r.Version, at(h, returns.Thing{}))
	h.Refused(err, fault.Conflict, "is in a parcel, waybill W-1")
	waiting, _, err := h.Returns.List(ctx, h.Clerk, returns.Filter{Waybill: "W-1", Open: true}, uuid.Nil, 10)
	if err != nil || len(waiting) != 3 {
		t.Errorf("waiting %d, %v", len(waiting), err)
	}
	for _, w := range waiting {
		thing := returns.Thing{}
		if w.ExpectedSerial != nil {
			thing.Scan = *w.ExpectedSerial
		}
		r, err := h.Returns.Receive(ctx, h.Clerk, w.ID, w.Version, at(h, thing))
		h.Must(err)
		if r.Status != returns.StatusMatched || *r.ArrivedAs != returns.StatusInTransit {
			t.Errorf("received %s as %v", r.Status, r.ArrivedAs)
		}
	}
	sent, err = h.Returns.FindShipment(ctx, h.Clerk, sent.ID)
	if err != nil || sent.Open != 0 || len(sent.ReturnIDs) != 3 {
		t.Errorf("the parcel %+v, %v", sent, err)
	}
	path := text(h, `SELECT string_agg(m.kind, ' ' ORDER BY s.seq) FROM unit_moves s JOIN movements m ON m.id = s.movement_id JOIN units u ON u.id = s.unit_id WHERE u.serial = 'Old-1'`)
	if path != "collect ship return" {
		t.Errorf("the path is %s", path)
	}
	h.Sound()
}

func TestWhatIsNotCollected(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p, other := h.Part("sr"), h.Part("sr")
	o := expect(h, p, 1, "Old-1")
	good := photo(h, *o.JobID, evidence.KindPart)
	elsewhere := photo(h, h.Job(h.Outlet, o.tech), evidence.KindPart)
	colleague, _ := h.Technician(h.Outlet)
	before := traces(h)
	for _, tt := range []struct {
		name string
		by   who.Actor
		c    returns.Collection
		code fault.Code
		text string
	}{
		{"without a photo", o.tech, returns.Collection{Serial: "Old-1"}, fault.Invalid, "/photo_ids is required"},
		{"with another job's photo", o.tech, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{elsewhere}}, fault.Invalid, "/photo_ids/0 no such photo"},
		{"with a photo of the room", o.tech, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{photo(h, *o.JobID, evidence.KindAfter)}}, fault.Invalid, "/photo_ids/0 this photo is of the kind after"},
		{"without its serial", o.tech, returns.Collection{PhotoIDs: []uuid.UUID{good}}, fault.Invalid, "/serial part " + p.Number + " has serials"},
		{"another serial", o.tech, returns.Collection{Serial: "old-1", PhotoIDs: []uuid.UUID{good}}, fault.Invalid, "/serial unit Old-1 is expected, this is old-1"},
		{"another part", o.tech, returns.Collection{Scan: "CO1|P|" + other.Number, PhotoIDs: []uuid.UUID{good}}, fault.Invalid, "/scan"},
		{"before the job was opened", o.tech, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{good}, OccurredAt: time.Now().AddDate(-1, 0, 0)}, fault.Invalid, "/occurred_at lies before the job"},
		{"in the future", o.tech, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{good}, OccurredAt: time.Now().Add(time.Hour)}, fault.Invalid, "/occurred_at"},
		{"by a colleague", colleague, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{good}}, fault.NotFound, "part return"},
		{"by the warehouse", h.Clerk, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{good}}, fault.Forbidden, "only the technician"},
	} {
		t.Run(tt.name, func(*testing.T) {
			_, err := h.Returns.Collect(ctx, tt.by, o.ID, o.Version, tt.c)
			h.Refused(err, tt.code, tt.text)
		})
	}
	_, err := h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "1", ReturnIDs: []uuid.UUID{o.ID, uuid.New()}})
	h.Refused(err, fault.Invalid, "/part_return_ids/1 no such part return")
	_, err = h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "1", ReturnIDs: []uuid.UUID{o.ID}})
	h.Refused(err, fault.Conflict, "/part_return_ids/0 part return "+o.Number+" is expected")
	_, err = h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "1"})
	h.Refused(err, fault.Invalid, "/part_return_ids is required")
	h.Exec(`UPDATE technicians SET van_id = NULL WHERE id = $1`, *o.tech.TechnicianID)
	_, err = h.Returns.Collect(ctx, o.tech, o.ID, o.Version, returns.Collection{Serial: "Old-1", PhotoIDs: []uuid.UUID{good}})
	h.Refused(err, fault.Conflict, "no van")
	if after := traces(h); after != before {
		t.Errorf("refused commands left %d traces", after-before)
	}
}

func TestTheSameScanFiveTimes(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("sr")
	second := someone(h, who.Warehouse)
	o := expect(h, p, 1, "O1")
	photos := []uuid.UUID{photo(h, *o.JobID, evidence.KindPart)}
	five := func(kind string, do func(int) error) {
		t.Helper()
		errs := make([]error, 5)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = do(i) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", kind, err)
			}
		}
		moved := h.Count(`SELECT count(*) FROM movements WHERE kind = $1`, kind)
		if won != 1 || moved != 1 {
			t.Errorf("%s: %d won, %d movements", kind, won, moved)
		}
	}
	five("collect", func(int) error {
		_, err := h.Returns.Collect(ctx, o.tech, o.ID, 1, returns.Collection{Serial: "O1", PhotoIDs: photos})
		return err
	})
	five("ship", func(int) error {
		_, err := h.Returns.ShipOne(ctx, o.tech, o.ID, 2, returns.Parcel{Carrier: "SF", Waybill: "1"})
		return err
	})
	five("return", func(i int) error { // two clerks, and neither knows of the other
		by := h.Clerk
		if i%2 == 1 {
			by = second
		}
		_, err := h.Returns.Receive(ctx, by, o.ID, 3, at(h, unit("O1")))
		return err
	})
	r, err := h.Returns.Find(ctx, h.Clerk, o.ID)
	h.Must(err)
	if n := h.Count(`SELECT count(*) FROM events WHERE kind LIKE 'part_return.%'`); n != 3 || r.Version != 4 {
		t.Errorf("%d events, version %d", n, r.Version)
	}
	errs := make([]error, 5)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			_, errs[i] = h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "Lost"})})
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Lost") && !strings.Contains(err.Error(), "meanwhile") {
			t.Error(err)
		}
	}
	if won != 1 || h.Count(`SELECT count(*) FROM part_returns WHERE received_serial = 'Lost'`) != 1 {
		t.Errorf("%d of the five were taken in", won)
	}
	h.Sound()
}

func TestParcelsOfTwoTechniciansToOnePlaceAtOnce(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	a, b := h.Part("r"), h.Part("r")
	const crew = 6
	errs := make([]error, crew)
	var all sync.WaitGroup
	for i := range crew {
		tech, van := h.Technician(h.Outlet)
		first, second := a, b
		if i%2 == 1 {
			first, second = b, a
		}
		one := collect(h, expectOf(h, tech, van, first, 1, "", uses.WishReturn))
		two := collect(h, expectOf(h, tech, van, second, 1, "", uses.WishReturn))
		all.Go(func() {
			_, errs[i] = h.Returns.Ship(ctx, tech, returns.Parcel{Carrier: "SF", Waybill: "shared", ReturnIDs: []uuid.UUID{one.ID, two.ID}})
		})
	}
	all.Wait()
	for _, err := range errs {
		h.Must(err)
	}
	if n := h.Count(`SELECT count(*) FROM part_return_shipments`); n != 1 {
		t.Errorf("%d parcels have one waybill", n)
	}
	h.Sound()
}

func TestOverdueIsToldOnce(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	late := collect(h, expect(h, h.Part("sr"), 1, "O1"))
	expect(h, h.Part("sr"), 1, "O2")
	if n, err := h.Returns.TellOverdue(ctx); err != nil || n != 0 {
		t.Errorf("told of %d, %v", n, err)
	}
	h.Exec(`UPDATE part_returns SET due_at = now() - interval '1 minute' WHERE id = $1`, late.ID)
	told := make([]int, 4)
	var all sync.WaitGroup
	for i := range told {
		all.Go(func() {
			n, err := h.Returns.TellOverdue(ctx)
			if err != nil {
				t.Error(err)
			}
			told[i] = n
		})
	}
	all.Wait()
	if n := told[0] + told[1] + told[2] + told[3]; n != 1 || h.Count(`SELECT count(*) FROM events WHERE kind = 'part_return.overdue' AND subject_id = $1`, late.ID) != 1 {
		t.Errorf("told %v", told)
	}
	for _, by := range []who.Actor{h.Clerk, late.tech} {
		rows, _, err := h.Returns.List(ctx, by, returns.Filter{Overdue: true}, uuid.Nil, 10)
		if err != nil || len(rows) != 1 || rows[0].ID != late.ID || !rows[0].Overdue || rows[0].Version != late.Version {
			t.Errorf("overdue %+v, %v", rows, err)
		}
	}
	_, err := h.Returns.Receive(ctx, h.Clerk, late.ID, late.Version, at(h, unit("O1")))
	h.Must(err)
	if rows, _, err := h.Returns.List(ctx, h.Clerk, returns.Filter{Overdue: true}, uuid.Nil, 10); err != nil || len(rows) != 0 {
		t.Errorf("overdue %+v, %v", rows, err)
	}
}
