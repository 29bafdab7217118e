package signals_test

import (
	"context"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// world is an operation whose clock the test sets, with the books and the signals of that clock.
type world struct {
	*stocktest.House
	now        time.Time
	books      *inventory.Ledger
	policies   *policy.Book
	signals    *signals.Signals
	supervisor who.Actor
}

func open(tb testing.TB) *world {
	tb.Helper()
	w := &world{House: stocktest.Open(tb), now: time.Now().UTC().Truncate(time.Second)}
	clock := func() time.Time { return w.now }
	w.books = inventory.NewLedger(w.DB, nil, clock)
	w.policies = policy.NewBook(w.DB, clock)
	w.signals = signals.New(w.books, w.policies)
	w.supervisor = who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &w.Outlet}
	return w
}

// later lets time pass.
func (w *world) later(d time.Duration) { w.now = w.now.Add(d) }

const day = 24 * time.Hour

// set publishes another value of a figure.
func (w *world) set(n policy.Name, value float64) {
	w.Helper()
	p, err := w.policies.Current(w.Context())
	w.Must(err)
	f := p.Document.Figures[n]
	f.Value = value
	admin := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Admin}}
	_, err = w.policies.Publish(w.Context(), admin, policy.Publication{BasedOn: p.Version, Figures: map[policy.Name]policy.Figure{n: f}})
	w.Must(err)
}

// move writes one movement past the flows.
func (w *world) move(by who.Actor, s inventory.Slip, from, to inventory.Location, p inventory.Part, quantity int, serials ...string) inventory.Movement {
	w.Helper()
	var moved []inventory.Movement
	w.Must(w.DB.InTx(w.Context(), func(ctx context.Context) error {
		var f fault.Faults
		all, err := w.books.Resolve(ctx, []inventory.Line{{PartID: p.ID, Quantity: quantity, Serials: serials}}, &f)
		if err == nil {
			err = f.Err(fault.Invalid, "the request cannot be met as it is")
		}
		if err == nil {
			moved, err = w.books.Move(ctx, by, s, inventory.Between(all, from, to))
		}
		return err
	}))
	return moved[0]
}

// place is a place of the outlet that each has one of.
func (w *world) place(kind inventory.Kind) inventory.Location {
	w.Helper()
	var at inventory.Location
	w.Must(w.DB.InTx(w.Context(), func(ctx context.Context) (err error) {
		outlet := &w.Outlet
		if kind == inventory.KindSupplier {
			outlet = nil
		}
		at, err = w.books.Place(ctx, kind, outlet)
		return err
	}))
	return at
}

// carry brings parts from the supplier into a van, the way it should be.
func (w *world) carry(van inventory.Location, p inventory.Part, quantity int, serials ...string) {
	w.Helper()
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, quantity, serials...)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementTransfer}, w.Warehouse, van, p, quantity, serials...)
}

// use is what a technician used on a job.
type use struct {
	job       uuid.UUID
	part      inventory.Part
	quantity  int
	serial    string
	old       string
	recorded  string // what the asset's record had instead of old
	id, moved uuid.UUID
}

const useSQL = `
INSERT INTO part_uses (id, job_id, part_id, quantity, new_serial, old_serial, recorded_serial, old_part_wish, movement_id, used_by, used_at, occurred_at, technician_id, short)
VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), nullif($7, ''), 'none', $8, $9, $10, $10, $11, $12)`

// use books a use out of the technician's van.
func (w *world) use(tech who.Actor, van inventory.Location, u use) use {
	w.Helper()
	var serials []string
	if u.serial != "" {
		serials, u.quantity = []string{u.serial}, 1
	}
	quantity := u.quantity
	if u.serial != "" {
		quantity = 0
	}
	m := w.move(tech, inventory.Slip{Kind: inventory.MovementUse, JobID: &u.job, Short: true}, van, w.place(inventory.KindCustomerSite), u.part, quantity, serials...)
	u.id, u.moved = stocktest.NewID(), m.ID
	w.Exec(useSQL, u.id, u.job, u.part.ID, u.quantity, u.serial, u.old, u.recorded, m.ID, tech.UserID, w.now, tech.TechnicianID, m.Short)
	return u
}

// scan looks, and returns the signals of a rule that it raised.
func (w *world) scan(rule signals.RuleID) []signals.Signal {
	w.Helper()
	all, err := w.signals.Scan(w.Context(), w.supervisor)
	w.Must(err)
	var found []signals.Signal
	for _, s := range all {
		if s.Rule == rule {
			found = append(found, s)
		}
	}
	return found
}

// raises demands so many new signals of a rule.
func (w *world) raises(rule signals.RuleID, n int) []signals.Signal {
	w.Helper()
	found := w.scan(rule)
	if len(found) != n {
		w.Fatalf("%d signals of %s, want %d: %+v", len(found), rule, n, found)
	}
	return found
}

// rests demands that a signal's evidence names a thing.
func (w *world) rests(s signals.Signal, kind signals.EvidenceKind, id uuid.UUID) {
	w.Helper()
	for _, e := range s.Evidence.V {
		if e.Kind == kind && e.ID != nil && *e.ID == id {
			return
		}
	}
	w.Errorf("%s does not rest on %s %s: %+v", s.Text.V, kind, id, s.Evidence.V)
}

// somebody is a technician with a van and a job.
func (w *world) somebody() (who.Actor, inventory.Location, uuid.UUID) {
	w.Helper()
	tech, van := w.Technician(w.Outlet)
	return tech, van, w.Job(w.Outlet, tech)
}
