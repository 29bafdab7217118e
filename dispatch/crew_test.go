package dispatch_test

import (
	"slices"
	"testing"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func (f *field) exec(statement string, args ...any) {
	f.t.Helper()
	if _, err := pg.Exec(f.t.Context(), f.db, statement, args...); err != nil {
		f.t.Fatal(err)
	}
}

// newUser writes a user who holds a role, of an outlet or of all.
func (f *field) newUser(role who.Role, outlet *uuid.UUID) uuid.UUID {
	f.t.Helper()
	id := uuid.Must(uuid.NewV7())
	f.exec(`INSERT INTO users (id, login, name, password_hash, roles, outlet_id, created_at, updated_at) VALUES ($1, $2, 'x', 'x', ARRAY[$3], $4, now(), now())`,
		id, id.String(), string(role), outlet)
	return id
}

func (f *field) newLocation(kind string, outlet *uuid.UUID) uuid.UUID {
	f.t.Helper()
	id := uuid.Must(uuid.NewV7())
	f.exec(`INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at) VALUES ($1, $2, 'x', $3, $4, false, now(), now())`,
		id, id.String(), kind, outlet)
	return id
}

func TestTechnicianRefersToHisOutlet(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	east := f.newOutlet("east", orb.Point{122.5, 31.2})
	gone := f.newOutlet("gone", orb.Point{123.5, 31.2})
	must(f.network.EndOutlet(ctx, who.System, gone.ID, 1))(t)
	good := dispatch.NewTechnician{OutletID: f.outlet.ID, Name: " Li ", Phone: ptr("138 0013 8000"), Region: "CN", Home: center, CostPerHour: 6000, Currency: "CNY"}
	tests := []struct {
		name   string
		by     who.Actor
		change func(*dispatch.NewTechnician)
		says   string // "" where it is right
	}{
		{"a technician without account and van", who.System, func(*dispatch.NewTechnician) {}, ""},
		{"an account of the same outlet", who.System, func(n *dispatch.NewTechnician) { n.UserID = ptr(f.newUser(who.Technician, &f.outlet.ID)) }, ""},
		{"an account of all outlets", who.System, func(n *dispatch.NewTechnician) { n.UserID = ptr(f.newUser(who.Technician, nil)) }, ""},
		{"an account of another outlet", who.System, func(n *dispatch.NewTechnician) { n.UserID = ptr(f.newUser(who.Technician, &east.ID)) }, "/user_id is a user of another outlet"},
		{"an account of another outlet, which by does not see", dispatcher(&f.outlet.ID), func(n *dispatch.NewTechnician) { n.UserID = ptr(f.newUser(who.Technician, &east.ID)) }, "/user_id no such user"},
		{"an account of a dispatcher", who.System, func(n *dispatch.NewTechnician) { n.UserID = ptr(f.newUser(who.Dispatcher, nil)) }, "/user_id does not hold the role technician"},
		{"no such account", who.System, func(n *dispatch.NewTechnician) { n.UserID = ptr(uuid.New()) }, "/user_id no such user"},
		{"a van of the outlet", who.System, func(n *dispatch.NewTechnician) { n.VanID = ptr(f.newLocation("van", &f.outlet.ID)) }, ""},
		{"a van of the company", who.System, func(n *dispatch.NewTechnician) { n.VanID = ptr(f.newLocation("van", nil)) }, ""},
		{"a van of another outlet", who.System, func(n *dispatch.NewTechnician) { n.VanID = ptr(f.newLocation("van", &east.ID)) }, "/van_id no such location"},
		{"a warehouse for a van", who.System, func(n *dispatch.NewTechnician) { n.VanID = ptr(f.newLocation("warehouse", nil)) }, "/van_id is not a van"},
		{"an outlet that is not there", who.System, func(n *dispatch.NewTechnician) { n.OutletID = uuid.New() }, "/outlet_id no such outlet"},
		{"an outlet that by does not see", dispatcher(&f.outlet.ID), func(n *dispatch.NewTechnician) { n.OutletID = east.ID }, "/outlet_id no such outlet"},
		{"an outlet that has ended", who.System, func(n *dispatch.NewTechnician) { n.OutletID = gone.ID }, "/outlet_id the outlet has ended"},
		{"a home beyond the earth", who.System, func(n *dispatch.NewTechnician) { n.Home = orb.Point{200, 0} }, "/home is not a place on earth"},
		{"no name and no number", who.System, func(n *dispatch.NewTechnician) { n.Name, n.Phone = " ", ptr("1") }, "/phone is not a telephone number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := good
			tt.change(&n)
			got, err := f.crew.Open(ctx, tt.by, n)
			if tt.says != "" {
				wants(t, err, fault.Invalid, tt.says)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			again := must(f.crew.Find(ctx, tt.by, got.ID))(t)
			if again.Name != "Li" || *again.Phone != "+8613800138000" || again.Home.Orb() != center || again.Status != dispatch.TechnicianActive || again.Currency != "CNY" {
				t.Errorf("opened %+v", again)
			}
		})
	}
}

func TestOneUserIsOneTechnician(t *testing.T) {
	t.Parallel()
	f := newField(t)
	n := dispatch.NewTechnician{OutletID: f.outlet.ID, Name: "Li", Home: center, Currency: "CNY", UserID: ptr(f.newUser(who.Technician, nil))}
	li := must(f.crew.Open(t.Context(), who.System, n))(t)
	_, err := f.crew.Open(t.Context(), who.System, n)
	wants(t, err, fault.Conflict, "/user_id is another technician's already")
	must(f.crew.Amend(t.Context(), who.System, li.ID, 1, dispatch.TechnicianChange{UserID: ptr[*uuid.UUID](nil)}))(t)
	must(f.crew.Open(t.Context(), who.System, n))(t)
}

func TestTechnicianIsAmended(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	east := f.newOutlet("east", orb.Point{122.5, 31.2})
	li := f.newTechnician("Li", 1)
	van := f.newLocation("van", nil)
	got := must(f.crew.Amend(ctx, dispatcher(&f.outlet.ID), li.ID, 1, dispatch.TechnicianChange{
		Name: ptr("Li Na"), Phone: ptr(ptr("(213) 473-3231")), Region: "US", VanID: ptr(&van), CostPerHour: ptr(int64(7000)), Home: &orb.Point{121.5, 31.3},
	}))(t)
	if got.Name != "Li Na" || *got.Phone != "+12134733231" || *got.VanID != van || got.CostPerHour != 7000 || got.Version != 2 {
		t.Errorf("amended %+v", got)
	}
	if v := must(f.crew.VanOf(ctx, li.ID))(t); v != van {
		t.Errorf("his van is %v", v)
	}
	// With parts in it, nobody would answer for them: whoever leaves first gives up his van.
	part, supplier := uuid.Must(uuid.NewV7()), "01900000-0000-7000-8000-000000000001"
	f.exec(`INSERT INTO parts (id, number, name, serialized, return_required, created_at, updated_at) VALUES ($1, 'V-1', 'Valve', false, false, now(), now())`, part)
	moved := `INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, note, moved_at, occurred_at, booked_at) VALUES ($1, $2, $3, $4, 1, 'transfer', '', now(), now(), now())`
	f.exec(moved, uuid.Must(uuid.NewV7()), part, supplier, van)
	for _, other := range []*uuid.UUID{nil, ptr(f.newLocation("van", nil))} {
		_, err := f.crew.Amend(ctx, dispatcher(&f.outlet.ID), li.ID, 2, dispatch.TechnicianChange{VanID: &other})
		wants(t, err, fault.Invalid, "/van_id cannot change while parts are in the van")
	}
	f.exec(moved, uuid.Must(uuid.NewV7()), part, van, supplier)
	got = must(f.crew.Amend(ctx, who.System, li.ID, 2, dispatch.TechnicianChange{VanID: ptr[*uuid.UUID](nil), Phone: ptr[*string](nil)}))(t)
	if got.VanID != nil || got.Phone != nil || got.Name != "Li Na" {
		t.Errorf("a null clears, an absent member stays: %+v", got)
	}
	_, err := f.crew.VanOf(ctx, li.ID)
	wants(t, err, fault.Conflict, "Li Na has no van")
	_, err = f.crew.Amend(ctx, who.System, li.ID, 2, dispatch.TechnicianChange{Name: ptr("x")})
	wants(t, err, fault.Stale, "technician is at version 3")
	_, err = f.crew.Amend(ctx, dispatcher(&east.ID), li.ID, 3, dispatch.TechnicianChange{Name: ptr("x")})
	wants(t, err, fault.NotFound, "no such technician")

	j := f.booked(li, "09:00")
	_, err = f.crew.Amend(ctx, who.System, li.ID, 3, dispatch.TechnicianChange{OutletID: &east.ID})
	wants(t, err, fault.Invalid, "/outlet_id cannot change while Li Na has jobs to do: "+j.Number)
	must(f.board.Unassign(ctx, who.System, j.ID, j.Version, "moved"))(t)
	got = must(f.crew.Amend(ctx, who.System, li.ID, 3, dispatch.TechnicianChange{OutletID: &east.ID}))(t)
	if got.OutletID != east.ID {
		t.Errorf("moved %+v", got)
	}
}

func TestLifeOfATechnician(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	by := dispatcher(&f.outlet.ID)
	li := f.newTechnician("Li", 1)
	_, err := f.crew.Resume(ctx, by, li.ID, 1)
	wants(t, err, fault.Conflict, "technician Li is active: resume is not possible")
	j := f.booked(li, "09:00")
	li = must(f.crew.Suspend(ctx, by, li.ID, 1))(t)
	_, err = f.crew.Leave(ctx, by, li.ID, 2)
	wants(t, err, fault.Conflict, "has jobs to do: "+j.Number)
	_, err = f.crew.Suspend(ctx, by, li.ID, 1)
	wants(t, err, fault.Stale, "version 2")
	li = must(f.crew.Resume(ctx, by, li.ID, 2))(t)
	must(f.board.Unassign(ctx, who.System, j.ID, j.Version, "moved"))(t)
	li = must(f.crew.Leave(ctx, by, li.ID, 3))(t)
	if li.Status != dispatch.TechnicianLeft || li.Version != 4 {
		t.Errorf("left %+v", li)
	}
	for _, move := range []func() error{
		func() error { _, err := f.crew.Resume(ctx, by, li.ID, 4); return err },
		func() error { _, err := f.crew.Suspend(ctx, by, li.ID, 4); return err },
		func() error { _, err := f.crew.Leave(ctx, by, li.ID, 4); return err },
	} {
		wants(t, move(), fault.Conflict, "technician Li is left")
	}
	_, err = f.crew.Plan(ctx, by, li.ID, []dispatch.NewShift{{StartsAt: at("18:00"), EndsAt: at("19:00")}})
	wants(t, err, fault.Conflict, "technician Li is left")
	if rosters := must(f.crew.Day(ctx, by, nil, at("08:00"), at("17:00")))(t); len(rosters) != 0 {
		t.Errorf("who left is on the roster: %+v", rosters)
	}
}

func TestTechniciansAreListed(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	east := f.newOutlet("east", orb.Point{122.5, 31.2})
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 0)
	zhao := f.newTechnicianAt("Zhao", 2, east.ID, center)
	must(f.crew.Suspend(ctx, who.System, wang.ID, 1))(t)
	tests := []struct {
		name string
		by   who.Actor
		q    dispatch.TechnicianQuery
		want []string
	}{
		{"all", who.System, dispatch.TechnicianQuery{}, []string{"Li", "Wang", "Zhao"}},
		{"an outlet's own", dispatcher(&east.ID), dispatch.TechnicianQuery{}, []string{"Zhao"}},
		{"of an outlet", who.System, dispatch.TechnicianQuery{OutletID: &f.outlet.ID}, []string{"Li", "Wang"}},
		{"of another outlet, for an outlet", dispatcher(&east.ID), dispatch.TechnicianQuery{OutletID: &f.outlet.ID}, nil},
		{"suspended", who.System, dispatch.TechnicianQuery{Status: dispatch.TechnicianSuspended}, []string{"Wang"}},
		{"certified", who.System, dispatch.TechnicianQuery{Skill: &f.hvac.ID}, []string{"Li", "Zhao"}},
		{"by a part of the name", who.System, dispatch.TechnicianQuery{Name: "ZHA"}, []string{"Zhao"}},
		{"a technician himself", asTechnician(li), dispatch.TechnicianQuery{}, []string{"Li"}},
		{"a technician who is none", who.Actor{Roles: []who.Role{who.Technician}}, dispatch.TechnicianQuery{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all, next, err := f.crew.List(ctx, tt.by, tt.q, uuid.Nil, 50)
			var names []string
			for _, x := range all {
				names = append(names, x.Name)
			}
			if err != nil || next != uuid.Nil || !slices.Equal(names, tt.want) {
				t.Errorf("listed %v, %v, %v", names, next, err)
			}
		})
	}
	if first, next, err := f.crew.List(ctx, who.System, dispatch.TechnicianQuery{}, uuid.Nil, 2); err != nil || len(first) != 2 || next != wang.ID {
		t.Errorf("first page %+v, %v, %v", first, next, err)
	}
	_, err := f.crew.Find(ctx, asTechnician(li), zhao.ID)
	wants(t, err, fault.NotFound, "no such technician")
}

func TestDayLoadsEverybody(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	east := f.newOutlet("east", orb.Point{122.5, 31.2})
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 0)
	f.newTechnicianAt("Zhao", 2, east.ID, center)
	f.newShift(li, at("17:00"), at("20:00"))
	f.newShift(li, at("08:00").AddDate(0, 0, 1), at("17:00").AddDate(0, 0, 1))
	a, _, err := f.crew.Announce(ctx, who.System, wang.ID, dispatch.NewAbsence{StartsAt: at("12:00"), EndsAt: at("14:00"), Reason: "dentist"})
	if err != nil {
		t.Fatal(err)
	}
	gone, _, err := f.crew.Announce(ctx, who.System, wang.ID, dispatch.NewAbsence{StartsAt: at("15:00"), EndsAt: at("16:00"), Reason: "errand"})
	if err != nil {
		t.Fatal(err)
	}
	must(f.crew.CancelAbsence(ctx, who.System, gone.ID, 1))(t)
	day := must(f.crew.Day(ctx, who.System, []uuid.UUID{f.outlet.ID}, at("00:00"), at("23:59")))(t)
	if len(day) != 2 || day[0].Technician.Name != "Li" || day[1].Technician.Name != "Wang" {
		t.Fatalf("roster %+v", day)
	}
	if r := day[0]; len(r.Certifications) != 1 || len(r.Shifts) != 2 || len(r.Absences) != 0 || r.Level(f.hvac.ID, at("09:00"), at("10:00")) != 3 || !r.Shifts[0].StartsAt.Before(r.Shifts[1].StartsAt) {
		t.Errorf("Li's day %+v", r)
	}
	if r := day[1]; len(r.Absences) != 1 || r.Absences[0].ID != a.ID || r.AbsentIn(at("13:59"), at("15:00")) == nil || r.AbsentIn(at("14:00"), at("15:00")) != nil || r.AbsentIn(at("11:00"), at("12:00")) != nil {
		t.Errorf("Wang's day %+v", r)
	}
	if all := must(f.crew.Day(ctx, who.System, nil, at("00:00"), at("23:59")))(t); len(all) != 3 {
		t.Errorf("all outlets have %d technicians", len(all))
	}
	if own := must(f.crew.Day(ctx, dispatcher(&east.ID), nil, at("00:00"), at("23:59")))(t); len(own) != 1 {
		t.Errorf("an outlet sees %d technicians", len(own))
	}
	if none := must(f.crew.Day(ctx, dispatcher(&east.ID), []uuid.UUID{f.outlet.ID}, at("00:00"), at("23:59")))(t); len(none) != 0 {
		t.Errorf("an outlet sees %d of another's technicians", len(none))
	}
}

func TestAbsenceShowsWhatItClashesWith(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	by := dispatcher(&f.outlet.ID)
	li := f.newTechnician("Li", 1)
	early, late := f.booked(li, "09:00"), f.booked(li, "14:00")
	a, clashes, err := f.crew.Announce(ctx, by, li.ID, dispatch.NewAbsence{StartsAt: at("12:00"), EndsAt: at("23:00"), Reason: " sick "})
	if err != nil || a.Reason != "sick" {
		t.Fatal(a, err)
	}
	if len(clashes) != 1 || clashes[0].JobNumber != late.Number || clashes[0].JobStatus != dispatch.StatusScheduled || !clashes[0].StartsAt.Equal(at("14:00")) {
		t.Errorf("clashes %+v; not with %s", clashes, early.Number)
	}
	must(f.board.Unassign(ctx, by, late.ID, late.Version, "he is sick"))(t)
	if _, clashes, err = f.crew.FindAbsence(ctx, by, a.ID); err != nil || len(clashes) != 0 {
		t.Errorf("after that %+v, %v", clashes, err)
	}
	_, _, err = f.crew.Announce(ctx, by, li.ID, dispatch.NewAbsence{StartsAt: at("12:00"), EndsAt: at("12:00")})
	wants(t, err, fault.Invalid, "/reason must not be blank", "/ends_at must be after")
	_, _, err = f.crew.Announce(ctx, by, li.ID, dispatch.NewAbsence{StartsAt: monday, EndsAt: monday.AddDate(2, 0, 0), Reason: "sabbatical"})
	wants(t, err, fault.Invalid, "/ends_at must be within 366 days")
	_, _, err = f.crew.Announce(ctx, dispatcher(ptr(uuid.New())), li.ID, dispatch.NewAbsence{})
	wants(t, err, fault.NotFound, "no such technician")
	_, err = f.crew.CancelAbsence(ctx, by, a.ID, 2)
	wants(t, err, fault.Stale, "version 1")
	a = must(f.crew.CancelAbsence(ctx, by, a.ID, 1))(t)
	_, err = f.crew.CancelAbsence(ctx, by, a.ID, 2)
	wants(t, err, fault.Conflict, "canceled already")
	if all, _, err := f.crew.Absences(ctx, by, li.ID, uuid.Nil, 50); err != nil || len(all) != 1 || all[0].CanceledAt == nil {
		t.Errorf("absences %+v, %v", all, err)
	}
}
