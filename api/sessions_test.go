package api_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"callout/access"
	"callout/api"
	"callout/house"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

const passphrase = "nine green bottles on a wall"

// person opens a user who can sign in with the passphrase.
func (w *world) person(login string, outlet *uuid.UUID, roles ...who.Role) access.User {
	w.t.Helper()
	u, err := w.house.Staff.Open(w.t.Context(), who.System, access.Opening{
		Login: login, Name: "Li Wei", Password: passphrase, Language: words.Chinese, Roles: roles, OutletID: outlet,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// pair is what a sign-in answers.
type pair struct {
	Access    string    `json:"access_token"`
	ExpiresIn int       `json:"expires_in"`
	Refresh   string    `json:"refresh_token"`
	Until     time.Time `json:"refresh_expires_at"`
}

func login(name, secret string) map[string]string {
	return map[string]string{"login": name, "password": secret}
}

func refresh(p pair) map[string]string { return map[string]string{"refresh_token": p.Refresh} }

// signIn returns a client who has signed in as people do.
func (w *world) signIn(name string) (*client, pair) {
	w.t.Helper()
	var p pair
	w.nobody().post("/v1/sessions", login(name, passphrase)).want(http.StatusCreated).into(&p)
	return &client{world: w, token: p.Access}, p
}

func TestSessionFromSignInToSignOut(t *testing.T) {
	t.Parallel()
	w := open(t)
	u := w.person("li.wei@example.com", nil, who.Dispatcher)
	c, first := w.signIn("Li.Wei@example.com")
	if first.ExpiresIn != 900 || time.Until(first.Until) < 29*24*time.Hour {
		t.Errorf("signed in with %+v", first)
	}
	var me struct {
		ID       uuid.UUID
		Language string
		Roles    []string
	}
	c.get("/v1/sessions/current").want(http.StatusOK).into(&me)
	if me.ID != u.ID || me.Language != "zh-CN" || !slices.Equal(me.Roles, []string{"dispatcher"}) {
		t.Errorf("signed in as %+v", me)
	}
	var second pair
	w.nobody().post("/v1/sessions/refresh", refresh(first)).want(http.StatusCreated).into(&second)
	renewed := &client{world: w, token: second.Access}
	renewed.get("/v1/sessions/current").want(http.StatusOK)
	renewed.delete("/v1/sessions/current").want(http.StatusNoContent)
	for name, gone := range map[string]*client{"old token": c, "new token": renewed} {
		if a := gone.get("/v1/sessions/current"); a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s after signing out: %d", name, a.status)
		}
	}
	w.nobody().post("/v1/sessions/refresh", refresh(second)).want(http.StatusUnauthorized)
}

func TestReusedRefreshTokenEndsTheSession(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.person("li.wei", nil, who.Agent)
	c, first := w.signIn("li.wei")
	var second pair
	w.nobody().post("/v1/sessions/refresh", refresh(first)).want(http.StatusCreated).into(&second)
	w.nobody().post("/v1/sessions/refresh", refresh(first)).want(http.StatusUnauthorized)
	w.nobody().post("/v1/sessions/refresh", refresh(second)).want(http.StatusUnauthorized)
	c.get("/v1/sessions/current").want(http.StatusUnauthorized)
}

func TestWrongLoginAndWrongPasswordReadTheSame(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.person("li.wei", nil, who.Agent)
	for i := range 7 {
		known := w.nobody().post("/v1/sessions", login("li.wei", "not "+passphrase))
		unknown := w.nobody().post("/v1/sessions", login("nobody", passphrase))
		p, q := known.problem(), unknown.problem()
		status := http.StatusUnauthorized
		if i >= 5 {
			status = http.StatusTooManyRequests
		}
		if known.status != status || unknown.status != status || p.Detail != q.Detail || p.Type != q.Type {
			t.Errorf("attempt %d: %s; %s", i+1, known.body, unknown.body)
		}
	}
	locked := w.nobody().post("/v1/sessions", login("li.wei", passphrase), lang("zh-CN")).want(http.StatusTooManyRequests)
	if wait, err := strconv.Atoi(locked.header.Get("Retry-After")); err != nil || wait < 14*60 || wait > 15*60 {
		t.Errorf("told to wait %q", locked.header.Get("Retry-After"))
	}
	if got := locked.problem().Detail; got != "登录失败次数过多：请稍后再试" {
		t.Errorf("told in Chinese: %q", got)
	}
	var u struct {
		LockedUntil *time.Time `json:"locked_until"`
	}
	id, err := w.house.Staff.FindLogin(t.Context(), who.System, "li.wei")
	if err != nil {
		t.Fatal(err)
	}
	w.as(who.Admin).get("/v1/users/" + id.ID.String()).want(http.StatusOK).into(&u)
	if u.LockedUntil == nil {
		t.Error("an admin does not see the lock")
	}
}

func TestSignInsArePacedByAddressAndByLogin(t *testing.T) {
	t.Parallel()
	w := openWith(t, house.Options{Limits: api.Limits{UserPerSecond: 1e6, UserBurst: 1e6, AddressPerSecond: 1e-3, AddressBurst: 3}})
	from := func(address string) option {
		return func(r *http.Request) { r.RemoteAddr = address + ":4000" }
	}
	for i, want := range []int{401, 401, 401, 429} {
		name := "user" + strconv.Itoa(i)
		if a := w.nobody().post("/v1/sessions", login(name, passphrase), from("192.0.2.1")); a.status != want {
			t.Errorf("request %d of one address: %d, want %d", i+1, a.status, want)
		}
	}
	for i, want := range []int{401, 401, 401, 429} {
		a := w.nobody().post("/v1/sessions", login("One", passphrase), from("192.0.2."+strconv.Itoa(10+i)))
		if a.status != want {
			t.Errorf("request %d for one login: %d, want %d", i+1, a.status, want)
		}
		if want == 429 && a.header.Get("Retry-After") == "" {
			t.Error("not told how long to wait")
		}
	}
}

func TestChangePasswordOverHTTP(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.person("li.wei", nil, who.Agent)
	here, _ := w.signIn("li.wei")
	there, _ := w.signIn("li.wei")
	change := func(old, next string) *reply {
		return here.put("/v1/sessions/current/password", map[string]string{"old_password": old, "new_password": next})
	}
	if got := change("wrong", "eight blue bottles on a wall").want(http.StatusUnprocessableEntity).pointers(); !slices.Equal(got, []string{"/old_password"}) {
		t.Errorf("named %q", got)
	}
	if got := change(passphrase, "password1234").want(http.StatusUnprocessableEntity).pointers(); !slices.Equal(got, []string{"/new_password"}) {
		t.Errorf("named %q", got)
	}
	change(passphrase, "eight blue bottles on a wall").want(http.StatusNoContent)
	here.get("/v1/sessions/current").want(http.StatusOK)
	there.get("/v1/sessions/current").want(http.StatusUnauthorized)
	w.nobody().post("/v1/sessions", login("li.wei", passphrase)).want(http.StatusUnauthorized)
	w.nobody().post("/v1/sessions", login("li.wei", "eight blue bottles on a wall")).want(http.StatusCreated)
}

func BenchmarkSignIn(b *testing.B) {
	w := open(b)
	w.person("li.wei", nil, who.Agent)
	b.ReportAllocs()
	for b.Loop() {
		w.nobody().post("/v1/sessions", login("li.wei", passphrase)).want(http.StatusCreated)
	}
}
