package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

const (
	refreshSize = 32
	refreshLife = 30 * 24 * time.Hour
)

// Reason says why a session ended.
type Reason string

// The reasons.
const (
	ReasonSignedOut       Reason = "signed_out"
	ReasonReused          Reason = "reused"
	ReasonPasswordChanged Reason = "password_changed"
	ReasonDisabled        Reason = "disabled"
)

// Grant is a session, and the one refresh token that goes on with it.
type Grant struct {
	UserID           uuid.UUID
	Session          uuid.UUID
	Refresh          string // 32 random bytes; only their SHA-256 is kept
	RefreshExpiresAt time.Time
}

// errSignIn is the same for a wrong login, a wrong password and a disabled user.
var errSignIn = fault.New(fault.Unauthenticated, "login or password is wrong")

var errRefresh = fault.New(fault.Unauthenticated, "the refresh token is not valid: sign in again")

// SignIn opens a session for whoever knows a login and its password. It returns
// fault.Unauthenticated, after the same time, whether the login or the password is wrong, and a
// LockedError (fault.Busy) after five failures in a row, for logins that nobody has as well.
func (s *Staff) SignIn(ctx context.Context, login, password, device string) (g Grant, err error) {
	login = Fold(login)
	last, err := s.charge(ctx, login)
	if err != nil {
		return Grant{}, err
	}
	c, err := findCredentials(ctx, s.db, login)
	if err != nil {
		return Grant{}, err
	}
	right, err := s.kdf.verify(ctx, c.PasswordHash, password)
	if err != nil {
		return Grant{}, err
	}
	if !right || c.Disabled {
		if err := s.failed(ctx, c, last); err != nil {
			return Grant{}, err
		}
		return Grant{}, errSignIn
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		// Whoever was disabled or got a new password in this very moment is not let in.
		if same, err := c.unchanged(ctx, s.db); err != nil || !same {
			return cmp.Or[error](err, errSignIn)
		}
		now := s.now()
		g = Grant{UserID: c.ID, Session: uuid.Must(uuid.NewV7())}
		if err := insertSession(ctx, s.db, g.Session, c.ID, device, now); err != nil {
			return err
		}
		if err := s.renew(ctx, &g, now); err != nil {
			return err
		}
		if err := s.forgive(ctx, login); err != nil {
			return err
		}
		return event.Append(ctx, s.db, who.Actor{UserID: c.ID}, now, event.Entry{
			Kind: "user.signed_in", SubjectID: c.ID, OutletID: c.OutletID, Data: map[string]any{"session": g.Session, "device": device},
		})
	})
	return g, err
}

// failed notes the lock that the last of the allowed failures brings to a user.
func (s *Staff) failed(ctx context.Context, c credentials, last bool) error {
	if !last || c.ID == uuid.Nil {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return event.Append(ctx, s.db, who.System, s.now(), event.Entry{Kind: "user.locked", SubjectID: c.ID, OutletID: c.OutletID})
	})
}

// Refresh trades a refresh token for the next one of its session. A token works once: one that
// comes again, also at the same moment, ends the session for everybody who holds a token of it.
func (s *Staff) Refresh(ctx context.Context, token string) (g Grant, err error) {
	hash, err := hashRefresh(token)
	if err != nil {
		return Grant{}, errRefresh
	}
	reused := false
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		r, fresh, err := useRefresh(ctx, s.db, hash, now)
		if err != nil {
			return err
		}
		if reused = !fresh; reused {
			return s.endReused(ctx, r, now)
		}
		if r.Revoked || r.Disabled || !now.Before(r.ExpiresAt) {
			return errRefresh
		}
		g = Grant{UserID: r.UserID, Session: r.SessionID}
		return s.renew(ctx, &g, now)
	})
	if err == nil && reused {
		err = errRefresh
	}
	if err != nil {
		return Grant{}, err
	}
	return g, nil
}

// endReused ends a session one of whose refresh tokens came twice: somebody else holds it too.
func (s *Staff) endReused(ctx context.Context, r refresh, now time.Time) error {
	ended, err := s.end(ctx, r.UserID, &r.SessionID, nil, ReasonReused, now)
	if err != nil || ended == 0 {
		return err
	}
	return event.Append(ctx, s.db, who.System, now, event.Entry{
		Kind: "user.session_reused", SubjectID: r.UserID, OutletID: r.OutletID, Data: map[string]any{"session": r.SessionID},
	})
}

// SignOut ends the acting person's session at once.
func (s *Staff) SignOut(ctx context.Context, by who.Actor) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		ended, err := s.end(ctx, by.UserID, &by.Session, nil, ReasonSignedOut, now)
		if err != nil || ended == 0 {
			return err
		}
		return event.Append(ctx, s.db, by, now, event.Entry{
			Kind: "user.signed_out", SubjectID: by.UserID, OutletID: by.OutletID, Data: map[string]any{"session": by.Session},
		})
	})
}

// renew gives a session its next refresh token.
func (s *Staff) renew(ctx context.Context, g *Grant, now time.Time) error {
	secret := make([]byte, refreshSize)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	g.Refresh, g.RefreshExpiresAt = base64.RawURLEncoding.EncodeToString(secret), now.Add(refreshLife)
	sum := sha256.Sum256(secret)
	return insertRefresh(ctx, s.db, sum[:], g.Session, now, g.RefreshExpiresAt)
}

func hashRefresh(token string) ([]byte, error) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(secret) != refreshSize {
		return nil, errors.New("read refresh token: it is none of ours")
	}
	sum := sha256.Sum256(secret)
	return sum[:], nil
}
