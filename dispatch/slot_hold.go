package dispatch

import (
	"context"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/who"

	"github.com/google/uuid"
)

// heldSlot is what an event says of a hold.
type heldSlot struct {
	HoldID   uuid.UUID `json:"hold_id"`
	StartsAt time.Time `json:"starts_at"` // of the window
	EndsAt   time.Time `json:"ends_at"`
	Until    time.Time `json:"until"`
}

// HoldSlot keeps a window for a job's customer, and the time of the technician whom it suits best, for the policy's
// slot_hold. A hold that the job has already is replaced. Of two who want the last technician's time one wins, and the
// other gets a Conflict that names windows that are free.
func (b *Board) HoldSlot(ctx context.Context, by who.Actor, id uuid.UUID, w Window) (h SlotHold, err error) {
	at := b.now()
	var j Job
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if j, err = lockJob(ctx, b.db, by, id); err != nil {
			return err
		}
		if err := j.mayPromise(); err != nil {
			return err
		}
		p, err := b.Policies.At(ctx, at)
		if err != nil {
			return err
		}
		rules := slotRulesOf(p)
		if !rules.offers(w, j.zone(), at) {
			var f fault.Faults
			f.Add("/from", "is not a window that is offered")
			return f.Err(fault.Invalid, "this window of job %s cannot be held", j.Number)
		}
		if err := endHold(ctx, b.db, j.ID, at, HoldReplaced); err != nil {
			return err
		}
		h = SlotHold{JobID: j.ID, WindowFrom: instant(*w.From), WindowTo: instant(*w.To), ExpiresAt: at.Add(rules.held), CreatedAt: at}
		if by.UserID != uuid.Nil {
			h.HeldBy = &by.UserID
		}
		if err := b.hold(ctx, by, questionOf(j.within(w), p, at, nil), &h); err != nil {
			return err
		}
		return b.tellSlot(ctx, by, at, "slot.held", j, h)
	})
	return h, b.instead(ctx, by, j, w, err)
}

// hold finds a technician for a window, the best who is to be had, and promises his time.
func (b *Board) hold(ctx context.Context, by who.Actor, q question, h *SlotHold) error {
	crew, err := b.asked(ctx, by, &q, false)
	if err != nil {
		return err
	}
	for _, v := range q.rank(crew) {
		if !v.ranked() {
			break
		}
		err := attempt(ctx, func(ctx context.Context) error { return b.holdOne(ctx, q, v.m.Technician.ID, h) })
		if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return errSlotGone
}

var errSlotGone = fault.New(fault.Conflict, "nobody can come in this window any more")

// holdOne promises the time of one technician as his days are by now.
func (b *Board) holdOne(ctx context.Context, q question, technician uuid.UUID, h *SlotHold) error {
	if err := holdTechnician(ctx, b.db, technician); err != nil {
		return err
	}
	t, err := b.Crew.Find(ctx, who.System, technician)
	if err != nil {
		return err
	}
	c, err := b.judgeOne(ctx, q, t)
	if err != nil {
		return err
	}
	if !c.Ranked {
		return errLost
	}
	h.ID, h.TechnicianID, h.Technician, h.OutletID = uuid.Must(uuid.NewV7()), t.ID, t.Name, t.OutletID
	h.StartsAt, h.EndsAt = c.Start, c.End
	return insertHold(ctx, b.db, *h)
}

// tellSlot writes what happened to a hold to the log, under its job.
func (b *Board) tellSlot(ctx context.Context, by who.Actor, at time.Time, kind string, j Job, h SlotHold) error {
	return event.Append(ctx, b.db, by, at, event.Entry{Kind: kind, SubjectID: j.ID, OutletID: j.OutletID, Data: note{
		Number: j.Number, Status: j.Status, TechnicianID: &h.TechnicianID, Details: heldSlot{h.ID, h.WindowFrom, h.WindowTo, h.ExpiresAt},
	}})
}

// FindSlotHold returns the window that is held for a job now; NotFound where none is.
func (b *Board) FindSlotHold(ctx context.Context, by who.Actor, job uuid.UUID) (SlotHold, error) {
	if _, err := b.Find(ctx, by, job); err != nil {
		return SlotHold{}, err
	}
	return holdOf(ctx, b.db, holdOfJobSQL, job, b.now())
}

// ReleaseSlot gives back the window that is held for a job. It returns NotFound where none is.
func (b *Board) ReleaseSlot(ctx context.Context, by who.Actor, job uuid.UUID) error {
	at := b.now()
	return b.db.InTx(ctx, func(ctx context.Context) error {
		j, err := lockJob(ctx, b.db, by, job)
		if err != nil {
			return err
		}
		h, err := holdOf(ctx, b.db, holdOfJobSQL, job, at)
		if err != nil {
			return err
		}
		if err := endHold(ctx, b.db, job, at, HoldReleased); err != nil {
			return err
		}
		return b.tellSlot(ctx, by, at, "slot.released", j, h)
	})
}

// sweepSlots is the task that ends the holds whose time is over. They count no more already, so that nobody is told.
type sweepSlots struct{}

// Kind names the task.
func (sweepSlots) Kind() string { return "sweep_slots" }

func (b *Board) workSlots(q *queue.Queue) {
	queue.Handle(q, time.Minute, func(ctx context.Context, _ sweepSlots) error {
		_, err := pg.Exec(ctx, b.db, expireHoldsSQL, b.now())
		return err
	})
	queue.Every(q, time.Minute, sweepSlots{})
}
