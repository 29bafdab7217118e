package solve

// Times of the search are seconds from the model's origin.
const (
	never = int32(1) << 30 // later than every time
	far   = int32(1) << 29 // as long as a drive can be: longer than every shift
)

// span is a window in the search's time.
type span struct{ from, to int32 }

// model is a problem, or an area of it, as the search sees it: numbers in flat tables.
type model struct {
	p      *Problem
	origin int64
	jobs   []job
	shifts []shift
	legs   []plane // by profile
	width  int     // places of the legs
	work   []int32 // by pace × job
	setup  []int32
	paces  int
	partOf map[int]int32
	parts  int // that somebody needs
	people int
	loads  int // dimensions of capacity
	mixed  bool
	layers int     // most breaks of a shift, and one
	stride int     // nodes of a route, at most
	held   []int64 // parts, by person × part
	free   bool    // drives cost nothing
	chains int
	groups [][]int32 // the jobs of each group
	can    table
	energy energy
	ground ground // of all of the problem

	plain   bool // every job has one window, every shift at most one break with one, and nothing is soft or linked
	metric  bool // a stop on the way is never a short cut, but for rounding
	pure    bool // legs are paid by the second alone
	statics bool // who does a job makes a difference beyond the drive

	near     []int32 // by job: the nearest jobs that share a capable shift
	nearest  int
	reach    []int32 // by job: the nearest capable shifts; -1 = no more
	reaches  int
	alone    []uint64  // by job: those of the nearest capable shifts that are like no other, a bit each
	shared   []int32   // by job: the kinds of the others; -1 = no more
	kinds    [][]int32 // shifts that are alike
	least    []int32   // by job: how long it takes at the best pace
	orders   orders
	initial  [][]int32
	siblings [][]int32 // by person: his shifts
}

// job is a Job compiled.
type job struct {
	id          int32 // in the problem
	at          int32
	first, last int32 // of all begins
	windows     []span
	due         int32
	soft        bool // there is a due time
	lateWeight  int64
	needs       []amount
	deliver     []int64
	pickup      []int64
	class       int32
	weight      int64
	gain        int64 // what serving it is worth, in energy
	fixed       bool  // at a set time
	start       int32 // where fixed
	pin         int32 // the only shift; -1 = any
	published   int32 // -1 = none
	prefs       []preference
	group       int32 // -1 = none
	chain       int32
	after       []int32
	before      []int32
	linked      bool // of a group, or after or before another
	held        bool // must stay as it is: a partner is in another area
}

type amount struct {
	part  int32
	count int64
}

type preference struct {
	person int32
	points int64
}

// shift is a Shift compiled.
type shift struct {
	id, person    int32
	profile, pace int32
	start, end    int32
	from, to      int32
	limit         int32 // to, with overtime
	breaks        []pause
	perSecond     int64 // of driving
	perMetre      int64
	perWork       int64 // per second
	perOver       int64 // per second
	fixed         int64
	capacity      []int64
	most          int32 // jobs
	driving       int64 // most seconds; 0 = no limit
	metres        int64 // most; 0 = no limit
	kind          int32
	cut           [][2][]span // by job: windows within which its certificates are valid, with set-up and without; nil = as the job's
	limited       bool        // driving or metres have limits
}

// pause is a Break compiled.
type pause struct {
	index    int32 // in the problem
	windows  []span
	duration int32
}

// table is a bit for each pair of a job and a shift.
type table struct {
	words int
	bits  []uint64
}

func newTable(jobs, shifts int) table {
	w := (shifts + 63) / 64
	return table{w, make([]uint64, jobs*w)}
}

func (t *table) has(j, r int) bool { return t.bits[j*t.words+r>>6]>>(r&63)&1 == 1 }
func (t *table) set(j, r int)      { t.bits[j*t.words+r>>6] |= 1 << (r & 63) }

func (t *table) row(j int) []uint64 { return t.bits[j*t.words : (j+1)*t.words] }

// opens is the earliest begin of j in r not before t; never where there is none.
func (m *model) opens(j, r int, setup bool, t int32) int32 {
	for _, w := range m.windows(j, r, setup) {
		if t <= w.to {
			return max(t, w.from)
		}
	}
	return never
}

// closes is the latest begin of j in r not after t; -never where there is none.
func (m *model) closes(j, r int, setup bool, t int32) int32 {
	ws := m.windows(j, r, setup)
	for i := len(ws) - 1; i >= 0; i-- {
		if t >= ws[i].from {
			return min(t, ws[i].to)
		}
	}
	return -never
}

func (m *model) windows(j, r int, setup bool) []span {
	if cut := m.shifts[r].cut; cut != nil && !m.jobs[j].fixed {
		if setup {
			return cut[j][0]
		}
		return cut[j][1]
	}
	return m.jobs[j].windows
}

// lasts is how long j takes in r, coming from a place.
func (m *model) lasts(j, r int, from int32) int32 {
	at := int(m.shifts[r].pace)*len(m.jobs) + j
	if from == m.jobs[j].at {
		return m.work[at]
	}
	return m.work[at] + m.setup[at]
}

// leasts is how long the jobs take at the best pace.
func (m *model) leasts() []int32 {
	least := make([]int32, len(m.jobs))
	for j := range least {
		least[j] = never
		for p := range m.paces {
			at := p*len(m.jobs) + j
			least[j] = min(least[j], m.work[at]+m.setup[at])
		}
	}
	return least
}
