package demo

import (
	"context"
	"fmt"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

// suppliers are those who deliver parts. They are made up.
var suppliers = []receiving.Supplier{
	{Code: "LUMEN", Name: "Lumen Street Supply (made up)", NameZh: "流明路灯器材（虚构）"},
	{Code: "WESTSIDE", Name: "Westside Trade Depot (made up)", NameZh: "西区五金供应（虚构）"},
}

// openSuppliers opens who delivers parts.
func (l *loader) openSuppliers(ctx context.Context, _ *Summary) error {
	there, _, err := l.Dock.ListSuppliers(ctx, "", uuid.Nil, atOnce)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range there {
		known[s.Code] = true
	}
	for _, s := range suppliers {
		if known[s.Code] {
			continue
		}
		if _, err := l.Dock.OpenSupplier(ctx, who.System, s); err != nil {
			return fmt.Errorf("%s: %w", s.Code, err)
		}
	}
	return nil
}

// openWarehouses opens a warehouse for each outlet, each together with its bins and what they hold.
func (l *loader) openWarehouses(ctx context.Context, _ *Summary) error {
	there, _, err := l.Ledger.ListLocations(ctx, who.System, inventory.LocationFilter{}, uuid.Nil, atOnce)
	if err != nil {
		return err
	}
	l.places = map[string]uuid.UUID{}
	for _, p := range there {
		l.places[p.Code] = p.ID
	}
	outlets, err := l.network()
	if err != nil {
		return err
	}
	for _, p := range Stock(outlets, nil) {
		if _, opened := l.places[p.Code]; opened {
			continue
		}
		if err := l.DB.InTx(ctx, func(ctx context.Context) error { return l.openWarehouse(ctx, p) }); err != nil {
			return fmt.Errorf("%s: %w", p.Code, err)
		}
	}
	return nil
}

// openWarehouse opens a warehouse, and fills its bins.
func (l *loader) openWarehouse(ctx context.Context, p Place) error {
	at, err := l.openPlace(ctx, p)
	if err != nil {
		return err
	}
	outlet := l.outlets[p.Outlet]
	for _, b := range Bins(p.Outlet) {
		bin, err := l.Ledger.OpenLocation(ctx, who.System, inventory.Location{
			Code: b.Code, Name: b.Name, Kind: inventory.KindBin, OutletID: &outlet, WarehouseID: &at,
		})
		if err != nil {
			return err
		}
		var holds []Holding
		for _, h := range p.Holds {
			if b.Keeps(h.Part) {
				holds = append(holds, h)
			}
		}
		if _, err := l.Ledger.Receive(ctx, who.System, inventory.Receipt{LocationID: bin.ID, Lines: l.lines(holds)}); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) openPlace(ctx context.Context, p Place) (uuid.UUID, error) {
	outlet := l.outlets[p.Outlet]
	at, err := l.Ledger.OpenLocation(ctx, who.System, inventory.Location{
		Code: p.Code, Name: p.Name, Kind: inventory.Kind(p.Kind), OutletID: &outlet, Position: inventory.Position(p.At),
	})
	l.places[p.Code] = at.ID
	return at.ID, err
}

// lines are holdings as a supplier delivers them.
func (l *loader) lines(holds []Holding) []inventory.Line {
	costs := map[string]int64{}
	for _, p := range Parts() {
		costs[p.Number] = p.Cost
	}
	var all []inventory.Line
	for _, h := range holds {
		cost := costs[h.Part]
		all = append(all, inventory.Line{PartID: l.parts[h.Part], Quantity: h.Quantity, Serials: h.Serials, UnitCost: &cost})
	}
	return all
}

// fillVan takes what a van holds out of a delivery to its warehouse, and says how much it should carry.
func (l *loader) fillVan(ctx context.Context, t Technician, at uuid.UUID, holds []Holding) error {
	if len(holds) > 0 {
		warehouse, lines := l.places["WH-"+t.Outlet], l.lines(holds)
		if _, err := l.Ledger.Receive(ctx, who.System, inventory.Receipt{LocationID: warehouse, Lines: lines}); err != nil {
			return err
		}
		for i := range lines {
			lines[i].UnitCost = nil
		}
		if _, err := l.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: warehouse, ToLocation: at, Lines: lines}); err != nil {
			return err
		}
	}
	var levels []receiving.Level
	for _, p := range Parts() {
		if t.needs(p.Number) {
			levels = append(levels, receiving.Level{PartID: l.parts[p.Number], Min: fewest, Max: full})
		}
	}
	before, err := l.Dock.Levels(ctx, who.System, at)
	if err == nil {
		_, err = l.Dock.SetLevels(ctx, who.System, at, before.Version, levels)
	}
	return err
}
