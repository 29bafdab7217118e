package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"callout/dispatch/solve"
	"callout/internal/fault"
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

const openJobsSQL = "SELECT" + jobColumns + jobTables + `
WHERE j.status = 'open' AND j.outlet_id = $1 AND (j.window_from IS NULL OR j.window_from <= $3 AND j.window_to >= $2)
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
	problem := solve.Problem{Travel: figures.travel, Weights: figures.weights}
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
	plan.take(solve.Greedy(problem, nil), crew, figures, r.ID, now)
	return plan, nil
}

// visitWithin is the job as the optimizer takes it, to begin between two moments and within its window.
func (j Job) visitWithin(from, to time.Time) solve.Visit {
	if j.WindowFrom != nil {
		from, to = later(from, *j.WindowFrom), earlier(to, *j.WindowTo)
	}
	return j.visit(from.Add(time.Second-1).Truncate(time.Second), to)
}

// workdays are the shifts that begin on a date, of technicians who may be given jobs.
func (b *Board) workdays(ctx context.Context, crew []Roster, date time.Time, zone *time.Location, now time.Time) ([]solve.Day, error) {
	begins, ends := dayIn(date, zone)
	ids := make([]uuid.UUID, len(crew))
	for i, r := range crew {
		ids[i] = r.Technician.ID
	}
	booked, err := appointments(ctx, b.db, ids, begins, ends.Add(maxShift), uuid.Nil)
	if err != nil {
		return nil, err
	}
	var days []solve.Day
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
func (p *outletPlan) take(plan solve.Plan, crew []Roster, figures rules, run uuid.UUID, now time.Time) {
	technicians := make(map[uuid.UUID]Technician, len(crew))
	for _, r := range crew {
		technicians[r.Technician.ID] = r.Technician
	}
	stops := map[uuid.UUID]solve.Stop{}
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

func whyUnserved(u solve.Unserved) words.Text {
	switch u.Reason {
	case solve.ReasonTechnician:
		return words.Say("nobody of the outlet is on shift")
	case solve.ReasonCertificate:
		return words.Say("none of the %d technicians on shift holds the certificates", u.OnShift)
	case solve.ReasonWindow:
		return words.Say("none of the %d technicians who hold the certificates could come in time", u.Certified)
	default:
		return words.Say("the days of the %d technicians who could do it are full", u.Able)
	}
}

// bookBatch books some of a plan in one transaction, and returns the jobs that are not any more
// as they were when it was planned.
func (b *Board) bookBatch(ctx context.Context, r Run, plan outletPlan, some []Booking) (changed []Skipped, err error) {
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		changed = nil
		if err := holdBatch(ctx, b.db, some); err != nil {
			return err
		}
		now, err := standing(ctx, b.db, some)
		if err != nil {
			return err
		}
		for _, k := range some {
			j := plan.jobs[k.JobID]
			if now[j.ID] != j.Version {
				changed = append(changed, Skipped{j.ID, j.Number, "changed", words.Say("was changed meanwhile")})
				continue
			}
			err := attempt(ctx, func(ctx context.Context) error { return b.bookPlanned(ctx, r, j, k) })
			if e := fault.From(err); err != nil && e.Code == fault.Conflict {
				changed = append(changed, Skipped{j.ID, j.Number, "booked", e.Detail})
			} else if err != nil {
				return err
			}
		}
		return b.progress(ctx, r)
	})
	return changed, err
}

// bookPlanned books one job of a plan.
func (b *Board) bookPlanned(ctx context.Context, r Run, j Job, k Booking) error {
	by, at := r.RequestedBy.actor(), b.now()
	if err := insertBooking(ctx, b.db, j, k); err != nil {
		return err
	}
	if err := j.undergo(VerbAssign, j.Version, at); err != nil {
		return err
	}
	j.Booking = &k
	if err := saveJob(ctx, b.db, j); err != nil {
		return err
	}
	return b.tell(ctx, by, at, kinds[VerbAssign], j, note{From: StatusOpen, TechnicianID: &k.TechnicianID, Details: k.booked()})
}

const (
	holdJobsSQL        = `SELECT id FROM jobs WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`
	holdTechniciansSQL = `SELECT id FROM technicians WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`
	standingJobsSQL    = `SELECT id, version FROM jobs WHERE id = ANY ($1)`
)

// holdBatch holds jobs and then technicians, in the order in which everybody holds them.
func holdBatch(ctx context.Context, db *pg.DB, some []Booking) error {
	if _, err := pg.Exec(ctx, db, holdJobsSQL, jobsOf(some)); err != nil {
		return pg.Fault(err, "job")
	}
	var technicians []uuid.UUID
	for _, k := range some {
		technicians = append(technicians, k.TechnicianID)
	}
	_, err := pg.Exec(ctx, db, holdTechniciansSQL, technicians)
	return pg.Fault(err, "technician")
}

func jobsOf(some []Booking) []uuid.UUID {
	jobs := make([]uuid.UUID, len(some))
	for i, k := range some {
		jobs[i] = k.JobID
	}
	return jobs
}

// standing reads at which versions the jobs are.
func standing(ctx context.Context, db *pg.DB, some []Booking) (map[uuid.UUID]int, error) {
	rows, err := pg.Query[struct {
		ID      uuid.UUID
		Version int
	}](ctx, db, standingJobsSQL, jobsOf(some))
	now := make(map[uuid.UUID]int, len(rows))
	for _, row := range rows {
		now[row.ID] = row.Version
	}
	return now, pg.Fault(err, "job")
}
