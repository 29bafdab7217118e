package check_test

import (
	"math/rand/v2"

	"callout/dispatch/solve"
)

const (
	minute = int64(60)
	hour   = 60 * minute
)

// size bounds a random problem.
type size struct {
	jobs, shifts int
	ties         bool // groups and After as well
	fewBreaks    bool // at most one, and two windows; for what tries everything
}

// maker draws a problem; each kind of rule is in it or not as the dice will.
type maker struct {
	*rand.Rand
	p      *solve.Problem
	origin int64
	size   size
}

// odds is true in so many cases of a hundred.
func (m *maker) odds(percent int) bool { return m.IntN(100) < percent }

// between is a whole number of those two or between them.
func (m *maker) between(a, b int64) int64 { return a + m.Int64N(b-a+1) }

// random draws the problem of a seed.
func random(seed uint64, most size) *solve.Problem {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7)), p: &solve.Problem{}, size: most}
	m.origin = []int64{0, 1_900_000_000, 36 * hour}[m.IntN(3)]
	m.travel()
	technicians := 1 + m.IntN(most.shifts)
	for range 1 + m.IntN(most.shifts) {
		m.shift(len(m.p.Shifts) % technicians)
	}
	if m.odds(30) {
		m.grants()
	}
	if m.odds(30) {
		m.loads()
	}
	if m.odds(30) {
		m.stock()
	}
	jobs := 1 + m.IntN(most.jobs)
	kinds := [6]bool{}
	for k := range kinds {
		kinds[k] = m.odds(35)
	}
	for range jobs {
		m.p.Jobs = append(m.p.Jobs, m.job(kinds))
	}
	m.links()
	if m.odds(30) {
		m.published()
	}
	if m.odds(60) {
		m.objective()
	}
	return m.p
}

func (m *maker) travel() {
	m.p.Places = 2 + m.IntN(m.size.jobs+2)
	xy := make([][2]float64, m.p.Places)
	for i := range xy {
		xy[i] = [2]float64{m.Float64() * 40, m.Float64() * 40}
	}
	slanted, tolls := m.odds(40), m.odds(20)
	for range 1 + m.IntN(2) {
		t := make(table, m.p.Places)
		speed := 10 + m.Float64()*40
		for i := range t {
			t[i] = make([]solve.Leg, m.p.Places)
			for k := range t[i] {
				dx, dy := xy[i][0]-xy[k][0], xy[i][1]-xy[k][1]
				d := (max(dx, -dx) + max(dy, -dy)) * speed
				if slanted {
					d *= 1 + m.Float64()
				}
				t[i][k] = solve.Leg{Seconds: int32(d), Metres: int32(d * 9)}
				if tolls && m.odds(30) {
					t[i][k].Cost = int32(m.IntN(400))
				}
			}
		}
		m.p.Travel = append(m.p.Travel, t)
	}
}

// place is one of the problem's.
func (m *maker) place() int { return m.IntN(m.p.Places) }

func (m *maker) shift(technician int) {
	// Shifts of one person follow one another by days.
	day := int64(0)
	for _, s := range m.p.Shifts {
		if s.Technician == technician {
			day++
		}
	}
	s := solve.Shift{Technician: technician, Profile: m.IntN(len(m.p.Travel)), Start: m.place()}
	s.End = s.Start
	switch m.IntN(6) {
	case 0:
		s.Start = solve.Nowhere
	case 1:
		s.End = solve.Nowhere
	case 2:
		s.End = m.place()
	case 3:
		s.Start, s.End = solve.Nowhere, solve.Nowhere
	}
	s.From = m.origin + day*24*hour + m.between(7*60, 10*60)*minute
	s.To = s.From + m.between(3*60, 9*60)*minute
	if m.odds(30) {
		s.Overtime, s.Rates.Overtime = m.between(0, 120)*minute, m.Int64N(9000)
	}
	most := 3
	if m.size.fewBreaks {
		most = 1
	}
	for m.odds(45) && len(s.Breaks) < most {
		b := solve.Break{Duration: m.between(5, 50) * minute}
		for len(b.Windows) == 0 || m.odds(30) && len(b.Windows) < 3 {
			from := s.From + m.between(-30, (s.To-s.From)/minute)*minute
			b.Windows = append(b.Windows, solve.Window{From: from, To: from + m.between(0, 150)*minute})
		}
		s.Breaks = append(s.Breaks, b)
	}
	if m.odds(15) {
		s.MaxJobs = 1 + m.IntN(6)
	}
	if m.odds(15) {
		s.MaxDriving = m.between(30, 300) * minute
	}
	if m.odds(15) {
		s.MaxMetres = m.between(10, 200) * 1000
	}
	if m.odds(60) {
		s.Rates.Driving, s.Rates.Work, s.Rates.Km, s.Rates.Fixed = m.Int64N(6000), m.Int64N(6000)*int64(m.IntN(2)), m.Int64N(80), m.Int64N(5000)*int64(m.IntN(2))
	} else {
		s.Rates.Driving = 3600
	}
	if m.odds(25) {
		s.Pace = 700 + m.IntN(700)
	}
	m.p.Shifts = append(m.p.Shifts, s)
}

func (m *maker) grants() {
	for i := range m.p.Shifts {
		s := &m.p.Shifts[i]
		for range m.IntN(5) {
			g := solve.Grant{Skill: m.IntN(3), Level: 1 + m.IntN(3), From: -solve.Forever, To: solve.Forever}
			if m.odds(40) {
				g.To = s.From + m.between(0, 8*60)*minute
			}
			if m.odds(20) {
				g.From = s.From + m.between(0, 6*60)*minute
			}
			if g.From <= g.To {
				s.Grants = append(s.Grants, g)
			}
			if m.odds(15) && g.To < solve.Forever {
				s.Grants = append(s.Grants, solve.Grant{Skill: g.Skill, Level: g.Level, From: g.To, To: g.To + 4*hour})
			}
		}
	}
}

func (m *maker) loads() {
	dimensions := 1 + m.IntN(2)
	for i := range m.p.Shifts {
		for range dimensions {
			m.p.Shifts[i].Capacity = append(m.p.Shifts[i].Capacity, m.between(0, 12))
		}
	}
}

func (m *maker) stock() {
	m.p.Stock = make([][]solve.Amount, m.IntN(len(m.p.Shifts)+1))
	for t := range m.p.Stock {
		for part := range 3 {
			if m.odds(60) {
				m.p.Stock[t] = append(m.p.Stock[t], solve.Amount{Part: part, Count: m.between(0, 4)})
			}
		}
	}
}

func (m *maker) published() {
	for j := range m.p.Jobs {
		if m.odds(50) {
			m.p.Jobs[j].Published = &solve.Pin{Shift: m.IntN(len(m.p.Shifts))}
		}
	}
}

func (m *maker) objective() {
	terms := []solve.Term{
		{Of: solve.Missed, Class: solve.AllClasses, Price: 1},
		{Of: solve.Missed, Class: m.IntN(3), Price: 3},
		{Of: solve.Unserved, Price: 5},
		{Of: solve.Lateness, Price: 1},
		{Of: solve.Cost, Price: 1},
		{Of: solve.Imbalance, Price: 2},
		{Of: solve.Dislike, Price: 100},
		{Of: solve.Changed, Price: 7},
	}
	m.Shuffle(len(terms), func(a, b int) { terms[a], terms[b] = terms[b], terms[a] })
	var o solve.Objective
	for _, t := range terms[:1+m.IntN(len(terms))] {
		if len(o) == 0 || m.odds(70) {
			o = append(o, nil)
		}
		o[len(o)-1] = append(o[len(o)-1], t)
	}
	if m.odds(80) { // serving comes first, as a rule
		o = append(solve.Objective{{{Of: solve.Missed, Class: solve.AllClasses, Price: 1}}, {{Of: solve.Unserved, Price: 1}}}, o...)
	}
	m.p.Objective = o
}
