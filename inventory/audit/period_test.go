package audit_test

import (
	"sync"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/stocktest"
)

var supervisor = who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}}

func (l *ledger) lock(name string, ends time.Time) audit.Period {
	l.Helper()
	p, err := l.auditor.LockPeriod(l.Context(), supervisor, audit.Lock{Name: name, EndsAt: ends, Note: "done"})
	l.Must(err)
	return p
}

func TestWhatIsToldLateCountsInTheNextPeriod(t *testing.T) {
	t.Parallel()
	l := open(t)
	p, van := l.parts[0], l.places[1]
	l.move(inventory.MovementReceive, day, p, 10, l.at(inventory.KindSupplier), van)
	ends := day.AddDate(0, 0, 10)
	locked := l.lock("first", ends)
	if locked.StartsAt != nil || locked.Places != 2 || len(locked.Hash) != 32 {
		t.Errorf("%+v", locked)
	}
	m := l.move(inventory.MovementUse, day.AddDate(0, 0, 5), p, 4, van, l.at(inventory.KindCustomerSite))
	if !m.BookedAt.Equal(ends) || !m.OccurredAt.Equal(day.AddDate(0, 0, 5)) {
		t.Errorf("occurred %s, booked %s", m.OccurredAt, m.BookedAt)
	}
	before := l.reconcile(who.System, audit.Query{By: audit.ByTechnician, Period: "first"})
	if got, want := before.Rows[0].Figures, (audit.Figures{Issued: 10, Closing: 10}); got != want {
		t.Errorf("the locked period: %+v, want %+v", got, want)
	}
	after := l.reconcile(who.System, audit.Query{By: audit.ByTechnician, From: ends})
	if got, want := after.Rows[0].Figures, (audit.Figures{Opening: 10, Used: 4, Closing: 6}); got != want || after.Since == nil || !after.Since.Equal(ends) {
		t.Errorf("the next: %+v since %v, want %+v", got, after.Since, want)
	}
	_, err := pg.Exec(t.Context(), l.DB, `INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, moved_at, occurred_at, booked_at)
		VALUES ($1, $2, $3, $4, 1, 'transfer', now(), $5, $5)`, stocktest.NewID(), p.ID, van.ID, l.Warehouse.ID, day)
	if !pg.Violates(err, "period_is_locked") {
		t.Errorf("a movement into a locked period by hand: %v", err)
	}
	for _, q := range []string{`UPDATE period_balances SET quantity = 1`, `DELETE FROM period_balances`, `DELETE FROM stock_periods`, `UPDATE stock_periods SET ends_at = now()`} {
		if _, err := pg.Exec(t.Context(), l.DB, q); err == nil {
			t.Errorf("%s: nobody minded", q)
		}
	}
	l.Sound()
}

// A reconciliation that begins with what a lock wrote down says what one from nothing says.
func TestASnapshotSaysWhatTheMovementsSay(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.random(200)
	from := day.AddDate(0, 0, 20)
	q := audit.Query{By: audit.ByLocation, From: from, To: day.AddDate(0, 0, 30)}
	want := l.reconcile(who.System, q)
	l.lock("one", day.AddDate(0, 0, 10))
	l.lock("two", from)
	got := l.reconcile(who.System, q)
	if got.Since == nil || !got.Since.Equal(from) || len(got.Rows) != len(want.Rows) || !got.Sound() {
		t.Fatalf("since %v, %d rows of %d, sound: %v", got.Since, len(got.Rows), len(want.Rows), got.Sound())
	}
	for i, row := range got.Rows {
		if row.Figures != want.Rows[i].Figures {
			t.Errorf("row %d: %+v, want %+v", i, row.Figures, want.Rows[i].Figures)
		}
	}
	l.Sound()
	for name, forgery := range map[string]string{
		"it was locked with": `UPDATE period_balances SET quantity = quantity * 2 WHERE (period_id, location_id, part_id) IN (SELECT period_id, location_id, part_id FROM period_balances LIMIT 1)`,
		"no longer hashes":   `UPDATE stock_periods SET hash = sha256('x') WHERE name = 'one'`,
	} {
		l.forge(forgery)
		r, err := l.Ledger.Verify(t.Context())
		l.Must(err)
		found := false
		for _, f := range r.Faults {
			found = found || contains(f.String(), name)
		}
		if !found {
			t.Errorf("verify says %v, want %q", r.Faults, name)
		}
	}
}

func TestALockThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.move(inventory.MovementReceive, day, l.parts[0], 10, l.at(inventory.KindSupplier), l.places[1])
	ends := day.AddDate(0, 0, 10)
	l.lock("first", ends)
	for _, tt := range []struct {
		name, text string
		by         who.Actor
		lock       audit.Lock
		code       fault.Code
	}{
		{"the future", "lies in the future", supervisor, audit.Lock{Name: "b", EndsAt: time.Now().Add(time.Hour)}, fault.Invalid},
		{"the same end", "in a period that is locked already", supervisor, audit.Lock{Name: "b", EndsAt: ends}, fault.Invalid},
		{"an earlier end", "in a period that is locked already", supervisor, audit.Lock{Name: "b", EndsAt: day}, fault.Invalid},
		{"the same name", "the name of a locked period", supervisor, audit.Lock{Name: "first", EndsAt: ends.Add(time.Hour)}, fault.Conflict},
		{"the same name in capitals", "the name of a locked period", supervisor, audit.Lock{Name: "FIRST", EndsAt: ends.Add(time.Hour)}, fault.Conflict},
		{"an outlet's supervisor", "everybody's", who.Actor{Roles: []who.Role{who.Supervisor}, OutletID: &l.Outlet}, audit.Lock{Name: "b", EndsAt: ends.Add(time.Hour)}, fault.Forbidden},
	} {
		_, err := l.auditor.LockPeriod(t.Context(), tt.by, tt.lock)
		if !fault.Is(err, tt.code) || !contains(err.Error(), tt.text) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if n := l.Count(`SELECT count(*) FROM events WHERE kind = 'stock_period.locked'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

// Two lock the same time at once, while others go on moving parts: one period comes of it, and
// every movement is on one side of its end.
func TestLockingWhilePartsMove(t *testing.T) {
	t.Parallel()
	l := open(t)
	supplier := l.at(inventory.KindSupplier)
	l.move(inventory.MovementReceive, day, l.parts[0], 10, supplier, l.Warehouse)
	ends := time.Now().Add(-time.Second)
	var wg sync.WaitGroup
	var mu sync.Mutex
	locked := 0
	for range 3 {
		wg.Go(func() {
			for range 10 {
				l.move(inventory.MovementReceive, ends.Add(-time.Minute), l.parts[0], 1, supplier, l.Warehouse)
			}
		})
	}
	for _, name := range []string{"a", "b"} {
		wg.Go(func() {
			_, err := l.auditor.LockPeriod(t.Context(), supervisor, audit.Lock{Name: name, EndsAt: ends})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				locked++
			} else if !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if locked != 1 {
		t.Errorf("%d locks", locked)
	}
	r := l.reconcile(who.System, audit.Query{By: audit.ByLocation, From: ends})
	if got := r.Rows[0].Figures; got.Opening+got.Issued != 40 || got.Closing != 40 || !r.Sound() {
		t.Errorf("%+v", got)
	}
	l.Sound()
}

func TestYesterdayIsReconciledOnce(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.random(60)
	l.forge(`UPDATE balances SET quantity = quantity + 1 WHERE (location_id, part_id) IN (SELECT location_id, part_id FROM balances WHERE van LIMIT 1)`)
	for range 2 {
		l.Must(l.auditor.ReconcileYesterday(t.Context()))
	}
	runs, next, err := l.auditor.ListRuns(t.Context(), nil, 10)
	l.Must(err)
	if len(runs) != 1 || next != nil || runs[0].Unsound != 1 || runs[0].Places == 0 || !runs[0].Day.Equal(time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)) {
		t.Errorf("%+v", runs)
	}
	if n := l.Count(`SELECT count(*) FROM events WHERE kind = 'reconciliation.ran' AND (data ->> 'unsound')::int = 1`); n != 1 {
		t.Errorf("%d events", n)
	}
}
