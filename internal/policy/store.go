package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// stamp tells a version from every other.
type stamp struct {
	Version     int
	PublishedAt time.Time
}

// row is a version as it is stored.
type row struct {
	Version       int
	EffectiveFrom time.Time
	Document      []byte
	PublishedBy   *uuid.UUID
	PublishedAt   time.Time
	Note          string
}

const (
	inForceSQL = `SELECT version, published_at FROM policies WHERE effective_from <= $1 ORDER BY version DESC LIMIT 1`
	latestSQL  = `SELECT version, published_at FROM policies ORDER BY version DESC LIMIT 1`
	versionSQL = `SELECT version, published_at FROM policies WHERE version = $1`

	columns = `version, effective_from, document, published_by, published_at, note`
	findSQL = `SELECT ` + columns + ` FROM policies WHERE version = $1`
	listSQL = `SELECT ` + columns + ` FROM policies WHERE $1 = 0 OR version < $1 ORDER BY version DESC LIMIT $2`

	insertSQL = `INSERT INTO policies (` + columns + `) VALUES ($1, $2, $3, $4, $5, $6)`
	firstSQL  = insertSQL + ` ON CONFLICT DO NOTHING`
)

func findRow(ctx context.Context, db *pg.DB, version int) (row, error) {
	found, err := pg.Query[row](ctx, db, findSQL, version)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("policy"))
	}
	if err != nil {
		return row{}, fmt.Errorf("read policy: %w", err)
	}
	return found[0], nil
}

func listRows(ctx context.Context, db *pg.DB, before, limit int) ([]row, error) {
	found, err := pg.Query[row](ctx, db, listSQL, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list policies: %w", err)
	}
	return found, nil
}

func insertRow(ctx context.Context, db *pg.DB, p Policy) error {
	_, err := insert(ctx, db, insertSQL, p)
	return err
}

// insertFirst is false where the version is there already.
func insertFirst(ctx context.Context, db *pg.DB, p Policy) (bool, error) {
	n, err := insert(ctx, db, firstSQL, p)
	return n == 1, err
}

func insert(ctx context.Context, db *pg.DB, statement string, p Policy) (int64, error) {
	document, err := json.Marshal(p.Document)
	if err != nil {
		return 0, fmt.Errorf("write policy: %w", err)
	}
	n, err := pg.Exec(ctx, db, statement, p.Version, p.EffectiveFrom, document, p.PublishedBy, p.PublishedAt, p.Note)
	if err != nil {
		return 0, fmt.Errorf("write policy: %w", err)
	}
	return n, nil
}

// policy reads the row's document; what it lacks has its default.
func (r row) policy() (Policy, error) {
	p := Policy{
		Version: r.Version, EffectiveFrom: r.EffectiveFrom.UTC(), PublishedBy: r.PublishedBy, PublishedAt: r.PublishedAt.UTC(), Note: r.Note,
	}
	known, err := defaults()
	if err != nil {
		return Policy{}, fmt.Errorf("default policy: %w", err)
	}
	p.Document.Figures = maps.Clone(known.Figures)
	p.Document.TravelPace = TravelPace{
		Weekday: slices.Clone(known.TravelPace.Weekday), Weekend: slices.Clone(known.TravelPace.Weekend), Source: known.TravelPace.Source,
	}
	if err := json.Unmarshal(r.Document, &p.Document); err != nil {
		return Policy{}, fmt.Errorf("read policy %d: %w", r.Version, err)
	}
	var bad fault.Faults
	if p.calendar, bad = p.Document.calendar(); len(bad) > 0 {
		return Policy{}, fmt.Errorf("read policy %d: %w", r.Version, bad.Err(fault.Internal, "its calendar is wrong"))
	}
	return p, nil
}
