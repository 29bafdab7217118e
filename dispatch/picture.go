package dispatch

import (
	"context"
	"fmt"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Picture is an outlet's day as a dispatcher's board shows it.
type Picture struct {
	Outlet     Outlet
	From, To   time.Time // the day, by the outlet's clock
	Rows       []Row
	Unassigned []Job // the urgent ones first
	More       bool  // there are more of them than are shown
}

// Row is a technician's day.
type Row struct {
	Roster

	Jobs     []Job                 // booked on the day, in order
	Outlooks map[uuid.UUID]Outlook // of those that are not done

	course course
}

// mostUnassigned is how many open jobs a picture shows: more than anybody can look through.
const mostUnassigned = 500

// Picture shows an outlet's day: everybody with shifts and jobs, and the jobs that nobody has.
func (b *Board) Picture(ctx context.Context, by who.Actor, outlet uuid.UUID, day time.Time) (p Picture, err error) {
	if p.Outlet, err = findOutlet(ctx, b.db, by, outlet); err != nil {
		return p, err
	}
	p.From, p.To = dayIn(day, zoneOf(p.Outlet.TimeZone))
	crew, err := b.Crew.Day(ctx, by, []uuid.UUID{outlet}, p.From, p.To)
	if err != nil {
		return p, err
	}
	ids := make([]uuid.UUID, len(crew))
	for i, r := range crew {
		ids[i] = r.Technician.ID
	}
	booked, err := jobsBooked(ctx, b.db, by, ids, p.From, p.To)
	if err != nil {
		return p, err
	}
	of := map[uuid.UUID][]Job{}
	for _, j := range booked {
		of[j.Booking.TechnicianID] = append(of[j.Booking.TechnicianID], j)
	}
	for _, r := range crew {
		p.Rows = append(p.Rows, Row{Roster: r, Jobs: of[r.Technician.ID]})
	}
	if err := b.foresee(ctx, p.Rows); err != nil {
		return p, err
	}
	p.Unassigned, err = jobsOpen(ctx, b.db, outlet, p.From, p.To)
	if len(p.Unassigned) > mostUnassigned {
		p.Unassigned, p.More = p.Unassigned[:mostUnassigned], true
	}
	return p, err
}

const jobsBookedSQL = "SELECT" + jobColumns + jobTables + `
WHERE b.technician_id = ANY ($1) AND b.starts_at > $2 AND b.starts_at <= $4 AND b.ends_at > $3 AND `

// jobsBooked reads the jobs that technicians have in a time, in order, as far as by may see them.
func jobsBooked(ctx context.Context, db *pg.DB, by who.Actor, technicians []uuid.UUID, from, to time.Time) ([]Job, error) {
	w := where{pg.Where{Args: []any{technicians, from.Add(-24 * time.Hour), from, to}}}
	w.reach(by)
	return readJobs(ctx, db, jobsBookedSQL+w.String()+" ORDER BY b.starts_at, b.id", w.Args...)
}

var jobsOpenSQL = "SELECT" + jobColumns + jobTables + fmt.Sprintf(`
WHERE j.status = 'open' AND j.outlet_id = $1 AND (j.window_from IS NULL OR j.window_from <= $3 AND j.window_to >= $2)
ORDER BY j.priority, j.due_at, j.id LIMIT %d`, mostUnassigned+1)

// jobsOpen reads an outlet's jobs that nobody has and that may be done in a time.
func jobsOpen(ctx context.Context, db *pg.DB, outlet uuid.UUID, from, to time.Time) ([]Job, error) {
	return readJobs(ctx, db, jobsOpenSQL, outlet, from, to)
}
