package dispatch

import (
	"context"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// Accept says that the technician will do the job.
func (b *Board) Accept(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Job, error) {
	return b.change(ctx, by, id, version, VerbAccept, nothing)
}

// Decline says that the technician will not do the job; it is open again.
func (b *Board) Decline(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Job, error) {
	return b.change(ctx, by, id, version, VerbDecline, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		reason, err := say("/reason", reason, true)
		if err != nil {
			return nil, err
		}
		return why{reason}, b.release(ctx, j, at, ReleaseDeclined)
	})
}

// Travel says that the technician set out.
func (b *Board) Travel(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Job, error) {
	return b.change(ctx, by, id, version, VerbTravel, func(_ context.Context, j *Job, at time.Time) (any, error) {
		j.TravelingAt = &at
		return nil, nil
	})
}

// Start says that work began.
func (b *Board) Start(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Job, error) {
	return b.change(ctx, by, id, version, VerbStart, func(_ context.Context, j *Job, at time.Time) (any, error) {
		j.StartedAt = &at
		return nil, nil
	})
}

// held is what an event says of a hold.
type held struct {
	For  HoldReason `json:"for"`
	Note string     `json:"note,omitempty"`
}

// Hold interrupts the work until what it waits for is there. Where that is a part the technician goes on to other
// work, and what is left of the booked time is free again.
func (b *Board) Hold(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason HoldReason, note string) (Job, error) {
	return b.change(ctx, by, id, version, VerbHold, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		note, err := say("/note", note, false)
		if err != nil {
			return nil, err
		}
		j.HoldReason = &reason
		if reason == HoldParts {
			err = cutBooking(ctx, b.db, j.Booking, at)
		}
		return held{reason, note}, err
	})
}

// Resume goes on with the work.
func (b *Board) Resume(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Job, error) {
	return b.change(ctx, by, id, version, VerbResume, func(_ context.Context, j *Job, _ time.Time) (any, error) {
		j.HoldReason = nil
		return nil, nil
	})
}

// Finish says that the work is done and what was done. What is left of the booked time is free again.
func (b *Board) Finish(ctx context.Context, by who.Actor, id uuid.UUID, version int, summary string) (Job, error) {
	return b.change(ctx, by, id, version, VerbFinish, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		outcome, err := say("/summary", summary, summary != "")
		if err != nil {
			return nil, err
		}
		j.Outcome, j.FinishedAt = outcome, &at
		return nil, cutBooking(ctx, b.db, j.Booking, at)
	})
}

// followed is what an event says of the job that carries on.
type followed struct {
	Reason   string    `json:"reason"`
	FollowID uuid.UUID `json:"follow_on_id"`
	Number   string    `json:"follow_on_number"`
}

// CannotComplete ends a job that has begun but cannot be brought to its end, and opens a follow-on job for
// the rest, which FindFollowOn finds. What is left of the booked time is free again.
func (b *Board) CannotComplete(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Job, error) {
	return b.change(ctx, by, id, version, VerbCannotComplete, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		reason, err := say("/reason", reason, true)
		if err != nil {
			return nil, err
		}
		j.HoldReason, j.Reason, j.FinishedAt = nil, reason, &at
		rest, err := b.openRest(ctx, *j, at)
		if err != nil {
			return nil, err
		}
		return followed{reason, rest.ID, rest.Number}, cutBooking(ctx, b.db, j.Booking, at)
	})
}

// openRest opens the job that carries on with the rest of j. The customer names a window anew.
func (b *Board) openRest(ctx context.Context, j Job, at time.Time) (rest Job, err error) {
	rest = Job{
		ID: uuid.Must(uuid.NewV7()), Title: j.Title, Status: StatusOpen, Priority: j.Priority, CaseID: j.CaseID, FollowsID: &j.ID,
		CustomerID: j.CustomerID, SiteID: j.SiteID, AssetID: j.AssetID, OutletID: j.OutletID, Location: j.Location, TimeZone: j.TimeZone,
		Description: j.Description, Minutes: j.Minutes, DueAt: j.DueAt, Needs: j.Needs, Parts: j.Parts, Photos: j.Photos,
		Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	rest.Number, err = insertJob(ctx, b.db, rest)
	return rest, err
}
