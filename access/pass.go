package access

import (
	"context"
	"sync"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

const (
	// maxAge is how long a pass is believed without a word from the database: long enough to spare
	// it a busy client's requests, short enough should a word be lost.
	maxAge = 5 * time.Second

	// mostRemembered bounds what is remembered; beyond it all is read again.
	mostRemembered = 20_000
)

// Pass says who stands behind a session now: name, roles, outlet, technician. It returns
// fault.Unauthenticated where the session has ended or the user is disabled.
func (s *Staff) Pass(ctx context.Context, session, user uuid.UUID) (who.Actor, error) {
	now := s.now()
	a, seen, known := s.passes.find(session, user, now)
	if known {
		return a, nil
	}
	a, err := readPass(ctx, s.db, session, user)
	if err != nil {
		return who.Actor{}, err
	}
	s.passes.keep(a, seen, now)
	return a, nil
}

// passes remembers who stands behind a session, as long as it hears of every change.
type passes struct {
	mu      sync.RWMutex
	hears   bool
	changes uint64 // how many were heard of: what was read before one may be wrong after it
	count   int
	of      map[uuid.UUID]map[uuid.UUID]pass // by user and session
}

type pass struct {
	who.Actor
	readAt time.Time
}

func newPasses() *passes { return &passes{of: map[uuid.UUID]map[uuid.UUID]pass{}} }

// find returns a pass that can be believed now, or else how many changes had been heard of
// before it is read.
func (p *passes) find(session, user uuid.UUID, now time.Time) (a who.Actor, seen uint64, known bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	was, known := p.of[user][session]
	if !known || now.Sub(was.readAt) > maxAge {
		return who.Actor{}, p.changes, false
	}
	return was.Actor, p.changes, true
}

// keep remembers a pass, unless something changed while it was read.
func (p *passes) keep(a who.Actor, seen uint64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.hears || p.changes != seen {
		return
	}
	if p.count >= mostRemembered {
		p.clear()
	}
	sessions := p.of[a.UserID]
	if sessions == nil {
		sessions = map[uuid.UUID]pass{}
		p.of[a.UserID] = sessions
	}
	if _, there := sessions[a.Session]; !there {
		p.count++
	}
	sessions[a.Session] = pass{a, now}
}

// forget forgets the passes of a user.
func (p *passes) forget(user uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes++
	p.count -= len(p.of[user])
	delete(p.of, user)
}

// hear says whether changes are heard of from now on. What was known before is forgotten.
func (p *passes) hear(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes++
	p.hears = on
	p.clear()
}

func (p *passes) clear() {
	clear(p.of)
	p.count = 0
}
