package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Amend changes a job. While it is booked, minutes and window may only change so that the
// booking still fits: otherwise it returns Conflict, and the job is to be unassigned first.
func (b *Board) Amend(ctx context.Context, by who.Actor, id uuid.UUID, version int, c JobChange) (j Job, err error) {
	at := b.now()
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if j, err = lockJob(ctx, b.db, by, id); err != nil {
			return err
		}
		if err := unchanged("job", j.Version, version); err != nil {
			return err
		}
		if err := c.mayCome(j); err != nil {
			return err
		}
		members, err := b.apply(ctx, by, &j, c)
		if err != nil {
			return err
		}
		if err := b.stillFits(ctx, j); err != nil {
			return err
		}
		j.touch(at)
		if err := saveJob(ctx, b.db, j); err != nil {
			return err
		}
		return b.tell(ctx, by, at, "job.amended", j, note{TechnicianID: j.technician(), Details: amended{members}})
	})
	return j, err
}

// amended says which members changed, not what they say.
type amended struct {
	Changed []string `json:"changed"`
}

// mayCome refuses a change that comes too late in a job's life.
func (c JobChange) mayCome(j Job) error {
	if len(next[j.Status]) == 0 {
		return fault.New(fault.Conflict, "job %s is %s: it cannot change any more", j.Number, j.Status)
	}
	if j.Status == StatusOpen || j.Status == StatusScheduled {
		return nil
	}
	var f fault.Faults
	late := func(pointer string, asked bool) {
		if asked {
			f.Add(pointer, "cannot change once the job is dispatched")
		}
	}
	late("/title", c.Title != nil)
	late("/priority", c.Priority != nil)
	late("/asset_id", c.AssetID != nil)
	late("/minutes", c.Minutes != nil)
	late("/window", c.Window != nil)
	late("/needs", c.Needs != nil)
	late("/parts", c.Parts != nil)
	late("/photos", c.Photos != nil)
	return f.Err(fault.Conflict, "job %s is %s: some of it cannot change any more", j.Number, j.Status)
}

// apply puts the change into j and returns the names of the members that it set.
func (b *Board) apply(ctx context.Context, by who.Actor, j *Job, c JobChange) (members []string, err error) {
	var f fault.Faults
	did := func(member string, asked bool) bool {
		if asked {
			members = append(members, member)
		}
		return asked
	}
	if did("title", c.Title != nil) {
		j.Title = registry.Line(&f, "/title", *c.Title)
	}
	if did("description", c.Description != nil) {
		j.Description = registry.Note(&f, "/description", *c.Description)
	}
	if did("priority", c.Priority != nil) {
		j.Priority = *c.Priority
	}
	if did("asset_id", c.AssetID != nil) {
		j.AssetID = *c.AssetID
		place := *j
		place.CaseID = nil
		if err := b.checkPlace(ctx, by, place, &f); err != nil {
			return nil, err
		}
	}
	if did("minutes", c.Minutes != nil) {
		j.Minutes = *c.Minutes
	}
	if did("window", c.Window != nil) {
		j.WindowFrom, j.WindowTo = micro(c.Window.From), micro(c.Window.To)
	}
	if did("due_at", c.DueAt != nil) {
		j.DueAt = micro(*c.DueAt)
	}
	if did("needs", c.Needs != nil) {
		if j.Needs, err = b.needs(ctx, *c.Needs, &f); err != nil {
			return nil, err
		}
	}
	if did("parts", c.Parts != nil) {
		j.Parts = *c.Parts
	}
	if did("photos", c.Photos != nil) {
		j.Photos = *c.Photos
	}
	j.checkTimes(&f)
	if err := b.checkParts(ctx, *j, &f); err != nil {
		return nil, err
	}
	return members, f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("job"))
}

// stillFits refuses a change that the booking of a scheduled job does not fit any more.
func (b *Board) stillFits(ctx context.Context, j Job) error {
	k := j.Booking
	if k == nil || j.Status != StatusScheduled {
		return nil
	}
	q := question{job: j, zone: j.zone()}
	var f fault.Faults
	if w := j.WindowFrom; w != nil && (k.StartsAt.Before(*w) || k.StartsAt.After(*j.WindowTo)) && len(k.Explanation.Overruled) == 0 {
		f.Add("/window", "the job is booked for %s", q.clock(k.StartsAt))
	}
	if k.EndsAt.Sub(k.StartsAt) != j.length() {
		f.Add("/minutes", "the job is booked for %d minutes", int(k.EndsAt.Sub(k.StartsAt)/time.Minute))
	}
	held, err := certificationsIn(ctx, b.db, []uuid.UUID{k.TechnicianID}, k.StartsAt)
	if err != nil {
		return pg.Fault(err, "certificate")
	}
	for _, lack := range q.skills(Roster{Certifications: held}, *k) {
		f = append(f, fault.Field{Pointer: "/needs", Detail: lack.Text})
	}
	return f.Err(fault.Conflict, "job %s is booked: unassign it first", j.Number)
}
