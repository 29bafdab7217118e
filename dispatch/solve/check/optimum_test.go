package check_test

import (
	"math/rand/v2"
	"testing"

	"callout/dispatch/solve"
)

// Steps of the search that are plenty for half a dozen jobs.
const plenty = 4000

// compare solves small problems and counts the plans that are not the best there is. None can be
// better, or one of the two is wrong.
func compare(t *testing.T, problems int, first uint64, most size, pin bool) (tried, worse int) {
	t.Helper()
	for seed := first; tried < problems; seed++ {
		p := random(seed, most)
		if p.Check() != nil {
			continue
		}
		if pin {
			p = settledBy(p, solved(t, p, solve.Options{Iterations: 200}), rand.New(rand.NewPCG(seed, 4)))
		}
		tried++
		want, routes := best(p)
		plan := solved(t, p, solve.Options{Seed: seed, Iterations: plenty})
		switch c := plan.Score.Compare(want); {
		case c < 0:
			t.Errorf("seed %d: %v is better than the best of all, %v", seed, plan.Score, want)
		case c > 0:
			worse++
			t.Logf("seed %d: %v, the best is %v by %v", seed, plan.Score, want, routes)
		}
	}
	return tried, worse
}

func TestSmallProblemsAreSolvedToTheirOptimum(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		problems int
		most     size
		pin      bool
		worse    int // how many may be
	}{
		{"six jobs", 150, size{jobs: 6, shifts: 2, fewBreaks: true}, false, 0},
		{"six jobs, some settled", 150, size{jobs: 6, shifts: 2, fewBreaks: true}, true, 0},
		{"three shifts", 150, size{jobs: 5, shifts: 3}, false, 0},
		{"crews and what comes after what", 300, size{jobs: 4, shifts: 3, fewBreaks: true, ties: true}, false, 3},
	}
	for n, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tried, worse := compare(t, tt.problems, uint64(n+4)*1e6, tt.most, tt.pin)
			if worse > tt.worse {
				t.Errorf("%d of %d plans are not the best", worse, tried)
			}
		})
	}
}
