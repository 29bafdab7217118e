package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"callout/demo"
	"callout/internal/words"
)

// walk leads one job through its whole life on an instance of its own, which is gone afterwards.
type walk struct {
	Lang string `enum:"en,zh-CN,auto" default:"auto" help:"Language of the story: en, zh-CN, or auto, the terminal's."`
	Week bool   `help:"Instead of one job, work through a simulated week in the warehouses, and prove the books."`
	Seed uint64 `default:"1" help:"What happens in the week; the same seed, the same week."`
}

// Run tells the story, and fails where any answer is not as told.
func (w *walk) Run(ctx context.Context) (err error) {
	l := language()
	if w.Lang != "auto" {
		l = words.Language(w.Lang)
	}
	// Who reads only the beginning (| head) must not leave the instance behind.
	signal.Ignore(syscall.SIGPIPE)
	dir, err := os.MkdirTemp("", "callout-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &serve{Place: Place{Data: filepath.Join(dir, "data"), LogLevel: "auto"}, Workers: 2, Grace: 5 * time.Second}
	log := s.logger(os.Stderr, slog.LevelWarn)
	if w.Week {
		return w.week(ctx, s, log, l)
	}
	h, leave, err := s.settle(ctx, s.own, log, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	accounts := demo.Accounts()
	if err := demo.LoadSmall(ctx, h, time.Now(), accounts); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	show(os.Stdout, l, words.Say("A Callout of its own at %s, with one outlet in Los Angeles. Everybody is made up.", address(listener)))
	group, ctx := errgroup.WithContext(ctx)
	ctx, done := context.WithCancel(ctx)
	group.Go(func() error { return s.until(ctx, h, listener, log) })
	group.Go(func() error {
		defer done()
		return demo.Walk{URL: address(listener), Accounts: accounts, Language: l, Out: os.Stdout}.Run(ctx)
	})
	if err := group.Wait(); err != nil {
		return err
	}
	show(os.Stdout, l, words.Say("\nEverything was as told. The instance goes without a trace."))
	return nil
}
