package dispatch_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/dispatch"
	"callout/evidence"
	"callout/internal/blob"
	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/keyring"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

var shanghai = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return zone
}()

// monday is the day on which the tests play.
var monday = time.Date(2026, 11, 23, 0, 0, 0, 0, shanghai)

// at is a time of that day, by the clock at the site.
func at(clock string) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return monday.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
}

func ptr[T any](v T) *T { return &v }

// field is an operation: one outlet in the middle of Shanghai, one skill, one customer with one
// site, at seven in the morning.
type field struct {
	t        testing.TB
	db       *pg.DB
	board    *dispatch.Board
	crew     *dispatch.Crew
	network  *dispatch.Network
	register *registry.Register
	shelf    *shelf
	locker   *evidence.Locker
	keys     *keyring.Ring
	queue    *queue.Queue
	outlet   dispatch.Outlet
	hvac     dispatch.Skill
	customer registry.Customer
	site     registry.Site
	clock    atomic.Pointer[time.Time]
	made     int
}

var center = orb.Point{121.47, 31.23}

func newField(t testing.TB) *field {
	t.Helper()
	f := &field{t: t, db: pgtest.Open(t), shelf: &shelf{}}
	f.setClock(at("07:00"))
	now := func() time.Time { return *f.clock.Load() }
	f.network = dispatch.NewNetwork(f.db, now)
	f.register = registry.New(f.db, f.network, now)
	f.crew = dispatch.NewCrew(f.db, now)
	bucket, err := blob.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	f.keys = must(keyring.Open(t.TempDir()))(t)
	f.locker = evidence.NewLocker(f.db, bucket, f.keys, now)
	f.queue = must(queue.New(f.db, slog.New(slog.DiscardHandler)))(t)
	f.board = dispatch.NewBoard(f.db, dispatch.Deps{
		Crew: f.crew, Register: f.register, Stock: f.shelf, Locker: f.locker, Policies: policy.NewBook(f.db, now), Queue: f.queue,
	}, now)
	f.outlet = f.newOutlet("center", center)
	f.hvac = must(f.network.OpenSkill(t.Context(), who.System, dispatch.NewSkill{Code: "hvac", Name: "Air conditioning"}))(t)
	f.customer = must(f.register.OpenCustomer(t.Context(), who.System, registry.NewCustomer{Name: "Ms Wu"}))(t)
	f.site = f.newSite(0, 0)
	return f
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

func (f *field) setClock(t time.Time) { f.clock.Store(&t) }

// newOutlet opens an outlet that looks after some 20 km around a place.
func (f *field) newOutlet(code string, around orb.Point) dispatch.Outlet {
	f.t.Helper()
	w, s, e, n := around[0]-.1, around[1]-.1, around[0]+.1, around[1]+.1
	area, err := geo.ParseTerritory(fmt.Appendf(nil, `{"type":"Polygon","coordinates":[[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]}`,
		w, s, e, s, e, n, w, n, w, s))
	if err != nil {
		f.t.Fatal(err)
	}
	return must(f.network.OpenOutlet(context.Background(), who.System,
		dispatch.NewOutlet{Code: code, Name: code, TimeZone: "Asia/Shanghai", Territory: &area}))(f.t)
}

// newSite opens a site of the customer so many metres east and north of the center.
func (f *field) newSite(east, north float64) registry.Site {
	f.t.Helper()
	return must(f.register.OpenSite(context.Background(), who.System, registry.NewSite{
		CustomerID: f.customer.ID, Address: "Renmin Road", Location: offset(east, north), TimeZone: "Asia/Shanghai",
	}))(f.t)
}

// offset is a place so many metres east and north of the center.
func offset(east, north float64) orb.Point {
	return orb.Point{center[0] + east/95_060, center[1] + north/111_195}
}

// newTechnician opens a technician who lives in the center, is certified for hvac at a level, and works from
// eight to five on monday; level 0 is no certificate.
func (f *field) newTechnician(name string, level int) dispatch.Technician {
	f.t.Helper()
	return f.newTechnicianAt(name, level, f.outlet.ID, center)
}

func (f *field) newTechnicianAt(name string, level int, outlet uuid.UUID, home orb.Point) dispatch.Technician {
	f.t.Helper()
	ctx := context.Background()
	t := must(f.crew.Open(ctx, who.System, dispatch.NewTechnician{
		OutletID: outlet, Name: name, Home: home, CostPerHour: 6000, Currency: "CNY",
	}))(f.t)
	if level > 0 {
		must(f.crew.Certify(ctx, who.System, t.ID, dispatch.NewCertification{
			SkillID: f.hvac.ID, Level: level, ValidFrom: monday.AddDate(-1, 0, 0), ValidTo: monday.AddDate(1, 0, 0),
		}))(f.t)
	}
	f.newShift(t, at("08:00"), at("17:00"))
	return t
}

func (f *field) newShift(t dispatch.Technician, from, to time.Time) {
	f.t.Helper()
	must(f.crew.Plan(context.Background(), who.System, t.ID, []dispatch.NewShift{{StartsAt: from, EndsAt: to}}))(f.t)
}

// newJob opens a job of an hour at the site, with what more is asked.
func (f *field) newJob(more ...func(*dispatch.NewJob)) dispatch.Job {
	f.t.Helper()
	f.made++
	n := dispatch.NewJob{SiteID: f.site.ID, Title: fmt.Sprintf("Job %d", f.made), Priority: dispatch.PriorityP1, Minutes: 60}
	for _, ask := range more {
		ask(&n)
	}
	return must(f.board.Open(context.Background(), who.System, n))(f.t)
}

func window(from, to string) func(*dispatch.NewJob) {
	return func(n *dispatch.NewJob) { n.WindowFrom, n.WindowTo = ptr(at(from)), ptr(at(to)) }
}

func (f *field) needing(level int) func(*dispatch.NewJob) {
	return func(n *dispatch.NewJob) { n.Needs = []dispatch.NewNeed{{Code: f.hvac.Code, Level: level}} }
}

func atSite(s registry.Site) func(*dispatch.NewJob) {
	return func(n *dispatch.NewJob) { n.SiteID = s.ID }
}

// booked opens a job and assigns it to a technician at a time.
func (f *field) booked(t dispatch.Technician, clock string, more ...func(*dispatch.NewJob)) dispatch.Job {
	f.t.Helper()
	j := f.newJob(more...)
	return must(f.board.Assign(context.Background(), who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: t.ID, StartAt: ptr(at(clock))}))(f.t)
}

// dispatcher is a person of an outlet, or of all outlets.
func dispatcher(outlet *uuid.UUID) who.Actor {
	return who.Actor{UserID: uuid.Must(uuid.NewV7()), Name: "Dispatcher", Roles: []who.Role{who.Dispatcher}, OutletID: outlet}
}

func asTechnician(t dispatch.Technician) who.Actor {
	return who.Actor{UserID: uuid.Must(uuid.NewV7()), Name: t.Name, Roles: []who.Role{who.Technician}, OutletID: &t.OutletID, TechnicianID: &t.ID}
}

// wants fails unless err is a fault of the code that says the words.
func wants(t testing.TB, err error, code fault.Code, says ...string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("got %v, want a fault %s", err, code)
	}
	for _, s := range says {
		if !containsFold(err.Error(), s) {
			t.Errorf("%q does not say %q", err, s)
		}
	}
	e := fault.From(err)
	for _, text := range append([]words.Text{e.Detail}, details(e)...) {
		if !words.Known(text.Format) {
			t.Errorf("no Chinese for %q", text.Format)
		}
	}
}

func details(e *fault.Error) (all []words.Text) {
	for _, f := range e.Fields {
		all = append(all, f.Detail)
	}
	return all
}

// shelf is a store of parts that holds whatever a test puts on it. The real one is inventory's.
type shelf struct {
	mu       sync.Mutex
	parts    map[uuid.UUID]dispatch.StockPart
	held     map[uuid.UUID]map[uuid.UUID]int
	settled  map[uuid.UUID][]dispatch.SettledPart // by job
	open     []words.Text                         // what is missing
	over     []uuid.UUID                          // the jobs whose parts were given up
	unsigned []uuid.UUID                          // the jobs that ended without a signature
	stuck    error                                // why parts cannot be given up
	stores   map[uuid.UUID][]dispatch.StockPlace  // by part
	asked    int                                  // how often somebody asked for the nearest store
}

func (s *shelf) Settle(_ context.Context, _ who.Actor, job dispatch.StockJob, uses []dispatch.PartUse) ([]dispatch.SettledPart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settled == nil {
		s.settled = map[uuid.UUID][]dispatch.SettledPart{}
	}
	for _, u := range uses {
		p := s.parts[u.PartID]
		s.settled[job.ID] = append(s.settled[job.ID], dispatch.SettledPart{PartUse: u, PartNumber: p.Number, PartName: p.Name})
	}
	return s.settled[job.ID], nil
}

func (s *shelf) Release(_ context.Context, _ who.Actor, job uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stuck != nil {
		return s.stuck
	}
	s.over = append(s.over, job)
	return nil
}

func (s *shelf) Reclaim(_ context.Context, _ who.Actor, job uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsigned = append(s.unsigned, job)
	return nil
}

func (s *shelf) Missing(context.Context, uuid.UUID) ([]words.Text, error) { return s.open, nil }

func (s *shelf) Holdings(_ context.Context, _, _ []uuid.UUID) (map[uuid.UUID]map[uuid.UUID]int, error) {
	return s.held, nil
}

func (s *shelf) NearestStock(_ context.Context, parts []uuid.UUID, _ *uuid.UUID) (map[uuid.UUID][]dispatch.StockPlace, error) {
	s.asked++
	near := map[uuid.UUID][]dispatch.StockPlace{}
	for _, id := range parts {
		if places, there := s.stores[id]; there {
			near[id] = places
		}
	}
	return near, nil
}

func (s *shelf) Parts(_ context.Context, parts []uuid.UUID) (map[uuid.UUID]dispatch.StockPart, error) {
	known := map[uuid.UUID]dispatch.StockPart{}
	for _, id := range parts {
		if p, there := s.parts[id]; there {
			known[id] = p
		}
	}
	return known, nil
}

// newPart puts a part on the shelf.
func (s *shelf) newPart(name string) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	if s.parts == nil {
		s.parts = map[uuid.UUID]dispatch.StockPart{}
	}
	s.parts[id] = dispatch.StockPart{Number: "P-" + name, Name: name}
	return id
}
