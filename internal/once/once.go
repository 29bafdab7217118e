// Package once lets a command that arrives twice take effect once.
//
// It owns the idempotency keys: claimed, used and answered in the transaction of
// the command itself, so that no crash can part the deed from its answer.
package once

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// Answer is what a command was answered, to be said again.
type Answer struct {
	Status  int
	Headers map[string]string
	Body    []byte
}

// Keys remembers the keys of commands.
type Keys struct{ db *pg.DB }

// New returns the keys in db.
func New(db *pg.DB) *Keys { return &Keys{db} }

const (
	// askSQL takes the key's lock and looks the key up. Whoever cannot have the lock meets a request in flight.
	askSQL = `
WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid::text || $2::text, 7)) AS free)
SELECT free, fingerprint, status, headers, body FROM lock LEFT JOIN idempotency_keys k ON k.user_id = $1 AND k.key = $2`
	keepSQL  = `INSERT INTO idempotency_keys (user_id, key, fingerprint, status, headers, body) VALUES ($1, $2, $3, $4, $5, $6)`
	sweepSQL = `DELETE FROM idempotency_keys WHERE created_at < $1`
)

type kept struct {
	Free        bool
	Fingerprint []byte
	Status      *int
	Headers     []byte
	Body        []byte
}

// Do runs fn in a transaction that also keeps its answer under the user's key. The
// same key and fingerprint again get that answer back (replayed). A key in flight is
// a Conflict, a key that stands for another request Invalid. What fn fails with is
// not kept: a refused command may be tried again under its key.
func (k *Keys) Do(ctx context.Context, user uuid.UUID, key string, fingerprint []byte, fn func(context.Context) (Answer, error)) (a Answer, replayed bool, err error) {
	err = k.db.InTx(ctx, func(ctx context.Context) error {
		// A retry after a deadlock starts afresh.
		a, replayed = Answer{}, false
		was, err := pg.Query[kept](ctx, k.db, askSQL, user, key)
		switch {
		case err != nil:
			return fmt.Errorf("ask for key: %w", err)
		case !was[0].Free:
			return errInFlight
		case was[0].Status != nil:
			a, err = was[0].answer(fingerprint)
			replayed = err == nil
			return err
		}
		if a, err = fn(ctx); err != nil {
			return err
		}
		headers, err := json.Marshal(a.Headers)
		if err != nil {
			return fmt.Errorf("keep answer: %w", err)
		}
		_, err = pg.Exec(ctx, k.db, keepSQL, user, key, fingerprint, a.Status, headers, a.Body)
		if pg.Violates(err, "idempotency_keys_pkey") {
			// The other request ended between our look and our lock: its answer is there now.
			return errInFlight
		}
		if err != nil {
			return fmt.Errorf("keep answer: %w", err)
		}
		return nil
	})
	return a, replayed, err
}

// ErrReused says that a key stands for another request.
var ErrReused = fault.New(fault.Invalid, "this Idempotency-Key stands for another request")

var errInFlight = fault.New(fault.Conflict, "a request with this Idempotency-Key is still in flight")

// answer says again what was answered to the same request.
func (was kept) answer(fingerprint []byte) (a Answer, err error) {
	if !bytes.Equal(was.Fingerprint, fingerprint) {
		return Answer{}, ErrReused
	}
	a = Answer{Status: *was.Status, Body: was.Body}
	if err := json.Unmarshal(was.Headers, &a.Headers); err != nil {
		return Answer{}, fmt.Errorf("read kept answer: %w", err)
	}
	return a, nil
}

// Sweep forgets the keys from before a moment and returns how many they were.
func (k *Keys) Sweep(ctx context.Context, before time.Time) (int64, error) {
	n, err := pg.Exec(ctx, k.db, sweepSQL, before)
	if err != nil {
		return 0, fmt.Errorf("sweep keys: %w", err)
	}
	return n, nil
}
