package check_test

import (
	"callout/dispatch/solve"
)

// job draws a job with the kinds of rules that this problem has.
func (m *maker) job(kinds [6]bool) solve.Job {
	j := solve.Job{Place: m.place(), Work: m.between(0, 70) * minute, Weight: m.between(0, 100), Class: m.IntN(3)}
	near := m.p.Shifts[m.IntN(len(m.p.Shifts))]
	sometime := func() int64 { return near.From + m.between(-60, (near.To-near.From)/minute)*minute }
	if kinds[0] {
		for m.odds(55) && len(j.Windows) < 3 {
			from := sometime()
			j.Windows = append(j.Windows, solve.Window{From: from, To: from + m.between(0, 120)*minute})
		}
	} else if m.odds(50) {
		from := sometime()
		j.Windows = []solve.Window{{From: from, To: from + 2*hour}}
	}
	if kinds[1] && m.odds(50) {
		j.Setup = m.between(1, 20) * minute
	}
	if kinds[2] && m.odds(40) {
		j.Due = max(1, sometime())
		j.LateWeight = m.Int64N(4)
	}
	if kinds[2] && m.odds(30) {
		j.Release = max(1, sometime())
	}
	if len(near.Grants) > 0 && m.odds(60) {
		j.Needs = append(j.Needs, solve.Need{Skill: m.IntN(3), Level: 1 + m.IntN(3)})
		if m.odds(30) {
			j.Needs = append(j.Needs, solve.Need{Skill: m.IntN(3), Level: 1})
		}
	}
	for d := range near.Capacity {
		if m.odds(50) && d == len(j.Deliver) {
			j.Deliver = append(j.Deliver, m.between(0, 5))
		}
		if m.odds(40) && d == len(j.Pickup) {
			j.Pickup = append(j.Pickup, m.between(0, 5))
		}
	}
	if m.p.Stock != nil && m.odds(50) {
		j.Parts = append(j.Parts, solve.Amount{Part: m.IntN(3), Count: m.between(0, 2)})
	}
	if kinds[3] && m.odds(40) {
		j.Preferences = append(j.Preferences, solve.Preference{Technician: near.Technician, Points: m.between(-20, 20)})
	}
	if kinds[4] && m.odds(20) {
		j.Allowed = []int{near.Technician, m.p.Shifts[m.IntN(len(m.p.Shifts))].Technician}
		if j.Allowed[0] == j.Allowed[1] {
			j.Allowed = j.Allowed[:1]
		}
	}
	if kinds[5] && m.odds(20) {
		j.Forbidden = []int{near.Technician}
	}
	return j
}

// links ties jobs together: chains, and where asked for crews and what comes after what.
func (m *maker) links() {
	n := len(m.p.Jobs)
	if m.odds(25) {
		for range 1 + n/6 {
			chain := 1 + m.IntN(3)
			m.p.Jobs[m.IntN(n)].Chain, m.p.Jobs[m.IntN(n)].Chain = chain, chain
		}
	}
	if !m.size.ties || n < 2 {
		return
	}
	if m.odds(50) {
		for g := range 1 + n/8 {
			a, b := m.IntN(n), m.IntN(n)
			if a == b || m.p.Jobs[a].Group != 0 || m.p.Jobs[b].Group != 0 {
				continue
			}
			m.p.Jobs[a].Group, m.p.Jobs[b].Group = g+1, g+1
			m.p.Jobs[a].Chain, m.p.Jobs[b].Chain = 0, 0
			if m.odds(70) {
				m.p.Jobs[b].Windows, m.p.Jobs[b].Place = m.p.Jobs[a].Windows, m.p.Jobs[a].Place
			}
		}
	}
	if m.odds(50) {
		for range 1 + n/6 {
			a, b := m.IntN(n), m.IntN(n)
			if a < b && (m.p.Jobs[a].Group == 0 || m.p.Jobs[a].Group != m.p.Jobs[b].Group) {
				m.p.Jobs[b].After = append(m.p.Jobs[b].After, a)
			}
		}
	}
}
