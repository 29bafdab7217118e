package access_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"callout/access"
	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"

	"github.com/google/uuid"
)

const password = "a fine day in Dalian"

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// office is a staff on a database of its own.
type office struct {
	*access.Staff
	t     testing.TB
	db    *pg.DB
	clock *clock
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, db: pgtest.Open(t), clock: newClock()}
	o.Staff = access.NewStaff(o.db, o.clock.now)
	return o
}

// user opens a user with the password and these roles.
func (o *office) user(login string, outlet *uuid.UUID, roles ...who.Role) access.User {
	o.t.Helper()
	u, err := o.Open(o.t.Context(), who.System, access.Opening{Login: login, Name: "Somebody", Password: password, Roles: roles, OutletID: outlet})
	if err != nil {
		o.t.Fatal(err)
	}
	return u
}

func (o *office) signIn(login string) access.Grant {
	o.t.Helper()
	g, err := o.SignIn(o.t.Context(), login, password, "test")
	if err != nil {
		o.t.Fatal(err)
	}
	return g
}

// as is the person of a grant, as a request would have him.
func (o *office) as(g access.Grant) who.Actor {
	o.t.Helper()
	a, err := o.Pass(o.t.Context(), g.Session, g.UserID)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *office) outlet(code string) *uuid.UUID {
	o.t.Helper()
	id := uuid.Must(uuid.NewV7())
	o.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, $2, $2, 'UTC', now(), now())`, id, code)
	return &id
}

func (o *office) exec(statement string, args ...any) {
	o.t.Helper()
	if _, err := pg.Exec(o.t.Context(), o.db, statement, args...); err != nil {
		o.t.Fatal(err)
	}
}

// kinds are the events of a subject, oldest first.
func (o *office) kinds(subject uuid.UUID) []string {
	o.t.Helper()
	log, err := event.History(o.t.Context(), o.db, subject, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	all := make([]string, len(log))
	for i, e := range log {
		all[i] = e.Kind
	}
	return all
}

// want fails the test unless err has the code.
func want(t testing.TB, err error, code fault.Code, about string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %s", about, err, code)
	}
}

// allowed fails the test on an error.
func allowed(t testing.TB, err error, about string) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", about, err)
	}
}

// together runs fn n times at once and returns what each said.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	return errs
}

func count(errs []error, code fault.Code) (n int) {
	for _, err := range errs {
		if fault.Is(err, code) || code == "" && err == nil {
			n++
		}
	}
	return n
}

// eventually waits for something that another process is told of.
func eventually(t testing.TB, about string, holds func() bool) {
	t.Helper()
	for patience := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(patience) {
			t.Fatalf("never: %s", about)
		}
	}
}

func patch[T any](v T) *T { return &v }

func guess(ctx context.Context, o *office, login string) error {
	_, err := o.SignIn(ctx, login, "not "+password, "test")
	return err
}

func names(n int) string { return fmt.Sprintf("user%d", n) }
