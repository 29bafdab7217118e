package dispatch_test

import (
	"context"
	"strings"
	"testing"

	"callout/dispatch"
	"callout/internal/pg"
	"callout/internal/travel"
	"callout/internal/who"
	"callout/internal/words"
)

// torn is a road network that answers for less places than it was asked about: who asks for the others panics.
type torn struct{}

func (torn) Matrix(_ context.Context, q travel.Question) (*travel.Matrix, error) {
	return travel.Fixed(len(q.Points), make([]int32, 2), make([]int32, 2), words.Text{}), nil
}

func TestPlanWhoseSearchBreaksFailsAlone(t *testing.T) {
	t.Parallel()
	f := newField(t)
	whole := f.board.Deps.Travel
	f.board.Deps.Travel = torn{}
	p := f.planner(t)
	f.full(2, 10)
	ctx := t.Context()
	plan := f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Options.Threads = 2 }))
	if plan.Status != dispatch.PlanFailed || plan.Attempt != 1 || plan.BeatAt != nil || plan.Failure == nil {
		t.Fatalf("%s after %d attempts: %v", plan.Status, plan.Attempt, plan.Failure)
	}
	if why := *plan.Failure; !strings.HasPrefix(why, "the search broke: runtime error: index out of range") || strings.Contains(why, "goroutine") {
		t.Errorf("failed because %s", why)
	}
	// Whoever comes back to it finds nothing to do.
	if err := p.Perform(ctx, plan.ID); err != nil {
		t.Fatal(err)
	}
	if again := must(p.Find(ctx, who.System, plan.ID))(t); again.Status != dispatch.PlanFailed || again.Version != plan.Version {
		t.Errorf("%s, version %d after %d", again.Status, again.Version, plan.Version)
	}
	f.board.Deps.Travel = whole
	if next := f.planned(t, p, who.System, quick()); next.Status != dispatch.PlanProposed {
		t.Errorf("the next plan is %s", next.Status)
	}
}

func TestPlanThatCostsWorkersFailsInTheEnd(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	f.full(2, 10)
	ctx := t.Context()
	plan := must(p.Start(ctx, who.System, quick()))(t)
	for attempt := 1; attempt <= 3; attempt++ {
		// As a process leaves it that ends in the middle of the search.
		must(pg.Exec(ctx, f.db, `UPDATE plans SET status = 'running', attempt = $2, beat_at = now() - interval '16 seconds' WHERE id = $1`, plan.ID, attempt))(t)
		if attempt == 3 {
			if err := p.Perform(ctx, plan.ID); err != nil {
				t.Fatal(err)
			}
			if now := must(p.Find(ctx, who.System, plan.ID))(t); now.Status != dispatch.PlanRunning || now.Attempt != 3 {
				t.Errorf("searched for once more: %s, attempt %d", now.Status, now.Attempt)
			}
		}
		if err := p.Rescue(ctx); err != nil {
			t.Fatal(err)
		}
		want := map[bool]dispatch.PlanStatus{true: dispatch.PlanQueued, false: dispatch.PlanFailed}[attempt < 3]
		if now := must(p.Find(ctx, who.System, plan.ID))(t); now.Status != want || now.BeatAt != nil || (now.Failure != nil) != (attempt == 3) {
			t.Errorf("%s after %d attempts: %v", now.Status, attempt, now.Failure)
		}
	}
	var told []dispatch.PlanEvent
	if err := p.Follow(ctx, who.System, plan.ID, 0, func(e []dispatch.PlanEvent) error { told = append(told, e...); return nil }); err != nil || len(told) != 1 {
		t.Errorf("%v %v", told, err)
	}
}
