package counts_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

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
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version, "", "")
	s.Refused(err, fault.Conflict, "part "+valve.Number+" in "+s.Warehouse.Name+" is not counted")
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version-1, counts.UncountedZero, "")
	s.Refused(err, fault.Stale, "count is at version")
	now, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version, counts.UncountedZero, "")
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

func TestAPlaceThatIsBeingCountedIsNotClosed(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	bin, err := s.Ledger.OpenLocation(ctx, s.Clerk, inventory.Location{Code: stocktest.Fresh("B"), Name: "Bin 7", Kind: inventory.KindBin, WarehouseID: &s.Warehouse.ID, OutletID: &s.Outlet})
	s.Must(err)
	k := s.full(bin)
	shut := func(at inventory.Location) error {
		_, err := s.Ledger.AmendLocation(ctx, s.boss, at.ID, at.Version, inventory.LocationChange{Active: new(false)})
		return err
	}
	for _, at := range []inventory.Location{bin, s.Warehouse} { // a warehouse is its bins
		s.Refused(shut(at), fault.Conflict, "/active Bin 7 is being counted")
	}
	now := s.finish(k)
	s.Refused(shut(bin), fault.Conflict, "is being counted") // what it found is not approved yet
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	s.Must(shut(bin))
}
