package solve

// node is a stop of a route, or one of its ends.
type node struct {
	job, at int32
	seconds int32 // of the drive to the next
	// Of a plain route: the earliest end of the work where the break is still to come (0) or is
	// over (1), and the latest begin for which the rest of the day still holds.
	end0, end1     int32
	begin0, begin1 int32
	gap            int32 // how long work can last between it and the next, at most
}

// tally is what a plan comes to.
type tally struct {
	missed    [Classes]int64
	unserved  int64
	late      int64
	money     int64
	imbalance int64
	dislike   int64
	changed   int64
	lost      int64 // what the unserved jobs would be worth
	undone    int   // pinned jobs that are not served
}

// state is a plan while the search works on it. Its routes stand in one table, a stride each.
type state struct {
	m           *model
	random      random
	length      []int32 // stops, by route
	nodes       []node
	route       []int32 // by job: where it is; -1 = nowhere
	place       []int32 // by job: its position there, from 1
	absent      []int32
	index       []int32   // by job: where it stands in absent; -1 = it does not
	taken       []int64   // by person × part
	loaded      []int64   // by route × dimension: delivered and picked up
	own         []worth   // by route
	room        []int32   // by route: the largest gap
	idle        [][]int32 // by kind: the empty routes
	slot        []int32   // by route: where it stands in idle
	temperature float64
	attention   uint64 // which bits of chance make it overlook a place
	settling    bool   // pinned jobs are put where they are: what they ask for is not judged
	alone       bool   // a pinned job may be put back without its group: it is not to be had otherwise
	tally
	layered
	chained []int32 // by chain: the person
	members []int32 // by chain: how many are served

	undo
	recreation
	ruin
}

// worth is what one route comes to.
type worth struct {
	money, late, square int64
	driving, metres     int64
	working             int64
}

func newState(m *model, r random) *state {
	s := &state{m: m, random: r, attention: blinking}
	n, routes := len(m.jobs), len(m.shifts)
	s.length = make([]int32, routes)
	s.nodes = make([]node, routes*m.stride)
	s.route, s.place, s.index = make([]int32, n), make([]int32, n), make([]int32, n)
	s.absent = make([]int32, 0, n)
	s.taken = make([]int64, m.people*m.parts)
	s.loaded = make([]int64, 2*routes*m.loads)
	s.own, s.room = make([]worth, routes), make([]int32, routes)
	s.chained, s.members = make([]int32, m.chains), make([]int32, m.chains)
	s.idle, s.slot = make([][]int32, len(m.kinds)), make([]int32, routes)
	for k, kind := range m.kinds {
		s.idle[k] = make([]int32, 0, len(kind))
	}
	s.layered = newLayered(m)
	s.undo = newUndo(m)
	s.recreation = newRecreation(m)
	s.ruin = newRuin(m)
	for r := range routes {
		q := s.row(r)
		q[0] = node{job: -1, at: m.shifts[r].start}
		q[1] = node{job: -1, at: m.shifts[r].end}
		s.slot[r] = -1
		s.rest(r)
		s.refresh(r, 1, 0)
	}
	for j := range n {
		s.route[j], s.index[j] = -1, -1
		s.leave(int32(j))
		s.count(int32(j), -1, 1)
	}
	return s
}

func (s *state) row(r int) []node { return s.nodes[r*s.m.stride : (r+1)*s.m.stride] }

// rest and wake keep the lists of empty routes.
func (s *state) rest(r int) {
	if s.slot[r] < 0 {
		k := s.m.shifts[r].kind
		s.slot[r] = int32(len(s.idle[k]))
		s.idle[k] = append(s.idle[k], int32(r))
	}
}

func (s *state) wake(r int) {
	if s.slot[r] < 0 {
		return
	}
	list := s.idle[s.m.shifts[r].kind]
	last := list[len(list)-1]
	list[s.slot[r]] = last
	s.slot[last] = s.slot[r]
	s.slot[r] = -1
	s.idle[s.m.shifts[r].kind] = list[:len(list)-1]
}

// leave and join keep the list of absent jobs.
func (s *state) leave(j int32) {
	if s.index[j] < 0 {
		s.index[j] = int32(len(s.absent))
		s.absent = append(s.absent, j)
	}
}

func (s *state) join(j int32) {
	i := s.index[j]
	if i < 0 {
		return
	}
	last := s.absent[len(s.absent)-1]
	s.absent[i], s.index[last] = last, i
	s.index[j] = -1
	s.absent = s.absent[:len(s.absent)-1]
}

// count adds (sign 1) or takes away (sign -1) what it means that route r does job j; r = -1 means
// that nobody does.
func (s *state) count(j int32, r int, sign int64) {
	m := s.m
	c := &m.jobs[j]
	if r < 0 {
		s.missed[c.class] += sign * c.weight
		s.unserved += sign
		s.lost += sign * c.gain
		if c.pin >= 0 {
			s.undone += int(sign)
		}
		if c.published >= 0 {
			s.changed += sign
		}
		return
	}
	sh := &m.shifts[r]
	for _, n := range c.needs {
		s.taken[int(sh.person)*m.parts+int(n.part)] += sign * n.count
	}
	for d, a := range c.deliver {
		s.loaded[2*r*m.loads+d] += sign * a
	}
	for d, a := range c.pickup {
		s.loaded[(2*r+1)*m.loads+d] += sign * a
	}
	if m.statics {
		s.dislike += sign * c.points(sh.person)
		if c.published >= 0 && c.published != int32(r) {
			s.changed += sign
		}
	}
	if c.chain >= 0 {
		if sign > 0 {
			s.chained[c.chain] = sh.person
		}
		s.members[c.chain] += int32(sign)
	}
}

// points is how much it is disliked that the person does j.
func (j *job) points(person int32) int64 {
	var sum int64
	for _, like := range j.prefs {
		if like.person == person {
			sum += like.points
		}
	}
	return sum
}

// energy is what the search minimizes.
func (s *state) value() float64 {
	e := &s.m.energy
	v := float64(s.money + s.lost)
	if s.late != 0 {
		v += e.late * float64(s.late)
	}
	return v + e.imbalance*float64(s.imbalance) + e.dislike*float64(s.dislike) + e.change*float64(s.changed)
}

// score is the plan's, as far as the search counts: where it is guided by drives that cost
// nothing, they count as cost.
func (s *state) score() Score { return s.scoreOf(&s.tally) }

func (s *state) scoreOf(t *tally) Score {
	figures := [figures]int64{Unserved: t.unserved, Lateness: t.late, Cost: t.money, Imbalance: t.imbalance, Dislike: t.dislike, Changed: t.changed}
	return s.m.objective().score(&figures, &t.missed)
}

// score adds up the figures; what is missed goes by class.
func (o Objective) score(f *[figures]int64, missed *[Classes]int64) Score {
	var score Score
	for l, level := range o {
		for _, t := range level {
			if t.Of != Missed {
				score[l] += t.Price * f[t.Of]
				continue
			}
			for c, w := range missed {
				if t.Class == AllClasses || t.Class == c {
					score[l] += t.Price * w
				}
			}
		}
	}
	return score
}
