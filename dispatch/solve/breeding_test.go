package solve_test

import (
	"encoding/json"
	"slices"
	"testing"

	"callout/dispatch/solve"
	"callout/dispatch/solve/check"
)

// town are drives between the corners of streets.
type town [][2]int32

func (s town) Leg(from, to int) solve.Leg {
	x, y := s[from][0]-s[to][0], s[from][1]-s[to][1]
	return solve.Leg{Seconds: max(x, -x) + max(y, -y)}
}

// parcels is a day of like vans, in numbers without a pattern.
func parcels(jobs, vans int) *solve.Problem {
	at := town{{500, 500}}
	p := &solve.Problem{}
	x := uint32(12345)
	draw := func(n int64) int64 {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		return int64(x) % n
	}
	for range jobs {
		at = append(at, [2]int32{int32(draw(1000)), int32(draw(1000))})
		from := draw(20000)
		p.Jobs = append(p.Jobs, solve.Job{
			Place: len(at) - 1, Windows: []solve.Window{{From: from, To: from + 7000}}, Work: 60 * draw(10), Weight: 1, Deliver: []int64{1 + draw(9)},
		})
	}
	for i := range vans {
		p.Shifts = append(p.Shifts, solve.Shift{Technician: i, To: 30000, Capacity: []int64{60}, Rates: solve.Rates{Driving: 3600}})
	}
	p.Places, p.Travel = len(at), []solve.Travel{at}
	return p
}

func solved(t *testing.T, p *solve.Problem, o solve.Options) *solve.Plan {
	t.Helper()
	plan, err := solve.Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Verify(p, plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

func same(t *testing.T, a, b *solve.Plan) {
	t.Helper()
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if !slices.Equal(x, y) {
		t.Errorf("%s\nis not\n%s", x, y)
	}
}

func TestAFleetIsPlannedAgainAsItWas(t *testing.T) {
	p := parcels(24, 7)
	for threads := 1; threads <= 2; threads++ {
		o := solve.Options{Seed: 4, Threads: threads, Iterations: 128 * 280}
		same(t, solved(t, p, o), solved(t, p, o))
	}
}

func TestAFleetUnderAClockIsReplayed(t *testing.T) {
	p := parcels(24, 7)
	asked := 0
	clock := func() float64 { asked++; return float64(asked) / 1200 }
	plan := solved(t, p, solve.Options{Seed: 5, Spent: clock})
	replayed := solved(t, p, solve.Options{Seed: 5, Trace: plan.Trace})
	same(t, plan, replayed)
}

func TestAFleetStoppedInTheMiddleIsReplayed(t *testing.T) {
	p := parcels(24, 7)
	asked := 0
	plan := solved(t, p, solve.Options{
		Seed: 6, Spent: func() float64 { return float64(asked) / 2000 },
		Stop: func() bool { asked++; return asked > 1000 },
	})
	replayed := solved(t, p, solve.Options{Seed: 6, Trace: plan.Trace})
	same(t, plan, replayed)
}

func TestTheGeneticSearchBeatsRuinAndRecreateOnAFleet(t *testing.T) {
	p := parcels(24, 7)
	plan := solved(t, p, solve.Options{Seed: 7, Iterations: 128 * 300})
	if len(plan.Unserved) > 0 {
		t.Fatalf("%d unserved", len(plan.Unserved))
	}
	// Somebody who may not do one job makes it none.
	p.Jobs[0].Forbidden = []int{6}
	other := solved(t, p, solve.Options{Seed: 7, Iterations: 128 * 300})
	if plan.Figures[solve.Cost] > other.Figures[solve.Cost] {
		t.Errorf("the genetic search came to %d, ruin and recreate to %d", plan.Figures[solve.Cost], other.Figures[solve.Cost])
	}
}

func TestAFleetThatIsTooSmallServesWhatItCan(t *testing.T) {
	plan := solved(t, parcels(24, 2), solve.Options{Seed: 8, Iterations: 128 * 300})
	if n := len(plan.Unserved); n == 0 || n == 24 {
		t.Errorf("%d of 24 are unserved", n)
	}
}
