// Package once lets a command that arrives twice take effect once.
//
// It owns the idempotency keys: claimed, used and answered in the transaction of
// the command itself, so that no crash can part the deed from its answer.
package once

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
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
	lockSQL  = `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 7))`
	claimSQL = `INSERT INTO idempotency_keys (user_id, key, fingerprint) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	foundSQL = `SELECT fingerprint, status, headers, body FROM idempotency_keys WHERE user_id = $1 AND key = $2`
	keepSQL  = `UPDATE idempotency_keys SET status = $3, headers = $4, body = $5 WHERE user_id = $1 AND key = $2`
	sweepSQL = `DELETE FROM idempotency_keys WHERE created_at < $1`
)

type kept struct {
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
		free, err := pg.One[bool](ctx, k.db, lockSQL, user.String()+key)
		if err != nil {
			return fmt.Errorf("lock key: %w", err)
		}
		if !free {
			return fault.New(fault.Conflict, "a request with this Idempotency-Key is still in flight")
		}
		claimed, err := pg.Exec(ctx, k.db, claimSQL, user, key, fingerprint)
		if err != nil {
			return fmt.Errorf("claim key: %w", err)
		}
		if claimed == 0 {
			a, err = k.find(ctx, user, key, fingerprint)
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
		if _, err := pg.Exec(ctx, k.db, keepSQL, user, key, a.Status, headers, a.Body); err != nil {
			return fmt.Errorf("keep answer: %w", err)
		}
		return nil
	})
	return a, replayed, err
}

func (k *Keys) find(ctx context.Context, user uuid.UUID, key string, fingerprint []byte) (Answer, error) {
	found, err := pg.Query[kept](ctx, k.db, foundSQL, user, key)
	if err == nil && len(found) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return Answer{}, fmt.Errorf("find key: %w", err)
	}
	was := found[0]
	if !bytes.Equal(was.Fingerprint, fingerprint) {
		var f fault.Faults
		f.Add("/Idempotency-Key", "was used for another request")
		return Answer{}, f.Err(fault.Invalid, "this Idempotency-Key stands for another request")
	}
	if was.Status == nil {
		return Answer{}, errors.New("find key: no answer was kept")
	}
	a := Answer{Status: *was.Status, Body: was.Body}
	if err := json.Unmarshal(was.Headers, &a.Headers); err != nil {
		return Answer{}, fmt.Errorf("find key: %w", err)
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
