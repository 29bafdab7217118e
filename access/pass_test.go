package access_test

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"callout/access"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// watching is another process on the office's database, with a clock that stands still: nothing
// that it remembers grows old by itself.
func (o *office) watching() *access.Staff {
	o.t.Helper()
	before := o.listeners()
	s := access.NewStaff(o.db, newClock().now)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Watch(ctx, slog.New(slog.DiscardHandler))
	}()
	o.t.Cleanup(func() { cancel(); <-done })
	eventually(o.t, "it listens", func() bool { return o.listeners() == before+1 })
	return s
}

const listenersSQL = `FROM pg_stat_activity WHERE datname = current_database() AND query IN ('LISTEN pass', '-- ping')`

// asOwner runs a statement with the rights of whoever owns the database.
func (o *office) asOwner(statement string) (n int) {
	o.t.Helper()
	err := o.db.InTx(o.t.Context(), func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, o.db, `RESET ROLE`); err != nil {
			return err
		}
		defer func() { _, _ = pg.Exec(ctx, o.db, `SET ROLE `+pg.AppRole) }()
		var err error
		n, err = pg.One[int](ctx, o.db, statement)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *office) listeners() int { return o.asOwner(`SELECT count(*)::int ` + listenersSQL) }

func refused(s *access.Staff, g access.Grant) bool {
	_, err := s.Pass(context.Background(), g.Session, g.UserID)
	return fault.Is(err, fault.Unauthenticated)
}

func TestDisablingHoldsAtOnceEverywhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := o.watching(), o.watching()
	for i := range 20 {
		u := o.user(names(i), nil, who.Agent)
		g := o.signIn(names(i))
		for range 2 { // read, then remembered
			if refused(a, g) || refused(b, g) {
				t.Fatal("refused before the disabling")
			}
		}
		if _, err := a.Amend(t.Context(), who.System, u.ID, 1, access.Amendment{Disabled: patch(true)}); err != nil {
			t.Fatal(err)
		}
		if !refused(a, g) {
			t.Error("let in where it was done")
		}
		began := time.Now()
		eventually(t, "refused elsewhere", func() bool { return refused(b, g) })
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("refused elsewhere after %s", took)
		}
	}
}

func TestEverythingAboutAPassHoldsForTokensAlreadyGiven(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	a, b := o.watching(), o.watching()
	outlet := o.outlet("A")
	u := o.user("ada", nil, who.Agent)
	g, out := o.signIn("ada"), o.signIn("ada")
	see := func(s *access.Staff) who.Actor {
		actor, err := s.Pass(ctx, g.Session, g.UserID)
		allowed(t, err, "pass")
		return actor
	}
	see(a)
	see(b)
	_, err := a.Amend(ctx, who.System, u.ID, 1, access.Amendment{Roles: []who.Role{who.Warehouse}, OutletID: &outlet, Name: patch("Ada")})
	allowed(t, err, "amend")
	changed := func(s *access.Staff) bool {
		actor := see(s)
		return slices.Equal(actor.Roles, []who.Role{who.Warehouse}) && actor.OutletID != nil && *actor.OutletID == *outlet && actor.Name == "Ada"
	}
	if !changed(a) {
		t.Errorf("still %+v where it was done", see(a))
	}
	eventually(t, "changed elsewhere", func() bool { return changed(b) })

	// Dispatch makes him a technician, and lets him go again.
	technician := uuid.New()
	o.exec(`INSERT INTO technicians (id, user_id, outlet_id, name, home, cost_per_hour, currency, created_at, updated_at)
		VALUES ($1, $2, $3, 'Ada', '(0,0)', 0, 'CNY', now(), now())`, technician, u.ID, outlet)
	eventually(t, "a technician", func() bool { id := see(b).TechnicianID; return id != nil && *id == technician })
	o.exec(`UPDATE technicians SET status = 'left' WHERE id = $1`, technician)
	eventually(t, "no technician", func() bool { return see(b).TechnicianID == nil })

	if refused(b, out) {
		t.Error("the other session has ended")
	}
	if err := a.SignOut(ctx, who.Actor{UserID: u.ID, Session: out.Session}); err != nil {
		t.Fatal(err)
	}
	if !refused(a, out) {
		t.Error("let in after signing out")
	}
	eventually(t, "signed out elsewhere", func() bool { return refused(b, out) })
	see(b)
}

// While the connection that hears of changes is gone, nobody is let in from memory.
func TestDeafProcessLetsNobodyIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := access.NewStaff(o.db, o.clock.now), o.watching()
	for i := range 3 {
		u := o.user(names(i), nil, who.Agent)
		g := o.signIn(names(i))
		eventually(t, "it listens", func() bool { return o.listeners() == 1 })
		for range 2 { // read, then remembered
			if refused(b, g) {
				t.Fatal("refused before the disabling")
			}
		}
		if n := o.asOwner(`SELECT count(pg_terminate_backend(pid))::int ` + listenersSQL); n != 1 {
			t.Fatalf("%d listeners were ended", n)
		}
		eventually(t, "the connection is gone", func() bool { return o.listeners() == 0 })
		if _, err := a.Amend(t.Context(), who.System, u.ID, 1, access.Amendment{Disabled: patch(true)}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "refused", func() bool { return refused(b, g) })
		for range 300 {
			if !refused(b, g) {
				t.Fatal("let in again")
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// What is read before a change and kept after it must not be believed.
func TestPassReadDuringAChangeIsNotKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.watching()
	u := o.user("ada", nil, who.Agent)
	g := o.signIn("ada")
	version := 1
	for range 30 {
		var stop atomic.Bool
		done := make(chan struct{})
		go func() {
			defer close(done)
			for !stop.Load() {
				_, _ = b.Pass(context.Background(), g.Session, g.UserID)
			}
		}()
		roles := []who.Role{[]who.Role{who.Warehouse, who.Agent}[version%2]}
		if _, err := b.Amend(t.Context(), who.System, u.ID, version, access.Amendment{Roles: roles}); err != nil {
			t.Fatal(err)
		}
		if actor, err := b.Pass(t.Context(), g.Session, g.UserID); err != nil || !slices.Equal(actor.Roles, roles) {
			t.Errorf("passed with %v, %v; want %v", actor.Roles, err, roles)
		}
		version++
		stop.Store(true)
		<-done
	}
}

func TestPassGrowsOld(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := newClock()
	s := access.NewStaff(o.db, c.now)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go s.Watch(ctx, slog.New(slog.DiscardHandler))
	eventually(t, "it listens", func() bool { return o.listeners() == 1 })
	o.user("ada", nil, who.Agent)
	g := o.signIn("ada")
	if refused(s, g) {
		t.Fatal("refused")
	}
	// A change that nobody is told of.
	o.asOwner(`WITH quiet AS (SELECT set_config('session_replication_role', 'replica', true)), ended AS (
		UPDATE sessions SET revoked_at = now(), reason = 'signed_out' FROM quiet RETURNING 1) SELECT count(*)::int FROM ended`)
	if refused(s, g) {
		t.Error("it was told after all")
	}
	c.pass(6 * time.Second)
	if !refused(s, g) {
		t.Error("let in with a pass from six seconds ago")
	}
}

func BenchmarkPass(b *testing.B) {
	for name, watched := range map[string]bool{"remembered": true, "read": false} {
		b.Run(name, func(b *testing.B) {
			o := newOffice(b)
			staff := o.Staff
			if watched {
				staff = o.watching()
			}
			o.user("ada", nil, who.Agent)
			g := o.signIn("ada")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := staff.Pass(b.Context(), g.Session, g.UserID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
