package signals_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory/signals"

	"github.com/google/uuid"
)

// short has somebody use what his van does not hold: one signal.
func (w *world) short(tech who.Actor, pieces int) {
	w.Helper()
	van, err := w.books.Locate(w.Context(), w.vanOf(tech))
	w.Must(err)
	w.use(tech, van, use{job: w.Job(w.Outlet, tech), part: w.Part(""), quantity: pieces})
}

func (w *world) vanOf(tech who.Actor) uuid.UUID {
	w.Helper()
	id, err := pg.One[uuid.UUID](w.Context(), w.DB, `SELECT van_id FROM technicians WHERE id = $1`, tech.TechnicianID)
	w.Must(err)
	return id
}

func TestSignalIsJudgedOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	tech, _ := w.Technician(w.Outlet)
	w.short(tech, 2)
	s := w.raises(signals.RuleNeverIssued, 1)[0]
	_, err := w.signals.Confirm(ctx, w.supervisor, s.ID, 1, " \t ")
	w.Refused(err, fault.Invalid, "/note must not be blank")
	_, err = w.signals.Confirm(ctx, w.supervisor, s.ID, 2, "seen")
	w.Refused(err, fault.Stale, "signal")
	got, err := w.signals.Confirm(ctx, w.supervisor, s.ID, 1, "the part was sold")
	w.Must(err)
	if got.Status != signals.StatusConfirmed || got.FalsePositive != nil || *got.DecidedBy != w.supervisor.UserID || got.Version != 2 {
		t.Errorf("judged %+v", got)
	}
	_, err = w.signals.Dismiss(ctx, w.supervisor, s.ID, 2, "after all not", true)
	w.Refused(err, fault.Conflict, "the signal was judged already: confirmed at "+got.DecidedAt.Format("2006-01-02 15:04")+" UTC")
	w.Exec(`INSERT INTO users (id, login, name, password_hash, roles, created_at, updated_at) VALUES ($1, 'boss', 'Ms Boss', 'none', ARRAY['supervisor'], now(), now())`, w.supervisor.UserID)
	_, err = w.signals.Confirm(ctx, w.supervisor, s.ID, 2, "once more")
	w.Refused(err, fault.Conflict, "confirmed by Ms Boss at")
	if zh := fault.From(err).Detail.In(words.Chinese); !strings.HasPrefix(zh, "该预警已有结论：已确认，由 Ms Boss 于 ") {
		t.Errorf("said %s", zh)
	}
	w.raises(signals.RuleNeverIssued, 0)
	told, err := event.History(ctx, w.DB, s.ID, 10)
	w.Must(err)
	if len(told) != 2 || told[0].Kind != "signal.raised" || told[1].Kind != "signal.confirmed" {
		t.Errorf("events %+v", told)
	}
	tallies, err := w.signals.Summary(ctx, w.supervisor)
	w.Must(err)
	for _, c := range tallies {
		if want := (c.Rule == signals.RuleNeverIssued); (c.Confirmed == 1) != want || c.Raised != 0 || c.Severity == "" {
			t.Errorf("counted %+v", c)
		}
	}
}

func TestOneOfManyJudgesWins(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, _ := w.Technician(w.Outlet)
	w.short(tech, 2)
	s := w.raises(signals.RuleNeverIssued, 1)[0]
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = w.signals.Dismiss(t.Context(), w.supervisor, s.ID, 1, "seen", i%2 == 0) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !fault.Is(err, fault.Stale) {
			t.Errorf("a loser was told %v", err)
		}
	}
	if won != 1 || w.Count(`SELECT count(*) FROM events WHERE kind = 'signal.dismissed'`) != 1 {
		t.Errorf("%d won", won)
	}
}

func TestScansAtOnceRaiseOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 5 {
		tech, _ := w.Technician(w.Outlet)
		w.short(tech, 2)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	raised := 0
	for range 6 {
		wg.Go(func() {
			all, err := w.signals.Scan(t.Context(), who.System)
			mu.Lock()
			defer mu.Unlock()
			if raised += len(all); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Count(`SELECT count(*) FROM signals`); raised != 5 || n != 5 {
		t.Errorf("%d raised, %d kept", raised, n)
	}
}

// What a rule looks at again after it looked is an hour; what was told before that was seen.
func TestScanLooksAtWhatIsNew(t *testing.T) {
	t.Parallel()
	w := open(t)
	first, _ := w.Technician(w.Outlet)
	w.short(first, 1)
	w.raises(signals.RuleNeverIssued, 1)
	w.later(-30 * time.Minute)
	second, _ := w.Technician(w.Outlet)
	w.short(second, 1) // told before the scan, and seen by nobody: its transaction was still under way
	w.later(time.Hour)
	w.raises(signals.RuleNeverIssued, 1)
	w.later(100 * day)
	third, _ := w.Technician(w.Outlet)
	w.short(third, 1) // long before the next scan: nobody looked for days
	w.later(10 * day)
	w.raises(signals.RuleNeverIssued, 1)
}

func TestWhatWasFoundNeverChanges(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, _ := w.Technician(w.Outlet)
	w.short(tech, 2)
	s := w.raises(signals.RuleNeverIssued, 1)[0]
	for _, q := range []string{
		`UPDATE signals SET evidence = '[1]' WHERE id = $1`, `UPDATE signals SET technician_id = NULL WHERE id = $1`, `DELETE FROM signals WHERE id = $1`,
	} {
		if _, err := pg.Exec(t.Context(), w.DB, q, s.ID); err == nil {
			t.Errorf("%s was allowed", q)
		}
	}
	_, err := w.signals.Confirm(t.Context(), w.supervisor, s.ID, 1, "sold")
	w.Must(err)
	if _, err := pg.Exec(t.Context(), w.DB, `UPDATE signals SET note = 'nothing' WHERE id = $1`, s.ID); err == nil {
		t.Error("a judgment was changed")
	}
}

// A command that fails half way leaves neither a judgment nor an event.
func TestFailureLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, _ := w.Technician(w.Outlet)
	w.short(tech, 2)
	s := w.raises(signals.RuleNeverIssued, 1)[0]
	w.owner(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no events today'; END $$`)
	w.owner(`CREATE TRIGGER fail BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.kind LIKE 'signal.%') EXECUTE FUNCTION fail()`)
	if _, err := w.signals.Dismiss(t.Context(), w.supervisor, s.ID, 1, "seen", false); err == nil {
		t.Error("dismissed without an event")
	}
	w.later(time.Minute)
	w.short(tech, 3)
	if _, err := w.signals.Scan(t.Context(), who.System); err == nil {
		t.Errorf("scanned without an event: %v", err)
	}
	if n := w.Count(`SELECT count(*) FROM signals WHERE status <> 'raised' OR version > 1`) + w.Count(`SELECT count(*) - 1 FROM signals`); n != 0 {
		t.Errorf("%d traces", n)
	}
	w.owner(`DROP TRIGGER fail ON events`)
	w.raises(signals.RuleNeverIssued, 1)
}

// owner runs a statement with the rights of the tables' owner.
func (w *world) owner(q string) {
	w.Helper()
	conn, err := w.DB.Pool().Acquire(w.Context())
	w.Must(err)
	defer conn.Release()
	for _, one := range []string{`RESET ROLE`, q, `SET ROLE ` + pg.AppRole} {
		_, err := conn.Exec(w.Context(), one)
		w.Must(err)
	}
}

func TestWhoSeesSignals(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	tech, _ := w.Technician(w.Outlet)
	other, _ := w.Technician(w.Outlet)
	w.short(tech, 2)
	w.short(other, 2)
	var mine, his signals.Signal
	for _, s := range w.raises(signals.RuleNeverIssued, 2) {
		if *s.TechnicianID == *tech.TechnicianID {
			mine = s
		} else {
			his = s
		}
	}
	elsewhere := w.NewOutlet()
	both := who.Actor{UserID: tech.UserID, Roles: []who.Role{who.Technician, who.Supervisor}, OutletID: &w.Outlet, TechnicianID: tech.TechnicianID}
	for _, tt := range []struct {
		name string
		by   who.Actor
		sees int
	}{
		{"the outlet's supervisor", w.supervisor, 2},
		{"the central desk", who.Actor{Roles: []who.Role{who.Supervisor}}, 2},
		{"another outlet's", who.Actor{Roles: []who.Role{who.Supervisor}, OutletID: &elsewhere}, 0},
		{"the technician himself, who is a supervisor too", both, 1},
	} {
		all, _, err := w.signals.List(ctx, tt.by, signals.Filter{Rule: signals.RuleNeverIssued, Status: signals.StatusRaised}, uuid.Nil, 10)
		if err != nil || len(all) != tt.sees {
			t.Errorf("%s sees %d signals, want %d (%v)", tt.name, len(all), tt.sees, err)
		}
		counted := 0
		tallies, err := w.signals.Summary(ctx, tt.by)
		for _, c := range tallies {
			counted += c.Raised
		}
		if err != nil || counted != tt.sees {
			t.Errorf("%s counts %d signals, want %d (%v)", tt.name, counted, tt.sees, err)
		}
	}
	_, err := w.signals.Dismiss(ctx, both, mine.ID, 1, "I was in a hurry", true)
	w.Refused(err, fault.NotFound, "signal")
	_, err = w.signals.Dismiss(ctx, both, his.ID, 1, "looked at it with him", false)
	w.Must(err)
	first, next, err := w.signals.List(ctx, w.supervisor, signals.Filter{}, uuid.Nil, 1)
	w.Must(err)
	rest, end, err := w.signals.List(ctx, w.supervisor, signals.Filter{}, next, 1)
	w.Must(err)
	if len(first) != 1 || len(rest) != 1 || first[0].ID == rest[0].ID || end != uuid.Nil {
		t.Errorf("pages %v, %v", first, rest)
	}
	for _, f := range []signals.Filter{{Status: signals.StatusDismissed}, {TechnicianID: other.TechnicianID}, {PartID: his.PartID}, {JobID: his.JobID, OutletID: &w.Outlet, From: &his.FoundAt}} {
		if got, _, err := w.signals.List(ctx, w.supervisor, f, uuid.Nil, 10); err != nil || len(got) != 1 || got[0].ID != his.ID {
			t.Errorf("%+v finds %v, %v", f, got, err)
		}
	}
	later := his.FoundAt.Add(time.Hour)
	for _, f := range []signals.Filter{{Severity: signals.SeverityLow}, {OutletID: &elsewhere}, {From: &later}, {To: &his.FoundAt}} {
		if got, _, err := w.signals.List(ctx, w.supervisor, f, uuid.Nil, 10); err != nil || len(got) != 0 {
			t.Errorf("%+v finds %v, %v", f, got, err)
		}
	}
}

func TestEveryRuleIsPublishedInBothLanguages(t *testing.T) {
	t.Parallel()
	w := open(t)
	all, err := w.signals.Rules(t.Context())
	w.Must(err)
	seen := map[signals.RuleID]bool{}
	for _, r := range all {
		seen[r.ID] = true
		if r.Threshold.Unit == "" || r.Threshold.Source == "" {
			t.Errorf("%s has no threshold in the policy", r.ID)
		}
		for n, f := range r.Values {
			if f.Unit == "" {
				t.Errorf("%s names a figure %s that is none", r.ID, n)
			}
		}
		for _, text := range []words.Text{r.Title, r.Text, r.Wrong} {
			if text.In(words.Chinese) == text.In(words.English) {
				t.Errorf("%s: %q has no Chinese", r.ID, text)
			}
		}
		// The table knows the rule: a signal of it can be kept.
		if n := w.Count(`SELECT count(*) FROM pg_constraint WHERE conname = 'signals_rule_check' AND strpos(pg_get_constraintdef(oid), quote_literal($1)) > 0`, string(r.ID)); n != 1 {
			t.Errorf("the table refuses signals of %s", r.ID)
		}
	}
	if len(seen) != 20 {
		t.Errorf("%d rules", len(seen))
	}
}
