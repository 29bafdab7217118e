package cases

import (
	"context"
	"time"

	"callout/dispatch"
	"callout/internal/event"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Desk takes requests in and keeps every case until it is closed.
type Desk struct {
	db       *pg.DB
	board    *dispatch.Board
	queue    *queue.Queue
	policies *policy.Book
	now      func() time.Time
}

// NewDesk returns the desk in db, which has board do its jobs and q its timers.
func NewDesk(db *pg.DB, board *dispatch.Board, q *queue.Queue, policies *policy.Book, now func() time.Time) *Desk {
	return &Desk{db, board, q, policies, func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Query narrows a list of cases; its zero value is all of them.
type Query struct {
	Statuses   []Status
	Priority   dispatch.Priority
	Type       Type
	CustomerID *uuid.UUID
	SiteID     *uuid.UUID
	OutletID   *uuid.UUID
	Number     string // how the number begins
	Overdue    bool   // only those that are not answered or not solved in time, and still wait

	at time.Time // what is overdue is so at this moment
}

func (q Query) narrow(w *where) {
	if len(q.Statuses) > 0 {
		w.And("c.status = ANY (?)", q.Statuses)
	}
	for _, only := range []struct {
		condition string
		id        *uuid.UUID
	}{
		{"c.customer_id = ?", q.CustomerID},
		{"c.site_id = ?", q.SiteID},
		{"c.outlet_id = ?", q.OutletID},
	} {
		if only.id != nil {
			w.And(only.condition, only.id)
		}
	}
	if q.Priority != "" {
		w.And("c.priority = ?", q.Priority)
	}
	if q.Type != "" {
		w.And("c.type = ?", q.Type)
	}
	if q.Number != "" {
		w.And("c.number LIKE ?", q.Number+"%")
	}
	if q.Overdue {
		w.And(overdueOnly, q.at)
	}
}

// Find returns one case.
func (d *Desk) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Case, error) {
	c, err := find(ctx, d.db, by, "c.id = ?", id)
	return c.seen(d.now()), err
}

// FindByKey returns the case of an external key.
func (d *Desk) FindByKey(ctx context.Context, by who.Actor, key string) (Case, error) {
	c, err := find(ctx, d.db, by, "c.external_key = ?", key)
	return c.seen(d.now()), err
}

// List returns cases, the newest first, and the id to go on from; uuid.Nil at the end.
func (d *Desk) List(ctx context.Context, by who.Actor, q Query, after uuid.UUID, limit int) ([]Case, uuid.UUID, error) {
	q.at = d.now()
	found, following, err := list(ctx, d.db, by, q, after, limit)
	for i, c := range found {
		found[i] = c.seen(q.at)
	}
	return found, following, err
}

// note is what an event says of a case: where it stands now, and what came with the command.
type note struct {
	Number  string `json:"number"`
	Status  Status `json:"status"`
	From    Status `json:"from,omitempty"` // where it stood before
	Details any    `json:"details,omitempty"`
}

// tell writes a command's one event.
func (d *Desk) tell(ctx context.Context, by who.Actor, at time.Time, kind string, c Case, from Status, details any) error {
	return event.Append(ctx, d.db, by, at, event.Entry{
		Kind: kind, SubjectID: c.ID, OutletID: c.OutletID,
		Data: note{Number: c.Number, Status: c.Status, From: from, Details: details},
	})
}

// change is one command on one case: it locks, has do decide and work out the rest, writes, sets
// the timers of deadlines that moved, and tells. What do returns becomes the event's details.
func (d *Desk) change(ctx context.Context, by who.Actor, id uuid.UUID, version int, kind string,
	do func(context.Context, *Case, time.Time) (any, error),
) (c Case, err error) {
	at := d.now()
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		if c, err = lock(ctx, d.db, by, id); err != nil {
			return err
		}
		if err := c.unchanged(version); err != nil {
			return err
		}
		before := c
		details, err := do(ctx, &c, at)
		if err != nil {
			return err
		}
		if err := save(ctx, d.db, c); err != nil {
			return err
		}
		if err := d.moveTimers(ctx, before, c); err != nil {
			return err
		}
		return d.tell(ctx, by, at, kind, c, before.Status, details)
	})
	return c.seen(at), err
}
