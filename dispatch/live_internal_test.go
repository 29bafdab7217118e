package dispatch

import (
	"context"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// RankTimed answers Candidates, and says how long it took to hear of what happened, to rank and to find the words.
func (b *Board) RankTimed(ctx context.Context, id uuid.UUID) (told []Candidate, heard, ranked, said time.Duration, err error) {
	begin := time.Now()
	if err = b.live.catchUp(ctx); err != nil {
		return nil, 0, 0, 0, err
	}
	heard = time.Since(begin)
	p, err := b.Policies.At(ctx, b.now())
	if err != nil {
		return nil, 0, 0, 0, err
	}
	begin = time.Now()
	b.live.mu.RLock()
	j := b.live.moment.jobs[id]
	b.live.mu.RUnlock()
	q := questionOf(j, p, b.now(), nil)
	crew, _ := b.live.crew(ctx, who.System, j.OutletID, q.from, q.until())
	err = b.know(ctx, &q, crew)
	all := q.rank(crew)
	ranked = time.Since(begin)
	told = q.tellAll(all)
	return told, heard, ranked, time.Since(begin) - ranked, err
}
