package solve

// label is a way to be done with a stop: when, after how many breaks, and how late so far.
type label struct {
	over   int32
	breaks int16
	from   int16 // the label of the stop before
	late   int64 // seconds times their weights
}

// labels follow the ways through a route that are not worse in everything than another: a break
// taken early makes one job late, taken late it makes another so.
type labels struct {
	at    [][mostLabels]label
	count []int16
}

// mostLabels bounds the ways through a stop; beyond it those that are late longest are forgotten.
const mostLabels = 24

func newLabels(nodes int) labels {
	return labels{make([][mostLabels]label, nodes), make([]int16, nodes)}
}

// add keeps a label unless another is as good; keep says how many the others may come to.
func (l *labels) add(i int, x label) {
	list := l.at[i][:l.count[i]]
	for k := range list {
		if list[k].breaks == x.breaks && list[k].over <= x.over && list[k].late <= x.late {
			return
		}
	}
	n := 0
	for k := range list {
		if list[k].breaks != x.breaks || list[k].over < x.over || list[k].late < x.late {
			list[n] = list[k]
			n++
		}
	}
	if n == mostLabels {
		// The one that is over first for its number of breaks must stay: others may lead nowhere.
		worst := -1
		for k := range n {
			if l.first(i, n, k) {
				continue
			}
			if worst < 0 || l.at[i][k].late > l.at[i][worst].late {
				worst = k
			}
		}
		if worst < 0 {
			return
		}
		l.at[i][worst] = x
		return
	}
	l.at[i][n] = x
	l.count[i] = int16(n + 1)
}

func (l *labels) first(i, n, k int) bool {
	x := &l.at[i][k]
	for o := range n {
		if y := &l.at[i][o]; y.breaks == x.breaks && (y.over < x.over || y.over == x.over && o < k) {
			return false
		}
	}
	return true
}

// follow goes through a route, given as its nodes from end to end, and returns its best last
// label; false where it cannot be done. What is late and what is overtime decide, then when he is home.
func (m *model) follow(l *labels, t *ties, r int, q []node) (int, bool) {
	sh := &m.shifts[r]
	layers, end := len(sh.breaks)+1, len(q)-1
	l.at[0][0], l.count[0] = label{over: sh.from, from: -1}, 1
	for i := 1; i <= end; i++ {
		l.count[i] = 0
		x, y := &q[i-1], &q[i]
		squeezed := m.set(x) && m.set(y)
		for k := range int(l.count[i-1]) {
			before := l.at[i-1][k]
			for c := int(before.breaks); c < layers; c++ {
				arrive := sh.crossing(int(before.breaks), c, before.over, x.seconds)
				over, late := never, before.late
				switch stays := squeezed && c == int(before.breaks); {
				case i == end && stays:
					over = max(before.over, min(arrive, sh.limit))
				case i == end && c < layers-1:
				case i == end:
					if arrive <= sh.limit {
						over = arrive
					}
				default:
					over, late = m.done(t, r, x, y, stays, arrive, late)
				}
				if over < never && (i < end || c == layers-1) {
					l.add(i, label{over, int16(c), int16(k), late})
				}
			}
		}
		if l.count[i] == 0 {
			return 0, false
		}
	}
	best, least := 0, 0.0
	for k := range int(l.count[end]) {
		x := &l.at[end][k]
		v := m.energy.late*float64(x.late) + float64(sh.perOver)*float64(max(0, x.over-sh.to))
		if k == 0 || v < least || v == least && x.over < l.at[end][best].over {
			best, least = k, v
		}
	}
	return best, true
}

// done is when the job of y is over for one who comes from x and is there at a time, and how late then.
func (m *model) done(t *ties, r int, x, y *node, stays bool, arrive int32, late int64) (int32, int64) {
	j := int(y.job)
	c, duration := &m.jobs[j], m.lasts(j, r, x.at)
	begin := c.start
	if !stays {
		if begin = m.begin(t, j, r, x.at != y.at, arrive, duration); begin == never {
			return never, 0
		}
	}
	if over := begin + duration; !c.soft || over <= c.due {
		return over, late
	}
	return begin + duration, late + int64(begin+duration-c.due)*c.lateWeight
}
