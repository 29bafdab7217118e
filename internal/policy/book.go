package policy

import (
	"context"
	"fmt"
	"sync"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Subject is the subject of the events about policies: there is one book of them.
var Subject = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://callout/policies"))

// beginning is when the defaults take effect: before everything that they may be asked about.
var beginning = time.Unix(0, 0).UTC()

// Book holds every version of the policy.
type Book struct {
	db  *pg.DB
	now func() time.Time

	mu   sync.RWMutex
	read map[int]Policy // versions never change, so what was read once stays true
}

// NewBook returns the book in db.
func NewBook(db *pg.DB, now func() time.Time) *Book {
	return &Book{db: db, now: now, read: map[int]Policy{}}
}

// Current is the policy in force now.
func (b *Book) Current(ctx context.Context) (Policy, error) { return b.At(ctx, b.now()) }

// At is the policy in force at a moment.
func (b *Book) At(ctx context.Context, t time.Time) (Policy, error) {
	s, err := b.find(ctx, inForceSQL, t)
	if err != nil {
		return Policy{}, err
	}
	return b.open(ctx, s)
}

// Find is one version of the policy: what was judged by it is judged by it again.
func (b *Book) Find(ctx context.Context, version int) (Policy, error) {
	s, err := b.find(ctx, versionSQL, version)
	if err != nil {
		return Policy{}, err
	}
	return b.open(ctx, s)
}

// List returns versions from the newest to the oldest, those below before where it is not 0.
func (b *Book) List(ctx context.Context, before, limit int) ([]Policy, error) {
	if _, err := b.find(ctx, latestSQL); err != nil {
		return nil, err
	}
	found, err := listRows(ctx, b.db, before, limit)
	if err != nil {
		return nil, err
	}
	all := make([]Policy, len(found))
	for i, r := range found {
		if all[i], err = r.policy(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Publish adds a version. It returns fault.Conflict where somebody else published since the one
// that it is based on, fault.Invalid with every fault of every value, and fault.Forbidden to a
// user of one outlet: a policy holds for all of them.
func (b *Book) Publish(ctx context.Context, by who.Actor, p Publication) (made Policy, err error) {
	if by.OutletID != nil {
		return Policy{}, fault.New(fault.Forbidden, "a policy holds for every outlet: ask an admin of all outlets")
	}
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		latest, err := b.find(ctx, latestSQL)
		if err != nil {
			return err
		}
		if latest.Version != p.BasedOn {
			return overtaken(latest.Version)
		}
		base, err := b.open(ctx, latest)
		if err != nil {
			return err
		}
		if made, err = b.draft(by, base, p); err != nil {
			return err
		}
		if err := insertRow(ctx, b.db, made); err != nil {
			if pg.Violates(err, "policies_pkey") {
				return overtaken(made.Version)
			}
			return err
		}
		return event.Append(ctx, b.db, by, made.PublishedAt, event.Entry{
			Kind: "policy.published", SubjectID: Subject,
			Data: map[string]any{"version": made.Version, "effective_from": made.EffectiveFrom, "note": made.Note},
		})
	})
	return made, err
}

func overtaken(version int) error {
	return fault.New(fault.Conflict, "somebody else published meanwhile: the policy is at version %d", version)
}

// draft is the version that a publication makes of base.
func (b *Book) draft(by who.Actor, base Policy, p Publication) (Policy, error) {
	now := b.now().UTC().Truncate(time.Microsecond)
	made := Policy{Version: base.Version + 1, EffectiveFrom: now, PublishedAt: now, Note: p.Note, Document: p.of(base.Document)}
	if by.UserID != uuid.Nil {
		made.PublishedBy = &by.UserID
	}
	known, err := defaults()
	if err != nil {
		return Policy{}, fmt.Errorf("default policy: %w", err)
	}
	var bad fault.Faults
	made.calendar, bad = made.Document.check(known.Figures)
	if p.EffectiveFrom != nil {
		made.EffectiveFrom = p.EffectiveFrom.UTC()
		// What has been decided was judged by the version in force then (requirement 193).
		if made.EffectiveFrom.Before(now) {
			bad.Add("/effective_from", "must not be in the past")
		}
	}
	return made, bad.Err(fault.Invalid, "the policy cannot be published")
}

// find picks a version by a query for one, and writes version 1 where there is none yet.
func (b *Book) find(ctx context.Context, statement string, args ...any) (stamp, error) {
	found, err := pg.Query[stamp](ctx, b.db, statement, args...)
	if err == nil && len(found) == 0 {
		if err = b.begin(ctx); err == nil {
			found, err = pg.Query[stamp](ctx, b.db, statement, args...)
		}
	}
	if err != nil {
		return stamp{}, fmt.Errorf("find policy: %w", err)
	}
	if len(found) == 0 {
		return stamp{}, fault.New(fault.NotFound, "no policy was in force then")
	}
	return found[0], nil
}

// begin writes the defaults as version 1, once, whoever comes first.
func (b *Book) begin(ctx context.Context) error {
	d, err := defaults()
	if err != nil {
		return err
	}
	return b.db.InTx(ctx, func(ctx context.Context) error {
		now := b.now().UTC()
		if first, err := insertFirst(ctx, b.db, Policy{Version: 1, EffectiveFrom: beginning, PublishedAt: now, Document: d}); err != nil || !first {
			return err
		}
		return event.Append(ctx, b.db, who.System, now, event.Entry{
			Kind: "policy.published", SubjectID: Subject, Data: map[string]any{"version": 1, "effective_from": beginning},
		})
	})
}

// open reads a version, from memory where it was read before.
func (b *Book) open(ctx context.Context, s stamp) (Policy, error) {
	b.mu.RLock()
	p, known := b.read[s.Version]
	b.mu.RUnlock()
	// A version read in a transaction that was undone may have become another one.
	if known && p.PublishedAt.Equal(s.PublishedAt) {
		return p, nil
	}
	r, err := findRow(ctx, b.db, s.Version)
	if err == nil {
		p, err = r.policy()
	}
	if err != nil {
		return Policy{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read[s.Version] = p
	return p, nil
}
