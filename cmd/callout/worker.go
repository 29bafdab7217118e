package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"
)

// worker does the background work: timers, mass assignments, sweeping.
type worker struct {
	Place
	driving
	Workers int `default:"4" help:"How many tasks at once."`
}

// Run works until ctx ends, then finishes the tasks in hand.
func (w *worker) Run(ctx context.Context) (err error) {
	w.Place.travel = w.driving.travel()
	h, leave, err := w.settle(ctx, w.own, w.logger(os.Stdout, slog.LevelInfo), time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return h.Work(ctx, w.Workers)
}
