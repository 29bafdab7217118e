package registry

import (
	"context"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Outlets says whose territory a place lies in.
type Outlets interface {
	// At returns the outlet whose territory covers p, or nil where none does. Within a
	// transaction the answer holds until it ends.
	At(ctx context.Context, p orb.Point) (*uuid.UUID, error)
}

// Register is the record of everybody and everything that is served.
type Register struct {
	db      *pg.DB
	outlets Outlets
	now     func() time.Time
}

// New returns the register in db, which asks outlets for territories.
func New(db *pg.DB, outlets Outlets, now func() time.Time) *Register {
	return &Register{db, outlets, func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// tell writes one event to the log.
func (r *Register) tell(ctx context.Context, by who.Actor, at time.Time, kind string, subject uuid.UUID, outlet *uuid.UUID, data any) error {
	return event.Append(ctx, r.db, by, at, event.Entry{Kind: kind, SubjectID: subject, OutletID: outlet, Data: data})
}

// changed is the detail of an amendment: which members, not what they say, for the log is kept
// for ever and people's names and numbers are not.
type changed struct {
	Changed []string `json:"changed"`
}

// change remembers which members an amendment sets.
type change struct{ members []string }

// set gives dst a new value, where there is one.
func set[T any](c *change, member string, dst, value *T) {
	if value != nil {
		*dst = *value
		c.members = append(c.members, member)
	}
}

// unchanged refuses a version that is not the row's any more.
func unchanged(what words.Noun, have, read int) error {
	if have != read {
		return fault.New(fault.Stale, "%s is at version %d", what, have)
	}
	return nil
}

// wrong is the fault of an input that cannot be recorded, or nil.
func wrong(f fault.Faults, what words.Noun) error {
	return f.Err(fault.Invalid, "%s cannot be recorded like this", what)
}

// taken refuses an external key that names another row already.
func taken(what words.Noun) error {
	var f fault.Faults
	f.Add("/external_key", "names another %s already", what)
	return f.Err(fault.Conflict, "%s is there already", what)
}

// central refuses people of an outlet: products are everybody's.
func central(by who.Actor) error {
	if by.OutletID != nil {
		return fault.New(fault.Forbidden, "only people of all outlets may do this")
	}
	return nil
}

// place is the id to go on from after a full page, or uuid.Nil at the end.
func place[T any](rows []T, limit int, id func(T) uuid.UUID) ([]T, uuid.UUID) {
	if len(rows) <= limit {
		return rows, uuid.Nil
	}
	return rows[:limit], id(rows[limit-1])
}

// newID is an id for a new row; later ones sort behind earlier ones.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
