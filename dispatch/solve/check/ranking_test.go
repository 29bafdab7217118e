package check_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"callout/dispatch/solve"
	"callout/dispatch/workday"
	"callout/internal/geo"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// town tells the drives between spots, the same to both packages.
type town []geo.Spot

func (t town) Leg(from, to int) solve.Leg {
	l := geo.DefaultTravel.Between(t[from], t[to])
	return solve.Leg{Seconds: int32(l.Seconds), Metres: int32(l.Metres)}
}

// booked draws a day with bookings at set times and one visit to be put among them, as ranking
// sees it and as the optimizer does.
func booked(r *rand.Rand) (workday.Day, workday.Visit, *solve.Problem) {
	var spots town
	spot := func() (orb.Point, int) {
		at := orb.Point{13.3 + float64(r.IntN(200))/1000, 52.4 + float64(r.IntN(200))/1000}
		spots = append(spots, geo.At(at))
		return at, len(spots) - 1
	}
	between := func(a, b int64) int64 { return a + r.Int64N(b-a+1) }
	var d workday.Day
	var s solve.Shift
	d.Start, s.Start = spot()
	d.End, s.End = spot()
	s.From = between(7*60, 9*60) * minute
	s.To = s.From + between(5*60, 10*60)*minute
	s.Rates.Driving = 3600
	d.Shift = workday.Window{From: s.From, To: s.To}
	earliest := s.From
	for range r.IntN(3) { // one after the other, so that both have them in the same order
		b := workday.Break{Earliest: earliest + between(0, 180)*minute, Duration: between(5, 60) * minute}
		earliest = b.Earliest + between(1, 120)*minute
		b.Latest = earliest
		d.Breaks = append(d.Breaks, b)
		s.Breaks = append(s.Breaks, solve.Break{Windows: []solve.Window{{From: b.Earliest, To: b.Latest}}, Duration: b.Duration})
	}
	if r.IntN(2) == 0 {
		until := between(8*60, 18*60) * minute
		d.Grants = []workday.Grant{{Skill: "oven", Level: 2, From: 0, To: until}}
		s.Grants = []solve.Grant{{Skill: 0, Level: 2, From: 0, To: until}}
	}
	p := &solve.Problem{}
	t := s.From
	for n := range 1 + r.IntN(5) {
		at, place := spot()
		t += between(0, 120) * minute
		work := between(0, 90) * minute
		d.Stops = append(d.Stops, workday.Visit{ID: id(n), At: at, Duration: work, Fixed: true, Start: t})
		p.Jobs = append(p.Jobs, solve.Job{Place: place, Work: work, Pin: &solve.Pin{Timed: true, Start: t}})
		t += max(0, work+between(-10, 60)*minute)
	}
	var v workday.Visit
	j := solve.Job{Weight: 1}
	v.ID = id(99)
	v.At, j.Place = spot()
	v.Duration = between(0, 90) * minute
	j.Work = v.Duration
	for range r.IntN(3) {
		from := between(7*60, 17*60) * minute
		v.Windows = append(v.Windows, workday.Window{From: from, To: from + between(0, 180)*minute})
	}
	for _, w := range v.Windows {
		j.Windows = append(j.Windows, solve.Window(w))
	}
	if r.IntN(3) == 0 {
		level := 1 + r.IntN(3)
		v.Needs, j.Needs = []workday.Need{{Skill: "oven", Level: level}}, []solve.Need{{Skill: 0, Level: level}}
	}
	p.Places, p.Travel, p.Shifts, p.Jobs = len(spots), []solve.Travel{spots}, []solve.Shift{s}, append(p.Jobs, j)
	return d, v, p
}

func id(n int) (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

func TestRankingAndTheOptimizerAgreeOnADay(t *testing.T) {
	t.Parallel()
	fit, not := 0, 0
	for seed := range uint64(3000) {
		d, v, p := booked(rand.New(rand.NewPCG(seed, 5)))
		if p.Check() != nil {
			continue
		}
		in, why := workday.Insert(d, v, geo.DefaultTravel, workday.Weights{Travel: 1})
		plan := solved(t, p, solve.Options{Iterations: 60})
		position := -1
		var stop solve.Stop
		for n, s := range plan.Routes[0].Stops {
			if s.Job == len(p.Jobs)-1 {
				position, stop = n, s
			}
		}
		if (position >= 0) != (len(why) == 0) {
			t.Errorf("seed %d: ranking says %+v %+v, the plan %+v", seed, in, why, plan.Routes[0])
			continue
		}
		if position < 0 {
			not++
			continue
		}
		fit++
		s, _ := workday.NewRoute(d, geo.DefaultTravel).Schedule()
		if in.Travel != plan.Routes[0].Driving-s.Travel {
			t.Errorf("seed %d: it adds %d s of driving to the ranking's day, %d s to the plan's", seed, in.Travel, plan.Routes[0].Driving-s.Travel)
		}
		// The plan may have a break first where ranking has it later: home is reached sooner so.
		if position == in.Position && (stop.Start < in.Start || len(d.Breaks) == 0 && (stop.Start != in.Start || stop.Arrive != in.Arrive)) {
			t.Errorf("seed %d: ranking is there at %d and begins at %d, the plan at %d and %d", seed, in.Arrive, in.Start, stop.Arrive, stop.Start)
		}
	}
	if fit < 500 || not < 500 {
		t.Errorf("%d fit and %d do not: one of them is hardly tried", fit, not)
	}
}
