package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Delay is what was last said of a booking: that the work begins or ends later than was thought.
// The booking keeps the promised times; expectations follow the delay.
type Delay struct {
	BookingID uuid.UUID
	JobID     uuid.UUID
	StartsAt  *time.Time // work is not expected to begin before; of a job not begun yet
	EndsAt    *time.Time // the work is expected to end; of a job begun
	Minutes   int        // as it was said
	Reason    string
	SaidAt    time.Time
}

// NewDelay says by how much a job is late. Of work that goes on it is how many minutes more it takes than was
// expected so far, or more from now on where that time is over; before the work begins it is how many
// minutes after the booked start it will begin, and 0 takes back what was said.
type NewDelay struct {
	Minutes int
	Reason  string
}

// delayed is what an event says of a delay.
type delayed struct {
	Minutes  int        `json:"minutes"`
	Reason   string     `json:"reason,omitempty"`
	StartsAt *time.Time `json:"starts_at,omitempty"`
	EndsAt   *time.Time `json:"ends_at,omitempty"`
}

const saveDelaySQL = `
INSERT INTO delays (booking_id, job_id, starts_at, ends_at, minutes, reason, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (booking_id) DO UPDATE SET starts_at = $3, ends_at = $4, minutes = $5, reason = $6, said_at = $7`

// Delay records that a job begins or ends later than was thought. The expected times of the technician's
// day follow. It returns Conflict where nobody has the job, or it is done.
func (b *Board) Delay(ctx context.Context, by who.Actor, id uuid.UUID, version int, n NewDelay) (j Job, err error) {
	at := b.now()
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if j, err = lockJob(ctx, b.db, by, id); err != nil {
			return err
		}
		// Who may begin the work may say that he begins later.
		if err := mayDo(by, VerbStart, j); err != nil {
			return err
		}
		if err := j.unchanged(version); err != nil {
			return err
		}
		reason, err := say("/reason", n.Reason, n.Minutes > 0)
		if err != nil {
			return err
		}
		said, err := delaysOf(ctx, b.db, []Job{j})
		if err != nil {
			return err
		}
		d, err := j.delay(n.Minutes, said[j.ID], at)
		if err != nil {
			return err
		}
		d.Reason = reason
		if _, err := pg.Exec(ctx, b.db, saveDelaySQL, d.BookingID, d.JobID, d.StartsAt, d.EndsAt, d.Minutes, d.Reason, d.SaidAt); err != nil {
			return pg.Fault(err, "delay")
		}
		j.touch(at)
		if err := saveJob(ctx, b.db, j); err != nil {
			return err
		}
		return b.tell(ctx, by, at, "job.delayed", j, note{
			TechnicianID: j.technician(), OnBehalf: !isTechnician(by, j), Details: delayed{d.Minutes, d.Reason, d.StartsAt, d.EndsAt},
		})
	})
	return j, err
}

// VerbDelay says that a job is late; it leaves the job where it stands in its life.
const VerbDelay Verb = "delay"

// delay is the delay that so many minutes mean, said at a moment after an earlier one.
func (j Job) delay(minutes int, earlier Delay, at time.Time) (Delay, error) {
	late := time.Duration(minutes) * time.Minute
	switch j.Status {
	case StatusScheduled, StatusDispatched, StatusAccepted, StatusTraveling, StatusOnSite:
		starts := j.Booking.StartsAt.Add(late)
		return Delay{BookingID: j.Booking.ID, JobID: j.ID, StartsAt: &starts, Minutes: minutes, SaidAt: at}, nil
	case StatusWorking, StatusOnHold:
		ends := later(j.plannedEnd(earlier), at)
		if minutes == 0 {
			ends = j.plannedEnd(Delay{})
		}
		ends = ends.Add(late)
		return Delay{BookingID: j.Booking.ID, JobID: j.ID, EndsAt: &ends, Minutes: minutes, SaidAt: at}, nil
	default:
		return Delay{}, fault.New(fault.Conflict, "job %s is %s: %s is not possible", j.Number, j.Status, VerbDelay)
	}
}

// plannedEnd is when begun work is to end: as was said, otherwise as long after its begin as it was expected to
// take.
func (j Job) plannedEnd(d Delay) time.Time {
	if d.EndsAt != nil {
		return *d.EndsAt
	}
	return j.StartedAt.Add(j.length())
}

const delaysSQL = `SELECT * FROM delays WHERE booking_id = ANY ($1)`

// delaysOf reads what was said of the jobs' present bookings, by job.
func delaysOf(ctx context.Context, db *pg.DB, jobs []Job) (map[uuid.UUID]Delay, error) {
	var ids []uuid.UUID
	for _, j := range jobs {
		if j.Booking != nil {
			ids = append(ids, j.Booking.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := pg.Query[Delay](ctx, db, delaysSQL, ids)
	of := make(map[uuid.UUID]Delay, len(rows))
	for _, d := range rows {
		of[d.JobID] = d
	}
	return of, pg.Fault(err, "delay")
}
