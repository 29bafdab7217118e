package dispatch

import (
	"context"
	"slices"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// PlanRoute is a shift as a plan has it.
type PlanRoute struct {
	TechnicianID uuid.UUID
	Stops        []PlanStop
}

// PlanStop is a job of a route.
type PlanStop struct {
	JobID    uuid.UUID
	StartsAt time.Time
}

// fitting is what must be known of the board to say which changes of a plan fit it.
type fitting struct {
	now    time.Time
	jobs   map[uuid.UUID]Job
	crew   map[uuid.UUID]Roster
	booked map[uuid.UUID][]appointment // by technician
	routes map[uuid.UUID]time.Time     // when the plan has a job begin
	whose  map[uuid.UUID]uuid.UUID     // whom the plan has do it
	rules  map[Priority]rules
	repair bool // the plan mends windows that the day has broken, as well as can be
	late   bool // the plan lets people come home late
}

const (
	routesSQL        = `SELECT routes FROM plans WHERE id = $1`
	jobsOfChangesSQL = "SELECT" + jobColumns + jobTables + " WHERE j.id = ANY ($1) ORDER BY j.id"
)

// fitting holds the jobs and technicians of changes until the transaction ends, as every command does, and
// reads what they are now.
func (p *Planner) fitting(ctx context.Context, plan Plan, some []PlanChange) (*fitting, error) {
	f := &fitting{
		now: p.now(), jobs: map[uuid.UUID]Job{}, crew: map[uuid.UUID]Roster{}, routes: map[uuid.UUID]time.Time{}, whose: map[uuid.UUID]uuid.UUID{},
		rules: map[Priority]rules{}, repair: plan.Kind == PlanRepair, late: plan.Options.Overtime > 0,
	}
	jobs, technicians := make([]uuid.UUID, len(some)), []uuid.UUID{}
	from, to := f.now, f.now
	for i, c := range some {
		jobs[i] = c.JobID
		for _, t := range []*uuid.UUID{c.TechnicianID, c.WasTechnicianID} {
			if t != nil {
				technicians = append(technicians, *t)
			}
		}
		if c.StartsAt != nil {
			from, to = earlier(from, *c.StartsAt), later(to, *c.EndsAt)
		}
	}
	if _, err := pg.Exec(ctx, p.db, holdJobsSQL, jobs); err != nil {
		return nil, pg.Fault(err, "job")
	}
	if _, err := pg.Exec(ctx, p.db, holdTechniciansSQL, technicians); err != nil {
		return nil, pg.Fault(err, "technician")
	}
	found, err := readJobs(ctx, p.db, jobsOfChangesSQL, jobs)
	if err != nil {
		return nil, err
	}
	for _, j := range found {
		f.jobs[j.ID] = j
	}
	crew, err := p.Crew.Day(ctx, who.System, plan.Outlets, from.Add(-maxShift), to.Add(maxShift))
	if err != nil {
		return nil, err
	}
	for _, r := range crew {
		f.crew[r.Technician.ID] = r
	}
	if f.booked, err = appointments(ctx, p.db, technicians, from.Add(-maxShift), to.Add(maxShift), uuid.Nil); err != nil {
		return nil, err
	}
	figures, err := p.Policies.At(ctx, f.now)
	if err != nil {
		return nil, err
	}
	for priority := range classes {
		f.rules[priority] = rulesOf(figures, priority)
	}
	routes, err := pg.One[pg.JSON[[]PlanRoute]](ctx, p.db, routesSQL, plan.ID)
	for _, r := range routes.V {
		for _, s := range r.Stops {
			f.routes[s.JobID], f.whose[s.JobID] = s.StartsAt, r.TechnicianID
		}
	}
	return f, pg.Fault(err, "plan")
}

// choose divides changes into those that fit the board together, and the others with the reason. A change that
// does not fit leaves its job where it is, which may be in the way of another: so they are looked at again
// until all that are left fit.
func (f *fitting) choose(some []PlanChange) (fit []PlanChange, refused []Skipped) {
	for i := range some {
		c := some[i]
		j, there := f.jobs[c.JobID]
		if !there || j.Version != c.JobVersion {
			refused = append(refused, Skipped{c.JobID, c.Number, "changed", words.Say("was changed meanwhile")})
			continue
		}
		if c.TechnicianID != nil {
			r, there := f.crew[*c.TechnicianID]
			if !there {
				refused = append(refused, Skipped{c.JobID, c.Number, "technician", words.Say("technician %s is not of these outlets any more", c.Technician)})
				continue
			}
			c.outlet = r.Technician.OutletID
		}
		fit = append(fit, c)
	}
	for {
		days := f.days(fit)
		var still []PlanChange
		for _, c := range fit {
			if why := f.against(c, days); why != nil {
				refused = append(refused, *why)
			} else {
				still = append(still, c)
			}
		}
		if len(still) == len(fit) {
			return fit, refused
		}
		fit = still
	}
}

// days are the bookings as they will be with the changes.
func (f *fitting) days(fit []PlanChange) map[uuid.UUID][]appointment {
	moved := make(map[uuid.UUID]bool, len(fit))
	for _, c := range fit {
		moved[c.JobID] = true
	}
	days := make(map[uuid.UUID][]appointment, len(f.booked))
	for t, day := range f.booked {
		days[t] = slices.DeleteFunc(slices.Clone(day), func(a appointment) bool { return moved[a.JobID] })
	}
	for _, c := range fit {
		if c.TechnicianID == nil {
			continue
		}
		a := appointment{
			TechnicianID: *c.TechnicianID, JobID: c.JobID, Number: c.Number, Location: f.jobs[c.JobID].Location,
			StartsAt: *c.StartsAt, EndsAt: *c.EndsAt,
		}
		day := days[a.TechnicianID]
		at, _ := slices.BinarySearchFunc(day, a, func(a, b appointment) int { return a.StartsAt.Compare(b.StartsAt) })
		days[a.TechnicianID] = slices.Insert(day, at, a)
	}
	return days
}

// against is what speaks against a change, or nil.
func (f *fitting) against(c PlanChange, days map[uuid.UUID][]appointment) *Skipped {
	if c.TechnicianID == nil {
		return nil
	}
	j, r := f.jobs[c.JobID], f.crew[*c.TechnicianID]
	var others []appointment
	intact, ends := true, r.endOfDuty(*c.StartsAt)
	for _, a := range days[r.Technician.ID] {
		if a.JobID == j.ID || a.HeldUntil != nil && !a.HeldUntil.After(f.now) {
			continue
		}
		if a.StartsAt.Before(*c.EndsAt) && c.StartsAt.Before(a.EndsAt) {
			return &Skipped{j.ID, j.Number, string(RefusalDoubleBooked), words.Say("technician %s is booked for job %s from %s to %s",
				c.Technician, a.Number, a.StartsAt.In(j.zone()).Format(clockForm), a.EndsAt.In(j.zone()).Format(clockForm))}
		}
		others = append(others, a)
		near := a.StartsAt.Before(c.EndsAt.Add(maxShift)) && c.StartsAt.Before(a.EndsAt.Add(maxShift))
		if f.repair {
			// It is about one shift, and knows nothing of the next one.
			near = ends != nil && a.StartsAt.Before(later(*ends, *c.EndsAt))
		}
		if near && a.StartsAt.After(f.now) && (f.whose[a.JobID] != r.Technician.ID || f.routes[a.JobID].Unix() != a.StartsAt.Unix()) {
			intact = false
		}
	}
	from, to := j.span(f.now, nil)
	q := question{
		job: j, zone: j.zone(), now: f.now, from: from, to: to, visit: j.visit(from, to), rules: f.rules[j.Priority],
	}
	q.fixAt(*c.StartsAt)
	_, refusals := q.judgeAt(newMember(r, others), Booking{TechnicianID: r.Technician.ID, StartsAt: *c.StartsAt, EndsAt: *c.EndsAt})
	past := f.now
	if f.repair {
		past = past.Add(-repairFresh)
	}
	if c.StartsAt.Before(past) {
		refusals = append(refusals, refuse(RefusalPast, words.Say("%s is past", q.clock(*c.StartsAt))))
	}
	for _, why := range refusals {
		// The plan knew the drives of its own day better than an estimate does.
		if intact && (drivesOnly[why.Code] || f.late && why.Code == RefusalOutsideShift || f.repair && ends != nil && shiftOnly[why.Code]) {
			continue
		}
		if f.repair && why.Code == RefusalOutsideWindow {
			continue
		}
		return &Skipped{j.ID, j.Number, string(why.Code), why.Text}
	}
	return nil
}

// drivesOnly are the rules that are about how long drives take.
var drivesOnly = map[RefusalCode]bool{
	RefusalArrivesLate: true, RefusalHomeLate: true, RefusalNoRoom: true, RefusalBreak: true, RefusalDayBroken: true,
}

// shiftOnly are the rules that are about the end of a shift: a repair lets those who are late in any case come home late.
var shiftOnly = map[RefusalCode]bool{RefusalOutsideShift: true, RefusalNoShift: true}

// repairFresh is how long after its proposal a repair may still have work begin at once.
const repairFresh = 5 * time.Minute

// endOfDuty is the end of the shift that the technician is in, or comes home late from, at a moment; nil where there is none.
func (r Roster) endOfDuty(at time.Time) (ends *time.Time) {
	for i, s := range r.Shifts {
		if s.works() && !at.Before(s.StartsAt) && at.Before(s.EndsAt.Add(maxShift)) && (ends == nil || s.EndsAt.After(*ends)) {
			ends = &r.Shifts[i].EndsAt
		}
	}
	return ends
}
