package dispatch

import (
	"context"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// outletScope is the condition on outlets that by may see: his own, or all.
func outletScope(by who.Actor) (string, []any) {
	switch {
	case by.OutletID != nil:
		return "outlets.id = ?", []any{by.OutletID}
	case by.OnlyTechnician():
		return "outlets.id IN (SELECT outlet_id FROM technicians WHERE id = ?)", []any{by.TechnicianID}
	}
	return "TRUE", nil
}

func findOutlet(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Outlet, error) {
	scope, args := outletScope(by)
	o, err := pg.Rows[Outlet](ctx, db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return o, pg.Fault(err, "outlet")
}

func lockOutlet(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Outlet, error) {
	scope, args := outletScope(by)
	o, err := pg.Locked[Outlet](ctx, db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return o, pg.Fault(err, "outlet")
}

func listOutlets(ctx context.Context, db *pg.DB, by who.Actor, status OutletStatus, after uuid.UUID, limit int) ([]Outlet, uuid.UUID, error) {
	scope, args := outletScope(by)
	q := pg.Rows[Outlet](ctx, db).Select("id", "code", "name", "time_zone", "status", "version", "created_at", "updated_at").
		Where("id > ?", after).Where(scope, args...)
	if status != "" {
		q = q.Where("status = ?", status)
	}
	rows, err := q.Order("id").Limit(limit + 1).Find(ctx)
	if err != nil || len(rows) <= limit {
		return rows, uuid.Nil, err
	}
	return rows[:limit], rows[limit-1].ID, nil
}

func insertOutlet(ctx context.Context, db *pg.DB, o Outlet) error {
	err := pg.Rows[Outlet](ctx, db).Create(ctx, &o)
	if pg.Violates(err, "one_outlet_per_code") {
		return fault.New(fault.Conflict, "there is an outlet with the code %q already", o.Code)
	}
	return pg.Fault(err, "outlet")
}

func saveOutlet(ctx context.Context, db *pg.DB, o Outlet) error {
	_, err := pg.Rows[Outlet](ctx, db).Where("id = ?", o.ID).
		Select("name", "time_zone", "territory", "status", "version", "updated_at").Updates(ctx, o)
	return pg.Fault(err, "outlet")
}

// staffless refuses an outlet that still has technicians.
func staffless(ctx context.Context, db *pg.DB, o Outlet) error {
	left, err := pg.One[int](ctx, db, `SELECT count(*) FROM technicians WHERE outlet_id = $1 AND status <> 'left'`, o.ID)
	if err == nil && left > 0 {
		return fault.New(fault.Conflict, "outlet %s has %d technicians who have not left", o.Code, left)
	}
	return err
}

type territoryRow struct {
	ID        uuid.UUID
	Code      string
	Name      string
	Territory pg.JSON[geo.Territory]
}

const territoriesSQL = `
SELECT id, code, name, territory FROM outlets WHERE territory IS NOT NULL AND status <> 'ended' ORDER BY code`

func readTerritories(ctx context.Context, db *pg.DB) ([]mapped, error) {
	rows, err := pg.Query[territoryRow](ctx, db, territoriesSQL)
	all := make([]mapped, len(rows))
	for i, r := range rows {
		all[i] = mapped{r.ID, r.Code, r.Name, r.Territory.V}
	}
	return all, err
}
