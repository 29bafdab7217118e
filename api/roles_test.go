package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"callout/api"
	"callout/internal/keyring"
	"callout/internal/who"
)

func TestEveryOperationAnswersEveryRoleAsTheContractSays(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := newSampler(w.law)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, op := range w.law.Operations {
		public := slices.Contains(op.Roles, "public")
		for _, role := range who.Roles {
			asked++
			may := public || slices.Contains(op.Roles, "everyone") || slices.Contains(op.Roles, string(role))
			a := s.ask(op).send(w.as(role))
			forbidden := a.status == http.StatusForbidden && a.problem().Detail == "your roles do not allow this"
			if forbidden == may || a.status == http.StatusUnauthorized && !public || a.status >= 500 {
				t.Errorf("%s as %s (allowed: %v): answered %d: %s", op.ID, role, may, a.status, a.body)
			}
		}
		for name, c := range map[string]*client{"no token": w.nobody(), "an expired token": w.expired(), "rubbish": {world: w, token: "rubbish"}, "another server's token": w.foreign()} {
			asked++
			if a := s.ask(op).send(c); !public && a.status != http.StatusUnauthorized {
				t.Errorf("%s with %s: answered %d: %s", op.ID, name, a.status, a.body)
			}
		}
	}
	t.Logf("%d operations asked as %d roles and as nobody: %d answers", len(w.law.Operations), len(who.Roles), asked)
}

// expired returns a dispatcher whose token was good an hour ago.
func (w *world) expired() *client {
	w.t.Helper()
	c := w.as(who.Dispatcher)
	c.token = w.issue(c, w.ring(), time.Now().Add(-time.Hour))
	return c
}

// foreign returns a dispatcher whose token somebody else has signed.
func (w *world) foreign() *client {
	w.t.Helper()
	ring, err := keyring.Open(w.t.TempDir())
	if err != nil {
		w.t.Fatal(err)
	}
	c := w.as(who.Dispatcher)
	c.token = w.issue(c, ring, time.Now())
	return c
}

func (w *world) issue(c *client, ring *keyring.Ring, at time.Time) string {
	w.t.Helper()
	token, _, err := api.NewTokens(ring, func() time.Time { return at }).Issue(c.user, c.session)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}
