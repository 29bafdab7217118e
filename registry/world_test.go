package registry_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// noon is when the tests happen: in Los Angeles it is still the day before in Shanghai.
var noon = time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)

var (
	shanghai   = orb.Point{121.4737, 31.2304}
	losAngeles = orb.Point{-118.2437, 34.0522}
	ocean      = orb.Point{0, 10}
)

// halves is a world of two territories: east belongs to one outlet, west to another, and the
// first meridian with 20 degrees around to nobody.
type halves struct{ east, west uuid.UUID }

func (h halves) At(_ context.Context, p orb.Point) (*uuid.UUID, error) {
	switch {
	case p[0] > 20:
		return &h.east, nil
	case p[0] < -20:
		return &h.west, nil
	}
	return nil, nil
}

type world struct {
	*registry.Register
	halves
	t  *testing.T
	db *pg.DB
	// The desk sees all; the others are of the outlets east and west.
	desk, admin, eastern, western who.Actor
}

func open(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	db := pgtest.Open(t)
	w := &world{t: t, db: db, halves: halves{uuid.New(), uuid.New()}}
	w.Register = registry.New(db, w.halves, func() time.Time { return noon })
	w.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, 'E', 'East', 'Asia/Shanghai', $3, $3), ($2, 'W', 'West', 'America/Los_Angeles', $3, $3)`,
		w.east, w.west, noon)
	w.desk = who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Agent}}
	w.admin = who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Admin}}
	w.eastern = who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Agent}, OutletID: &w.east}
	w.western = who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Dispatcher}, OutletID: &w.west}
	return w
}

func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := pg.Exec(w.t.Context(), w.db, statement, args...); err != nil {
		w.t.Fatal(err)
	}
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) customer(n registry.NewCustomer) registry.Customer {
	w.t.Helper()
	if n.Name == "" {
		n.Name = "Ada"
	}
	c, err := w.OpenCustomer(w.t.Context(), w.desk, n)
	return must(w.t, c, err)
}

func (w *world) site(customer registry.Customer, at orb.Point, address string) registry.Site {
	w.t.Helper()
	s, err := w.OpenSite(w.t.Context(), w.desk, registry.NewSite{CustomerID: customer.ID, Address: address, Location: at, TimeZone: "Asia/Shanghai"})
	return must(w.t, s, err)
}

func (w *world) product(code string, months int) registry.Product {
	w.t.Helper()
	p, err := w.OpenProduct(w.t.Context(), w.admin, registry.NewProduct{Code: code, Name: code, WarrantyMonths: months})
	return must(w.t, p, err)
}

// refused says whether err is of the code and names exactly these places.
func refused(t *testing.T, err error, code fault.Code, pointers ...string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("%v, want %s", err, code)
	}
	var got []string
	for _, f := range fault.From(err).Fields {
		got = append(got, f.Pointer)
	}
	if !slices.Equal(got, pointers) {
		t.Errorf("%v names %q, want %q", err, got, pointers)
	}
}

// kinds are the kinds of the events of a subject.
func (w *world) kinds(subject uuid.UUID) []string {
	w.t.Helper()
	found, err := event.History(w.t.Context(), w.db, subject, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	all := make([]string, len(found))
	for i, e := range found {
		all[i] = e.Kind
	}
	return all
}

func ptr[T any](v T) *T { return &v }
