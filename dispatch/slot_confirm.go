package dispatch

import (
	"context"
	"errors"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// promised is what an event says of a window that a customer has agreed to.
type promised struct {
	booked

	WindowFrom time.Time `json:"window_from"`
	WindowTo   time.Time `json:"window_to"`
	HoldID     uuid.UUID `json:"hold_id"`
}

// ConfirmSlot makes a held window the customer's, and books the technician whose time is held, wherever in the window
// it fits him best by now. A hold whose minutes are over is as good, as long as he can still come. Otherwise it returns
// Conflict with the reasons, and with windows that are free instead; the job stays as it was.
func (b *Board) ConfirmSlot(ctx context.Context, by who.Actor, id uuid.UUID, version int, hold uuid.UUID) (Job, error) {
	before, err := b.Find(ctx, by, id)
	if err != nil {
		return Job{}, err
	}
	if err := before.unchanged(version); err != nil {
		return Job{}, err
	}
	verb := VerbAssign
	if before.Booking != nil {
		verb = VerbReassign
	}
	var h SlotHold
	j, err := b.change(ctx, by, id, version, verb, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		// The lifecycle lets a job be booked anew that is on its way already; its window may not change then.
		if err := before.mayPromise(); err != nil {
			return nil, err
		}
		if h, err = b.confirmable(ctx, *j, hold, at); err != nil {
			return nil, err
		}
		told := promised{WindowFrom: h.WindowFrom, WindowTo: h.WindowTo, HoldID: h.ID}
		if k := j.Booking; k != nil {
			if err := b.release(ctx, j, at, ReleaseReassigned); err != nil {
				return nil, err
			}
			told.Before = &k.TechnicianID
		}
		j.WindowFrom, j.WindowTo = &h.WindowFrom, &h.WindowTo
		if err := b.keep(ctx, j, h, at); err != nil {
			return nil, err
		}
		had := told.Before
		told.booked = j.Booking.booked()
		told.Before = had
		return told, nil
	})
	if err != nil && h.ID != uuid.Nil {
		return j, b.instead(ctx, by, before, Window{&h.WindowFrom, &h.WindowTo}, err)
	}
	return j, err
}

// confirmable finds the hold that a customer says yes to.
func (b *Board) confirmable(ctx context.Context, j Job, id uuid.UUID, at time.Time) (SlotHold, error) {
	h, err := holdOf(ctx, b.db, holdSQL, j.ID, id)
	if fault.Is(err, fault.NotFound) {
		var f fault.Faults
		f.Add("/hold_id", "no such %s", words.Noun("hold of a window"))
		return h, f.Err(fault.Invalid, "the window of job %s cannot be confirmed like this", j.Number)
	}
	if err != nil {
		return h, err
	}
	if h.EndReason != nil && *h.EndReason != HoldLapsed {
		return h, fault.New(fault.Conflict, "the window is not held any more: %s", *h.EndReason)
	}
	if !h.WindowTo.After(at) {
		return h, fault.New(fault.Conflict, "the window is past")
	}
	return h, nil
}

// keep books the technician of a hold in its window.
func (b *Board) keep(ctx context.Context, j *Job, h SlotHold, at time.Time) error {
	if err := holdTechnician(ctx, b.db, h.TechnicianID); err != nil {
		return err
	}
	t, err := b.Crew.Find(ctx, who.System, h.TechnicianID)
	if err != nil {
		return err
	}
	q, err := b.question(ctx, *j, nil)
	if err != nil {
		return err
	}
	c, err := b.judgeOne(ctx, q, t)
	if err != nil {
		return err
	}
	if !c.Ranked {
		return against(*j, t, c.Refusals)
	}
	k := Booking{
		ID: uuid.Must(uuid.NewV7()), JobID: j.ID, TechnicianID: t.ID, Technician: t.Name, OutletID: t.OutletID,
		StartsAt: c.Start, EndsAt: c.End, Active: true, Version: 1, CreatedAt: at, UpdatedAt: at,
		Explanation: Explanation{Source: SourceSlot, Policy: q.rules.version, Score: c.Score, Terms: c.Terms},
	}
	j.Booking = &k
	return insertBooking(ctx, b.db, *j, k)
}

// How far ahead windows are looked for when one is gone, and how many of them are named.
const (
	insteadDays = 7
	mostInstead = 5
)

// instead adds to a Conflict about a window the windows that are free, the cheap ones first.
func (b *Board) instead(ctx context.Context, by who.Actor, j Job, w Window, err error) error {
	e, is := errors.AsType[*fault.Error](err)
	if !is || e.Code != fault.Conflict || j.mayPromise() != nil {
		return err
	}
	now := b.now()
	day := later(now, *w.From).In(j.zone())
	if usable(ctx) {
		if failed := b.live.catchUp(ctx); failed != nil {
			return errors.Join(err, failed)
		}
	}
	free, failed := b.slots(ctx, by, j, AskedSlots{From: &day, Days: insteadDays})
	if failed != nil {
		return errors.Join(err, failed)
	}
	fields := append(fault.Faults{}, e.Fields...)
	for _, cheap := range []bool{true, false} {
		for _, s := range free {
			if s.Cheap == cheap && len(fields) < len(e.Fields)+mostInstead {
				fields.Add("/slots", "free instead: %s to %s", s.From.In(j.zone()).Format(clockForm), s.To.In(j.zone()).Format(clockForm))
			}
		}
	}
	return &fault.Error{Code: e.Code, Detail: e.Detail, Fields: fields}
}
