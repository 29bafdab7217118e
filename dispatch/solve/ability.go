package solve

import (
	"cmp"
	"slices"
)

// compileAbility finds who may do what at all, and where a certificate narrows the windows.
func (m *model) compileAbility() {
	duty := m.duty()
	for i := range m.jobs {
		c, j := &m.jobs[i], &m.p.Jobs[i]
		if c.pin >= 0 {
			m.can.set(i, int(c.pin))
			continue
		}
		for r := range m.shifts {
			if allows(j, int(m.shifts[r].person)) && m.certified(i, r, duty[r]) && m.carries(i, r) {
				m.can.set(i, r)
			}
		}
	}
}

// allows says whether a technician is allowed to do a job.
func allows(j *Job, technician int) bool {
	return (j.Allowed == nil || slices.Contains(j.Allowed, technician)) && !slices.Contains(j.Forbidden, technician)
}

// certified says whether the certificates of a shift cover job i at some time within its windows,
// and notes the windows in which they do where that is not always.
func (m *model) certified(i, r int, duty Window) bool {
	sh, j, s := &m.shifts[r], &m.p.Jobs[i], &m.p.Shifts[m.shifts[r].id]
	cut := [2][]span{m.jobs[i].windows, m.jobs[i].windows}
	narrowed := false
	for _, need := range j.Needs {
		if holdsAllDay(s, need, duty) {
			continue
		}
		valid := validity(s, need)
		if len(valid) == 0 {
			return false
		}
		narrowed = true
		at := int(sh.pace)*len(m.jobs) + i
		cut[0] = m.within(cut[0], valid, m.work[at]+m.setup[at])
		cut[1] = m.within(cut[1], valid, m.work[at])
	}
	if narrowed {
		if len(cut[0]) == 0 && len(cut[1]) == 0 {
			return false
		}
		if sh.cut == nil {
			sh.cut = make([][2][]span, len(m.jobs))
			for k := range sh.cut {
				sh.cut[k] = [2][]span{m.jobs[k].windows, m.jobs[k].windows}
			}
		}
	}
	if sh.cut != nil {
		sh.cut[i] = cut
	}
	return true
}

// duty is, by shift, the time within which there can be work: what is pinned may go beyond the shift.
func (m *model) duty() []Window {
	duty := make([]Window, len(m.shifts))
	for r := range m.shifts {
		s := &m.p.Shifts[m.shifts[r].id]
		duty[r] = Window{s.From, s.To + s.Overtime}
	}
	for i := range m.jobs {
		if c := &m.jobs[i]; c.fixed {
			d, start := &duty[c.pin], m.origin+int64(c.start)
			d.From, d.To = min(d.From, start), max(d.To, start)
		}
	}
	return duty
}

func holdsAllDay(s *Shift, need Need, duty Window) bool {
	return slices.ContainsFunc(s.Grants, func(g Grant) bool {
		return g.Skill == need.Skill && g.Level >= need.Level && g.From <= duty.From && g.To >= duty.To
	})
}

// validity lists when a need is met. Certificates that follow one another without a gap are as
// good as one.
func validity(s *Shift, need Need) []Window {
	var valid []Window
	for _, g := range s.Grants {
		if g.Skill == need.Skill && g.Level >= need.Level && g.From <= g.To {
			valid = append(valid, Window{g.From, g.To})
		}
	}
	slices.SortFunc(valid, func(a, b Window) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	joined := valid[:0]
	for _, w := range valid {
		if n := len(joined); n > 0 && w.From <= joined[n-1].To {
			joined[n-1].To = max(joined[n-1].To, w.To)
		} else {
			joined = append(joined, w)
		}
	}
	return joined
}

// within keeps of the windows what lets work of a duration lie within one of the valid spans.
func (m *model) within(windows []span, valid []Window, duration int32) []span {
	var kept []span
	for _, w := range windows {
		for _, v := range valid {
			a, b := max(int64(w.from), v.From-m.origin), min(int64(w.to), v.To-m.origin-int64(duration))
			if a <= b {
				kept = append(kept, span{int32(a), int32(b)})
			}
		}
	}
	return kept
}

// carries says whether an empty van has room and parts for job i.
func (m *model) carries(i, r int) bool {
	j, s := &m.jobs[i], &m.shifts[r]
	for _, n := range j.needs {
		if m.stock(int(s.person), n.part) < n.count {
			return false
		}
	}
	return fits(j.deliver, s.capacity) && fits(j.pickup, s.capacity)
}

func fits(load, capacity []int64) bool {
	for d, a := range load {
		if a > 0 && (d >= len(capacity) || a > capacity[d]) {
			return false
		}
	}
	return true
}

// stock is how many pieces of a part a technician holds.
func (m *model) stock(person int, part int32) int64 {
	if person >= len(m.p.Stock) {
		return 0
	}
	var n int64
	for _, a := range m.p.Stock[person] {
		if of, known := m.partOf[a.Part]; known && of == part {
			n += a.Count
		}
	}
	return n
}
