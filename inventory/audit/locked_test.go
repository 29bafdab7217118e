package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/uses"
)

// cost receives so many of a part at a cost each.
func (l *ledger) cost(at time.Time, p inventory.Part, n int, each int64, to inventory.Location) {
	l.Helper()
	l.Must(l.DB.InTx(l.Context(), func(ctx context.Context) error {
		_, err := l.Ledger.Move(ctx, l.Clerk, inventory.Slip{Kind: inventory.MovementReceive, OccurredAt: at}, []inventory.Entry{{
			Counted: inventory.Counted{Part: p, Quantity: n, UnitCost: &each, At: inventory.Pointers{None: true}}, From: l.at(inventory.KindSupplier), To: to,
		}})
		return err
	}))
}

// drawn is everything that a report says, in every form.
func (l *ledger) drawn(q audit.Query) [][]byte {
	l.Helper()
	r := l.reconcile(who.System, q)
	all := make([][]byte, 0, 6)
	values := make([]*audit.Figures, len(r.Rows))
	for i, row := range r.Rows {
		values[i] = row.Values()
	}
	for _, v := range []any{r, values} {
		b, err := json.Marshal(v)
		l.Must(err)
		all = append(all, b)
	}
	for _, lang := range []words.Language{words.English, words.Chinese} {
		x, err := r.XLSX(lang)
		l.Must(err)
		p, err := r.PDF(lang)
		l.Must(err)
		all = append(all, x, p)
	}
	return all
}

// What a locked period was worth, what was short and what was expected back in it never changes:
// whatever is received, reversed, or comes back later.
func TestALockedPeriodNeverSaysAnythingElse(t *testing.T) {
	t.Parallel()
	l := open(t)
	stays, leaves, unpriced := l.parts[0], l.parts[1], l.parts[2]
	van, site := l.places[1], l.at(inventory.KindCustomerSite)
	for _, p := range []inventory.Part{stays, leaves} {
		l.cost(day, p, 10, 1000, l.Warehouse)
		l.cost(day, p, 10, 2000, l.Warehouse)
		l.move(inventory.MovementTransfer, day.AddDate(0, 0, 1), p, 20, l.Warehouse, van)
	}
	l.move(inventory.MovementReceive, day, unpriced, 5, l.at(inventory.KindSupplier), l.Warehouse)
	l.move(inventory.MovementUse, day.AddDate(0, 0, 2), leaves, 20, van, site)
	l.move(inventory.MovementUse, day.AddDate(0, 0, 2), stays, 5, van, site)
	owed := l.move(inventory.MovementUse, day.AddDate(0, 0, 3), l.parts[3], 2, van, site)
	old := l.Part("sr")
	job := l.Job(l.Outlet, l.techs[0])
	l.Stock(van, old, 0, "N1")
	_, err := l.Uses.Use(t.Context(), l.techs[0], job, uses.PartUse{PartID: old.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	l.Must(err)
	l.Exec(`UPDATE part_returns SET created_at = $1, due_at = $2`, day.AddDate(0, 0, 5), day.AddDate(0, 0, 7))
	ends := day.AddDate(0, 0, 10)
	l.lock("first", ends)

	queries := []audit.Query{{By: audit.ByLocation, From: day, To: day.AddDate(0, 0, 4)}}
	for _, by := range []audit.By{audit.ByTechnician, audit.ByOutlet, audit.ByPart, audit.ByLocation} {
		queries = append(queries, audit.Query{By: by, Period: "first"})
	}
	before := make([][][]byte, len(queries))
	for i, q := range queries {
		before[i] = l.drawn(q)
	}
	r := l.reconcile(who.System, queries[1])
	for _, row := range r.Rows {
		switch v := row.Values(); row.PartID {
		case stays.ID:
			if v == nil || v.Issued != 30_000 || v.Used != 7500 || v.Closing != 22_500 {
				t.Errorf("what stays: %+v", v)
			}
		case leaves.ID:
			if v == nil || v.Issued != 30_000 || v.Used != 30_000 || v.Closing != 0 {
				t.Errorf("what left: %+v", v)
			}
		case l.parts[3].ID:
			if row.Short != 2 {
				t.Errorf("short by %d", row.Short)
			}
		case old.ID:
			if row.OpenReturns != 1 || row.OverdueReturns != 1 || row.OldestReturnAge != 5 {
				t.Errorf("old parts: %+v", row)
			}
		}
	}
	if len(r.Rows) != 4 || !r.From.Equal(day) || !r.Locked {
		t.Errorf("%d rows from %s, locked: %v", len(r.Rows), r.From, r.Locked)
	}

	for _, p := range []inventory.Part{stays, leaves, unpriced, l.parts[3], old} {
		if !p.Serialized {
			l.cost(time.Time{}, p, 10, 900_000_000, l.Warehouse)
		}
	}
	_, err = l.Ledger.Reverse(t.Context(), who.System, owed.ID, "wrong van")
	l.Must(err)
	l.Exec(`UPDATE part_returns SET status = 'waived', waived_because = 'customer_keeps', waived_at = now()`)
	for i, q := range queries {
		for j, now := range l.drawn(q) {
			if !bytes.Equal(before[i][j], now) {
				t.Errorf("by %s: form %d says something else:\n%.2000s\nwas\n%.2000s", q.By, j, now, before[i][j])
			}
		}
	}
	// The next period begins with what the lock kept, and goes on at the costs of now.
	for _, row := range l.reconcile(who.System, audit.Query{By: audit.ByTechnician, From: ends, PartID: &stays.ID}).Rows {
		if v := row.Values(); v == nil || v.Opening != 22_500 || v.Closing <= 22_500*1000 {
			t.Errorf("the next: %+v", v)
		}
	}
}

func TestTheFirstPeriodBeginsWithItsFirstMovement(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.lock("empty", day.AddDate(0, 0, -1))
	if r := l.reconcile(who.System, audit.Query{By: audit.ByLocation, Period: "empty"}); !r.From.Equal(r.To) || len(r.Rows) != 0 {
		t.Errorf("from %s to %s: %+v", r.From, r.To, r.Rows)
	}
	if _, _, err := l.auditor.Movements(t.Context(), who.System, audit.Query{By: audit.ByLocation, Period: "empty"}, audit.FigureClosing, audit.Step{}, 10); err != nil {
		t.Error(err)
	}
	other := open(t)
	other.move(inventory.MovementReceive, day.Add(time.Hour), other.parts[0], 1, other.at(inventory.KindSupplier), other.Warehouse)
	other.lock("first", day.AddDate(0, 0, 1))
	if r := other.reconcile(who.System, audit.Query{By: audit.ByLocation, Period: "first"}); !r.From.Equal(day.Add(time.Hour)) || len(r.Rows) != 1 || r.Rows[0].Issued != 1 {
		t.Errorf("from %s: %+v", r.From, r.Rows)
	}
}

func TestNoNightIsReconciledBeforeAnythingWasBooked(t *testing.T) {
	t.Parallel()
	l := open(t)
	today := time.Now().UTC().Truncate(24 * time.Hour)
	for n, at := range []time.Time{{}, today, today.Add(-time.Second)} {
		if !at.IsZero() {
			l.move(inventory.MovementReceive, at, l.parts[0], 1, l.at(inventory.KindSupplier), l.Warehouse)
		}
		l.Must(l.auditor.ReconcileYesterday(t.Context()))
		runs, _, err := l.auditor.ListRuns(t.Context(), nil, 10)
		l.Must(err)
		if want := n / 2; len(runs) != want {
			t.Errorf("after %d movements: %d runs, want %d", n, len(runs), want)
		}
	}
}
