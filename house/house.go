// Package house puts the doors together: one database, one bucket, one set of
// keys, and the domains that stand on them, for the binary and for tests alike.
package house

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"callout/api"
	"callout/internal/blob"
	"callout/internal/event"
	"callout/internal/keyring"
	"callout/internal/once"
	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/travel"
)

// Options say where a house stands.
type Options struct {
	DatabaseURL string
	Dir         string           // keys, and photos where Blobs is empty
	Blobs       string           // the bucket's address: file:///…, s3://…, mem://
	Limits      api.Limits       // DefaultLimits where zero
	Log         *slog.Logger     // required
	Now         func() time.Time // time.Now where nil
	Travel      Travel           // estimates where zero
}

// House is everything of one process: open it, serve its Handler, let it Work, close it.
type House struct {
	api.Doors
	DB      *pg.DB
	Queue   *queue.Queue
	Keys    *once.Keys
	Handler http.Handler
	Store   *blob.Store
	travel  travel.Provider
	now     func() time.Time
	log     *slog.Logger
	rest    func() // ends what runs beside the requests
	leaving chan struct{}
}

// Open opens the house on a migrated database.
func Open(ctx context.Context, o Options) (_ *House, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Limits == (api.Limits{}) {
		o.Limits = api.DefaultLimits
	}
	if o.Blobs == "" {
		dir, err := filepath.Abs(filepath.Join(o.Dir, "photos"))
		if err != nil {
			return nil, fmt.Errorf("open house: %w", err)
		}
		o.Blobs = "file://" + dir
	}
	h := &House{log: o.Log, now: func() time.Time { return o.Now().UTC() }, leaving: make(chan struct{})}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if h.DB, err = pg.Open(ctx, o.DatabaseURL); err != nil {
		return nil, err
	}
	if h.Store, err = blob.Open(ctx, o.Blobs); err != nil {
		return nil, err
	}
	if h.Queue, err = queue.New(h.DB, o.Log); err != nil {
		return nil, err
	}
	if h.travel, err = o.Travel.open(ctx, h.DB, h.now); err != nil {
		return nil, err
	}
	tokens, err := keyring.Open(filepath.Join(o.Dir, "keys", "tokens"))
	if err != nil {
		return nil, err
	}
	seals, err := keyring.Open(filepath.Join(o.Dir, "keys", "seals"))
	if err != nil {
		return nil, err
	}
	secret, err := tokens.Secret("fingerprints")
	if err != nil {
		return nil, err
	}
	h.Keys = once.New(h.DB)
	h.open(seals)
	h.watch(ctx, o.Log)
	h.tasks()
	server, err := api.New(api.House{
		Doors: h.Doors, Keys: h.Keys, Passes: h.Staff, Tokens: api.NewTokens(tokens, h.now), Secret: secret,
		Ready: h.DB.Ping, Log: o.Log, Limits: o.Limits, Leaving: h.leaving,
	})
	if err != nil {
		return nil, err
	}
	h.Handler, err = server.Handler()
	return h, err
}

// Leave ends the streams, which no server that shuts down would see the end of. Call it once.
func (h *House) Leave() { close(h.leaving) }

// Close gives back what the house holds.
func (h *House) Close() {
	if h.rest != nil {
		h.rest()
	}
	if h.Store != nil {
		_ = h.Store.Close()
	}
	if h.DB != nil {
		h.DB.Close()
	}
}

// watch hears of what other processes change about users and the operation, until the house is closed.
func (h *House) watch(ctx context.Context, log *slog.Logger) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var watches sync.WaitGroup
	watches.Go(func() { h.Staff.Watch(ctx, log) })
	watches.Go(func() { h.Board.Watch(ctx, log) })
	h.rest = func() { stop(); watches.Wait() }
}

// sweep is the hourly task that forgets what need not be remembered.
type sweep struct{}

// Kind names the task.
func (sweep) Kind() string { return "sweep" }

// sealEvents is the task that chains the hashes of the event log.
type sealEvents struct{}

// Kind names the task.
func (sealEvents) Kind() string { return "seal_events" }

// keysKept is how long an Idempotency-Key is remembered; the contract promises 24 hours.
const keysKept = 48 * time.Hour

// tasks says who does the work that nobody asks for by HTTP.
func (h *House) tasks() {
	queue.Handle(h.Queue, time.Minute, func(ctx context.Context, _ sweep) error {
		_, err := h.Keys.Sweep(ctx, h.now().Add(-keysKept))
		err = errors.Join(err, h.Staff.Sweep(ctx))
		if router, remembers := h.travel.(*travel.Router); remembers {
			err = errors.Join(err, router.Sweep(ctx))
		}
		return err
	})
	queue.Every(h.Queue, time.Hour, sweep{})
	queue.Handle(h.Queue, 5*time.Minute, func(ctx context.Context, _ sealEvents) error {
		_, err := event.Seal(ctx, h.DB, h.now())
		return err
	})
	queue.Every(h.Queue, time.Minute, sealEvents{})
	h.Desk.Work(h.Queue)
	h.Counter.Work(h.Queue)
	h.Board.Work(h.Queue)
	h.Returns.Work(h.Queue)
	h.Dock.Work(h.Queue)
	h.Signals.Work(h.Queue)
	h.Planner.Work(h.Queue)
	h.Auditor.Work(h.Queue)
}

// Work does the tasks of the queue, and looks after the day as it goes, until ctx ends.
func (h *House) Work(ctx context.Context, hands int) error {
	watching, stop := context.WithCancel(ctx)
	var eyes sync.WaitGroup
	eyes.Go(func() { h.Planner.Watch(watching, h.log) })
	defer eyes.Wait()
	defer stop()
	return h.Queue.Work(ctx, hands, 30*time.Second)
}
