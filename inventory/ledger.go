package inventory

import (
	"context"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Vans knows which location is whose van.
type Vans interface {
	// VanOf returns the location that is the technician's van, fault.NotFound where there is no
	// such technician, and fault.Conflict where he has no van.
	VanOf(ctx context.Context, technician uuid.UUID) (uuid.UUID, error)
}

// Ledger is the record of every movement of every part.
type Ledger struct {
	db   *pg.DB
	vans Vans
	now  func() time.Time
}

// NewLedger returns the ledger in db, which learns from vans whose van is whose.
func NewLedger(db *pg.DB, vans Vans, now func() time.Time) *Ledger {
	return &Ledger{db, vans, func() time.Time { return now().UTC() }}
}

// Tell appends the one event of a command.
func (l *Ledger) Tell(ctx context.Context, by who.Actor, kind string, subject uuid.UUID, outlet *uuid.UUID, data any) error {
	return event.Append(ctx, l.db, by, l.now(), event.Entry{Kind: kind, SubjectID: subject, OutletID: outlet, Data: data})
}

// Number is the next number of a kind that people see.
func (l *Ledger) Number(ctx context.Context, kind, letter string) (string, error) {
	n, err := pg.One[string](ctx, l.db, `SELECT next_number($1, $2)`, kind, l.now())
	return letter + n, err
}

// Stale is nil where nobody changed a row since version was read.
func Stale(what words.Noun, read, version int) error {
	if read != version {
		return fault.New(fault.Stale, "%s is at version %d", what, version)
	}
	return nil
}

// ActorID is the acting user's id, nil where no person acts.
func ActorID(by who.Actor) *uuid.UUID {
	if by.UserID == uuid.Nil {
		return nil
	}
	return &by.UserID
}

// DB is the database that the ledger stands in, for the flows that stand on it.
func (l *Ledger) DB() *pg.DB { return l.db }

// Now is the ledger's clock.
func (l *Ledger) Now() time.Time { return l.now() }
