package counts

import (
	"context"
	"strconv"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// A technician sees the counts of his own van, an outlet's user those of his outlet.
const countsSQL = `
SELECT c.id, c.number, c.status, c.scope, c.location_id, l.name AS location_name, l.kind AS location_kind, c.outlet_id, c.round, c.note,
  c.opened_by, c.finished_by, c.approved_by, c.approved_at, c.value, c.policy_version, c.version, c.created_at, c.updated_at
FROM counts c JOIN locations l ON l.id = c.location_id
WHERE ($1::uuid IS NULL OR c.outlet_id = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians t WHERE t.id = $2 AND t.van_id IN (l.id, l.warehouse_id)))`

const listSQL = countsSQL + `
  AND ($3::uuid = '00000000-0000-0000-0000-000000000000' OR c.id < $3)
  AND ($4 = '' OR c.status = $4) AND ($5::uuid IS NULL OR c.location_id = $5)
  AND ($6::uuid IS NULL OR c.outlet_id = $6) AND ($7::timestamptz IS NULL OR c.created_at >= $7) AND ($8::timestamptz IS NULL OR c.created_at < $8)
ORDER BY c.id DESC LIMIT $9`

// Filter narrows a list of counts; the zero filter is all of them.
type Filter struct {
	Status     Status
	LocationID *uuid.UUID
	OutletID   *uuid.UUID
	From       *time.Time // created then or later
	To         *time.Time // created before
}

// List returns the counts within the actor's scope without their lines, newest first, and the id to go on from; uuid.Nil at the end.
func (c *Counts) List(ctx context.Context, by who.Actor, f Filter, after uuid.UUID, limit int) ([]Count, uuid.UUID, error) {
	list := inventory.Statement{SQL: listSQL, Args: []any{by.OutletID, inventory.OnlyHis(by), after, f.Status, f.LocationID, f.OutletID, f.From, f.To}}
	return inventory.Page(ctx, c.DB(), list, limit, func(k Count) uuid.UUID { return k.ID }, c.readScope)
}

// Find returns one count within the actor's scope, with what was counted. What the books expect is
// the Sheet's to tell.
func (c *Counts) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Count, error) {
	k, err := c.read(ctx, by, id, "")
	if err == nil {
		k.Lines, err = c.lines(ctx, k.ID, nil)
	}
	return k, err
}

func (c *Counts) lock(ctx context.Context, by who.Actor, id uuid.UUID) (Count, error) {
	return c.read(ctx, by, id, " FOR UPDATE OF c")
}

func (c *Counts) read(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (Count, error) {
	one := inventory.Statement{SQL: countsSQL + " AND c.id = $3" + lock, Args: []any{by.OutletID, inventory.OnlyHis(by), id}}
	return inventory.Find(ctx, c.DB(), one, "count", c.readScope)
}

const scopePlacesSQL = `
SELECT s.count_id, l.id, l.code, l.name, l.kind FROM (SELECT DISTINCT count_id, location_id FROM count_scopes WHERE count_id = ANY($1)) s
JOIN locations l ON l.id = s.location_id JOIN counts c ON c.id = s.count_id ORDER BY l.id <> c.location_id, l.code`

const scopePartsSQL = `
SELECT s.count_id, p.id, p.number, p.name, p.name_zh FROM (SELECT DISTINCT count_id, part_id FROM count_scopes WHERE count_id = ANY($1)) s
JOIN parts p ON p.id = s.part_id ORDER BY p.number`

// readScope adds to the counts what they cover.
func (c *Counts) readScope(ctx context.Context, all []Count) error {
	named := make([]uuid.UUID, len(all))
	at := map[uuid.UUID]*Count{}
	for i := range all {
		named[i], at[all[i].ID] = all[i].ID, &all[i]
	}
	places, err := pg.Query[Place](ctx, c.DB(), scopePlacesSQL, named)
	if err != nil {
		return err
	}
	for _, p := range places {
		at[p.CountID].Places = append(at[p.CountID].Places, p)
	}
	parts, err := pg.Query[Part](ctx, c.DB(), scopePartsSQL, named)
	for _, p := range parts {
		at[p.CountID].Parts = append(at[p.CountID].Parts, p)
	}
	return err
}

const insertSQL = `
INSERT INTO counts (id, number, status, scope, location_id, outlet_id, round, note, opened_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

const coverSQL = `
INSERT INTO count_scopes (count_id, location_id, part_id)
SELECT $1, l.id, p.id FROM unnest($2::uuid[]) AS l (id) LEFT JOIN unnest($3::uuid[]) AS p (id) ON true`

func (c *Counts) insert(ctx context.Context, k Count) error {
	_, err := pg.Exec(ctx, c.DB(), insertSQL, k.ID, k.Number, k.Status, k.Scope, k.LocationID, k.OutletID, k.Round, k.Note, k.OpenedBy,
		k.Version, k.CreatedAt, k.UpdatedAt)
	if err != nil {
		return pg.Fault(err, "count")
	}
	_, err = pg.Exec(ctx, c.DB(), coverSQL, k.ID, ids(k.Places), partIDs(k.Parts))
	if pg.Violates(err, "counted_once_at_a_time") {
		return fault.New(fault.Conflict, "somebody began to count some of this meanwhile")
	}
	return pg.Fault(err, "count")
}

const saveSQL = `
UPDATE counts SET status = $2, round = $3, finished_by = $4, approved_by = $5, approved_at = $6, value = $7, policy_version = $8,
  version = $9, updated_at = $10
WHERE id = $1`

func (c *Counts) save(ctx context.Context, k *Count) error {
	k.UpdatedAt = c.Now()
	_, err := pg.Exec(ctx, c.DB(), saveSQL, k.ID, k.Status, k.Round, k.FinishedBy, k.ApprovedBy, k.ApprovedAt, k.Value, k.PolicyVersion,
		k.Version, k.UpdatedAt)
	return pg.Fault(err, "count")
}

// pointer is the place of item i in a list of a request.
func pointer(list string, i int) string { return list + "/" + strconv.Itoa(i) }
