package solve

import "testing"

// lateStart is a day of which the morning must not be filled: the break begins from four hours to
// five and a half after the start and lasts 45 minutes, one job begins at five hours, and another
// one right after it, by five and a half. So the break is over before the two, or the day does
// not hold. The last job, at the begin of the day, leaves no time for that.
func lateStart() *Problem {
	return &Problem{
		Places: 1, Travel: []Travel{&matrix{1, []int32{0}}},
		Shifts: []Shift{{From: 0, To: 30600, Breaks: []Break{{Windows: []Window{{14400, 19800}}, Duration: 2700}}}},
		Jobs: []Job{
			{Work: 1200, Weight: 9, Windows: []Window{{0, 17000}}},
			{Work: 1200, Weight: 9, Windows: []Window{{18000, 18600}}},
			{Work: 1200, Weight: 9, Windows: []Window{{19000, 19800}}},
			{Work: 15600, Weight: 1, Windows: []Window{{0, 0}}},
		},
	}
}

func TestABreakIsNotPutOffToWhereTheDayDoesNotHold(t *testing.T) {
	p := lateStart()
	m := compile(p)
	if !m.plain {
		t.Fatal("the day is not one of the usual rules")
	}
	area := m.area(upTo(len(p.Jobs)), upTo(1))
	s := newState(area, newRandom(1, 0))
	if !s.fill(0, []int32{0, 1, 2}) {
		t.Fatal("the day does not hold as it is")
	}
	if s.saysItFits(3, 0, 0) || s.wholeHolds(3, 0, 0) {
		t.Errorf("the morning can be filled: tables %v, route %v", s.saysItFits(3, 0, 0), s.wholeHolds(3, 0, 0))
	}
	for seed := range uint64(20) {
		plan := solved(t, p, Options{Seed: seed, Iterations: 2000})
		if len(plan.Unserved) != 1 || plan.Unserved[0].Job != 3 {
			t.Errorf("seed %d: unserved %+v", seed, plan.Unserved)
		}
	}
}

// Days of one technician where windows and the break get into each other's way, most of them so
// full that each job must stand where it stands.
func TestTablesOfFullDaysSayWhatTheWholeRouteSays(t *testing.T) {
	const hour = 3600
	r := splitmix(11)
	fit, not := 0, 0
	for range 300 {
		p := &Problem{Places: 3, Travel: []Travel{&matrix{3, []int32{0, 600, 900, 600, 0, 300, 900, 300, 0}}}}
		opens := int64(r.from(1, 7)) * hour
		p.Shifts = []Shift{{From: 0, To: 9 * hour, Breaks: []Break{{Windows: []Window{{opens, opens + int64(r.from(0, 90))*60}}, Duration: int64(r.from(1, 60)) * 60}}}}
		for range 14 {
			j := Job{Place: r.from(0, 2), Weight: 1, Work: int64(r.from(5, 80)) * 60}
			if r.unit() < .8 {
				from := int64(r.from(0, 16)) * hour / 2
				j.Windows = []Window{{from, from + int64(r.from(0, 180))*60}}
			}
			p.Jobs = append(p.Jobs, j)
		}
		a := running(t, p, 40)
		s, m := a.s, a.s.m
		if !m.plain {
			t.Fatal("the day is not one of the usual rules")
		}
		for range 10 {
			s.mark()
			s.breakUp()
			for u := range m.jobs {
				for i := range int(s.length[0]) + 1 {
					if s.route[u] >= 0 {
						continue
					}
					said, holds := s.saysItFits(u, 0, i), s.wholeHolds(u, 0, i)
					if said != holds {
						t.Fatalf("job %d after %d: tables %v, route %v", u, i, said, holds)
					}
					if holds {
						fit++
					} else {
						not++
					}
				}
			}
			s.revert()
			a.step()
		}
	}
	if fit < 100 || not < 1000 {
		t.Errorf("only %d fit and %d do not", fit, not)
	}
}
