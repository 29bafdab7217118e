package dispatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/dispatch/solve"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Cause is what made a repair necessary: an event of the log, or the passing of time.
type Cause struct {
	Kind      string     `json:"kind"` // of the event; job.overdue where nothing was said
	SubjectID uuid.UUID  `json:"subject_id"`
	Freed     *uuid.UUID `json:"freed,omitempty"` // the technician who has time to spare by it
	Text      words.Text `json:"text"`
}

// Causes are what made a repair necessary, as they came.
type Causes []Cause

// mostCauses is how many causes a repair names.
const mostCauses = 50

// and adds what is not among the causes yet.
func (c Causes) and(more Causes) Causes {
	all := slices.Clone(c)
	for _, m := range more {
		same := func(o Cause) bool { return o.Kind == m.Kind && o.SubjectID == m.SubjectID }
		if !slices.ContainsFunc(all, same) && len(all) < mostCauses {
			all = append(all, m)
		}
	}
	return all
}

// freed are the technicians who have time to spare.
func (c Causes) freed() map[uuid.UUID]bool {
	all := map[uuid.UUID]bool{}
	for _, one := range c {
		if one.Freed != nil {
			all[*one.Freed] = true
		}
	}
	return all
}

// Repair looks at an outlet's day after something happened and proposes how to put it right, as a plan of the
// kind repair. It takes the place of the day's open proposal. The plan is nil where nothing is to be mended, or
// nothing helps: what was proposed before is put away then. Under policy a small repair is applied at once.
func (p *Planner) Repair(ctx context.Context, outlet uuid.UUID, day time.Time, causes Causes) (*Plan, error) {
	old, err := openRepair(ctx, p.db, outlet, day)
	if err != nil {
		return nil, err
	}
	if old != nil {
		causes = old.Causes.and(causes)
	}
	s, err := p.scene(ctx, outlet, day)
	if err != nil {
		return nil, err
	}
	m, err := p.mend(ctx, s, causes.freed())
	if err != nil {
		return nil, err
	}
	plan, isNew, err := p.proposeRepair(ctx, outlet, day, m, causes)
	if err != nil || !isNew || !m.harmless() {
		return plan, err
	}
	a, err := p.Apply(ctx, who.System, plan.ID, plan.Version, nil)
	return &a.Plan, err
}

// repairSteps is how long a repair searches: always as many steps, so that the same day is mended in the same way.
const repairSteps = 3_000

// worthWhile is the lateness of a job that can wait, in seconds, below which nothing is worth a proposal.
const worthWhile = 5 * 60

// mending is what a repair came to before it is told.
type mending struct {
	id      uuid.UUID // of the plan that it becomes
	scene   *scene
	sheet   *sheet
	before  *solve.Plan // as the day goes
	after   *solve.Plan
	options solve.Options
	changes []PlanChange
}

// mend works out how a day is best put right: the jobs that break their promises, with the technicians concerned
// and the nearest who could help; and work for those who have time to spare. It is nil where nothing is to
// be mended, or nothing helps.
func (p *Planner) mend(ctx context.Context, s *scene, freed map[uuid.UUID]bool) (*mending, error) {
	troubles := s.troubles()
	wanted := s.wanted(troubles, freed)
	if len(troubles)+len(wanted) == 0 {
		return nil, nil
	}
	sheet, err := p.repairSheet(ctx, s, s.pick(troubles, freed), troubles, wanted)
	if err != nil || len(sheet.problem.Shifts) == 0 {
		return nil, err
	}
	m := &mending{id: uuid.Must(uuid.NewV7()), scene: s, sheet: sheet, options: solve.Options{Seed: 1, Threads: 1, Iterations: repairSteps}}
	if err := sheet.problem.Check(); err != nil {
		return nil, fmt.Errorf("repair outlet %s: %w", s.outlet.ID, err)
	}
	if m.before, err = sheet.asItGoes(); err != nil {
		return nil, fmt.Errorf("repair outlet %s: the day as it goes: %w", s.outlet.ID, err)
	}
	if err := m.search(troubles, freed); err != nil {
		return nil, fmt.Errorf("repair outlet %s: %w", s.outlet.ID, err)
	}
	if !m.helps() || len(m.changes) == 0 {
		return nil, nil
	}
	return m, nil
}

// asItGoes is the day where everybody does what he is booked for, in that order, and nobody what he is not.
func (s *sheet) asItGoes() (*solve.Plan, error) {
	p := s.problem
	p.Jobs = slices.Clone(p.Jobs)
	never := int64(solve.Forever)
	for _, w := range p.Shifts {
		never = min(never, w.From)
	}
	for i, j := range s.jobs {
		if j.shift < 0 {
			p.Jobs[i].Windows = []solve.Window{{From: never - 2, To: never - 1}}
		} else {
			p.Jobs[i].Allowed = []int{p.Shifts[j.shift].Technician}
		}
	}
	return solve.Solve(&p, solve.Options{Seed: 1, Iterations: 1})
}

// helps says whether the day is worth changing: more is served, or enough time is saved.
func (m *mending) helps() bool {
	last := len(m.sheet.problem.Objective) - 1
	for i := range last {
		if a, b := m.after.Score[i], m.before.Score[i]; a != b {
			return a < b
		}
	}
	return m.before.Score[last]-m.after.Score[last] >= worthWhile*m.sheet.problem.Objective[last][0].Price
}

// harmless says whether a repair may be made without being asked: few jobs move, and no customer who has a
// window gets another technician or another time than was promised.
func (m *mending) harmless() bool {
	if most := int(m.scene.figures.Points(policy.RepairAutoApply)); len(m.changes) > most {
		return false
	}
	for _, c := range m.changes {
		i := slices.IndexFunc(m.sheet.jobs, func(j sheetJob) bool { return j.ID == c.JobID })
		j := m.sheet.jobs[i]
		switch {
		case c.Kind == ChangeDropped:
			return false
		case j.WindowFrom == nil:
		case c.WasTechnicianID != nil && *c.WasTechnicianID != *c.TechnicianID, c.StartsAt.Before(*j.WindowFrom), c.StartsAt.After(*j.WindowTo):
			return false
		}
	}
	return true
}
