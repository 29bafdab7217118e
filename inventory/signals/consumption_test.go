package signals_test

import (
	"math"
	"testing"

	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/signals"
)

// worked has a technician finish so many jobs of a kind of fault, and use pieces of a part on each
// as often as uses says.
func (w *world) worked(tech who.Actor, van inventory.Location, skill string, jobs int, p inventory.Part, pieces ...int) {
	w.Helper()
	total := 0
	for _, n := range pieces {
		total += n
	}
	if total > 0 {
		w.carry(van, p, total)
	}
	for i := range jobs {
		job := w.Job(w.Outlet, tech)
		w.Exec(`UPDATE jobs SET finished_at = $2, needs = jsonb_build_array(jsonb_build_object('code', $3::text)),
			parts = jsonb_build_array(jsonb_build_object('part_id', $4::uuid, 'quantity', 1)) WHERE id = $1`, job, w.now, skill, p.ID)
		if i < len(pieces) && pieces[i] > 0 {
			w.use(tech, van, use{job: job, part: p, quantity: pieces[i]})
		}
	}
}

func TestUnusualConsumption(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	// Pieces per job of ten jobs: the median is 0.3, the median deviation 0.1.
	for _, used := range []int{1, 2, 2, 3, 3, 3, 4, 4, 5} {
		tech, van := w.Technician(w.Outlet)
		w.worked(tech, van, "cooling", 10, p, used)
	}
	// Many jobs and many pieces are no more a job; many of another kind are no norm for this one.
	busy, busyVan := w.Technician(w.Outlet)
	w.worked(busy, busyVan, "cooling", 20, p, 3, 3)
	w.worked(busy, busyVan, "boards", 10, p, 20)
	newcomer, newVan := w.Technician(w.Outlet)
	w.worked(newcomer, newVan, "cooling", 7, p, 30) // of too few jobs
	w.raises(signals.RuleConsumption, 0)

	greedy, van := w.Technician(w.Outlet)
	w.worked(greedy, van, "cooling", 10, p, 4, 4, 3, 3)
	s := w.raises(signals.RuleConsumption, 1)[0]
	if *s.TechnicianID != *greedy.TechnicianID || math.Abs(s.Measured-0.6745*(1.4-0.3)/0.1) > 1e-9 {
		t.Errorf("score %v: %s", s.Measured, s.Text.V)
	}
	w.raises(signals.RuleConsumption, 0)

	// Judged, he is scored by what he did since.
	_, err := w.signals.Dismiss(t.Context(), w.supervisor, s.ID, 1, "he is sent to the old devices", true)
	w.Must(err)
	w.later(day)
	w.worked(greedy, van, "cooling", 8, p, 1, 1, 1)
	w.raises(signals.RuleConsumption, 0)
	w.worked(greedy, van, "cooling", 2, p, 7, 7)
	again := w.raises(signals.RuleConsumption, 1)[0]
	if again.EarlierID == nil || *again.EarlierID != s.ID || again.Text.V.Args[2] != 10 {
		t.Errorf("found %+v: %s", again, again.Text.V)
	}
}

func TestBordersOfConsumption(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	crew := func(n, jobs int, pieces ...int) {
		for range n {
			tech, van := w.Technician(w.Outlet)
			w.worked(tech, van, "cooling", jobs, p, pieces...)
		}
	}
	crew(3, 8)
	crew(1, 8, 8)
	w.raises(signals.RuleConsumption, 0) // four are no norm
	// The median deviation of five is nought: the mean deviation, 0.2, stands in for it.
	crew(1, 8)
	w.raises(signals.RuleConsumption, 1)
}

func TestFewPiecesAreNoExcess(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	for range 9 {
		tech, van := w.Technician(w.Outlet)
		w.worked(tech, van, "cooling", 8, p)
	}
	tech, van := w.Technician(w.Outlet)
	w.worked(tech, van, "cooling", 8, p, 2) // far from the others, by two pieces
	w.raises(signals.RuleConsumption, 0)
	w.set(policy.SignalExcess, 2)
	w.raises(signals.RuleConsumption, 1)
}
