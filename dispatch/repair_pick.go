package dispatch

import (
	"cmp"
	"math"
	"slices"

	"callout/internal/geo"
	"callout/internal/policy"

	"github.com/google/uuid"
)

// mostWanted is how many jobs that can wait are looked at to fill time that became free.
const mostWanted = 20

// pick chooses whom a repair is about: who has the troubles, who has time to spare, and the nearest of those
// who could help. It returns the rows in order.
func (s *scene) pick(troubles []trouble, freed map[uuid.UUID]bool) []int {
	chosen := map[int]bool{}
	for i, r := range s.rows {
		if freed[r.Technician.ID] {
			chosen[i] = true
		}
	}
	for _, t := range troubles {
		if t.row >= 0 {
			chosen[t.row] = true
		}
	}
	near := make([][]int, len(troubles))
	spots := s.spots()
	for i, t := range troubles {
		near[i] = s.nearest(t.job, spots, chosen)
	}
	// One for each trouble in turn, the worst first, until there are enough.
	for left, next := int(s.figures.Points(policy.RepairNeighbors)), 0; left > 0; next++ {
		more := false
		for _, rows := range near {
			if next >= len(rows) || left == 0 {
				continue
			}
			more = true
			if !chosen[rows[next]] {
				chosen[rows[next]] = true
				left--
			}
		}
		if !more {
			break
		}
	}
	var rows []int
	for i := range s.rows {
		if chosen[i] {
			rows = append(rows, i)
		}
	}
	return rows
}

// spots are the places that each technician comes to from now on; none of one who is not at work any more.
func (s *scene) spots() [][]geo.Spot {
	all := make([][]geo.Spot, len(s.rows))
	for i, r := range s.rows {
		if !s.works(r) {
			continue
		}
		all[i] = append(all[i], geo.At(r.course.place))
		for _, j := range r.Jobs {
			if j.isAhead() {
				all[i] = append(all[i], geo.At(j.Location.Orb()))
			}
		}
	}
	return all
}

// works says whether something is left of the technician's day.
func (s *scene) works(r Row) bool {
	return r.Technician.Status == TechnicianActive && slices.ContainsFunc(r.Shifts, func(w Shift) bool { return w.works() && w.EndsAt.After(s.now) })
}

// nearest are those who hold the certificates of a job and are not chosen yet, the nearest first.
func (s *scene) nearest(j Job, spots [][]geo.Spot, chosen map[int]bool) []int {
	var rows []int
	far := make([]float64, len(s.rows))
	site := geo.At(j.Location.Orb())
	for i, r := range s.rows {
		if chosen[i] || len(spots[i]) == 0 || !s.certified(r, j) {
			continue
		}
		far[i] = math.MaxFloat64
		for _, spot := range spots[i] {
			far[i] = min(far[i], site.Metres(spot))
		}
		rows = append(rows, i)
	}
	slices.SortFunc(rows, func(a, b int) int { return cmp.Or(cmp.Compare(far[a], far[b]), cmp.Compare(a, b)) })
	return rows
}

// certified says whether a technician holds all certificates of a job, as far as is known for the day.
func (s *scene) certified(r Row, j Job) bool {
	for _, n := range j.Needs {
		held := func(c Certification) bool {
			return c.SkillID == n.SkillID && c.Level >= n.Level && c.ValidFrom.Before(s.to)
		}
		if !slices.ContainsFunc(r.Certifications, held) {
			return false
		}
	}
	return true
}

// wanted are open jobs that can wait, the nearest to those who have time to spare.
func (s *scene) wanted(troubles []trouble, freed map[uuid.UUID]bool) []Job {
	taken := map[uuid.UUID]bool{}
	for _, t := range troubles {
		taken[t.job.ID] = true
	}
	far := map[uuid.UUID]float64{}
	var all []Job
	for _, j := range s.open {
		nearest := math.MaxFloat64
		for _, r := range s.rows {
			if freed[r.Technician.ID] && s.works(r) && s.certified(r, j) {
				nearest = min(nearest, geo.Metres(r.course.place, j.Location.Orb()))
			}
		}
		if !taken[j.ID] && nearest < math.MaxFloat64 {
			far[j.ID] = nearest
			all = append(all, j)
		}
	}
	slices.SortStableFunc(all, func(a, b Job) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(far[a.ID], far[b.ID]))
	})
	return all[:min(len(all), mostWanted)]
}
