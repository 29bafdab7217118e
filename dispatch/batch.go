package dispatch

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// bookBatch books some of a plan in one transaction, and returns the jobs that are not any more
// as they were when it was planned.
func (b *Board) bookBatch(ctx context.Context, r Run, plan outletPlan, some []Booking) (changed []Skipped, err error) {
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		changed = nil
		if err := holdBatch(ctx, b.db, some); err != nil {
			return err
		}
		now, err := standing(ctx, b.db, some)
		if err != nil {
			return err
		}
		for _, k := range some {
			j := plan.jobs[k.JobID]
			if now[j.ID] != j.Version {
				changed = append(changed, Skipped{j.ID, j.Number, "changed", words.Say("was changed meanwhile")})
				continue
			}
			err := attempt(ctx, func(ctx context.Context) error { return b.bookPlanned(ctx, r, j, k) })
			if e := fault.From(err); err != nil && e.Code == fault.Conflict {
				changed = append(changed, Skipped{j.ID, j.Number, "booked", e.Detail})
			} else if err != nil {
				return err
			}
		}
		return b.progress(ctx, r)
	})
	return changed, err
}

// bookPlanned books one job of a plan.
func (b *Board) bookPlanned(ctx context.Context, r Run, j Job, k Booking) error {
	by, at := r.RequestedBy.actor(), b.now()
	if err := insertBooking(ctx, b.db, j, k); err != nil {
		return err
	}
	if err := j.undergo(VerbAssign, j.Version, at); err != nil {
		return err
	}
	j.Booking = &k
	if err := saveJob(ctx, b.db, j); err != nil {
		return err
	}
	return b.tell(ctx, by, at, kinds[VerbAssign], j, note{From: StatusOpen, TechnicianID: &k.TechnicianID, Details: k.booked()})
}

const (
	holdJobsSQL        = `SELECT id FROM jobs WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`
	holdTechniciansSQL = `SELECT id FROM technicians WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`
	standingJobsSQL    = `SELECT id, version FROM jobs WHERE id = ANY ($1)`
)

// holdBatch holds jobs and then technicians, in the order in which everybody holds them.
func holdBatch(ctx context.Context, db *pg.DB, some []Booking) error {
	if _, err := pg.Exec(ctx, db, holdJobsSQL, jobsOf(some)); err != nil {
		return pg.Fault(err, "job")
	}
	var technicians []uuid.UUID
	for _, k := range some {
		technicians = append(technicians, k.TechnicianID)
	}
	_, err := pg.Exec(ctx, db, holdTechniciansSQL, technicians)
	return pg.Fault(err, "technician")
}

func jobsOf(some []Booking) []uuid.UUID {
	jobs := make([]uuid.UUID, len(some))
	for i, k := range some {
		jobs[i] = k.JobID
	}
	return jobs
}

// standing reads at which versions the jobs are.
func standing(ctx context.Context, db *pg.DB, some []Booking) (map[uuid.UUID]int, error) {
	rows, err := pg.Query[struct {
		ID      uuid.UUID
		Version int
	}](ctx, db, standingJobsSQL, jobsOf(some))
	now := make(map[uuid.UUID]int, len(rows))
	for _, row := range rows {
		now[row.ID] = row.Version
	}
	return now, pg.Fault(err, "job")
}
