// Package stocktest is a small operation for tests of the warehouse: an outlet with a warehouse,
// and whatever technicians, vans, jobs, parts and stock a test adds.
package stocktest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/returns"
	"callout/inventory/uses"
	"callout/registry"

	"github.com/google/uuid"
)

// House is an operation with one outlet, its warehouse, and what a test adds.
type House struct {
	testing.TB
	DB        *pg.DB
	Ledger    *inventory.Ledger
	Counter   *requests.Counter
	Returns   *returns.Returns
	Uses      *uses.Uses
	Register  *registry.Register
	Outlet    uuid.UUID
	Warehouse inventory.Location
	Clerk     who.Actor // the outlet's warehouse
}

// vans reads whose van is whose, as dispatch would.
type vans struct{ db *pg.DB }

func (v vans) VanOf(ctx context.Context, technician uuid.UUID) (uuid.UUID, error) {
	id, err := pg.One[uuid.UUID](ctx, v.db, `SELECT van_id FROM technicians WHERE id = $1 AND van_id IS NOT NULL`, technician)
	return id, pg.Fault(err, "van")
}

var serial atomic.Int64

// Fresh is a name that nothing else has.
func Fresh(prefix string) string { return fmt.Sprintf("%s-%d", prefix, serial.Add(1)) }

// NewID is an id that nothing else has.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Open opens the operation on a database of its own.
func Open(t testing.TB) *House {
	t.Helper()
	db := pgtest.Open(t)
	ledger := inventory.NewLedger(db, vans{db}, time.Now)
	tasks, err := queue.New(db, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h := &House{TB: t, DB: db, Ledger: ledger, Counter: requests.NewCounter(ledger, policy.NewBook(db, time.Now), tasks), Returns: returns.New(ledger, policy.NewBook(db, time.Now), evidence.NewLocker(db, nil, nil, time.Now))}
	h.Register = registry.New(db, nil, time.Now)
	h.Uses = uses.New(ledger, h.Returns, h.Register, policy.NewBook(db, time.Now))
	return h.furnish()
}

// On is the operation in a house that stands already, with whose doors the test works.
func On(t testing.TB, db *pg.DB, ledger *inventory.Ledger) *House {
	t.Helper()
	return (&House{TB: t, DB: db, Ledger: ledger}).furnish()
}

// furnish opens the outlet and its warehouse.
func (h *House) furnish() *House {
	h.Helper()
	h.Outlet = h.NewOutlet()
	h.Clerk = who.Actor{UserID: NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &h.Outlet}
	h.Warehouse = h.Place(inventory.KindWarehouse, h.Outlet)
	return h
}

// Exec runs a statement that must not fail.
func (h *House) Exec(q string, args ...any) {
	h.Helper()
	if _, err := pg.Exec(h.Context(), h.DB, q, args...); err != nil {
		h.Fatalf("%s: %v", q, err)
	}
}

// NewOutlet is another outlet.
func (h *House) NewOutlet() uuid.UUID {
	h.Helper()
	id := NewID()
	h.Exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, $2, 'Outlet', 'UTC', now(), now())`, id, Fresh("O"))
	return id
}

// Place is a new location of an outlet.
func (h *House) Place(kind inventory.Kind, outlet uuid.UUID) inventory.Location {
	h.Helper()
	loc, err := h.Ledger.OpenLocation(h.Context(), who.System, inventory.Location{Code: Fresh("L"), Name: Fresh(string(kind)), Kind: kind, OutletID: &outlet})
	h.Must(err)
	return loc
}

// Technician is somebody of the outlet with a van.
func (h *House) Technician(outlet uuid.UUID) (who.Actor, inventory.Location) {
	h.Helper()
	id, van := NewID(), h.Place(inventory.KindVan, outlet)
	h.Exec(`INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, van_id, created_at, updated_at)
		VALUES ($1, $2, 'T', '(0,0)', 0, 'CNY', $3, now(), now())`, id, outlet, van.ID)
	return who.Actor{UserID: NewID(), Roles: []who.Role{who.Technician}, OutletID: &outlet, TechnicianID: &id}, van
}

// Job is one that the technicians are working on.
func (h *House) Job(outlet uuid.UUID, technicians ...who.Actor) uuid.UUID {
	h.Helper()
	customer, site, job := NewID(), NewID(), NewID()
	h.Exec(`INSERT INTO customers (id, name, created_at, updated_at) VALUES ($1, 'C', now(), now())`, customer)
	h.Exec(`INSERT INTO sites (id, customer_id, address, location, time_zone, outlet_id, created_at, updated_at)
		VALUES ($1, $2, 'A', '(0,0)', 'UTC', $3, now(), now())`, site, customer, outlet)
	h.Exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, $2, 'Fix', 'working', 'P1', $3, $4, $5, '(0,0)', 'UTC', 60, now(), now())`, job, Fresh("J"), customer, site, outlet)
	for _, t := range technicians {
		h.Exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
			VALUES ($1, $2, $3, $4, now() + $5 * interval '1 hour', now() + $5 * interval '1 hour' + interval '1 hour', '{}', now(), now())`,
			NewID(), job, *t.TechnicianID, outlet, serial.Add(1))
	}
	return job
}

// Part is a new part; with shape "s" it has serials, with "r" the old one has to come back.
func (h *House) Part(shape string) inventory.Part {
	h.Helper()
	has := func(b byte) bool {
		for i := range shape {
			if shape[i] == b {
				return true
			}
		}
		return false
	}
	p, err := h.Ledger.OpenPart(h.Context(), who.System, inventory.Part{Number: Fresh("P"), Name: "Part", Serialized: has('s'), ReturnRequired: has('r')})
	h.Must(err)
	return p
}

// Stock puts parts somewhere, past the clerk: by serials, or so many.
func (h *House) Stock(at inventory.Location, p inventory.Part, quantity int, serials ...string) {
	h.Helper()
	lines := []inventory.Line{{PartID: p.ID, Quantity: quantity, Serials: serials}}
	_, err := h.Ledger.Receive(h.Context(), who.System, inventory.Receipt{LocationID: h.Warehouse.ID, Lines: lines})
	h.Must(err)
	if at.ID != h.Warehouse.ID {
		_, err := h.Ledger.Transfer(h.Context(), who.System, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: at.ID, Lines: lines})
		h.Must(err)
	}
}

// Must ends the test where something failed.
func (h *House) Must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// Refused demands a fault of the code, whose words hold a text.
func (h *House) Refused(err error, code fault.Code, text string) {
	h.Helper()
	if !fault.Is(err, code) || !strings.Contains(err.Error(), text) {
		h.Errorf("got %v, want %s with %q", err, code, text)
	}
}

// Holds is how many of a part a location holds.
func (h *House) Holds(at uuid.UUID, p inventory.Part) int {
	h.Helper()
	n, err := pg.One[int](h.Context(), h.DB, `SELECT coalesce((SELECT quantity FROM balances WHERE location_id = $1 AND part_id = $2), 0)`, at, p.ID)
	h.Must(err)
	return n
}

// Count is the number that a statement reads.
func (h *House) Count(q string, args ...any) int {
	h.Helper()
	n, err := pg.One[int](h.Context(), h.DB, q, args...)
	h.Must(err)
	return n
}

// WhereIs is the kind of place that a unit is at.
func (h *House) WhereIs(p inventory.Part, s string) inventory.Kind {
	h.Helper()
	units, _, err := h.Ledger.ListUnits(h.Context(), who.System, inventory.UnitFilter{PartID: &p.ID, Serial: s}, uuid.Nil, 10)
	h.Must(err)
	if len(units) != 1 {
		h.Fatalf("unit %s: found %d", s, len(units))
	}
	return *units[0].LocationKind
}

// User is somebody with a role and a login, of the outlet.
func (h *House) User(role who.Role) uuid.UUID {
	h.Helper()
	id := NewID()
	h.Exec(`INSERT INTO users (id, login, name, password_hash, roles, outlet_id, created_at, updated_at)
		VALUES ($1, $2, $3, 'none', ARRAY[$4], $5, now(), now())`, id, strings.ToLower(Fresh("u")), Fresh("Somebody"), string(role), h.Outlet)
	return id
}

// Lines is a list of lines.
func Lines(lines ...inventory.Line) []inventory.Line { return lines }

// Sound demands that the books fold to what they say.
func (h *House) Sound() {
	h.Helper()
	r, err := h.Ledger.Verify(context.WithoutCancel(h.Context()))
	h.Must(err)
	for _, f := range r.Faults {
		h.Error(f)
	}
}
