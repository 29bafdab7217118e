// Package event keeps the only log there is: one row for every command that took effect.
//
// Rows are append-only. A reader never skips a row that commits late: it reads
// behind the oldest transaction still running. A sealer chains the rows' hashes.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Entry is what happened to whom; Kind is noun.verb ("job.assigned"), Data its details as JSON.
type Entry struct {
	Kind      string
	SubjectID uuid.UUID
	OutletID  *uuid.UUID
	Data      any
}

// Event is an entry as it stands in the log.
type Event struct {
	Seq       int64
	Xid       int64
	At        time.Time
	Kind      string
	SubjectID uuid.UUID
	OutletID  *uuid.UUID
	ActorID   *uuid.UUID
	Data      json.RawMessage
}

const appendSQL = `
INSERT INTO events (at, kind, subject_id, outlet_id, actor_id, data) VALUES ($1, $2, $3, $4, $5, $6)`

// Append writes e to the log, in the transaction of ctx: no event without its deed, no deed without its event.
func Append(ctx context.Context, db *pg.DB, by who.Actor, at time.Time, e Entry) error {
	if _, err := pg.Tx(ctx); err != nil {
		return fmt.Errorf("append event %s: %w", e.Kind, err)
	}
	data := []byte("{}")
	if e.Data != nil {
		var err error
		if data, err = json.Marshal(e.Data); err != nil {
			return fmt.Errorf("append event %s: %w", e.Kind, err)
		}
	}
	var actor *uuid.UUID
	if by.UserID != uuid.Nil {
		actor = &by.UserID
	}
	if _, err := pg.Exec(ctx, db, appendSQL, at, e.Kind, e.SubjectID, e.OutletID, actor, data); err != nil {
		return fmt.Errorf("append event %s: %w", e.Kind, err)
	}
	return nil
}

// Cursor is how far a reader has read; the zero Cursor is the beginning.
type Cursor struct{ Xid, Seq int64 }

const readSQL = `
SELECT seq, xid::text::bigint AS xid, at, kind, subject_id, outlet_id, actor_id, data
FROM events
WHERE (xid, seq) > ($1::bigint::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, seq LIMIT $3`

// Read returns the events after a cursor, in the order of their transactions, and the
// cursor to go on from. What it has passed will never grow a predecessor.
func Read(ctx context.Context, db *pg.DB, after Cursor, limit int) ([]Event, Cursor, error) {
	found, err := pg.Query[Event](ctx, db, readSQL, after.Xid, after.Seq, limit)
	if err != nil {
		return nil, after, fmt.Errorf("read events: %w", err)
	}
	if n := len(found); n > 0 {
		after = Cursor{found[n-1].Xid, found[n-1].Seq}
	}
	return found, after, nil
}

const historySQL = `
SELECT seq, xid::text::bigint AS xid, at, kind, subject_id, outlet_id, actor_id, data
FROM events WHERE subject_id = $1 ORDER BY seq LIMIT $2`

// History returns what happened to one subject, oldest first.
func History(ctx context.Context, db *pg.DB, subject uuid.UUID, limit int) ([]Event, error) {
	found, err := pg.Query[Event](ctx, db, historySQL, subject, limit)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return found, nil
}
