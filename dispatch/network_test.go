package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func box(t testing.TB, w, s, e, n float64) *geo.Territory {
	t.Helper()
	area, err := geo.ParseTerritory(fmt.Appendf(nil, `{"type":"Polygon","coordinates":[[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]}`, w, s, e, s, e, n, w, n, w, s))
	if err != nil {
		t.Fatal(err)
	}
	return &area
}

func TestEveryPlaceHasOneOutlet(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	open := func(code string, area *geo.Territory) (dispatch.Outlet, error) {
		return f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: code, Name: "The " + code, TimeZone: "Asia/Shanghai", Territory: area})
	}
	a := must(open("A", box(t, 0, 0, 1, 1)))(t)
	_, err := open("B", box(t, .5, .5, 2, 2))
	wants(t, err, fault.Conflict, "/territory overlaps with the territory of outlet A, The A")
	b := must(open("B", box(t, 1, 0, 2, 1)))(t) // borders may touch
	none := must(open("C", nil))(t)
	_, _, err = f.network.AmendTerritory(ctx, who.System, none.ID, 1, box(t, .9, 0, 1.1, 1))
	wants(t, err, fault.Conflict, "outlet A", "outlet B")
	// An outlet may be drawn over itself.
	if _, _, err = f.network.AmendTerritory(ctx, who.System, a.ID, 1, box(t, 0, 0, 1, 2)); err != nil {
		t.Fatal(err)
	}
	must(f.network.SuspendOutlet(ctx, who.System, b.ID, 1))(t)
	_, err = open("D", box(t, 1.5, 0, 2, 1))
	wants(t, err, fault.Conflict, "outlet B") // a suspended outlet keeps its territory
	must(f.network.EndOutlet(ctx, who.System, b.ID, 2))(t)
	must(open("D", box(t, 1.5, 0, 2, 1)))(t) // an ended one gives it up
	_, err = open("A", nil)
	wants(t, err, fault.Conflict, `code "A" already`)
	_, err = f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: " ", Name: "\x00", TimeZone: "Mars/Olympus"})
	wants(t, err, fault.Invalid, "/code must not be blank", "/name must not hold control characters", `/time_zone "Mars/Olympus" is not`)
	_, err = f.network.OpenOutlet(ctx, dispatcher(&a.ID), dispatch.NewOutlet{Code: "E", Name: "E", TimeZone: "UTC"})
	wants(t, err, fault.Forbidden, "all outlets")
}

func TestAtFindsTheOutlet(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	west := must(f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "W", Name: "W", TimeZone: "UTC", Territory: box(t, 0, 0, 1, 1)}))(t)
	east := must(f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "E", Name: "E", TimeZone: "UTC", Territory: box(t, 1, 0, 2, 1)}))(t)
	for _, tt := range []struct {
		name string
		at   orb.Point
		want *uuid.UUID
	}{
		{"in the west", orb.Point{.5, .5}, &west.ID},
		{"in the east", orb.Point{1.5, .5}, &east.ID},
		{"on the border, the code that comes first", orb.Point{1, .5}, &east.ID},
		{"nowhere", orb.Point{5, 5}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := f.network.At(ctx, tt.at)
			if err != nil || (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// Two processes share a database, not a memory.
func TestAtSeesWhatAnotherProcessDrew(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	p := orb.Point{.5, .5}
	other := dispatch.NewNetwork(f.db, time.Now)
	is := func(n *dispatch.Network, want *uuid.UUID) {
		t.Helper()
		got, err := n.At(ctx, p)
		if err != nil || (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
	is(other, nil)
	o := must(f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "W", Name: "W", TimeZone: "UTC", Territory: box(t, 0, 0, 1, 1)}))(t)
	is(other, &o.ID)
	// What is undone was never drawn, not even for who drew it.
	undo := errors.New("undo")
	err := f.db.InTx(ctx, func(ctx context.Context) error {
		if _, _, err := f.network.AmendTerritory(ctx, who.System, o.ID, 1, nil); err != nil {
			return err
		}
		if got, err := f.network.At(ctx, p); got != nil || err != nil {
			t.Errorf("within the transaction %v, %v", got, err)
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	is(f.network, &o.ID)
	is(other, &o.ID)
	if _, _, err := other.AmendTerritory(ctx, who.System, o.ID, 1, box(t, 3, 3, 4, 4)); err != nil {
		t.Fatal(err)
	}
	is(f.network, nil)
}

func TestSitesFollowTheTerritory(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	site := func(lng, lat float64, outlet *uuid.UUID) registry.Site {
		t.Helper()
		return must(f.register.OpenSite(ctx, who.System, registry.NewSite{CustomerID: f.customer.ID, Address: "x", Location: orb.Point{lng, lat}, TimeZone: "UTC", OutletID: outlet}))(t)
	}
	home := func(s registry.Site, want *uuid.UUID) {
		t.Helper()
		got := must(f.register.FindSite(ctx, who.System, s.ID))(t)
		if (got.OutletID == nil) != (want == nil) || want != nil && *got.OutletID != *want {
			t.Errorf("site at %v is at outlet %v, want %v", got.Location, got.OutletID, want)
		}
	}
	free := site(.5, .5, nil)
	byHand := site(5, 5, &f.outlet.ID)
	a := must(f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "A", Name: "A", TimeZone: "UTC", Territory: box(t, 0, 0, 1, 1)}))(t)
	home(free, &a.ID) // a new territory takes in what lies in it
	b := must(f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "B", Name: "B", TimeZone: "UTC"}))(t)
	edge := site(.9, .5, nil)
	home(edge, &a.ID)
	if _, moved, err := f.network.AmendTerritory(ctx, who.System, a.ID, 1, box(t, 0, 0, .8, 1)); err != nil || moved != 1 {
		t.Fatal(moved, err)
	}
	home(edge, nil)
	home(free, &a.ID)
	if _, moved, err := f.network.AmendTerritory(ctx, who.System, b.ID, 1, box(t, .8, 0, 6, 6)); err != nil || moved != 2 {
		t.Fatal(moved, err)
	}
	home(edge, &b.ID)
	home(byHand, &b.ID) // a territory outdoes the hand
	home(f.site, &f.outlet.ID)
	if got := must(f.register.FindSite(ctx, who.System, edge.ID))(t); got.Version != 3 {
		t.Errorf("its version is %d", got.Version)
	}
	must(f.network.EndOutlet(ctx, who.System, b.ID, 2))(t)
	home(edge, nil)
	home(byHand, nil)
	elsewhere := site(50, 50, &a.ID)
	must(f.network.EndOutlet(ctx, who.System, a.ID, 2))(t)
	home(elsewhere, nil) // an outlet that has ended looks after nothing
	home(free, nil)
}

// While territories are redrawn, sites open and move: at the end each is where it belongs.
func TestRacingSitesFollowTheTerritory(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	a := must(f.network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "A", Name: "A", TimeZone: "UTC"}))(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 12 {
				at := orb.Point{.1 * float64(i+1), .05 * float64(n+1)}
				s, err := f.register.OpenSite(ctx, who.System, registry.NewSite{CustomerID: f.customer.ID, Address: "x", Location: at, TimeZone: "UTC"})
				if err == nil && n%2 == 0 {
					at[0] += .3
					_, err = f.register.AmendSite(ctx, who.System, s.ID, s.Version, registry.SiteChange{Location: &at})
				}
				// A site that went to another outlet in between is at another version.
				if err != nil && !fault.Is(err, fault.Stale) {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for n := range 9 {
			area := box(t, 0, 0, .3, 1)
			if n%2 == 1 {
				area = box(t, .2, 0, 1, .3)
			}
			if _, _, err := f.network.AmendTerritory(ctx, who.System, a.ID, n+1, area); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	sites, _, err := f.register.ListSites(ctx, who.System, registry.SiteQuery{}, uuid.Nil, 200)
	if err != nil || len(sites) != 49 {
		t.Fatal(len(sites), err)
	}
	for _, s := range sites {
		want := must(f.network.At(ctx, s.Location.Orb()))(t)
		if (want == nil) != (s.OutletID == nil) || want != nil && *want != *s.OutletID {
			t.Errorf("site at %v is at outlet %v, want %v", s.Location, s.OutletID, want)
		}
	}
}

func TestLifeOfAnOutlet(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	id := f.outlet.ID
	o := must(f.network.AmendOutlet(ctx, who.System, id, 1, dispatch.OutletChange{Name: ptr("Downtown")}))(t)
	if o.Name != "Downtown" || o.TimeZone != "Asia/Shanghai" || o.Area() == nil || o.Version != 2 {
		t.Fatalf("amended %+v", o)
	}
	_, err := f.network.AmendOutlet(ctx, who.System, id, 1, dispatch.OutletChange{})
	wants(t, err, fault.Stale, "outlet is at version 2")
	_, err = f.network.AmendOutlet(ctx, who.System, id, 2, dispatch.OutletChange{TimeZone: ptr("")})
	wants(t, err, fault.Invalid, "/time_zone")
	_, err = f.network.AmendOutlet(ctx, dispatcher(&id), id, 2, dispatch.OutletChange{})
	wants(t, err, fault.Forbidden, "all outlets")
	_, err = f.network.ResumeOutlet(ctx, who.System, id, 2)
	wants(t, err, fault.Conflict, "outlet center is active: resume is not possible")
	li := f.newTechnician("Li", 0)
	_, err = f.network.EndOutlet(ctx, who.System, id, 2)
	wants(t, err, fault.Conflict, "1 technicians who have not left")
	must(f.crew.Leave(ctx, who.System, li.ID, 1))(t)
	must(f.network.SuspendOutlet(ctx, who.System, id, 2))(t)
	must(f.network.ResumeOutlet(ctx, who.System, id, 3))(t)
	must(f.network.EndOutlet(ctx, who.System, id, 4))(t)
	_, _, err = f.network.AmendTerritory(ctx, who.System, id, 5, nil)
	wants(t, err, fault.Conflict, "outlet center is ended")
	_, err = f.network.SuspendOutlet(ctx, who.System, id, 5)
	wants(t, err, fault.Conflict, "is ended")

	east := f.newOutlet("east", orb.Point{122.5, 31.2})
	all, next, err := f.network.ListOutlets(ctx, who.System, "", uuid.Nil, 1)
	if err != nil || len(all) != 1 || next != id || all[0].Area() != nil {
		t.Errorf("first page %+v, %v, %v", all, next, err)
	}
	if active, _, err := f.network.ListOutlets(ctx, who.System, dispatch.OutletActive, uuid.Nil, 50); err != nil || len(active) != 1 || active[0].ID != east.ID {
		t.Errorf("active %+v, %v", active, err)
	}
	if own, _, err := f.network.ListOutlets(ctx, dispatcher(&east.ID), "", uuid.Nil, 50); err != nil || len(own) != 1 {
		t.Errorf("an outlet sees %+v, %v", own, err)
	}
	if his, _, err := f.network.ListOutlets(ctx, who.Actor{Roles: []who.Role{who.Technician}, TechnicianID: &li.ID}, "", uuid.Nil, 50); err != nil || len(his) != 1 || his[0].ID != id {
		t.Errorf("a technician sees %+v, %v", his, err)
	}
	_, err = f.network.FindOutlet(ctx, dispatcher(&east.ID), id)
	wants(t, err, fault.NotFound, "no such outlet")
}

func TestSkills(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	_, err := f.network.OpenSkill(ctx, who.System, dispatch.NewSkill{Code: "hvac", Name: "x"})
	wants(t, err, fault.Conflict, `code "hvac" already`)
	_, err = f.network.OpenSkill(ctx, who.System, dispatch.NewSkill{Code: "", Name: " "})
	wants(t, err, fault.Invalid, "/code", "/name")
	_, err = f.network.OpenSkill(ctx, dispatcher(&f.outlet.ID), dispatch.NewSkill{Code: "gas", Name: "x"})
	wants(t, err, fault.Forbidden, "all outlets")
	s := must(f.network.AmendSkill(ctx, who.System, f.hvac.ID, 1, dispatch.SkillChange{NameZh: ptr("空调")}))(t)
	if s.NameZh != "空调" || s.Name != "Air conditioning" || s.Version != 2 {
		t.Errorf("amended %+v", s)
	}
	_, err = f.network.AmendSkill(ctx, who.System, f.hvac.ID, 1, dispatch.SkillChange{})
	wants(t, err, fault.Stale, "skill is at version 2")
	_, err = f.network.FindSkill(ctx, uuid.New())
	wants(t, err, fault.NotFound, "no such skill")
	must(f.network.OpenSkill(ctx, who.System, dispatch.NewSkill{Code: "gas", Name: "Gas"}))(t)
	if all, _, err := f.network.ListSkills(ctx, "", uuid.Nil, 50); err != nil || len(all) != 2 {
		t.Errorf("skills %+v, %v", all, err)
	}
	if one, _, err := f.network.ListSkills(ctx, "gas", uuid.Nil, 50); err != nil || len(one) != 1 {
		t.Errorf("by code %+v, %v", one, err)
	}
}
