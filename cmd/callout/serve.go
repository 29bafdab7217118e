package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"callout/demo"
	"callout/house"
	"callout/internal/fault"
	"callout/internal/words"
)

// serve answers HTTP, and does the background work as well.
type serve struct {
	Place
	driving
	Addr    string        `env:"ADDR" default:":8080" help:"Where to listen."`
	Demo    bool          `help:"Load the demo operation into an empty database."`
	Workers int           `default:"4" help:"How many background tasks at once; 0 leaves them to callout worker."`
	Grace   time.Duration `default:"20s" help:"How long requests in flight may take to finish when the server stops."`
}

// Run serves until ctx ends, then finishes what is in flight.
func (s *serve) Run(ctx context.Context) (err error) {
	log := s.logger(os.Stdout, slog.LevelInfo)
	s.Place.travel = s.driving.travel()
	h, leave, err := s.settle(ctx, s.own, log, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	listener, err := listen(ctx, s.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	var accounts []demo.Account
	if s.Demo {
		if accounts, err = s.loadDemo(ctx, h); err != nil {
			return err
		}
	}
	say(words.Say("Callout is at %s (the contract: %s/docs). Stop it with ^C.", address(listener), address(listener)))
	introduce(accounts)
	return s.until(ctx, h, listener, log)
}

// listen listens on host:port, :port or a port alone.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	if _, err := strconv.ParseUint(addr, 10, 16); err == nil {
		addr = ":" + addr
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	_, unparsed := errors.AsType[*net.AddrError](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fault.New(fault.Conflict, "something listens on %s already: choose another with ADDR", addr)
	case errors.Is(err, os.ErrPermission):
		return nil, fault.New(fault.Forbidden, "this user may not listen on %s: choose a port from 1024 on with ADDR", addr)
	case unparsed, unknown, errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fault.New(fault.Invalid, "%q is no address of this machine: write ADDR as HOST:PORT or :PORT", addr)
	}
	return l, err
}

func (s *serve) until(ctx context.Context, h *house.House, listener net.Listener, log *slog.Logger) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // some tens of megabytes for a tenth more requests
	}
	server := &http.Server{
		Handler: h.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(h.Leave)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	if s.Workers > 0 {
		group.Go(func() error { return h.Work(ctx, s.Workers) })
	}
	group.Go(func() error {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Grace)
		defer cancel()
		return server.Shutdown(stop)
	})
	return group.Wait()
}

// address is where a browser on this machine finds a listener.
func address(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
