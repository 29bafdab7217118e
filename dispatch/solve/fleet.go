package solve

import (
	"math"

	"callout/dispatch/solve/genetic"
)

// mostVisits is how many jobs the genetic search is given at most: with more of them its local
// searches take too long to be many.
const mostVisits = 1500

// fleet is a model whose shifts are all alike and whose jobs know one window, one load and nothing
// else that matters: package genetic knows how to route those, once all of them can be served.
type fleet struct {
	problem genetic.Problem
	jobs    []int32 // by place: the job; the depot is none
	visit   []int32 // by job: its place; 0 = nobody can do it, even on an empty day
}

// fleet is the model as one, nil where it has other rules.
func (m *model) fleet() *fleet {
	if !m.plain || len(m.kinds) != 1 || !m.onlyCosts() {
		return nil
	}
	s := &m.shifts[0]
	f := &fleet{jobs: []int32{-1}, visit: make([]int32, len(m.jobs))}
	for j := range m.jobs {
		c := &m.jobs[j]
		if !m.can.has(j, 0) || m.hopeless(j, s) {
			continue
		}
		if c.pin >= 0 || c.prefs != nil || c.published >= 0 || c.needs != nil || c.held {
			return nil
		}
		f.visit[j] = int32(len(f.jobs))
		f.jobs = append(f.jobs, int32(j))
	}
	n := len(f.jobs) - 1
	day := int64(s.limit - s.from)
	if n == 0 || n > mostVisits || len(s.breaks) > 0 || day <= 0 || day*int64(n+1) >= genetic.MostTime {
		return nil
	}
	f.problem = genetic.Problem{Visits: n, Vehicles: min(n, len(m.shifts))}
	if !f.loads(m) {
		return nil
	}
	f.times(m, s)
	f.costs(m, s)
	return f
}

// hopeless says whether a job does not fit even into an empty day.
func (m *model) hopeless(j int, s *shift) bool {
	c, legs := &m.jobs[j], &m.legs[s.profile]
	at := int(s.pace)*len(m.jobs) + j
	begin := max(s.from+legs.seconds[int(s.start)*legs.width+int(c.at)], c.first)
	home := int64(begin) + int64(m.work[at]) + int64(m.setup[at]) + int64(legs.seconds[int(c.at)*legs.width+int(s.end)])
	return begin > c.last || home > int64(s.limit)
}

// onlyCosts says whether plans that serve the same jobs differ in cost alone.
func (m *model) onlyCosts() bool {
	costs := false
	for _, level := range m.objective() {
		for _, t := range level {
			costs = costs || t.Of == Cost && t.Price > 0
		}
	}
	return costs
}

// loads finds the one dimension of loads that can run out. It says false where there are more.
func (f *fleet) loads(m *model) bool {
	s := &m.shifts[0]
	p, limits := &f.problem, 0
	p.Load = make([]int32, len(f.jobs))
	p.Capacity = int32(len(f.jobs))
	if s.most > 0 && int(s.most) < p.Visits {
		limits++
		p.Capacity = s.most
		for i := 1; i < len(f.jobs); i++ {
			p.Load[i] = 1
		}
	}
	for d := range m.loads {
		room, sum := int64(0), int64(0)
		if d < len(s.capacity) {
			room = s.capacity[d]
		}
		for _, j := range f.jobs[1:] {
			if load := m.jobs[j].deliver; d < len(load) {
				sum += load[d]
			}
		}
		if sum <= room {
			continue
		}
		if limits++; limits > 1 || sum >= math.MaxInt32 {
			return false
		}
		p.Capacity = int32(room)
		for i, j := range f.jobs[1:] {
			if load := m.jobs[j].deliver; d < len(load) {
				p.Load[i+1] = int32(load[d])
			}
		}
	}
	return true
}

// times fills in when work may begin, how long it takes, and the drives.
func (f *fleet) times(m *model, s *shift) {
	p, w := &f.problem, len(f.jobs)
	p.Early, p.Late, p.Service = make([]int32, w), make([]int32, w), make([]int32, w)
	day := s.limit - s.from
	p.Late[0] = day
	for i, j := range f.jobs[1:] {
		c := &m.jobs[j]
		p.Early[i+1] = min(max(0, c.first-s.from), day)
		p.Late[i+1] = min(c.last-s.from, day)
		at := int(s.pace)*len(m.jobs) + int(j)
		p.Service[i+1] = min(m.work[at]+m.setup[at], day+1)
	}
	p.Time = make([]int32, w*w)
	seconds, width := m.legs[s.profile].seconds, m.legs[s.profile].width
	f.ways(m, s, func(way int, from, to int32) {
		p.Time[way] = min(seconds[int(from)*width+int(to)], day+1)
	})
}

// ways goes through the drives from place to place, but for those of a technician who stays.
func (f *fleet) ways(m *model, s *shift, do func(way int, from, to int32)) {
	w := len(f.jobs)
	for i := range w {
		from := s.start
		if i > 0 {
			from = m.jobs[f.jobs[i]].at
		}
		for k := range w {
			to := s.end
			if k > 0 {
				to = m.jobs[f.jobs[k]].at
			}
			if i != k {
				do(i*w+k, from, to)
			}
		}
	}
}

// costs fills in what drives cost, divided by what all of them are multiples of. What does not
// fit then is rounded: the search may take two plans for equal that are not, but no more.
func (f *fleet) costs(m *model, s *shift) {
	p, w := &f.problem, len(f.jobs)
	prices := make([]int64, w*w)
	common, most := s.fixed, s.fixed
	f.ways(m, s, func(way int, from, to int32) {
		prices[way] = m.price(s, from, to)
		common, most = divisor(common, prices[way]), max(most, prices[way])
	})
	common = max(1, common)
	for most/common >= genetic.MostCost {
		common *= 2
	}
	p.Cost = make([]int32, w*w)
	same := true
	for i, c := range prices {
		p.Cost[i] = int32((c + common/2) / common)
		same = same && p.Cost[i] == p.Time[i]
	}
	if same {
		p.Time = p.Cost // one table is faster than two
	}
	p.Fixed = int32((s.fixed + common/2) / common)
}

// divisor is the greatest that two numbers have in common (Euclid).
func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// routes are those of a plan by places; ok is false where not all are served that could be.
func (f *fleet) routes(p *plan) (routes [][]int32, ok bool) {
	served := 0
	for _, jobs := range p.routes {
		if len(jobs) == 0 {
			continue
		}
		places := make([]int32, len(jobs))
		for i, j := range jobs {
			places[i] = f.visit[j]
		}
		routes = append(routes, places)
		served += len(jobs)
	}
	return routes, p.undone == 0 && served == f.problem.Visits
}

// plan is a genetic plan as the model knows it; false where it is none for the model, or no better
// than p, which it replaces otherwise.
func (f *fleet) plan(m *model, routes [][]int32, p *plan) bool {
	s := newState(m, random{})
	for r, places := range routes {
		jobs := make([]int32, len(places))
		for i, place := range places {
			jobs[i] = f.jobs[place]
		}
		if !s.fill(r, jobs) {
			return false
		}
	}
	score := s.score()
	if score.Compare(p.score) >= 0 {
		return false
	}
	s.keep(p, score)
	return true
}
