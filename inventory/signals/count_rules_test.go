package signals_test

import (
	"testing"
	"time"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// counted is a count of the warehouse that somebody approved.
func (w *world) counted(number string, approver uuid.UUID) uuid.UUID {
	w.Helper()
	p, err := w.policies.Current(w.Context())
	w.Must(err)
	id := stocktest.NewID()
	w.Exec(`INSERT INTO counts (id, number, status, scope, location_id, outlet_id, approved_by, approved_at, value, policy_version, created_at, updated_at)
		VALUES ($1, $2, 'approved', 'full', $3, $4, $5, $6, 0, $7, $6, $6)`, id, number, w.Warehouse.ID, w.Outlet, approver, w.now, p.Version)
	return id
}

func TestGoneAndThereAgain(t *testing.T) {
	t.Parallel()
	w := open(t)
	part := w.Part("s")
	approver := w.User(who.Supervisor)
	adjustment, scrap, supplier := w.place(inventory.KindAdjustment), w.place(inventory.KindScrap), w.place(inventory.KindSupplier)
	move := func(kind inventory.MovementKind, count *uuid.UUID, from, to inventory.Location, serial string) uuid.UUID {
		return w.move(w.Clerk, inventory.Slip{Kind: kind, ReferenceID: count}, from, to, part, 0, serial).ID
	}
	for _, s := range []string{"LOST", "SCRAPPED", "MISPLACED", "BACK"} {
		move(inventory.MovementReceive, nil, supplier, w.Warehouse, s)
	}
	// Nothing is wrong with a unit that nobody knew, nor with one on another shelf, nor with one that is missing,
	// nor with one that a refurbisher made good again.
	first := w.counted("CNT-A", approver)
	move(inventory.MovementCount, &first, adjustment, w.Warehouse, "NEW")
	move(inventory.MovementCount, &first, w.Warehouse, w.defective(), "MISPLACED")
	left := move(inventory.MovementCount, &first, w.Warehouse, adjustment, "LOST")
	gone := move(inventory.MovementDispose, nil, w.Warehouse, scrap, "SCRAPPED")
	move(inventory.MovementTransfer, nil, w.Warehouse, w.defective(), "BACK")
	move(inventory.MovementDispose, nil, w.defective(), w.Warehouse, "BACK")
	w.raises(signals.RuleReappeared, 0)

	w.later(day)
	second := w.counted("CNT-B", approver)
	found := move(inventory.MovementCount, &second, adjustment, w.Warehouse, "LOST")
	s := w.raises(signals.RuleReappeared, 1)[0]
	for _, m := range []uuid.UUID{left, found} {
		w.rests(s, signals.EvidenceMovement, m)
	}
	for _, c := range []uuid.UUID{first, second} {
		w.rests(s, signals.EvidenceCount, c)
	}
	w.rests(s, signals.EvidenceUser, approver)
	w.labels(s, left, "part "+part.Number+" put right by a count, from "+w.Warehouse.Name+" to "+adjustment.Called().In(words.English),
		"备件 "+part.Number+"：盘点调整，从"+w.Warehouse.Name+"到"+adjustment.Called().In(words.Chinese))
	w.labels(s, found, "part "+part.Number+" put right by a count, from "+adjustment.Called().In(words.English)+" to "+w.Warehouse.Name,
		"备件 "+part.Number+"：盘点调整，从"+adjustment.Called().In(words.Chinese)+"到"+w.Warehouse.Name)
	if s.Severity != signals.SeverityHigh || s.Measured != 1 || *s.OutletID != w.Outlet {
		t.Errorf("found %+v", s)
	}
	if zh := s.Text.V.In(words.Chinese); zh != "盘点单 CNT-B 找到序列号件 LOST（备件 "+part.Number+"），而账上它在盘点调整" {
		t.Errorf("said %s", zh)
	}
	w.later(2 * time.Hour)
	w.raises(signals.RuleReappeared, 0)
	back := move(inventory.MovementCount, &second, scrap, w.Warehouse, "SCRAPPED")
	s = w.raises(signals.RuleReappeared, 1)[0]
	w.rests(s, signals.EvidenceMovement, gone)
	w.rests(s, signals.EvidenceMovement, back)
	stored, err := w.signals.Find(t.Context(), w.supervisor, s.ID)
	w.Must(err)
	if en, zh := stored.Text.V.In(words.English), stored.Text.V.In(words.Chinese); en != "count CNT-B found unit SCRAPPED of part "+part.Number+", and the books had it in scrap" ||
		zh != "盘点单 CNT-B 找到序列号件 SCRAPPED（备件 "+part.Number+"），而账上它在报废" {
		t.Errorf("said %s and %s", en, zh)
	}
	// It is the second time: whoever looks no more than at that sees it once more.
	w.set("signal_reappeared", 2)
	w.later(day)
	third := w.counted("CNT-C", approver)
	move(inventory.MovementCount, &third, w.Warehouse, adjustment, "LOST")
	move(inventory.MovementCount, &third, adjustment, w.Warehouse, "LOST")
	if s := w.raises(signals.RuleReappeared, 1)[0]; s.Measured != 2 {
		t.Errorf("found %+v", s)
	}
}
