package dispatch_test

import (
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"
)

func TestUrgentJobIsAtRiskFromTodayUntilItIsDue(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.setClock(at("09:00"))
	urgent := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
	f.exec(`UPDATE jobs SET due_at = $2 WHERE id = $1`, urgent.ID, at("10:00").AddDate(0, 0, 1))
	for days, want := range map[int]int{-2000: 0, -1: 0, 0: 1, 1: 1, 2: 0, 2000: 0} {
		r := must(f.board.Risks(t.Context(), who.System, f.outlet.ID, monday.AddDate(0, 0, days)))(t)
		if len(r.Jobs) != want {
			t.Errorf("%d jobs are at risk on %s", len(r.Jobs), r.From.Format(time.DateOnly))
		}
	}
	f.setClock(at("11:00").AddDate(0, 0, 1))
	if r := must(f.board.Risks(t.Context(), who.System, f.outlet.ID, monday.AddDate(0, 0, 1)))(t); len(r.Jobs) != 1 || r.Jobs[0].Risks[0].Level != dispatch.RiskMissed {
		t.Errorf("%+v", r.Jobs)
	}
}
