package access

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// heartbeat is how often a silent connection is asked for a sign of life, and how long it may
	// take to give one.
	heartbeat = 2 * time.Second

	// retry is how long to wait before listening again.
	retry = time.Second
)

// Watch listens to what other processes change about users and sessions, until ctx ends. While
// it cannot, nothing is remembered and every request asks the database.
func (s *Staff) Watch(ctx context.Context, log *slog.Logger) {
	for {
		err := s.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		log.WarnContext(ctx, "passes are read from the database: not heard of changes", "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(retry):
		}
	}
}

// listen returns when the connection no longer hears.
func (s *Staff) listen(ctx context.Context) error {
	pooled, err := s.db.Pool().Acquire(ctx)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	// A connection of its own: it is not one of those that requests share.
	conn := pooled.Hijack()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ending)
	}()
	defer s.passes.hear(false)
	if _, err := conn.Exec(ctx, `LISTEN pass`); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.passes.hear(true)
	for {
		beat, cancel := context.WithTimeout(ctx, heartbeat)
		n, err := conn.WaitForNotification(beat)
		if err != nil && ctx.Err() == nil && pgconn.Timeout(err) {
			ping, cancelPing := context.WithTimeout(ctx, heartbeat)
			err = conn.Ping(ping)
			cancelPing()
		}
		cancel()
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		if n == nil {
			continue
		}
		if user, err := uuid.Parse(n.Payload); err == nil {
			s.passes.forget(user)
		}
	}
}
