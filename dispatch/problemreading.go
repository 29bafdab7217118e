package dispatch

import (
	"context"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

const (
	acquaintedSQL = `
SELECT DISTINCT j.customer_id, b.technician_id FROM jobs j JOIN bookings b ON b.job_id = j.id
WHERE j.customer_id = ANY ($1) AND b.technician_id = ANY ($2) AND b.active AND j.status IN ('finished', 'closed')`
)

// readMore reads what makes one technician dearer to a job than another.
func (p *Planner) readMore(ctx context.Context, d *draft) (err error) {
	var customers, parts, technicians, vans []uuid.UUID
	for _, jobs := range [][]Job{d.booked, d.open} {
		for _, j := range jobs {
			customers, parts = append(customers, j.CustomerID), append(parts, j.partIDs()...)
		}
	}
	for _, r := range d.crew {
		technicians = append(technicians, r.Technician.ID)
		if r.Technician.VanID != nil {
			vans = append(vans, *r.Technician.VanID)
		}
	}
	if len(parts) > 0 && len(vans) > 0 {
		if d.held, err = p.Stock.Holdings(ctx, vans, parts); err != nil {
			return err
		}
	}
	found, err := pg.Query[struct{ CustomerID, TechnicianID uuid.UUID }](ctx, p.db, acquaintedSQL, customers, technicians)
	d.knows = make(map[[2]uuid.UUID]bool, len(found))
	for _, f := range found {
		d.knows[[2]uuid.UUID{f.CustomerID, f.TechnicianID}] = true
	}
	return pg.Fault(err, "booking")
}

// suppose changes the draft as its question of what if says. The board is not asked and does not hear of it.
func (d *draft) suppose() error {
	if d.ask.WhatIf == nil {
		return nil
	}
	place := map[uuid.UUID]int{}
	for i, r := range d.crew {
		place[r.Technician.ID] = i
	}
	var f fault.Faults
	d.away(d.ask.WhatIf.Absent, place, &f)
	d.shift(d.ask.WhatIf.Shifts, place, &f)
	for i, more := range d.ask.WhatIf.Technicians {
		like, known := place[more.Like]
		if !known {
			f.Add(fmt.Sprintf("/what_if/add_technicians/%d/like", i), "no such active %s of these outlets", words.Noun("technician"))
			continue
		}
		for range more.Count {
			r := d.crew[like]
			r.Technician.ID, r.Technician.VanID, r.Absences = d.one(), nil, nil
			d.crew = append(d.crew, r)
		}
	}
	d.more(d.ask.WhatIf.Jobs, &f)
	return f.Err(fault.Invalid, "the plan cannot be made like this")
}

// away takes technicians out of all days.
func (d *draft) away(absent []uuid.UUID, place map[uuid.UUID]int, f *fault.Faults) {
	for i, id := range absent {
		at, known := place[id]
		if !known {
			f.Add(fmt.Sprintf("/what_if/absent/%d", i), "no such active %s of these outlets", words.Noun("technician"))
			continue
		}
		about := d.spans[d.crew[at].Technician.OutletID]
		d.crew[at].Absences = append(d.crew[at].Absences[:len(d.crew[at].Absences):len(d.crew[at].Absences)],
			Absence{TechnicianID: id, StartsAt: later(d.now, about.from), EndsAt: about.to.Add(2 * maxShift)})
	}
}

// shift gives technicians other shifts.
func (d *draft) shift(others []OtherShift, place map[uuid.UUID]int, f *fault.Faults) {
	for i, o := range others {
		at, known := place[o.TechnicianID]
		if !known {
			f.Add(fmt.Sprintf("/what_if/shifts/%d/technician_id", i), "no such active %s of these outlets", words.Noun("technician"))
			continue
		}
		if !o.EndsAt.After(o.StartsAt) || o.EndsAt.Sub(o.StartsAt) > maxShift {
			f.Add(fmt.Sprintf("/what_if/shifts/%d/ends_at", i), "must be within %d hours of the start", int(maxShift.Hours()))
			continue
		}
		r := &d.crew[at]
		zone := d.spans[r.Technician.OutletID].from.Location()
		begins, ends := dayIn(o.StartsAt.In(zone), zone)
		var kept []Shift
		for _, s := range r.Shifts {
			if s.StartsAt.Before(begins) || s.StartsAt.After(ends) {
				kept = append(kept, s)
			}
		}
		r.Shifts = append(kept, Shift{
			TechnicianID: o.TechnicianID, StartsAt: o.StartsAt.Truncate(time.Second), EndsAt: o.EndsAt.Truncate(time.Second), Status: ShiftPlanned,
		})
	}
}

// more adds open jobs.
func (d *draft) more(jobs []MoreJobs, f *fault.Faults) {
	for i, more := range jobs {
		var like *Job
		for _, all := range [][]Job{d.booked, d.open} {
			for n := range all {
				if all[n].ID == more.Like {
					like = &all[n]
				}
			}
		}
		if like == nil {
			f.Add(fmt.Sprintf("/what_if/jobs/%d/like", i), "no such %s in this plan", words.Noun("job"))
			continue
		}
		for range more.Count {
			j := *like
			j.ID, j.Booking, j.Status = d.one(), nil, StatusOpen
			d.open = append(d.open, j)
		}
	}
}

// one is the id of something that is not there.
func (d *draft) one() uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	d.extra[id] = true
	return id
}
