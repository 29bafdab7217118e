package api

import (
	"sync"
	"time"

	"github.com/google/uuid"
)

// mostTokens is how many verified tokens are remembered.
const mostTokens = 20_000

// verified is what a token said when its signature was checked: checking it costs more than all
// else about a request. Whether its key still counts and its time has not run out is asked each time.
type verified struct {
	user, session uuid.UUID
	kid           string
	from, until   time.Time
}

type tokenMemory struct {
	mu   sync.RWMutex
	seen map[string]verified
}

func (m *tokenMemory) find(token string) (verified, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, known := m.seen[token]
	return v, known
}

func (m *tokenMemory) keep(token string, v verified, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.seen) >= mostTokens {
		for t, old := range m.seen {
			if now.After(old.until) {
				delete(m.seen, t)
			}
		}
	}
	if m.seen == nil || len(m.seen) >= mostTokens {
		m.seen = map[string]verified{}
	}
	m.seen[token] = v
}
