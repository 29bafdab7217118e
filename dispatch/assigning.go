package dispatch

import (
	"context"
	"time"

	"callout/dispatch/workday"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Assignment names who is to do a job. Without StartAt the work begins where it fits the
// technician's days best.
type Assignment struct {
	TechnicianID uuid.UUID
	StartAt      *time.Time
	Override     bool   // assign against the rules that may be overruled; StartAt and Reason are required
	Reason       string // why
}

// booked is what an event says of a booking.
type booked struct {
	BookingID uuid.UUID  `json:"booking_id"`
	StartsAt  time.Time  `json:"starts_at"`
	EndsAt    time.Time  `json:"ends_at"`
	Source    Source     `json:"source"`
	Overruled int        `json:"overruled,omitempty"` // how many rules
	Reason    string     `json:"reason,omitempty"`
	RunID     *uuid.UUID `json:"run_id,omitempty"`
	Before    *uuid.UUID `json:"before,omitempty"` // who had the job before
}

func (k Booking) booked() booked {
	return booked{k.ID, k.StartsAt, k.EndsAt, k.Explanation.Source, len(k.Explanation.Overruled), k.Explanation.Reason, k.RunID, nil}
}

// Assign books a technician for a job. It returns Conflict, naming the clash, where he is booked
// already, and Conflict with every reason where a rule speaks against him that was not or
// cannot be overruled.
func (b *Board) Assign(ctx context.Context, by who.Actor, id uuid.UUID, version int, a Assignment) (Job, error) {
	return b.change(ctx, by, id, version, VerbAssign, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		if err := b.assign(ctx, by, j, a, at); err != nil {
			return nil, err
		}
		return j.Booking.booked(), nil
	})
}

// Reassign takes a job from whoever has it and books it anew, for another technician or another
// time, or leaves everything as it was.
func (b *Board) Reassign(ctx context.Context, by who.Actor, id uuid.UUID, version int, a Assignment) (Job, error) {
	return b.change(ctx, by, id, version, VerbReassign, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		before := j.Booking.TechnicianID
		if err := b.release(ctx, j, at, ReleaseReassigned); err != nil {
			return nil, err
		}
		if err := b.assign(ctx, by, j, a, at); err != nil {
			return nil, err
		}
		told := j.Booking.booked()
		told.Before = &before
		return told, nil
	})
}

// why is an event's detail where a person gave a reason.
type why struct {
	Reason string `json:"reason,omitempty"`
}

// say returns a person's words as they are kept. It returns Invalid for characters that no text of ours
// may hold, and for nothing where words are needed.
func say(pointer, text string, needed bool) (string, error) {
	var f fault.Faults
	kept := registry.Note(&f, pointer, text)
	if needed && kept == "" {
		f.Add(pointer, "must not be blank")
	}
	return kept, f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("job"))
}

// Unassign takes a job from whoever has it; it is open again.
func (b *Board) Unassign(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Job, error) {
	return b.change(ctx, by, id, version, VerbUnassign, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		reason, err := say("/reason", reason, false)
		if err != nil {
			return nil, err
		}
		return why{reason}, b.release(ctx, j, at, ReleaseUnassigned)
	})
}

// Dispatch sends a scheduled job out to its technician.
func (b *Board) Dispatch(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Job, error) {
	return b.change(ctx, by, id, version, VerbDispatch, nothing)
}

// Cancel ends a job that nobody works on yet, and gives its time back.
func (b *Board) Cancel(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Job, error) {
	return b.change(ctx, by, id, version, VerbCancel, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		reason, err := say("/reason", reason, true)
		if err != nil {
			return nil, err
		}
		j.Reason = reason
		return why{reason}, b.release(ctx, j, at, ReleaseCanceled)
	})
}

func nothing(context.Context, *Job, time.Time) (any, error) { return nil, nil }

// release gives back the time that was booked for j, and forgets how far the technician got.
func (b *Board) release(ctx context.Context, j *Job, at time.Time, why Release) error {
	if j.Booking == nil {
		return nil
	}
	j.Booking = nil
	j.TravelingAt, j.ArrivedAt = nil, nil
	j.ArrivalAtPoint, j.ArrivalAccuracy, j.ArrivalMetres, j.ArrivalFlags = nil, nil, nil, nil
	return releaseBooking(ctx, b.db, j.ID, at, why)
}

// assign works out the booking that a asks for, and makes it.
func (b *Board) assign(ctx context.Context, by who.Actor, j *Job, a Assignment, at time.Time) error {
	t, err := b.technician(ctx, by, *j, &a)
	if err != nil {
		return err
	}
	k := Booking{
		ID: uuid.Must(uuid.NewV7()), JobID: j.ID, TechnicianID: t.ID, Technician: t.Name, OutletID: t.OutletID,
		Active: true, Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	if a.StartAt == nil {
		err = b.fit(ctx, *j, t, &k)
	} else {
		err = b.fix(ctx, *j, t, a, &k)
	}
	if err != nil {
		return err
	}
	j.Booking = &k
	return insertBooking(ctx, b.db, *j, k)
}

// technician finds whom a names, and has others who would book him wait.
func (b *Board) technician(ctx context.Context, by who.Actor, j Job, a *Assignment) (Technician, error) {
	var f fault.Faults
	if a.Override && a.StartAt == nil {
		f.Add("/start_at", "is required to overrule the ranking")
	}
	a.Reason = registry.Note(&f, "/reason", a.Reason)
	if a.Override && a.Reason == "" {
		f.Add("/reason", "is required to overrule the ranking")
	}
	if err := holdTechnician(ctx, b.db, a.TechnicianID); err != nil {
		return Technician{}, err
	}
	t, err := b.Crew.Find(ctx, by, a.TechnicianID)
	if fault.Is(err, fault.NotFound) {
		f.Add("/technician_id", "no such %s", words.Noun("technician"))
	} else if err != nil {
		return Technician{}, err
	}
	return t, f.Err(fault.Invalid, "job %s cannot be assigned like this", j.Number)
}

// fit books where the ranking of this one technician says.
func (b *Board) fit(ctx context.Context, j Job, t Technician, k *Booking) error {
	q, err := b.question(ctx, j, nil)
	if err != nil {
		return err
	}
	c, err := b.judgeOne(ctx, q, t)
	if err != nil {
		return err
	}
	if !c.Ranked {
		return against(j, t, c.Refusals)
	}
	k.StartsAt, k.EndsAt = c.Start, c.End
	k.Explanation = Explanation{Source: SourceHand, Policy: q.rules.version, Score: c.Score, Terms: c.Terms}
	return nil
}

// judgeOne ranks or refuses one technician as his days are now.
func (b *Board) judgeOne(ctx context.Context, q question, t Technician) (Candidate, error) {
	m, err := b.known(ctx, &q, t, q.from, q.until())
	if err != nil {
		return Candidate{}, err
	}
	spare := new(workday.Route)
	v := q.judge(m, spare)
	return q.tell(&v, spare), nil
}

// known is one technician as the database knows him now, with what q must know besides.
func (b *Board) known(ctx context.Context, q *question, t Technician, from, to time.Time) (*member, error) {
	all, err := membersIn(ctx, b.db, []Technician{t}, from, to)
	if err != nil {
		return nil, err
	}
	return all[0], b.know(ctx, q, all)
}

// rosterOf reads one technician's certificates, shifts and absences.
func (b *Board) rosterOf(ctx context.Context, t Technician, from, to time.Time) (r Roster, err error) {
	r.Technician = t
	ids := []uuid.UUID{t.ID}
	if r.Certifications, err = certificationsIn(ctx, b.db, ids, from); err != nil {
		return r, err
	}
	if r.Shifts, err = shiftsIn(ctx, b.db, ids, from, to); err != nil {
		return r, err
	}
	r.Absences, err = absencesIn(ctx, b.db, ids, from, to)
	return r, err
}

// against is the fault of an assignment that rules speak against, with all of them.
func against(j Job, t Technician, all []Refusal) error {
	var f fault.Faults
	for _, r := range all {
		f = append(f, fault.Field{Pointer: "/technician_id", Detail: r.Text})
	}
	for _, r := range all {
		if r.Hard {
			return f.Err(fault.Conflict, "technician %s cannot do job %s", t.Name, j.Number)
		}
	}
	return f.Err(fault.Conflict, "technician %s can do job %s only if the rules are overruled", t.Name, j.Number)
}
