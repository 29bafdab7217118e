package signals_test

import (
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// reckon publishes a figure in another unit.
func (w *world) reckon(n policy.Name, value float64, unit policy.Unit) {
	w.Helper()
	p, err := w.policies.Current(w.Context())
	w.Must(err)
	f := p.Document.Figures[n]
	f.Value, f.Unit = value, unit
	_, err = w.policies.Publish(w.Context(), who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Admin}},
		policy.Publication{BasedOn: p.Version, Figures: map[policy.Name]policy.Figure{n: f}})
	w.Must(err)
}

// measures demands what a signal measured and its threshold, both in a unit, and what its text says in both languages.
func (w *world) measures(s signals.Signal, measured, threshold float64, unit, en, zh string) {
	w.Helper()
	if s.Measured != measured || s.Threshold != threshold || s.Unit() != unit {
		w.Errorf("measured %v of %v %s, want %v of %v %s", s.Measured, s.Threshold, s.Unit(), measured, threshold, unit)
	}
	for i, want := range []float64{measured, threshold} {
		if e := s.Evidence.V[i]; *e.Value != want || e.Unit != unit {
			w.Errorf("the evidence says %v %s, want %v %s", *e.Value, e.Unit, want, unit)
		}
	}
	if got := s.Text.V.In(words.English); got != en {
		w.Errorf("said %q, want %q", got, en)
	}
	if got := s.Text.V.In(words.Chinese); got != zh {
		w.Errorf("said %q, want %q", got, zh)
	}
}

func TestTimesAreInTheUnitOfTheThreshold(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	p := w.Part("")
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	w.reckon(policy.SignalTransit, 1, policy.UnitMinute)
	w.reckon(policy.SignalShortage, 2, policy.UnitHour)
	w.reckon(policy.SignalReturnOverdue, 90, policy.UnitMinute)
	r := w.request(tech, van, p, tech.UserID, w.supervisor.UserID, w.Clerk.UserID, 5, 0)
	number, err := pg.One[string](t.Context(), w.DB, `SELECT number FROM part_requests WHERE id = $1`, r)
	w.Must(err)
	w.later(9 * time.Minute)
	w.measures(w.raises(signals.RuleTransit, 1)[0], 9, 1, "minute", "5 pieces of part "+p.Number+" of request "+number+" have been on their way for 9 minutes",
		"有 5 件备件 "+p.Number+"（申领单 "+number+"）已在途 9 分钟")

	u := w.use(tech, van, use{job: job, part: p, quantity: 3})
	id, back := stocktest.NewID(), stocktest.Fresh("R")
	w.Exec(`INSERT INTO part_returns (id, number, status, use_id, job_id, part_id, quantity, technician_id, outlet_id, due_at, policy_version, created_at, updated_at)
		VALUES ($1, $2, 'expected', $8, $3, $4, 1, $5, $6, $7, 1, $7, $7)`, id, back, job, p.ID, tech.TechnicianID, w.Outlet, w.now, u.id)
	w.later(150 * time.Minute)
	w.measures(w.raises(signals.RuleShortage, 1)[0], 2.5, 2, "hour", "the van has owed 3 pieces of part "+p.Number+" for 2.5 hours", "服务车已欠 3 件备件 "+p.Number+"，历时 2.5 小时")
	all, _, err := w.signals.List(t.Context(), w.supervisor, signals.Filter{Rule: signals.RuleReturnOverdue}, uuid.Nil, 10)
	w.Must(err)
	if len(all) != 1 {
		t.Fatalf("%d returns are overdue", len(all))
	}
	w.measures(all[0], 150, 90, "minute", "return "+back+" of part "+p.Number+" is overdue by 2.5 hours", "返还单 "+back+"（备件 "+p.Number+"）已逾期 2.5 小时")
	rules, err := w.signals.Rules(t.Context())
	w.Must(err)
	units := map[signals.RuleID]string{}
	for _, r := range rules {
		units[r.ID] = r.Unit
	}
	if units[signals.RuleTransit] != "minute" || units[signals.RuleShortage] != "hour" || units[signals.RuleVendorSilent] != "day" || units[signals.RuleVariance] != "time" {
		t.Errorf("published in %v", units)
	}
}
