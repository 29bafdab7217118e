package dispatch_test

import (
	"context"
	"strings"
	"testing"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/travel"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
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
	// People are told in their language, without the insides of the program: those are for who looks after the house.
	known(t, *plan.Failure)
	if told := plan.Failure.String(); strings.Contains(told, "runtime") || strings.Contains(told, "index") {
		t.Errorf("people are told: %s", told)
	}
	why := must(pg.One[string](ctx, f.db, `SELECT failure FROM plans WHERE id = $1`, plan.ID))(t)
	if !strings.HasPrefix(why, "the search broke: runtime error: index out of range") || strings.Contains(why, "goroutine") {
		t.Errorf("failed because %s", why)
	}
	if last := lastTold(t, p, plan.ID); last.Status != dispatch.PlanFailed || last.Failure == nil || last.Failure.String() != plan.Failure.String() {
		t.Errorf("who follows it is told %+v", last)
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
	last := lastTold(t, p, plan.ID)
	if last.Status != dispatch.PlanFailed || last.Failure == nil {
		t.Fatalf("who follows it is told %+v", last)
	}
	known(t, *last.Failure)
}

// lastTold is the last that somebody hears who follows a plan to its end.
func lastTold(t *testing.T, p *dispatch.Planner, plan uuid.UUID) (last dispatch.Progress) {
	t.Helper()
	err := p.Follow(t.Context(), who.System, plan, 0, func(news []dispatch.PlanEvent) error {
		for _, e := range news {
			last = e.Data
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// A question of what if that the worker can ask no more says why, in both languages.
func TestPlanThatCannotBeMadeAnyMoreSaysWhy(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.full(2, 5)
	p := dispatch.NewPlanner(f.board)
	ill := f.newTechnician("Ill", 3)
	plan := must(p.Start(t.Context(), who.System, quick(func(n *dispatch.NewPlan) { n.WhatIf = &dispatch.WhatIf{Absent: []uuid.UUID{ill.ID}} })))(t)
	must(pg.Exec(t.Context(), f.db, `UPDATE technicians SET status = 'left' WHERE id = $1`, ill.ID))(t)
	if err := p.Perform(t.Context(), plan.ID); !fault.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
	plan = must(p.Find(t.Context(), who.System, plan.ID))(t)
	if plan.Status != dispatch.PlanFailed || plan.Failure == nil {
		t.Fatalf("%s: %v", plan.Status, plan.Failure)
	}
	for l, want := range map[words.Language]string{
		words.English: "the plan cannot be made like this: no such active technician of these outlets",
		words.Chinese: "不能这样排程：这些网点没有这个在岗的工程师",
	} {
		if got := plan.Failure.In(l); got != want {
			t.Errorf("%s: %s", l, got)
		}
	}
}
