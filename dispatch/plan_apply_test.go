package dispatch_test

import (
	"errors"
	"sync"
	"testing"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// loose books a job so that a plan may move it: nobody has named its time.
func (f *field) loose(t testing.TB, tech dispatch.Technician, clock string, more ...func(*dispatch.NewJob)) dispatch.Job {
	t.Helper()
	j := f.booked(tech, clock, more...)
	must(pg.Exec(t.Context(), f.db, `UPDATE bookings SET pinned = false WHERE job_id = $1`, j.ID))(t)
	return j
}

func TestJobsChangePlacesWithinAPlan(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	east := f.newTechnicianAt("East", 3, f.outlet.ID, offset(9000, 0))
	west := f.newTechnicianAt("West", 3, f.outlet.ID, offset(-9000, 0))
	// Each is booked at the other's door, at the same time.
	atEast := f.loose(t, west, "09:00", f.needing(1), window("09:00", "09:05"), atSite(f.newSite(9000, 0)))
	atWest := f.loose(t, east, "09:00", f.needing(1), window("09:00", "09:05"), atSite(f.newSite(-9000, 0)))
	plan := f.planned(t, p, who.System, quick())
	if len(plan.Changes) != 2 || plan.Changes[0].Kind != dispatch.ChangeMoved || plan.Result.After.Cost >= plan.Result.Before.Cost {
		t.Fatalf("%+v %+v", plan.Changes, plan.Result)
	}
	// One alone has no place: the other is in its way.
	half := must(p.Apply(t.Context(), who.System, plan.ID, plan.Version, []uuid.UUID{atEast.ID}))(t)
	if len(half.Done) != 0 || len(half.Refused) != 1 || half.Refused[0].Code != "double_booked" {
		t.Fatalf("%+v", half)
	}
	known(t, half.Refused[0].Text)
	whole := must(p.Apply(t.Context(), who.System, plan.ID, half.Plan.Version, nil))(t)
	if len(whole.Done) != 2 || whole.Plan.Status != dispatch.PlanApplied {
		t.Fatalf("%+v", whole)
	}
	for id, whose := range map[uuid.UUID]uuid.UUID{atEast.ID: east.ID, atWest.ID: west.ID} {
		if k := must(f.board.Find(t.Context(), who.System, id))(t).Booking; k.TechnicianID != whose {
			t.Errorf("%s has it", k.Technician)
		}
	}
}

func TestWhatNoLongerFitsIsReturnedAndNeverForced(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	li := f.newTechnician("Li", 3)
	morning := f.newJob(f.needing(1), window("09:00", "09:05"))
	noon := f.newJob(f.needing(1), window("12:00", "12:05"))
	evening := f.newJob(f.needing(1), window("15:00", "15:05"))
	plan := f.planned(t, p, who.System, quick())
	if len(plan.Changes) != 3 {
		t.Fatalf("%+v", plan.Changes)
	}
	ctx := t.Context()
	must(f.board.Amend(ctx, who.System, morning.ID, morning.Version, dispatch.JobChange{Title: ptr("Another")}))(t)
	f.booked(li, "11:30")
	must2(f.crew.Announce(ctx, who.System, li.ID, dispatch.NewAbsence{StartsAt: at("14:30"), EndsAt: at("16:00"), Reason: "dentist"}))(t)
	a := must(p.Apply(ctx, who.System, plan.ID, plan.Version, nil))(t)
	got := map[uuid.UUID]string{}
	for _, r := range a.Refused {
		got[r.JobID] = r.Code
		known(t, r.Text)
	}
	want := map[uuid.UUID]string{morning.ID: "changed", noon.ID: "double_booked", evening.ID: "absent"}
	for id, code := range want {
		if got[id] != code {
			t.Errorf("refused as %q, want %q", got[id], code)
		}
		if j := must(f.board.Find(ctx, who.System, id))(t); j.Status != dispatch.StatusOpen {
			t.Errorf("%s is %s", j.Number, j.Status)
		}
	}
	if len(a.Done) != 0 || a.Plan.Status != dispatch.PlanProposed {
		t.Errorf("%+v", a)
	}
}

func TestDroppedJobsAreOpenAgain(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	li := f.newTechnician("Li", 3)
	kept := f.loose(t, li, "09:00", window("09:00", "09:30"))
	lost := f.loose(t, li, "12:00", window("12:00", "12:30"))
	must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:00"), EndsAt: at("17:00"), Reason: "ill"}))(t)
	plan := f.planned(t, p, who.System, quick())
	if len(plan.Changes) != 1 || plan.Changes[0].JobID != lost.ID || plan.Changes[0].Kind != dispatch.ChangeDropped {
		t.Fatalf("%+v", plan.Changes)
	}
	must(p.Apply(t.Context(), who.System, plan.ID, plan.Version, nil))(t)
	if j := must(f.board.Find(t.Context(), who.System, lost.ID))(t); j.Status != dispatch.StatusOpen || j.Booking != nil {
		t.Errorf("%s %+v", j.Status, j.Booking)
	}
	if j := must(f.board.Find(t.Context(), who.System, kept.ID))(t); j.Booking == nil {
		t.Error("the other job was let go too")
	}
}

func TestTwoWhoApplyAtOnceBookEachJobOnce(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	for _, name := range []string{"Li", "Wang", "Zhao"} {
		f.newTechnician(name, 3)
	}
	for i := range 12 {
		f.newJob(f.needing(1), atSite(f.newSite(float64(i)*200, 0)))
	}
	one, two := f.planned(t, p, who.System, quick()), f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Options.Seed = 8 }))
	var wait sync.WaitGroup
	for range 3 {
		for _, plan := range []dispatch.Plan{one, two} {
			wait.Go(func() {
				if _, err := p.Apply(t.Context(), who.System, plan.ID, plan.Version, nil); err != nil && !fault.Is(err, fault.Stale) && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	twice := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM (SELECT job_id FROM bookings GROUP BY job_id HAVING count(*) > 1) n`))(t)
	booked := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM bookings WHERE active`))(t)
	applied := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM plan_changes WHERE applied_at IS NOT NULL`))(t)
	if twice != 0 || booked != 12 || applied != 12 {
		t.Errorf("%d jobs were booked twice; %d bookings, %d changes applied", twice, booked, applied)
	}
}

func TestWhoAssignsWhileAPlanIsAppliedIsNeverDoubleBooked(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	team := []dispatch.Technician{f.newTechnician("Li", 3), f.newTechnician("Wang", 3)}
	var jobs []dispatch.Job
	for i := range 10 {
		jobs = append(jobs, f.newJob(f.needing(1), atSite(f.newSite(float64(i)*200, 0))))
	}
	plan := f.planned(t, p, who.System, quick())
	var wait sync.WaitGroup
	var a dispatch.Applied
	wait.Go(func() {
		var err error
		if a, err = p.Apply(t.Context(), who.System, plan.ID, plan.Version, nil); err != nil {
			t.Error(err)
		}
	})
	for i, j := range jobs {
		wait.Go(func() {
			_, err := f.board.Assign(t.Context(), who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: team[i%2].ID})
			if e := new(fault.Error); err != nil && !errors.As(err, &e) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	overlaps := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM bookings a JOIN bookings b
		ON a.id < b.id AND a.technician_id = b.technician_id AND a.during && b.during AND a.active AND b.active`))(t)
	twice := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM (SELECT job_id FROM bookings WHERE active GROUP BY job_id HAVING count(*) > 1) n`))(t)
	if overlaps != 0 || twice != 0 || len(a.Done)+len(a.Refused) != len(plan.Changes) {
		t.Errorf("%d overlaps, %d jobs booked twice, %d done and %d refused of %d", overlaps, twice, len(a.Done), len(a.Refused), len(plan.Changes))
	}
}

func TestPlansOfOtherOutletsAreNotThere(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	f.newTechnician("Li", 3)
	plan := f.planned(t, p, dispatcher(&f.outlet.ID), quick())
	other := dispatcher(ptr(uuid.Must(uuid.NewV7())))
	ctx := t.Context()
	_, err := p.Find(ctx, other, plan.ID)
	wants(t, err, fault.NotFound)
	_, err = p.Apply(ctx, other, plan.ID, plan.Version, nil)
	wants(t, err, fault.NotFound)
	_, err = p.Compare(ctx, other, []uuid.UUID{plan.ID})
	wants(t, err, fault.NotFound)
	if all, _, err := p.List(ctx, other, dispatch.PlanQuery{}, uuid.Nil, 10); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
	if all, _, err := p.List(ctx, who.System, dispatch.PlanQuery{Status: dispatch.PlanProposed, OutletID: &f.outlet.ID, Day: ptr(monday)}, uuid.Nil, 10); err != nil || len(all) != 1 {
		t.Errorf("%v %v", all, err)
	}
	if _, err := p.Discard(ctx, dispatcher(&f.outlet.ID), plan.ID, plan.Version); err != nil {
		t.Error(err)
	}
}
