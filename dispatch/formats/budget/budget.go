// Package budget runs the optimizer for as long as somebody allows, and lets nothing out that
// the checker has not passed.
//
// It owns the clocks of a search: wall time, processor time, a number of iterations, and when to
// stop. It does not own the search.
package budget

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"callout/dispatch/solve"
	"callout/dispatch/solve/check"
	"callout/internal/fault"
)

// Budget is how long to search. At most one of Iterations, Seconds and CPUSeconds is above 0; with
// none it is DefaultSeconds.
type Budget struct {
	Iterations int64
	Seconds    float64 // of wall time, from the begin of the search
	CPUSeconds float64 // of processor time of this process, from its begin
	Trace      [][]uint16
	Threads    int // 0: one, and every core where wall time counts
	Seed       uint64
}

// DefaultSeconds is the wall time of a search that nothing else is said of.
const DefaultSeconds = 10

// Effort is what a search took.
type Effort struct {
	Seconds    float64
	CPUSeconds float64 // of the whole process
	Iterations int64
	Seed       uint64
	Threads    int
}

// Solve searches for a plan until the budget is spent or stop says so, and tells improved of
// better plans as they come. What is wrong with the problem is fault.Invalid.
func Solve(p *solve.Problem, b Budget, stop func() bool, improved func(*solve.Plan)) (*solve.Plan, Effort, error) {
	began := time.Now()
	o := solve.Options{Seed: b.Seed, Threads: b.threads(), Stop: stop, Improved: improved}
	switch {
	case b.Trace != nil:
		o.Trace, o.Threads = b.Trace, len(b.Trace)
	case b.Iterations > 0:
		o.Iterations = b.Iterations
	case b.CPUSeconds > 0:
		o.Spent = cpuClock(b.CPUSeconds)
	default:
		o.Spent = wallClock(began, b.Seconds)
	}
	plan, err := solve.Solve(p, o)
	if err != nil {
		return nil, Effort{}, err
	}
	if err := check.Verify(p, plan); err != nil {
		// Not the caller's fault: he is told nothing, and whoever keeps the logs everything.
		return nil, Effort{}, fmt.Errorf("the plan breaks the problem's rules: %w", unfaulted(err))
	}
	return plan, Effort{time.Since(began).Seconds(), CPU(), plan.Steps, b.Seed, o.Threads}, nil
}

// unfaulted hides that an error names the caller's input: it is ours.
func unfaulted(err error) error { return errors.New(fault.From(err).Error()) }

func (b Budget) threads() int {
	switch {
	case b.Threads > 0:
		return b.Threads
	case b.Iterations > 0 || b.CPUSeconds > 0:
		return 1 // the same plan on every machine, and no more than was allowed
	}
	return runtime.GOMAXPROCS(0)
}

func wallClock(began time.Time, seconds float64) func() float64 {
	if seconds <= 0 {
		seconds = DefaultSeconds
	}
	return func() float64 { return time.Since(began).Seconds() / seconds }
}

// cpuClock spends what the process has not used up yet, but for what writing the plan will take.
func cpuClock(seconds float64) func() float64 {
	used := CPU()
	left := max(seconds-used-closing, 0.001)
	return func() float64 { return (CPU() - used) / left }
}

// closing is the processor time between the end of a search and that of the process.
const closing = 0.005
