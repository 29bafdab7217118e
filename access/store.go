package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	userSQL = `
SELECT u.id, u.login, u.name, u.language, u.roles, u.outlet_id, u.disabled_at, u.version, u.created_at, u.updated_at,
  t.id AS technician_id, f.locked_until
FROM users u
LEFT JOIN technicians t ON t.user_id = u.id AND t.status <> 'left'
LEFT JOIN sign_in_failures f ON f.login = u.login AND f.locked_until > $2
WHERE ($1::uuid IS NULL OR u.outlet_id = $1) AND `
	userByIDSQL    = userSQL + `u.id = $3`
	userByLoginSQL = userSQL + `u.login = $3`
	userLockSQL    = userSQL + `u.id = $3 FOR UPDATE OF u`
	userListSQL    = userSQL + `u.id > $3 AND ($4 = '' OR $4 = ANY (u.roles)) ORDER BY u.id LIMIT $5`

	insertUserSQL = `
INSERT INTO users (id, login, name, language, password_hash, roles, outlet_id, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`
	updateUserSQL = `
UPDATE users SET name = $2, language = $3, roles = $4, outlet_id = $5, disabled_at = $6, version = $7, updated_at = $8 WHERE id = $1`
	setHashSQL   = `UPDATE users SET password_hash = $2 WHERE id = $1`
	renewHashSQL = `UPDATE users SET password_hash = $2, version = version + 1, updated_at = $3 WHERE id = $1`

	rulersSQL = `
SELECT id FROM users WHERE 'admin' = ANY (roles) AND outlet_id IS NULL AND disabled_at IS NULL ORDER BY id FOR UPDATE`
)

func findUser(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID, now time.Time) (User, error) {
	return oneUser(ctx, db, userByIDSQL, by.OutletID, now, id)
}

func findLogin(ctx context.Context, db *pg.DB, by who.Actor, login string, now time.Time) (User, error) {
	return oneUser(ctx, db, userByLoginSQL, by.OutletID, now, login)
}

func lockUser(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID, now time.Time) (User, error) {
	return oneUser(ctx, db, userLockSQL, by.OutletID, now, id)
}

func oneUser(ctx context.Context, db *pg.DB, statement string, args ...any) (User, error) {
	found, err := pg.Query[User](ctx, db, statement, args...)
	if err == nil && len(found) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return User{}, pg.Fault(err, nounUser)
	}
	return found[0], nil
}

func listUsers(ctx context.Context, db *pg.DB, by who.Actor, role who.Role, after uuid.UUID, limit int, now time.Time) ([]User, error) {
	found, err := pg.Query[User](ctx, db, userListSQL, by.OutletID, now, after, string(role), limit)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return found, nil
}

// lockRulers counts the active admins of all outlets and keeps them as they are.
func lockRulers(ctx context.Context, db *pg.DB) (int, error) {
	type ruler struct{ ID uuid.UUID }
	found, err := pg.Query[ruler](ctx, db, rulersSQL)
	if err != nil {
		return 0, fmt.Errorf("lock admins: %w", err)
	}
	return len(found), nil
}

func insertUser(ctx context.Context, db *pg.DB, u User, hash string) error {
	_, err := pg.Exec(ctx, db, insertUserSQL, u.ID, u.Login, u.Name, u.Language, hash, pg.Strings[who.Role](u.Roles), u.OutletID, u.Version, u.CreatedAt)
	return err
}

func updateUser(ctx context.Context, db *pg.DB, u User) error {
	_, err := pg.Exec(ctx, db, updateUserSQL, u.ID, u.Name, u.Language, pg.Strings[who.Role](u.Roles), u.OutletID, u.DisabledAt, u.Version, u.UpdatedAt)
	return err
}

func setHash(ctx context.Context, db *pg.DB, user uuid.UUID, hash string) error {
	_, err := pg.Exec(ctx, db, setHashSQL, user, hash)
	return pg.Fault(err, nounUser)
}

func setPassword(ctx context.Context, db *pg.DB, user uuid.UUID, hash string, now time.Time) error {
	_, err := pg.Exec(ctx, db, renewHashSQL, user, hash, now)
	return pg.Fault(err, nounUser)
}

// credentials are what a sign-in is held against; none of them where nobody has the login.
type credentials struct {
	ID           uuid.UUID
	PasswordHash string
	OutletID     *uuid.UUID
	Disabled     bool
}

const (
	hashSQL        = `SELECT id, password_hash, outlet_id, disabled_at IS NOT NULL AS disabled FROM users WHERE `
	hashOfLoginSQL = hashSQL + `login = $1`
	lockHashSQL    = hashSQL + `id = $1 FOR UPDATE`
)

func findCredentials(ctx context.Context, db *pg.DB, login string) (credentials, error) {
	found, err := pg.Query[credentials](ctx, db, hashOfLoginSQL, login)
	if err != nil || len(found) == 0 {
		return credentials{}, err
	}
	return found[0], nil
}

// unchanged says whether the credentials are still those that were read, and keeps them so.
func (c credentials) unchanged(ctx context.Context, db *pg.DB) (bool, error) {
	found, err := pg.Query[credentials](ctx, db, lockHashSQL, c.ID)
	if err != nil {
		return false, fmt.Errorf("lock user: %w", err)
	}
	return len(found) == 1 && found[0].PasswordHash == c.PasswordHash && found[0].Disabled == c.Disabled, nil
}

const (
	insertSessionSQL = `INSERT INTO sessions (id, user_id, device, created_at) VALUES ($1, $2, $3, $4)`
	endSessionsSQL   = `
UPDATE sessions SET revoked_at = $5, reason = $4
WHERE user_id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id <> $3)`

	insertRefreshSQL = `INSERT INTO refresh_tokens (hash, session_id, issued_at, expires_at) VALUES ($1, $2, $3, $4)`
	// In one statement: two uses at once cannot both be the first.
	useRefreshSQL  = `UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL`
	findRefreshSQL = `
SELECT r.session_id, r.expires_at, s.user_id, u.outlet_id, s.revoked_at IS NOT NULL AS revoked, u.disabled_at IS NOT NULL AS disabled
FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id JOIN users u ON u.id = s.user_id WHERE r.hash = $1`
)

// refresh is a refresh token and what it belongs to.
type refresh struct {
	SessionID uuid.UUID
	UserID    uuid.UUID
	OutletID  *uuid.UUID
	ExpiresAt time.Time
	Revoked   bool
	Disabled  bool
}

func insertSession(ctx context.Context, db *pg.DB, id, user uuid.UUID, device string, now time.Time) error {
	if _, err := pg.Exec(ctx, db, insertSessionSQL, id, user, device, now); err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	return nil
}

func endSessions(ctx context.Context, db *pg.DB, user uuid.UUID, only, but *uuid.UUID, why Reason, now time.Time) (int64, error) {
	n, err := pg.Exec(ctx, db, endSessionsSQL, user, only, but, why, now)
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return n, nil
}

func insertRefresh(ctx context.Context, db *pg.DB, hash []byte, session uuid.UUID, now, expires time.Time) error {
	if _, err := pg.Exec(ctx, db, insertRefreshSQL, hash, session, now, expires); err != nil {
		return fmt.Errorf("keep refresh token: %w", err)
	}
	return nil
}

// useRefresh marks a refresh token as used; fresh says whether it was not before.
func useRefresh(ctx context.Context, db *pg.DB, hash []byte, now time.Time) (r refresh, fresh bool, err error) {
	used, err := pg.Exec(ctx, db, useRefreshSQL, hash, now)
	if err != nil {
		return refresh{}, false, fmt.Errorf("use refresh token: %w", err)
	}
	found, err := pg.Query[refresh](ctx, db, findRefreshSQL, hash)
	switch {
	case err != nil:
		return refresh{}, false, fmt.Errorf("find refresh token: %w", err)
	case len(found) == 0:
		return refresh{}, false, errRefresh
	}
	return found[0], used == 1, nil
}

const (
	sweepRefreshSQL  = `DELETE FROM refresh_tokens WHERE expires_at < $1`
	sweepSessionsSQL = `DELETE FROM sessions s WHERE created_at < $1 AND NOT EXISTS (SELECT FROM refresh_tokens WHERE session_id = s.id)`
	sweepFailuresSQL = `DELETE FROM sign_in_failures WHERE last_at < $1 AND (locked_until IS NULL OR locked_until < $1)`
)

func sweep(ctx context.Context, db *pg.DB, now, failuresBefore time.Time) error {
	_, errTokens := pg.Exec(ctx, db, sweepRefreshSQL, now)
	_, errSessions := pg.Exec(ctx, db, sweepSessionsSQL, now.Add(-refreshLife))
	_, errFailures := pg.Exec(ctx, db, sweepFailuresSQL, failuresBefore)
	if err := errors.Join(errTokens, errSessions, errFailures); err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	return nil
}

const actorSQL = `
SELECT u.name, u.roles, u.outlet_id, t.id AS technician_id
FROM sessions s JOIN users u ON u.id = s.user_id
LEFT JOIN technicians t ON t.user_id = u.id AND t.status <> 'left'
WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND u.disabled_at IS NULL`

// readPass reads who stands behind a session now.
func readPass(ctx context.Context, db *pg.DB, session, user uuid.UUID) (who.Actor, error) {
	found, err := pg.Query[who.Actor](ctx, db, actorSQL, session, user)
	if err != nil {
		return who.Actor{}, fmt.Errorf("read pass: %w", err)
	}
	if len(found) == 0 {
		return who.Actor{}, fault.New(fault.Unauthenticated, "the session has ended: sign in again")
	}
	a := found[0]
	a.UserID, a.Session = user, session
	return a, nil
}
