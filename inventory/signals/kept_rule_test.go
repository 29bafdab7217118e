package signals_test

import (
	"math"
	"testing"

	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// exchanged has a technician exchange so many of a part, of whose old ones the customers keep some. It
// returns the part returns that are kept.
func (w *world) exchanged(tech who.Actor, van inventory.Location, p inventory.Part, times, kept int) (returns []uuid.UUID) {
	w.Helper()
	w.carry(van, p, times)
	job := w.Job(w.Outlet, tech)
	for i := range times {
		u, id := w.use(tech, van, use{job: job, part: p, quantity: 1}), stocktest.NewID()
		status, because := "expected", (*string)(nil)
		if i < kept {
			status, because, returns = "waived", new("customer_keeps"), append(returns, id)
		}
		w.Exec(`INSERT INTO part_returns (id, number, status, waived_because, use_id, job_id, part_id, quantity, technician_id, outlet_id, due_at, policy_version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, 1, $11, $11)`, id, stocktest.Fresh("R"), status, because, u.id, job, p.ID, tech.TechnicianID, w.Outlet, w.now.Add(90*day), w.now)
	}
	return returns
}

func TestCustomersKeepUnusuallyMuch(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	// Of ten each: the median is 0.2, the median deviation 0.1.
	for _, kept := range []int{0, 1, 1, 2, 2, 2, 3, 3, 4} {
		tech, van := w.Technician(w.Outlet)
		w.exchanged(tech, van, p, 10, kept)
	}
	newcomer, newVan := w.Technician(w.Outlet)
	w.exchanged(newcomer, newVan, p, 7, 7) // of too few exchanges
	w.raises(signals.RuleKept, 0)

	generous, van := w.Technician(w.Outlet)
	kept := w.exchanged(generous, van, p, 10, 9)
	s := w.raises(signals.RuleKept, 1)[0]
	if *s.TechnicianID != *generous.TechnicianID || *s.OutletID != w.Outlet || math.Abs(s.Measured-0.6745*(0.9-0.2)/0.1) > 1e-9 {
		t.Errorf("score %v: %s", s.Measured, s.Text.V)
	}
	for _, r := range kept {
		w.rests(s, signals.EvidenceReturn, r)
	}
	w.raises(signals.RuleKept, 0)
	for _, one := range w.scan(signals.RuleKept) {
		t.Errorf("raised twice: %+v", one)
	}

	// Judged, he is scored by what customers kept since.
	_, err := w.signals.Dismiss(t.Context(), w.supervisor, s.ID, 1, "a contract says so", true)
	w.Must(err)
	w.later(day)
	w.exchanged(generous, van, p, 8, 4)
	w.raises(signals.RuleKept, 0)
	w.exchanged(generous, van, p, 8, 8)
	again := w.raises(signals.RuleKept, 1)[0]
	if again.EarlierID == nil || *again.EarlierID != s.ID || again.Text.V.Args[0] != 12 || again.Text.V.Args[1] != 16 {
		t.Errorf("found %+v: %s", again, again.Text.V)
	}
}

func TestBordersOfWhatIsKept(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	crew := func(n, kept int) {
		for range n {
			tech, van := w.Technician(w.Outlet)
			w.exchanged(tech, van, p, 8, kept)
		}
	}
	crew(3, 0)
	crew(1, 8)
	w.raises(signals.RuleKept, 0) // four are no norm
	w.set(policy.SignalKept, 4)
	crew(1, 0)
	w.raises(signals.RuleKept, 0) // one of five is 3.99 from the others at the most
	w.set(policy.SignalKept, 3.9)
	w.raises(signals.RuleKept, 1) // the mean deviation stands in for a median deviation of nought
}

func TestFewKeptAreNoExcess(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	for range 8 {
		tech, van := w.Technician(w.Outlet)
		w.exchanged(tech, van, p, 8, 0)
	}
	// What is waived because its use was taken back no customer keeps.
	reversed, van := w.Technician(w.Outlet)
	w.exchanged(reversed, van, p, 16, 8)
	w.Exec(`UPDATE part_returns SET waived_because = 'use_reversed' WHERE status = 'waived'`)
	few, fewVan := w.Technician(w.Outlet)
	w.exchanged(few, fewVan, p, 8, 2) // far from the others, by two
	w.raises(signals.RuleKept, 0)
	w.set(policy.SignalExcess, 2)
	s := w.raises(signals.RuleKept, 1)[0]
	if *s.TechnicianID != *few.TechnicianID {
		t.Errorf("found %+v", s)
	}
}
