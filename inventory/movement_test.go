package inventory_test

import (
	"context"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

var contains = strings.Contains

func TestReceiveAndTransfer(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	plain, unit := h.Part(""), h.Part("s")
	van := h.Place(inventory.KindVan, h.Outlet)
	moved, err := h.Ledger.Receive(ctx, h.Clerk, inventory.Receipt{LocationID: h.Warehouse.ID, Note: "DN 7", Lines: []inventory.Line{
		{PartID: plain.ID, Quantity: 10}, {PartID: unit.ID, Serials: []string{"S1", "S2"}},
	}})
	h.Must(err)
	if len(moved) != 2 || moved[1].Quantity != 2 || h.Holds(h.Warehouse.ID, unit) != 2 {
		t.Errorf("received %+v", moved)
	}
	transfer := func(lines ...inventory.Line) error {
		_, err := h.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: lines})
		return err
	}
	h.Must(transfer(inventory.Line{PartID: plain.ID, Quantity: 4}, inventory.Line{PartID: unit.ID, Serials: []string{"S2"}}))
	tests := []struct {
		name string
		line inventory.Line
		code fault.Code
		text string
	}{
		{"more than is there", inventory.Line{PartID: plain.ID, Quantity: 7}, fault.Conflict, "/lines/0/quantity " + h.Warehouse.Name + " holds 6 of part " + plain.Number + ", 1 more are needed"},
		{"a unit that is elsewhere", inventory.Line{PartID: unit.ID, Serials: []string{"S2"}}, fault.Conflict, "/lines/0/serials/0 unit S2 of part " + unit.Number + " is not in " + h.Warehouse.Name + ": it is in " + van.Name},
		{"a unit that nobody knows", inventory.Line{PartID: unit.ID, Serials: []string{"S9"}}, fault.Conflict, "the books do not know it"},
		{"no serials", inventory.Line{PartID: unit.ID, Quantity: 1}, fault.Invalid, "/lines/0/serials"},
		{"serials and another count", inventory.Line{PartID: unit.ID, Quantity: 2, Serials: []string{"S1"}}, fault.Invalid, "/lines/0/quantity 1 serials are named"},
		{"the same serial twice", inventory.Line{PartID: unit.ID, Serials: []string{"S1", "S1"}}, fault.Invalid, "/lines/0/serials/1"},
		{"serials of a part without", inventory.Line{PartID: plain.ID, Serials: []string{"S1"}}, fault.Invalid, "has no serials"},
		{"no quantity", inventory.Line{PartID: plain.ID}, fault.Invalid, "/lines/0/quantity"},
		{"no such part", inventory.Line{PartID: uuid.New(), Quantity: 1}, fault.Invalid, "/lines/0/part_id"},
	}
	before := h.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)`)
	for _, tt := range tests {
		t.Run(tt.name, func(*testing.T) { h.Refused(transfer(tt.line), tt.code, tt.text) })
	}
	if after := h.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)`); after != before {
		t.Errorf("refused transfers left %d traces", after-before)
	}
	h.Sound()
}

func TestTransferKeepsToItsPlaces(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p := h.Part("")
	h.Stock(h.Warehouse, p, 5)
	other := h.Place(inventory.KindWarehouse, h.NewOutlet())
	quarantine := h.Place(inventory.KindQuarantine, h.Outlet)
	outside := func(kind string) uuid.UUID {
		id, err := pg.One[uuid.UUID](t.Context(), h.DB, `SELECT id FROM locations WHERE kind = $1 AND outlet_id IS NULL`, kind)
		h.Must(err)
		return id
	}
	tests := []struct {
		name     string
		from, to uuid.UUID
		text     string // "" where it is allowed
	}{
		{"into another outlet", h.Warehouse.ID, other.ID, "/to_location_id is another outlet's: send the parts there by a transfer in two steps (sendTransfer)"},
		{"out of another outlet", other.ID, h.Warehouse.ID, "/from_location_id no such location"},
		{"to a customer", h.Warehouse.ID, outside("customer_site"), "/to_location_id a place of the kind customer site does not do here"},
		{"from scrap", outside("scrap"), h.Warehouse.ID, "/from_location_id"},
		{"everybody's transit", outside("transit"), h.Warehouse.ID, "/from_location_id transit is not your outlet's"},
		{"to where it is", h.Warehouse.ID, h.Warehouse.ID, "/to_location_id is where the parts are already"},
		{"to scrap, without a witness", h.Warehouse.ID, outside("scrap"), "/to_location_id a place of the kind scrap does not do here"},
		{"written off without a count", h.Warehouse.ID, outside("adjustment"), "/to_location_id a place of the kind adjustment does not do here"},
		{"found without a count", outside("adjustment"), h.Warehouse.ID, "/from_location_id a place of the kind adjustment does not do here"},
		{"held back", h.Warehouse.ID, quarantine.ID, ""},
		{"used all the same", quarantine.ID, h.Warehouse.ID, "/from_location_id a place of the kind quarantine does not do here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			_, err := h.Ledger.Transfer(t.Context(), h.Clerk, inventory.Transfer{FromLocation: tt.from, ToLocation: tt.to, Note: "dented", Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}}})
			if tt.text == "" {
				h.Must(err)
			} else {
				h.Refused(err, fault.Invalid, tt.text)
			}
		})
	}
	h.Sound()
}

func TestReverseOnce(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("s")
	van := h.Place(inventory.KindVan, h.Outlet)
	h.Stock(h.Warehouse, p, 0, "S1", "S2")
	moved, err := h.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: []inventory.Line{{PartID: p.ID, Serials: []string{"S1"}}}})
	h.Must(err)
	back, err := h.Uses.Reverse(ctx, who.System, moved[0].ID, "wrong van")
	h.Must(err)
	if *back.ReversesID != moved[0].ID || h.WhereIs(p, "S1") != inventory.KindWarehouse {
		t.Errorf("reversed by %+v", back)
	}
	_, err = h.Uses.Reverse(ctx, who.System, moved[0].ID, "again")
	h.Refused(err, fault.Conflict, "reversed already")
	_, err = h.Uses.Reverse(ctx, who.System, back.ID, "and back")
	h.Refused(err, fault.Conflict, "a reversal is not reversed")

	moved, err = h.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: []inventory.Line{{PartID: p.ID, Serials: []string{"S2"}}}})
	h.Must(err)
	h.Stock(h.Warehouse, p, 0, "S3")
	other := h.Place(inventory.KindVan, h.Outlet)
	_, err = h.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: van.ID, ToLocation: other.ID, Lines: []inventory.Line{{PartID: p.ID, Serials: []string{"S2"}}}})
	h.Must(err)
	_, err = h.Uses.Reverse(ctx, who.System, moved[0].ID, "gone on meanwhile")
	h.Refused(err, fault.Conflict, "unit S2 of part "+p.Number+" is not in "+van.Name+": it is in "+other.Name)
	h.Sound()
}

func TestLedgerIsAppendOnly(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p := h.Part("s")
	h.Stock(h.Warehouse, p, 0, "S1")
	for _, table := range []string{"movements", "unit_moves", "units", "part_uses"} {
		for _, q := range []string{`UPDATE ` + table + ` SET part_id = part_id`, `DELETE FROM ` + table, `TRUNCATE ` + table + ` CASCADE`} {
			if _, err := pg.Exec(t.Context(), h.DB, q); err == nil || !contains(err.Error(), "permission denied") {
				t.Errorf("%s: %v", q, err)
			}
		}
	}
	for _, table := range []string{"parts", "part_requests", "part_request_lines", "part_returns", "deliveries", "transfers", "counts", "count_lines", "signals"} {
		if _, err := pg.Exec(t.Context(), h.DB, `DELETE FROM `+table); err == nil || !contains(err.Error(), "permission denied") {
			t.Errorf("deleting %s: %v", table, err)
		}
	}
	for _, q := range []string{`UPDATE balances SET quantity = 7`, `DELETE FROM balances`, `INSERT INTO balances SELECT * FROM balances`} {
		if _, err := pg.Exec(t.Context(), h.DB, q); err == nil || !contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestLyingStepIsRefusedByTheDatabase(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, van := h.Part("s"), h.Place(inventory.KindVan, h.Outlet)
	h.Stock(h.Warehouse, p, 0, "S1")
	h.Stock(van, p, 0, "S2")
	other := h.Place(inventory.KindVan, h.Outlet)
	for name, q := range map[string]struct {
		movedFrom  uuid.UUID // as the movement says
		seq        int
		from       uuid.UUID // as the step says
		constraint string
	}{
		"from where it is not":         {van.ID, 2, van.ID, "starts_where_it_is"},
		"otherwise than its movement":  {van.ID, 2, h.Warehouse.ID, "moves_as_its_movement"},
		"a place in the path is taken": {h.Warehouse.ID, 1, h.Warehouse.ID, "unit_moves_pkey"},
		"a step is left out":           {h.Warehouse.ID, 3, h.Warehouse.ID, "starts_where_it_is"},
		"no unit is named":             {h.Warehouse.ID, 0, h.Warehouse.ID, "names_its_units"},
	} {
		err := h.DB.InTx(t.Context(), func(ctx context.Context) error {
			id := stocktest.NewID()
			_, err := pg.Exec(ctx, h.DB, byHandSQL, id, p.ID, q.movedFrom, other.ID)
			if err == nil && q.seq > 0 {
				_, err = pg.Exec(ctx, h.DB, `INSERT INTO unit_moves (unit_id, seq, movement_id, part_id, from_location, to_location)
					SELECT id, $2, $1, part_id, $3, $4 FROM units WHERE serial = 'S1'`, id, q.seq, q.from, other.ID)
			}
			return err
		})
		if !pg.Violates(err, q.constraint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := pg.Exec(t.Context(), h.DB, byHandSQL, stocktest.NewID(), h.Part("").ID, h.Warehouse.ID, van.ID); !pg.Violates(err, "never_negative") {
		t.Errorf("out of an empty warehouse: %v", err)
	}
	h.Sound()
}

// A movement that somebody writes with the application's role, past the application.
const byHandSQL = `
INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, moved_at, occurred_at, booked_at)
VALUES ($1, $2, $3, $4, 1, 'transfer', now(), now(), now())`

func TestBooksFollowAMovementWrittenByHand(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	p, van := h.Part(""), h.Place(inventory.KindVan, h.Outlet)
	h.Stock(h.Warehouse, p, 3)
	h.Exec(byHandSQL, stocktest.NewID(), p.ID, h.Warehouse.ID, van.ID)
	if a, b := h.Holds(h.Warehouse.ID, p), h.Holds(van.ID, p); a != 2 || b != 1 {
		t.Errorf("warehouse %d, van %d", a, b)
	}
	h.Sound()
}

func TestScopeOfTheBooks(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	elsewhere := h.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &elsewhere}
	p := h.Part("s")
	h.Stock(h.Warehouse, p, 0, "S1")
	for _, tt := range []struct {
		by   who.Actor
		sees int
	}{{h.Clerk, 1}, {stranger, 0}, {who.System, 1}} {
		moves, _, err := h.Ledger.ListMovements(ctx, tt.by, inventory.MovementFilter{}, uuid.Nil, 10)
		h.Must(err)
		units, _, err := h.Ledger.ListUnits(ctx, tt.by, inventory.UnitFilter{Serial: "S1"}, uuid.Nil, 10)
		h.Must(err)
		stock, _, err := h.Ledger.ListStock(ctx, tt.by, inventory.StockFilter{Kind: inventory.KindWarehouse}, inventory.StockKey{}, 10)
		h.Must(err)
		places, _, err := h.Ledger.ListLocations(ctx, tt.by, inventory.LocationFilter{Kind: inventory.KindWarehouse}, uuid.Nil, 10)
		h.Must(err)
		if len(moves) != tt.sees || len(units) != tt.sees || len(stock) != tt.sees || len(places) != tt.sees {
			t.Errorf("outlet %v sees %d movements, %d units, %d balances, %d warehouses; want %d", tt.by.OutletID, len(moves), len(units), len(stock), len(places), tt.sees)
		}
	}
	units, _, _ := h.Ledger.ListUnits(ctx, who.System, inventory.UnitFilter{Serial: "S1"}, uuid.Nil, 10)
	moves, _, _ := h.Ledger.ListMovements(ctx, who.System, inventory.MovementFilter{}, uuid.Nil, 10)
	_, err := h.Ledger.FindUnit(ctx, stranger, units[0].ID)
	h.Refused(err, fault.NotFound, "unit")
	_, err = h.Ledger.FindMovement(ctx, stranger, moves[0].ID)
	h.Refused(err, fault.NotFound, "movement")
	_, err = h.Uses.Reverse(ctx, stranger, moves[0].ID, "")
	h.Refused(err, fault.NotFound, "movement")
	_, err = h.Ledger.FindLocation(ctx, stranger, h.Warehouse.ID)
	h.Refused(err, fault.NotFound, "location")
	_, err = h.Ledger.AmendLocation(ctx, stranger, h.Warehouse.ID, 1, inventory.LocationChange{Name: new("Mine")})
	h.Refused(err, fault.NotFound, "location")
	all, _, err := h.Ledger.ListLocations(ctx, stranger, inventory.LocationFilter{Kind: inventory.KindSupplier}, uuid.Nil, 10)
	h.Must(err)
	_, err = h.Ledger.AmendLocation(ctx, stranger, all[0].ID, 1, inventory.LocationChange{Name: new("Mine")})
	h.Refused(err, fault.Forbidden, "supplier")
	_, err = h.Ledger.OpenLocation(ctx, stranger, inventory.Location{Code: "X", Name: "X", Kind: inventory.KindVan, OutletID: &h.Outlet})
	h.Refused(err, fault.Invalid, "/outlet_id")
	u, err := h.Ledger.FindUnit(ctx, h.Clerk, units[0].ID)
	h.Must(err)
	if len(u.Path) != 1 || u.Path[0].Kind != inventory.MovementReceive || *u.LocationKind != inventory.KindWarehouse {
		t.Errorf("found %+v", u)
	}
}

func TestAmendPartAndPages(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("")
	name := "Pump 100%"
	p, err := h.Ledger.AmendPart(ctx, who.System, p.ID, 1, inventory.PartChange{Name: &name})
	h.Must(err)
	_, err = h.Ledger.AmendPart(ctx, who.System, p.ID, 1, inventory.PartChange{Name: &name})
	h.Refused(err, fault.Stale, "part is at version 2")
	_, err = h.Ledger.OpenPart(ctx, who.System, inventory.Part{Number: p.Number})
	h.Refused(err, fault.Conflict, "part is there already")
	h.Part("")
	h.Part("")
	found, next, err := h.Ledger.ListParts(ctx, "0%", uuid.Nil, 2)
	h.Must(err)
	if len(found) != 1 || found[0].ID != p.ID || next != uuid.Nil {
		t.Errorf("found %v, next %v", found, next)
	}
	first, next, err := h.Ledger.ListParts(ctx, "", uuid.Nil, 2)
	h.Must(err)
	rest, end, err := h.Ledger.ListParts(ctx, "", next, 2)
	h.Must(err)
	if len(first) != 2 || len(rest) != 1 || end != uuid.Nil {
		t.Errorf("pages of %d and %d", len(first), len(rest))
	}
}
