package week

import (
	"sync"
	"time"
)

// Clock is the time of a simulated operation. It stands until the week moves it on, and never goes back.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that stands at a moment.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// reach moves the clock on to a moment, unless it is past that already.
func (c *Clock) reach(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
}

// tick is how long everything takes that somebody does.
const tick = time.Second

func (c *Clock) tick() { c.reach(c.Now().Add(tick)) }
