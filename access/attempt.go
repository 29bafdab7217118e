package access

import (
	"context"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
)

// How many failures in a row lock a login, for how long at first and at the most (each further
// failure doubles it), and when failures are forgotten.
const (
	failuresAllowed = 5
	firstLock       = 15 * time.Minute
	longestLock     = 4 * time.Hour
	failuresKept    = 24 * time.Hour
)

// LockedError says that a login has failed too often, and until when it is refused.
type LockedError struct {
	Until time.Time
	fault *fault.Error
}

func (e *LockedError) Error() string { return e.fault.Error() }

// Unwrap is the fault that a client may read.
func (e *LockedError) Unwrap() error { return e.fault }

func locked(until time.Time) error {
	return &LockedError{until, fault.New(fault.Busy, "too many failed sign-ins: try again later")}
}

// chargeSQL counts an attempt as failed before it is made, so that many attempts at once are no
// more than many in a row. A success takes it back.
const chargeSQL = `
INSERT INTO sign_in_failures AS f (login, count, last_at) VALUES ($1, 1, $2)
ON CONFLICT (login) DO UPDATE SET
  count = CASE WHEN f.last_at < $3 THEN 1 ELSE f.count + 1 END,
  last_at = excluded.last_at,
  locked_until = CASE WHEN f.last_at >= $3 AND f.count + 1 >= $4 THEN
    excluded.last_at + least($5 * power(2, least(f.count + 1 - $4, 20)), $6) * interval '1 second' END
WHERE f.locked_until IS NULL OR f.locked_until <= excluded.last_at
RETURNING count`

const (
	lockedUntilSQL = `SELECT locked_until FROM sign_in_failures WHERE login = $1 AND locked_until > $2`
	forgiveSQL     = `DELETE FROM sign_in_failures WHERE login = $1`
)

// charge counts an attempt for a login. It returns a LockedError where there were too many, and
// otherwise whether the login is locked if this one fails too.
func (s *Staff) charge(ctx context.Context, login string) (last bool, err error) {
	now := s.now()
	type counted struct{ Count int }
	found, err := pg.Query[counted](ctx, s.db, chargeSQL, login, now, now.Add(-failuresKept), failuresAllowed, firstLock.Seconds(), longestLock.Seconds())
	if err != nil {
		return false, fmt.Errorf("count sign-in: %w", err)
	}
	if len(found) == 1 {
		return found[0].Count >= failuresAllowed, nil
	}
	type lock struct{ LockedUntil time.Time }
	locks, err := pg.Query[lock](ctx, s.db, lockedUntilSQL, login, now)
	if err != nil {
		return false, fmt.Errorf("read lock: %w", err)
	}
	until := now.Add(time.Second) // a success took the lock away meanwhile
	if len(locks) == 1 {
		until = locks[0].LockedUntil
	}
	return false, locked(until)
}

// forgive forgets the failures of a login.
func (s *Staff) forgive(ctx context.Context, login string) error {
	if _, err := pg.Exec(ctx, s.db, forgiveSQL, login); err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	return nil
}
