package dispatch

import (
	"bytes"
	"slices"
	"time"

	"callout/dispatch/solve"
	"callout/internal/policy"

	"github.com/google/uuid"
)

// writeJobs writes the jobs that are booked and those that are open.
func (d *draft) writeJobs() {
	ofCrew := make(map[uuid.UUID]int, len(d.crew))
	for i, r := range d.crew {
		ofCrew[r.Technician.ID] = i
	}
	all := slices.Concat(d.booked, d.open)
	slices.SortFunc(all, func(a, b Job) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	for _, j := range all {
		s := sheetJob{Job: j, shift: -1, extra: d.extra[j.ID]}
		if j.Booking != nil {
			if d.begun(j) {
				continue
			}
			s.settled = d.stays(j)
			if !d.absent[j.ID] {
				s.shift = d.shiftOf(ofCrew[j.Booking.TechnicianID], j.Booking.StartsAt)
			}
			if s.settled && s.shift < 0 {
				continue // promised at a time when nothing else can be planned for him
			}
		}
		w, possible := d.writeJob(s)
		if !possible {
			continue
		}
		d.problem.Jobs, d.jobs = append(d.problem.Jobs, w), append(d.jobs, s)
	}
}

// shiftOf is the shift of a technician at a moment, or -1.
func (d *draft) shiftOf(technician int, at time.Time) int {
	return slices.IndexFunc(d.shifts, func(s sheetShift) bool {
		return s.technician.ID == d.crew[technician].Technician.ID && !at.Before(s.from) && at.Before(s.to)
	})
}

// tear finds the bookings at whose time the technician is absent.
func (d *draft) tear() {
	crew := make(map[uuid.UUID]Roster, len(d.crew))
	for _, r := range d.crew {
		crew[r.Technician.ID] = r
	}
	d.absent = map[uuid.UUID]bool{}
	for _, j := range d.booked {
		if crew[j.Booking.TechnicianID].AbsentIn(j.Booking.StartsAt, j.Booking.EndsAt) != nil {
			d.absent[j.ID] = true
		}
	}
}

// stays says whether a booking is not the plan's to move: it is pinned, begins soon, was sent out, is of
// another outlet or of a day that is not planned.
func (d *draft) stays(j Job) bool {
	k := j.Booking
	about, ours := d.spans[zero(j.OutletID)]
	if !ours || k.StartsAt.Before(about.from) || k.StartsAt.After(about.to) {
		return true
	}
	if d.absent[j.ID] {
		return false
	}
	sent := j.Status == StatusDispatched || j.Status == StatusAccepted
	return k.Pinned || sent && !d.ask.Options.MoveSent || k.StartsAt.Before(d.figures.Due(policy.PlanFrozen, d.now))
}

func zero(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

// classWeight is what a job weighs among those of its class: one that is due in the time of the plan goes before
// one that can be done later.
const (
	weightDue   = 3
	weightLater = 2
)

// writeJob writes a job; it is not possible where its window lies in no time of the plan.
func (d *draft) writeJob(s sheetJob) (w solve.Job, possible bool) {
	j := s.Job
	w = solve.Job{
		Place: d.place(j.Location), Work: int64(j.length() / time.Second), Class: classes[j.Priority], Weight: weightLater,
		LateWeight: d.late(j.Priority),
	}
	about := d.spans[zero(j.OutletID)]
	if j.DueAt != nil && !j.DueAt.After(about.to.AddDate(0, 0, 2)) {
		w.Due = later(*j.DueAt, d.now.AddDate(-1, 0, 0)).Unix()
	}
	if j.DueAt != nil && !j.DueAt.After(about.to) {
		w.Weight = weightDue
	}
	if s.settled {
		w.Pin = &solve.Pin{Shift: s.shift, Timed: true, Start: j.Booking.StartsAt.Unix()}
		w.Work = max(1, int64(j.Booking.EndsAt.Sub(j.Booking.StartsAt)/time.Second))
		return w, true
	}
	from, to := later(about.from, d.now), about.to
	if j.WindowFrom != nil {
		from, to = later(from, *j.WindowFrom), earlier(to, *j.WindowTo)
	}
	from = from.Add(time.Second - 1).Truncate(time.Second)
	if to.Before(from) {
		return w, false
	}
	w.Windows = []solve.Window{{From: from.Unix(), To: to.Unix()}}
	for _, n := range j.Needs {
		w.Needs = append(w.Needs, solve.Need{Skill: index(d.skills, n.SkillID), Level: n.Level})
	}
	if len(d.spans) > 1 && !d.ask.Options.Across {
		// Nil would be everybody.
		w.Allowed = append([]int{}, d.fellows[zero(j.OutletID)]...)
	}
	if d.ask.Options.RequireParts {
		for _, p := range j.Parts {
			w.Parts = append(w.Parts, solve.Amount{Part: index(d.parts, p.PartID), Count: int64(p.Quantity)})
		}
	}
	w.Preferences = d.preferences(j)
	if s.shift >= 0 {
		w.Published = &solve.Pin{Shift: s.shift, Timed: true, Start: j.Booking.StartsAt.Unix()}
	}
	return w, true
}

// preferences are what speaks for technicians, in seconds on the road: they know the customer, or have parts on their vans.
func (d *draft) preferences(j Job) (all []solve.Preference) {
	perSecond := max(1, d.figures.Points(policy.RankingTravel))
	knows, part := d.figures.Points(policy.RankingContinuity)/perSecond, d.figures.Points(policy.RankingMissingPart)/perSecond
	for i, r := range d.crew {
		t, points := r.Technician, int64(0)
		if d.knows[[2]uuid.UUID{j.CustomerID, t.ID}] {
			points -= knows
		}
		if !d.ask.Options.RequireParts && t.VanID != nil {
			for _, p := range j.Parts {
				points -= part * int64(min(p.Quantity, max(0, d.held[*t.VanID][p.PartID])))
			}
		}
		if points != 0 {
			all = append(all, solve.Preference{Technician: i, Points: points})
		}
	}
	return all
}

// writeStock writes what the vans hold for the jobs that may move.
func (d *draft) writeStock() {
	if len(d.parts) == 0 {
		return
	}
	promised := map[uuid.UUID]map[uuid.UUID]int{} // to jobs that stay
	for _, s := range d.jobs {
		if !s.settled {
			continue
		}
		t := d.shifts[s.shift].technician.ID
		if promised[t] == nil {
			promised[t] = map[uuid.UUID]int{}
		}
		for _, p := range s.Parts {
			promised[t][p.PartID] += p.Quantity
		}
	}
	d.problem.Stock = make([][]solve.Amount, len(d.crew))
	for i, r := range d.crew {
		if r.Technician.VanID == nil {
			continue
		}
		for part, number := range d.parts {
			if left := d.held[*r.Technician.VanID][part] - promised[r.Technician.ID][part]; left > 0 {
				d.problem.Stock[i] = append(d.problem.Stock[i], solve.Amount{Part: number, Count: int64(left)})
			}
		}
		slices.SortFunc(d.problem.Stock[i], func(a, b solve.Amount) int { return a.Part - b.Part })
	}
}

// writeInitial has the search begin with the board as it is.
func (d *draft) writeInitial() {
	d.problem.Places = len(d.drives.Places)
	d.problem.Initial = make([][]int, len(d.shifts))
	for i, s := range d.jobs {
		if s.shift >= 0 {
			d.problem.Initial[s.shift] = append(d.problem.Initial[s.shift], i)
		}
	}
	for _, route := range d.problem.Initial {
		slices.SortFunc(route, func(a, b int) int { return d.jobs[a].Booking.StartsAt.Compare(d.jobs[b].Booking.StartsAt) })
	}
}

// asBooked is the problem whose one solution is the board as it is, to be judged by the same figures.
func (s *sheet) asBooked() solve.Problem {
	p := s.problem
	p.Jobs, p.Shifts = slices.Clone(p.Jobs), slices.Clone(p.Shifts)
	never := int64(solve.Forever)
	for _, w := range p.Shifts {
		never = min(never, w.From)
	}
	for i, j := range s.jobs {
		w := &p.Jobs[i]
		if w.Pin != nil {
			continue
		}
		w.Parts = nil
		if j.shift < 0 {
			w.Windows = []solve.Window{{From: never - 2, To: never - 1}}
			continue
		}
		k := j.Booking
		w.Pin = &solve.Pin{Shift: j.shift, Timed: true, Start: k.StartsAt.Unix()}
		w.Windows, w.Needs, w.Allowed, w.Work = nil, nil, nil, max(1, int64(k.EndsAt.Sub(k.StartsAt)/time.Second))
		p.Shifts[j.shift].To = max(p.Shifts[j.shift].To, k.EndsAt.Unix())
	}
	return p
}
