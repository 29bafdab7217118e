package dispatch

import (
	"cmp"
	"slices"
	"time"

	"callout/dispatch/solve"
	"callout/internal/policy"
	"callout/internal/travel"

	"github.com/google/uuid"
)

// writeShifts writes what is left of each technician's shifts.
func (d *draft) writeShifts() {
	booked := map[uuid.UUID][]Job{}
	for _, j := range d.booked {
		booked[j.Booking.TechnicianID] = append(booked[j.Booking.TechnicianID], j)
	}
	for i, r := range d.crew {
		d.fellows[r.Technician.OutletID] = append(d.fellows[r.Technician.OutletID], i)
		about := d.spans[r.Technician.OutletID]
		grants := d.grants(r)
		for _, s := range r.Shifts {
			if !s.works() || s.StartsAt.Before(about.from) || s.StartsAt.After(about.to) || !s.EndsAt.After(d.now) {
				continue
			}
			d.writeShift(i, s, booked[r.Technician.ID], grants)
		}
	}
}

func (d *draft) writeShift(i int, s Shift, booked []Job, grants []solve.Grant) {
	r := d.crew[i]
	t := r.Technician
	day := r.workday(s, d.behind(booked), d.now, nil)
	if day.Shift.To <= day.Shift.From {
		return
	}
	w := solve.Shift{
		Technician: i, Start: d.place(day.Start), End: d.place(day.End), From: day.Shift.From, To: day.Shift.To,
		Overtime: int64(d.ask.Options.Overtime) * 60, Grants: grants,
		Rates: solve.Rates{Driving: t.CostPerHour, Work: t.CostPerHour, Overtime: t.CostPerHour / 2, Km: d.figures.Points(policy.PlanKmCost)},
	}
	for _, b := range day.Breaks {
		// One whose time is past is not owed any more.
		from, to := max(b.Earliest, w.From), min(b.Latest, w.To-b.Duration)
		if from <= to {
			w.Breaks = append(w.Breaks, solve.Break{Windows: []solve.Window{{From: from, To: to}}, Duration: b.Duration})
		}
	}
	for _, j := range booked {
		if k := j.Booking; d.stays(j) && within(s, k.StartsAt) && !d.absent[j.ID] {
			w.To = max(w.To, k.EndsAt.Unix())
		}
	}
	d.problem.Shifts = append(d.problem.Shifts, w)
	d.drives.Spans = append(d.drives.Spans, travel.Span{From: unix(w.From), To: unix(w.To)})
	d.shifts = append(d.shifts, sheetShift{t, d.extra[t.ID], s.StartsAt, s.EndsAt})
}

func within(s Shift, t time.Time) bool { return !t.Before(s.StartsAt) && t.Before(s.EndsAt) }

// behind are the bookings that a technician has done with or is busy with: he goes on from there.
func (d *draft) behind(booked []Job) (all []appointment) {
	for _, j := range booked {
		k := j.Booking
		if !d.begun(j) {
			continue
		}
		a := appointment{
			TechnicianID: k.TechnicianID, JobID: j.ID, Number: j.Number, Location: j.Location, StartsAt: earlier(k.StartsAt, d.now), EndsAt: k.EndsAt,
		}
		if k.StartsAt.After(d.now) { // ahead of its time
			a.EndsAt = d.now.Add(k.EndsAt.Sub(k.StartsAt))
		}
		all = append(all, a)
	}
	slices.SortStableFunc(all, func(a, b appointment) int { return a.EndsAt.Compare(b.EndsAt) })
	return all
}

// begun says whether a booking is behind or under way, by the clock or by what its technician says.
func (d *draft) begun(j Job) bool {
	switch j.Status {
	case StatusScheduled, StatusDispatched, StatusAccepted:
		return !j.Booking.StartsAt.After(d.now)
	default:
		return true
	}
}

// grants are the certificates as the optimizer takes them: those that follow each other without a gap as
// one, and each level for itself.
func (d *draft) grants(r Roster) (all []solve.Grant) {
	about := d.spans[r.Technician.OutletID]
	first, last := about.from.AddDate(0, 0, -1).Unix(), about.to.AddDate(0, 0, 2).Unix()
	bySkill := map[uuid.UUID][]Certification{}
	var skills []uuid.UUID
	for _, c := range r.Certifications {
		if bySkill[c.SkillID] == nil {
			skills = append(skills, c.SkillID)
		}
		bySkill[c.SkillID] = append(bySkill[c.SkillID], c)
	}
	for _, skill := range skills {
		held := bySkill[skill]
		slices.SortStableFunc(held, func(a, b Certification) int { return a.ValidFrom.Compare(b.ValidFrom) })
		levels := map[int]bool{}
		for _, of := range held {
			if levels[of.Level] {
				continue
			}
			levels[of.Level] = true
			for _, w := range stretches(held, of.Level) {
				from, to := max(first, w.From), min(last, w.To)
				if from < to {
					all = append(all, solve.Grant{Skill: index(d.skills, skill), Level: of.Level, From: from, To: to})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b solve.Grant) int {
		return cmp.Or(cmp.Compare(a.Skill, b.Skill), cmp.Compare(b.Level, a.Level), cmp.Compare(a.From, b.From))
	})
	return all
}

// stretches are the times without a gap in which certificates, by their begin, prove a level.
func stretches(held []Certification, level int) (all []solve.Window) {
	for _, c := range held {
		if c.Level < level {
			continue
		}
		from, to := c.ValidFrom.Unix(), c.validUntil().Unix()
		if n := len(all) - 1; n >= 0 && from <= all[n].To {
			all[n].To = max(all[n].To, to)
			continue
		}
		all = append(all, solve.Window{From: from, To: to})
	}
	return all
}
