package solve

import (
	"cmp"
	"math"
	"sync"
)

// Above divideAbove jobs the search divides the ground into regions of about regionJobs; the
// borders turn with every round.
const (
	divideAbove = 1500
	regionJobs  = 500
	turns       = 10
	turn        = math.Pi * 0.382 // no two rounds have the same borders
)

// realm is a divided problem while it is searched.
type realm struct {
	m       *model
	o       *Options
	clocks  []*clock
	report  *reporter
	alarm   *alarm
	current plan
	best    plan
}

// searchRegions searches region by region, and returns the best plan of all.
func (m *model) searchRegions(o *Options, report *reporter, alarm *alarm) (*plan, []*clock, error) {
	w := &realm{m: m, o: o, report: report, alarm: alarm, current: newPlan(m), best: newPlan(m)}
	for i := range max(1, o.Threads) {
		w.clocks = append(w.clocks, &clock{o: o, thread: i})
	}
	parts := max(2, (len(m.jobs)+regionJobs-1)/regionJobs)
	for round := range turns {
		if round == turns-1 {
			w.current = w.best.clone()
		}
		regions := m.divide(&w.current, parts, turn*float64(round))
		if err := w.round(round, regions); err != nil {
			return nil, nil, err
		}
		if w.stopped() {
			break
		}
	}
	return &w.best, w.clocks, nil
}

func (w *realm) stopped() bool {
	for _, c := range w.clocks {
		if c.ended {
			return true
		}
	}
	return false
}

// until is how much is spent when a round is over, as far as its i-th of n regions.
func until(round, i, n int) float64 {
	begin, end := finale*float64(round)/(turns-1), finale*float64(round+1)/(turns-1)
	if round == turns-1 {
		begin, end = finale, 1
	}
	return begin + (end-begin)*float64(i+1)/float64(n)
}

// round searches each region for its share of the time, and joins what comes of it.
func (w *realm) round(round int, regions []region) error {
	current, best := newPlan(w.m), newPlan(w.m)
	best.undone = 0
	var lock sync.Mutex
	var failed error
	var wait sync.WaitGroup
	join := func(i int, a *anneal, err error) {
		lock.Lock()
		defer lock.Unlock()
		if err != nil {
			failed = err
			return
		}
		now := newPlan(a.s.m)
		a.s.keep(&now, a.s.score())
		current.join(&now, &regions[i])
		best.join(&a.best, &regions[i])
	}
	threads := len(w.clocks)
	for t := range threads {
		wait.Go(func() {
			w.alarm.guard(func() {
				for i := t; i < len(regions); i += threads {
					a, err := w.region(round, i, &regions[i], w.clocks[t])
					if err == nil {
						a.run(until(round, i/threads, (len(regions)-t+threads-1)/threads))
					}
					join(i, a, err)
				}
			})
		})
	}
	wait.Wait()
	if err := cmp.Or(w.alarm.rang(), failed); err != nil {
		return err
	}
	w.current = current
	if best.undone == 0 && (w.best.undone > 0 || best.score.Compare(w.best.score) < 0) {
		w.best = best
		w.report.tell(&w.best)
	}
	return nil
}

// region begins the search of one region where the plan of the moment stands.
func (w *realm) region(round, i int, g *region, c *clock) (*anneal, error) {
	m := w.m.area(g.jobs, g.shifts)
	s := newState(m, newRandom(w.o.Seed, uint64(round)<<32|uint64(i)))
	a := &anneal{s: s, clock: c, best: newPlan(m)}
	if round == 0 {
		if err := s.settle(); err != nil {
			return nil, err
		}
		s.start(c)
	} else {
		p := w.current.part(m, g)
		s.load(&p)
	}
	s.keep(&a.best, s.score())
	a.from, a.to = hotDivided*m.energy.leg, coldDivided*m.energy.leg
	a.strict = round == turns-1
	return a, nil
}

// join adds the plan of a region.
func (p *plan) join(q *plan, g *region) {
	for i, r := range g.shifts {
		for _, j := range q.routes[i] {
			p.routes[r] = append(p.routes[r], g.jobs[j])
		}
	}
	for i, j := range g.jobs {
		p.ties.notBefore[j], p.ties.notAfter[j], p.ties.overBy[j] = q.ties.notBefore[i], q.ties.notAfter[i], q.ties.overBy[i]
	}
	for l := range p.score {
		p.score[l] += q.score[l]
	}
	p.undone += q.undone
}

// part is what a plan says of a region.
func (p *plan) part(m *model, g *region) plan {
	q := newPlan(m)
	local := map[int32]int32{}
	for i, j := range g.jobs {
		local[j] = int32(i)
		q.ties.notBefore[i], q.ties.notAfter[i], q.ties.overBy[i] = p.ties.notBefore[j], p.ties.notAfter[j], p.ties.overBy[j]
	}
	for i, r := range g.shifts {
		for _, j := range p.routes[r] {
			q.routes[i] = append(q.routes[i], local[j])
		}
	}
	return q
}

func (p *plan) clone() plan {
	q := *p
	q.routes = make([][]int32, len(p.routes))
	for r := range p.routes {
		q.routes[r] = append([]int32(nil), p.routes[r]...)
	}
	q.ties = ties{append([]int32(nil), p.ties.notBefore...), append([]int32(nil), p.ties.notAfter...), append([]int32(nil), p.ties.overBy...)}
	return q
}
