package signals_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/signals"

	"github.com/google/uuid"
)

// lost is what a count found missing in a place; somebody approved it.
func (w *world) lost(number string, approver uuid.UUID, from inventory.Location, p inventory.Part, n int) uuid.UUID {
	w.Helper()
	id := w.counted(number, approver)
	return w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &id}, from, w.place(inventory.KindAdjustment), p, n).ID
}

func TestLossesInOneWarehouse(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	_, van := w.Technician(w.Outlet)
	p := w.Part("")
	w.Exec(`UPDATE parts SET list_price = 50000 WHERE id = $1`, p.ID)
	approver := w.User(who.Supervisor)
	bin, err := w.Ledger.OpenLocation(ctx, w.Clerk, inventory.Location{Code: "BIN-1", Name: "Bin 1", Kind: inventory.KindBin, WarehouseID: &w.Warehouse.ID, OutletID: &w.Outlet})
	w.Must(err)
	w.carry(van, p, 50)
	for _, at := range []inventory.Location{w.Warehouse, bin} {
		w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), at, p, 100)
	}
	// A van has a rule of its own, and what a count finds too much is no loss.
	w.lost("K-VAN", approver, van, p, 10)
	gain := w.counted("K-GAIN", approver)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &gain}, w.place(inventory.KindAdjustment), w.Warehouse, p, 30)
	first := w.lost("K-1", approver, w.Warehouse, p, 5)
	second := w.lost("K-2", approver, bin, p, 14)
	w.raises(signals.RulePlaceVariance, 0)
	w.raises(signals.RuleLargeVariance, 0)

	third := w.lost("K-3", approver, bin, p, 1) // three counts, 20 pieces of 500.00
	all, err := w.signals.Scan(ctx, w.supervisor)
	w.Must(err)
	found := map[signals.RuleID]signals.Signal{}
	for _, s := range all {
		found[s.Rule] = s
	}
	often, much := found[signals.RulePlaceVariance], found[signals.RuleLargeVariance]
	if len(all) != 2 || often.Measured != 3 || often.Threshold != 3 || much.Measured != 1000000 || much.Unit() != "minor_unit" || *much.OutletID != w.Outlet {
		t.Fatalf("found %+v", all)
	}
	for _, s := range all {
		for _, m := range []uuid.UUID{first, second, third} {
			w.rests(s, signals.EvidenceMovement, m)
		}
		w.rests(s, signals.EvidenceLocation, w.Warehouse.ID)
		w.rests(s, signals.EvidenceUser, approver)
	}
	name := w.Warehouse.Name
	if en, zh := often.Text.V.In(words.English), often.Text.V.In(words.Chinese); en != name+" lost 20 pieces in 3 counts within 90 days" || zh != name+"短少 20 件，共 3 次盘点（90 天内）" {
		t.Errorf("said %s and %s", en, zh)
	}
	if en, zh := much.Text.V.In(words.English), much.Text.V.In(words.Chinese); en != name+" lost 20 pieces worth 10000.00 "+p.Currency+" within 90 days" || zh != name+"短少 20 件，金额 10000.00 "+p.Currency+"（90 天内）" {
		t.Errorf("said %s and %s", en, zh)
	}
	// Who approved does not judge, and what was judged counts no more.
	boss := w.supervisor
	boss.UserID = approver
	_, err = w.signals.Dismiss(ctx, boss, much.ID, 1, "it was I", true)
	w.Refused(err, fault.NotFound, "no such signal")
	_, err = w.signals.Dismiss(ctx, w.supervisor, often.ID, 1, "the bins were mixed up", true)
	w.Must(err)
	w.later(day)
	w.lost("K-4", approver, bin, p, 1)
	w.lost("K-5", approver, bin, p, 1)
	w.raises(signals.RulePlaceVariance, 0)
	w.lost("K-6", approver, bin, p, 1)
	if s := w.raises(signals.RulePlaceVariance, 1)[0]; s.Measured != 3 || s.EarlierID == nil || *s.EarlierID != often.ID {
		t.Errorf("found %+v", s)
	}
}
