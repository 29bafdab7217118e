package counts_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// shelf is a house in which stock is taken.
type shelf struct {
	*stocktest.House
	counts *counts.Counts
	boss   who.Actor // the outlet's supervisor
	chief  who.Actor // the supervisor of the whole house
}

func open(t *testing.T) *shelf {
	t.Helper()
	h := stocktest.Open(t)
	return &shelf{
		House: h, counts: counts.New(h.Ledger, policy.NewBook(h.DB, time.Now)),
		boss:  who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &h.Outlet},
		chief: who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}},
	}
}

// clerk is another one of the warehouse.
func (s *shelf) clerk() who.Actor {
	return who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &s.Outlet}
}

// full opens a full count of a place.
func (s *shelf) full(at inventory.Location) counts.Count {
	s.Helper()
	k, err := s.counts.Open(s.Context(), s.Clerk, counts.Opening{LocationID: at.ID, Scope: counts.ScopeFull})
	s.Must(err)
	return k
}

// tell counts so many of a part in the only place of a count.
func (s *shelf) tell(by who.Actor, k counts.Count, p inventory.Part, n int) {
	s.Helper()
	_, err := s.counts.Count(s.Context(), by, k.ID, nil, false, []counts.Told{{PartID: p.ID, Quantity: &n}})
	s.Must(err)
}

// finish ends the counting of a count.
func (s *shelf) finish(k counts.Count) counts.Count {
	s.Helper()
	now, err := s.counts.Find(s.Context(), s.Clerk, k.ID)
	s.Must(err)
	now, err = s.counts.Finish(s.Context(), s.Clerk, k.ID, now.Version, "")
	s.Must(err)
	return now
}

// explain gives every line that differs a reason.
func (s *shelf) explain(k counts.Count, why counts.Reason) counts.Count {
	s.Helper()
	sheet, err := s.counts.Sheet(s.Context(), s.boss, k.ID)
	s.Must(err)
	var all []counts.Explanation
	for _, l := range sheet.Lines {
		if l.Over != 0 || len(l.Differs) > 0 {
			all = append(all, counts.Explanation{Spot: counts.Spot{LocationID: l.LocationID, PartID: l.PartID}, Reason: why})
		}
	}
	sheet, err = s.counts.Explain(s.Context(), s.boss, k.ID, sheet.Count.Version, all)
	s.Must(err)
	return sheet.Count
}

// line is the line of a part in a place.
func line(t testing.TB, s counts.Sheet, at uuid.UUID, p inventory.Part) counts.Variance {
	t.Helper()
	i := slices.IndexFunc(s.Lines, func(l counts.Variance) bool { return l.LocationID == at && l.PartID == p.ID })
	if i < 0 {
		t.Fatalf("no line of %s in %+v", p.Number, s.Lines)
	}
	return s.Lines[i]
}

// priced puts parts into the warehouse that cost something.
func (s *shelf) priced(p inventory.Part, n int, cost int64) {
	s.Helper()
	_, err := s.Ledger.Receive(s.Context(), who.System, inventory.Receipt{
		LocationID: s.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: n, UnitCost: &cost}},
	})
	s.Must(err)
}

func TestACountPutsTheBooksRight(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	screw, belt, valve := s.Part(""), s.Part(""), s.Part("")
	s.priced(screw, 10, 100)
	s.priced(belt, 5, 300)
	s.priced(valve, 4, 50)
	k := s.full(s.Warehouse)
	if k.Status != counts.StatusOpened || k.Number[0] != 'K' {
		t.Errorf("opened %+v", k)
	}
	s.tell(s.Clerk, k, screw, 4)
	s.tell(s.clerk(), k, screw, 4) // beside the four of the other one
	s.tell(s.Clerk, k, belt, 6)

	now, err := s.counts.Find(ctx, s.Clerk, k.ID)
	s.Must(err)
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version, "")
	s.Refused(err, fault.Conflict, "part "+valve.Number+" in "+s.Warehouse.Name+" is not counted")
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version-1, counts.UncountedZero)
	s.Refused(err, fault.Stale, "count is at version")
	now, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version, counts.UncountedZero)
	s.Must(err)

	sheet, err := s.counts.Sheet(ctx, s.boss, k.ID)
	s.Must(err)
	for p, want := range map[*inventory.Part][3]int{&screw: {8, 10, -2}, &belt: {6, 5, 1}, &valve: {0, 4, -4}} {
		l := line(t, sheet, s.Warehouse.ID, *p)
		if got := [3]int{*l.Counted, *l.Expected, l.Over}; got != want {
			t.Errorf("%s: counted, expected, over are %v, want %v", p.Number, got, want)
		}
	}
	if l := line(t, sheet, s.Warehouse.ID, valve); !l.Assumed || l.Worth != -200 {
		t.Errorf("assumed %+v", l)
	}
	if want := (counts.Total{Currency: "CNY", Over: 300, Under: 400}); len(sheet.Totals) != 1 || sheet.Totals[0] != want {
		t.Errorf("totals %+v, want %+v", sheet.Totals, want)
	}
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Refused(err, fault.Conflict, "differs by -2, and nobody has said why")
	_, err = s.counts.Explain(ctx, s.boss, k.ID, now.Version, []counts.Explanation{{
		Spot: counts.Spot{LocationID: s.Warehouse.ID, PartID: belt.ID}, Reason: counts.ReasonOther, Note: " ",
	}})
	s.Refused(err, fault.Invalid, "/lines/0/note is required")
	now = s.explain(k, counts.ReasonMiscounted)
	sheet, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	if sheet.Count.Status != counts.StatusApproved || *sheet.Count.Value != 700 || *sheet.Count.ApprovedBy != s.boss.UserID || sheet.Count.PolicyVersion == nil {
		t.Errorf("approved %+v", sheet.Count)
	}
	for p, want := range map[*inventory.Part]int{&screw: 8, &belt: 6, &valve: 0} {
		if got := s.Holds(s.Warehouse.ID, *p); got != want {
			t.Errorf("the warehouse holds %d of %s, want %d", got, p.Number, want)
		}
	}
	if n := s.Count(`SELECT count(*) FROM movements WHERE kind = 'count' AND reference_id = $1 AND note = 'miscounted'`, k.ID); n != 3 {
		t.Errorf("%d movements of the count, want 3", n)
	}
	// What moves later changes nothing about what was approved.
	s.Stock(s.Warehouse, screw, 7)
	after, err := s.counts.Sheet(ctx, s.Clerk, k.ID)
	s.Must(err)
	if l := line(t, after, s.Warehouse.ID, screw); l.Over != -2 || *l.Adjusted != -2 || l.Worth != -200 {
		t.Errorf("the approved line became %+v", l)
	}
	s.Sound()
}

func TestOnlyOneOpenCountOfAPartInAPlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p, q := s.Part(""), s.Part("")
	cycle := func(parts ...uuid.UUID) (counts.Count, error) {
		return s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeCycle, PartIDs: parts})
	}
	first, err := cycle(p.ID)
	s.Must(err)
	_, err = cycle(q.ID)
	s.Must(err)
	_, err = cycle(p.ID)
	s.Refused(err, fault.Conflict, "count "+first.Number+" covers some of this")
	_, err = s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeFull})
	s.Refused(err, fault.Conflict, "covers some of this")
	_, err = s.counts.Cancel(ctx, s.Clerk, first.ID, 1)
	s.Must(err)
	_, err = cycle(p.ID)
	s.Must(err)

	// The constraint holds what the friendly check cannot see.
	results := make(chan error)
	fresh := s.Part("")
	for range 6 {
		go func() { _, err := cycle(fresh.ID); results <- err }()
	}
	won := 0
	for range 6 {
		if err := <-results; err == nil {
			won++
		} else if !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d counts of one part began at once", won)
	}
	if _, err := pg.Exec(ctx, s.DB, `INSERT INTO count_scopes (count_id, location_id) VALUES ((SELECT id FROM counts WHERE status = 'opened' LIMIT 1), $1)`,
		s.Warehouse.ID); !pg.Violates(err, "counted_once_at_a_time") {
		t.Errorf("a second open count of everything: %v", err)
	}
}

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
	if all, _, err := s.counts.List(ctx, tech, counts.Filter{Status: counts.StatusOpened}, uuid.Nil, 10); err != nil || len(all) != 2 {
		t.Errorf("the technician lists %d counts, want 2 (%v)", len(all), err)
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
