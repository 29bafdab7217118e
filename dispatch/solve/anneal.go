package solve

import "math"

// anneal is the search of one island: simulated annealing over ruins and recreations.
type anneal struct {
	s       *state
	clock   *clock
	current float64
	best    plan
	from    float64 // temperatures, in energy
	to      float64
	strict  bool
	fresh   bool // there is a better plan than the one told of
	told    float64
	report  func(*plan)
}

// plan is who does what in which order, without times.
type plan struct {
	routes [][]int32
	ties   ties
	score  Score
	undone int
}

// Temperatures at the begin and at the end, in usual drives: where jobs must be left out, where the
// ground is divided and there is less time for each of them, and where all are served.
const (
	hotCrowded, coldCrowded = 8.0, 0.4
	hotDivided, coldDivided = 6.0, 0.4
	hotRoomy, coldRoomy     = 2.5, 0.025
	frozen                  = 0.005
)

// finale is the last part of the search: from the best plan on, with what is above the cost never
// given away, it is cooled to the end.
const finale = 0.9

// step tries one change, and says whether it was kept.
func (a *anneal) step() bool {
	s := a.s
	s.mark()
	seed, ok := s.breakUp()
	if ok {
		s.recreate(seed)
	}
	v := s.value()
	if !ok || s.undone > s.before.undone || v >= a.current-s.temperature*math.Log(s.random.unit()) || a.strict && s.worse() {
		s.revert()
		return false
	}
	a.current = v
	return true
}

// worse says whether the step made the plan worse in what is above the cost.
func (s *state) worse() bool {
	now, before := s.score(), s.scoreOf(&s.before)
	for l := range s.m.energy.above {
		if now[l] != before[l] {
			return now[l] > before[l]
		}
	}
	return false
}

// run searches until the clock says that so much is spent.
func (a *anneal) run(end float64) {
	s := a.s
	a.current = s.value()
	if len(s.m.jobs) == 0 || len(s.m.shifts) == 0 {
		return
	}
	for n := 0; ; n++ {
		if n&(perRound-1) == 0 {
			f, ok := a.clock.tick()
			if !ok || f >= end {
				return
			}
			a.cool(f)
			a.tell(f)
		}
		if a.step() && s.undone == 0 {
			if score := s.score(); a.best.undone > 0 || score.Compare(a.best.score) < 0 {
				s.keep(&a.best, score)
				a.fresh = true
			}
		}
		a.clock.steps++
	}
}

// cool sets the temperature for when a part of the budget is spent.
func (a *anneal) cool(f float64) {
	s := a.s
	if f >= finale {
		if !a.strict {
			a.strict = true
			s.unload()
			s.load(&a.best)
			a.current = s.value()
		}
		s.temperature = a.to * math.Pow(min(1, frozen*s.m.energy.leg/a.to), (f-finale)/(1-finale))
		return
	}
	s.temperature = a.from * math.Pow(a.to/a.from, f/finale)
}

// tell reports a better plan.
func (a *anneal) tell(f float64) {
	if a.report != nil && a.fresh && f >= a.told+tellEvery {
		a.told, a.fresh = f, false
		a.report(&a.best)
	}
}

// tellEvery is how much of the budget lies between two plans that are told of.
const tellEvery = 0.01

// keep copies the plan of the moment.
func (s *state) keep(p *plan, score Score) {
	p.score, p.undone = score, s.undone
	for r := range p.routes {
		p.routes[r] = p.routes[r][:0]
		for i := 1; i <= int(s.length[r]); i++ {
			p.routes[r] = append(p.routes[r], s.row(r)[i].job)
		}
	}
	if !s.m.plain {
		copy(p.ties.notBefore, s.ties.notBefore)
		copy(p.ties.notAfter, s.ties.notAfter)
		copy(p.ties.overBy, s.ties.overBy)
	}
}

func newPlan(m *model) plan {
	p := plan{routes: make([][]int32, len(m.shifts)), ties: newTies(len(m.jobs)), undone: 1}
	for r := range p.routes {
		p.routes[r] = make([]int32, 0, 16)
	}
	return p
}
