package signals_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// person is a user who has a role here.
func (w *world) person(role who.Role) who.Actor {
	w.Helper()
	return who.Actor{UserID: w.User(role), Roles: []who.Role{role}, OutletID: &w.Outlet}
}

// scraps releases held stock to scrap before a witness.
func (w *world) scraps(by who.Actor, witness uuid.UUID, from inventory.Location, p inventory.Part, n int) uuid.UUID {
	w.Helper()
	id, heap := stocktest.NewID(), w.place(inventory.KindScrap)
	w.Exec(`INSERT INTO held_releases (id, location_id, outlet_id, outcome, to_location, witness_id, released_by, released_at)
		VALUES ($1, $2, $3, 'scrap', $4, $5, $6, $7)`, id, from.ID, w.Outlet, heap.ID, witness, by.UserID, w.now)
	return w.move(by, inventory.Slip{Kind: inventory.MovementDispose, ReferenceID: &id}, from, heap, p, n).ID
}

const deliverySQL = `
WITH s AS (INSERT INTO suppliers (id, code, name, created_at, updated_at) VALUES ($1, 'SUP', 'Supplier', $5, $5)),
d AS (INSERT INTO deliveries (id, number, status, supplier_id, note_number, warehouse_id, outlet_id, reason, received_at, policy_version, created_at, updated_at)
  VALUES ($1, 'D-SHORT', 'closed', $1, 'DN', $2, $3, 'lost', $5, 1, $5, $5))
INSERT INTO delivery_lines (delivery_id, line, part_id, quantity, unit_cost, accepted, put_away_id) VALUES ($1, 1, $4, 10, 20000, 4, $2)`

func TestOnePersonWritesMuchOff(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	p := w.Part("")
	w.Exec(`UPDATE parts SET list_price = 50000 WHERE id = $1`, p.ID)
	boss, other, witness := w.person(who.Supervisor), w.person(who.Supervisor), w.User(who.Warehouse)
	quarantine := w.Place(inventory.KindQuarantine, w.Outlet)
	transit, adjustment := w.place(inventory.KindTransit), w.place(inventory.KindAdjustment)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementTransfer}, w.Warehouse, quarantine, p, 30)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementTransfer}, w.Warehouse, transit, p, 30)
	scrapped := w.scraps(boss, witness, quarantine, p, 10)
	sent := stocktest.NewID()
	lost := w.move(boss, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &sent}, transit, adjustment, p, 7)
	w.scraps(other, witness, quarantine, p, 19) // each by himself: 9,500.00 are not enough
	w.raises(signals.RuleWrittenOff, 0)

	delivery := stocktest.NewID() // 6 of 10 did not come, 200.00 each: 1,200.00, and 8,500.00 before
	w.Exec(deliverySQL, delivery, w.Warehouse.ID, w.Outlet, p.ID, w.now)
	w.Must(w.DB.InTx(ctx, func(ctx context.Context) error {
		return w.books.Tell(ctx, boss, "delivery.closed", delivery, &w.Outlet, map[string]any{"number": "D-SHORT"})
	}))
	w.raises(signals.RuleWrittenOff, 0)
	w.later(day)
	last := w.scraps(boss, witness, quarantine, p, 1)
	s := w.raises(signals.RuleWrittenOff, 1)[0]
	if s.Measured != 1020000 || s.Threshold != 1000000 || s.Unit() != "minor_unit" || *s.OutletID != w.Outlet {
		t.Errorf("found %+v", s)
	}
	for _, m := range []uuid.UUID{scrapped, lost.ID, last} {
		w.rests(s, signals.EvidenceMovement, m)
	}
	w.rests(s, signals.EvidenceDelivery, delivery)
	w.rests(s, signals.EvidenceUser, witness)
	if en := s.Text.V.In(words.English); !strings.HasSuffix(en, " wrote off 24 pieces worth 10200.00 "+p.Currency+" within 90 days") {
		t.Errorf("said %s", en)
	}
	for _, by := range []who.Actor{boss, {UserID: witness, Roles: boss.Roles, OutletID: boss.OutletID}} {
		_, err := w.signals.Confirm(ctx, by, s.ID, 1, "not I")
		w.Refused(err, fault.NotFound, "no such signal")
	}
	_, err := w.signals.Dismiss(ctx, w.supervisor, s.ID, 1, "a batch that was under water", false)
	w.Must(err)
	w.later(day)
	w.scraps(other, witness, w.Warehouse, p, 1)
	if s := w.raises(signals.RuleWrittenOff, 1)[0]; s.EarlierID != nil || s.Measured != 1000000 {
		t.Errorf("found %+v", s)
	}
}

func TestTwoWhoAreEachOthersWitness(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	p := w.Part("")
	a, b, c := w.person(who.Warehouse), w.person(who.Supervisor), w.person(who.Warehouse)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	for range 5 {
		w.scraps(a, b.UserID, w.Warehouse, p, 1) // always the same way round
	}
	w.raises(signals.RuleWitnessPair, 0)
	for range 4 {
		w.scraps(a, c.UserID, w.Warehouse, p, 1)
	}
	other := w.scraps(b, a.UserID, w.Warehouse, p, 1) // 6 of the 10 of a
	s := w.raises(signals.RuleWitnessPair, 1)[0]
	for _, u := range []uuid.UUID{a.UserID, b.UserID} {
		w.rests(s, signals.EvidenceUser, u)
	}
	w.rests(s, signals.EvidenceMovement, other)
	if s.Measured != 6 || s.Threshold != 5 || *s.OutletID != w.Outlet || !strings.Contains(s.Text.V.In(words.Chinese), "互为见证 6 次（90 天内）：两人各自报废或见证总次数不超过 10 次") {
		t.Errorf("found %+v", s)
	}
	_, err := w.signals.Dismiss(ctx, b, s.ID, 1, "we are two", true)
	w.Refused(err, fault.NotFound, "no such signal")
	_, err = w.signals.Dismiss(ctx, w.supervisor, s.ID, 1, "they are two", true)
	w.Must(err)
	w.later(day)
	w.scraps(b, a.UserID, w.Warehouse, p, 1)
	w.raises(signals.RuleWitnessPair, 0)
	// Among many witnesses the two are a pair no more.
	for i := range 6 {
		w.scraps([]who.Actor{a, b}[i%2], []who.Actor{b, a}[i%2].UserID, w.Warehouse, p, 1)
		w.scraps(a, c.UserID, w.Warehouse, p, 1)
	}
	w.raises(signals.RuleWitnessPair, 0)
}

func TestTransferIntoAVanIsStuck(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van := w.Technician(w.Outlet)
	p := w.Part("")
	transit := w.place(inventory.KindTransit)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	id := stocktest.NewID()
	w.Exec(`INSERT INTO transfers (id, number, status, from_location, to_location, transit_id, from_outlet, to_outlet, sent_by, created_at, updated_at)
		VALUES ($1, 'T-STUCK', 'sent', $2, $3, $4, $5, $5, $6, $7, $7)`, id, w.Warehouse.ID, van.ID, transit.ID, w.Outlet, w.Clerk.UserID, w.now)
	m := w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementTransfer, ReferenceID: &id}, w.Warehouse, transit, p, 3)
	w.later(4 * day)
	s := w.raises(signals.RuleTransit, 1)[0]
	if s.TechnicianID == nil || *s.TechnicianID != *tech.TechnicianID || s.VanID == nil || *s.VanID != van.ID {
		t.Errorf("it concerns nobody: %+v", s)
	}
	w.rests(s, signals.EvidenceTransfer, id)
	w.measures(s, 4, 3, "day", "3 pieces of part "+p.Number+" of transfer T-STUCK have been on their way for 4 days", "有 3 件备件 "+p.Number+"（调拨单 T-STUCK）已在途 4 天")
	w.labels(s, m.ID, fmt.Sprintf("part %s carried, from %s to %s", p.Number, w.Warehouse.Name, transit.Called().In(words.English)),
		fmt.Sprintf("备件 %s：移库，从%s到%s", p.Number, w.Warehouse.Name, transit.Called().In(words.Chinese)))
	w.labels(s, id, "transfer T-STUCK", "调拨单 T-STUCK")
}

// labels demands what a piece of evidence is called in both languages.
func (w *world) labels(s signals.Signal, id uuid.UUID, en, zh string) {
	w.Helper()
	stored, err := w.signals.Find(w.Context(), w.supervisor, s.ID)
	w.Must(err)
	for _, e := range stored.Evidence.V {
		if e.ID != nil && *e.ID == id && (e.Said(words.English) != en || e.Said(words.Chinese) != zh) {
			w.Errorf("it is called %q and %q, want %q and %q", e.Said(words.English), e.Said(words.Chinese), en, zh)
		}
		if e.Said(words.English) == "" || e.Said(words.Chinese) == "" {
			w.Errorf("%s has no label: %+v", s.Rule, e)
		}
	}
}
