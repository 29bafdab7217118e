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

	"github.com/google/uuid"
)

// move moves parts past every flow, and says when it happened; the zero time is now.
func (s *shelf) move(kind inventory.MovementKind, from, to inventory.Location, at time.Time, short bool, lines ...inventory.Line) {
	s.Helper()
	s.Must(s.DB.InTx(s.Context(), func(ctx context.Context) error {
		var f fault.Faults
		all, err := s.Ledger.Resolve(ctx, lines, &f)
		if err == nil {
			err = f.Err(fault.Invalid, "x")
		}
		if err == nil {
			_, err = s.Ledger.Move(ctx, who.System, inventory.Slip{Kind: kind, OccurredAt: at, Short: short}, inventory.Between(all, from, to))
		}
		return err
	}))
}

// site is where the outlet's customers are.
func (s *shelf) site() inventory.Location {
	s.Helper()
	at, err := s.Ledger.Place(s.Context(), inventory.KindCustomerSite, &s.Outlet)
	s.Must(err)
	return at
}

func TestMovementsGoOnWhileACountRuns(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	_, van := s.Technician(s.Outlet)
	before, after, still := s.Part(""), s.Part(""), s.Part("")
	for _, p := range []inventory.Part{before, after, still} {
		s.priced(p, 10, 100)
	}
	k := s.full(s.Warehouse)
	// Received before its line is counted: the seven more are there and expected.
	s.priced(before, 7, 100)
	s.tell(s.Clerk, k, before, 17)
	// Nine found, then four handed out and two received: one was missing all the time.
	s.tell(s.Clerk, k, after, 9)
	s.move(inventory.MovementTransfer, s.Warehouse, van, time.Time{}, false, inventory.Line{PartID: after.ID, Quantity: 4})
	s.priced(after, 2, 100)
	s.tell(s.Clerk, k, still, 10)
	s.finish(k)
	now := s.explain(k, counts.ReasonLost)
	s.priced(still, 1, 100) // while the sheet is looked at
	sheet, err := s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	for p, want := range map[*inventory.Part][3]int{&before: {17, 0, 17}, &after: {10, -1, 7}, &still: {10, 0, 11}} {
		l := line(t, sheet, s.Warehouse.ID, *p)
		if got := [3]int{*l.Expected, l.Over, s.Holds(s.Warehouse.ID, *p)}; got != want {
			t.Errorf("%s: expected, over, held are %v, want %v", p.Number, got, want)
		}
	}
	s.Sound()
}

func TestAReceiptIsRecordedAtTheVeryMoment(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.Part("")
	s.priced(p, 10, 100)
	k := s.full(s.Warehouse)
	ended := make(chan error, 40)
	for range 20 {
		go func() {
			_, err := s.Ledger.Receive(s.Context(), who.System, inventory.Receipt{LocationID: s.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
			ended <- err
		}()
		go func() {
			zero := 0
			_, err := s.counts.Count(s.Context(), s.Clerk, k.ID, nil, true, []counts.Told{{PartID: p.ID, Quantity: &zero}})
			ended <- err
		}()
	}
	for range 40 {
		s.Must(<-ended)
	}
	// Whenever the last one counted: the shelf was empty then, and what the books had then goes.
	s.finish(k)
	now := s.explain(k, counts.ReasonLost)
	sheet, err := s.counts.Approve(t.Context(), s.boss, k.ID, now.Version)
	s.Must(err)
	expected := *line(t, sheet, s.Warehouse.ID, p).Expected
	if got := s.Holds(s.Warehouse.ID, p); expected < 10 || got != 30-expected {
		t.Errorf("expected %d when it was counted, %d are left of 30", expected, got)
	}
	s.Sound()
}

func TestMovedBetweenTwoCountingsIsCountedAnew(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p := s.Part("")
	s.priced(p, 10, 100)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 4)
	s.priced(p, 3, 100)
	s.tell(s.Clerk, k, p, 6)
	now, err := s.counts.Find(ctx, s.Clerk, k.ID)
	s.Must(err)
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version, "", "")
	s.Refused(err, fault.Conflict, "part "+p.Number+" in "+s.Warehouse.Name+" moved while it was counted: count it anew")
	n := 13
	now, err = s.counts.Count(ctx, s.Clerk, k.ID, nil, true, []counts.Told{{PartID: p.ID, Quantity: &n}})
	s.Must(err)
	if len(now.Lines) != 1 || *now.Lines[0].Counted != 13 || now.Lines[0].Disturbed {
		t.Errorf("counted anew: %+v", now.Lines)
	}
	now = s.finish(k)
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version) // nothing differs, so no reason is asked for
	s.Must(err)
	if got := s.Holds(s.Warehouse.ID, p); got != 13 {
		t.Errorf("the warehouse holds %d", got)
	}
}

func TestWhatAPhoneToldLateExplainsTheVariance(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	wire, unit := s.Part(""), s.Part("s")
	s.Stock(van, wire, 5)
	s.Stock(van, unit, 0, "U1", "U2")
	earlier := time.Now().Add(-time.Hour)
	k := s.full(van)
	s.tell(tech, k, wire, 3) // two were used this morning, and the phone has been offline since
	_, err := s.counts.Count(ctx, tech, k.ID, nil, false, []counts.Told{{PartID: unit.ID, Serials: []string{"U1"}}})
	s.Must(err)
	now := s.finish(k)
	if l := sheetLine(s, k, van, wire); l.Over != -2 || l.Told != 0 || len(l.Late) != 0 {
		t.Errorf("before the phone told: %+v", l)
	}
	s.move(inventory.MovementUse, van, s.site(), earlier, false, inventory.Line{PartID: wire.ID, Quantity: 1}, inventory.Line{PartID: unit.ID, Serials: []string{"U2"}})
	s.move(inventory.MovementUse, van, s.site(), time.Time{}, false, inventory.Line{PartID: wire.ID, Quantity: 1}) // after the count: explains nothing
	l := sheetLine(s, k, van, wire)
	if l.Over != -1 || l.Told != -1 || len(l.Late) != 1 || l.Late[0].Quantity != -1 || l.Late[0].Kind != inventory.MovementUse {
		t.Errorf("after the phone told: %+v", l)
	}
	if l := sheetLine(s, k, van, unit); l.Over != 0 || len(l.Differs) != 0 {
		t.Errorf("the unit that was used differs still: %+v", l)
	}
	now = s.explain(now, counts.ReasonUnrecordedUse)
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	if got := s.Holds(van.ID, wire); got != 2 {
		t.Errorf("the van holds %d, want 3 as counted less one used since", got)
	}
	s.Sound()
}

func sheetLine(s *shelf, k counts.Count, at inventory.Location, p inventory.Part) counts.Variance {
	s.Helper()
	sheet, err := s.counts.Sheet(s.Context(), s.boss, k.ID)
	s.Must(err)
	return line(s, sheet, at.ID, p)
}

func TestWhatAVanOwesIsBroughtToNought(t *testing.T) {
	t.Parallel()
	s := open(t)
	tech, van := s.Technician(s.Outlet)
	p := s.Part("")
	s.Stock(van, p, 1)
	s.move(inventory.MovementUse, van, s.site(), time.Time{}, true, inventory.Line{PartID: p.ID, Quantity: 4})
	if got := s.Holds(van.ID, p); got != -3 {
		t.Fatalf("the van holds %d, want 3 owed", got)
	}
	k, err := s.counts.Open(t.Context(), tech, counts.Opening{LocationID: van.ID, Scope: counts.ScopeCycle, PartIDs: []uuid.UUID{p.ID}})
	s.Must(err)
	s.tell(tech, k, p, 0)
	s.finish(k)
	now := s.explain(k, counts.ReasonUnrecordedReturn)
	sheet, err := s.counts.Approve(t.Context(), s.boss, k.ID, now.Version)
	s.Must(err)
	if l := line(t, sheet, van.ID, p); l.Over != 3 || s.Holds(van.ID, p) != 0 {
		t.Errorf("over %d, the van holds %d", l.Over, s.Holds(van.ID, p))
	}
	s.Sound()
}
