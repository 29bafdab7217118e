package inventory_test

import (
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/gs1"
	"callout/inventory/stocktest"
)

func TestLinesAreReadFromScans(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	gtin := "09506000134352"
	unit, err := h.Ledger.OpenPart(t.Context(), who.System, inventory.Part{Number: stocktest.Fresh("P"), Name: "Board", Serialized: true, GTIN: &gtin})
	h.Must(err)
	_, err = h.Ledger.OpenPart(t.Context(), who.System, inventory.Part{Number: stocktest.Fresh("P"), Name: "Board", GTIN: &gtin})
	h.Refused(err, fault.Conflict, "/gtin is another part's")
	wrong := "9506000134353"
	_, err = h.Ledger.OpenPart(t.Context(), who.System, inventory.Part{Number: stocktest.Fresh("P"), Name: "Board", GTIN: &wrong})
	h.Refused(err, fault.Invalid, "/gtin")
	plain := h.Part("")
	a, err := gs1.ElementString(gtin, "sn-1")
	h.Must(err)
	b, err := gs1.DigitalLink(gtin, "SN-1")
	h.Must(err)
	moved, err := h.Ledger.Receive(t.Context(), h.Clerk, inventory.Receipt{LocationID: h.Warehouse.ID, Lines: stocktest.Lines(
		inventory.Line{Scans: []string{a, b, a, a}},
		inventory.Line{Scans: []string{gs1.PartLabel(plain.Number), gs1.PartLabel(plain.Number), gs1.PartLabel(plain.Number)}},
	)})
	h.Must(err)
	if moved[0].Quantity != 2 || moved[1].Quantity != 3 {
		t.Errorf("took %d units and %d pieces, want 2 and 3", moved[0].Quantity, moved[1].Quantity)
	}
	for serial, raw := range map[string]string{"sn-1": a, "SN-1": b} { // two units: a serial knows its case
		got, err := pg.One[string](t.Context(), h.DB, `SELECT m.scan FROM unit_moves m JOIN units u ON u.id = m.unit_id WHERE u.serial = $1`, serial)
		h.Must(err)
		if got != raw {
			t.Errorf("unit %s was read from %q, want %q", serial, got, raw)
		}
	}
	other := h.Part("s")
	h.Stock(h.Warehouse, other, 0, "TWICE", "ONCE")
	h.Stock(h.Warehouse, unit, 0, "TWICE")
	van := h.Place(inventory.KindVan, h.Outlet)
	_, err = h.Ledger.Transfer(t.Context(), who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: stocktest.Lines(
		inventory.Line{PartID: unit.ID, Scans: []string{"TWICE"}}, inventory.Line{Scans: []string{"ONCE"}})})
	h.Must(err)
	for name, tt := range map[string]struct {
		line inventory.Line
		text string
	}{
		"a broken check digit":      {inventory.Line{Scans: []string{"(01)09506000134353(21)X"}}, "/lines/0/scans/0"},
		"another part's label":      {inventory.Line{PartID: unit.ID, Scans: []string{gs1.PartLabel(plain.Number)}}, "this is part " + plain.Number},
		"nothing that we know":      {inventory.Line{Scans: []string{"who knows"}}, "no part is known by this scan"},
		"a part without a serial":   {inventory.Line{Scans: []string{gs1.PartLabel(unit.Number)}}, "names none"},
		"a serial in other letters": {inventory.Line{PartID: unit.ID, Scans: []string{"序列号１"}}, "is no serial"},
		"a serial that is too long": {inventory.Line{PartID: unit.ID, Scans: []string{strings.Repeat("x", 65)}}, "is no serial"},
		"a serial of two parts":     {inventory.Line{Scans: []string{"TWICE"}}, "several parts have a unit with this serial"},
		"a serial of no such part":  {inventory.Line{PartID: plain.ID, Scans: []string{"SN-7"}}, "no part is known by this scan"},
	} {
		_, err := h.Ledger.Receive(t.Context(), h.Clerk, inventory.Receipt{LocationID: h.Warehouse.ID, Lines: stocktest.Lines(tt.line)})
		if !fault.Is(err, fault.Invalid) || !contains(err.Error(), tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.Sound()
}
