package returns_test

import (
	"testing"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestWhatCameIsJudged(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p, other := h.Part("sr"), h.Part("s")
	h.Stock(h.Warehouse, p, 0, "W1")
	first := expect(h, p, 1, "O0")
	_, err := h.Returns.Receive(ctx, h.Clerk, first.ID, first.Version, at(h, unit("O0")))
	h.Must(err)
	sold := expect(h, p, 1, "O-sold") // its new part is at a customer's, known to the books
	fitted := text(h, `SELECT n.serial FROM part_uses u JOIN unit_moves m ON m.movement_id = u.movement_id JOIN units n ON n.id = m.unit_id WHERE u.id = $1`, *sold.UseID)
	tests := []struct {
		name  string
		scan  returns.Scan
		want  returns.Discrepancy // "" where it matches
		taken inventory.Kind      // where what was scanned is then
	}{
		{"as expected", at(h, unit("O1")), "", inventory.KindDefective},
		{"one that nobody knows", at(h, unit("X2")), returns.DiscrepancyNeverIssued, inventory.KindQuarantine},
		{"another customer's", at(h, unit(fitted)), returns.DiscrepancyOtherSerial, inventory.KindQuarantine},
		{"another part", at(h, returns.Thing{Serial: "X4", PartID: &other.ID}), returns.DiscrepancyOtherPart, inventory.KindQuarantine},
		{"nothing", returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true}, returns.DiscrepancyMissing, ""},
		{"broken to pieces", returns.Scan{WarehouseID: h.Warehouse.ID, Thing: unit("O6"), Damaged: true, Note: "no plate"}, returns.DiscrepancyDamaged, inventory.KindQuarantine},
		{"one that came before", at(h, unit("O0")), returns.DiscrepancyAlreadyReturned, inventory.KindDefective},
		{"good stock", at(h, unit("W1")), returns.DiscrepancyInStock, inventory.KindWarehouse},
		{"as expected, by its label", at(h, returns.Thing{Scan: "O9"}), "", inventory.KindDefective},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			o := expect(h, p, 1, "O"+string(rune('1'+i)))
			r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, tt.scan)
			h.Must(err)
			switch {
			case tt.want == "" && (r.Status != returns.StatusMatched || r.Discrepancy != nil):
				t.Errorf("got %s, %v", r.Status, r.Discrepancy)
			case tt.want != "" && (r.Status != returns.StatusDiscrepant || *r.Discrepancy != tt.want):
				t.Errorf("got %s, %v, want %s", r.Status, r.Discrepancy, tt.want)
			}
			part, serial := p, tt.scan.Serial+tt.scan.Scan
			if tt.scan.PartID != nil {
				part = other
			}
			if tt.taken != "" && h.WhereIs(part, serial) != tt.taken {
				t.Errorf("unit %s is in %s, want %s", serial, h.WhereIs(part, serial), tt.taken)
			}
			if tt.scan.Scan != "" && (r.ReceivedScan == nil || *r.ReceivedScan != tt.scan.Scan || *r.ReceivedSerial != tt.scan.Scan) {
				t.Errorf("the scan was kept as %v, the serial as %v", r.ReceivedScan, r.ReceivedSerial)
			}
			before := traces(h)
			_, err = h.Returns.Receive(ctx, h.Clerk, o.ID, r.Version, tt.scan)
			h.Refused(err, fault.Conflict, "was received already")
			_, err = h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, tt.scan)
			h.Refused(err, fault.Stale, "is at version")
			if seen, err := h.Returns.Find(ctx, o.tech, o.ID); err != nil || seen.Version != o.Version+1 || traces(h) != before {
				t.Errorf("version %d, %v, %d traces", seen.Version, err, traces(h)-before)
			}
		})
	}
	h.Sound()
}

func TestReturnWithoutSerials(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("r")
	o := expect(h, p, 3, "")
	r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, 1, at(h, returns.Thing{}))
	h.Must(err)
	if r.Status != returns.StatusMatched || *r.ReceivedQuantity != 3 || placeOf(h, r.PlacedAt) != inventory.KindDefective {
		t.Errorf("got %+v", r)
	}
	less := collect(h, expect(h, p, 3, ""))
	box := *less.HeldAt
	r, err = h.Returns.Receive(ctx, h.Clerk, less.ID, less.Version, at(h, returns.Thing{Quantity: 2}))
	h.Must(err)
	if r.Status != returns.StatusDiscrepant || *r.Discrepancy != returns.DiscrepancyMissing || placeOf(h, r.PlacedAt) != inventory.KindQuarantine || h.Holds(*r.PlacedAt, p) != 2 {
		t.Errorf("got %+v", r)
	}
	if h.Holds(box, p) != 1 {
		t.Errorf("the box holds %d: what did not come stays where the books have it", h.Holds(box, p))
	}
	last := expect(h, p, 3, "")
	before := traces(h)
	for name, tt := range map[string]struct {
		scan returns.Scan
		text string
	}{
		"more than expected":      {at(h, returns.Thing{Quantity: 4}), "/quantity 3 are expected"},
		"missing with a quantity": {returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true, Thing: returns.Thing{Quantity: 1}}, "/quantity cannot be told of what is missing"},
		"a serial":                {at(h, unit("S")), "/serial"},
		"into a van":              {returns.Scan{WarehouseID: last.van.ID}, "/warehouse_id a place of the kind van does not do here"},
		"no such part":            {at(h, returns.Thing{PartID: &uuid.UUID{}}), "/part_id"},
		"a scan of nothing":       {at(h, returns.Thing{Scan: "0109501101530003"}), "/scan"},
	} {
		_, err := h.Returns.Receive(ctx, h.Clerk, last.ID, 1, tt.scan)
		h.Log(name)
		h.Refused(err, fault.Invalid, tt.text)
	}
	if after := traces(h); after != before {
		t.Errorf("refused receipts left %d traces", after-before)
	}
	h.Sound()
}

func TestTwoReturnsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("sr")
	tech, van := h.Technician(h.Outlet)
	one := collect(h, expectOf(h, tech, van, p, 1, "O1", uses.WishReturn))
	two := collect(h, expectOf(h, tech, van, p, 1, "O2", uses.WishReturn))
	_, err := h.Returns.Receive(ctx, h.Clerk, one.ID, one.Version, at(h, unit("O2")))
	h.Refused(err, fault.Conflict, "/serial unit O2 of part "+p.Number+" belongs to part return "+two.Number)
	_, err = h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "O2"})})
	h.Refused(err, fault.Conflict, "belongs to part return "+two.Number)
	for _, o := range []owed{one, two} {
		r, err := h.Returns.HandIn(ctx, h.Clerk, o.ID, o.Version, at(h, unit(*o.ExpectedSerial)))
		h.Must(err)
		if r.Status != returns.StatusMatched || *r.ArrivedAs != returns.StatusCollected {
			t.Errorf("got %s, %v", r.Status, r.ArrivedAs)
		}
	}
	h.Sound()
}

func TestNobodyReceivesWhatHeHadToBring(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	o := expect(h, h.Part("sr"), 1, "O1")
	both := o.tech
	both.Roles = []who.Role{who.Technician, who.Warehouse}
	_, err := h.Returns.Receive(t.Context(), both, o.ID, o.Version, at(h, unit("O1")))
	h.Refused(err, fault.Forbidden, "nobody receives what he had to bring himself")
}

func TestReturnOfACanceledJob(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p := h.Part("sr")
	o := expect(h, p, 1, "O1")
	h.Exec(`UPDATE jobs SET status = 'canceled' WHERE id = $1`, *o.JobID)
	h.Exec(`UPDATE bookings SET active = false, released_at = now() WHERE job_id = $1`, *o.JobID)
	o = collect(h, o)
	r, err := h.Returns.Receive(t.Context(), h.Clerk, o.ID, o.Version, at(h, unit("O1")))
	h.Must(err)
	if r.Status != returns.StatusMatched || h.WhereIs(p, "O1") != inventory.KindDefective {
		t.Errorf("got %s", r.Status)
	}
	h.Sound()
}

func TestScopeOfReturns(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	o := collect(h, expect(h, h.Part("sr"), 1, "O1"))
	sent, err := h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "1", ReturnIDs: []uuid.UUID{o.ID}})
	h.Must(err)
	colleague, _ := h.Technician(h.Outlet)
	elsewhere := h.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &elsewhere}
	for by, want := range map[*who.Actor]int{&o.tech: 1, &colleague: 0, &stranger: 0, &h.Clerk: 1} {
		got, _, err := h.Returns.List(ctx, *by, returns.Filter{Status: returns.StatusInTransit, Serial: "O1", Waybill: "1", Open: true}, uuid.Nil, 10)
		parcels, _, errParcels := h.Returns.ListShipments(ctx, *by, returns.ShipmentFilter{Waybill: "1", Open: true}, uuid.Nil, 10)
		if err != nil || errParcels != nil || len(got) != want || len(parcels) != want {
			t.Errorf("%v sees %d returns and %d parcels, want %d (%v, %v)", by.Roles, len(got), len(parcels), want, err, errParcels)
		}
	}
	_, err = h.Returns.Receive(ctx, stranger, o.ID, 1, at(h, unit("O1")))
	h.Refused(err, fault.NotFound, "part return")
	_, err = h.Returns.FindShipment(ctx, colleague, sent.ID)
	h.Refused(err, fault.NotFound, "shipment")
}

func TestGS1LabelsOfOldParts(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	gtin := "09501101530003"
	p, err := h.Ledger.OpenPart(ctx, who.System, inventory.Part{Number: stocktest.Fresh("P"), Name: "Part", Serialized: true, ReturnRequired: true, GTIN: &gtin})
	h.Must(err)
	other := h.Part("sr")
	for i, raw := range []string{"]d2010950110153000321aB-1", "https://id.gs1.org/01/09501101530003/21/aB-2"} {
		serial := "aB-" + string(rune('1'+i))
		o := expect(h, p, 1, serial)
		o.Return, err = h.Returns.Collect(ctx, o.tech, o.ID, o.Version, returns.Collection{Scan: raw, PhotoIDs: []uuid.UUID{photo(h, *o.JobID, evidence.KindPart)}})
		h.Must(err)
		r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, at(h, returns.Thing{Scan: raw}))
		h.Must(err)
		if r.Status != returns.StatusMatched || *r.ReceivedScan != raw || *r.ReceivedSerial != serial {
			t.Errorf("got %s, %v as %v", r.Status, r.ReceivedScan, r.ReceivedSerial)
		}
		if n := h.Count(`SELECT count(*) FROM unit_moves WHERE scan = $1`, raw); n != 2 {
			t.Errorf("%d steps of the path keep the scan", n)
		}
	}
	// The label of another part is recognized as such, and letters are told apart by their case.
	o := expect(h, other, 1, "O1")
	r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, at(h, returns.Thing{Scan: "]d2010950110153000321ab-1"}))
	h.Must(err)
	if *r.Discrepancy != returns.DiscrepancyOtherPart || *r.ReceivedPartID != p.ID || *r.ReceivedSerial != "ab-1" {
		t.Errorf("got %+v", r)
	}
	h.Sound()
}
