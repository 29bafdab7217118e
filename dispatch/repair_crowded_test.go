package dispatch_test

import (
	"testing"
	"time"

	"callout/dispatch"
)

// crowded is a crew whose days are full to the end of their shifts: an hour's work every 75 minutes, and a window
// of two hours for every second customer. It returns the jobs by technician.
func (f *field) crowded(size int) (crew []dispatch.Technician, jobs [][]dispatch.Job) {
	for i := range size {
		of := f.newTechnicianAt([]string{"Li", "Wang", "Zhao", "Chen", "Liu", "Yang"}[i], 3, f.outlet.ID, offset(float64(i%3)*2500, float64(i/3)*2500))
		var day []dispatch.Job
		for n := range 7 {
			from := at("08:15").Add(time.Duration(n*75) * time.Minute)
			site := f.newSite(float64(i%3)*2500+float64(n*731%1500), float64(i/3)*2500+float64(n*419%1500))
			with := []func(*dispatch.NewJob){atSite(site), func(j *dispatch.NewJob) { j.Minutes = 60 }}
			if (n+i)%2 == 0 {
				with = append(with, window(from.Add(-30*time.Minute).In(at("08:00").Location()).Format("15:04"), from.Add(90*time.Minute).Format("15:04")))
			}
			day = append(day, f.placed(of, from.Format("15:04"), with...))
		}
		crew, jobs = append(crew, of), append(jobs, day)
	}
	return crew, jobs
}

// TestRepairOfAFullDayIsAppliedWhole has a day that cannot end in time repaired: what is proposed is booked, all of
// it, where nothing changed meanwhile, and few need to be told.
func TestRepairOfAFullDayIsAppliedWhole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, cause string
		most        int // changes
		upset       func(testing.TB, *field, []dispatch.Technician, [][]dispatch.Job)
	}{
		{"delay", "job.delayed", 15, func(t testing.TB, f *field, crew []dispatch.Technician, jobs [][]dispatch.Job) {
			t.Helper()
			must(f.board.Delay(t.Context(), asTechnician(crew[0]), jobs[0][0].ID, jobs[0][0].Version, dispatch.NewDelay{Minutes: 180, Reason: "rust"}))(t)
		}},
		{"urgent", "job.opened", 8, func(_ testing.TB, f *field, _ []dispatch.Technician, _ [][]dispatch.Job) {
			f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newField(t)
			crew, jobs := f.crowded(6)
			f.setClock(at("08:15"))
			jobs[0][0] = f.work(t, jobs[0][0])
			p := f.mender(t)
			f.setClock(at("08:30"))
			tt.upset(t, f, crew, jobs)
			f.heed(t, p)
			plan := f.proposed(t, p, tt.cause)
			if len(plan.Changes) > tt.most {
				t.Errorf("%d changes: %+v", len(plan.Changes), plan.Changes)
			}
			f.setClock(at("08:31"))
			f.takes(t, p, plan)
		})
	}
}
