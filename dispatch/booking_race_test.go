package dispatch_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// TestHundredAssignmentsOfOneTechnician fires them all at once: those that survive do not
// overlap, nothing that could still be booked was lost, and each loser is told what was in the way.
func TestHundredAssignmentsOfOneTechnician(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	type try struct {
		job  dispatch.Job
		from time.Time
		err  error
	}
	tries := make([]try, 100)
	for i := range tries {
		tries[i] = try{job: f.newJob(), from: at("08:00").Add(time.Duration(i%25) * 17 * time.Minute)}
	}
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range tries {
		x := &tries[i]
		all.Go(func() {
			<-begin
			_, x.err = f.board.Assign(t.Context(), who.System, x.job.ID, 1, dispatch.Assignment{TechnicianID: li.ID, StartAt: &x.from})
		})
	}
	close(begin)
	all.Wait()

	var won []try
	for _, x := range tries {
		if x.err == nil {
			won = append(won, x)
		}
	}
	if len(won) < 4 || len(won) > 8 {
		t.Errorf("%d jobs of an hour were booked from eight to four", len(won))
	}
	for i, a := range won {
		for _, b := range won[:i] {
			if a.from.Before(b.from.Add(time.Hour)) && b.from.Before(a.from.Add(time.Hour)) {
				t.Errorf("%s and %s overlap", a.from, b.from)
			}
		}
	}
	for _, x := range tries {
		j := must(f.board.Find(t.Context(), who.System, x.job.ID))(t)
		if x.err == nil {
			if j.Status != dispatch.StatusScheduled || !j.Booking.StartsAt.Equal(x.from) {
				t.Errorf("%s was told that it is booked: %+v", j.Number, j.Booking)
			}
			continue
		}
		if j.Status != dispatch.StatusOpen || j.Version != 1 {
			t.Errorf("%s was refused and is %s", j.Number, j.Status)
		}
		named := false
		for _, w := range won {
			if w.from.Before(x.from.Add(time.Hour)) && x.from.Before(w.from.Add(time.Hour)) {
				named = named || fault.Is(x.err, fault.Conflict) && containsFold(x.err.Error(), fmt.Sprintf("technician Li is booked for job %s from %s to %s",
					w.job.Number, w.from.Format("2006-01-02 15:04"), w.from.Add(time.Hour).Format("2006-01-02 15:04")))
			}
		}
		if !named {
			t.Errorf("%s at %s was refused with %v", j.Number, x.from, x.err)
		}
	}
}

// TestConstraintStandsAlone goes past the board, as a bug would.
func TestConstraintStandsAlone(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	f.booked(li, "09:00")
	second := f.newJob()
	_, err := pg.Exec(t.Context(), f.db, `INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, '{}', now(), now())`, uuid.Must(uuid.NewV7()), second.ID, li.ID, li.OutletID, at("09:59"), at("10:30"))
	if !pg.Violates(err, "never_double_booked") {
		t.Fatalf("booked twice: %v", err)
	}
}

// TestTwentyFiveAutoAssignmentsShareTheCrew has jobs race for technicians of whom each has room for five.
func TestTwentyFiveAutoAssignmentsShareTheCrew(t *testing.T) {
	t.Parallel()
	f := newField(t)
	for i := range 4 {
		f.newTechnician(fmt.Sprintf("T%d", i), 3)
	}
	jobs := make([]dispatch.Job, 25)
	errs := make([]error, len(jobs))
	for i := range jobs {
		jobs[i] = f.newJob(func(n *dispatch.NewJob) {
			n.Minutes, n.WindowFrom, n.WindowTo = 60, ptr(at("08:00")), ptr(at("12:00"))
		})
	}
	var all sync.WaitGroup
	for i := range jobs {
		all.Go(func() {
			_, errs[i] = f.board.AutoAssign(t.Context(), who.System, jobs[i].ID, 1, dispatch.Asked{})
		})
	}
	all.Wait()
	booked := 0
	for _, err := range errs {
		if err == nil {
			booked++
		} else if !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	if booked != 20 {
		t.Errorf("%d of 25 jobs were booked, there is room for 20", booked)
	}
}
