package returns_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// expected is a part return of a part with serials, and the technician who has to bring it.
func (h *stocktest.House) expected(p inventory.Part, newSerial, oldSerial string) (returns.Return, who.Actor) {
	h.Helper()
	tech, van := h.Technician(h.Outlet)
	h.Stock(van, p, 0, newSerial)
	used, err := h.Uses.Use(h.Context(), tech, h.Job(h.Outlet, tech), uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: newSerial, OldSerial: oldSerial, OldPartWish: uses.WishReturn})
	h.Must(err)
	r, err := h.Returns.Find(h.Context(), tech, *used.ReturnID)
	h.Must(err)
	return r, tech
}

func TestReceiveReturn(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, other := h.Part("sr"), h.Part("s")
	h.Stock(h.Warehouse, p, 0, "W1")
	first, _ := h.expected(p, "N0", "O0")
	_, err := h.Returns.Receive(t.Context(), h.Clerk, first.ID, first.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Serial: "O0"})
	h.Must(err)
	tests := []struct {
		name  string
		scan  returns.Scan
		want  returns.Discrepancy // "" where it matches
		taken inventory.Kind      // where what was scanned is then
	}{
		{"as expected", returns.Scan{Serial: "O1"}, "", inventory.KindDefective},
		{"another old one", returns.Scan{Serial: "X2"}, returns.DiscrepancyOtherSerial, inventory.KindDefective},
		{"the new one itself", returns.Scan{Serial: "N3"}, returns.DiscrepancyOtherSerial, inventory.KindDefective},
		{"another part", returns.Scan{Serial: "X4", PartID: &other.ID}, returns.DiscrepancyOtherPart, inventory.KindDefective},
		{"nothing", returns.Scan{Missing: true}, returns.DiscrepancyMissing, ""},
		{"broken to pieces", returns.Scan{Serial: "O6", Damaged: true, Note: "no plate"}, returns.DiscrepancyDamaged, inventory.KindDefective},
		{"one that came before", returns.Scan{Serial: "O0"}, returns.DiscrepancyAlreadyReturned, inventory.KindDefective},
		{"good stock", returns.Scan{Serial: "W1"}, returns.DiscrepancyInStock, inventory.KindWarehouse},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			digit := string(rune('1' + i))
			r, tech := h.expected(p, "N"+digit, "O"+digit)
			tt.scan.WarehouseID = h.Warehouse.ID
			r, err := h.Returns.Receive(t.Context(), h.Clerk, r.ID, r.Version, tt.scan)
			h.Must(err)
			if tt.want == "" && (r.Status != returns.StatusMatched || r.Discrepancy != nil) {
				t.Errorf("got %s, %v", r.Status, r.Discrepancy)
			}
			if tt.want != "" && (r.Status != returns.StatusDiscrepant || *r.Discrepancy != tt.want) {
				t.Errorf("got %s, %v, want %s", r.Status, r.Discrepancy, tt.want)
			}
			part := p
			if tt.scan.PartID != nil {
				part = other
			}
			if tt.taken != "" && h.WhereIs(part, tt.scan.Serial) != tt.taken {
				t.Errorf("unit %s is in %s, want %s", tt.scan.Serial, h.WhereIs(part, tt.scan.Serial), tt.taken)
			}
			_, err = h.Returns.Receive(t.Context(), h.Clerk, r.ID, r.Version, tt.scan)
			h.Refused(err, fault.Conflict, "cannot become received")
			if seen, err := h.Returns.Find(t.Context(), tech, r.ID); err != nil || seen.Version != 2 {
				t.Errorf("version %d, %v", seen.Version, err)
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
	tech, van := h.Technician(h.Outlet)
	h.Stock(van, p, 10)
	job := h.Job(h.Outlet, tech)
	expect := func() returns.Return {
		used, err := h.Uses.Use(ctx, tech, job, uses.PartUse{PartID: p.ID, Quantity: 3, OldPartWish: uses.WishReturn})
		h.Must(err)
		r, err := h.Returns.Find(ctx, tech, *used.ReturnID)
		h.Must(err)
		return r
	}
	r, err := h.Returns.Receive(ctx, h.Clerk, expect().ID, 1, returns.Scan{WarehouseID: h.Warehouse.ID})
	h.Must(err)
	if r.Status != returns.StatusMatched || *r.ReceivedQuantity != 3 {
		t.Errorf("got %+v", r)
	}
	r, err = h.Returns.Receive(ctx, h.Clerk, expect().ID, 1, returns.Scan{WarehouseID: h.Warehouse.ID, Quantity: 2})
	h.Must(err)
	if r.Status != returns.StatusDiscrepant || *r.Discrepancy != returns.DiscrepancyMissing || r.MovementID == nil {
		t.Errorf("got %+v", r)
	}
	if n := h.Count(`SELECT quantity FROM balances b JOIN locations l ON l.id = b.location_id WHERE l.warehouse_id = $1`, h.Warehouse.ID); n != 5 {
		t.Errorf("the defective place holds %d", n)
	}
	last := expect()
	for name, tt := range map[string]struct {
		scan returns.Scan
		text string
	}{
		"more than expected":      {returns.Scan{WarehouseID: h.Warehouse.ID, Quantity: 4}, "/quantity 3 are expected"},
		"missing with a quantity": {returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true, Quantity: 1}, "/quantity cannot be told of what is missing"},
		"a serial":                {returns.Scan{WarehouseID: h.Warehouse.ID, Serial: "S"}, "/serial"},
		"into a van":              {returns.Scan{WarehouseID: van.ID}, "/warehouse_id a place of the kind van does not do here"},
		"no such part":            {returns.Scan{WarehouseID: h.Warehouse.ID, PartID: &uuid.UUID{}}, "/part_id"},
	} {
		_, err := h.Returns.Receive(ctx, h.Clerk, last.ID, 1, tt.scan)
		if !fault.Is(err, fault.Invalid) || !contains(err.Error(), tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.Sound()
}

func TestScopeOfReturns(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p := h.Part("sr")
	r, tech := h.expected(p, "N1", "O1")
	colleague, _ := h.Technician(h.Outlet)
	elsewhere := h.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &elsewhere}
	for by, want := range map[*who.Actor]int{&tech: 1, &colleague: 0, &stranger: 0, &h.Clerk: 1} {
		got, _, err := h.Returns.List(t.Context(), *by, returns.Filter{Status: returns.StatusExpected, Serial: "O1"}, uuid.Nil, 10)
		if err != nil || len(got) != want {
			t.Errorf("%v sees %d returns, want %d (%v)", by.Roles, len(got), want, err)
		}
	}
	_, err := h.Returns.Receive(t.Context(), stranger, r.ID, 1, returns.Scan{WarehouseID: h.Warehouse.ID, Serial: "O1"})
	h.Refused(err, fault.NotFound, "part return")
}
