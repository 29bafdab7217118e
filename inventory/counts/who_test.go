package counts_test

import (
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/gs1"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestWhoMayCountWhat(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	colleague, _ := s.Technician(s.Outlet)
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: new(s.NewOutlet())}
	at := func(loc inventory.Location) counts.Opening {
		return counts.Opening{LocationID: loc.ID, Scope: counts.ScopeFull}
	}
	_, err := s.counts.Open(ctx, tech, at(s.Warehouse))
	s.Refused(err, fault.Forbidden, "a technician counts his own van")
	_, err = s.counts.Open(ctx, colleague, at(van))
	s.Refused(err, fault.Forbidden, "a technician counts his own van")
	_, err = s.counts.Open(ctx, stranger, at(van))
	s.Refused(err, fault.Invalid, "/location_id no such location")
	bins := at(van)
	bins.WithBins = true
	_, err = s.counts.Open(ctx, tech, bins)
	s.Refused(err, fault.Invalid, "/with_bins")
	scrap, err := s.Ledger.Place(ctx, inventory.KindScrap, &s.Outlet)
	s.Must(err)
	_, err = s.counts.Open(ctx, s.Clerk, at(scrap))
	s.Refused(err, fault.Invalid, "/location_id")

	box, err := s.Ledger.SubPlace(ctx, inventory.KindCollected, van)
	s.Must(err)
	_, err = s.counts.Open(ctx, tech, at(box))
	s.Must(err)
	k, err := s.counts.Open(ctx, tech, at(van))
	s.Must(err)
	for _, other := range []who.Actor{colleague, stranger} {
		_, err = s.counts.Find(ctx, other, k.ID)
		s.Refused(err, fault.NotFound, "no such count")
		_, err = s.counts.Cancel(ctx, other, k.ID, 1)
		s.Refused(err, fault.NotFound, "no such count")
		if all, _, err := s.counts.List(ctx, other, counts.Filter{}, uuid.Nil, 10); err != nil || len(all) != 0 {
			t.Errorf("somebody else lists %+v (%v)", all, err)
		}
	}
	surprise, err := s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Place(inventory.KindQuarantine, s.Outlet).ID, Scope: counts.ScopeFull})
	s.Must(err)
	_, err = s.counts.Find(ctx, tech, surprise.ID)
	s.Refused(err, fault.NotFound, "no such count")
	if all, _, err := s.counts.List(ctx, tech, counts.Filter{Status: counts.StatusOpened}, uuid.Nil, 10); err != nil || len(all) != 2 {
		t.Errorf("the technician lists %d counts, want 2 (%v)", len(all), err)
	}
	later := surprise.CreatedAt.Add(time.Hour)
	for _, f := range []struct {
		counts.Filter
		want int
	}{
		{counts.Filter{OutletID: &s.Outlet, From: &k.CreatedAt, To: &later}, 2},
		{counts.Filter{OutletID: stranger.OutletID}, 0},
		{counts.Filter{From: &later}, 0},
		{counts.Filter{To: &k.CreatedAt}, 1},
	} {
		if all, _, err := s.counts.List(ctx, s.boss, f.Filter, uuid.Nil, 10); err != nil || len(all) != f.want {
			t.Errorf("%+v lists %d counts (%v)", f, len(all), err)
		}
	}
	_, err = s.counts.Count(ctx, tech, k.ID, &s.Warehouse.ID, false, nil)
	s.Refused(err, fault.Invalid, "/location_id is no place of this count")
}

func TestWhoCountsIsBlind(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p := s.Part("")
	s.priced(p, 10, 100)
	k := s.full(s.Warehouse)
	s.tell(s.boss, k, p, 9)
	for name, by := range map[string]who.Actor{"a clerk": s.Clerk, "a supervisor who counts": s.boss} {
		if _, err := s.counts.Sheet(ctx, by, k.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s reads the sheet: %v", name, err)
		}
	}
	if _, err := s.counts.Sheet(ctx, s.chief, k.ID); err != nil {
		t.Errorf("somebody who does not count: %v", err)
	}
	now := s.finish(k)
	_, err := s.counts.Explain(ctx, s.Clerk, k.ID, now.Version, nil)
	s.Refused(err, fault.Forbidden, "who counts does not see")
	now = s.explain(k, counts.ReasonLost)
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Refused(err, fault.Forbidden, "nobody approves what he counted himself")
	if got := s.Holds(s.Warehouse.ID, p); got != 10 {
		t.Errorf("the refused approval left %d", got)
	}
	_, err = s.counts.Approve(ctx, s.chief, k.ID, now.Version)
	s.Must(err)
}

func TestAGreatValueWantsTheWholeHouse(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.Part("")
	s.priced(p, 10, 100001)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 5)
	s.finish(k)
	now := s.explain(k, counts.ReasonTheftSuspected)
	_, err := s.counts.Approve(t.Context(), s.boss, k.ID, now.Version)
	s.Refused(err, fault.Forbidden, "ask a supervisor of the whole house")
	_, err = s.counts.Approve(t.Context(), s.chief, k.ID, now.Version)
	s.Must(err)
	s.Sound()
}

func TestAVarianceIsNotMadeToVanish(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	p := s.Part("")
	s.Stock(van, p, 5)
	k := s.full(van)
	_, err := s.counts.Cancel(ctx, tech, k.ID, 1)
	s.Refused(err, fault.Forbidden, "only a count that he opened himself")
	s.tell(s.Clerk, k, p, 3)
	now := s.finish(k)
	_, err = s.counts.Cancel(ctx, s.Clerk, k.ID, now.Version)
	s.Refused(err, fault.Forbidden, "a supervisor's to give up")
	now = s.explain(k, counts.ReasonTheftSuspected)
	driver := s.boss
	driver.TechnicianID = tech.TechnicianID
	_, err = s.counts.Approve(ctx, driver, k.ID, now.Version)
	s.Refused(err, fault.Forbidden, "nobody approves the count of his own van")
	_, err = s.counts.Cancel(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	if s.Holds(van.ID, p) != 5 {
		t.Errorf("the van holds %d", s.Holds(van.ID, p))
	}
}

func TestSeveralPeopleCountAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, unit := s.Part(""), s.Part("s")
	k := s.full(s.Warehouse)
	ended := make(chan error)
	for range 12 {
		by := s.clerk()
		go func() {
			_, err := s.counts.Scan(s.Context(), by, k.ID, nil, []string{p.Number, gs1.UnitLabel(unit.Number, "ONE")})
			ended <- err
		}()
	}
	for range 12 {
		s.Must(<-ended)
	}
	now, err := s.counts.Find(t.Context(), s.Clerk, k.ID)
	s.Must(err)
	for _, l := range now.Lines {
		want := 12
		if l.PartID == unit.ID {
			want = 1
		}
		if *l.Counted != want {
			t.Errorf("%s counts %d, want %d", l.PartNumber, *l.Counted, want)
		}
	}
	if len(now.Lines) != 2 {
		t.Errorf("%d lines", len(now.Lines))
	}
}
