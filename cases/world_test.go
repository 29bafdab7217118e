package cases_test

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// monday is when the tests begin: ten in the morning in Shanghai, where the operation is.
var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// halves is a world of two territories, east and west of the first meridian.
type halves struct{ east, west uuid.UUID }

func (h halves) At(_ context.Context, p orb.Point) (*uuid.UUID, error) {
	if p[0] > 0 {
		return &h.east, nil
	}
	return &h.west, nil
}

// world is a desk with one customer of each outlet.
type world struct {
	*cases.Desk
	halves

	t        *testing.T
	db       *pg.DB
	queue    *queue.Queue
	board    *dispatch.Board
	policies *policy.Book
	register *registry.Register
	clock    atomic.Pointer[time.Time]

	desk, eastern, western who.Actor
	site, far              registry.Site
}

// noParts is the stock of jobs that need no parts.
type noParts struct{ dispatch.Stock }

func (noParts) Release(context.Context, who.Actor, uuid.UUID) error { return nil }
func (noParts) Reclaim(context.Context, who.Actor, uuid.UUID) error { return nil }

func open(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	w := &world{t: t, db: pgtest.Open(t), halves: halves{uuid.New(), uuid.New()}}
	w.setClock(monday)
	now := func() time.Time { return *w.clock.Load() }
	w.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, 'E', 'East', 'Asia/Shanghai', $3, $3), ($2, 'W', 'West', 'Europe/London', $3, $3)`,
		w.east, w.west, monday)
	w.register = registry.New(w.db, w.halves, now)
	w.policies = policy.NewBook(w.db, now)
	w.board = dispatch.NewBoard(w.db, dispatch.Deps{Register: w.register, Policies: w.policies, Stock: noParts{}}, now)
	w.queue = must(queue.New(w.db, slog.New(slog.DiscardHandler)))(t)
	w.Desk = cases.NewDesk(w.db, w.board, w.queue, w.policies, now)
	w.board.Tell(w.Desk)
	w.Work(w.queue)
	w.desk, w.eastern, w.western = w.agent("Ms Lin", nil), w.agent("Mr East", &w.east), w.agent("Mr West", &w.west)
	w.site, w.far = w.newSite(orb.Point{121.47, 31.23}, "Asia/Shanghai"), w.newSite(orb.Point{-0.1, 51.5}, "Europe/London")
	return w
}

func (w *world) agent(name string, outlet *uuid.UUID) who.Actor {
	a := who.Actor{UserID: uuid.Must(uuid.NewV7()), Name: name, Roles: []who.Role{who.Agent}, OutletID: outlet}
	w.exec(`INSERT INTO users (id, login, name, password_hash, roles, outlet_id, created_at, updated_at) VALUES ($1, $2, $3, '', '{agent}', $4, $5, $5)`,
		a.UserID, a.UserID.String(), name, outlet, monday)
	return a
}

// newSite records a site of a new customer.
func (w *world) newSite(at orb.Point, zone string) registry.Site {
	w.t.Helper()
	c := must(w.register.OpenCustomer(w.t.Context(), w.desk, registry.NewCustomer{Name: "Somebody"}))(w.t)
	return must(w.register.OpenSite(w.t.Context(), w.desk, registry.NewSite{CustomerID: c.ID, Address: "1 Main Road", Location: at, TimeZone: zone}))(w.t)
}

// newTechnician returns a technician of the eastern outlet who works on jobs.
func (w *world) newTechnician(name string, jobs ...dispatch.Job) who.Actor {
	w.t.Helper()
	id := uuid.Must(uuid.NewV7())
	w.exec(`INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, created_at, updated_at) VALUES ($1, $2, $3, '(121,31)', 100, 'CNY', $4, $4)`,
		id, w.east, name, monday)
	for i, j := range jobs {
		starts := monday.Add(time.Duration(i) * 24 * time.Hour)
		w.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, '{}', $5, $5)`,
			uuid.Must(uuid.NewV7()), j.ID, id, w.east, starts, starts.Add(time.Hour))
	}
	return who.Actor{UserID: uuid.Must(uuid.NewV7()), Roles: []who.Role{who.Technician}, OutletID: &w.east, TechnicianID: &id}
}

// fault is a request for a repair at the eastern site, with changes.
func (w *world) fault(change ...func(*cases.NewCase)) cases.NewCase {
	n := cases.NewCase{
		Channel: cases.ChannelHotline, Type: cases.TypeFault, Severity: cases.SeverityGeneral,
		CustomerID: w.site.CustomerID, SiteID: w.site.ID, Description: "It makes a noise",
	}
	for _, do := range change {
		do(&n)
	}
	return n
}

// received opens a case.
func (w *world) received(change ...func(*cases.NewCase)) cases.Case {
	w.t.Helper()
	return must(w.Open(w.t.Context(), w.desk, w.fault(change...)))(w.t)
}

// visited opens a job of a case.
func (w *world) visited(c cases.Case) dispatch.Job {
	w.t.Helper()
	return must(w.OpenJob(w.t.Context(), w.desk, c.ID, dispatch.NewJob{Title: "Repair", Minutes: 60}))(w.t)
}

// now reads a case again.
func (w *world) now(c cases.Case) cases.Case {
	w.t.Helper()
	return must(w.Find(w.t.Context(), w.desk, c.ID))(w.t)
}

// becomes moves a job behind the board's back, and tells the desk as the board does.
func (w *world) becomes(j dispatch.Job, s dispatch.Status) {
	w.t.Helper()
	now := *w.clock.Load()
	err := w.db.InTx(w.t.Context(), func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, w.db, `UPDATE jobs SET status = $2, closed_at = CASE WHEN $2 = 'closed' THEN $3::timestamptz END WHERE id = $1`, j.ID, s, now); err != nil {
			return err
		}
		j.Status = s
		return w.JobChanged(ctx, w.desk, j)
	})
	if err != nil {
		w.t.Error(err)
	}
}

// kinds are the kinds of events of a case so far.
func (w *world) kinds(c cases.Case) (kinds []string) {
	w.t.Helper()
	for _, e := range must(event.History(w.t.Context(), w.db, c.ID, 100))(w.t) {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (w *world) wantKinds(c cases.Case, want ...string) {
	w.t.Helper()
	if got := w.kinds(c); !slices.Equal(got, want) {
		w.t.Errorf("events %v, want %v", got, want)
	}
}

func (w *world) setClock(t time.Time) { w.clock.Store(&t) }

func (w *world) pass(d time.Duration) { w.setClock(w.clock.Load().Add(d)) }

func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := pg.Exec(w.t.Context(), w.db, statement, args...); err != nil {
		w.t.Fatal(err)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wants fails the test where err is not a fault of the code with these pointers.
func wants(t *testing.T, err error, code fault.Code, pointers ...string) {
	t.Helper()
	var got []string
	for _, f := range fault.From(err).Fields {
		got = append(got, f.Pointer)
	}
	slices.Sort(got)
	slices.Sort(pointers)
	if !fault.Is(err, code) || !slices.Equal(got, pointers) {
		t.Errorf("got %v, want %s at %v", err, code, pointers)
	}
}

func ptr[T any](v T) *T { return &v }
