package dispatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Shifts returns shifts after a place, by their start, and the place to go on from; nil at the end.
func (c *Crew) Shifts(ctx context.Context, by who.Actor, q ShiftQuery, after ShiftPlace, limit int) ([]Shift, *ShiftPlace, error) {
	if q.TechnicianID != nil {
		if _, err := findTechnician(ctx, c.db, by, *q.TechnicianID); err != nil {
			return nil, nil, err
		}
	}
	return listShifts(ctx, c.db, by, q, after, limit)
}

// FindShift returns one shift.
func (c *Crew) FindShift(ctx context.Context, by who.Actor, id uuid.UUID) (Shift, error) {
	return rowOf[Shift](ctx, c.db, by, id, "shift")
}

// Plan gives a technician shifts: all of them, or none where one clashes with another.
func (c *Crew) Plan(ctx context.Context, by who.Actor, technician uuid.UUID, plan []NewShift) (all []Shift, err error) {
	at := c.now()
	var f fault.Faults
	plan = slices.Clone(plan)
	for i := range plan {
		plan[i] = plan[i].kept()
		n, here := plan[i], fmt.Sprintf("/shifts/%d", i)
		n.check(&f, here)
		for j, o := range plan[:i] {
			if n.StartsAt.Before(o.EndsAt) && o.StartsAt.Before(n.EndsAt) {
				f.Add(here, "overlaps with item %d", j)
			}
		}
	}
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		t, err := lockTechnician(ctx, c.db, by, technician)
		if err != nil {
			return err
		}
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("shift")); err != nil {
			return err
		}
		if t.Status == TechnicianLeft {
			return fault.New(fault.Conflict, "technician %s is %s", t.Name, t.Status)
		}
		all = make([]Shift, len(plan))
		ids := make([]uuid.UUID, len(plan))
		for i, n := range plan {
			all[i] = Shift{
				ID: uuid.Must(uuid.NewV7()), TechnicianID: t.ID, StartsAt: n.StartsAt, EndsAt: n.EndsAt, Breaks: n.Breaks,
				Status: ShiftPlanned, Version: 1, CreatedAt: at, UpdatedAt: at,
			}
			ids[i] = all[i].ID
			if err := c.apart(ctx, t, all[i], fmt.Sprintf("/shifts/%d", i), &f); err != nil {
				return err
			}
		}
		if err := f.Err(fault.Conflict, "the technician has other shifts at this time"); err != nil {
			return err
		}
		if err := insertShifts(ctx, c.db, all); err != nil {
			return err
		}
		return c.tell(ctx, by, at, "shift.planned", t, map[string]any{"shift_ids": ids})
	})
	return all, err
}

// apart notes the shifts that s would overlap with.
func (c *Crew) apart(ctx context.Context, t Technician, s Shift, pointer string, f *fault.Faults) error {
	there, err := shiftsIn(ctx, c.db, []uuid.UUID{t.ID}, s.StartsAt, s.EndsAt)
	if err != nil {
		return err
	}
	for _, o := range there {
		if o.ID == s.ID {
			continue
		}
		zone, err := c.zone(ctx, t)
		if err != nil {
			return err
		}
		f.Add(pointer, "%s clashes with the shift %s", span(s.StartsAt, s.EndsAt, zone), span(o.StartsAt, o.EndsAt, zone))
	}
	return nil
}

// zone is the zone of the technician's outlet, in which people read times.
func (c *Crew) zone(ctx context.Context, t Technician) (*time.Location, error) {
	name, err := pg.One[string](ctx, c.db, `SELECT time_zone FROM outlets WHERE id = $1`, t.OutletID)
	if err != nil {
		return nil, pg.Fault(err, "outlet")
	}
	return registry.Zone(name)
}

func span(from, to time.Time, zone *time.Location) string {
	from, to = from.In(zone), to.In(zone)
	end := "15:04"
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		end = "2006-01-02 15:04"
	}
	return from.Format("2006-01-02 15:04") + " – " + to.Format(end)
}

// AmendShift moves a planned shift or changes its breaks. It is refused where a booked visit
// that lay in the shift would not lie in it any more.
func (c *Crew) AmendShift(ctx context.Context, by who.Actor, id uuid.UUID, version int, change ShiftChange) (Shift, error) {
	return c.changeShift(ctx, by, id, version, "shift.amended", func(ctx context.Context, t Technician, s *Shift) error {
		n := NewShift{s.StartsAt, s.EndsAt, s.Breaks}
		if change.StartsAt != nil {
			n.StartsAt = *change.StartsAt
		}
		if change.EndsAt != nil {
			n.EndsAt = *change.EndsAt
		}
		if change.Breaks != nil {
			n.Breaks = *change.Breaks
		}
		n = n.kept()
		var f fault.Faults
		n.check(&f, "")
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("shift")); err != nil {
			return err
		}
		booked, err := clashes(ctx, c.db, t.ID, s.StartsAt, s.EndsAt)
		if err != nil {
			return err
		}
		for _, b := range booked {
			if b.StartsAt.Before(n.StartsAt) || b.EndsAt.After(n.EndsAt) {
				return fault.New(fault.Conflict, "job %s is booked in this shift: move it first", b.JobNumber)
			}
		}
		s.StartsAt, s.EndsAt, s.Breaks = n.StartsAt, n.EndsAt, n.Breaks
		if err := c.apart(ctx, t, *s, "", &f); err != nil {
			return err
		}
		return f.Err(fault.Conflict, "the technician has other shifts at this time")
	})
}

// CancelShift takes a planned shift back. It is refused while visits are booked in it: they are
// moved first. For a technician who falls ill, Announce is the way.
func (c *Crew) CancelShift(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Shift, error) {
	return c.changeShift(ctx, by, id, version, "shift.canceled", func(ctx context.Context, t Technician, s *Shift) error {
		booked, err := clashes(ctx, c.db, t.ID, s.StartsAt, s.EndsAt)
		if err != nil {
			return err
		}
		if len(booked) > 0 {
			return fault.New(fault.Conflict, "jobs are booked in this shift, move them first: %s", numbers(booked))
		}
		s.Status = ShiftCanceled
		return nil
	})
}

func (c *Crew) changeShift(ctx context.Context, by who.Actor, id uuid.UUID, version int, kind string,
	change func(context.Context, Technician, *Shift) error,
) (s Shift, err error) {
	at := c.now()
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		var t Technician
		if s, t, err = lockRowOf(ctx, c.db, by, id, "shift", func(s Shift) uuid.UUID { return s.TechnicianID }); err != nil {
			return err
		}
		if err := unchanged("shift", s.Version, version); err != nil {
			return err
		}
		if s.Status != ShiftPlanned {
			return fault.New(fault.Conflict, "the shift is %s", s.Status)
		}
		if err := change(ctx, t, &s); err != nil {
			return err
		}
		s.Version, s.UpdatedAt = s.Version+1, at
		if err := saveShift(ctx, c.db, s); err != nil {
			return err
		}
		return c.tell(ctx, by, at, kind, t, map[string]any{"shift_id": s.ID})
	})
	return s, err
}
