package solve

import (
	"cmp"
	"math"
	"slices"
)

// region is a part of the ground: the technicians who are there, with all their shifts, the jobs
// of their routes, and the jobs near them that nobody does.
type region struct{ jobs, shifts []int32 }

// settler is what is allotted to regions: a technician with his jobs, or an absent job with those
// that depend on it.
type settler struct {
	x, y   float64
	jobs   []int32
	shifts []int32
}

// divide cuts the ground into regions of about as many jobs each, the first cut at an angle.
func (m *model) divide(p *plan, parts int, angle float64) []region {
	crew, loose := m.settlers(p)
	var regions []region
	var cut func(crew, loose []settler, parts int, angle float64)
	cut = func(crew, loose []settler, parts int, angle float64) {
		if parts <= 1 || len(crew) < 2 {
			var r region
			for _, s := range slices.Concat(crew, loose) {
				r.jobs, r.shifts = append(r.jobs, s.jobs...), append(r.shifts, s.shifts...)
			}
			m.sort(&r)
			regions = append(regions, r)
			return
		}
		along := func(s *settler) float64 { return s.x*math.Cos(angle) + s.y*math.Sin(angle) }
		slices.SortStableFunc(crew, func(a, b settler) int { return cmp.Compare(along(&a), along(&b)) })
		slices.SortStableFunc(loose, func(a, b settler) int { return cmp.Compare(along(&a), along(&b)) })
		total := 0
		for i := range crew {
			total += 1 + len(crew[i].jobs)
		}
		first, sum, share := 1, 1+len(crew[0].jobs), total*(parts/2)/parts
		for first < len(crew)-1 && sum < share {
			sum += 1 + len(crew[first].jobs)
			first++
		}
		border := along(&crew[first])
		free, _ := slices.BinarySearchFunc(loose, border, func(s settler, b float64) int { return cmp.Compare(along(&s), b) })
		cut(crew[:first], loose[:free], parts/2, angle+math.Pi/2)
		cut(crew[first:], loose[free:], parts-parts/2, angle+math.Pi/2)
	}
	cut(crew, loose, parts, angle)
	return regions
}

// settlers gathers who is where.
func (m *model) settlers(p *plan) (crew, loose []settler) {
	crew = make([]settler, m.people)
	served := make([]bool, len(m.jobs))
	for r := range m.shifts {
		s := &crew[m.shifts[r].person]
		s.shifts = append(s.shifts, int32(r))
		s.jobs = append(s.jobs, p.routes[r]...)
		for _, j := range p.routes[r] {
			served[j] = true
		}
	}
	for j := range m.jobs {
		if pin := m.jobs[j].pin; pin >= 0 && !served[j] {
			s := &crew[m.shifts[pin].person]
			s.jobs, served[j] = append(s.jobs, int32(j)), true
		}
	}
	crew = slices.DeleteFunc(crew, func(s settler) bool { return len(s.shifts) == 0 })
	for i := range crew {
		m.stand(&crew[i])
	}
	for j := range m.jobs {
		if !served[j] {
			s := settler{jobs: m.dependents(int32(j), served)}
			m.stand(&s)
			loose = append(loose, s)
		}
	}
	return crew, loose
}

// stand puts a settler in the middle of his jobs, or where his first shift begins or ends.
func (m *model) stand(s *settler) {
	g := &m.ground
	if len(s.jobs) == 0 {
		sh := &m.shifts[s.shifts[0]]
		if at := max(sh.start, sh.end); sh.start >= 0 {
			s.x, s.y = g.x[sh.start], g.y[sh.start]
		} else if at >= 0 {
			s.x, s.y = g.x[at], g.y[at]
		}
		return
	}
	for _, j := range s.jobs {
		s.x += g.x[m.jobs[j].at] / float64(len(s.jobs))
		s.y += g.y[m.jobs[j].at] / float64(len(s.jobs))
	}
}

// dependents are j and the unserved jobs tied to it, marked as if they were served.
func (m *model) dependents(j int32, served []bool) []int32 {
	list := []int32{j}
	served[j] = true
	for i := 0; i < len(list); i++ {
		c := &m.jobs[list[i]]
		for _, others := range [3][]int32{c.after, c.before, m.groupOf(list[i])} {
			for _, k := range others {
				if !served[k] {
					served[k] = true
					list = append(list, k)
				}
			}
		}
	}
	return list
}
