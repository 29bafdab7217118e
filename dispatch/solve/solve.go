package solve

import (
	"fmt"
	"sync"
)

func pointer(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// Solve searches for a good plan. It returns the faults of the problem, or the best plan found
// when the budget was spent or Stop said so: a plan that keeps every rule, whenever that was.
func Solve(p *Problem, o Options) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	m := compile(p)
	whole := m.area(upTo(len(m.jobs)), upTo(len(m.shifts)))
	fleet := whole.fleet()
	threads := max(1, o.Threads)
	islands := make([]*anneal, threads)
	var wait sync.WaitGroup
	var failed error
	for i := range threads {
		wait.Go(func() {
			a, err := whole.island(&o, i)
			if err != nil {
				if i == 0 {
					failed = err
				}
				return
			}
			islands[i] = a
			a.search(fleet)
		})
	}
	wait.Wait()
	if failed != nil {
		return nil, failed
	}
	best := islands[0]
	out := &Plan{}
	for _, a := range islands {
		out.Steps += a.clock.steps
		out.Trace = append(out.Trace, a.clock.trace)
		if a.best.score.Compare(best.best.score) < 0 {
			best = a
		}
	}
	m.write(out, &best.best)
	return out, nil
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
	leg := m.energy.leg
	a.from, a.to = hotRoomy*leg, coldRoomy*leg
	if len(s.absent) > 0 {
		a.from, a.to = hotCrowded*leg, coldCrowded*leg
	}
	return a, nil
}
