package counts_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// units counts units in a place.
func (s *shelf) units(by who.Actor, k counts.Count, at inventory.Location, p inventory.Part, serials ...string) {
	s.Helper()
	_, err := s.counts.Count(s.Context(), by, k.ID, &at.ID, false, []counts.Told{{PartID: p.ID, Serials: serials}})
	s.Must(err)
}

// bin is a bin of the warehouse.
func (s *shelf) bin() inventory.Location {
	s.Helper()
	code := "B-" + uuid.NewString()[:8]
	loc, err := s.Ledger.OpenLocation(s.Context(), who.System, inventory.Location{
		Code: code, Name: "bin " + code, Kind: inventory.KindBin, OutletID: &s.Outlet, WarehouseID: &s.Warehouse.ID,
	})
	s.Must(err)
	return loc
}

func TestUnitsThatAreNotWhereTheBooksHaveThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	_, van := s.Technician(s.Outlet)
	shelf, bin := s.bin(), s.bin()
	p := s.Part("s")
	s.Stock(shelf, p, 0, "HERE", "GONE", "WRONG-BIN")
	s.Stock(van, p, 0, "VAN")
	s.Stock(s.Warehouse, p, 0, "USED")
	s.move(inventory.MovementUse, s.Warehouse, s.site(), time.Time{}, false, inventory.Line{PartID: p.ID, Serials: []string{"USED"}})

	k, err := s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, WithBins: true, Scope: counts.ScopeFull})
	s.Must(err)
	if len(k.Places) != 3 {
		t.Errorf("the count covers %+v", k.Places)
	}
	for range 5 {
		s.units(s.Clerk, k, shelf, p, "HERE", "VAN", "NEW")
	}
	s.units(s.clerk(), k, bin, p, "WRONG-BIN", "USED")
	blind, err := s.counts.Find(ctx, s.Clerk, k.ID)
	s.Must(err)
	for _, l := range blind.Lines {
		if l.LocationID == shelf.ID && (*l.Counted != 3 || !slices.Equal(l.Found(), []string{"HERE", "NEW", "VAN"})) {
			t.Errorf("five times the same scan: %+v", l)
		}
	}
	now := s.finish(k)
	sheet, err := s.counts.Sheet(ctx, s.boss, k.ID)
	s.Must(err)
	on, in := line(t, sheet, shelf.ID, p), line(t, sheet, bin.ID, p)
	if on.Over != 0 || in.Over != 2 || *on.Counted != 3 || *on.Expected != 3 {
		t.Errorf("the shelf is over by %d, the bin by %d", on.Over, in.Over)
	}
	said := map[string]counts.Differing{}
	for _, d := range slices.Concat(on.Differs, in.Differs) {
		said[d.Serial+" "+string(d.Difference)] = d
	}
	for _, want := range []string{"GONE missing", "WRONG-BIN missing", "VAN misplaced", "NEW unknown", "WRONG-BIN misplaced", "USED misplaced"} {
		if _, told := said[want]; !told || len(said) != 6 {
			t.Errorf("%s is not among %+v", want, said)
		}
	}
	if d := said["VAN misplaced"]; *d.BooksAt != van.ID || *d.BooksName != van.Name {
		t.Errorf("the books have VAN in %v", d.BooksName)
	}
	if d := said["WRONG-BIN missing"]; d.FoundIn == nil || *d.FoundIn != bin.ID {
		t.Errorf("WRONG-BIN was found in %v", d.FoundIn)
	}
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Refused(err, fault.Conflict, "nobody has said why") // also where over and under are even
	now = s.explain(k, counts.ReasonWrongBin)
	sheet, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	for serial, want := range map[string]uuid.UUID{"HERE": shelf.ID, "VAN": shelf.ID, "NEW": shelf.ID, "WRONG-BIN": bin.ID, "USED": bin.ID} {
		at, err := s.Ledger.Standings(ctx, []inventory.SerialOf{{Part: p.ID, Serial: serial}})
		s.Must(err)
		if got := at[inventory.SerialOf{Part: p.ID, Serial: serial}].LocationID; got != want {
			t.Errorf("%s is in %s", serial, got)
		}
	}
	if got := s.WhereIs(p, "GONE"); got != inventory.KindAdjustment {
		t.Errorf("GONE is in %s", got)
	}
	if l := line(t, sheet, shelf.ID, p); len(l.Differs) != 4 || l.Over != 0 {
		t.Errorf("the approved line tells %+v", l.Differs)
	}
	s.Sound()

	// What was lost turns up again.
	k = s.full(van)
	s.units(s.Clerk, k, van, p, "GONE")
	s.finish(k)
	now = s.explain(k, counts.ReasonFound)
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	if got := s.WhereIs(p, "GONE"); got != inventory.KindVan {
		t.Errorf("GONE turned up in %s", got)
	}
	s.Sound()
}

func TestAUnitMovesAfterItWasCounted(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	_, van := s.Technician(s.Outlet)
	_, other := s.Technician(s.Outlet)
	p := s.Part("s")
	s.Stock(s.Warehouse, p, 0, "OUT", "LATER", "STAYS")
	s.Stock(van, p, 0, "WANDERS")
	line1 := func(serial string) inventory.Line { return inventory.Line{PartID: p.ID, Serials: []string{serial}} }
	k := s.full(s.Warehouse)
	s.units(s.Clerk, k, s.Warehouse, p, "OUT", "STAYS", "WANDERS")
	s.move(inventory.MovementTransfer, s.Warehouse, van, time.Time{}, false, line1("OUT"))   // found, then handed out
	s.move(inventory.MovementTransfer, s.Warehouse, van, time.Time{}, false, line1("LATER")) // not found, but the books settled it
	s.move(inventory.MovementTransfer, van, other, time.Time{}, false, line1("WANDERS"))
	s.finish(k)
	l := sheetLine(s, k, s.Warehouse, p)
	if len(l.Differs) != 1 || l.Differs[0].Difference != counts.DifferenceMoved {
		t.Errorf("differs: %+v", l.Differs)
	}
	now := s.explain(k, counts.ReasonFound)
	_, err := s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Refused(err, fault.Conflict, "unit WANDERS of part "+p.Number+" moved since it was found in "+s.Warehouse.Name+": count it again")

	now, err = s.counts.Recount(ctx, s.boss, k.ID, now.Version, []counts.Spot{{LocationID: s.Warehouse.ID, PartID: p.ID}})
	s.Must(err)
	s.units(s.clerk(), now, s.Warehouse, p, "STAYS")
	now = s.finish(k)
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	if got := s.Count(`SELECT count(*) FROM movements WHERE kind = 'count'`); got != 0 {
		t.Errorf("%d movements where nothing differs", got)
	}
	s.Sound()
}

func TestAUnitOfAnotherOutletIsNotTheirs(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	there := s.Place(inventory.KindWarehouse, s.NewOutlet())
	p := s.Part("s")
	s.Stock(s.Warehouse, p, 0, "MINE", "THEIRS")
	s.move(inventory.MovementTransfer, s.Warehouse, there, time.Time{}, false, inventory.Line{PartID: p.ID, Serials: []string{"THEIRS"}})
	k := s.full(s.Warehouse)
	s.units(s.Clerk, k, s.Warehouse, p, "MINE", "THEIRS")
	s.finish(k)
	now := s.explain(k, counts.ReasonFound)
	if d := sheetLine(s, k, s.Warehouse, p).Differs; len(d) != 1 || d[0].BooksAt != nil || d[0].BooksName != nil {
		t.Errorf("the outlet's supervisor learns of another outlet's place: %+v", d)
	}
	_, err := s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Refused(err, fault.Forbidden, "the books have unit THEIRS of part "+p.Number+" in another outlet")
	_, err = s.counts.Approve(ctx, s.chief, k.ID, now.Version)
	s.Must(err)
	if s.Holds(there.ID, p) != 0 || s.Holds(s.Warehouse.ID, p) != 2 {
		t.Error("the unit stayed where it was")
	}
	s.Sound()
}

func TestScansCountWhereTheLabelsSay(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	a, b := s.bin(), s.bin()
	screw, unit, twin := s.Part(""), s.Part("s"), s.Part("s")
	s.Stock(a, unit, 0, "SN-7", "BOTH")
	s.Stock(b, twin, 0, "BOTH")
	k, err := s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, WithBins: true, Scope: counts.ScopeFull})
	s.Must(err)
	_, err = s.counts.Scan(ctx, s.Clerk, k.ID, nil, []string{screw.Number})
	s.Refused(err, fault.Invalid, "/scans/0 scan the place first, or name it")
	now, err := s.counts.Scan(ctx, s.Clerk, k.ID, nil, []string{
		gs1.LocationLabel(a.Code), screw.Number, screw.Number, "SN-7", "SN-7", gs1.UnitLabel(unit.Number, "BOTH"), b.Code, screw.Number,
	})
	s.Must(err)
	got := map[string]int{}
	for _, l := range now.Lines {
		got[l.LocationName+" "+l.PartNumber] = *l.Counted
	}
	for what, want := range map[string]int{a.Name + " " + screw.Number: 2, a.Name + " " + unit.Number: 2, b.Name + " " + screw.Number: 1} {
		if got[what] != want || len(got) != 3 {
			t.Errorf("%s counts %d, want %d (of %v)", what, got[what], want, got)
		}
	}
	// Read once more in another bin: that is where it is.
	now, err = s.counts.Scan(ctx, s.Clerk, k.ID, &b.ID, []string{"SN-7"})
	s.Must(err)
	for _, l := range now.Lines {
		if l.PartID == unit.ID && *l.Counted != 1 {
			t.Errorf("%s counts %d units", l.LocationName, *l.Counted)
		}
	}
	for scan, why := range map[string]string{
		"BOTH": "several parts have a unit BOTH", "NOBODY-KNOWS": "no part is known by this scan", unit.Number: "this scan names none",
		gs1.LocationLabel(s.bin().Code): "is no place of this count", " ": "this scan is empty",
	} {
		_, err := s.counts.Scan(ctx, s.Clerk, k.ID, &a.ID, []string{screw.Number, scan})
		s.Refused(err, fault.Invalid, "/scans/1 ")
		s.Refused(err, fault.Invalid, why)
	}
	if n := s.Count(`SELECT sum(quantity) FROM count_entries WHERE part_id = $1`, screw.ID); n != 3 {
		t.Errorf("refused scans counted: %d screws", n)
	}
	raw := s.Count(`SELECT count(*) FROM count_serials WHERE serial = 'BOTH' AND scan = $1`, gs1.UnitLabel(unit.Number, "BOTH"))
	if raw != 1 {
		t.Error("what the scanner read is not kept")
	}
}

func TestLinesThatDoNotAgree(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, unit := s.Part(""), s.Part("s")
	k, err := s.counts.Open(t.Context(), s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeCycle, PartIDs: []uuid.UUID{p.ID, unit.ID}})
	s.Must(err)
	for why, told := range map[string]counts.Told{
		"/lines/0/part_id no such part":       {PartID: uuid.New(), Quantity: new(1)},
		"/lines/0/quantity is required":       {PartID: p.ID},
		"/lines/0/serials part":               {PartID: p.ID, Serials: []string{"A"}},
		"has serials: name each":              {PartID: unit.ID, Quantity: new(1)},
		"/lines/0/quantity 1 serials":         {PartID: unit.ID, Quantity: new(2), Serials: []string{"A"}},
		"/lines/0/part_id part " + "P":        {PartID: s.Part("").ID, Quantity: new(1)},
		"is not in this count":                {PartID: s.Part("").ID, Quantity: new(1)},
		"/lines/1/part_id part " + p.Number:   {PartID: p.ID, Quantity: new(1)},
		"part " + p.Number + " stands in two": {PartID: p.ID, Quantity: new(1)},
	} {
		lines := []counts.Told{told}
		if told.PartID == p.ID && told.Quantity != nil {
			lines = append(lines, told)
		}
		_, err := s.counts.Count(t.Context(), s.Clerk, k.ID, nil, false, lines)
		s.Refused(err, fault.Invalid, why)
	}
	if s.Count(`SELECT count(*) FROM count_lines`) != 0 {
		t.Error("a refused line was written")
	}
}
