package osrm

import (
	"errors"
	"sync"
	"time"
)

// errResting says that the server failed so often that it is left alone for a while.
var errResting = errors.New("ask osrm: it is left alone after its failures")

// breaker keeps us from asking a server that is down: after so many failures in a row nobody asks
// for a while, then one request goes ahead to see.
type breaker struct {
	patience int
	rest     time.Duration
	now      func() time.Time

	mu      sync.Mutex
	row     int       // failures since the last answer
	until   time.Time // nobody asks before
	probing bool      // somebody asks whether the rest is over
}

// may says whether to ask now. Whoever asks says afterwards what came of it.
func (b *breaker) may() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.row < b.patience {
		return true
	}
	if b.probing || b.now().Before(b.until) {
		return false
	}
	b.probing = true
	return true
}

func (b *breaker) heard() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.row, b.probing = 0, false
}

func (b *breaker) failed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.row++
	b.probing = false
	if b.row >= b.patience {
		b.until = b.now().Add(b.rest)
	}
}

// unheard says that the question was taken back.
func (b *breaker) unheard() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
