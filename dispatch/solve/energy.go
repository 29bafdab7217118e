package solve

import (
	"math"
	"slices"
)

// energy says what the search minimizes: one number, in which the figures of a higher level
// weigh more than those of a lower one. Plans are compared by their scores all the same.
type energy struct {
	leg                              float64 // a usual drive, in CostUnit: the measure of all
	late, imbalance, dislike, change float64 // of one of each
	above                            int     // how many levels stand above that of the cost
	choosy                           bool    // serving a job may be worth less than a drive
}

// How much the figures of a level weigh, in usual drives: what serving a job of usual weight is
// worth, by how much one such level outweighs the next, and a usual amount of what is soft, above
// and below the level of the cost.
const (
	worthOfJob   = 200
	worthOfClass = 10
	worthAbove   = 8
	worthBelow   = 0.3
	sampledLegs  = 1024
	choosyBelow  = 20
)

// weigh scales the objective to the problem.
func (m *model) weigh() energy {
	o := m.objective()
	seconds, price := m.usualLeg()
	e := energy{leg: price}
	costAt := len(o)
	for l, level := range o {
		for _, t := range level {
			if t.Of == Cost && t.Price > 0 {
				costAt = min(costAt, l)
			}
		}
	}
	strength := float64(worthOfJob)
	gains := make([]float64, len(m.jobs))
	for l := len(o) - 1; l >= 0; l-- {
		serving, usual, soft := 0.0, 0.0, 0.0
		for _, t := range o[l] {
			switch t.Of {
			case Missed, Unserved:
				serving += float64(t.Price) * m.usualMiss(t)
			case Cost:
				usual += float64(t.Price) * price
			default:
				soft = max(soft, float64(t.Price)*m.usual(t.Of, seconds))
			}
		}
		unit := 0.0 // of energy for one of the level
		switch {
		case usual > 0:
			unit = price / usual
		case serving > 0 && l > costAt:
			unit = worthBelow * price / serving
		case serving > 0:
			unit = strength * price / serving
			strength *= worthOfClass
		case soft > 0 && l > costAt:
			unit = worthBelow * price / soft
		case soft > 0:
			unit = worthAbove * price / soft
		}
		for _, t := range o[l] {
			worth := unit * float64(t.Price)
			switch t.Of {
			case Missed, Unserved:
				for j := range m.jobs {
					gains[j] += worth * m.missOf(t, j)
				}
			case Lateness:
				e.late += worth
			case Imbalance:
				e.imbalance += worth
			case Dislike:
				e.dislike += worth
			case Changed:
				e.change += worth
			default: // cost is energy itself
			}
		}
	}
	e.above = costAt
	for j := range m.jobs {
		m.jobs[j].gain = int64(min(gains[j], math.MaxInt64/1e6))
		e.choosy = e.choosy || gains[j] < choosyBelow*price
	}
	return e
}

func (m *model) objective() Objective {
	if m.p.Objective == nil {
		return DefaultObjective()
	}
	return m.p.Objective
}

// balanced says whether the spread of the work matters.
func (m *model) balanced() bool {
	for _, level := range m.objective() {
		for _, t := range level {
			if t.Of == Imbalance && t.Price != 0 {
				return true
			}
		}
	}
	return false
}

// missOf is what a term counts for a job that is not served.
func (m *model) missOf(t Term, j int) float64 {
	switch {
	case t.Of == Unserved:
		return 1
	case t.Class == AllClasses || t.Class == int(m.jobs[j].class):
		return float64(m.jobs[j].weight)
	}
	return 0
}

// usualMiss is the mean of what it counts, over the jobs for which it does.
func (m *model) usualMiss(t Term) float64 {
	sum, n := 0.0, 0.0
	for j := range m.jobs {
		if x := m.missOf(t, j); x > 0 {
			sum, n = sum+x, n+1
		}
	}
	return sum / max(1, n)
}

// usual is about how much of a soft figure one decision makes.
func (m *model) usual(f Figure, seconds float64) float64 {
	switch f {
	case Lateness:
		sum, n := 0.0, 0.0
		for j := range m.jobs {
			if m.jobs[j].soft {
				sum, n = sum+float64(m.jobs[j].lateWeight), n+1
			}
		}
		return sum / max(1, n) * max(60, seconds)
	case Imbalance:
		day := 0.0
		for i := range m.shifts {
			day += float64(m.shifts[i].to-m.shifts[i].from) / 60
		}
		return 2 * day / max(1, float64(len(m.shifts))) * max(1, seconds/60)
	case Dislike:
		sum, n := 0.0, 0.0
		for j := range m.jobs {
			for _, like := range m.jobs[j].prefs {
				sum, n = sum+math.Abs(float64(like.points)), n+1
			}
		}
		return max(1, sum) / max(1, n)
	default:
		return 1
	}
}

// usualLeg is the mean drive between two jobs, and what it costs.
func (m *model) usualLeg() (seconds, price float64) {
	if len(m.jobs) == 0 || len(m.shifts) == 0 {
		return 1, 1
	}
	r, minute := newRandom(1, 1), 0.0
	for range sampledLegs {
		sh := &m.shifts[r.below(len(m.shifts))]
		a, b := m.jobs[r.below(len(m.jobs))].at, m.jobs[r.below(len(m.jobs))].at
		if a == b && sh.start >= 0 {
			a = sh.start
		}
		l := m.p.Travel[sh.profile].Leg(int(a), int(b))
		seconds += float64(l.Seconds)
		minute += 60 * float64(sh.perSecond) / sampledLegs
		price += float64(sh.perSecond)*float64(l.Seconds) + float64(sh.perMetre)*float64(l.Metres) + CostUnit*float64(l.Cost)
	}
	seconds, price = max(1, seconds/sampledLegs), price/sampledLegs
	if price < 1 && !slices.ContainsFunc(m.shifts, func(s shift) bool { return s.perSecond != 0 || s.perMetre != 0 }) {
		// Where drives cost nothing, shorter ones are still better: they leave room.
		m.free, price = true, seconds
	}
	// Jobs that are all at one place are no reason to think little of them.
	return seconds, max(1, price, minute)
}
