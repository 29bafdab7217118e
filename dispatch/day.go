package dispatch

import (
	"context"
	"time"

	"callout/dispatch/workday"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// appointment is a booking, or time held for a customer, as it stands in a technician's day: the
// optimizer leaves it there.
type appointment struct {
	TechnicianID uuid.UUID
	JobID        uuid.UUID
	Number       string
	Location     pg.Point
	StartsAt     time.Time
	EndsAt       time.Time
	HeldUntil    *time.Time // of a hold: from then on it is none
}

// No booking is longer than a day, so that those which may reach into a time are found by
// their start.
const appointmentsSQL = `
SELECT b.technician_id, b.job_id, j.number, j.location, b.starts_at, b.ends_at, NULL::timestamptz AS held_until
FROM bookings b JOIN jobs j ON j.id = b.job_id
WHERE b.active AND b.technician_id = ANY ($1) AND b.starts_at > $2 AND b.starts_at < $3 AND b.ends_at > $4 AND b.job_id <> $5
UNION ALL
SELECT h.technician_id, h.job_id, j.number, j.location, h.starts_at, h.ends_at, h.expires_at
FROM slot_holds h JOIN jobs j ON j.id = h.job_id
WHERE h.ended_at IS NULL AND h.technician_id = ANY ($1) AND h.starts_at > $2 AND h.starts_at < $3 AND h.ends_at > $4 AND h.job_id <> $5
ORDER BY technician_id, starts_at, job_id`

// appointments reads what technicians are booked for in a time, one job left aside.
func appointments(ctx context.Context, db *pg.DB, technicians []uuid.UUID, from, to time.Time, but uuid.UUID) (map[uuid.UUID][]appointment, error) {
	found, err := pg.Query[appointment](ctx, db, appointmentsSQL, technicians, from.Add(-24*time.Hour), to, from, but)
	if err != nil {
		return nil, pg.Fault(err, "booking")
	}
	of := make(map[uuid.UUID][]appointment, len(technicians))
	for first, i := 0, 1; i <= len(found); i++ {
		if i == len(found) || found[i].TechnicianID != found[first].TechnicianID {
			of[found[first].TechnicianID] = found[first:i]
			first = i
		}
	}
	return of, nil
}

// works says whether the technician works in the shift, as far as is known.
func (s Shift) works() bool { return s.Status == ShiftPlanned || s.Status == ShiftOnDuty }

// workday is what is left of a shift from now on. What he has done or does already is behind him: he goes on from
// there.
func (r Roster) workday(s Shift, booked []appointment, now time.Time, grants []workday.Grant) workday.Day {
	d := workday.Day{
		Technician: r.Technician.ID, Outlet: r.Technician.OutletID,
		Start: r.Technician.Home.Orb(), End: r.Technician.Home.Orb(),
		Shift:  workday.Window{From: s.StartsAt.Unix(), To: s.EndsAt.Unix()},
		Grants: grants, CostPerHour: r.Technician.CostPerHour,
	}
	for _, b := range s.Breaks {
		d.Breaks = append(d.Breaks, workday.Break{Earliest: b.Earliest.Unix(), Latest: b.Latest.Unix(), Duration: int64(b.Length() / time.Second)})
	}
	d.Shift.From = max(d.Shift.From, now.Unix())
	for _, a := range booked {
		switch {
		case !s.meets(a) || a.HeldUntil != nil && !a.HeldUntil.After(now):
		case !a.StartsAt.After(now):
			d.Start, d.Shift.From = a.Location.Orb(), max(d.Shift.From, a.EndsAt.Unix())
		default:
			d.Stops = append(d.Stops, workday.Visit{
				ID: a.JobID, Outlet: d.Outlet, At: a.Location.Orb(), Fixed: true, Start: a.StartsAt.Unix(),
				Duration: max(1, int64(a.EndsAt.Sub(a.StartsAt)/time.Second)),
			})
		}
	}
	for _, a := range r.Absences {
		d.Absent(workday.Window{From: a.StartsAt.Unix(), To: a.EndsAt.Unix()})
	}
	return d
}

// grants are the certificates as the optimizer takes them.
func (r Roster) grants() []workday.Grant {
	grants := make([]workday.Grant, 0, len(r.Certifications))
	for _, c := range r.Certifications {
		grants = append(grants, workday.Grant{Skill: c.SkillID.String(), Level: c.Level, From: c.ValidFrom.Unix(), To: c.validUntil().Unix()})
	}
	return grants
}

// classes are the priorities as the optimizer takes them.
var classes = map[Priority]int{PriorityP0: 0, PriorityP1: 1, PriorityP2: 2}

// visit is the job as the optimizer takes it, to begin between two moments.
func (j Job) visit(from, to time.Time) workday.Visit {
	v := workday.Visit{
		ID: j.ID, At: j.Location.Orb(), Windows: []workday.Window{{From: from.Unix(), To: to.Unix()}},
		Duration: int64(j.length() / time.Second), Class: classes[j.Priority],
	}
	if j.OutletID != nil {
		v.Outlet = *j.OutletID
	}
	if j.DueAt != nil {
		v.Due = j.DueAt.Unix()
	}
	for _, n := range j.Needs {
		v.Needs = append(v.Needs, workday.Need{Skill: n.SkillID.String(), Level: n.Level})
	}
	return v
}

// horizon is how far ahead a job without a window is planned, and the longest window.
const horizon = 7 * 24 * time.Hour

// span is when the work may begin: within the customer's window, otherwise from now to the end of
// the day on which it is due, or for a week where that is past or not known. A day narrows it.
// It is empty (to before from) where that time is over.
func (j Job) span(now time.Time, day *time.Time) (from, to time.Time) {
	zone := j.zone()
	from = now
	if j.WindowFrom != nil {
		from, to = later(now, *j.WindowFrom), *j.WindowTo
	} else {
		_, to = dayIn(now.In(zone).AddDate(0, 0, 6), zone)
		if j.DueAt != nil && j.DueAt.After(now) {
			_, due := dayIn(j.DueAt.In(zone), zone)
			to = earlier(to, due)
		}
	}
	if day != nil {
		begins, ends := dayIn(*day, zone)
		from, to = later(from, begins), earlier(to, ends)
	}
	// A whole second, which is what the optimizer reckons in, and not before the window opens.
	return from.Add(time.Second - 1).Truncate(time.Second), to
}

// dayIn is the first moment of a date in a zone, and the last second of it.
func dayIn(date time.Time, zone *time.Location) (from, to time.Time) {
	y, m, d := date.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone), time.Date(y, m, d+1, 0, 0, 0, 0, zone).Add(-time.Second)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
