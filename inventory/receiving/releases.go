package receiving

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// ReleaseLine is one part of a release.
type ReleaseLine struct {
	ReleaseID  uuid.UUID
	PartID     uuid.UUID
	PartNumber string
	PartName   string
	PartNameZh string // empty where nobody translated it
	Quantity   int
	Serials    []string
	Value      int64 // what it was worth to the books, in minor units of Currency
	Currency   string
}

const saveReleaseSQL = `
INSERT INTO held_releases (id, location_id, outlet_id, outcome, to_location, witness_id, rma, note, released_by, released_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

func (d *Dock) saveRelease(ctx context.Context, r Release) error {
	_, err := pg.Exec(ctx, d.DB(), saveReleaseSQL, r.ID, r.LocationID, r.OutletID, r.Outcome, r.ToLocation, r.WitnessID, r.RMA, r.Note, r.ReleasedBy, r.ReleasedAt)
	return pg.Fault(err, "location")
}

// A release is seen by whoever sees the place.
const releasesSQL = `
SELECT id, location_id, outlet_id, outcome, to_location, witness_id, rma, note, released_by, released_at FROM held_releases
WHERE ($1::uuid IS NULL OR outlet_id = $1) AND id > $2 AND ($3::uuid IS NULL OR outlet_id = $3) AND ($4 = '' OR outcome = $4)
  AND ($5::uuid IS NULL OR $5 IN (released_by, witness_id))
  AND ($6::timestamptz IS NULL OR released_at >= $6) AND ($7::timestamptz IS NULL OR released_at < $7)
ORDER BY id LIMIT $8`

const releaseLinesSQL = `
SELECT m.reference_id AS release_id, m.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, m.quantity,
  ARRAY(SELECT u.serial FROM unit_moves s JOIN units u ON u.id = s.unit_id WHERE s.movement_id = m.id ORDER BY u.serial) AS serials,
  coalesce(m.value, 0) AS value, p.currency
FROM movements m JOIN parts p ON p.id = m.part_id WHERE m.reference_id = ANY($1) AND m.kind = 'dispose' ORDER BY m.id`

// ReleaseFilter narrows a list of releases; the zero filter is all of them.
type ReleaseFilter struct {
	OutletID *uuid.UUID
	Outcome  Outcome
	PersonID *uuid.UUID // who released it, or was the witness
	From     *time.Time // released then or later
	To       *time.Time // released before
}

// ListReleases returns what was decided about held stock within the actor's scope, oldest first, and
// the id to go on from; uuid.Nil at the end.
func (d *Dock) ListReleases(ctx context.Context, by who.Actor, f ReleaseFilter, after uuid.UUID, limit int) ([]Release, uuid.UUID, error) {
	list := inventory.Statement{SQL: releasesSQL, Args: []any{by.OutletID, after, f.OutletID, f.Outcome, f.PersonID, f.From, f.To}}
	return inventory.Page(ctx, d.DB(), list, limit, func(r Release) uuid.UUID { return r.ID }, d.readReleaseLines)
}

// readReleaseLines adds to releases what they moved.
func (d *Dock) readReleaseLines(ctx context.Context, all []Release) error {
	return inventory.ReadLines(ctx, d.DB(), releaseLinesSQL, all,
		func(r Release) uuid.UUID { return r.ID }, func(l ReleaseLine) uuid.UUID { return l.ReleaseID }, func(r *Release, l ReleaseLine) { r.Lines = append(r.Lines, l) })
}
