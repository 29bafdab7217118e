package solve

// absences says of each job that nobody does why.
func (m *model) absences(served []int32) []Absent {
	var list []Absent
	for j := range m.jobs {
		if served[j] < 0 {
			list = append(list, m.absence(j, served))
		}
	}
	return list
}

func (m *model) absence(j int, served []int32) Absent {
	a := Absent{Job: j}
	var allowed, certified, equipped, able counter
	for r := range m.shifts {
		person := int(m.shifts[r].person)
		if !allows(&m.p.Jobs[j], person) {
			continue
		}
		allowed.add(person)
		if !m.certifiedEver(j, r) {
			continue
		}
		certified.add(person)
		if !m.carries(j, r) {
			continue
		}
		equipped.add(person)
		if m.can.has(j, r) && m.fitsEmpty(j, r) {
			able.add(person)
		}
	}
	a.Certified, a.Able = len(certified.seen), len(able.seen)
	switch {
	case len(allowed.seen) == 0:
		a.Reason = NoShift
	case a.Certified == 0:
		a.Reason = NoCertificate
	case len(equipped.seen) == 0:
		a.Reason = NoParts
	case a.Able == 0:
		a.Reason = NoWindow
	case m.waits(j, served):
		a.Reason = NoPartner
	default:
		a.Reason = NoCapacity
	}
	return a
}

// counter counts persons.
type counter struct{ seen map[int]bool }

func (c *counter) add(person int) {
	if c.seen == nil {
		c.seen = map[int]bool{}
	}
	c.seen[person] = true
}

// certifiedEver says whether a shift has for each need of a job a certificate that covers the work
// at some time.
func (m *model) certifiedEver(j, r int) bool {
	for _, need := range m.p.Jobs[j].Needs {
		s := &m.p.Shifts[m.shifts[r].id]
		if len(m.within([]span{{m.shifts[r].from, m.shifts[r].limit}}, validity(s, need), m.work[int(m.shifts[r].pace)*len(m.jobs)+j])) == 0 {
			return false
		}
	}
	return true
}

// fitsEmpty says whether a shift could do a job if it were the only one.
func (m *model) fitsEmpty(j, r int) bool {
	sh := &m.shifts[r]
	q, driving, metres := m.drawn(r, []int32{int32(j)})
	if sh.driving > 0 && driving > sh.driving || sh.metres > 0 && metres > sh.metres {
		return false
	}
	l := newLabels(len(q))
	_, ok := m.follow(&l, &ties{}, r, q)
	return ok
}

// waits says whether a job lacks another that it depends on.
func (m *model) waits(j int, served []int32) bool {
	c := &m.jobs[j]
	for _, p := range c.after {
		if served[p] < 0 {
			return true
		}
	}
	if c.group >= 0 {
		for _, w := range m.groups[c.group] {
			if int(w) != j && served[w] < 0 {
				return true
			}
		}
	}
	return false
}
