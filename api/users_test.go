package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

type obj = map[string]any

// newOutlet writes an outlet of a code.
func (w *world) newOutlet(code string) uuid.UUID {
	w.t.Helper()
	id := uuid.Must(uuid.NewV7())
	w.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, $2, $2, 'Asia/Shanghai', now(), now())`, id, code)
	return id
}

func opening(login string, more obj) obj {
	o := obj{"login": login, "name": "Li Wei", "password": passphrase, "roles": []string{"technician"}}
	for k, v := range more {
		o[k] = v
	}
	return o
}

func TestUserIsOpenedReadAndAmended(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.as(who.Admin)
	made := admin.post("/v1/users", opening("Li.Wei@example.com", obj{"language": "zh-CN"})).want(http.StatusCreated)
	if strings.Contains(string(made.body), "password") {
		t.Errorf("the answer tells of the password: %s", made.body)
	}
	at := made.header.Get("Location")
	var u struct {
		Login    string
		Language string
		Roles    []string
		OutletID *uuid.UUID `json:"outlet_id"`
		Disabled bool
		Version  int
	}
	read := admin.get(at).want(http.StatusOK).into(&u)
	if u.Login != "li.wei@example.com" || u.Language != "zh-CN" || u.OutletID != nil || u.Disabled || read.version() != 1 {
		t.Errorf("read %+v", u)
	}
	admin.get(at, header("If-None-Match", read.header.Get("ETag"))).want(http.StatusNotModified)
	c, _ := w.signIn("li.wei@example.com")

	admin.patch(at, 1, obj{"roles": []string{"warehouse", "agent"}}).want(http.StatusOK).into(&u)
	if u.Version != 2 || !slices.Equal(u.Roles, []string{"warehouse", "agent"}) {
		t.Errorf("amended to %+v", u)
	}
	admin.patch(at, 1, obj{"name": "Eve"}).want(http.StatusPreconditionFailed)
	// The token that was given to a technician is one of an agent now.
	c.get("/v1/sessions/current").want(http.StatusOK).into(&u)
	if !slices.Contains(u.Roles, "agent") {
		t.Errorf("his token says %q", u.Roles)
	}
	admin.patch(at, 2, obj{"disabled": true}).want(http.StatusOK).into(&u)
	if !u.Disabled {
		t.Errorf("disabled to %+v", u)
	}
	c.get("/v1/sessions/current").want(http.StatusUnauthorized)
	w.nobody().post("/v1/sessions", login("li.wei@example.com", passphrase)).want(http.StatusUnauthorized)
	admin.patch(at, 3, obj{"disabled": false}).want(http.StatusOK)
	c.get("/v1/sessions/current").want(http.StatusUnauthorized)
	w.signIn("li.wei@example.com")
}

func TestWrongUsersAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.as(who.Admin)
	admin.post("/v1/users", opening("taken", nil)).want(http.StatusCreated)
	admin.post("/v1/users", opening("TAKEN", nil)).want(http.StatusConflict)
	for name, tt := range map[string]struct {
		more    obj
		pointer string
	}{
		"login as password":  {obj{"login": "somebody@example.com", "password": "somebody@example.com"}, "/password"},
		"common password":    {obj{"password": "qwertyuiop123"}, "/password"},
		"no such outlet":     {obj{"outlet_id": uuid.NewString()}, "/outlet_id"},
		"no such role":       {obj{"roles": []string{"king"}}, "/roles/0"},
		"same role twice":    {obj{"roles": []string{"agent", "agent"}}, "/roles/1"},
		"no role":            {obj{"roles": []string{}}, "/roles"},
		"a blank in a login": {obj{"login": "li wei"}, "/login"},
	} {
		if got := admin.post("/v1/users", opening("free", tt.more)).want(http.StatusUnprocessableEntity).pointers(); !slices.Contains(got, tt.pointer) {
			t.Errorf("%s: named %q", name, got)
		}
	}
}

func TestOpeningAUserTwiceUnderOneKeyOpensOne(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.as(who.Admin)
	first := admin.post("/v1/users", opening("li.wei", nil), key("open-li-wei")).want(http.StatusCreated)
	again := admin.post("/v1/users", opening("li.wei", nil), key("open-li-wei")).want(http.StatusCreated)
	if again.header.Get("Idempotency-Replayed") != "true" || first.id() != again.id() {
		t.Errorf("answered %s, then %s", first.body, again.body)
	}
	w.signIn("li.wei")
}

func TestUsersOfAnotherOutletAreNotThere(t *testing.T) {
	t.Parallel()
	w := open(t)
	mine, theirs := w.newOutlet("A"), w.newOutlet("B")
	chief := w.as(who.Admin)
	local, supervisor := w.as(who.Admin, mine), w.as(who.Supervisor, mine)
	ours := w.person("ours", &mine, who.Agent)
	foreign := w.person("foreign", &theirs, who.Agent)
	for _, c := range []*client{local, supervisor} {
		c.get("/v1/users/" + ours.ID.String()).want(http.StatusOK)
		c.get("/v1/users/" + foreign.ID.String()).want(http.StatusNotFound)
		c.get("/v1/users/" + chief.user.String()).want(http.StatusNotFound)
		var list struct{ Items []obj }
		c.get("/v1/users").want(http.StatusOK).into(&list)
		for _, u := range list.Items {
			if u["outlet_id"] != mine.String() {
				t.Errorf("listed %v", u)
			}
		}
		if len(list.Items) != 3 {
			t.Errorf("listed %d users", len(list.Items))
		}
	}
	local.patch("/v1/users/"+foreign.ID.String(), 1, obj{"disabled": true}).want(http.StatusNotFound)
	supervisor.patch("/v1/users/"+ours.ID.String(), 1, obj{"disabled": true}).want(http.StatusForbidden)
	for name, outlet := range map[string]any{"every outlet": nil, "another outlet": theirs} {
		a := local.patch("/v1/users/"+local.user.String(), 1, obj{"outlet_id": outlet}).want(http.StatusUnprocessableEntity)
		if got := a.pointers(); !slices.Equal(got, []string{"/outlet_id"}) {
			t.Errorf("%s: named %q", name, got)
		}
	}
	local.post("/v1/users", opening("spy", obj{"outlet_id": theirs})).want(http.StatusUnprocessableEntity)
	var u struct {
		OutletID uuid.UUID `json:"outlet_id"`
	}
	local.post("/v1/users", opening("new", nil)).want(http.StatusCreated).into(&u)
	if u.OutletID != mine {
		t.Errorf("opened in %s", u.OutletID)
	}
	// Moved to another outlet, his token sees that one.
	c, _ := w.signIn("new")
	id := c.get("/v1/sessions/current").id()
	chief.patch("/v1/users/"+id.String(), 1, obj{"outlet_id": theirs}).want(http.StatusOK)
	c.get("/v1/sessions/current").want(http.StatusOK).into(&u)
	if u.OutletID != theirs {
		t.Errorf("moved to %s", u.OutletID)
	}
}

func TestLastAdminOfAllOutletsStays(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.as(who.Admin)
	at := "/v1/users/" + admin.user.String()
	admin.patch(at, 1, obj{"disabled": true}).want(http.StatusConflict)
	admin.patch(at, 1, obj{"roles": []string{"agent"}}).want(http.StatusConflict)
	admin.patch(at, 1, obj{"outlet_id": w.newOutlet("A")}).want(http.StatusConflict)
	other := w.as(who.Admin)
	admin.patch(at, 1, obj{"disabled": true}).want(http.StatusOK)
	admin.get(at).want(http.StatusUnauthorized)
	other.get(at).want(http.StatusOK)
}

func TestUsersArePaged(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.as(who.Admin)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w.person("user-"+name, nil, who.Inspector)
	}
	var logins []string
	next := "/v1/users?role=inspector&limit=2"
	for range 5 {
		var page struct {
			Items []struct{ Login string }
			Next  *string `json:"next_cursor"`
		}
		a := admin.get(next).want(http.StatusOK).into(&page)
		for _, u := range page.Items {
			logins = append(logins, u.Login)
		}
		if page.Next == nil {
			break
		}
		if a.header.Get("Link") == "" {
			t.Error("the page has no link to the next")
		}
		next = "/v1/users?role=inspector&limit=2&cursor=" + *page.Next
	}
	if !slices.Equal(logins, []string{"user-a", "user-b", "user-c", "user-d", "user-e"}) {
		t.Errorf("listed %q", logins)
	}
	admin.get("/v1/users?cursor=bm90LWEtY3Vyc29y").want(http.StatusUnprocessableEntity)
}
