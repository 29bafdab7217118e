package dispatch

import (
	"cmp"
	"context"
	"time"

	"callout/dispatch/solve"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// sheet is a part of the operation as the optimizer takes it, and what its indices stand for.
type sheet struct {
	problem solve.Problem
	drives  drives
	jobs    []sheetJob
	shifts  []sheetShift
	version int          // of the policy
	notes   []words.Text // on how it was made
}

// sheetJob is a job of the problem.
type sheetJob struct {
	Job
	shift   int  // that it is booked in; -1 = none, or one that it cannot be done in
	settled bool // it stays as it is booked
	extra   bool // there is no such job: what if
}

// sheetShift is a shift of the problem.
type sheetShift struct {
	technician Technician
	extra      bool // there is no such technician: what if
	from, to   time.Time
}

// draft is a sheet in the making.
type draft struct {
	sheet

	ask     Plan
	now     time.Time
	figures policy.Policy
	zone    string               // of the first outlet
	spans   map[uuid.UUID]extent // by outlet
	crew    []Roster             // by technician of the problem
	extra   map[uuid.UUID]bool   // technicians and jobs that are not there: what if
	places  map[[2]float64]int
	skills  map[uuid.UUID]int
	parts   map[uuid.UUID]int
	held    map[uuid.UUID]map[uuid.UUID]int // pieces by van and part
	knows   map[[2]uuid.UUID]bool           // customer and technician who has worked for him
	fellows map[uuid.UUID][]int             // technicians of an outlet
	booked  []Job
	open    []Job
	absent  map[uuid.UUID]bool // bookings in an absence of their technicians, by job
}

// extent is the time that a plan is about, by an outlet's clock.
type extent struct{ from, to time.Time }

// sheet reads what a plan is about, and writes it as a problem.
func (p *Planner) sheet(ctx context.Context, ask Plan) (*sheet, error) {
	d := &draft{
		ask: ask, now: p.now(), spans: map[uuid.UUID]extent{}, extra: map[uuid.UUID]bool{}, places: map[[2]float64]int{},
		skills: map[uuid.UUID]int{}, parts: map[uuid.UUID]int{}, fellows: map[uuid.UUID][]int{},
	}
	if err := p.read(ctx, d); err != nil {
		return nil, err
	}
	d.version, d.drives = d.figures.Version, drivesOf(d.figures, d.zone)
	if err := d.suppose(); err != nil {
		return nil, err
	}
	if err := p.readMore(ctx, d); err != nil {
		return nil, err
	}
	d.tear()
	d.writeShifts()
	d.writeJobs()
	d.writeStock()
	d.writeInitial()
	d.problem.Objective = ask.Options.Objective.levels(d.second(), d.late(PriorityP2))
	var err error
	d.problem.Travel, d.notes, err = d.drives.ask(ctx, p.Deps.Travel)
	return &d.sheet, err
}

// read gathers technicians, bookings and open jobs of the time that the plan is about.
func (p *Planner) read(ctx context.Context, d *draft) (err error) {
	if d.figures, err = p.Policies.At(ctx, d.now); err != nil {
		return err
	}
	var from, to time.Time
	for _, id := range d.ask.Outlets {
		o, err := findOutlet(ctx, p.db, who.System, id)
		if err != nil {
			return err
		}
		zone := zoneOf(o.TimeZone)
		d.zone = cmp.Or(d.zone, o.TimeZone)
		begins, _ := dayIn(d.ask.Day, zone)
		_, ends := dayIn(d.ask.Day.AddDate(0, 0, d.ask.Days-1), zone)
		d.spans[id] = extent{begins, ends}
		if from.IsZero() || begins.Before(from) {
			from = begins
		}
		to = later(to, ends)
	}
	crew, err := p.Crew.Day(ctx, who.System, d.ask.Outlets, from, to.Add(maxShift))
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, r := range crew {
		if r.Technician.Status == TechnicianActive {
			d.crew, ids = append(d.crew, r), append(ids, r.Technician.ID)
		}
	}
	if d.booked, err = jobsBooked(ctx, p.db, who.System, ids, from, to.Add(maxShift)); err != nil {
		return err
	}
	d.open, err = readJobs(ctx, p.db, openOfOutletsSQL, d.ask.Outlets, later(from, d.now), to)
	return err
}

const openOfOutletsSQL = "SELECT" + jobColumns + jobTables + `
WHERE j.status = 'open' AND j.outlet_id = ANY ($1) AND (j.window_from IS NULL OR j.window_from <= $3 AND j.window_to >= $2)
ORDER BY j.id`

// second is what a second on the road costs on average.
func (d *draft) second() int64 {
	pay := int64(0)
	for _, r := range d.crew {
		pay += r.Technician.CostPerHour
	}
	return d.drives.second(pay/max(1, int64(len(d.crew))), d.figures.Points(policy.PlanKmCost))
}

// late is what a second of lateness of a job weighs.
func (d *draft) late(priority Priority) int64 {
	return max(1, d.figures.Points(policy.RankingDelay(string(priority)))/1000)
}

// place is the index of a point.
func (d *draft) place(at [2]float64) int {
	i, known := d.places[at]
	if !known {
		i = len(d.drives.Places)
		d.places[at], d.drives.Places = i, append(d.drives.Places, at)
	}
	return i
}

// index numbers ids as they come.
func index(of map[uuid.UUID]int, id uuid.UUID) int {
	i, known := of[id]
	if !known {
		i = len(of)
		of[id] = i
	}
	return i
}
