package dispatch

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Agenda is a technician's day as he reads it in the morning.
type Agenda struct {
	Row

	From, To time.Time // the day, by his outlet's clock
	Visits   map[uuid.UUID]Visit
}

// Visit is whom a job takes the technician to.
type Visit struct {
	JobID        uuid.UUID
	CustomerName string
	Phone        *string
	SiteName     string
	Address      string
	AccessNotes  string
}

const visitsOfJobsSQL = `
SELECT j.id AS job_id, c.name AS customer_name, c.phone, s.name AS site_name, s.address, s.access_notes
FROM jobs j JOIN customers c ON c.id = j.customer_id JOIN sites s ON s.id = j.site_id WHERE j.id = ANY ($1)`

// Agenda shows a technician's day: his shifts, and his jobs in order with whom they take him to.
func (b *Board) Agenda(ctx context.Context, by who.Actor, technician uuid.UUID, day time.Time) (a Agenda, err error) {
	t, err := b.Crew.Find(ctx, by, technician)
	if err != nil {
		return a, err
	}
	zone, err := b.Crew.zone(ctx, t)
	if err != nil {
		return a, err
	}
	a.From, a.To = dayIn(day, zone)
	if a.Roster, err = b.rosterOf(ctx, t, a.From, a.To); err != nil {
		return a, err
	}
	if a.Jobs, err = jobsBooked(ctx, b.db, by, []uuid.UUID{t.ID}, a.From, a.To); err != nil {
		return a, err
	}
	rows := []Row{a.Row}
	if err := b.foresee(ctx, rows); err != nil {
		return a, err
	}
	a.Row = rows[0]
	ids := make([]uuid.UUID, len(a.Jobs))
	for i, j := range a.Jobs {
		ids[i] = j.ID
	}
	visits, err := pg.Query[Visit](ctx, b.db, visitsOfJobsSQL, ids)
	a.Visits = make(map[uuid.UUID]Visit, len(visits))
	for _, v := range visits {
		a.Visits[v.JobID] = v
	}
	return a, pg.Fault(err, "job")
}
