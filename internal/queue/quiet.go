package queue

import (
	"context"
	"log/slog"
)

// quiet lets warnings through and nothing below: River counts its jobs aloud every few seconds.
type quiet struct{ slog.Handler }

// hushed is log for River; whoever debugs hears everything.
func hushed(log *slog.Logger) *slog.Logger {
	if log.Enabled(context.Background(), slog.LevelDebug) {
		return log
	}
	return slog.New(quiet{log.Handler()})
}

// Enabled says whether a record of the level is let through.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// WithAttrs is as quiet.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup is as quiet.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
