package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// changeOf says which of the plan's changes concern a job.
func changeOf(plan dispatch.Plan, job uuid.UUID) *dispatch.PlanChange {
	for _, c := range plan.Changes {
		if c.JobID == job {
			return &c
		}
	}
	return nil
}

func TestWhatIsSettledStaysAsItIs(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	ctx := t.Context()
	east := f.newTechnicianAt("East", 3, f.outlet.ID, offset(9000, 0))
	west := f.newTechnicianAt("West", 3, f.outlet.ID, offset(-9000, 0))
	here, far := atSite(f.newSite(9000, 0)), atSite(f.newSite(-9000, 0))
	begun := f.loose(t, east, "08:30", here)
	soon := f.loose(t, east, "09:40", here)
	pinned := f.booked(east, "11:40", far) // at West's door, but so a person wanted it
	sent := f.loose(t, east, "14:00", far)
	sent = must(f.board.Dispatch(ctx, who.System, sent.ID, sent.Version))(t)
	f.setClock(at("08:45"))
	plan := f.planned(t, p, who.System, quick())
	for name, j := range map[string]dispatch.Job{"begun": begun, "soon": soon, "pinned": pinned, "sent": sent} {
		if c := changeOf(plan, j.ID); c != nil {
			t.Errorf("a job that is %s was %s to %v", name, c.Kind, c.StartsAt)
		}
	}
	// What was said to the technicians alone may move: here an hour of idling is saved.
	bold := f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Options.MoveSent = true }))
	if c := changeOf(bold, sent.ID); c == nil || !c.StartsAt.Equal(at("12:40")) && *c.TechnicianID != west.ID {
		t.Errorf("the job that was sent out: %+v", c)
	}
}

func TestDayGoesOnFromWhereTheTechnicianIs(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	ctx := t.Context()
	li := f.newTechnician("Li", 3)
	j := f.booked(li, "09:00", atSite(f.newSite(9000, 0)))
	next := f.newJob(atSite(f.newSite(9000, 0)))
	f.setClock(at("09:20"))
	for _, step := range []func() error{
		func() (err error) { j, err = f.board.Dispatch(ctx, who.System, j.ID, j.Version); return err },
		func() (err error) { j, err = f.board.Accept(ctx, who.System, j.ID, j.Version); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	plan := f.planned(t, p, who.System, quick())
	c := changeOf(plan, next.ID)
	if c == nil || !c.StartsAt.Equal(at("10:00")) || c.Driving != 0 {
		t.Errorf("he is there when the first job ends: %+v", c)
	}
}

func TestBreaksThatArePastAreNotOwed(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	ctx := t.Context()
	li := must(f.crew.Open(ctx, who.System, dispatch.NewTechnician{OutletID: f.outlet.ID, Name: "Li", Home: center, CostPerHour: 6000, Currency: "CNY"}))(t)
	must(f.crew.Plan(ctx, who.System, li.ID, []dispatch.NewShift{{StartsAt: at("08:00"), EndsAt: at("17:00"), Breaks: []dispatch.Break{
		{Earliest: at("11:30"), Latest: at("12:30"), Minutes: 45}, {Earliest: at("14:30"), Latest: at("15:00"), Minutes: 15},
	}}}))(t)
	f.setClock(at("13:00"))
	first, second := f.newJob(), f.newJob(window("14:30", "16:00"))
	plan := f.planned(t, p, who.System, quick())
	a, b := changeOf(plan, first.ID), changeOf(plan, second.ID)
	if a == nil || b == nil || !a.StartsAt.Equal(at("13:00")) || b.StartsAt.Before(at("14:45")) {
		t.Errorf("%+v %+v", a, b)
	}
}

func TestOutletsKeepToTheirOwn(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	other := f.newOutlet("east", offset(30_000, 0))
	f.newTechnicianAt("Stranger", 3, other.ID, offset(30_000, 0))
	j := f.newJob()
	own := f.planned(t, p, who.System, quick())
	if len(own.Changes) != 0 || own.Result.Unserved[0].Code != "no_technician" {
		t.Errorf("%+v %+v", own.Changes, own.Result.Unserved)
	}
	across := f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Options.Across = true }))
	if c := changeOf(across, j.ID); c == nil || c.Technician != "Stranger" {
		t.Errorf("%+v", c)
	}
	if a := must(p.Apply(t.Context(), who.System, across.ID, across.Version, nil))(t); len(a.Done) != 1 {
		t.Errorf("%+v", a.Refused)
	}
}

func TestPartsAndAcquaintanceSpeakForATechnician(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	part := f.shelf.newPart("Fan")
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 3)
	vans := map[uuid.UUID]uuid.UUID{}
	for _, x := range []dispatch.Technician{li, wang} {
		van := uuid.Must(uuid.NewV7())
		vans[x.ID] = van
		must(pg.Exec(t.Context(), f.db, `INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at)
			VALUES ($1, $2, 'Van', 'van', $3, false, now(), now())`, van, van.String(), f.outlet.ID))(t)
		must(pg.Exec(t.Context(), f.db, `UPDATE technicians SET van_id = $2 WHERE id = $1`, x.ID, van))(t)
	}
	needs := func(n *dispatch.NewJob) { n.Parts = []dispatch.PartNeed{{PartID: part, Quantity: 2}} }
	f.shelf.held = map[uuid.UUID]map[uuid.UUID]int{vans[li.ID]: {}, vans[wang.ID]: {part: 2}}
	j := f.newJob(needs)
	for range 3 {
		if c := changeOf(f.planned(t, p, who.System, quick()), j.ID); c == nil || *c.TechnicianID != wang.ID {
			t.Errorf("who has the parts is not preferred: %+v", c)
		}
	}
	f.shelf.held = map[uuid.UUID]map[uuid.UUID]int{vans[wang.ID]: {part: 1}}
	if c := changeOf(f.planned(t, p, who.System, quick()), j.ID); c == nil {
		t.Error("a job without its parts is not planned")
	}
	strict := f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Options.RequireParts = true }))
	if len(strict.Result.Unserved) != 1 || strict.Result.Unserved[0].Code != "no_parts" {
		t.Errorf("%+v", strict.Result.Unserved)
	}
}

func TestObjectivesDecideDifferently(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := f.planner(t)
	li := f.newTechnician("Li", 3)
	f.newTechnicianAt("Wang", 3, f.outlet.ID, offset(9000, 0))
	// Li has it, whom it takes a long drive; Wang lives there.
	j := f.loose(t, li, "10:00", atSite(f.newSite(9000, 0)))
	for objective, moved := range map[dispatch.Objective]bool{
		dispatch.ObjectiveService: true, dispatch.ObjectiveCost: true, dispatch.ObjectiveSLA: true, dispatch.ObjectiveFairness: true, dispatch.ObjectiveStability: false,
	} {
		plan := f.planned(t, p, who.System, quick(func(n *dispatch.NewPlan) { n.Options.Objective = objective }))
		c := changeOf(plan, j.ID)
		if got := c != nil && *c.TechnicianID != li.ID; got != moved {
			t.Errorf("%s: another technician: %v", objective, got)
		}
		if len(plan.Result.Levels) != len(plan.Result.After.Score) {
			t.Errorf("%s: %d levels and %d scores", objective, len(plan.Result.Levels), len(plan.Result.After.Score))
		}
	}
}
