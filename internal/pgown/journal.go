package pgown

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// journal passes Postgres's log lines on and remembers the last of them, which say why a server
// did not start.
type journal struct {
	to   *slog.Logger
	mu   sync.Mutex
	part []byte
	tail []string
}

// levels are how much Postgres's own words for severity concern an operator. Its ERROR is a
// refused statement: the client that sent it knows, and constraints refuse some every day.
var levels = map[string]slog.Level{"PANIC": slog.LevelError, "FATAL": slog.LevelWarn, "WARNING": slog.LevelWarn}

// Write takes what the server prints, in pieces of any size.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.part = append(j.part, p...)
	for {
		line, rest, whole := bytes.Cut(j.part, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		j.part = rest
		j.note(string(line))
	}
}

func (j *journal) note(line string) {
	j.tail = append(j.tail, line)
	if len(j.tail) > 8 {
		j.tail = j.tail[1:]
	}
	if j.to == nil {
		return
	}
	severity, _, _ := strings.Cut(line, ":")
	level, known := levels[severity]
	if !known {
		level = slog.LevelDebug
	}
	j.to.Log(context.Background(), level, "postgres", "line", line)
}

func (j *journal) last() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.tail, "; ")
}
