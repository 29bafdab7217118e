package counts_test

import (
	"context"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/stocktest"
)

func TestReservationsGiveWayToWhatIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, _ := s.Technician(s.Outlet)
	p := s.Part("")
	s.priced(p, 5, 100)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 2)
	s.finish(k)
	r := stocktest.NewID()
	s.Exec(`INSERT INTO part_requests (id, number, status, technician_id, van_id, outlet_id, created_at, updated_at)
		SELECT $1, 'P1', 'requested', t.id, t.van_id, t.outlet_id, now(), now() FROM technicians t WHERE t.id = $2`, r, *tech.TechnicianID)
	s.Must(s.DB.InTx(ctx, func(ctx context.Context) error {
		_, err := s.Ledger.Reserve(ctx, r, s.Warehouse, []inventory.Want{{PartID: p.ID, Quantity: 4}}, time.Now().Add(time.Hour))
		return err
	}))
	now := s.explain(k, counts.ReasonTheftSuspected)
	_, err := s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	if n := s.Count(`SELECT reserved FROM balances WHERE location_id = $1 AND part_id = $2`, s.Warehouse.ID, p.ID); n != 2 || s.Holds(s.Warehouse.ID, p) != 2 {
		t.Errorf("%d of %d are reserved", n, s.Holds(s.Warehouse.ID, p))
	}
	s.Sound()
}

func TestWhatIsGoneMeanwhileIsAConflict(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, van := s.Technician(s.Outlet)
	p := s.Part("")
	s.priced(p, 5, 100)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 1)
	s.finish(k)
	now := s.explain(k, counts.ReasonLost)
	s.move(inventory.MovementTransfer, s.Warehouse, van, time.Time{}, false, inventory.Line{PartID: p.ID, Quantity: 3})
	_, err := s.counts.Approve(t.Context(), s.boss, k.ID, now.Version)
	s.Refused(err, fault.Conflict, s.Warehouse.Name+" holds 2 of part "+p.Number+", 2 more are needed")
	if n := s.Count(`SELECT count(*) FROM movements WHERE kind = 'count'`); n != 0 || s.Count(`SELECT count(*) FROM counts WHERE status = 'review'`) != 1 {
		t.Error("the refused approval left a trace")
	}
	s.Sound()
}

func TestTwoApproveAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.Part("")
	s.priced(p, 5, 100)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 3)
	s.finish(k)
	now := s.explain(k, counts.ReasonLost)
	ended := make(chan error)
	for _, by := range []who.Actor{s.boss, s.chief, s.boss, s.chief} {
		go func() { _, err := s.counts.Approve(s.Context(), by, k.ID, now.Version); ended <- err }()
	}
	won := 0
	for range 4 {
		if err := <-ended; err == nil {
			won++
		} else if !fault.Is(err, fault.Stale) {
			t.Error(err)
		}
	}
	if won != 1 || s.Holds(s.Warehouse.ID, p) != 3 {
		t.Errorf("%d approved, the warehouse holds %d", won, s.Holds(s.Warehouse.ID, p))
	}
	s.Sound()
}

func TestACrashBetweenTwoStatementsLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p, unit := s.Part(""), s.Part("s")
	s.priced(p, 5, 100)
	s.Stock(s.Warehouse, unit, 0, "U1", "U2")
	k := s.full(s.Warehouse)
	told := []counts.Told{{PartID: p.ID, Quantity: new(3)}, {PartID: unit.ID, Serials: []string{"U1"}}}
	counting := s.Crashing("counting", func() error {
		_, err := s.counts.Count(ctx, s.Clerk, k.ID, nil, false, told)
		return err
	})
	s.finish(k)
	now := s.explain(k, counts.ReasonLost)
	approving := s.Crashing("approving", func() error {
		_, err := s.counts.Approve(ctx, s.boss, k.ID, now.Version)
		return err
	})
	if counting < 8 || approving < 8 {
		t.Errorf("counting wrote %d times and approving %d times", counting, approving)
	}
	s.Sound()
}

// A shelf that was sold off is not written off in small counts.
func TestManySmallCountsAreOneLargeOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p := s.Part("")
	s.priced(p, 10, 200000)
	counted := func(n int) counts.Count {
		k := s.full(s.Warehouse)
		s.tell(s.Clerk, k, p, n)
		s.finish(k)
		return s.explain(k, counts.ReasonLost)
	}
	for n := 9; n >= 8; n-- {
		k := counted(n)
		_, err := s.counts.Approve(ctx, s.boss, k.ID, k.Version)
		s.Must(err)
	}
	third := counted(7)
	_, err := s.counts.Approve(ctx, s.boss, third.ID, third.Version)
	s.Refused(err, fault.Forbidden, "worth more than an outlet may approve")
	if n := s.Holds(s.Warehouse.ID, p); n != 8 {
		t.Errorf("the books say %d", n)
	}
	_, err = s.counts.Approve(ctx, s.chief, third.ID, third.Version)
	s.Must(err)
	none := counted(7) // nothing differs: that is no value
	_, err = s.counts.Approve(ctx, s.boss, none.ID, none.Version)
	s.Must(err)
	s.Sound()
}
