package event

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"callout/internal/pg"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A seal covers a stretch of the log: its hash is SHA-256 over the previous seal's hash and
// every event of the stretch, in the reader's order. A changed, removed or slipped-in event
// breaks its seal, and a changed seal breaks all that follow.
type seal struct {
	ID       int64
	Xid, Seq int64
	Count    int
	Previous []byte
	Hash     []byte
}

const (
	lastSealSQL  = `SELECT id, xid::text::bigint AS xid, seq, count, previous, hash FROM event_seals ORDER BY id DESC LIMIT 1`
	sealsSQL     = `SELECT id, xid::text::bigint AS xid, seq, count, previous, hash FROM event_seals WHERE id > $1 ORDER BY id LIMIT 500`
	writeSealSQL = `INSERT INTO event_seals (xid, seq, count, previous, hash, sealed_at) VALUES ($1::bigint::text::xid8, $2, $3, $4, $5, $6)`
	// stretch is how many events one seal covers at the most.
	stretch = 1000
)

// Seal chains the hashes of the events that no seal covers yet, as far as they are final, and
// returns how many they were. Of several processes that seal at once, one does the work.
func Seal(ctx context.Context, db *pg.DB, now time.Time) (sealed int, err error) {
	for {
		n, err := sealNext(ctx, db, now)
		sealed += n
		if err != nil || n == 0 {
			return sealed, err
		}
	}
}

func sealNext(ctx context.Context, db *pg.DB, now time.Time) (n int, err error) {
	err = db.InTx(ctx, func(ctx context.Context) error {
		if free, err := pg.One[bool](ctx, db, `SELECT pg_try_advisory_xact_lock(72709)`); err != nil || !free {
			return err
		}
		last, err := lastSeal(ctx, db)
		if err != nil {
			return err
		}
		events, end, err := Read(ctx, db, Cursor{last.Xid, last.Seq}, stretch)
		if n = len(events); err != nil || n == 0 {
			return err
		}
		_, err = pg.Exec(ctx, db, writeSealSQL, end.Xid, end.Seq, n, last.Hash, digest(last.Hash, events), now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("seal events: %w", err)
	}
	return n, nil
}

func lastSeal(ctx context.Context, db *pg.DB) (seal, error) {
	found, err := pg.Query[seal](ctx, db, lastSealSQL)
	if err != nil || len(found) == 0 {
		return seal{}, err
	}
	return found[0], nil
}

// digest is the hash of a stretch. Each field stands behind its length, so that no two
// different events read the same.
func digest(previous []byte, events []Event) []byte {
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	id := func(u *uuid.UUID) []byte {
		if u == nil {
			return nil
		}
		return u[:]
	}
	field(previous)
	for _, e := range events {
		field(fmt.Appendf(nil, "%d %d %s %s", e.Xid, e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.Kind))
		field(e.SubjectID[:])
		field(id(e.OutletID))
		field(id(e.ActorID))
		field(e.Data)
	}
	return h.Sum(nil)
}

// ErrBroken says that the log is not what was sealed.
var ErrBroken = errors.New("the event log is not what was sealed")

// Verify recomputes every seal from the first on, and returns how many events they cover. Its
// error wraps ErrBroken and names the first seal that does not hold.
func Verify(ctx context.Context, db *pg.DB) (events int, err error) {
	var at seal
	for {
		seals, err := pg.Query[seal](ctx, db, sealsSQL, at.ID)
		if err != nil || len(seals) == 0 {
			return events, err
		}
		for _, s := range seals {
			stretch, end, err := Read(ctx, db, Cursor{at.Xid, at.Seq}, s.Count)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return events, err
			}
			if len(stretch) != s.Count || end != (Cursor{s.Xid, s.Seq}) || hex.EncodeToString(s.Previous) != hex.EncodeToString(at.Hash) ||
				hex.EncodeToString(digest(at.Hash, stretch)) != hex.EncodeToString(s.Hash) {
				return events, fmt.Errorf("%w: seal %d, events %d to %d", ErrBroken, s.ID, at.Seq, s.Seq)
			}
			events, at = events+s.Count, s
		}
	}
}
