package solve

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

// brittle is a travel that panics from the n-th drive on that is asked for.
type brittle struct {
	Travel
	left atomic.Int64
}

func (b *brittle) Leg(from, to int) Leg {
	if b.left.Add(-1) < 0 {
		panic("no such drive")
	}
	return b.Travel.Leg(from, to)
}

func TestWhatPanicsInASearchIsAnError(t *testing.T) {
	for name, day := range map[string]*Problem{"one region": fieldDay(60, 8, 1), "regions": fieldDay(divideAbove+100, 40, 3)} {
		for _, threads := range []int{1, 3} {
			drives := func(n int64) *Problem {
				p, b := *day, &brittle{Travel: day.Travel[0]}
				b.left.Store(n)
				p.Travel = []Travel{b}
				return &p
			}
			all := &brittle{Travel: day.Travel[0]}
			all.left.Store(1 << 40)
			counted := *day
			counted.Travel = []Travel{all}
			o := Options{Seed: 1, Threads: threads, Iterations: 2000}
			solved(t, &counted, o)
			asked := 1<<40 - all.left.Load()
			var ticks atomic.Int64
			spent := func() float64 {
				if ticks.Add(1) == 40 {
					panic("no such clock")
				}
				return 0 // nothing but the panic ends the search
			}
			for what, search := range map[string]func() (*Plan, error){
				"no such drive, at once":      func() (*Plan, error) { return Solve(drives(3), o) },
				"no such drive, halfway":      func() (*Plan, error) { return Solve(drives(asked/2), o) },
				"no such drive, at the end":   func() (*Plan, error) { return Solve(drives(asked-1), o) },
				"no such clock":               func() (*Plan, error) { return Solve(day, Options{Seed: 1, Threads: threads, Spent: spent}) },
				"nobody to tell":              func() (*Plan, error) { return Solve(day, telling(o, func() { panic("nobody to tell") })) },
				"runtime error: index out of": func() (*Plan, error) { return Solve(day, telling(o, func() { _ = []int{}[threads] })) },
			} {
				plan, err := search()
				broken, is := errors.AsType[*BrokenError](err)
				cause, _, _ := strings.Cut(what, ",")
				if plan != nil || !is || !strings.Contains(err.Error(), "the search broke: "+cause) || !strings.Contains(string(broken.Stack), "broken_test.go") {
					t.Errorf("%s, %d threads, %s: %v", name, threads, what, err)
				}
			}
		}
	}
}

func telling(o Options, tell func()) Options {
	o.Improved = func(*Plan) { tell() }
	o.Iterations = 20000
	return o
}
