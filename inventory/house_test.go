package inventory_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// house is an operation with one outlet, its warehouse, and what a test adds.
type house struct {
	*testing.T
	db        *pg.DB
	ledger    *inventory.Ledger
	counter   *inventory.Counter
	outlet    uuid.UUID
	warehouse inventory.Location
	clerk     who.Actor // the outlet's warehouse
}

// vans reads whose van is whose, as dispatch would.
type vans struct{ db *pg.DB }

func (v vans) VanOf(ctx context.Context, technician uuid.UUID) (uuid.UUID, error) {
	id, err := pg.One[uuid.UUID](ctx, v.db, `SELECT van_id FROM technicians WHERE id = $1 AND van_id IS NOT NULL`, technician)
	return id, pg.Fault(err, "van")
}

var serial atomic.Int64

// fresh is a name that nothing else has.
func fresh(prefix string) string { return fmt.Sprintf("%s-%d", prefix, serial.Add(1)) }

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func open(t *testing.T) *house {
	t.Helper()
	db := pgtest.Open(t)
	ledger := inventory.NewLedger(db, vans{db}, time.Now)
	h := &house{T: t, db: db, ledger: ledger, counter: inventory.NewCounter(ledger)}
	h.outlet = h.newOutlet()
	h.clerk = who.Actor{UserID: newID(), Roles: []who.Role{who.Warehouse}, OutletID: &h.outlet}
	h.warehouse = h.place(inventory.KindWarehouse, h.outlet)
	return h
}

func (h *house) exec(q string, args ...any) {
	h.Helper()
	if _, err := pg.Exec(h.Context(), h.db, q, args...); err != nil {
		h.Fatalf("%s: %v", q, err)
	}
}

func (h *house) newOutlet() uuid.UUID {
	h.Helper()
	id := newID()
	h.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, $2, 'Outlet', 'UTC', now(), now())`, id, fresh("O"))
	return id
}

func (h *house) place(kind inventory.Kind, outlet uuid.UUID) inventory.Location {
	h.Helper()
	loc, err := h.ledger.OpenLocation(h.Context(), who.System, inventory.Location{Code: fresh("L"), Name: fresh(string(kind)), Kind: kind, OutletID: &outlet})
	h.must(err)
	return loc
}

// technician is somebody of the outlet with a van.
func (h *house) technician(outlet uuid.UUID) (who.Actor, inventory.Location) {
	h.Helper()
	id, van := newID(), h.place(inventory.KindVan, outlet)
	h.exec(`INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, van_id, created_at, updated_at)
		VALUES ($1, $2, 'T', '(0,0)', 0, 'CNY', $3, now(), now())`, id, outlet, van.ID)
	return who.Actor{UserID: newID(), Roles: []who.Role{who.Technician}, OutletID: &outlet, TechnicianID: &id}, van
}

// job is one that the technicians are working on.
func (h *house) job(outlet uuid.UUID, technicians ...who.Actor) uuid.UUID {
	h.Helper()
	customer, site, job := newID(), newID(), newID()
	h.exec(`INSERT INTO customers (id, name, created_at, updated_at) VALUES ($1, 'C', now(), now())`, customer)
	h.exec(`INSERT INTO sites (id, customer_id, address, location, time_zone, outlet_id, created_at, updated_at)
		VALUES ($1, $2, 'A', '(0,0)', 'UTC', $3, now(), now())`, site, customer, outlet)
	h.exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, $2, 'Fix', 'working', 'P1', $3, $4, $5, '(0,0)', 'UTC', 60, now(), now())`, job, fresh("J"), customer, site, outlet)
	for _, t := range technicians {
		h.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
			VALUES ($1, $2, $3, $4, now() + $5 * interval '1 hour', now() + $5 * interval '1 hour' + interval '1 hour', '{}', now(), now())`,
			newID(), job, *t.TechnicianID, outlet, serial.Add(1))
	}
	return job
}

// part is a new part; with shape "s" it has serials, with "r" the old one has to come back.
func (h *house) part(shape string) inventory.Part {
	h.Helper()
	has := func(b byte) bool {
		for i := range shape {
			if shape[i] == b {
				return true
			}
		}
		return false
	}
	p, err := h.ledger.OpenPart(h.Context(), who.System, inventory.Part{Number: fresh("P"), Name: "Part", Serialized: has('s'), ReturnRequired: has('r')})
	h.must(err)
	return p
}

// stock puts parts somewhere, past the clerk: by serials, or so many.
func (h *house) stock(at inventory.Location, p inventory.Part, quantity int, serials ...string) {
	h.Helper()
	lines := []inventory.Line{{PartID: p.ID, Quantity: quantity, Serials: serials}}
	_, err := h.ledger.Receive(h.Context(), who.System, inventory.Receipt{LocationID: h.warehouse.ID, Lines: lines})
	h.must(err)
	if at.ID != h.warehouse.ID {
		_, err := h.ledger.Transfer(h.Context(), who.System, inventory.Transfer{FromLocation: h.warehouse.ID, ToLocation: at.ID, Lines: lines})
		h.must(err)
	}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// refused demands a fault of the code, whose words hold a text.
func (h *house) refused(err error, code fault.Code, text string) {
	h.Helper()
	if !fault.Is(err, code) || !contains(err.Error(), text) {
		h.Errorf("got %v, want %s with %q", err, code, text)
	}
}

// holds is how many of a part a location holds.
func (h *house) holds(at uuid.UUID, p inventory.Part) int {
	h.Helper()
	n, err := pg.One[int](h.Context(), h.db, `SELECT coalesce((SELECT quantity FROM balances WHERE location_id = $1 AND part_id = $2), 0)`, at, p.ID)
	h.must(err)
	return n
}

func (h *house) count(q string, args ...any) int {
	h.Helper()
	n, err := pg.One[int](h.Context(), h.db, q, args...)
	h.must(err)
	return n
}

// whereIs is the kind of place that a unit is at.
func (h *house) whereIs(p inventory.Part, s string) inventory.Kind {
	h.Helper()
	units, _, err := h.ledger.ListUnits(h.Context(), who.System, inventory.UnitFilter{PartID: &p.ID, Serial: s}, uuid.Nil, 10)
	h.must(err)
	if len(units) != 1 {
		h.Fatalf("unit %s: found %d", s, len(units))
	}
	return *units[0].LocationKind
}

// sound demands that the books fold to what they say.
func (h *house) sound() {
	h.Helper()
	r, err := h.ledger.Verify(context.WithoutCancel(h.Context()))
	h.must(err)
	for _, f := range r.Faults {
		h.Error(f)
	}
}
