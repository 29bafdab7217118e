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

// Literal is a search text as it stands for itself in LIKE.
func Literal(search string) string { return literal.Replace(search) }

var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Wrong is the fault of one member of a request.
func Wrong(pointer, format string, args ...any) error {
	return fault.Faults{{Pointer: pointer, Detail: words.Say(format, args...)}}.Err(fault.Invalid, "the request cannot be met as it is")
}

// Locate reads a location whoever asks for it.
func (l *Ledger) Locate(ctx context.Context, id uuid.UUID) (Location, error) {
	loc, err := pg.Rows[Location](ctx, l.db).Where("id = ?", id).Take(ctx)
	return loc, pg.Fault(err, "location")
}

// Named reads a location that a request names at pointer, of one of the kinds, where the actor
// may move parts. What is wrong with it is added to f.
func (l *Ledger) Named(ctx context.Context, by who.Actor, id uuid.UUID, pointer string, kinds []Kind, f *fault.Faults) (Location, error) {
	loc, err := l.Locate(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !loc.Readable(by):
		f.Add(pointer, "no such %s", words.Noun("location"))
	case err != nil:
		return loc, err
	case !loc.Usable(by):
		f.Add(pointer, "%s is not your outlet's", loc.Called())
	case !loc.Active:
		f.Add(pointer, "%s is closed", loc.Called())
	case !slices.Contains(kinds, loc.Kind):
		f.Add(pointer, "a place of the kind %s does not do here", loc.Kind.Noun())
	}
	return loc, nil
}

const openPlaceSQL = `
INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at)
SELECT $1, o.code || '/' || $2, o.code || ' ' || replace($2, '_', ' '), $2, o.id, $3, $4, $4 FROM outlets o WHERE o.id = $5
ON CONFLICT DO NOTHING`

// Place is the outlet's location of a kind that each has one of, opened when it is first needed.
// Without an outlet it is everybody's.
func (l *Ledger) Place(ctx context.Context, kind Kind, outlet *uuid.UUID) (Location, error) {
	found := pg.Rows[Location](ctx, l.db).Where("kind = ? AND outlet_id IS NOT DISTINCT FROM ?", kind, outlet)
	rows, err := found.Find(ctx)
	if err != nil || len(rows) == 1 {
		return One(rows), pg.Fault(err, "location")
	}
	if _, err := pg.Exec(ctx, l.db, openPlaceSQL, uuid.Must(uuid.NewV7()), kind, kind.Outside(), l.now(), outlet); err != nil {
		return Location{}, pg.Fault(err, "location")
	}
	loc, err := found.Take(ctx)
	return loc, pg.Fault(err, "location")
}

const openSubPlaceSQL = `
INSERT INTO locations (id, code, name, kind, outlet_id, warehouse_id, may_go_negative, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, false, $7, $7) ON CONFLICT DO NOTHING`

// SubPlace is the one place of a kind that is a part of another, opened when it is first needed:
// where a warehouse keeps what came back or is held back, or a van its old parts.
func (l *Ledger) SubPlace(ctx context.Context, kind Kind, of Location) (Location, error) {
	found := pg.Rows[Location](ctx, l.db).Where("kind = ? AND warehouse_id = ?", kind, of.ID)
	rows, err := found.Find(ctx)
	if err != nil || len(rows) == 1 {
		return One(rows), pg.Fault(err, "location")
	}
	_, err = pg.Exec(ctx, l.db, openSubPlaceSQL, uuid.Must(uuid.NewV7()), of.Code+"/"+string(kind), of.Name+" ("+string(kind)+")",
		kind, of.OutletID, of.ID, l.now())
	if err != nil {
		return Location{}, pg.Fault(err, "location")
	}
	loc, err := found.Take(ctx)
	return loc, pg.Fault(err, "location")
}

// One is the first of the rows, or the zero value.
func One[T any](rows []T) T {
	if len(rows) == 0 {
		return *new(T)
	}
	return rows[0]
}

// OnlyHis is the technician whose rows alone the actor sees; nil where he sees everybody's.
func OnlyHis(by who.Actor) *uuid.UUID {
	switch {
	case !by.OnlyTechnician():
		return nil
	case by.TechnicianID == nil:
		return &uuid.Nil
	}
	return by.TechnicianID
}

// OnJob is what the ledger needs to know of a job.
type OnJob struct {
	ID       uuid.UUID
	Number   string
	Status   string
	OutletID *uuid.UUID
	AssetID  *uuid.UUID
}

const jobSQL = `
SELECT id, number, status, outlet_id, asset_id FROM jobs j
WHERE id = $1 AND ($2::uuid IS NULL OR outlet_id = $2)
  AND ($3::uuid IS NULL OR EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $3 AND b.active))
FOR SHARE OF j`

// Job reads a job within the actor's scope and keeps it from closing meanwhile. With a
// technician, it is one that is booked to him.
func (l *Ledger) Job(ctx context.Context, by who.Actor, id uuid.UUID, technician *uuid.UUID) (OnJob, error) {
	if technician == nil {
		technician = OnlyHis(by)
	}
	rows, err := pg.Query[OnJob](ctx, l.db, jobSQL, id, by.OutletID, technician)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("job"))
	}
	return One(rows), err
}

// Van reads the technician's van; fault.NotFound where he has none.
func (l *Ledger) Van(ctx context.Context, technician uuid.UUID) (Location, error) {
	id, err := l.vans.VanOf(ctx, technician)
	if fault.Is(err, fault.Conflict) {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("van"))
	}
	if err != nil {
		return Location{}, err
	}
	loc, err := l.Locate(ctx, id)
	if err == nil && loc.Kind != KindVan {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("van"))
	}
	return loc, err
}
