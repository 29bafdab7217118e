package api

import (
	"errors"
	"math"
	"strconv"
	"time"

	"callout/access"
)

func (s *Server) sessionsHandlers() map[string]handler {
	return map[string]handler{
		"signIn": s.signIn, "refreshSession": s.refreshSession, "getMe": s.getMe, "signOut": s.signOut, "changePassword": s.changePassword,
	}
}

// tokens are what a client is signed in with.
type tokens struct {
	Access           string    `json:"access_token"`
	Type             string    `json:"token_type"`
	ExpiresIn        int       `json:"expires_in"`
	Refresh          string    `json:"refresh_token"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at"`
}

func (s *Server) signIn(k *call) (answer, error) {
	var body struct {
		Login    string `json:"login"`
		Password string `json:"password"`
		Device   string `json:"device"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	if err := s.limits.allow(k.gin, "login", access.Fold(body.Login)); err != nil {
		return answer{}, err
	}
	g, err := s.Staff.SignIn(k.ctx, body.Login, body.Password, body.Device)
	if err != nil {
		return answer{}, waiting(k, err)
	}
	return s.granted(k, g)
}

func (s *Server) refreshSession(k *call) (answer, error) {
	var body struct {
		Refresh string `json:"refresh_token"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	g, err := s.Staff.Refresh(k.ctx, body.Refresh)
	if err != nil {
		return answer{}, err
	}
	return s.granted(k, g)
}

// granted answers with the tokens of a session; no cache on the way keeps them.
func (s *Server) granted(k *call, g access.Grant) (answer, error) {
	token, life, err := s.Tokens.Issue(g.UserID, g.Session)
	if err != nil {
		return answer{}, err
	}
	k.gin.Set(userKey, g.UserID)
	return answer{status: 201, body: tokens{token, "Bearer", int(life.Seconds()), g.Refresh, g.RefreshExpiresAt}}, nil
}

func (s *Server) getMe(k *call) (answer, error) {
	u, err := s.Staff.Self(k.ctx, k.by)
	if err != nil {
		return answer{}, err
	}
	return versioned(u.Version, wireUser(u))
}

func (s *Server) signOut(k *call) (answer, error) {
	if err := s.Staff.SignOut(k.ctx, k.by); err != nil {
		return answer{}, err
	}
	return done()
}

func (s *Server) changePassword(k *call) (answer, error) {
	var body struct {
		Old string `json:"old_password"`
		New string `json:"new_password"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	if err := s.Staff.ChangePassword(k.ctx, k.by, body.Old, body.New); err != nil {
		return answer{}, waiting(k, err)
	}
	return done()
}

// waiting tells a locked client in Retry-After how long to wait.
func waiting(k *call, err error) error {
	if l, locked := errors.AsType[*access.LockedError](err); locked {
		k.gin.Header("Retry-After", strconv.Itoa(max(1, int(math.Ceil(time.Until(l.Until).Seconds())))))
	}
	return err
}
