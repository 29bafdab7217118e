package solve

import "math"

// anneal is the search of one island: simulated annealing over ruins and recreations.
type anneal struct {
	s        *state
	clock    *clock
	current  float64
	best     plan
	from     float64 // temperatures, in energy
	to       float64
	improved func()
}

// plan is who does what in which order, without times.
type plan struct {
	routes [][]int32
	ties   ties
	score  Score
	undone int
}

// Temperatures at the begin and at the end, in usual drives: where jobs must be left out, and
// where all are served.
const (
	hotCrowded, coldCrowded = 6.5, 0.0065
	hotRoomy, coldRoomy     = 2.5, 0.025
)

// step tries one change, and says whether it was kept.
func (a *anneal) step(temperature float64) bool {
	s := a.s
	s.mark()
	seed, ok := s.breakUp()
	if ok {
		s.recreate(seed)
	}
	v := s.value()
	if !ok || s.undone > s.before.undone || v >= a.current-temperature*math.Log(s.random.unit()) {
		s.revert()
		return false
	}
	a.current = v
	return true
}

// run searches until the clock says that its share, from one part of the whole to another, is over.
func (a *anneal) run(begin, end float64) {
	s := a.s
	a.current = s.value()
	temperature := a.from
	if len(s.m.jobs) == 0 || len(s.m.shifts) == 0 {
		return
	}
	for n := 0; ; n++ {
		if n&(perRound-1) == 0 {
			f, ok := a.clock.tick()
			if !ok || f >= end {
				return
			}
			temperature = a.from * math.Pow(a.to/a.from, f)
		}
		if a.step(temperature) && s.undone == 0 {
			if score := s.score(); a.best.undone > 0 || score.Compare(a.best.score) < 0 {
				s.keep(&a.best, score)
			}
		}
		a.clock.steps++
	}
}

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
