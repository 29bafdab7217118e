package inventory_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// expected is a part return of a part with serials, and the technician who has to bring it.
func (h *house) expected(p inventory.Part, newSerial, oldSerial string) (inventory.PartReturn, who.Actor) {
	h.Helper()
	tech, van := h.technician(h.outlet)
	h.stock(van, p, 0, newSerial)
	used, err := h.ledger.Use(h.Context(), tech, h.job(h.outlet, tech), inventory.PartUse{PartID: p.ID, Quantity: 1, NewSerial: newSerial, OldSerial: oldSerial, OldPartWish: inventory.WishReturn})
	h.must(err)
	r, err := h.counter.FindReturn(h.Context(), tech, *used.ReturnID)
	h.must(err)
	return r, tech
}

func TestReceiveReturn(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, other := h.part("sr"), h.part("s")
	h.stock(h.warehouse, p, 0, "W1")
	first, _ := h.expected(p, "N0", "O0")
	_, err := h.counter.ReceiveReturn(t.Context(), h.clerk, first.ID, first.Version, inventory.Scan{WarehouseID: h.warehouse.ID, Serial: "O0"})
	h.must(err)
	tests := []struct {
		name  string
		scan  inventory.Scan
		want  inventory.Discrepancy // "" where it matches
		taken inventory.Kind        // where what was scanned is then
	}{
		{"as expected", inventory.Scan{Serial: "O1"}, "", inventory.KindDefective},
		{"another old one", inventory.Scan{Serial: "X2"}, inventory.DiscrepancyOtherSerial, inventory.KindDefective},
		{"the new one itself", inventory.Scan{Serial: "N3"}, inventory.DiscrepancyOtherSerial, inventory.KindDefective},
		{"another part", inventory.Scan{Serial: "X4", PartID: &other.ID}, inventory.DiscrepancyOtherPart, inventory.KindDefective},
		{"nothing", inventory.Scan{Missing: true}, inventory.DiscrepancyMissing, ""},
		{"broken to pieces", inventory.Scan{Serial: "O6", Damaged: true, Note: "no plate"}, inventory.DiscrepancyDamaged, inventory.KindDefective},
		{"one that came before", inventory.Scan{Serial: "O0"}, inventory.DiscrepancyAlreadyReturned, inventory.KindDefective},
		{"good stock", inventory.Scan{Serial: "W1"}, inventory.DiscrepancyInStock, inventory.KindWarehouse},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			digit := string(rune('1' + i))
			r, tech := h.expected(p, "N"+digit, "O"+digit)
			tt.scan.WarehouseID = h.warehouse.ID
			r, err := h.counter.ReceiveReturn(t.Context(), h.clerk, r.ID, r.Version, tt.scan)
			h.must(err)
			if tt.want == "" && (r.Status != inventory.ReturnMatched || r.Discrepancy != nil) {
				t.Errorf("got %s, %v", r.Status, r.Discrepancy)
			}
			if tt.want != "" && (r.Status != inventory.ReturnDiscrepant || *r.Discrepancy != tt.want) {
				t.Errorf("got %s, %v, want %s", r.Status, r.Discrepancy, tt.want)
			}
			part := p
			if tt.scan.PartID != nil {
				part = other
			}
			if tt.taken != "" && h.whereIs(part, tt.scan.Serial) != tt.taken {
				t.Errorf("unit %s is in %s, want %s", tt.scan.Serial, h.whereIs(part, tt.scan.Serial), tt.taken)
			}
			_, err = h.counter.ReceiveReturn(t.Context(), h.clerk, r.ID, r.Version, tt.scan)
			h.refused(err, fault.Conflict, "cannot become received")
			if seen, err := h.counter.FindReturn(t.Context(), tech, r.ID); err != nil || seen.Version != 2 {
				t.Errorf("version %d, %v", seen.Version, err)
			}
		})
	}
	h.sound()
}

func TestReturnWithoutSerials(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.part("r")
	tech, van := h.technician(h.outlet)
	h.stock(van, p, 10)
	job := h.job(h.outlet, tech)
	expect := func() inventory.PartReturn {
		used, err := h.ledger.Use(ctx, tech, job, inventory.PartUse{PartID: p.ID, Quantity: 3, OldPartWish: inventory.WishReturn})
		h.must(err)
		r, err := h.counter.FindReturn(ctx, tech, *used.ReturnID)
		h.must(err)
		return r
	}
	r, err := h.counter.ReceiveReturn(ctx, h.clerk, expect().ID, 1, inventory.Scan{WarehouseID: h.warehouse.ID})
	h.must(err)
	if r.Status != inventory.ReturnMatched || *r.ReceivedQuantity != 3 {
		t.Errorf("got %+v", r)
	}
	r, err = h.counter.ReceiveReturn(ctx, h.clerk, expect().ID, 1, inventory.Scan{WarehouseID: h.warehouse.ID, Quantity: 2})
	h.must(err)
	if r.Status != inventory.ReturnDiscrepant || *r.Discrepancy != inventory.DiscrepancyMissing || r.MovementID == nil {
		t.Errorf("got %+v", r)
	}
	if n := h.count(`SELECT quantity FROM balances b JOIN locations l ON l.id = b.location_id WHERE l.warehouse_id = $1`, h.warehouse.ID); n != 5 {
		t.Errorf("the defective place holds %d", n)
	}
	last := expect()
	for name, tt := range map[string]struct {
		scan inventory.Scan
		text string
	}{
		"more than expected":      {inventory.Scan{WarehouseID: h.warehouse.ID, Quantity: 4}, "/quantity 3 are expected"},
		"missing with a quantity": {inventory.Scan{WarehouseID: h.warehouse.ID, Missing: true, Quantity: 1}, "/quantity cannot be told of what is missing"},
		"a serial":                {inventory.Scan{WarehouseID: h.warehouse.ID, Serial: "S"}, "/serial"},
		"into a van":              {inventory.Scan{WarehouseID: van.ID}, "/warehouse_id a place of the kind van does not do here"},
		"no such part":            {inventory.Scan{WarehouseID: h.warehouse.ID, PartID: &uuid.UUID{}}, "/part_id"},
	} {
		_, err := h.counter.ReceiveReturn(ctx, h.clerk, last.ID, 1, tt.scan)
		if !fault.Is(err, fault.Invalid) || !contains(err.Error(), tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.sound()
}

func TestScopeOfReturns(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.part("sr")
	r, tech := h.expected(p, "N1", "O1")
	colleague, _ := h.technician(h.outlet)
	elsewhere := h.newOutlet()
	stranger := who.Actor{UserID: newID(), Roles: []who.Role{who.Warehouse}, OutletID: &elsewhere}
	for by, want := range map[*who.Actor]int{&tech: 1, &colleague: 0, &stranger: 0, &h.clerk: 1} {
		got, _, err := h.counter.ListReturns(t.Context(), *by, inventory.ReturnFilter{Status: inventory.ReturnExpected, Serial: "O1"}, uuid.Nil, 10)
		if err != nil || len(got) != want {
			t.Errorf("%v sees %d returns, want %d (%v)", by.Roles, len(got), want, err)
		}
	}
	_, err := h.counter.ReceiveReturn(t.Context(), stranger, r.ID, 1, inventory.Scan{WarehouseID: h.warehouse.ID, Serial: "O1"})
	h.refused(err, fault.NotFound, "part return")
}
