package solve

import "math"

// perRound is how many steps a round has: after each the clock is asked.
const perRound = 128

// clock says how much of the budget of one thread is spent: of its steps, of what is asked, or
// as a trace tells. What it says is a multiple of 1/65535, so that a trace tells all of it.
type clock struct {
	o      *Options
	trace  []uint16 // what was said
	thread int
	steps  int64
	asked  int
	ended  bool // it said to stop
}

// tick begins a round, and says how much is spent; false = stop at once.
func (c *clock) tick() (float64, bool) {
	var f float64
	switch {
	case c.ended:
		return 1, false
	case c.o.Trace != nil:
		if c.thread >= len(c.o.Trace) || c.asked >= len(c.o.Trace[c.thread]) {
			c.ended = true
			return 1, false
		}
		said := c.o.Trace[c.thread][c.asked]
		c.asked++
		c.trace = append(c.trace, said)
		return float64(said) / math.MaxUint16, true
	case c.o.Stop != nil && c.o.Stop():
		c.ended = true
		return 1, false
	case c.o.Iterations > 0:
		f = float64(c.steps) / float64(c.o.Iterations)
		return min(f, 1), true
	default:
		f = c.o.Spent()
	}
	said := uint16(math.Round(min(1, max(0, f)) * math.MaxUint16))
	if n := len(c.trace); n > 0 {
		said = max(said, c.trace[n-1])
	}
	c.trace = append(c.trace, said)
	return float64(said) / math.MaxUint16, true
}
