package dispatch

import (
	"context"
	"time"

	"callout/internal/pg"

	"github.com/google/uuid"
)

// membersIn reads the days of technicians from one moment to another, those shifts whole that reach into the time: a
// statement for each kind of thing, however many technicians there are.
func membersIn(ctx context.Context, db *pg.DB, crew []Technician, from, to time.Time) ([]*member, error) {
	if len(crew) == 0 {
		return nil, nil
	}
	rosters := make([]Roster, len(crew))
	place := make(map[uuid.UUID]*Roster, len(crew))
	ids := make([]uuid.UUID, len(crew))
	for i, t := range crew {
		rosters[i].Technician, ids[i] = t, t.ID
		place[t.ID] = &rosters[i]
	}
	certificates, err := certificationsIn(ctx, db, ids, from)
	if err != nil {
		return nil, pg.Fault(err, "certificate")
	}
	for _, x := range certificates {
		r := place[x.TechnicianID]
		r.Certifications = append(r.Certifications, x)
	}
	shifts, err := shiftsIn(ctx, db, ids, from, to)
	if err != nil {
		return nil, pg.Fault(err, "shift")
	}
	for _, x := range shifts {
		r := place[x.TechnicianID]
		r.Shifts = append(r.Shifts, x)
		from, to = earlier(from, x.StartsAt), later(to, x.EndsAt)
	}
	absences, err := absencesIn(ctx, db, ids, from, to)
	if err != nil {
		return nil, pg.Fault(err, "absence")
	}
	for _, x := range absences {
		r := place[x.TechnicianID]
		r.Absences = append(r.Absences, x)
	}
	booked, err := appointments(ctx, db, ids, from, to, uuid.Nil)
	if err != nil {
		return nil, err
	}
	all := make([]*member, len(crew))
	for i, r := range rosters {
		all[i] = newMember(r, booked[r.Technician.ID])
	}
	return all, nil
}

const (
	crewSQL     = `SELECT * FROM technicians WHERE status <> 'left' ORDER BY id`
	crewSomeSQL = `SELECT * FROM technicians WHERE status <> 'left' AND id = ANY ($1) ORDER BY id`

	// Whoever begins after the snapshot's xmin was not in it; whoever began before it and was not yet done has an
	// xid from xmin on. So what an earlier statement with the horizon $1 has not seen has an xid of $1 or later. Those
	// of them that it did see ($2) are left out. Without $1 it tells which events count as seen.
	happenedSQL = `
SELECT s.horizon, e.seq, e.xid, e.kind, e.subject_id, e.customer_id, e.technicians
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon) s
LEFT JOIN LATERAL (
  SELECT v.seq, v.xid::text::bigint AS xid, v.kind, v.subject_id,
    (SELECT j.customer_id FROM jobs j WHERE j.id = v.subject_id) AS customer_id,
    ARRAY(SELECT b.technician_id FROM bookings b WHERE b.job_id = v.subject_id
          UNION SELECT h.technician_id FROM slot_holds h WHERE h.job_id = v.subject_id) AS technicians
  FROM events v
  WHERE v.xid >= coalesce($1::bigint, s.horizon)::text::xid8 AND v.seq <> ALL ($2) AND split_part(v.kind, '.', 1) = ANY ($3)
  ORDER BY v.seq LIMIT $4) e ON true`

	visitsSQL = `
SELECT b.technician_id, count(*) AS visits FROM jobs j JOIN bookings b ON b.job_id = j.id
WHERE j.customer_id = $1 AND b.active AND j.status IN ('finished', 'closed')
GROUP BY b.technician_id`

	underway = `j.status IN ('open', 'scheduled', 'dispatched', 'accepted', 'traveling', 'on_site', 'working', 'on_hold')`
)

var (
	jobsUnderwaySQL     = "SELECT" + jobColumns + jobTables + " WHERE " + underway + " ORDER BY j.id DESC LIMIT $1"
	jobsUnderwaySomeSQL = "SELECT" + jobColumns + jobTables + " WHERE " + underway + " AND j.id = ANY ($1)"
)

// stirred is an event that may concern the picture, with whom it touches.
type stirred struct {
	Horizon     int64
	Seq         *int64
	Xid         *int64
	Kind        *string
	SubjectID   *uuid.UUID
	CustomerID  *uuid.UUID
	Technicians []uuid.UUID
}

func visitsIn(ctx context.Context, db *pg.DB, customer uuid.UUID) (map[uuid.UUID]int, error) {
	found, err := pg.Query[struct {
		TechnicianID uuid.UUID
		Visits       int
	}](ctx, db, visitsSQL, customer)
	visits := make(map[uuid.UUID]int, len(found))
	for _, v := range found {
		visits[v.TechnicianID] = v.Visits
	}
	return visits, pg.Fault(err, "booking")
}
