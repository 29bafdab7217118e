package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// AutoAssign books the top candidate; where others were quicker to book him, the next. It returns
// Conflict where nobody can do the job: the candidates' refusals say why.
func (b *Board) AutoAssign(ctx context.Context, by who.Actor, id uuid.UUID, version int, ask Asked) (Job, error) {
	return b.change(ctx, by, id, version, VerbAssign, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		ranked, err := b.rank(ctx, by, *j, ask)
		if err != nil {
			return nil, err
		}
		for _, c := range ranked {
			if !c.Ranked {
				break
			}
			booked, err := b.win(ctx, by, j, c, ask, at)
			if err != nil {
				return nil, err
			}
			if booked {
				return j.Booking.booked(), nil
			}
		}
		return nil, fault.New(fault.Conflict, "nobody can do job %s: its candidates say why", j.Number)
	})
}

// win books a candidate if he can still do the job as his days are by now. Who lost the race is let
// go again, so that nobody waits for him in vain.
func (b *Board) win(ctx context.Context, by who.Actor, j *Job, c Candidate, ask Asked, at time.Time) (won bool, err error) {
	err = attempt(ctx, func(ctx context.Context) error {
		if err := holdTechnician(ctx, b.db, c.TechnicianID); err != nil {
			return err
		}
		t, err := b.Crew.Find(ctx, by, c.TechnicianID)
		if err != nil {
			return err
		}
		q, err := b.question(ctx, *j, ask.Day)
		if err != nil {
			return err
		}
		if c, err = b.judgeOne(ctx, q, t); err != nil {
			return err
		}
		if !c.Ranked {
			return errLost
		}
		k := Booking{
			ID: uuid.Must(uuid.NewV7()), JobID: j.ID, TechnicianID: t.ID, Technician: t.Name, OutletID: t.OutletID,
			StartsAt: c.Start, EndsAt: c.End, Active: true, Version: 1, CreatedAt: at, UpdatedAt: at,
			Explanation: Explanation{Source: SourceAuto, Policy: q.rules.version, Score: c.Score, Terms: c.Terms},
		}
		if err := insertBooking(ctx, b.db, *j, k); err != nil {
			return err
		}
		j.Booking = &k
		return nil
	})
	if err == nil {
		return true, nil
	}
	// Lost, gone, or booked by somebody who does not queue up.
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return false, err
}

var errLost = fault.New(fault.Conflict, "somebody else was quicker")
