package check_test

import (
	"math/rand/v2"
	"testing"

	"callout/dispatch/solve"
)

// steps of the search are plenty for half a dozen jobs.
const steps = 3000

// compare solves small problems and counts the plans that are not the best there is. None can be
// better, or one of the two is wrong.
func compare(t *testing.T, problems int, first uint64, most size, pin bool, o solve.Objective) (worse int) {
	t.Helper()
	for seed := first; seed < first+uint64(problems); seed++ {
		p := random(seed, most)
		if o != nil {
			p.Objective = o
		}
		if pin {
			p = settledBy(p, solved(t, p, solve.Options{Iterations: 200}), rand.New(rand.NewPCG(seed, 4)))
		}
		want, routes := best(p)
		plan := solved(t, p, solve.Options{Seed: seed, Iterations: steps})
		switch c := plan.Score.Compare(want); {
		case c < 0:
			t.Errorf("seed %d: %v is better than the best of all, %v", seed, plan.Score, want)
		case c > 0:
			worse++
			t.Logf("seed %d: %v, the best is %v by %v", seed, plan.Score, want, routes)
		}
	}
	return worse
}

func TestSmallProblemsAreSolvedToTheirOptimum(t *testing.T) {
	t.Parallel()
	usual := solve.DefaultObjective()
	tests := []struct {
		name  string
		most  size
		pin   bool
		o     solve.Objective // nil = any
		worse int             // of two hundred: what is traded between levels is not always traded back
	}{
		{"six jobs", size{jobs: 6, shifts: 2, fewBreaks: true}, false, usual, 1},
		{"six jobs, some settled", size{jobs: 6, shifts: 2, fewBreaks: true}, true, usual, 1},
		{"three shifts with many breaks", size{jobs: 5, shifts: 3}, false, usual, 1},
		{"crews and what comes after what", size{jobs: 4, shifts: 3, fewBreaks: true, ties: true}, false, usual, 2},
		// Where serving nobody is the best, or levels contradict each other, the search may miss it.
		{"any objective", size{jobs: 5, shifts: 3, fewBreaks: true}, false, nil, 20},
	}
	for n, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if worse := compare(t, 200, uint64(n+4)*1e6, tt.most, tt.pin, tt.o); worse > tt.worse {
				t.Errorf("%d of 200 plans are not the best", worse)
			}
		})
	}
}
