package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"callout/dispatch/workday"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// batch is how many jobs a mass assignment books in one transaction: few enough that a dispatcher
// who wants one of the technicians hardly waits.
const batch = 50

// outletPlan is what a run has to do in one outlet.
type outletPlan struct {
	jobs     map[uuid.UUID]Job
	bookings []Booking // to be made
	unserved []Skipped
}

// assignOutlet plans one outlet's day and books the plan, batch by batch.
func (b *Board) assignOutlet(ctx context.Context, r *Run, outlet uuid.UUID) error {
	plan, err := b.planOutlet(ctx, *r, outlet)
	if err != nil {
		return err
	}
	result := Result{Unserved: plan.unserved}
	if r.DryRun {
		for _, k := range plan.bookings {
			result.Placed = append(result.Placed, Placed{k.JobID, plan.jobs[k.JobID].Number, k.TechnicianID, k.StartsAt, k.EndsAt})
		}
		result.Assigned = len(result.Placed)
		return b.keepResult(ctx, r, outlet, result)
	}
	for some := range slices.Chunk(plan.bookings, batch) {
		changed, err := b.bookBatch(ctx, *r, plan, some)
		if err != nil {
			return err
		}
		result.Changed = append(result.Changed, changed...)
	}
	if result.Assigned, err = pg.One[int](ctx, b.db, bookedSQL, r.ID, outlet); err != nil {
		return pg.Fault(err, "booking")
	}
	return b.keepResult(ctx, r, outlet, result)
}

const bookedSQL = `SELECT count(*) FROM bookings WHERE run_id = $1 AND outlet_id = $2`

// keepResult writes what a run did in an outlet, from when on the outlet is finished.
func (b *Board) keepResult(ctx context.Context, r *Run, outlet uuid.UUID, result Result) error {
	r.Results[outlet] = result
	return b.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, b.db, resultSQL, r.ID, Results{outlet: result}, b.now()); err != nil {
			return pg.Fault(err, "run")
		}
		return b.progress(ctx, *r)
	})
}

// progress writes how far a run is: what it has booked, and what became of the rest in its
// finished outlets.
func (b *Board) progress(ctx context.Context, r Run) error {
	placed, skipped := 0, 0
	for _, one := range r.Results {
		if r.DryRun {
			placed += one.Assigned
		}
		skipped += len(one.Unserved) + len(one.Changed)
	}
	_, err := pg.Exec(ctx, b.db, progressSQL, r.ID, r.Total, placed, placed+skipped, b.now())
	return pg.Fault(err, "run")
}

// A job whose customer is choosing among windows is left alone.
const openJobsSQL = "SELECT" + jobColumns + jobTables + `
WHERE j.status = 'open' AND NOT EXISTS (SELECT FROM slot_holds h WHERE h.job_id = j.id AND h.ended_at IS NULL) AND j.outlet_id = $1 AND (j.window_from IS NULL OR j.window_from <= $3 AND j.window_to >= $2)
ORDER BY j.id`

// planOutlet has the optimizer assign an outlet's open jobs of a day.
func (b *Board) planOutlet(ctx context.Context, r Run, outlet uuid.UUID) (plan outletPlan, err error) {
	now := b.now()
	o, err := findOutlet(ctx, b.db, who.System, outlet)
	if err != nil {
		return plan, err
	}
	from, to := dayIn(r.Day, zoneOf(o.TimeZone))
	from = later(from, now)
	open, err := readJobs(ctx, b.db, openJobsSQL, outlet, from, to)
	if err != nil {
		return plan, err
	}
	policies, err := b.Policies.At(ctx, now)
	if err != nil {
		return plan, err
	}
	figures := rulesOf(policies, PriorityP0)
	problem := workday.Problem{Travel: figures.travel, Weights: figures.weights}
	plan.jobs = make(map[uuid.UUID]Job, len(open))
	for _, j := range open {
		plan.jobs[j.ID] = j
		problem.Visits = append(problem.Visits, j.visitWithin(from, to))
	}
	crew, err := b.Crew.Day(ctx, who.System, []uuid.UUID{outlet}, from, to)
	if err != nil {
		return plan, err
	}
	if problem.Days, err = b.workdays(ctx, crew, r.Day, zoneOf(o.TimeZone), now); err != nil {
		return plan, err
	}
	plan.take(workday.Greedy(problem, nil), crew, figures, r.ID, now)
	return plan, nil
}

// visitWithin is the job as the optimizer takes it, to begin between two moments and within its window.
func (j Job) visitWithin(from, to time.Time) workday.Visit {
	if j.WindowFrom != nil {
		from, to = later(from, *j.WindowFrom), earlier(to, *j.WindowTo)
	}
	return j.visit(from.Add(time.Second-1).Truncate(time.Second), to)
}

// workdays are the shifts that begin on a date, of technicians who may be given jobs.
func (b *Board) workdays(ctx context.Context, crew []Roster, date time.Time, zone *time.Location, now time.Time) ([]workday.Day, error) {
	begins, ends := dayIn(date, zone)
	ids := make([]uuid.UUID, len(crew))
	for i, r := range crew {
		ids[i] = r.Technician.ID
	}
	booked, err := appointments(ctx, b.db, ids, begins, ends.Add(maxShift), uuid.Nil)
	if err != nil {
		return nil, err
	}
	var days []workday.Day
	for _, r := range crew {
		for _, s := range r.Shifts {
			if r.Technician.Status == TechnicianActive && s.works() && !s.StartsAt.Before(begins) && !s.StartsAt.After(ends) && s.EndsAt.After(now) {
				days = append(days, r.workday(s, booked[r.Technician.ID], now, r.grants()))
			}
		}
	}
	return days, nil
}

// take turns what the optimizer planned into bookings and reasons.
func (p *outletPlan) take(plan workday.Plan, crew []Roster, figures rules, run uuid.UUID, now time.Time) {
	technicians := make(map[uuid.UUID]Technician, len(crew))
	for _, r := range crew {
		technicians[r.Technician.ID] = r.Technician
	}
	stops := map[uuid.UUID]workday.Stop{}
	for _, d := range plan.Days {
		for _, s := range d.Schedule.Stops {
			stops[s.Visit] = s
		}
	}
	for _, a := range plan.Assigned {
		t, s := technicians[a.Technician], stops[a.Visit]
		k := Booking{
			ID: uuid.Must(uuid.NewV7()), JobID: a.Visit, TechnicianID: t.ID, Technician: t.Name, OutletID: t.OutletID, StartsAt: unix(s.Start),
			EndsAt: unix(s.End), Active: true, RunID: &run, Version: 1, CreatedAt: now, UpdatedAt: now,
			Explanation: Explanation{Source: SourceMass, Policy: figures.version, Score: figures.weights.Score(a.Insertion)},
		}
		for _, term := range figures.terms(a.Insertion, t.Currency) {
			if term.Value != 0 {
				k.Explanation.Terms = append(k.Explanation.Terms, term)
			}
		}
		p.bookings = append(p.bookings, k)
	}
	// A technician's jobs together, so that a batch holds few technicians.
	slices.SortFunc(p.bookings, func(a, b Booking) int {
		return cmp.Or(bytes.Compare(a.TechnicianID[:], b.TechnicianID[:]), a.StartsAt.Compare(b.StartsAt))
	})
	for _, u := range plan.Unserved {
		p.unserved = append(p.unserved, Skipped{u.Visit, p.jobs[u.Visit].Number, string(u.Reason), whyUnserved(u)})
	}
}

func whyUnserved(u workday.Unserved) words.Text {
	switch u.Reason {
	case workday.ReasonTechnician:
		return words.Say("nobody of the outlet is on shift")
	case workday.ReasonCertificate:
		return words.Say("nobody on shift (%d) holds the certificates", u.OnShift)
	case workday.ReasonWindow:
		return words.Say("nobody who holds the certificates (%d) could come in time", u.Certified)
	default:
		return words.Say("the days of all who could do it (%d) are full", u.Able)
	}
}
