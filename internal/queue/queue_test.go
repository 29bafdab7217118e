package queue_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/internal/pgtest"
	"callout/internal/queue"
)

type fragile struct {
	Panics bool `json:"panics"`
}

func (fragile) Kind() string { return "fragile" }

// page is a log that several write to at once.
type page struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.text.Write(b)
}

func (p *page) String() string {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.text.String()
}

func TestTaskThatFailsIsLogged(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	var log page
	q, err := queue.New(db, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan bool, 10)
	queue.Handle(q, time.Minute, func(_ context.Context, f fragile) error {
		done <- true
		if f.Panics {
			panic("dropped")
		}
		return errors.New("chipped")
	})
	err = db.InTx(t.Context(), func(ctx context.Context) error {
		return errors.Join(q.Add(ctx, fragile{}), q.Add(ctx, fragile{Panics: true}))
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Work(ctx, 2, time.Minute) }()
	for range 2 {
		<-done
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`msg="a task failed" task=fragile attempt=1 error=chipped`, `error="panic: dropped\n`, "queue_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not tell %s:\n%s", want, log.String())
		}
	}
}
