package solve

import (
	"slices"
)

func (m *model) compileJobs(last int32) {
	m.jobs = make([]job, len(m.p.Jobs))
	for i := range m.p.Jobs {
		j := &m.p.Jobs[i]
		c := job{
			id: int32(i), at: int32(j.Place), lateWeight: max(1, j.LateWeight), needs: m.needs(j.Parts),
			deliver: amounts(j.Deliver), pickup: amounts(j.Pickup), class: int32(j.Class), weight: j.Weight,
			pin: -1, published: -1, group: -1, chain: -1,
		}
		m.loads = max(m.loads, len(c.deliver), len(c.pickup))
		m.mixed = m.mixed || c.pickup != nil
		from := int32(0)
		if j.Release != 0 {
			from = int32(min(max(0, j.Release-m.origin), int64(last)+1))
		}
		c.windows = m.spans(j.Windows, from, last)
		if j.Pin != nil {
			c.pin = int32(j.Pin.Shift)
			if j.Pin.Timed {
				c.fixed, c.start = true, int32(j.Pin.Start-m.origin)
				c.windows = []span{{c.start, c.start}}
			}
		}
		c.first, c.last = never, -never
		if n := len(c.windows); n > 0 {
			c.first, c.last = c.windows[0].from, c.windows[n-1].to
		}
		if j.Due != 0 {
			c.soft, c.due = true, int32(j.Due-m.origin)
		}
		if j.Published != nil {
			c.published = int32(j.Published.Shift)
		}
		for _, like := range j.Preferences {
			c.prefs = append(c.prefs, preference{int32(like.Technician), like.Points})
		}
		m.statics = m.statics || c.prefs != nil || c.published >= 0
		m.jobs[i] = c
	}
}

// amounts is nil where all of them are 0.
func amounts(a []int64) []int64 {
	for n := len(a); n > 0; n-- {
		if a[n-1] != 0 {
			return a[:n]
		}
	}
	return nil
}

// compileParts numbers the parts that somebody needs.
func (m *model) compileParts() {
	m.partOf = map[int]int32{}
	for i := range m.p.Jobs {
		for _, a := range m.p.Jobs[i].Parts {
			if _, known := m.partOf[a.Part]; !known && a.Count > 0 {
				m.partOf[a.Part] = int32(len(m.partOf))
			}
		}
	}
	m.parts = len(m.partOf)
}

func (m *model) needs(parts []Amount) []amount {
	var needs []amount
	for _, a := range parts {
		if a.Count == 0 {
			continue
		}
		part := m.partOf[a.Part]
		if i := slices.IndexFunc(needs, func(n amount) bool { return n.part == part }); i >= 0 {
			needs[i].count += a.Count
			continue
		}
		needs = append(needs, amount{part, a.Count})
	}
	return needs
}

// compileLinks numbers the groups and chains, and lists who depends on whom.
func (m *model) compileLinks() {
	groups, chains := map[int]int32{}, map[int]int32{}
	for i := range m.p.Jobs {
		j, c := &m.p.Jobs[i], &m.jobs[i]
		if j.Group != 0 {
			if _, known := groups[j.Group]; !known {
				groups[j.Group] = int32(len(groups))
				m.groups = append(m.groups, nil)
			}
			c.group = groups[j.Group]
			m.groups[c.group] = append(m.groups[c.group], int32(i))
		}
		if j.Chain != 0 {
			if _, known := chains[j.Chain]; !known {
				chains[j.Chain] = int32(len(chains))
			}
			c.chain = chains[j.Chain]
		}
		for _, a := range j.After {
			if !slices.Contains(c.after, int32(a)) {
				c.after = append(c.after, int32(a))
				m.jobs[a].before = append(m.jobs[a].before, int32(i))
			}
		}
	}
	m.chains = len(chains)
	for i := range m.jobs {
		c := &m.jobs[i]
		c.linked = c.group >= 0 && len(m.groups[c.group]) > 1 || len(c.after) > 0 || len(c.before) > 0
	}
}
