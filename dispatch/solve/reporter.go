package solve

import "sync"

// reporter tells of better plans, one at a time, each better than the one before.
type reporter struct {
	m     *model
	tells func(*Plan)
	lock  sync.Mutex
	told  bool
	score Score
}

func (r *reporter) tell(p *plan) {
	if r.tells == nil || p.undone > 0 {
		return
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.told && p.score.Compare(r.score) >= 0 {
		return
	}
	out := &Plan{}
	r.m.write(out, p)
	r.told, r.score = true, p.score
	r.tells(out)
}
