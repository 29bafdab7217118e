package access_test

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/access"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("Ada@Example.com", nil, who.Dispatcher, who.Agent)
	g, err := o.SignIn(ctx, " ADA@example.com ", password, "Board 1")
	allowed(t, err, "sign in")
	if g.UserID != u.ID || g.RefreshExpiresAt.Sub(o.clock.now()) != 30*24*time.Hour {
		t.Errorf("granted %+v", g)
	}
	if a := o.as(g); a.Name != "Somebody" || !slices.Equal(a.Roles, []who.Role{who.Dispatcher, who.Agent}) || a.OutletID != nil || a.TechnicianID != nil {
		t.Errorf("passed as %+v", a)
	}
	if got := o.kinds(u.ID); !slices.Equal(got, []string{"user.opened", "user.signed_in"}) {
		t.Errorf("events %q", got)
	}
	stored, err := pg.One[string](ctx, o.db, `SELECT row_to_json(r)::text || row_to_json(s)::text || row_to_json(u)::text
		FROM refresh_tokens r, sessions s, users u`)
	allowed(t, err, "read rows")
	for _, secret := range []string{g.Refresh, password} {
		if strings.Contains(stored, secret) {
			t.Errorf("a secret stands in the database: %s", stored)
		}
	}
}

func TestWrongLoginAndWrongPasswordAreTheSame(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	gone := o.user("gone", nil, who.Agent)
	_, err := o.Amend(ctx, who.System, gone.ID, 1, access.Amendment{Disabled: patch(true)})
	allowed(t, err, "disable")
	_, wrongLogin := o.SignIn(ctx, "nobody", password, "")
	_, wrongPassword := o.SignIn(ctx, "ada", password+"!", "")
	_, disabled := o.SignIn(ctx, "gone", password, "")
	for name, err := range map[string]error{"login": wrongLogin, "password": wrongPassword, "disabled": disabled} {
		want(t, err, fault.Unauthenticated, name)
		if err.Error() != wrongLogin.Error() {
			t.Errorf("%s is told %q", name, err)
		}
	}
}

// A password's hash takes 19 MiB to work out, whoever it is: who measures the time of a sign-in
// does not learn which logins there are. Memory, unlike time, can be counted.
func TestWrongLoginIsWorkedOutLikeWrongPassword(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	for _, login := range []string{"ada", "nobody"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		want(t, guess(ctx, o, login), fault.Unauthenticated, login)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took < 19<<20 || took > 2*19<<20 {
			t.Errorf("%s: %d bytes", login, took)
		}
	}
}

func TestFailuresLock(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"ada", "nobody"} {
		t.Run(login, func(t *testing.T) {
			t.Parallel()
			o, ctx := newOffice(t), t.Context()
			u := o.user("ada", nil, who.Agent)
			for range 5 {
				want(t, guess(ctx, o, login), fault.Unauthenticated, "guess")
			}
			for lock, longest := 15*time.Minute, 0; longest < 2; lock = min(2*lock, 4*time.Hour) {
				if lock == 4*time.Hour {
					longest++
				}
				// Another process, after a restart, knows it as well.
				restarted := access.NewStaff(o.db, o.clock.now)
				_, err := restarted.SignIn(ctx, login, password, "")
				want(t, err, fault.Busy, "right password while locked")
				if l, ok := errors.AsType[*access.LockedError](err); !ok || !l.Until.Equal(o.clock.now().Add(lock)) {
					t.Errorf("locked: %v, want it until %s from now", err, lock)
				}
				o.clock.pass(lock)
				want(t, guess(ctx, o, login), fault.Unauthenticated, "guess after the lock")
			}
			if login == "nobody" {
				return
			}
			if got, err := o.Find(ctx, who.System, u.ID); err != nil || got.LockedUntil == nil {
				t.Errorf("locked until %v, %v", got.LockedUntil, err)
			}
			o.clock.pass(4 * time.Hour)
			o.signIn("ada")
			want(t, guess(ctx, o, "ada"), fault.Unauthenticated, "first guess after a success")
			o.signIn("ada")
			if got := o.kinds(u.ID); got[1] != "user.locked" {
				t.Errorf("events %q", got)
			}
		})
	}
}

func TestFailuresOfLongAgoAreForgotten(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	for range 3 {
		for range 4 {
			want(t, guess(ctx, o, "ada"), fault.Unauthenticated, "guess")
		}
		o.clock.pass(25 * time.Hour)
	}
	o.signIn("ada")
}

func TestManyGuessesAtOnceAreNoMoreThanInARow(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	errs := together(30, func(int) error { return guess(ctx, o, "ada") })
	if wrong, busy := count(errs, fault.Unauthenticated), count(errs, fault.Busy); wrong != 5 || busy != 25 {
		t.Errorf("%d guesses were tried and %d refused", wrong, busy)
	}
}

func TestAdminUnlocks(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("ada", nil, who.Agent)
	for range 5 {
		want(t, guess(ctx, o, "ada"), fault.Unauthenticated, "guess")
	}
	next := "quite another evening"
	_, err := o.Amend(ctx, who.System, u.ID, 1, access.Amendment{Password: &next})
	allowed(t, err, "new password")
	_, err = o.SignIn(ctx, "ada", next, "")
	allowed(t, err, "sign in with it")
}

func TestRefreshTokensWorkOnce(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("ada", nil, who.Agent)
	first, other := o.signIn("ada"), o.signIn("ada")
	second, err := o.Refresh(ctx, first.Refresh)
	allowed(t, err, "refresh")
	if second.Session != first.Session || second.Refresh == first.Refresh || second.UserID != u.ID {
		t.Errorf("refreshed to %+v", second)
	}
	third, err := o.Refresh(ctx, second.Refresh)
	allowed(t, err, "refresh again")
	_, err = o.Refresh(ctx, first.Refresh)
	want(t, err, fault.Unauthenticated, "the first token again")
	_, err = o.Refresh(ctx, third.Refresh)
	want(t, err, fault.Unauthenticated, "the newest token after a reuse")
	_, err = o.Pass(ctx, first.Session, u.ID)
	want(t, err, fault.Unauthenticated, "the session after a reuse")
	_, err = o.Refresh(ctx, second.Refresh)
	want(t, err, fault.Unauthenticated, "one more reuse")
	_, err = o.Refresh(ctx, other.Refresh)
	allowed(t, err, "another session of the same user")
	if got := o.kinds(u.ID); !slices.Equal(got, []string{"user.opened", "user.signed_in", "user.signed_in", "user.session_reused"}) {
		t.Errorf("events %q", got)
	}
}

func TestOneOfTwoRefreshesAtOnceWins(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("ada", nil, who.Agent)
	for range 10 {
		g := o.signIn("ada")
		var next [2]access.Grant
		errs := together(2, func(i int) (err error) {
			next[i], err = access.NewStaff(o.db, o.clock.now).Refresh(ctx, g.Refresh)
			return err
		})
		if won, lost := count(errs, ""), count(errs, fault.Unauthenticated); won != 1 || lost != 1 {
			t.Fatalf("%v", errs)
		}
		_, err := o.Pass(ctx, g.Session, u.ID)
		want(t, err, fault.Unauthenticated, "the session")
		for _, n := range next {
			_, err := o.Refresh(ctx, n.Refresh)
			want(t, err, fault.Unauthenticated, "what the winner got")
		}
	}
}

func TestRefreshTokensThatAreNoGood(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("ada", nil, who.Agent)
	late, out, off := o.signIn("ada"), o.signIn("ada"), o.signIn("ada")
	allowed(t, o.SignOut(ctx, o.as(out)), "sign out")
	o.clock.pass(time.Hour)
	fresh := o.signIn("ada")
	o.clock.pass(30*24*time.Hour - time.Hour)
	for name, token := range map[string]string{
		"run out": late.Refresh, "signed out": out.Refresh, "empty": "", "unknown": fresh.Refresh[:42] + "A", "not ours": "abc", "longer": fresh.Refresh + "AAAA",
	} {
		_, err := o.Refresh(ctx, token)
		want(t, err, fault.Unauthenticated, name)
	}
	_, err := o.Amend(ctx, who.System, u.ID, 1, access.Amendment{Disabled: patch(true)})
	allowed(t, err, "disable")
	_, err = o.Amend(ctx, who.System, u.ID, 2, access.Amendment{Disabled: patch(false)})
	allowed(t, err, "enable")
	for name, token := range map[string]string{"before the disabling": fresh.Refresh, "another one": off.Refresh} {
		_, err := o.Refresh(ctx, token)
		want(t, err, fault.Unauthenticated, name)
	}
}

func TestSignOutEndsOneSession(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	here, there := o.signIn("ada"), o.signIn("ada")
	by := o.as(here)
	allowed(t, o.SignOut(ctx, by), "sign out")
	allowed(t, o.SignOut(ctx, by), "sign out twice")
	_, err := o.Pass(ctx, here.Session, here.UserID)
	want(t, err, fault.Unauthenticated, "the session")
	o.as(there)
	_, err = o.Pass(ctx, there.Session, uuid.New())
	want(t, err, fault.Unauthenticated, "somebody else's session")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("ada", nil, who.Agent)
	here, there := o.signIn("ada"), o.signIn("ada")
	by, next := o.as(here), "quite another evening"
	want(t, o.ChangePassword(ctx, by, "not "+password, next), fault.Invalid, "wrong old password")
	want(t, o.ChangePassword(ctx, by, password, password), fault.Invalid, "the same password")
	want(t, o.ChangePassword(ctx, by, password, "short"), fault.Invalid, "a short password")
	allowed(t, o.ChangePassword(ctx, by, password, next), "change")
	o.as(here)
	_, err := o.Refresh(ctx, here.Refresh)
	allowed(t, err, "refresh here")
	_, err = o.Pass(ctx, there.Session, there.UserID)
	want(t, err, fault.Unauthenticated, "the other session")
	_, err = o.Refresh(ctx, there.Refresh)
	want(t, err, fault.Unauthenticated, "refresh there")
	_, err = o.SignIn(ctx, "ada", password, "")
	want(t, err, fault.Unauthenticated, "the old password")
	_, err = o.SignIn(ctx, "ada", next, "")
	allowed(t, err, "the new password")
	if got := o.kinds(u.ID); !slices.Contains(got, "user.password_changed") {
		t.Errorf("events %q", got)
	}
}

// A stolen session is no way around the lock.
func TestOldPasswordCannotBeGuessed(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	by := o.as(o.signIn("ada"))
	for range 5 {
		want(t, o.ChangePassword(ctx, by, "not "+password, "quite another evening"), fault.Invalid, "guess")
	}
	want(t, o.ChangePassword(ctx, by, password, "quite another evening"), fault.Busy, "the right one")
}

func TestSweepLeavesWhatStillCounts(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	o.user("ada", nil, who.Agent)
	old := o.signIn("ada")
	o.clock.pass(20 * 24 * time.Hour)
	old, err := o.Refresh(ctx, old.Refresh)
	allowed(t, err, "refresh")
	o.signIn("ada")
	o.clock.pass(11 * 24 * time.Hour)
	want(t, guess(ctx, o, "ada"), fault.Unauthenticated, "guess")
	allowed(t, o.Sweep(ctx), "sweep")
	_, err = o.Refresh(ctx, old.Refresh)
	allowed(t, err, "refresh after the sweep")
	left, err := pg.One[string](ctx, o.db, `SELECT format('%s %s %s', (SELECT count(*) FROM refresh_tokens), (SELECT count(*) FROM sessions), (SELECT count(*) FROM sign_in_failures))`)
	if err != nil || left != "3 2 1" {
		t.Errorf("left %s, %v", left, err)
	}
	o.clock.pass(60 * 24 * time.Hour)
	allowed(t, o.Sweep(ctx), "sweep")
	left, err = pg.One[string](ctx, o.db, `SELECT format('%s %s %s', (SELECT count(*) FROM refresh_tokens), (SELECT count(*) FROM sessions), (SELECT count(*) FROM sign_in_failures))`)
	if err != nil || left != "0 0 0" {
		t.Errorf("left %s, %v", left, err)
	}
}

func BenchmarkSignIn(b *testing.B) {
	o := newOffice(b)
	o.user("ada", nil, who.Agent)
	b.ReportAllocs()
	for b.Loop() {
		o.signIn("ada")
	}
}
