package dispatch

import (
	"context"
	"log/slog"
	"time"
)

// pulse is how often the picture is brought up to date where nobody asks.
const pulse = 5 * time.Second

// Watch makes the live picture and keeps it current until ctx ends, so that who asks hardly waits. Nobody
// depends on it: every question brings the picture up to date itself.
func (b *Board) Watch(ctx context.Context, log *slog.Logger) {
	for {
		if err := b.live.catchUp(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "the live picture of the operation is behind", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pulse):
		}
	}
}
