package inventory

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// literal lets a search text stand for itself in LIKE.
var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// wrong is the fault of one member of a request.
func wrong(pointer string, why words.Text) error {
	return fault.Faults{{Pointer: pointer, Detail: why}}.Err(fault.Invalid, "the request cannot be met as it is")
}

// locate reads a location whoever asks for it.
func (l *Ledger) locate(ctx context.Context, id uuid.UUID) (Location, error) {
	loc, err := pg.Rows[Location](ctx, l.db).Where("id = ?", id).Take(ctx)
	return loc, pg.Fault(err, "location")
}

// named reads a location that a request names at pointer, of one of the kinds, where the actor
// may move parts. What is wrong with it is added to f.
func (l *Ledger) named(ctx context.Context, by who.Actor, id uuid.UUID, pointer string, kinds []Kind, f *fault.Faults) (Location, error) {
	loc, err := l.locate(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !loc.readable(by):
		f.Add(pointer, "no such %s", words.Noun("location"))
	case err != nil:
		return loc, err
	case !loc.usable(by):
		f.Add(pointer, "%s is not your outlet's", loc.called())
	case !slices.Contains(kinds, loc.Kind):
		f.Add(pointer, "a place of the kind %s does not do here", loc.Kind.noun())
	}
	return loc, nil
}

const openPlaceSQL = `
INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at)
SELECT $1, o.code || '/' || $2, o.code || ' ' || replace($2, '_', ' '), $2, o.id, $3, $4, $4 FROM outlets o WHERE o.id = $5
ON CONFLICT DO NOTHING`

// place is the outlet's location of a kind that each has one of, opened when it is first needed.
// Without an outlet it is everybody's.
func (l *Ledger) place(ctx context.Context, kind Kind, outlet *uuid.UUID) (Location, error) {
	found := pg.Rows[Location](ctx, l.db).Where("kind = ? AND outlet_id IS NOT DISTINCT FROM ?", kind, outlet)
	rows, err := found.Find(ctx)
	if err != nil || len(rows) == 1 {
		return one(rows), pg.Fault(err, "location")
	}
	if _, err := pg.Exec(ctx, l.db, openPlaceSQL, uuid.Must(uuid.NewV7()), kind, kind.Outside(), l.now(), outlet); err != nil {
		return Location{}, pg.Fault(err, "location")
	}
	loc, err := found.Take(ctx)
	return loc, pg.Fault(err, "location")
}

const openDefectiveSQL = `
INSERT INTO locations (id, code, name, kind, outlet_id, warehouse_id, may_go_negative, created_at, updated_at)
VALUES ($1, $2, $3, 'defective', $4, $5, false, $6, $6) ON CONFLICT DO NOTHING`

// defective is where the warehouse keeps what came back, opened when it is first needed.
func (l *Ledger) defective(ctx context.Context, warehouse Location) (Location, error) {
	found := pg.Rows[Location](ctx, l.db).Where("warehouse_id = ?", warehouse.ID)
	rows, err := found.Find(ctx)
	if err != nil || len(rows) == 1 {
		return one(rows), pg.Fault(err, "location")
	}
	_, err = pg.Exec(ctx, l.db, openDefectiveSQL, uuid.Must(uuid.NewV7()), warehouse.Code+"/defective", warehouse.Name+" (defective)",
		warehouse.OutletID, warehouse.ID, l.now())
	if err != nil {
		return Location{}, pg.Fault(err, "location")
	}
	loc, err := found.Take(ctx)
	return loc, pg.Fault(err, "location")
}

func one[T any](rows []T) T {
	if len(rows) == 0 {
		return *new(T)
	}
	return rows[0]
}

// onlyHis is the technician whose rows alone the actor sees; nil where he sees everybody's.
func onlyHis(by who.Actor) *uuid.UUID {
	switch {
	case !by.OnlyTechnician():
		return nil
	case by.TechnicianID == nil:
		return &uuid.Nil
	}
	return by.TechnicianID
}

// onJob is what the ledger needs to know of a job.
type onJob struct {
	ID       uuid.UUID
	Number   string
	Status   string
	OutletID *uuid.UUID
}

const jobSQL = `
SELECT id, number, status, outlet_id FROM jobs j
WHERE id = $1 AND ($2::uuid IS NULL OR outlet_id = $2)
  AND ($3::uuid IS NULL OR EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $3 AND b.active))
FOR SHARE OF j`

// job reads a job within the actor's scope and keeps it from closing meanwhile. With a
// technician, it is one that is booked to him.
func (l *Ledger) job(ctx context.Context, by who.Actor, id uuid.UUID, technician *uuid.UUID) (onJob, error) {
	if technician == nil {
		technician = onlyHis(by)
	}
	rows, err := pg.Query[onJob](ctx, l.db, jobSQL, id, by.OutletID, technician)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("job"))
	}
	return one(rows), err
}

// van reads the technician's van; fault.NotFound where he has none.
func (l *Ledger) van(ctx context.Context, technician uuid.UUID) (Location, error) {
	id, err := l.vans.VanOf(ctx, technician)
	if fault.Is(err, fault.Conflict) {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("van"))
	}
	if err != nil {
		return Location{}, err
	}
	loc, err := l.locate(ctx, id)
	if err == nil && loc.Kind != KindVan {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("van"))
	}
	return loc, err
}
