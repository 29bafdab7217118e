package audit_test

import (
	"testing"
	"time"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/stocktest"
)

// What an outlet loses in a bin or on the way stands in its row, and in the part's; what goes from one of its places to
// another does not.
func TestAnOutletAnswersForEveryPlaceThatItHas(t *testing.T) {
	t.Parallel()
	l := open(t)
	p, van, theirs := l.parts[0], l.places[1], l.places[3]
	supplier, adjustment := l.at(inventory.KindSupplier), l.at(inventory.KindAdjustment)
	bin, held, transit := l.bin(), l.Place(inventory.KindQuarantine, l.Outlet), l.at(inventory.KindTransit)
	l.move(inventory.MovementReceive, day, p, 100, supplier, l.Warehouse)
	from := day.AddDate(0, 0, 1)
	l.move(inventory.MovementTransfer, from, p, 30, l.Warehouse, bin)
	l.move(inventory.MovementIssue, from, p, 20, l.Warehouse, transit)
	l.move(inventory.MovementDelivery, from, p, 15, transit, van)
	l.move(inventory.MovementTransfer, from, p, 4, l.Warehouse, held)
	l.move(inventory.MovementUse, from, p, 6, van, l.at(inventory.KindCustomerSite))
	l.move(inventory.MovementUnused, from, p, 2, van, bin)
	l.move(inventory.MovementCount, from, p, 3, bin, adjustment)
	l.move(inventory.MovementCount, from, p, 5, transit, adjustment)
	l.move(inventory.MovementCount, from, p, 1, adjustment, held)
	l.move(inventory.MovementTransfer, from, p, 10, l.Warehouse, theirs)
	l.move(inventory.MovementTransfer, from, p, 8, l.Warehouse, l.central)
	mine := audit.Figures{Opening: 100, Used: 6, Returned: 18, Variance: 7, Closing: 69}
	want := map[string]audit.Figures{
		l.Outlet.String():     mine,
		l.other.String():      {Issued: 10, Closing: 10},
		l.central.ID.String(): {Issued: 8, Closing: 8},
	}
	r := l.reconcile(who.System, audit.Query{By: audit.ByOutlet, From: from})
	for _, row := range r.Rows {
		if id := row.HolderID.String(); row.Figures != want[id] {
			t.Errorf("%s: %+v, want %+v", row.HolderName, row.Figures, want[id])
		}
	}
	if len(r.Rows) != len(want) || !r.Sound() {
		t.Errorf("%d rows, sound: %v", len(r.Rows), r.Sound())
	}
	r = l.reconcile(who.System, audit.Query{By: audit.ByPart, From: from})
	if want := (audit.Figures{Opening: 100, Used: 6, Variance: 7, Closing: 87}); len(r.Rows) != 1 || r.Rows[0].Figures != want {
		t.Errorf("the part: %+v, want %+v", r.Rows, want)
	}
	r = l.reconcile(l.Clerk, audit.Query{By: audit.ByPart, From: from})
	if len(r.Rows) != 1 || r.Rows[0].Figures != mine {
		t.Errorf("the part in an outlet: %+v, want %+v", r.Rows, mine)
	}
	d, _, err := l.auditor.Movements(t.Context(), l.Clerk, audit.Query{By: audit.ByPart, From: from}, audit.FigureReturned, audit.Step{}, 10)
	l.Must(err)
	if d.Sum != 18 || len(d.Entries) != 2 {
		t.Errorf("behind what left: %+v", d)
	}
}

// bin is a shelf of the warehouse.
func (l *ledger) bin() inventory.Location {
	l.Helper()
	b, err := l.Ledger.OpenLocation(l.Context(), who.System, inventory.Location{
		Code: stocktest.Fresh("BIN"), Name: "bin", Kind: inventory.KindBin, OutletID: &l.Outlet, WarehouseID: &l.Warehouse.ID,
	})
	l.Must(err)
	return b
}

// Good and held stock of one outlet are each worth what they cost.
func TestHeldStockIsWorthWhatItCosts(t *testing.T) {
	t.Parallel()
	l := open(t)
	p, held := l.parts[0], l.Place(inventory.KindQuarantine, l.Outlet)
	l.cost(day, p, 10, 1000, l.Warehouse)
	l.move(inventory.MovementTransfer, day, p, 2, l.Warehouse, held)
	l.move(inventory.MovementCollect, day, p, 3, l.at(inventory.KindCustomerSite), held) // old parts bring no cost along
	for _, by := range []audit.By{audit.ByOutlet, audit.ByPart} {
		r := l.reconcile(who.System, audit.Query{By: by, From: day})
		if len(r.Rows) != 1 || r.Rows[0].Closing != 13 || *r.Rows[0].UnitCost != 1000 || r.Rows[0].Values().Closing != 10_000 || r.Totals[0].Values.Closing != 10_000 {
			t.Errorf("by %s: %+v, worth %+v", by, r.Rows, r.Rows[0].Values())
		}
	}
}

// A value beyond what a JSON number says exactly stops there.
func TestAbsurdValuesStopWhereNumbersAreExact(t *testing.T) {
	t.Parallel()
	const most = 9_000_000_000_000_000
	cost := int64(1_000_000_000_000)
	r := audit.Row{Figures: audit.Figures{Opening: 2_000_000_000, Variance: -2_000_000_000, Closing: 9000}, UnitCost: &cost}
	if got, want := *r.Values(), (audit.Figures{Opening: most, Variance: -most, Closing: most}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	l := open(t)
	for _, p := range l.parts {
		l.cost(day, p, 1, 1_000_000_000, l.places[1])
		l.cost(day, p, 1, 1_000_000_000, l.Warehouse)
	}
	l.forge(`UPDATE part_values SET value = quantity * 8000000000000000`)
	totals := l.reconcile(who.System, audit.Query{By: audit.ByPart, From: day, To: time.Now().Add(time.Hour)}).Totals
	if len(totals) != 1 || totals[0].Values.Closing != most {
		t.Errorf("%+v", totals)
	}
}
