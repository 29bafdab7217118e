package solve

// ties is what partners ask of jobs at the moment: to begin not before, not after, and to be
// over by a time. No slices: nobody asks for anything.
type ties struct{ notBefore, notAfter, overBy []int32 }

func newTies(jobs int) ties {
	t := ties{make([]int32, jobs), make([]int32, jobs), make([]int32, jobs)}
	for j := range jobs {
		t.clear(j)
	}
	return t
}

func (t *ties) clear(j int) { t.notBefore[j], t.notAfter[j], t.overBy[j] = -never, never, never }

// begin is when j begins in r where he is ready at a time; never where it cannot.
func (m *model) begin(t *ties, j, r int, setup bool, ready, duration int32) int32 {
	c := &m.jobs[j]
	if c.fixed {
		if ready > c.start {
			return never
		}
		return c.start
	}
	if t.notBefore == nil {
		return m.opens(j, r, setup, ready)
	}
	b := m.opens(j, r, setup, max(ready, t.notBefore[j]))
	if b > t.notAfter[j] || b+duration > t.overBy[j] {
		return never
	}
	return b
}

// lastBegin is the latest begin of j in r so that it is over by a time; -never where there is none.
func (m *model) lastBegin(t *ties, j, r int, setup bool, over, duration int32) int32 {
	c := &m.jobs[j]
	if c.fixed {
		if over >= c.start+duration {
			return c.start
		}
		return -never
	}
	b := m.closes(j, r, setup, min(t.notAfter[j], min(over, t.overBy[j])-duration))
	if b < t.notBefore[j] {
		return -never
	}
	return b
}
