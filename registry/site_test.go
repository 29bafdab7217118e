package registry_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func TestOutletFollowsFromThePlace(t *testing.T) {
	w := open(t)
	c := w.customer(registry.NewCustomer{})
	dispatcher := who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Dispatcher}}
	ended := uuid.New()
	w.exec(`INSERT INTO outlets (id, code, name, time_zone, status, created_at, updated_at) VALUES ($1, 'X', 'Gone', 'UTC', 'ended', $2, $2)`, ended, noon)
	tests := []struct {
		name   string
		by     who.Actor
		at     orb.Point
		asked  *uuid.UUID
		outlet *uuid.UUID
		byHand bool
		wrong  []string
	}{
		{"a territory covers it", w.desk, shanghai, nil, &w.east, false, nil},
		{"nobody covers it", w.desk, ocean, nil, nil, false, nil},
		{"a dispatcher names an outlet where nobody covers it", dispatcher, ocean, &w.west, &w.west, true, nil},
		{"an import names one too", who.System, ocean, &w.west, &w.west, true, nil},
		{"an agent may not", w.desk, ocean, &w.west, nil, false, []string{"/outlet_id"}},
		{"an outlet that is not there", w.admin, ocean, ptr(uuid.New()), nil, false, []string{"/outlet_id"}},
		{"an outlet that has ended", w.admin, ocean, &ended, nil, false, []string{"/outlet_id"}},
		{"the outlet that covers it may be named", w.admin, shanghai, &w.east, &w.east, false, nil},
		{"another one may not", w.admin, shanghai, &w.west, nil, false, []string{"/outlet_id"}},
		{"people of an outlet open sites in its territory", w.western, losAngeles, nil, &w.west, false, nil},
		{"and not in another's", w.western, shanghai, nil, nil, false, []string{"/location"}},
		{"nor in nobody's", w.western, ocean, nil, nil, false, []string{"/location"}},
		{"nor by naming their own", w.western, ocean, &w.west, nil, false, []string{"/location"}},
	}
	// People of West may serve the customer because he has a site there.
	w.site(c, losAngeles, "1 Main St")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := w.OpenSite(t.Context(), tt.by, registry.NewSite{CustomerID: c.ID, Address: "1 High St", Location: tt.at, TimeZone: "UTC", OutletID: tt.asked})
			if tt.wrong != nil {
				refused(t, err, fault.Invalid, tt.wrong...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			again, err := w.FindSite(t.Context(), tt.by, s.ID)
			if err != nil || (again.OutletID == nil) != (tt.outlet == nil) || tt.outlet != nil && *again.OutletID != *tt.outlet || again.ByHand != tt.byHand {
				t.Errorf("found %+v, %v", again, err)
			}
			if again.Location.Orb() != tt.at {
				t.Errorf("it is at %v", again.Location)
			}
		})
	}
}

func TestSiteRefused(t *testing.T) {
	w := open(t)
	_, err := w.OpenSite(t.Context(), w.desk, registry.NewSite{CustomerID: uuid.New(), Address: " ", Location: orb.Point{181, 0}, TimeZone: "Asia/Shangri-La"})
	refused(t, err, fault.Invalid, "/address", "/time_zone", "/location", "/customer_id")
	c := w.customer(registry.NewCustomer{Name: "of the desk"})
	_, err = w.OpenSite(t.Context(), w.eastern, registry.NewSite{CustomerID: c.ID, Address: "x", Location: shanghai, TimeZone: "UTC"})
	refused(t, err, fault.Invalid, "/customer_id")
}

func TestSiteMoves(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	c := w.customer(registry.NewCustomer{})
	s := w.site(c, shanghai, "1 Bund")
	_, err := w.AmendSite(ctx, w.eastern, s.ID, 1, registry.SiteChange{Location: &losAngeles})
	refused(t, err, fault.Invalid, "/location")
	s, err = w.AmendSite(ctx, w.eastern, s.ID, 1, registry.SiteChange{Address: ptr("2 Bund"), AccessNotes: ptr("Ring twice\nat the gate")})
	if err != nil || s.Address != "2 Bund" || *s.OutletID != w.east {
		t.Fatalf("%+v, %v", s, err)
	}
	s, err = w.AmendSite(ctx, w.desk, s.ID, 2, registry.SiteChange{Location: &losAngeles, TimeZone: ptr("America/Los_Angeles")})
	if err != nil || *s.OutletID != w.west || s.Version != 3 {
		t.Fatalf("the outlet follows the place: %+v, %v", s, err)
	}
	if _, err := w.FindSite(ctx, w.eastern, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("East still sees it: %v", err)
	}
	s, err = w.AmendSite(ctx, w.admin, s.ID, 3, registry.SiteChange{Location: &ocean, OutletID: ptr(&w.east)})
	if err != nil || *s.OutletID != w.east || !s.ByHand {
		t.Fatalf("an admin names an outlet: %+v, %v", s, err)
	}
	near := orb.Point{1, 10}
	s, err = w.AmendSite(ctx, w.desk, s.ID, 4, registry.SiteChange{Location: &near})
	if err != nil || s.OutletID == nil || *s.OutletID != w.east || !s.ByHand {
		t.Fatalf("what was named by hand stays where nobody covers the place: %+v, %v", s, err)
	}
	s, err = w.AmendSite(ctx, w.desk, s.ID, 5, registry.SiteChange{OutletID: ptr[*uuid.UUID](nil)})
	if err != nil || s.OutletID != nil || s.ByHand {
		t.Fatalf("nobody looks after it: %+v, %v", s, err)
	}
	_, err = w.AmendSite(ctx, w.desk, s.ID, 5, registry.SiteChange{Address: ptr("x")})
	refused(t, err, fault.Stale)
	if k := w.kinds(s.ID); len(k) != 6 || k[0] != "site.opened" || k[5] != "site.amended" {
		t.Errorf("events %v", k)
	}
}

func TestSitesAreFound(t *testing.T) {
	w := open(t)
	c, d := w.customer(registry.NewCustomer{Name: "王小明"}), w.customer(registry.NewCustomer{Name: "Ada"})
	bund, main, buoy := w.site(c, shanghai, "1 Bund"), w.site(c, losAngeles, "1 Main St"), w.site(d, ocean, "Buoy 7")
	if _, err := w.AmendSite(t.Context(), w.desk, buoy.ID, 1, registry.SiteChange{Name: ptr("Weather station")}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		by   who.Actor
		q    registry.SiteQuery
		want []uuid.UUID
	}{
		{"all", w.desk, registry.SiteQuery{}, []uuid.UUID{bund.ID, main.ID, buoy.ID}},
		{"an outlet's own", w.western, registry.SiteQuery{}, []uuid.UUID{main.ID}},
		{"of a customer", w.desk, registry.SiteQuery{CustomerID: &c.ID}, []uuid.UUID{bund.ID, main.ID}},
		{"of an outlet", w.desk, registry.SiteQuery{OutletID: &w.east}, []uuid.UUID{bund.ID}},
		{"of another outlet, for an outlet", w.western, registry.SiteQuery{OutletID: &w.east}, nil},
		{"of nobody", w.desk, registry.SiteQuery{Homeless: true}, []uuid.UUID{buoy.ID}},
		{"by address", w.desk, registry.SiteQuery{Address: "main"}, []uuid.UUID{main.ID}},
		{"by name", w.desk, registry.SiteQuery{Any: "weather"}, []uuid.UUID{buoy.ID}},
		{"by the customer's name", w.desk, registry.SiteQuery{Any: "小明"}, []uuid.UUID{bund.ID, main.ID}},
		{"by a word of the address", w.desk, registry.SiteQuery{Any: "bund"}, []uuid.UUID{bund.ID}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := w.ListSites(t.Context(), tt.by, tt.q, uuid.Nil, 50)
			var ids []uuid.UUID
			for _, s := range got {
				ids = append(ids, s.ID)
			}
			if err != nil || !slices.Equal(ids, tt.want) {
				t.Errorf("found %+v, %v", got, err)
			}
		})
	}
}

// A technician sees what hangs on the jobs that are booked to him, and nothing else.
func TestTechnicianSeesHisJobs(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	c, d := w.customer(registry.NewCustomer{}), w.customer(registry.NewCustomer{})
	his, other, elsewhere := w.site(c, shanghai, "1 Bund"), w.site(c, shanghai, "2 Bund"), w.site(d, shanghai, "3 Bund")
	p := w.product("FR-1", 12)
	asset, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: p.ID, Serial: "1", SiteID: his.ID})
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: p.ID, Serial: "2", SiteID: other.ID})
	if err != nil {
		t.Fatal(err)
	}
	tech, job := uuid.New(), uuid.New()
	w.exec(`INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, created_at, updated_at) VALUES ($1, $2, 'Li', '(121,31)', 0, 'CNY', $3, $3)`, tech, w.east, noon)
	w.exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, 'J1', 'Fix', 'scheduled', 'P2', $2, $3, $4, '(121,31)', 'UTC', 60, $5, $5)`, job, c.ID, his.ID, w.east, noon)
	w.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, '{}', $5, $5)`,
		uuid.New(), job, tech, w.east, noon, noon.Add(time.Hour))
	li := who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Technician}, OutletID: &w.east, TechnicianID: &tech}
	see := func(want bool) {
		t.Helper()
		for _, look := range []struct {
			name string
			mine bool
			find func() error
		}{
			{"his customer", true, func() error { _, err := w.FindCustomer(ctx, li, c.ID); return err }},
			{"another customer", false, func() error { _, err := w.FindCustomer(ctx, li, d.ID); return err }},
			{"his site", true, func() error { _, err := w.FindSite(ctx, li, his.ID); return err }},
			{"another site of his customer", false, func() error { _, err := w.FindSite(ctx, li, other.ID); return err }},
			{"another site", false, func() error { _, err := w.FindSite(ctx, li, elsewhere.ID); return err }},
			{"the asset at his site", true, func() error { _, err := w.FindAsset(ctx, li, asset.ID); return err }},
			{"an asset elsewhere", false, func() error { _, err := w.FindAsset(ctx, li, hidden.ID); return err }},
		} {
			if err := look.find(); (err == nil) != (want && look.mine) || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", look.name, err)
			}
		}
	}
	see(true)
	if n, err := pg.Exec(ctx, w.db, `UPDATE bookings SET active = false, released_at = now()`); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	see(false)
}
