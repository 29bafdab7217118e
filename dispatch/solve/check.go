package solve

import (
	"fmt"

	"callout/internal/fault"
)

// What figures may come to: far beyond any use, and small enough for sums to stay whole.
const (
	longestSpan = 15 * 365 * 86400
	mostWeight  = 1_000_000_000
	mostRate    = 100_000_000
	mostAmount  = 1_000_000_000_000
)

// Check returns all that is wrong with the problem, each by its pointer, as one fault; nil where
// nothing is.
func (p *Problem) Check() error {
	c := checker{p: p, first: Forever, last: -Forever}
	c.travel()
	for i := range p.Shifts {
		c.shift(fmt.Sprintf("/shifts/%d", i), &p.Shifts[i])
	}
	c.stock()
	for i := range p.Jobs {
		c.job(fmt.Sprintf("/jobs/%d", i), &p.Jobs[i])
	}
	c.circles()
	c.objective()
	c.initial()
	if len(c.faults) == 0 && c.first <= c.last && c.last-c.first >= longestSpan {
		c.faults.Add(c.lastAt, "the first and the last time of the problem are too far apart: %d seconds", c.last-c.first)
	}
	return c.faults.Err(fault.Invalid, "the problem cannot be planned")
}

// checker gathers the faults of a problem.
type checker struct {
	p           *Problem
	faults      fault.Faults
	first, last int64 // of all times named
	lastAt      string
}

func (c *checker) travel() {
	if c.p.Places < 0 {
		c.faults.Add("/places", "must not be negative")
	}
	for i, t := range c.p.Travel {
		if t == nil {
			c.faults.Add(fmt.Sprintf("/travel/%d", i), "is missing")
		}
	}
}

// time notes a moment; what was always or never is none.
func (c *checker) time(at string, t int64) {
	switch {
	case t < -Forever || t > Forever:
		c.faults.Add(at, "is beyond all time")
	case t > -Forever && t < Forever:
		c.first = min(c.first, t)
		if t > c.last {
			c.last, c.lastAt = t, at
		}
	}
}

// moment is a time that must come.
func (c *checker) moment(at string, t int64) {
	if t <= -Forever || t >= Forever {
		c.faults.Add(at, "must be a time")
		return
	}
	c.time(at, t)
}

func (c *checker) windows(at string, windows []Window) {
	for i, w := range windows {
		here := fmt.Sprintf("%s/windows/%d", at, i)
		if w.From > w.To {
			c.faults.Add(here, "ends before it begins")
			continue
		}
		c.time(here+"/from", w.From)
		c.time(here+"/to", w.To)
	}
}

// within says that a figure must be from 0 to a limit.
func (c *checker) within(at string, n, most int64) bool {
	if n < 0 || n > most {
		c.faults.Add(at, "must be from 0 to %d", most)
		return false
	}
	return true
}

// index says that something must be one of so many.
func (c *checker) index(at string, i, n int) bool {
	if i < 0 || i >= n {
		c.faults.Add(at, "is none of the %d that there are", n)
		return false
	}
	return true
}

func (c *checker) place(at string, i int) {
	if i != Nowhere {
		c.index(at, i, c.p.Places)
	}
}

func (c *checker) amounts(at string, amounts []int64) {
	for i, n := range amounts {
		c.within(fmt.Sprintf("%s/%d", at, i), n, mostAmount)
	}
}

func (c *checker) parts(at string, parts []Amount) {
	for i, a := range parts {
		c.within(fmt.Sprintf("%s/%d/count", at, i), a.Count, mostAmount)
	}
}

func (c *checker) stock() {
	for i, parts := range c.p.Stock {
		c.parts(fmt.Sprintf("/stock/%d", i), parts)
	}
}

func (c *checker) initial() {
	if n := len(c.p.Initial); n > len(c.p.Shifts) {
		c.faults.Add("/initial", "has %d routes for %d shifts", n, len(c.p.Shifts))
	}
	seen := make([]bool, len(c.p.Jobs))
	for i, jobs := range c.p.Initial {
		for k, j := range jobs {
			at := fmt.Sprintf("/initial/%d/%d", i, k)
			if c.index(at, j, len(seen)) {
				if seen[j] {
					c.faults.Add(at, "is there twice")
				}
				seen[j] = true
			}
		}
	}
}

func (c *checker) objective() {
	if n := len(c.p.Objective); n > MaxLevels {
		c.faults.Add("/objective", "has %d levels, more than %d", n, MaxLevels)
	}
	for i, level := range c.p.Objective {
		for k, t := range level {
			at := fmt.Sprintf("/objective/%d/%d", i, k)
			c.index(at+"/of", int(t.Of), int(figures))
			c.within(at+"/price", t.Price, mostWeight)
			if t.Of == Missed && t.Class != AllClasses {
				c.index(at+"/class", t.Class, Classes)
			}
		}
	}
}

// circles finds jobs that come after themselves.
func (c *checker) circles() {
	state := make([]int8, len(c.p.Jobs)) // 1: on the way, 2: done
	type visit struct{ job, next int }
	for i := range c.p.Jobs {
		if state[i] != 0 {
			continue
		}
		state[i] = 1
		for path := []visit{{i, 0}}; len(path) > 0; {
			v := &path[len(path)-1]
			after := c.p.Jobs[v.job].After
			if v.next == len(after) {
				state[v.job] = 2
				path = path[:len(path)-1]
				continue
			}
			k := after[v.next]
			v.next++
			switch {
			case k < 0 || k >= len(state):
			case state[k] == 1:
				c.faults.Add(fmt.Sprintf("/jobs/%d/after/%d", v.job, v.next-1), "leads back to job %d", v.job)
			case state[k] == 0:
				state[k] = 1
				path = append(path, visit{k, 0})
			}
		}
	}
}
