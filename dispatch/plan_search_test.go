package dispatch_test

import (
	"context"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
)

// full opens technicians and more jobs than they can do.
func (f *field) full(technicians, jobs int) {
	for i := range technicians {
		f.newTechnicianAt(string(rune('A'+i)), 3, f.outlet.ID, offset(float64(i)*700, float64(i)*-300))
	}
	for i := range jobs {
		f.newJob(f.needing(1), atSite(f.newSite(float64(i*i%97)*80, float64(i*7%31)*150)))
	}
}

// watched starts a plan of many seconds, without a worker but the one that it returns the end of.
func (f *field) watched(t testing.TB, p *dispatch.Planner, n dispatch.NewPlan) (dispatch.Plan, chan error, context.CancelFunc) {
	t.Helper()
	plan := must(p.Start(t.Context(), who.System, n))(t)
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	ended := make(chan error, 1)
	go func() { ended <- p.Perform(ctx, plan.ID) }()
	for {
		now := must(p.Find(t.Context(), who.System, plan.ID))(t)
		if now.Status != dispatch.PlanQueued {
			return now, ended, stop
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func long(n *dispatch.NewPlan) { n.Options.Iterations, n.Options.Seconds = 0, 300 }

func TestCanceledSearchProposesItsBest(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	f.full(3, 40)
	plan, ended, _ := f.watched(t, p, quick(long))
	if plan.Status != dispatch.PlanRunning {
		t.Fatalf("is %s", plan.Status)
	}
	must(p.Cancel(t.Context(), who.System, plan.ID))(t)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	plan = must(p.Find(t.Context(), who.System, plan.ID))(t)
	if plan.Status != dispatch.PlanProposed || !plan.Result.Stopped || plan.Result.After.Served == 0 {
		t.Errorf("%s %+v", plan.Status, plan.Result)
	}
	for _, n := range plan.Result.Notes {
		known(t, n)
	}
	_, err := p.Cancel(t.Context(), who.System, plan.ID)
	wants(t, err, fault.Conflict)
	if r := must(p.Replay(t.Context(), who.System, plan.ID))(t); !r.Same() {
		t.Errorf("a search that was stopped comes to another plan: %x, %x", r.Kept, r.Computed)
	}
}

func TestQueuedPlanThatIsCanceledIsNeverSearched(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	plan := must(p.Start(t.Context(), who.System, quick()))(t)
	must(p.Cancel(t.Context(), who.System, plan.ID))(t)
	if err := p.Perform(t.Context(), plan.ID); err != nil {
		t.Fatal(err)
	}
	if plan = must(p.Find(t.Context(), who.System, plan.ID))(t); plan.Status != dispatch.PlanDiscarded || plan.Attempt != 0 {
		t.Errorf("%s after %d attempts", plan.Status, plan.Attempt)
	}
	var told []dispatch.PlanEvent
	if err := p.Follow(t.Context(), who.System, plan.ID, 0, func(e []dispatch.PlanEvent) error { told = append(told, e...); return nil }); err != nil || len(told) != 1 {
		t.Errorf("%v %v", told, err)
	}
}

func TestWorkerThatIsSentHomeLeavesThePlanToAnother(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	f.full(2, 20)
	plan, ended, sendHome := f.watched(t, p, quick(long))
	sendHome()
	if err := <-ended; err == nil {
		t.Fatal("ended as if nothing were left to do")
	}
	plan = must(p.Find(t.Context(), who.System, plan.ID))(t)
	if plan.Status != dispatch.PlanQueued || plan.Attempt != 0 || plan.Result != nil {
		t.Errorf("%s after %d attempts", plan.Status, plan.Attempt)
	}
}

func TestPlanWhoseWorkerHasDiedIsSearchedForAgain(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	f.full(2, 10)
	ctx := t.Context()
	plan := f.planned(t, p, who.System, quick())
	// As the dead worker left it.
	must(pg.Exec(ctx, f.db, `UPDATE plans SET status = 'running', beat_at = now() - interval '10 seconds' WHERE id = $1`, plan.ID))(t)
	must(pg.Exec(ctx, f.db, `DELETE FROM plan_changes`))(t)
	if err := p.Rescue(ctx); err != nil {
		t.Fatal(err)
	}
	if now := must(p.Find(ctx, who.System, plan.ID))(t); now.Status != dispatch.PlanRunning {
		t.Errorf("a living worker lost his plan: %s", now.Status)
	} else if now.BeatAt == nil || time.Since(*now.BeatAt) > time.Minute {
		t.Errorf("last heard of at %v", now.BeatAt)
	}
	must(pg.Exec(ctx, f.db, `UPDATE plans SET beat_at = now() - interval '16 seconds' WHERE id = $1`, plan.ID))(t)
	if err := p.Rescue(ctx); err != nil {
		t.Fatal(err)
	}
	again := f.ended(t, p, plan.ID)
	if again.Status != dispatch.PlanProposed || again.BeatAt != nil || again.Attempt != 2 || len(again.Changes) != len(plan.Changes) {
		t.Errorf("%s after %d attempts, %d changes", again.Status, again.Attempt, len(again.Changes))
	}
}

func TestReplayComesToTheSameBytes(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	f.full(3, 30)
	ctx := t.Context()
	for name, ask := range map[string]func(*dispatch.NewPlan){
		"steps": func(n *dispatch.NewPlan) { n.Options.Threads = 2 },
		"clock": func(n *dispatch.NewPlan) { n.Options.Iterations, n.Options.Seconds, n.Options.Threads = 0, .5, 2 },
	} {
		plan := f.planned(t, p, who.System, quick(ask))
		// The board goes on; the plan is what it was.
		f.newJob()
		r := must(p.Replay(ctx, who.System, plan.ID))(t)
		if !r.Same() || r.Jobs == 0 || r.Bytes == 0 {
			t.Errorf("%s: %+v", name, r)
		}
		must(pg.Exec(ctx, f.db, `UPDATE plans SET hash = sha256('forged') WHERE id = $1`, plan.ID))(t)
		if r := must(p.Replay(ctx, who.System, plan.ID))(t); r.Same() {
			t.Errorf("%s: a forged hash was not noticed", name)
		}
	}
}

func TestWhatIfNeverTouchesTheBoard(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	f.full(2, 30)
	ctx := t.Context()
	team, _ := must2(f.crew.List(ctx, who.System, dispatch.TechnicianQuery{}, uuid.Nil, 10))(t)
	plain := f.planned(t, p, who.System, quick())
	if len(plain.Result.Unserved) == 0 || plain.Result.Unserved[0].Code != "capacity" {
		t.Fatalf("the days are not full: %+v", plain.Result)
	}
	ask := func(w dispatch.WhatIf) dispatch.Plan {
		return f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.WhatIf = &w }))
	}
	more := ask(dispatch.WhatIf{Technicians: []dispatch.MoreTechnicians{{Like: team[0].ID, Count: 2}}})
	ill := ask(dispatch.WhatIf{Absent: []uuid.UUID{team[0].ID}})
	longer := ask(dispatch.WhatIf{Shifts: []dispatch.OtherShift{{TechnicianID: team[0].ID, StartsAt: at("08:00"), EndsAt: at("22:00")}}})
	busier := ask(dispatch.WhatIf{Jobs: []dispatch.MoreJobs{{Like: plain.Changes[0].JobID, Count: 5}}})
	served := plain.Result.After.Served
	if more.Result.After.Served <= served || ill.Result.After.Served >= served || longer.Result.After.Served <= served || busier.Result.After.Jobs != plain.Result.After.Jobs+5 {
		t.Errorf("%d served; %d with more, %d with one ill, %d with a longer shift, %d jobs with more jobs", served, more.Result.After.Served,
			ill.Result.After.Served, longer.Result.After.Served, busier.Result.After.Jobs)
	}
	_, err := p.Apply(ctx, who.System, more.ID, more.Version, nil)
	wants(t, err, fault.Conflict, "what if")
	if n := must(pg.One[int](ctx, f.db, `SELECT count(*) FROM bookings`))(t); n != 0 {
		t.Errorf("%d bookings", n)
	}
	side := must(p.Compare(ctx, who.System, []uuid.UUID{plain.ID, more.ID, plain.ID}))(t)
	if len(side) != 2 || side[1].ID != more.ID {
		t.Errorf("%d plans side by side", len(side))
	}
	nobody := uuid.Must(uuid.NewV7())
	_, err = p.Start(ctx, who.System, quick(func(n *dispatch.NewPlan) {
		n.WhatIf = &dispatch.WhatIf{
			Technicians: []dispatch.MoreTechnicians{{nobody, 1}}, Absent: []uuid.UUID{nobody},
			Shifts: []dispatch.OtherShift{{nobody, at("08:00"), at("09:00")}, {team[0].ID, at("09:00"), at("08:00")}}, Jobs: []dispatch.MoreJobs{{nobody, 1}},
		}
	}))
	wants(t, err, fault.Invalid)
	if n := len(fault.From(err).Fields); n != 5 {
		t.Errorf("%d faults: %v", n, err)
	}
}

func TestNightMakesOnePlanOfEachOutlet(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	ctx := t.Context()
	f.full(2, 6)
	f.newOutlet("idle", offset(60_000, 0))
	for _, clock := range []string{"01:59", "02:00", "03:00", "04:01"} {
		f.setClock(at(clock))
		if err := p.Round(ctx); err != nil {
			t.Fatal(err)
		}
		want := 1
		if clock == "01:59" {
			want = 0
		}
		if all, _, err := p.List(ctx, who.System, dispatch.PlanQuery{}, uuid.Nil, 10); err != nil || len(all) != want {
			t.Fatalf("at %s there are %d plans, %v", clock, len(all), err)
		}
	}
	all, _ := must2(p.List(ctx, who.System, dispatch.PlanQuery{}, uuid.Nil, 10))(t)
	plan := all[0]
	if plan.NightlyOn == nil || plan.Days != 3 || *plan.OutletID != f.outlet.ID || plan.Options.Seconds <= 0 {
		t.Errorf("%+v", plan)
	}
	f.setClock(at("02:30"))
	if err := p.Perform(ctx, plan.ID); err != nil {
		t.Fatal(err)
	}
	if err := p.Round(ctx); err != nil {
		t.Fatal(err)
	}
	if plan = must(p.Find(ctx, who.System, plan.ID))(t); plan.Status != dispatch.PlanProposed || len(plan.Changes) != 6 {
		t.Fatalf("%s with %d changes", plan.Status, len(plan.Changes))
	}
	figures := must(f.board.Policies.Current(ctx))(t)
	must(f.board.Policies.Publish(ctx, who.System, policy.Publication{BasedOn: figures.Version, Figures: map[policy.Name]policy.Figure{
		policy.PlanNightlyApply: {Value: 1, Unit: policy.UnitPoints, Source: "test"},
	}}))(t)
	if err := p.Round(ctx); err != nil {
		t.Fatal(err)
	}
	if plan = must(p.Find(ctx, who.System, plan.ID))(t); plan.Status != dispatch.PlanApplied {
		t.Errorf("%s though the policy says to apply it", plan.Status)
	}
}

func TestHorizonSpreadsWorkByItsDueTimes(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	li := f.newTechnician("Li", 3)
	f.newShift(li, at("08:00").AddDate(0, 0, 1), at("17:00").AddDate(0, 0, 1))
	due := func(days int) func(*dispatch.NewJob) {
		return func(n *dispatch.NewJob) {
			n.Priority, n.DueAt = dispatch.PriorityP2, ptr(at("18:00").AddDate(0, 0, days))
		}
	}
	today := map[uuid.UUID]bool{}
	for range 5 {
		f.newJob(due(1))
		today[f.newJob(due(0)).ID] = true
	}
	plan := f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Days = 2 }))
	if plan.Result.After.Served != 10 || plan.Result.After.Lateness != 0 {
		t.Fatalf("%+v", plan.Result.After)
	}
	for _, c := range plan.Changes {
		if today[c.JobID] && c.StartsAt.After(at("17:00")) {
			t.Errorf("%s is due today and done %s", c.Number, c.StartsAt)
		}
	}
}

func TestSearchLongerThanThePolicyAllowsIsRefused(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	_, err := p.Start(t.Context(), who.System, quick(func(n *dispatch.NewPlan) { n.Options.Iterations, n.Options.Seconds = 0, 601 }))
	wants(t, err, fault.Invalid, "600")
	_, err = p.Start(t.Context(), who.System, quick(func(n *dispatch.NewPlan) { n.Day = monday.AddDate(0, 0, -2) }))
	wants(t, err, fault.Invalid, "over")
}
