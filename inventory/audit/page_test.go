package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
)

// pages are the rows of all pages of a reconciliation, one after the other.
func (l *ledger) pages(by who.Actor, q audit.Query, limit int) []audit.Row {
	l.Helper()
	var all []audit.Row
	var after audit.Cursor
	for {
		p, err := l.auditor.ReconcilePage(l.Context(), by, q, after, limit)
		l.Must(err)
		if p.First != (after == audit.Cursor{}) || len(p.Rows) > limit || len(p.Rows) < limit && p.Next != nil || !p.First && p.Totals != nil {
			l.Fatalf("a page of %d rows after %+v: first %v, next %v, totals %v", len(p.Rows), after, p.First, p.Next, p.Totals)
		}
		if all = append(all, p.Rows...); p.Next == nil {
			return all
		}
		after = *p.Next
	}
}

// same holds pages against the whole.
func (l *ledger) same(by who.Actor, q audit.Query) {
	l.Helper()
	whole := l.reconcile(by, q)
	for _, limit := range []int{1, 3, 7, 100} {
		got := l.pages(by, q, limit)
		if len(got) != len(whole.Rows) {
			l.Errorf("by %s, pages of %d: %d rows, want %d", q.By, limit, len(got), len(whole.Rows))
			continue
		}
		for i, want := range whole.Rows {
			g := got[i]
			if g.Place() != want.Place() || g.Figures != want.Figures || g.Short != want.Short || (g.Values() == nil) != (want.Values() == nil) ||
				g.Values() != nil && *g.Values() != *want.Values() || g.OpenReturns != want.OpenReturns || g.OverdueReturns != want.OverdueReturns {
				l.Errorf("by %s, pages of %d, row %d:\n%+v\n%+v", q.By, limit, i, g, want)
			}
		}
	}
}

var holders = []audit.By{audit.ByTechnician, audit.ByOutlet, audit.ByPart, audit.ByLocation}

func TestPagesOfAReconciliationAreTheWhole(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.places = append(l.places, l.central, l.bin(), l.Place(inventory.KindQuarantine, l.Outlet))
	l.cost(day, l.parts[0], 5, 1250, l.Warehouse)
	l.random(300)
	// Two technicians of one name, and old parts that are expected of them and of one without a van.
	l.Exec(`UPDATE technicians SET name = 'Li'`)
	for i, tech := range l.techs {
		for n := range i + 2 {
			l.forge(fmt.Sprintf(`INSERT INTO part_returns (id, number, status, use_id, job_id, part_id, technician_id, outlet_id, quantity, created_at, updated_at, due_at)
				SELECT gen_random_uuid(), 'R%d-%d', 'expected', gen_random_uuid(), gen_random_uuid(), '%s', t.id, t.outlet_id, 1, '%s', now(), now() + interval '1 hour' * %d
				FROM technicians t WHERE t.id = '%s'`, i, n, l.parts[n].ID, day.Format(time.RFC3339), n-1, tech.TechnicianID))
		}
	}
	l.Exec(`UPDATE technicians SET van_id = NULL WHERE id = $1`, l.techs[2].TechnicianID)
	inspector := who.Actor{UserID: l.Clerk.UserID, Roles: []who.Role{who.Inspector}}
	check := func() {
		t.Helper()
		for _, by := range holders {
			for _, q := range []audit.Query{
				{By: by, From: day.AddDate(0, 0, 10), To: day.AddDate(0, 0, 12)},
				{By: by, From: day.AddDate(0, 0, 20), To: time.Now().Add(time.Hour)},
				{By: by, From: day.AddDate(0, 0, 20), To: time.Now().Add(time.Hour), OutletID: &l.Outlet, PartID: &l.parts[1].ID},
			} {
				l.same(inspector, q)
				l.same(l.Clerk, q)
				l.same(l.techs[0], q)
			}
		}
	}
	check()
	l.lock("first", day.AddDate(0, 0, 15))
	check()
	for _, by := range holders {
		l.same(inspector, audit.Query{By: by, Period: "first"})
	}
	l.forge(`UPDATE balances SET quantity = quantity + 1 WHERE part_id = '` + l.parts[2].ID.String() + `'`)
	if r := l.reconcile(inspector, audit.Query{By: audit.ByLocation, From: day.AddDate(0, 0, 20)}); r.Sound() {
		t.Fatal("a forged balance adds up")
	}
	check()
}

// Between two pages books go on: the pages say what the first moment said.
func TestPagesAreOfOneMoment(t *testing.T) {
	t.Parallel()
	l := open(t)
	supplier := l.at(inventory.KindSupplier)
	for _, p := range l.parts {
		l.move(inventory.MovementReceive, day, p, 10, supplier, l.Warehouse)
	}
	q := audit.Query{By: audit.ByLocation, From: day}
	whole := l.reconcile(who.System, q)
	first, err := l.auditor.ReconcilePage(t.Context(), who.System, q, audit.Cursor{}, 1)
	l.Must(err)
	if first.Count != 4 || first.Totals[0].Units[0].Closing != 40 {
		t.Errorf("of all: %d rows, %+v", first.Count, first.Totals)
	}
	for _, p := range l.parts {
		l.move(inventory.MovementReceive, time.Time{}, p, 5, supplier, l.Warehouse)
		l.move(inventory.MovementCount, time.Time{}, p, 1, l.Warehouse, l.at(inventory.KindAdjustment))
	}
	rows, next := first.Rows, first.Next
	for next != nil {
		p, err := l.auditor.ReconcilePage(t.Context(), who.System, q, *next, 1)
		l.Must(err)
		if !p.To.Equal(first.To) {
			t.Errorf("to %s, and to %s before", p.To, first.To)
		}
		rows, next = append(rows, p.Rows...), p.Next
	}
	for i, row := range rows {
		if row.Figures != whole.Rows[i].Figures || row.PartID != whole.Rows[i].PartID {
			t.Errorf("row %d: %+v, want %+v", i, row, whole.Rows[i])
		}
	}
	if len(rows) != 4 {
		t.Errorf("%d rows", len(rows))
	}
}

// Rows that come to nothing stand on no page, however many there are between two that do.
func TestPagesGoOnPastWhatIsGone(t *testing.T) {
	t.Parallel()
	l := open(t)
	supplier := l.at(inventory.KindSupplier)
	for range 210 {
		l.Part("")
	}
	l.forge(`INSERT INTO balances (location_id, part_id, quantity, may_go_negative, van, serialized) SELECT '` + l.Warehouse.ID.String() + `', id, 0, false, false, false FROM parts`)
	last := l.Part("")
	l.Exec(`UPDATE parts SET number = 'zz' || number WHERE id = $1`, last.ID)
	l.Exec(`UPDATE parts SET number = ' ' || number WHERE id = $1`, l.parts[0].ID)
	for _, p := range []inventory.Part{l.parts[0], last} {
		l.move(inventory.MovementReceive, day, p, 1, supplier, l.Warehouse)
	}
	rows := l.pages(who.System, audit.Query{By: audit.ByLocation, From: day}, 1)
	if len(rows) != 2 || !strings.HasPrefix(rows[1].PartNumber, "zz") {
		t.Errorf("%+v", rows)
	}
}
