// Package queue runs timers and background jobs, whose rows are written in the
// same transaction as the rows that they are about.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"callout/internal/pg"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Task is a piece of work by name; its fields travel as JSON.
type Task interface{ Kind() string }

// Queue holds the tasks to do and knows who does them.
type Queue struct {
	db       *pg.DB
	workers  *river.Workers
	periodic []*river.PeriodicJob
	client   *river.Client[pgx.Tx]
	log      *slog.Logger
}

// New returns the queue in db.
func New(db *pg.DB, log *slog.Logger) (*Queue, error) {
	log = hushed(log)
	q := &Queue{db: db, workers: river.NewWorkers(), log: log}
	var err error
	// A client without queues only adds tasks; Work makes the one that does them.
	q.client, err = river.NewClient(riverpgxv5.New(db.Pool()), &river.Config{Logger: log})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return q, nil
}

type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	do      func(context.Context, T) error
	timeout time.Duration
	log     *slog.Logger
}

// Work does a task. River tells nobody that one failed, or panicked.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
		if err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "a task failed", "task", job.Kind, "attempt", job.Attempt, "error", err)
		}
	}()
	return w.do(ctx, job.Args)
}

func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.timeout }

// Handle says who does the tasks of type T, within a time limit. Call it before Work.
func Handle[T river.JobArgs](q *Queue, limit time.Duration, do func(context.Context, T) error) {
	river.AddWorker(q.workers, &worker[T]{do: do, timeout: limit, log: q.log})
}

// Every adds the task each interval, on one of the running processes.
func Every(q *Queue, interval time.Duration, task Task) {
	q.periodic = append(q.periodic, river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return task, nil }, &river.PeriodicJobOpts{RunOnStart: true}))
}

// Add puts a task on the queue as part of the transaction of ctx: it will be done if that commits.
func (q *Queue) Add(ctx context.Context, task Task) error { return q.At(ctx, time.Time{}, task) }

// At puts a task on the queue for a moment, as part of the transaction of ctx.
func (q *Queue) At(ctx context.Context, when time.Time, task Task) error {
	tx, err := pg.Tx(ctx)
	if err != nil {
		return fmt.Errorf("queue %s: %w", task.Kind(), err)
	}
	if _, err := q.client.InsertTx(ctx, tx, task, &river.InsertOpts{ScheduledAt: when}); err != nil {
		return fmt.Errorf("queue %s: %w", task.Kind(), err)
	}
	return nil
}

const waitsSQL = `
SELECT EXISTS (SELECT FROM river_job WHERE kind = $1 AND args @> $2 AND state IN ('available', 'pending', 'scheduled', 'retryable') AND scheduled_at <= $3)`

// Waits says whether the task waits on the queue, to be done by a moment. One that is in hand does not wait: whoever has it
// may have died.
func (q *Queue) Waits(ctx context.Context, task Task, by time.Time) (bool, error) {
	return pg.One[bool](ctx, q.db, waitsSQL, task.Kind(), pg.JSON[Task]{V: task}, by)
}

// Work does the tasks, some at a time, until ctx ends; tasks in hand are finished first, within grace.
func (q *Queue) Work(ctx context.Context, hands int, grace time.Duration) error {
	client, err := river.NewClient(riverpgxv5.New(q.db.Pool()), &river.Config{
		Logger:            q.log,
		Workers:           q.workers,
		PeriodicJobs:      q.periodic,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: hands}},
		FetchPollInterval: time.Second,
		FetchCooldown:     50 * time.Millisecond,
	})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := client.Stop(stop); errors.Is(err, context.DeadlineExceeded) {
		return client.StopAndCancel(context.WithoutCancel(ctx))
	} else if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}
