package access_test

import (
	"slices"
	"testing"

	"callout/access"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

func pointers(err error) (all []string) {
	for _, f := range fault.From(err).Fields {
		all = append(all, f.Pointer)
	}
	return all
}

func TestOpenNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	mine, theirs := o.outlet("A"), o.outlet("B")
	by := who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Admin}, OutletID: mine}
	_, err := o.Open(ctx, by, access.Opening{Login: "a b", Name: " ", Password: "short", Language: "fr", Roles: []who.Role{"king"}, OutletID: theirs})
	want(t, err, fault.Invalid, "open")
	if got := pointers(err); !slices.Equal(got, []string{"/login", "/name", "/language", "/roles", "/outlet_id", "/password"}) {
		t.Errorf("named %q", got)
	}
	_, err = o.Open(ctx, who.System, access.Opening{Login: "ada", Name: "Ada", Password: password, Roles: []who.Role{who.Agent}, OutletID: patch(uuid.New())})
	want(t, err, fault.Invalid, "unknown outlet")
	if got := pointers(err); !slices.Equal(got, []string{"/outlet_id"}) {
		t.Errorf("named %q", got)
	}
	o.user("ada", nil, who.Agent)
	_, err = o.Open(ctx, who.System, access.Opening{Login: "ADA", Name: "Ada", Password: password, Roles: []who.Role{who.Agent}})
	want(t, err, fault.Conflict, "taken login")
}

func TestPasswordsThatAreRefused(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	for name, secret := range map[string]string{
		"eleven characters":            "abcdefg hij",
		"eleven Chinese characters":    "天地玄黄宇宙洪荒日月盈",
		"the login":                    "wang.xiaoming@example.com",
		"the login in capitals":        "WANG.XIAOMING@EXAMPLE.COM",
		"the login without its domain": "wang.xiaoming",
		"the login and a year":         "wang.xiaoming2026",
		"the name":                     "Wang Xiaoming",
		"the name without its space":   "wangxiaoming1!",
		"the name twice":               "Wang XiaomingWang Xiaoming",
		"a worst one":                  "password1234",
		"a worst one in capitals":      "PASSWORD1234",
		"a worst one in wide letters":  "ｐａｓｓｗｏｒｄ１２３４",
		"one letter":                   "aaaaaaaaaaaaaaaa",
		"two letters":                  "121212121212",
	} {
		_, err := o.Open(ctx, who.System, access.Opening{Login: "wang.xiaoming@example.com", Name: "Wang Xiaoming", Password: secret, Roles: []who.Role{who.Agent}})
		want(t, err, fault.Invalid, name)
		if got := pointers(err); !slices.Equal(got, []string{"/password"}) {
			t.Errorf("%s: named %q", name, got)
		}
	}
	for i, secret := range []string{"twelve chars", "天地玄黄宇宙洪荒日月盈昃", "wang likes green tea"} {
		_, err := o.Open(ctx, who.System, access.Opening{Login: names(i), Name: "Wang Xiaoming", Password: secret, Roles: []who.Role{who.Agent}})
		allowed(t, err, secret)
	}
}

func TestAdminOfOneOutletManagesItAlone(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	mine, theirs := o.outlet("A"), o.outlet("B")
	chief := o.user("chief", nil, who.Admin)
	o.user("local", mine, who.Admin)
	other := o.user("other", theirs, who.Agent)
	by := o.as(o.signIn("local"))

	u, err := o.Open(ctx, by, access.Opening{Login: "new", Name: "New", Password: password, Roles: []who.Role{who.Agent}})
	allowed(t, err, "open")
	if u.OutletID == nil || *u.OutletID != *mine {
		t.Errorf("opened in outlet %v", u.OutletID)
	}
	u, err = o.Amend(ctx, by, u.ID, u.Version, access.Amendment{Roles: []who.Role{who.Warehouse}, Language: patch(words.Chinese)})
	allowed(t, err, "amend")
	if u.Version != 2 || u.Language != words.Chinese || !slices.Equal(u.Roles, []who.Role{who.Warehouse}) {
		t.Errorf("amended to %+v", u)
	}
	for name, out := range map[string]access.User{"the admin of all outlets": chief, "another outlet's user": other} {
		_, err := o.Find(ctx, by, out.ID)
		want(t, err, fault.NotFound, "find "+name)
		_, err = o.Amend(ctx, by, out.ID, 1, access.Amendment{Disabled: patch(true)})
		want(t, err, fault.NotFound, "disable "+name)
	}
	var all *uuid.UUID
	for name, outlet := range map[string]*uuid.UUID{"all outlets": all, "another outlet": theirs} {
		_, err := o.Amend(ctx, by, by.UserID, 1, access.Amendment{OutletID: &outlet})
		want(t, err, fault.Invalid, "give himself "+name)
		_, err = o.Amend(ctx, by, u.ID, 2, access.Amendment{OutletID: &outlet})
		want(t, err, fault.Invalid, "give a user "+name)
	}
	_, err = o.Open(ctx, by, access.Opening{Login: "spy", Name: "Spy", Password: password, Roles: []who.Role{who.Agent}, OutletID: theirs})
	want(t, err, fault.Invalid, "open in another outlet")
	seen, more, err := o.List(ctx, by, "", uuid.Nil, 10)
	if err != nil || more || len(seen) != 2 || seen[0].Login != "local" || seen[1].Login != "new" {
		t.Errorf("listed %+v, %v, %v", seen, more, err)
	}
}

func TestUsersArePagedByRole(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	for i := range 5 {
		o.user(names(i), nil, []who.Role{who.Agent, who.Technician}[i%2])
	}
	var got []string
	after := uuid.Nil
	for {
		users, more, err := o.List(ctx, who.System, who.Agent, after, 2)
		allowed(t, err, "list")
		for _, u := range users {
			got, after = append(got, u.Login), u.ID
		}
		if !more {
			break
		}
	}
	if !slices.Equal(got, []string{"user0", "user2", "user4"}) {
		t.Errorf("listed %q", got)
	}
}

func TestStaleAmendmentIsRefused(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	u := o.user("ada", nil, who.Agent)
	_, err := o.Amend(ctx, who.System, u.ID, 1, access.Amendment{Name: patch("Ada")})
	allowed(t, err, "amend")
	_, err = o.Amend(ctx, who.System, u.ID, 1, access.Amendment{Name: patch("Eve")})
	want(t, err, fault.Stale, "amend what somebody else amended")
	if got := o.kinds(u.ID); !slices.Equal(got, []string{"user.opened", "user.amended"}) {
		t.Errorf("events %q", got)
	}
}

func TestSomebodyStaysAdminOfAllOutlets(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), t.Context()
	outlet := o.outlet("A")
	last := o.user("last", nil, who.Admin, who.Agent)
	o.user("local", outlet, who.Admin)
	off := o.user("off", nil, who.Admin)
	_, err := o.Amend(ctx, who.System, off.ID, 1, access.Amendment{Disabled: patch(true)})
	allowed(t, err, "disable one of two")
	for name, a := range map[string]access.Amendment{
		"disabled": {Disabled: patch(true)}, "without the role": {Roles: []who.Role{who.Agent}}, "in one outlet": {OutletID: &outlet},
	} {
		_, err := o.Amend(ctx, who.System, last.ID, 1, a)
		want(t, err, fault.Conflict, "the last one "+name)
	}
	_, err = o.Amend(ctx, who.System, last.ID, 1, access.Amendment{Roles: []who.Role{who.Admin}, Disabled: patch(false)})
	allowed(t, err, "what takes nothing away")
	_, err = o.Amend(ctx, who.System, off.ID, 2, access.Amendment{Disabled: patch(false)})
	allowed(t, err, "enable the other")

	errs := together(2, func(i int) error {
		_, err := o.Amend(ctx, who.System, []uuid.UUID{last.ID, off.ID}[i], []int{2, 3}[i], access.Amendment{Disabled: patch(true)})
		return err
	})
	if won, lost := count(errs, ""), count(errs, fault.Conflict); won != 1 || lost != 1 {
		t.Errorf("both at once: %v", errs)
	}
}
