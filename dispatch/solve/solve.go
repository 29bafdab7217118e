package solve

import (
	"fmt"
	"sync"
)

func pointer(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// Solve searches for a good plan. It returns the faults of the problem, or the best plan found
// when the budget was spent or Stop said so: a plan that keeps every rule, whenever that was. A
// panic, of its own or of what the problem and the options call, it returns as a BrokenError.
func Solve(p *Problem, o Options) (plan *Plan, err error) {
	var a alarm
	o = a.heard(o)
	a.guard(func() { plan, err = search(p, &o, &a) })
	if broken := a.rang(); broken != nil {
		return nil, broken
	}
	return plan, err
}

func search(p *Problem, o *Options, alarm *alarm) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	m := compile(p)
	if len(m.shifts) == 0 {
		out := &Plan{} // nobody works: there is nothing to search
		m.write(out, &plan{})
		return out, nil
	}
	report := &reporter{m: m, tells: o.Improved}
	searches := m.searchWhole
	if len(m.jobs) > divideAbove {
		searches = m.searchRegions
	}
	best, clocks, err := searches(o, report, alarm)
	if err != nil {
		return nil, err
	}
	out := &Plan{}
	for _, c := range clocks {
		out.Steps += c.steps
		out.Trace = append(out.Trace, c.trace)
	}
	m.write(out, best)
	return out, nil
}

// searchWhole lets an island on each thread search all of it, and returns the best plan of all.
func (m *model) searchWhole(o *Options, report *reporter, alarm *alarm) (*plan, []*clock, error) {
	all := region{upTo(len(m.jobs)), upTo(len(m.shifts))}
	m.sort(&all)
	whole := m.area(all.jobs, all.shifts)
	inAll := func(p *plan) *plan {
		q := newPlan(m)
		q.undone = 0
		q.join(p, &all)
		return &q
	}
	fleet := whole.fleet()
	islands := make([]*anneal, max(1, o.Threads))
	failed := make([]error, len(islands))
	var wait sync.WaitGroup
	for i := range islands {
		wait.Go(func() {
			alarm.guard(func() {
				if islands[i], failed[i] = whole.island(o, i); failed[i] == nil {
					islands[i].report = func(p *plan) { report.tell(inAll(p)) }
					islands[i].search(fleet)
				}
			})
		})
	}
	wait.Wait()
	if err := alarm.rang(); err != nil {
		return nil, nil, err
	}
	best, clocks := islands[0], []*clock(nil)
	for i, a := range islands {
		if failed[i] != nil {
			return nil, nil, failed[i]
		}
		clocks = append(clocks, a.clock)
		if a.best.score.Compare(best.best.score) < 0 {
			best = a
		}
	}
	return inAll(&best.best), clocks, nil
}

func upTo(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = int32(i)
	}
	return list
}

// island begins a search of its own.
func (m *model) island(o *Options, thread int) (*anneal, error) {
	s := newState(m, newRandom(o.Seed, uint64(thread)))
	a := &anneal{s: s, clock: &clock{o: o, thread: thread}, best: newPlan(m)}
	if err := s.settle(); err != nil {
		return nil, err
	}
	s.keep(&a.best, s.score())
	s.start(a.clock)
	s.keep(&a.best, s.score())
	a.heat(len(s.absent) > 0)
	return a, nil
}

// heat sets the temperatures for a problem in which jobs must be left out, or one in which not.
func (a *anneal) heat(crowded bool) {
	leg := a.s.m.energy.leg
	a.from, a.to = hotRoomy*leg, coldRoomy*leg
	if crowded {
		a.from, a.to = hotCrowded*leg, coldCrowded*leg
	}
}
