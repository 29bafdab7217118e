package solve

import "testing"

// running gives a search that has gone on for a while.
func running(tb testing.TB, p *Problem, steps int) *anneal {
	tb.Helper()
	if err := p.Check(); err != nil {
		tb.Fatal(err)
	}
	m := compile(p)
	o := &Options{Seed: 1, Iterations: int64(steps)}
	a, err := m.area(upTo(len(p.Jobs)), upTo(len(p.Shifts))).island(o, 0)
	if err != nil {
		tb.Fatal(err)
	}
	a.run(1)
	a.strict = false
	a.cool(0.5)
	a.current = a.s.value()
	return a
}

func TestAStepAllocatesNothing(t *testing.T) {
	for name, p := range map[string]*Problem{
		"usual rules": fieldDay(200, 25, 1), "all rules": rulesOfEveryKind(fieldDay(80, 12, 2)),
	} {
		a := running(t, p, 4000)
		if n := testing.AllocsPerRun(500, func() { a.step() }); n != 0 {
			t.Errorf("%s: %.2f allocations in a step", name, n)
		}
	}
}

func TestAStepThatIsTakenBackLeavesNothingBehind(t *testing.T) {
	for name, p := range map[string]*Problem{
		"usual rules": fieldDay(60, 8, 3), "all rules": rulesOfEveryKind(fieldDay(60, 10, 4)),
	} {
		a := running(t, p, 1000)
		s := a.s
		before, after := newPlan(s.m), newPlan(s.m)
		for n := range 500 {
			s.keep(&before, s.score())
			tally := s.tally
			s.mark()
			seed, ok := s.breakUp()
			if ok {
				s.recreate(seed)
			}
			s.revert()
			s.keep(&after, s.score())
			if tally != s.tally {
				t.Fatalf("%s, step %d: %+v instead of %+v", name, n, s.tally, tally)
			}
			for r := range before.routes {
				if string(bytesOf(before.routes[r])) != string(bytesOf(after.routes[r])) {
					t.Fatalf("%s, step %d: route %d is %v instead of %v", name, n, r, after.routes[r], before.routes[r])
				}
			}
			a.step()
		}
	}
}

func bytesOf(list []int32) []byte {
	var b []byte
	for _, n := range list {
		b = append(b, byte(n), byte(n>>8), byte(n>>16))
	}
	return b
}

// The tables say in constant time what going through the whole route says.
func TestWhereAJobFitsIsWhereTheWholeRouteHolds(t *testing.T) {
	for name, p := range map[string]*Problem{
		"usual rules": fieldDay(60, 8, 5), "all rules": rulesOfEveryKind(fieldDay(60, 10, 6)),
	} {
		a := running(t, p, 500)
		s, m := a.s, a.s.m
		fit, not := 0, 0
		for range 40 {
			for u := range m.jobs {
				if s.route[u] >= 0 || m.jobs[u].linked {
					continue
				}
				for r := range m.shifts {
					for i := range int(s.length[r]) + 1 {
						said, holds := s.saysItFits(u, r, i), s.wholeHolds(u, r, i)
						if said != holds {
							t.Fatalf("%s: job %d in route %d after %d: tables %v, route %v", name, u, r, i, said, holds)
						}
						if holds {
							fit++
						} else {
							not++
						}
					}
				}
			}
			for range 20 {
				a.step()
			}
		}
		if fit < 100 || not < 100 {
			t.Errorf("%s: only %d fit and %d do not", name, fit, not)
		}
	}
}

func (s *state) saysItFits(u, r, i int) bool {
	m := s.m
	if !m.plain {
		return s.holds(u, r, i)
	}
	c, sh, x, y := &m.jobs[u], &m.shifts[r], &s.row(r)[i], &s.row(r)[i+1]
	pl, b := &m.legs[sh.profile], &sh.breaks[0]
	_, ok := fitsBetween(x, y, c, pl.seconds[int(x.at)*pl.width+int(c.at)], pl.seconds[int(c.at)*pl.width+int(y.at)],
		m.lasts(u, r, -1), b.windows[0].to, b.windows[0].from, b.duration)
	return ok
}

func (s *state) wholeHolds(u, r, i int) bool {
	m, q := s.m, s.row(r)[:s.length[r]+2]
	t := append(append(append([]node(nil), q[:i+1]...), node{job: int32(u), at: m.jobs[u].at}), q[i+1:]...)
	pl := &m.legs[m.shifts[r].profile]
	for k := range len(t) - 1 {
		t[k].seconds = pl.seconds[int(t[k].at)*pl.width+int(t[k+1].at)]
	}
	l := newLabels(len(t))
	asked := &s.ties
	_, ok := m.follow(&l, asked, r, t)
	return ok
}

func BenchmarkStep(b *testing.B) {
	for name, p := range map[string]*Problem{
		"200 jobs": fieldDay(200, 25, 1), "1000 jobs": fieldDay(1000, 120, 1), "200 jobs with all rules": rulesOfEveryKind(fieldDay(200, 25, 1)),
	} {
		b.Run(name, func(b *testing.B) {
			a := running(b, p, 2000)
			b.ReportAllocs()
			for b.Loop() {
				a.step()
			}
		})
	}
}
