package solve

import (
	"testing"

	"callout/dispatch/solve/genetic"
)

// streets are drives between points of a plane, in whole seconds.
type streets [][2]int32

func (s streets) Leg(from, to int) Leg {
	x, y := s[from][0]-s[to][0], s[from][1]-s[to][1]
	away := max(x, -x) + max(y, -y)
	return Leg{Seconds: away, Metres: 10 * away}
}

// deliveries is a day of like vans with room for some of the parcels each.
func deliveries(seed uint64, jobs, vans int) *Problem {
	r := newRandom(seed, 0)
	at := streets{{500, 500}}
	p := &Problem{Objective: DefaultObjective()}
	for range jobs {
		at = append(at, [2]int32{int32(r.below(1000)), int32(r.below(1000))})
		from := int64(r.below(20000))
		p.Jobs = append(p.Jobs, Job{
			Place: len(at) - 1, Windows: []Window{{from, from + 7000}}, Setup: 30, Work: int64(60 * r.below(10)),
			Weight: 1, Deliver: []int64{int64(1 + r.below(9))},
		})
	}
	for i := range vans {
		p.Shifts = append(p.Shifts, Shift{
			Technician: i, To: 30000, Capacity: []int64{60}, Rates: Rates{Fixed: 20, Driving: 3600, Work: 1800, Km: 7},
		})
	}
	p.Places, p.Travel = len(at), []Travel{at}
	return p
}

func TestAFleetIsKnownByItsRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		fleet bool
		alter func(*Problem)
	}{
		{"like vans", true, func(*Problem) {}},
		{"open ends", true, func(p *Problem) {
			for i := range p.Shifts {
				p.Shifts[i].End = Nowhere
			}
		}},
		{"a limit of jobs instead of loads", true, func(p *Problem) {
			for i := range p.Shifts {
				p.Shifts[i].MaxJobs, p.Shifts[i].Capacity = 6, []int64{1000}
			}
		}},
		{"a limit of jobs besides loads", false, func(p *Problem) {
			for i := range p.Shifts {
				p.Shifts[i].MaxJobs = 6
			}
		}},
		{"a job that nobody can do", true, func(p *Problem) { p.Jobs[3].Needs = []Need{{Skill: 1}} }},
		{"a job that fits into no day", true, func(p *Problem) { p.Jobs[3].Work = 29000 }},
		{"a technician who starts elsewhere", false, func(p *Problem) { p.Shifts[1].Start = 1 }},
		{"a longer shift", false, func(p *Problem) { p.Shifts[1].To++ }},
		{"breaks", false, func(p *Problem) {
			for i := range p.Shifts {
				p.Shifts[i].Breaks = []Break{{[]Window{{10000, 12000}}, 1800}}
			}
		}},
		{"two windows", false, func(p *Problem) { p.Jobs[2].Windows = []Window{{0, 10}, {500, 9000}} }},
		{"what is picked up", false, func(p *Problem) { p.Jobs[2].Pickup = []int64{1} }},
		{"a due time", false, func(p *Problem) { p.Jobs[2].Due = 5 }},
		{"somebody preferred", false, func(p *Problem) { p.Jobs[2].Preferences = []Preference{{1, -5}} }},
		{"somebody forbidden", false, func(p *Problem) { p.Jobs[2].Forbidden = []int{1} }},
		{"what was told to people", false, func(p *Problem) { p.Jobs[2].Published = &Pin{Shift: 1} }},
		{"a pin", false, func(p *Problem) { p.Jobs[2].Pin = &Pin{Shift: 1} }},
		{"parts", false, func(p *Problem) {
			p.Jobs[2].Parts = []Amount{{1, 2}}
			for range p.Shifts {
				p.Stock = append(p.Stock, []Amount{{1, 3}})
			}
		}},
		{"a chain", false, func(p *Problem) { p.Jobs[2].Chain, p.Jobs[3].Chain = 1, 1 }},
		{"fairness", false, func(p *Problem) { p.Objective = append(p.Objective, Level{{Imbalance, 0, 1}}) }},
		{"no costs", false, func(p *Problem) { p.Objective = p.Objective[:2] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := deliveries(1, 30, 8)
			c.alter(p)
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			m := compile(p)
			if got := m.area(upTo(len(m.jobs)), upTo(len(m.shifts))).fleet(); (got != nil) != c.fleet {
				t.Errorf("a fleet: %t, want %t", got != nil, c.fleet)
			}
		})
	}
}

func TestDearDrivesAreScaled(t *testing.T) {
	p := deliveries(2, 20, 5)
	for i := range p.Shifts {
		p.Shifts[i].Rates.Driving = 90_000_001
	}
	whole := compile(p)
	m := whole.area(upTo(len(whole.jobs)), upTo(len(whole.shifts)))
	f := m.fleet()
	if f == nil {
		t.Fatal("no fleet")
	}
	s := &m.shifts[0]
	ratio := 0.0
	f.ways(m, s, func(way int, from, to int32) {
		c, price := f.problem.Cost[way], m.price(s, from, to)
		if c < 0 || c >= genetic.MostCost {
			t.Errorf("way %d costs %d", way, c)
		}
		if float64(price) < 1000*ratio {
			return // too short to be exact
		}
		if now := float64(price) / float64(c); ratio == 0 {
			ratio = now
		} else if now > 1.001*ratio || now < 0.999*ratio {
			t.Errorf("ways are scaled by %f and by %f", ratio, now)
		}
	})
}
