package audit_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// ledger is a house whose movements a test makes up.
type ledger struct {
	*stocktest.House
	auditor *audit.Auditor
	places  []inventory.Location // a warehouse and two vans of the outlet, and a van of another
	techs   []who.Actor
	parts   []inventory.Part
	other   uuid.UUID          // the other outlet
	central inventory.Location // a warehouse that no outlet has
}

func open(t *testing.T) *ledger {
	t.Helper()
	h := stocktest.Open(t)
	l := &ledger{House: h, auditor: audit.NewAuditor(h.Ledger), other: h.NewOutlet()}
	l.places = append(l.places, h.Warehouse)
	l.central = inventory.Location{ID: stocktest.NewID(), Kind: inventory.KindWarehouse, Active: true}
	h.Exec(`INSERT INTO locations (id, code, name, kind, may_go_negative, created_at, updated_at) VALUES ($1, $2, 'Central', 'warehouse', false, now(), now())`,
		l.central.ID, stocktest.Fresh("CENTRAL"))
	for _, o := range []uuid.UUID{h.Outlet, h.Outlet, l.other} {
		tech, van := h.Technician(o)
		l.techs, l.places = append(l.techs, tech), append(l.places, van)
	}
	for range 4 {
		l.parts = append(l.parts, h.Part(""))
	}
	return l
}

// move books so many of a part between two places at a moment, as the flows do.
func (l *ledger) move(kind inventory.MovementKind, at time.Time, p inventory.Part, n int, from, to inventory.Location) inventory.Movement {
	l.Helper()
	var moved []inventory.Movement
	l.Must(l.DB.InTx(l.Context(), func(ctx context.Context) (err error) {
		moved, err = l.Ledger.Move(ctx, l.Clerk, inventory.Slip{Kind: kind, OccurredAt: at, Short: kind == inventory.MovementUse},
			[]inventory.Entry{{Counted: inventory.Counted{Part: p, Quantity: n, At: inventory.Pointers{None: true}}, From: from, To: to}})
		return err
	}))
	return moved[0]
}

// at is a place of a kind outside the house.
func (l *ledger) at(kind inventory.Kind) inventory.Location {
	l.Helper()
	outlet := &l.Outlet
	if kind == inventory.KindSupplier {
		outlet = nil
	}
	loc, err := l.Ledger.Place(l.Context(), kind, outlet)
	l.Must(err)
	return loc
}

func (l *ledger) reconcile(by who.Actor, q audit.Query) audit.Report {
	l.Helper()
	r, err := l.auditor.Reconcile(l.Context(), by, q)
	l.Must(err)
	return r
}

var day = time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -40)

// random makes a ledger of many movements up over 40 days, reversals among them.
func (l *ledger) random(n int) {
	l.Helper()
	supplier, site, adjustment := l.at(inventory.KindSupplier), l.at(inventory.KindCustomerSite), l.at(inventory.KindAdjustment)
	dice := rand.New(rand.NewPCG(1, 2))
	have := func(loc inventory.Location, p inventory.Part) int { return l.Holds(loc.ID, p) }
	var all []inventory.Movement
	for i := range n {
		at := day.Add(time.Duration(i) * 40 * 24 * time.Hour / time.Duration(n))
		p, place, next := l.parts[dice.IntN(len(l.parts))], l.places[dice.IntN(len(l.places))], l.places[dice.IntN(len(l.places))]
		some := min(1+dice.IntN(5), have(place, p))
		switch what := dice.IntN(10); {
		case what < 3:
			all = append(all, l.move(inventory.MovementReceive, at, p, 1+dice.IntN(20), supplier, l.Warehouse))
		case what < 6 && some > 0 && place.ID != next.ID:
			all = append(all, l.move(inventory.MovementTransfer, at, p, some, place, next))
		case what == 6 && place.Kind == inventory.KindVan && have(place, p) > -5:
			all = append(all, l.move(inventory.MovementUse, at, p, 1+dice.IntN(3), place, site))
		case what == 7 && some > 0:
			all = append(all, l.move(inventory.MovementCount, at, p, some, place, adjustment))
		case what == 8:
			all = append(all, l.move(inventory.MovementCount, at, p, 1, adjustment, place))
		case what == 9 && len(all) > 0:
			// Some are counted, some reversed already, and some parts are elsewhere by now: then the ledger refuses.
			_, err := l.Ledger.Reverse(l.Context(), who.System, all[dice.IntN(len(all))].ID, "a mistake")
			if err != nil && !fault.Is(err, fault.Conflict) {
				l.Fatal(err)
			}
		}
	}
}

func figureOf(f audit.Figures, name audit.Figure) int {
	return map[audit.Figure]int{
		audit.FigureOpening: f.Opening, audit.FigureIssued: f.Issued, audit.FigureUsed: f.Used,
		audit.FigureReturned: f.Returned, audit.FigureVariance: f.Variance, audit.FigureClosing: f.Closing,
	}[name]
}

var figures = []audit.Figure{audit.FigureOpening, audit.FigureIssued, audit.FigureUsed, audit.FigureReturned, audit.FigureVariance, audit.FigureClosing}

func TestEveryFigureIsTheSumOfItsMovements(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.places = append(l.places, l.central, l.bin(), l.Place(inventory.KindQuarantine, l.Outlet))
	l.random(400)
	if n := l.Count(`SELECT count(*) FROM movements m JOIN movements o ON o.id = m.reverses_id WHERE o.kind IN ('use', 'transfer', 'receive')
		HAVING count(DISTINCT o.kind) = 3`); n < 10 {
		t.Fatalf("only %d reversals of three kinds", n)
	}
	drilled := 0
	for _, by := range []audit.By{audit.ByTechnician, audit.ByOutlet, audit.ByPart, audit.ByLocation} {
		for _, q := range []audit.Query{
			{By: by, From: day.AddDate(0, 0, 10), To: day.AddDate(0, 0, 30)},
			{By: by, From: day.AddDate(0, 0, 39), To: time.Now().Add(time.Hour)},
		} {
			r := l.reconcile(who.System, q)
			if !r.Sound() || len(r.Rows) == 0 {
				t.Fatalf("by %s: %d rows, sound: %v", by, len(r.Rows), r.Sound())
			}
			for _, row := range r.Rows {
				for _, f := range figures {
					sum := 0
					of := q
					of.PartID = &row.PartID
					switch by {
					case audit.ByTechnician:
						of.TechnicianID = row.HolderID
					case audit.ByOutlet:
						if of.OutletID = row.HolderID; row.HolderKind != "" { // a place that no outlet has
							of.OutletID, of.LocationID = nil, row.HolderID
						}
					case audit.ByLocation:
						of.LocationID = row.HolderID
					case audit.ByPart:
					}
					var after audit.Step
					for {
						d, next, err := l.auditor.Movements(t.Context(), who.System, of, f, after, 7)
						l.Must(err)
						for _, e := range d.Entries {
							sum += e.Amount
							drilled++
						}
						if after = next; next == (audit.Step{}) {
							if want := figureOf(row.Figures, f); sum != want || d.Sum != want {
								t.Errorf("by %s: %s of %s, part %s is %d, its movements sum to %d and say %d", by, f, row.HolderName, row.PartNumber, want, sum, d.Sum)
							}
							break
						}
					}
				}
			}
		}
	}
	t.Logf("%d movements behind the figures", drilled)
}

func TestFiguresAreWhatHappened(t *testing.T) {
	t.Parallel()
	l := open(t)
	p, van, tech := l.parts[0], l.places[1], l.techs[0]
	supplier, site, adjustment := l.at(inventory.KindSupplier), l.at(inventory.KindCustomerSite), l.at(inventory.KindAdjustment)
	l.move(inventory.MovementReceive, day, p, 100, supplier, l.Warehouse)
	l.move(inventory.MovementTransfer, day.AddDate(0, 0, 1), p, 6, l.Warehouse, van)
	from := day.AddDate(0, 0, 2)
	l.move(inventory.MovementTransfer, from, p, 10, l.Warehouse, van) // the first moment is in
	use := l.move(inventory.MovementUse, from.AddDate(0, 0, 1), p, 3, van, site)
	l.move(inventory.MovementUse, from.AddDate(0, 0, 1), p, 2, van, site)
	l.move(inventory.MovementUnused, from.AddDate(0, 0, 2), p, 4, van, l.Warehouse)
	l.move(inventory.MovementCount, from.AddDate(0, 0, 2), p, 2, van, adjustment)
	l.move(inventory.MovementCount, from.AddDate(0, 0, 3), p, 1, adjustment, van)
	to := from.AddDate(0, 0, 10)
	l.move(inventory.MovementTransfer, to, p, 5, l.Warehouse, van) // the last is not
	own := func(to time.Time) audit.Row {
		t.Helper()
		r := l.reconcile(tech, audit.Query{By: audit.ByTechnician, From: from, To: to})
		if len(r.Rows) != 1 || *r.Rows[0].HolderID != *tech.TechnicianID || !r.Sound() {
			t.Fatalf("%+v", r.Rows)
		}
		return r.Rows[0]
	}
	if got, want := own(to).Figures, (audit.Figures{Opening: 6, Issued: 10, Used: 5, Returned: 4, Variance: 1, Closing: 6}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	_, err := l.Ledger.Reverse(t.Context(), who.System, use.ID, "wrong job")
	l.Must(err)
	later := own(time.Now().Add(time.Hour))
	if want := (audit.Figures{Opening: 6, Issued: 15, Used: 2, Returned: 4, Variance: 1, Closing: 14}); later.Figures != want {
		t.Errorf("after a reversal: got %+v, want %+v", later.Figures, want)
	}
	// More is used than the books have: closing owes it, and the row says so.
	l.move(inventory.MovementUse, time.Time{}, p, 16, van, site)
	short := own(time.Now().Add(time.Hour))
	if short.Short != 2 || short.Closing != -2 || short.Attention() != audit.AttentionVariance {
		t.Errorf("short by %d, closing %d, %s", short.Short, short.Closing, short.Attention())
	}
}

func TestEverybodySeesHisOwnScope(t *testing.T) {
	t.Parallel()
	l := open(t)
	for i, place := range l.places {
		l.move(inventory.MovementReceive, day, l.parts[0], 10+i, l.at(inventory.KindSupplier), place)
	}
	inspector := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Inspector}}
	theirs := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &l.other}
	q := func(by audit.By) audit.Query { return audit.Query{By: by, From: day.AddDate(0, 0, -1)} }
	for _, tt := range []struct {
		name   string
		by     who.Actor
		query  audit.Query
		rows   int
		issued int
	}{
		{"a technician, whatever he asks by", l.techs[1], q(audit.ByLocation), 1, 12},
		{"a technician by outlet", l.techs[1], q(audit.ByOutlet), 1, 12},
		{"an outlet's clerk by technician", l.Clerk, q(audit.ByTechnician), 2, 23},
		{"an outlet's clerk by location", l.Clerk, q(audit.ByLocation), 3, 33},
		{"another outlet's clerk", theirs, q(audit.ByLocation), 1, 13},
		{"everybody's by technician", inspector, q(audit.ByTechnician), 3, 36},
		{"everybody's by part", inspector, q(audit.ByPart), 1, 46},
		{"everybody's by outlet", inspector, q(audit.ByOutlet), 2, 46},
		{"an outlet's clerk by outlet", l.Clerk, q(audit.ByOutlet), 1, 33},
	} {
		r := l.reconcile(tt.by, tt.query)
		issued := 0
		for _, row := range r.Rows {
			issued += row.Issued
		}
		if len(r.Rows) != tt.rows || issued != tt.issued || r.Totals[0].Units[0].Issued != issued {
			t.Errorf("%s: %d rows of %d pieces (%+v), want %d of %d", tt.name, len(r.Rows), issued, r.Totals, tt.rows, tt.issued)
		}
	}
	filtered := q(audit.ByTechnician)
	filtered.TechnicianID = l.techs[2].TechnicianID
	if r := l.reconcile(l.Clerk, filtered); len(r.Rows) != 0 {
		t.Errorf("another outlet's technician is there: %+v", r.Rows)
	}
}

// A forged balance is what the equation is there to find.
func TestAForgedBalanceDoesNotAddUp(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.move(inventory.MovementReceive, day, l.parts[0], 10, l.at(inventory.KindSupplier), l.places[1])
	l.move(inventory.MovementReceive, day, l.parts[1], 10, l.at(inventory.KindSupplier), l.places[1])
	l.forge(`UPDATE balances SET quantity = 7 WHERE quantity = 10 AND part_id = '` + l.parts[1].ID.String() + `'`)
	r := l.reconcile(who.System, audit.Query{By: audit.ByTechnician, From: day})
	if r.Sound() || len(r.Rows) != 2 || r.Rows[0].Holds() || r.Rows[0].Closing != 7 || r.Rows[0].Attention() != audit.AttentionUnsound || r.Totals[0].Unsound != 1 {
		t.Errorf("%+v", r)
	}
	_, err := l.auditor.LockPeriod(t.Context(), who.System, audit.Lock{Name: "x", EndsAt: time.Now().Add(-time.Hour)})
	l.Refused(err, fault.Conflict, "do not make the 7 that are there")
	if n := l.Count(`SELECT count(*) FROM stock_periods`) + l.Count(`SELECT count(*) FROM period_balances`); n != 0 {
		t.Errorf("%d rows are left of a lock that was refused", n)
	}
}

// forge writes behind every promise's back, as whoever owns the tables could.
func (l *ledger) forge(statement string) {
	l.Helper()
	l.Must(l.DB.InTx(l.Context(), func(ctx context.Context) error {
		for _, q := range []string{`RESET ROLE`, `SET LOCAL session_replication_role = replica`, statement, `SET ROLE ` + pg.AppRole} {
			if _, err := pg.Exec(ctx, l.DB, q); err != nil {
				return err
			}
		}
		return nil
	}))
}
