package dispatch

import (
	"slices"
	"time"

	"callout/dispatch/solve"
	"callout/dispatch/solve/check"

	"github.com/google/uuid"
)

// bearableSlide is by how much a repair may have work begin later than booked, or than it goes in any case,
// without another appointment, in seconds: the expected times tell it.
const bearableSlide = 10 * 60

// toldOf is what each change counts when two repairs are compared, in seconds of lateness of a job that can wait.
const toldOf = 30 * 60

// search looks twice: first where all that goes as it was promised stays where it is, then with everything free.
// It takes the second where that serves more, or saves more than the disturbance of those who must be told besides.
func (m *mending) search(troubles []trouble, freed map[uuid.UUID]bool) error {
	free := m.sheet.problem
	still := free
	still.Jobs = m.stillJobs(troubles, freed)
	var best int64
	for i, p := range []solve.Problem{still, free} {
		after, err := solve.Solve(&p, m.options)
		if err == nil {
			err = check.Verify(&p, after)
		}
		if err != nil {
			return err
		}
		n := *m
		n.after = after
		n.changes = n.told()
		last := len(p.Objective) - 1
		price := after.Score[last] + int64(len(n.changes))*toldOf*p.Objective[last][0].Price
		if i > 0 {
			order := slices.Compare(after.Score[:last], m.after.Score[:last])
			if order > 0 || order == 0 && price >= best {
				continue
			}
		}
		best, m.after, m.changes, m.sheet.problem = price, n.after, n.changes, p
	}
	return nil
}

// stillJobs are the jobs of the problem where each stays with its technician unless its promise is broken, and
// keeps its time, but for minutes, where its technician has no trouble himself.
func (m *mending) stillJobs(troubles []trouble, freed map[uuid.UUID]bool) []solve.Job {
	s := m.sheet
	broke, stirred := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, t := range troubles {
		broke[t.job.ID] = true
		if t.row >= 0 {
			stirred[m.scene.rows[t.row].Technician.ID] = true
		}
	}
	starts := m.startsBefore()
	jobs := slices.Clone(s.problem.Jobs)
	for i, j := range s.jobs {
		if j.Booking == nil || j.shift < 0 || broke[j.ID] {
			continue
		}
		w := &jobs[i]
		w.Allowed = []int{s.problem.Shifts[j.shift].Technician}
		start, served := starts[i]
		if t := j.Booking.TechnicianID; stirred[t] || freed[t] || !served {
			continue
		}
		to := max(start, w.Windows[0].From) + bearableSlide
		w.Windows = []solve.Window{{From: w.Windows[0].From, To: max(w.Windows[0].From, min(w.Windows[0].To, to))}}
	}
	return jobs
}

// startsBefore is when each job begins as the day goes, by its index.
func (m *mending) startsBefore() map[int]int64 {
	starts := map[int]int64{}
	for _, r := range m.before.Routes {
		for _, stop := range r.Stops {
			starts[stop.Job] = stop.Start
		}
	}
	return starts
}

// told are the changes that people must know of: who gets a job, and the times that have to change because of it.
// That a technician does what he has in its order, but later, the expected times tell already; and one who is
// not there keeps what nobody else can do, until somebody decides.
func (m *mending) told() (all []PlanChange) {
	s, starts := m.sheet, m.startsBefore()
	kept := map[uuid.UUID]bool{}
	for i, r := range m.after.Routes {
		m.keepBooked(i, r, starts, kept)
	}
	place := make(map[uuid.UUID]int, len(s.jobs))
	for i, j := range s.jobs {
		place[j.ID] = i
	}
	for _, c := range s.changes(m.after) {
		_, served := starts[place[c.JobID]]
		if kept[c.JobID] || c.Kind == ChangeDropped && !served {
			continue
		}
		all = append(all, c)
	}
	return byJob(all)
}

// keepBooked finds the jobs of a route that stay booked as they are: all of them where nobody's job came to it
// and the order is the same; otherwise those that the repair makes no later than the day does in any case, but
// for minutes, and before which the one that goes first has ended.
func (m *mending) keepBooked(shift int, r solve.Route, starts map[int]int64, kept map[uuid.UUID]bool) {
	s := m.sheet
	var last time.Time
	same := true
	for _, stop := range r.Stops {
		k := s.jobs[stop.Job].Booking
		if k == nil || s.jobs[stop.Job].shift != shift || k.StartsAt.Before(last) {
			same = false
			break
		}
		last = k.StartsAt
	}
	var ended int64
	for _, stop := range r.Stops {
		j := s.jobs[stop.Job]
		ends := stop.End
		if k := j.Booking; k != nil && j.shift == shift {
			start := k.StartsAt.Unix()
			usual, served := starts[stop.Job]
			slides := served && stop.Start <= max(start+bearableSlide, usual)
			if same || start >= ended && start <= stop.Start && slides {
				kept[j.ID], ends = true, k.EndsAt.Unix()
			}
		}
		ended = ends
	}
}

// routes are who has what booked, and when, once the repair is applied: what it leaves alone keeps its booked time.
func (m *mending) routes() []PlanRoute {
	s := m.sheet
	changed := map[uuid.UUID]bool{}
	for _, c := range m.changes {
		changed[c.JobID] = true
	}
	all, known := s.routes(m.after), map[uuid.UUID]bool{}
	booked := map[uuid.UUID]time.Time{}
	for _, j := range s.jobs {
		if known[j.ID] = true; j.Booking != nil && !changed[j.ID] {
			booked[j.ID] = j.Booking.StartsAt
		}
	}
	for i := range all {
		for k, stop := range all[i].Stops {
			if at, stays := booked[stop.JobID]; stays {
				all[i].Stops[k].StartsAt = at
			}
		}
	}
	// What is not the repair's to move was there when it was made.
	for _, r := range m.scene.rows {
		more := PlanRoute{TechnicianID: r.Technician.ID}
		for _, j := range r.Jobs {
			if j.Booking != nil && !known[j.ID] {
				more.Stops = append(more.Stops, PlanStop{j.ID, j.Booking.StartsAt})
			}
		}
		if len(more.Stops) > 0 {
			all = append(all, more)
		}
	}
	return all
}
