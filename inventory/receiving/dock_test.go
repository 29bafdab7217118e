package receiving_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// house is an operation with a dock, a supplier, and a counter that notes what it is asked.
type house struct {
	*stocktest.House
	dock     *receiving.Dock
	policies *policy.Book
	counter  *counter
	queue    *queue.Queue
	supplier receiving.Supplier
	chief    who.Actor // the outlet's supervisor
	other    who.Actor // another clerk of the outlet
}

// counter opens real rows of part requests, as the dock wants them and no more.
type counter struct {
	db     *pg.DB
	mu     sync.Mutex
	asked  int
	filled []uuid.UUID // warehouses
}

func (c *counter) FillBackorders(_ context.Context, warehouse uuid.UUID, _ []uuid.UUID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.filled = append(c.filled, warehouse)
	return nil
}

func (c *counter) times() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.filled)
}

func (c *counter) AskFor(ctx context.Context, _ who.Actor, technician uuid.UUID, reason string, lines []inventory.Line) (receiving.Asked, error) {
	a := receiving.Asked{ID: stocktest.NewID(), Number: stocktest.Fresh("P")}
	_, err := pg.Exec(ctx, c.db, `INSERT INTO part_requests (id, number, status, technician_id, van_id, outlet_id, reason, created_at, updated_at)
		SELECT $1, $2, 'requested', id, van_id, outlet_id, $4, now(), now() FROM technicians WHERE id = $3`, a.ID, a.Number, technician, reason)
	for i, l := range lines {
		if err == nil {
			_, err = pg.Exec(ctx, c.db, `INSERT INTO part_request_lines (request_id, line, part_id, quantity) VALUES ($1, $2, $3, $4)`, a.ID, i+1, l.PartID, l.Quantity)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	return a, err
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{House: stocktest.Open(t)}
	q, err := queue.New(h.DB, slog.New(slog.DiscardHandler))
	h.Must(err)
	h.queue, h.counter = q, &counter{db: h.DB}
	h.policies = policy.NewBook(h.DB, time.Now)
	h.dock = receiving.New(h.Ledger, receiving.Deps{Counter: h.counter, Backorders: h.counter, Policies: h.policies, Queue: q})
	h.dock.Work(q)
	h.supplier, err = h.dock.OpenSupplier(t.Context(), who.System, receiving.Supplier{Code: stocktest.Fresh("S"), Name: "Acme"})
	h.Must(err)
	h.chief = h.user(who.Supervisor)
	h.other = h.user(who.Warehouse)
	return h
}

// user is a person of the outlet with a role, whom the books of users know.
func (h *house) user(role who.Role) who.Actor {
	h.Helper()
	id := stocktest.NewID()
	h.Exec(`INSERT INTO users (id, login, name, password_hash, roles, outlet_id, created_at, updated_at)
		VALUES ($1, $2, 'Somebody', 'none', ARRAY[$3], $4, now(), now())`, id, "u-"+id.String(), string(role), h.Outlet)
	return who.Actor{UserID: id, Roles: []who.Role{role}, OutletID: &h.Outlet}
}

// set publishes a policy with a figure.
func (h *house) set(name policy.Name, value float64) {
	h.Helper()
	now, err := h.policies.Current(h.Context())
	h.Must(err)
	_, err = h.policies.Publish(h.Context(), who.System, policy.Publication{
		BasedOn: now.Version, Note: "test", Figures: map[policy.Name]policy.Figure{name: {Value: value, Unit: policy.UnitPoints, Source: "test"}},
	})
	h.Must(err)
}

// announce is a delivery of so many of a part.
func (h *house) announce(lines ...receiving.AnnouncedLine) receiving.Delivery {
	h.Helper()
	d, err := h.dock.Announce(h.Context(), h.Clerk, receiving.Announced{
		SupplierID: h.supplier.ID, NoteNumber: stocktest.Fresh("N"), WarehouseID: h.Warehouse.ID, Lines: lines,
	})
	h.Must(err)
	return d
}

// atOnce has so many do each the same at one moment, and counts who succeeds: everybody else must be refused with one of the codes.
func (h *house) atOnce(times int, do func(i int) error, codes ...fault.Code) int {
	h.Helper()
	var all sync.WaitGroup
	var won atomic.Int32
	for i := range times {
		all.Go(func() {
			switch err := do(i); {
			case err == nil:
				won.Add(1)
			case !slices.ContainsFunc(codes, func(c fault.Code) bool { return fault.Is(err, c) }):
				h.Error(err)
			}
		})
	}
	all.Wait()
	return int(won.Load())
}

var fine = receiving.Checks{ModelOK: true, MarkingOK: true, PackagingOK: true}

// counted is a line whose checks found nothing.
func counted(p inventory.Part, n int, serials ...string) receiving.CountLine {
	return receiving.CountLine{Line: inventory.Line{PartID: p.ID, Quantity: n, Serials: serials}, Checks: fine}
}
