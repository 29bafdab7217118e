package dispatch

import (
	"context"
	"slices"
	"time"

	"callout/dispatch/solve"
	"callout/dispatch/workday"
	"callout/internal/pg"
	"callout/internal/policy"

	"github.com/google/uuid"
)

// ObjectiveRepair serves the urgent classes first, disturbs as little as it can what people were told, and then saves time.
const ObjectiveRepair Objective = "repair"

// What a disturbance weighs in a repair, in seconds of lateness of a job that can wait.
const (
	disturbed    = 10 * 60 // a booked job goes to another technician
	disturbedCut = 2       // times that where the customer has a window
	disturbedOut = 2       // times that where it was sent out or its time named by a person
	lateWindow   = 3       // times its lateness where the customer has a window
)

// weightKept is what a booked job weighs among those of its class: none is dropped to add others, however many.
const weightKept = 1000

// repairOver is how long after its shift a day that is late in any case may end.
const repairOver = 3 * time.Hour

// lateWeights are what a second of lateness weighs in a repair.
var lateWeights = map[Priority]int64{PriorityP0: 4, PriorityP1: 2, PriorityP2: 1}

// repairDraft is a repair's problem in the making.
type repairDraft struct {
	draft

	scene *scene
	rows  []int // by technician of the problem
	broke map[uuid.UUID]bool
}

// repairSheet writes what a repair may change as a problem: the jobs ahead of the chosen technicians, and jobs that
// nobody has. What goes as it was promised keeps its time or begins later within the customer's window; what
// does not is free to find its place.
func (p *Planner) repairSheet(ctx context.Context, s *scene, rows []int, troubles []trouble, wanted []Job) (*sheet, error) {
	d := &repairDraft{scene: s, rows: rows, broke: map[uuid.UUID]bool{}}
	d.draft = draft{
		now: s.now, figures: s.figures, spans: map[uuid.UUID]extent{s.outlet.ID: {s.from, s.to}}, places: map[[2]float64]int{},
		skills: map[uuid.UUID]int{}, parts: map[uuid.UUID]int{}, open: wanted,
	}
	d.version, d.drives = s.figures.Version, drivesOf(s.figures, s.outlet.TimeZone)
	for _, t := range troubles {
		d.broke[t.job.ID] = true
		if t.row < 0 {
			d.open = append(d.open, t.job)
		}
	}
	for _, i := range rows {
		d.crew = append(d.crew, s.rows[i].Roster)
		for _, j := range s.rows[i].Jobs {
			if j.isAhead() {
				d.booked = append(d.booked, j)
			}
		}
	}
	if err := p.readMore(ctx, &d.draft); err != nil {
		return nil, err
	}
	for i, row := range rows {
		d.writeLeft(i, s.rows[row])
	}
	for i, row := range rows {
		for _, j := range s.rows[row].Jobs {
			if j.isAhead() {
				d.keep(i, j)
			}
		}
	}
	for _, j := range d.open {
		d.problem.Jobs, d.jobs = append(d.problem.Jobs, d.find(j)), append(d.jobs, sheetJob{Job: j, shift: -1})
	}
	d.writeInitial()
	second := d.second()
	d.problem.Objective = solve.Objective{
		{{Of: solve.Missed, Class: 0, Price: 1}},
		{{Of: solve.Missed, Class: 1, Price: 1}},
		{{Of: solve.Missed, Class: 2, Price: 1}},
		{{Of: solve.Lateness, Price: second}, {Of: solve.Dislike, Price: second}, {Of: solve.Cost, Price: 1}},
	}
	var err error
	d.problem.Travel, d.notes, err = d.drives.ask(ctx, p.Deps.Travel)
	return &d.sheet, err
}

// writeLeft writes what is left of a technician's shifts once he has done what he has begun.
func (d *repairDraft) writeLeft(i int, r Row) {
	t, c := r.Technician, r.course
	if !d.scene.works(r) {
		return
	}
	grants := d.grants(r.Roster)
	place, free := c.place, later(c.free, d.busy(r))
	for _, s := range r.Shifts {
		if !s.works() || !s.EndsAt.After(d.now) {
			continue
		}
		day := workday.Day{Shift: workday.Window{From: wholeSecond(later(free, s.StartsAt)), To: s.EndsAt.Unix()}, Breaks: slices.Clone(c.rests)}
		// One who is late in any case comes home late.
		late := c.home.After(s.EndsAt) || day.Shift.From >= day.Shift.To
		day.Shift.To = max(day.Shift.To, day.Shift.From+1)
		for _, a := range r.Absences {
			day.Absent(workday.Window{From: a.StartsAt.Unix(), To: wholeSecond(a.EndsAt)})
		}
		if day.Shift.To <= day.Shift.From {
			continue
		}
		w := solve.Shift{
			Technician: i, Start: d.place(pg.Point(place)), End: d.place(t.Home), From: day.Shift.From, To: day.Shift.To, Grants: grants,
			// An hour on the road more is no reason to disturb anybody; an hour beyond the shift is.
			Rates: solve.Rates{Driving: t.CostPerHour / 4, Overtime: 2 * t.CostPerHour},
		}
		if late && w.To >= s.EndsAt.Unix() {
			w.Overtime = r.spare(w.To)
		}
		for _, b := range day.Breaks {
			from, to := max(b.Earliest, w.From), min(b.Latest, w.To-b.Duration)
			if from <= to {
				w.Breaks = append(w.Breaks, solve.Break{Windows: []solve.Window{{From: from, To: to}}, Duration: b.Duration})
			}
		}
		d.problem.Shifts = append(d.problem.Shifts, w)
		d.shifts = append(d.shifts, sheetShift{t, false, s.StartsAt, s.EndsAt})
		place = t.Home.Orb()
	}
}

// spare is how long after a moment a technician may still be at work: until something else of his begins.
func (r Row) spare(from int64) int64 {
	until := from + int64(repairOver/time.Second)
	begins := func(t time.Time) {
		if at := t.Unix(); at >= from {
			until = min(until, at)
		}
	}
	for _, s := range r.Shifts {
		begins(s.StartsAt)
	}
	for _, a := range r.Absences {
		begins(a.StartsAt)
	}
	for _, j := range r.Jobs {
		if j.isAhead() && r.shiftOf(j) == nil {
			begins(j.Booking.StartsAt)
		}
	}
	return until - from
}

// busy is until when nothing else can be booked for the technician: the bookings of what he has begun
// stand, and he begins no earlier than he said.
func (d *repairDraft) busy(r Row) (until time.Time) {
	first := true
	for _, j := range r.Jobs {
		switch {
		case stages[j.Status] > 0:
			until = later(until, j.Booking.EndsAt)
		case j.isAhead() && first:
			first = false
			if said := d.scene.said[j.ID].StartsAt; said != nil && said.After(j.Booking.StartsAt) {
				drive := rulesOf(d.figures, PriorityP0).travel.Seconds(r.course.place, j.Location.Orb())
				until = later(until, said.Add(-time.Duration(drive)*time.Second))
			}
		}
	}
	return until
}

// keep writes a booked job of technician i.
func (d *repairDraft) keep(i int, j Job) {
	k, broke := j.Booking, d.broke[j.ID]
	s := sheetJob{Job: j, shift: d.shiftOf(i, k.StartsAt)}
	_, gone := d.crew[i].gone(j)
	if gone {
		s.shift = -1
	} else if s.shift < 0 {
		return // somebody booked it beyond the shift: it is not ours to move
	}
	w := d.job(j, later(k.StartsAt, d.now))
	w.Weight = weightKept
	switch {
	case j.WindowFrom == nil:
		w.Due = soonest(k.EndsAt.Unix(), w.Due)
	case broke:
		// As early as the window allows, or else as little after it as can be.
		w.Windows[0].From = wholeSecond(later(*j.WindowFrom, d.now))
		w.Due, w.LateWeight = soonest(j.WindowTo.Add(k.EndsAt.Sub(k.StartsAt)).Unix(), w.Due), w.LateWeight*lateWindow
	default:
		w.Windows[0].To = max(w.Windows[0].From, j.WindowTo.Unix())
	}
	if s.shift >= 0 {
		w.Published = &solve.Pin{Shift: s.shift, Timed: true, Start: k.StartsAt.Unix()}
		soon := k.StartsAt.Before(d.figures.Due(policy.PlanFrozen, d.now))
		if (k.Pinned || soon) && !broke {
			w.Allowed = []int{i}
		} else {
			w.Preferences = d.disturb(i, j, w.Preferences)
		}
	}
	d.problem.Jobs, d.jobs = append(d.problem.Jobs, w), append(d.jobs, s)
}

// disturb adds what it counts that anybody but technician i does the job.
func (d *repairDraft) disturb(i int, j Job, liked []solve.Preference) []solve.Preference {
	points := int64(disturbed)
	if j.WindowFrom != nil {
		points *= disturbedCut
	}
	if j.Booking.Pinned || j.Status != StatusScheduled {
		points *= disturbedOut
	}
	all := make([]solve.Preference, 0, len(d.crew))
	for t := range d.crew {
		if t != i {
			all = append(all, solve.Preference{Technician: t, Points: points})
		}
	}
	for _, l := range liked {
		at := slices.IndexFunc(all, func(p solve.Preference) bool { return p.Technician == l.Technician })
		if at < 0 {
			all = append(all, l)
		} else {
			all[at].Points += l.Points
		}
	}
	return all
}

// find writes a job that nobody has.
func (d *repairDraft) find(j Job) solve.Job {
	w := d.job(j, d.now)
	if d.broke[j.ID] {
		w.Weight = weightDue
	}
	if j.WindowFrom != nil {
		w.Windows[0] = solve.Window{From: wholeSecond(later(*j.WindowFrom, d.now)), To: max(wholeSecond(d.now), j.WindowTo.Unix())}
		if w.Windows[0].From > w.Windows[0].To {
			w.Windows[0].To = w.Windows[0].From
		}
	} else if j.Priority == PriorityP0 {
		// Every minute counts.
		w.Due = d.now.Add(j.length()).Unix()
	}
	return w
}

// job writes what every job has: work may begin from a moment to the end of the day.
func (d *repairDraft) job(j Job, from time.Time) solve.Job {
	w := solve.Job{
		Place: d.place(j.Location), Work: int64(j.length() / time.Second), Class: classes[j.Priority], Weight: weightLater, LateWeight: lateWeights[j.Priority],
		Windows: []solve.Window{{From: wholeSecond(from), To: later(from, d.scene.to).Add(repairOver).Unix()}}, Preferences: d.preferences(j),
	}
	if j.DueAt != nil {
		w.Due = later(*j.DueAt, d.now.AddDate(0, 0, -1)).Unix()
	}
	if k := j.Booking; k != nil {
		w.Work = max(1, int64(k.EndsAt.Sub(k.StartsAt)/time.Second))
	}
	for _, n := range j.Needs {
		w.Needs = append(w.Needs, solve.Need{Skill: index(d.skills, n.SkillID), Level: n.Level})
	}
	return w
}

// soonest is the earlier of two due times, of which the second may be none.
func soonest(a, b int64) int64 {
	if b == 0 {
		return a
	}
	return min(a, b)
}
