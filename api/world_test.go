package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/api"
	"callout/house"
	"callout/internal/keyring"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	contract "callout/mobile-contract"

	"github.com/google/uuid"
)

var law = sync.OnceValues(contract.Load)

// world is a whole house on a database of its own, behind its HTTP handler.
type world struct {
	t      testing.TB
	house  *house.House
	tokens *api.Tokens
	law    *contract.Contract
	keys   string // the folder of the token keys
}

// open returns a world with no limits on how often one may ask.
func open(t testing.TB) *world {
	t.Helper()
	return openWith(t, house.Options{Limits: api.Limits{UserPerSecond: 1e6, UserBurst: 1e6, AddressPerSecond: 1e6, AddressBurst: 1e6}})
}

func openWith(t testing.TB, o house.Options) *world {
	t.Helper()
	c, err := law()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, law: c}
	o.DatabaseURL, o.Dir, o.Log = pgtest.URL(t), t.TempDir(), slog.New(slog.DiscardHandler)
	if w.house, err = house.Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.house.Close)
	w.keys = filepath.Join(o.Dir, "keys", "tokens")
	w.tokens = api.NewTokens(w.ring(), time.Now)
	return w
}

// ring is the house's own ring of token keys.
func (w *world) ring() *keyring.Ring {
	w.t.Helper()
	ring, err := keyring.Open(w.keys)
	if err != nil {
		w.t.Fatal(err)
	}
	return ring
}

// client is somebody who is signed in, or nobody where it has no token.
type client struct {
	*world
	user, session uuid.UUID
	token         string
}

// as returns a client who holds a role, in one outlet or (none given) in all of them.
func (w *world) as(role who.Role, outlet ...uuid.UUID) *client {
	w.t.Helper()
	c := &client{world: w, user: uuid.Must(uuid.NewV7()), session: uuid.Must(uuid.NewV7())}
	var in *uuid.UUID
	if len(outlet) > 0 {
		in = &outlet[0]
	}
	now := time.Now()
	w.exec(`INSERT INTO users (id, login, name, password_hash, roles, outlet_id, created_at, updated_at) VALUES ($1, $2, $3, 'none', ARRAY[$4], $5, $6, $6)`,
		c.user, fmt.Sprintf("%s-%s", role, c.user), "A "+string(role), string(role), in, now)
	w.exec(`INSERT INTO sessions (id, user_id, created_at) VALUES ($1, $2, $3)`, c.session, c.user, now)
	var err error
	if c.token, _, err = w.tokens.Issue(c.user, c.session); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// nobody returns a client who is not signed in.
func (w *world) nobody() *client { return &client{world: w} }

// exec writes to the database behind the doors' backs, for what a test takes as given.
func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := pg.Exec(w.t.Context(), w.house.DB, statement, args...); err != nil {
		w.t.Fatal(err)
	}
}

// option changes a request before it is sent.
type option func(*http.Request)

func header(name, value string) option {
	return func(r *http.Request) { r.Header.Set(name, value) }
}
func without(name string) option  { return func(r *http.Request) { r.Header.Del(name) } }
func key(k string) option         { return header("Idempotency-Key", k) }
func match(version int) option    { return header("If-Match", fmt.Sprintf(`"%d"`, version)) }
func lang(language string) option { return header("Accept-Language", language) }

func (c *client) get(path string, o ...option) *reply { return c.send("GET", path, nil, o...) }
func (c *client) post(path string, body any, o ...option) *reply {
	return c.send("POST", path, body, o...)
}

func (c *client) put(path string, body any, o ...option) *reply {
	return c.send("PUT", path, body, o...)
}

func (c *client) delete(path string, o ...option) *reply { return c.send("DELETE", path, nil, o...) }

func (c *client) patch(path string, version int, body any, o ...option) *reply {
	return c.send("PATCH", path, body, append([]option{match(version)}, o...)...)
}

// send makes a request of any body (bytes and strings as they are, all else as JSON) and holds the answer against the contract.
func (c *client) send(method, path string, body any, o ...option) *reply {
	c.t.Helper()
	var content io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case []byte:
		content = bytes.NewReader(b)
	case string:
		content = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, content)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	for _, change := range o {
		change(r)
	}
	rec := httptest.NewRecorder()
	c.house.Handler.ServeHTTP(rec, r)
	a := &reply{t: c.t, status: rec.Code, header: rec.Header(), body: rec.Body.Bytes(), asked: method + " " + path}
	c.hold(r, a)
	return a
}

// hold fails the test where an answer breaks the contract.
func (w *world) hold(r *http.Request, a *reply) {
	w.t.Helper()
	if a.status == http.StatusNotModified && len(a.body) == 0 {
		return
	}
	for _, op := range w.law.Operations {
		if op.Method == r.Method && fits(op.Path, r.URL.Path) {
			if err := op.CheckAnswer(a.status, a.header.Get, a.body); err != nil {
				w.t.Errorf("the answer breaks the contract: %v", err)
			}
			return
		}
	}
}

// fits says whether a path is one of a template; a template without parameters comes before one with.
func fits(template, path string) bool {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != have[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// reply is what came back.
type reply struct {
	t      testing.TB
	asked  string
	status int
	header http.Header
	body   []byte
}

// want fails the test where the status is another.
func (a *reply) want(status int) *reply {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.asked, a.status, status, a.body)
	}
	return a
}

// into decodes the body.
func (a *reply) into(v any) *reply {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v: %s", a.asked, err, a.body)
	}
	return a
}

// problem is the body of a refusal.
type problem struct {
	Type, Title, Detail string
	Status              int
	Errors              []struct{ In, Pointer, Detail string }
}

func (a *reply) problem() (p problem) {
	a.t.Helper()
	a.into(&p)
	return p
}

// pointers lists the places that a refusal names.
func (a *reply) pointers() []string {
	a.t.Helper()
	var all []string
	for _, e := range a.problem().Errors {
		all = append(all, e.Pointer)
	}
	return all
}

// version is the row's version by the answer's ETag.
func (a *reply) version() int {
	a.t.Helper()
	var v int
	if _, err := fmt.Sscanf(a.header.Get("ETag"), `"%d"`, &v); err != nil {
		a.t.Fatalf("%s: ETag %q: %v", a.asked, a.header.Get("ETag"), err)
	}
	return v
}

// id is the id of the row in the body.
func (a *reply) id() uuid.UUID {
	a.t.Helper()
	var row struct{ ID uuid.UUID }
	a.into(&row)
	return row.ID
}
