package dispatch

import (
	"context"
	"slices"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// endOfTime is later than any booking.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// crewScope is the condition on technicians whom by may see.
func crewScope(by who.Actor) (string, []any) {
	switch {
	case by.OnlyTechnician():
		return "technicians.id = ?", []any{by.TechnicianID}
	case by.OutletID != nil:
		return "technicians.outlet_id = ?", []any{by.OutletID}
	}
	return "TRUE", nil
}

func findTechnician(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Technician, error) {
	scope, args := crewScope(by)
	t, err := pg.Rows[Technician](ctx, db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return t, pg.Fault(err, "technician")
}

func lockTechnician(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Technician, error) {
	scope, args := crewScope(by)
	t, err := pg.Locked[Technician](ctx, db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return t, pg.Fault(err, "technician")
}

// crewOf reads the technicians of outlets who have not left.
func crewOf(ctx context.Context, db *pg.DB, by who.Actor, outlets []uuid.UUID) ([]Technician, error) {
	scope, args := crewScope(by)
	q := pg.Rows[Technician](ctx, db).Where("status <> ?", TechnicianLeft).Where(scope, args...)
	if outlets != nil {
		q = q.Where("outlet_id IN ?", outlets)
	}
	return q.Order("id").Find(ctx)
}

func listTechnicians(ctx context.Context, db *pg.DB, by who.Actor, f TechnicianQuery, now time.Time, after uuid.UUID, limit int) ([]Technician, uuid.UUID, error) {
	scope, args := crewScope(by)
	q := pg.Rows[Technician](ctx, db).Where("id > ?", after).Where(scope, args...)
	if f.OutletID != nil {
		q = q.Where("outlet_id = ?", f.OutletID)
	}
	if f.Status != "" {
		q = q.Where("status = ?", f.Status)
	}
	if f.Name != "" {
		q = q.Where("name ILIKE ?", registry.Fragment(f.Name))
	}
	if f.Skill != nil {
		q = q.Where(`id IN (SELECT technician_id FROM certifications WHERE skill_id = ? AND valid_from <= ? AND valid_to > ?
			AND (revoked_at IS NULL OR revoked_at > ?))`, f.Skill, now, now, now)
	}
	rows, err := q.Order("id").Limit(limit + 1).Find(ctx)
	if err != nil || len(rows) <= limit {
		return rows, uuid.Nil, err
	}
	return rows[:limit], rows[limit-1].ID, nil
}

func insertTechnician(ctx context.Context, db *pg.DB, t Technician) error {
	return technicianFault(pg.Rows[Technician](ctx, db).Create(ctx, &t))
}

func saveTechnician(ctx context.Context, db *pg.DB, t Technician) error {
	_, err := pg.Rows[Technician](ctx, db).Where("id = ?", t.ID).
		Select("user_id", "outlet_id", "name", "phone", "home", "cost_per_hour", "currency", "van_id", "status", "version", "updated_at").
		Updates(ctx, t)
	return technicianFault(err)
}

func technicianFault(err error) error {
	if pg.Violates(err, "one_technician_per_user") {
		var f fault.Faults
		f.Add("/user_id", "is another technician's already")
		return f.Err(fault.Conflict, "%s cannot be recorded like this", words.Noun("technician"))
	}
	return pg.Fault(err, "technician")
}

// checkOutlet notes an outlet that is not there, is out of by's scope or has ended.
func checkOutlet(ctx context.Context, db *pg.DB, by who.Actor, t Technician, f *fault.Faults) error {
	status, err := pg.Query[struct{ Status OutletStatus }](ctx, db, `SELECT status FROM outlets WHERE id = $1`, t.OutletID)
	switch {
	case err != nil:
		return err
	case len(status) == 0 || !by.Sees(&t.OutletID):
		f.Add("/outlet_id", "no such %s", words.Noun("outlet"))
	case status[0].Status == OutletEnded:
		f.Add("/outlet_id", "the outlet has ended")
	}
	return nil
}

type userRow struct {
	Roles    []string
	OutletID *uuid.UUID
}

// checkUser notes a user who cannot be t: he must hold the role technician and be of the same
// outlet, or of none.
func checkUser(ctx context.Context, db *pg.DB, by who.Actor, t Technician, f *fault.Faults) error {
	if t.UserID == nil {
		return nil
	}
	users, err := pg.Query[userRow](ctx, db, `SELECT roles, outlet_id FROM users WHERE id = $1`, t.UserID)
	switch {
	case err != nil:
		return err
	case len(users) == 0 || users[0].OutletID != nil && !by.Sees(users[0].OutletID):
		f.Add("/user_id", "no such %s", words.Noun("user"))
	case !slices.Contains(users[0].Roles, string(who.Technician)):
		f.Add("/user_id", "does not hold the role %s", who.Technician)
	case users[0].OutletID != nil && *users[0].OutletID != t.OutletID:
		f.Add("/user_id", "is a user of another outlet")
	}
	return nil
}

type vanRow struct {
	Kind     string
	OutletID *uuid.UUID
}

// checkVan notes a van that is no van, or another outlet's.
func checkVan(ctx context.Context, db *pg.DB, _ who.Actor, t Technician, f *fault.Faults) error {
	if t.VanID == nil {
		return nil
	}
	vans, err := pg.Query[vanRow](ctx, db, `SELECT kind, outlet_id FROM locations WHERE id = $1`, t.VanID)
	switch {
	case err != nil:
		return err
	case len(vans) == 0 || vans[0].OutletID != nil && *vans[0].OutletID != t.OutletID:
		f.Add("/van_id", "no such %s", words.Noun("location"))
	case vans[0].Kind != "van":
		f.Add("/van_id", "is not a van")
	}
	return nil
}

const clashesSQL = `
SELECT b.id AS booking_id, j.id AS job_id, j.number AS job_number, j.status AS job_status, b.starts_at, b.ends_at
FROM bookings b JOIN jobs j ON j.id = b.job_id
WHERE b.technician_id = $1 AND b.active AND b.starts_at < $3 AND b.ends_at > $2
  AND j.status NOT IN ('finished', 'closed', 'canceled', 'incomplete')
ORDER BY b.starts_at, b.id`

// clashes reads a technician's bookings, of jobs that are not done, that reach into a time.
func clashes(ctx context.Context, db *pg.DB, technician uuid.UUID, from, to time.Time) ([]Clash, error) {
	return pg.Query[Clash](ctx, db, clashesSQL, technician, from, to)
}

// numbers names the jobs of clashes as people call them, the first ten of them.
func numbers(booked []Clash) string {
	var all []string
	for _, c := range booked {
		if len(all) == 10 {
			all = append(all, "…")
			break
		}
		all = append(all, c.JobNumber)
	}
	return strings.Join(all, ", ")
}
