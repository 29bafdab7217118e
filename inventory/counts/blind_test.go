package counts_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/counts"
	"callout/inventory/receiving"
	"callout/inventory/scans"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// reads is what the books tell somebody of a part in a place, by every way there is: "7" where one tells the
// quantity, "N1" where one tells that the unit is there.
func (s *shelf) reads(by who.Actor, at inventory.Location, p inventory.Part) map[string]bool {
	s.Helper()
	ctx := s.Context()
	told := map[string]bool{}
	stock, _, err := s.Ledger.ListStock(ctx, by, inventory.StockFilter{LocationID: &at.ID, PartID: &p.ID}, inventory.StockKey{}, 10)
	s.Must(err)
	told["stock"] = slices.ContainsFunc(stock, func(b inventory.Balance) bool { return !b.Withheld || b.Quantity != 0 || b.Reserved != 0 })
	for name, f := range map[string]inventory.UnitFilter{
		"units of the place": {LocationID: &at.ID}, "units of the part": {PartID: &p.ID}, "units of the place by serial": {LocationID: &at.ID, Serial: "N1"},
	} {
		units, _, err := s.Ledger.ListUnits(ctx, by, f, uuid.Nil, 10)
		s.Must(err)
		told[name] = slices.ContainsFunc(units, func(u inventory.Unit) bool { return u.PartID == p.ID })
	}
	units, _, err := s.Ledger.ListUnits(ctx, by, inventory.UnitFilter{Serial: "N1"}, uuid.Nil, 10)
	s.Must(err)
	for _, u := range units {
		one, err := s.Ledger.FindUnit(ctx, by, u.ID)
		s.Must(err)
		told["a unit by its serial"] = told["a unit by its serial"] || u.LocationID != nil || !u.Withheld
		told["a unit"] = told["a unit"] || one.LocationID != nil || slices.ContainsFunc(one.Path, func(step inventory.Step) bool { return step.ToLocation == at.ID })
	}
	moves, _, err := s.Ledger.ListMovements(ctx, by, inventory.MovementFilter{PartID: &p.ID}, uuid.Nil, 10)
	s.Must(err)
	told["movements"] = slices.ContainsFunc(moves, func(m inventory.Movement) bool { return at.ID == m.FromLocation || at.ID == m.ToLocation })
	last, _, err := s.Ledger.ListMovements(ctx, who.System, inventory.MovementFilter{PartID: &p.ID, LocationID: &at.ID}, uuid.Nil, 1)
	s.Must(err)
	_, err = s.Ledger.ReadMovement(ctx, by, last[0].ID)
	told["a movement"] = s.tells(err)
	m, err := scans.NewScanner(s.Ledger).Resolve(ctx, by, scans.Ask{Scan: p.Number})
	s.Must(err)
	told["a scan of the part"] = slices.ContainsFunc(m.Matches[0].Where, func(w scans.Place) bool {
		return w.LocationID == at.ID && (!w.Withheld || w.Quantity != 0 || w.Reserved != 0)
	})
	if m, err = scans.NewScanner(s.Ledger).Resolve(ctx, by, scans.Ask{Scan: "N1"}); err != nil || len(m.Matches) > 0 {
		s.Must(err)
		told["a scan of the unit"] = len(m.Matches[0].Where) > 0 || !m.Matches[0].Withheld
	}
	_, err = audit.NewAuditor(s.Ledger).Reconcile(ctx, by, audit.Query{By: audit.ByLocation, LocationID: &at.ID})
	told["reconciliation"] = s.tells(err)
	_, _, err = audit.NewAuditor(s.Ledger).Movements(ctx, by, audit.Query{By: audit.ByLocation, LocationID: &at.ID}, audit.FigureClosing, audit.Step{}, 10)
	told["what is behind it"] = s.tells(err)
	return told
}

// tells says whether somebody was answered, and demands that the count was named to him otherwise.
func (s *shelf) tells(err error) bool {
	s.Helper()
	if err == nil {
		return true
	}
	s.Refused(err, fault.Forbidden, "who counts does not see what the books expect before count K")
	return false
}

// knows demands that every way tells somebody of a part in a place, or none does.
func (s *shelf) knows(name string, by who.Actor, at inventory.Location, p inventory.Part, want bool) {
	s.Helper()
	for way, told := range s.reads(by, at, p) {
		if told != want {
			s.Errorf("%s is told by %s: %v, want %v", name, way, told, want)
		}
	}
}

func TestWhoCountsDoesNotReadTheBooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	counted, other, plain := s.Part("s"), s.Part("s"), s.Part("")
	s.Stock(s.Warehouse, counted, 0, "N1", "N2", "N3", "N4", "N5", "N6", "N7")
	s.Stock(s.Warehouse, other, 0, "X1")
	s.Stock(s.Warehouse, plain, 7)
	opener, colleague, picker := s.clerk(), s.clerk(), s.clerk()
	both := s.clerk()
	both.Roles = append(both.Roles, who.Supervisor)
	k, err := s.counts.Open(ctx, opener, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeCycle, PartIDs: []uuid.UUID{counted.ID, plain.ID}})
	s.Must(err)
	s.knows("who opened it", opener, s.Warehouse, counted, false)
	for _, by := range []who.Actor{colleague, picker, both, s.chief} {
		s.knows("who does not count", by, s.Warehouse, counted, true)
	}
	for _, by := range []who.Actor{colleague, both} {
		_, err = s.counts.Count(ctx, by, k.ID, &s.Warehouse.ID, false, []counts.Told{{PartID: counted.ID, Serials: []string{"N1"}}})
		s.Must(err)
		s.knows("who counts", by, s.Warehouse, counted, false)
	}
	s.knows("who picks", picker, s.Warehouse, counted, true)
	if stock, _, err := s.Ledger.ListStock(ctx, colleague, inventory.StockFilter{PartID: &other.ID}, inventory.StockKey{}, 10); err != nil || len(stock) != 1 || stock[0].Withheld || stock[0].Quantity != 1 {
		t.Errorf("what is not counted: %+v, %v", stock, err)
	}
	// A refusal tells no more than a list does.
	far := s.Place(inventory.KindWarehouse, s.Outlet)
	carry := func(by who.Actor) error {
		_, err := s.Ledger.Transfer(ctx, by, inventory.Transfer{FromLocation: s.Warehouse.ID, ToLocation: far.ID, Lines: stocktest.Lines(inventory.Line{PartID: plain.ID, Quantity: 99})})
		return err
	}
	s.Refused(carry(colleague), fault.Conflict, "/lines/0/quantity "+s.Warehouse.Name+" does not hold so many of part "+plain.Number)
	s.Refused(carry(picker), fault.Conflict, s.Warehouse.Name+" holds 7 of part "+plain.Number+", 92 more are needed")

	shut := func(by who.Actor) error {
		_, err := s.Ledger.AmendLocation(ctx, by, s.Warehouse.ID, s.Warehouse.Version, inventory.LocationChange{Active: new(false)})
		return err
	}
	s.Refused(shut(colleague), fault.Conflict, "/active "+s.Warehouse.Name+" is being counted")
	s.Refused(shut(picker), fault.Conflict, "/active "+s.Warehouse.Name+" holds 7 of part "+plain.Number)
	if err := shut(colleague); strings.Count(err.Error(), "is being counted") != 1 {
		t.Errorf("who counts is told how much is there: %v", err)
	}

	now, err := s.counts.Find(ctx, opener, k.ID)
	s.Must(err)
	_, err = s.counts.Finish(ctx, opener, k.ID, now.Version, counts.UncountedKeep, "no time for it today")
	s.Must(err)
	for _, by := range []who.Actor{opener, colleague, both} {
		s.knows("who counted", by, s.Warehouse, counted, true)
	}
}

func TestATechnicianIsBlindToACountOfHisVan(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	mate, _ := s.Technician(s.Outlet)
	p := s.Part("s")
	s.Stock(van, p, 0, "N1", "N2")
	dock := receiving.New(s.Ledger, receiving.Deps{Policies: policy.NewBook(s.DB, time.Now)})
	_, err := dock.SetLevels(ctx, s.boss, van.ID, 1, []receiving.Level{{PartID: p.ID, Min: 5, Max: 9}})
	s.Must(err)
	proposed := func(by who.Actor) int {
		t.Helper()
		all, err := dock.Propose(ctx, by, receiving.ProposalFilter{})
		s.Must(err)
		return len(all)
	}
	s.knows("the technician", tech, van, p, true)
	k, err := s.counts.Open(ctx, s.boss, counts.Opening{LocationID: van.ID, Scope: counts.ScopeFull})
	s.Must(err)
	s.knows("the technician", tech, van, p, false)
	s.knows("his mate", mate, van, p, true)
	s.knows("the supervisor who opened it", s.boss, van, p, true)
	if proposed(tech) != 0 || proposed(s.boss) != 1 {
		t.Errorf("he is proposed %d, his supervisor %d", proposed(tech), proposed(s.boss))
	}
	for _, c := range []struct {
		by   who.Actor
		want int
	}{{tech, 0}, {s.boss, 2}} {
		o, err := s.Counter.OpenStock(ctx, c.by, *tech.TechnicianID)
		s.Must(err)
		if len(o.Holdings) != 1 || o.Holdings[0].Quantity != c.want || o.Holdings[0].Withheld != (c.want == 0) {
			t.Errorf("he still has %+v", o.Holdings)
		}
		err = s.Counter.Leave(ctx, c.by, *tech.TechnicianID, func(context.Context) error { return nil })
		if s.Refused(err, fault.Conflict, p.Number); strings.Contains(err.Error(), "2 ×") != (c.want == 2) {
			t.Errorf("refused with %v", err)
		}
	}
	_, err = s.counts.Cancel(ctx, s.boss, k.ID, k.Version)
	s.Must(err)
	s.knows("the technician", tech, van, p, true)
}

func TestHeldStockIsCountedBlindly(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p := s.Part("s")
	s.Stock(s.Warehouse, p, 0, "N1")
	at, err := s.Ledger.SubPlace(ctx, inventory.KindQuarantine, s.Warehouse)
	s.Must(err)
	_, err = s.Ledger.Transfer(ctx, s.Clerk, inventory.Transfer{FromLocation: s.Warehouse.ID, ToLocation: at.ID, Note: "dented", Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"N1"}})})
	s.Must(err)
	dock := receiving.New(s.Ledger, receiving.Deps{Policies: policy.NewBook(s.DB, time.Now)})
	s.full(at)
	for _, c := range []struct {
		by   who.Actor
		want int
	}{{s.Clerk, 0}, {s.clerk(), 1}} {
		if held, _, err := dock.ListHeld(ctx, c.by, receiving.HeldFilter{}, uuid.Nil, 10); err != nil || len(held) != c.want {
			t.Errorf("%d held, want %d (%v)", len(held), c.want, err)
		}
	}
}
