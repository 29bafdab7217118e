package cases_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/pg"
)

// work does what the queue holds until every timer that is due by the machine's clock went off.
func (w *world) work() {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- w.queue.Work(ctx, 4, 10*time.Second) }()
	for patience := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left := must(pg.One[int](ctx, w.db, `SELECT count(*) FROM river_job WHERE finalized_at IS NULL AND scheduled_at <= now()`))(w.t)
		if left == 0 {
			break
		}
		if time.Now().After(patience) {
			w.t.Fatalf("%d timers have not gone off", left)
		}
	}
	stop()
	if err := <-done; err != nil {
		w.t.Error(err)
	}
}

func (w *world) timers() int {
	w.t.Helper()
	return must(pg.One[int](w.t.Context(), w.db, `SELECT count(*) FROM river_job WHERE kind = 'case_deadline'`))(w.t)
}

// past is a moment whose deadlines are over by the clock of any machine that runs this.
var past = time.Date(2024, 5, 1, 2, 0, 0, 0, time.UTC)

func TestDeadlinesThatPassAreToldOnce(t *testing.T) {
	w := open(t)
	w.setClock(past)
	waits := w.received()
	answered := w.received()
	must(w.Respond(t.Context(), w.desk, answered.ID, 1, nil))(t)
	done := w.received()
	must(w.Classify(t.Context(), w.desk, done.ID, 1, cases.Change{}))(t)
	must(w.Resolve(t.Context(), w.desk, done.ID, 2, "told how"))(t)
	eased := w.received() // its first timers go off for deadlines that it has no more
	must(w.Amend(t.Context(), w.desk, eased.ID, 1, cases.Change{Priority: ptr(ptr(dispatch.PriorityP2))}))(t)
	w.pass(100 * time.Hour)
	w.work()
	kinds := func(c cases.Case) []string {
		k := w.kinds(c)
		slices.Sort(k)
		return k
	}
	for _, tt := range []struct {
		name string
		c    cases.Case
		want []string
	}{
		{"nobody answered", waits, []string{"case.completion_overdue", "case.opened", "case.response_overdue"}},
		{"answered only", answered, []string{"case.completion_overdue", "case.opened", "case.responded"}},
		{"resolved", done, []string{"case.classified", "case.opened", "case.resolved"}},
		{"with later deadlines", eased, []string{"case.amended", "case.completion_overdue", "case.opened", "case.response_overdue"}},
	} {
		if got := kinds(tt.c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	// The same timers again.
	w.exec(`UPDATE river_job SET state = 'available', finalized_at = NULL, attempt = 0 WHERE kind = 'case_deadline'`)
	w.work()
	if got := kinds(waits); len(got) != 3 {
		t.Errorf("told again: %v", got)
	}
}

func TestImportOfHistorySetsNoTimers(t *testing.T) {
	w := open(t)
	for i, tt := range []struct {
		name     string
		received time.Time
		want     int
	}{
		{"long ago", monday.AddDate(-1, 0, 0), 0},
		{"yesterday", monday.Add(-24 * time.Hour), 1},
		{"now", monday, 2},
	} {
		before := w.timers()
		if _, added, err := w.Import(t.Context(), w.desk, w.fault(func(n *cases.NewCase) {
			n.ExternalKey, n.ReceivedAt = ptr(tt.name), &tt.received
		})); err != nil || !added {
			t.Fatal(added, err)
		}
		if got := w.timers() - before; got != tt.want {
			t.Errorf("%d: received %s: %d timers, want %d", i, tt.name, got, tt.want)
		}
	}
	before := w.timers()
	w.received(func(n *cases.NewCase) { n.ReceivedAt = ptr(monday.AddDate(-1, 0, 0)) })
	if got := w.timers() - before; got != 2 {
		t.Errorf("taken in late: %d timers", got)
	}
}

func TestRefusedCaseLeavesNoTimer(t *testing.T) {
	w := open(t)
	_ = w.db.InTx(t.Context(), func(ctx context.Context) error {
		must(w.Open(ctx, w.desk, w.fault()))(t)
		return context.Canceled
	})
	if found, _, err := w.List(t.Context(), w.desk, cases.Query{}, [16]byte{}, 10); err != nil || len(found) != 0 || w.timers() != 0 {
		t.Errorf("%d cases, %d timers, %v", len(found), w.timers(), err)
	}
}
