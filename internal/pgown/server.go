package pgown

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/internal/fault"
)

// port only names the socket: nothing listens on the network.
const port = 5432

// Options say where a private Postgres lives and how much its data is worth.
type Options struct {
	Dir       string       // its folder, for it alone; made where it is missing
	Throwaway bool         // speed before safety: the data does not survive a crash
	Log       *slog.Logger // where its log lines go; nil drops them
}

// Server is a running Postgres that belongs to this process: it ends when this process does.
type Server struct {
	url      string
	lock     *os.File
	cmd      *exec.Cmd
	log      *journal
	done     chan struct{}
	farewell syscall.Signal
	rubbish  string // a temporary socket folder
	stop     sync.Once
}

// Start starts Postgres in a folder and returns when it answers, having made the folder's files
// on the first start and recovered them after a crash. It returns a Conflict where another
// Callout works on the folder, and a NotFound where the system has no Postgres that will do.
func Start(ctx context.Context, o Options) (*Server, error) {
	home, err := open(o.Dir)
	if err != nil {
		return nil, err
	}
	defer home.Close()
	lock, err := claim(ctx, home)
	if err != nil {
		return nil, err
	}
	s := &Server{lock: lock, log: &journal{to: o.Log}, done: make(chan struct{}), farewell: syscall.SIGINT}
	if o.Throwaway {
		s.farewell = syscall.SIGQUIT // at once, without a checkpoint that nobody will read
	}
	err = s.start(ctx, home, o.Throwaway)
	if err == nil {
		err = home.WriteFile(addressFile, []byte(s.url), 0o600)
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, home *os.Root, throwaway bool) error {
	c, err := prepare(ctx, home, s.lock, throwaway)
	if err != nil {
		return err
	}
	server, client, temporary, err := c.socket()
	if temporary {
		s.rubbish = client
	}
	if err != nil {
		return err
	}
	s.url = address(client)
	args := append([]string{"-D", filepath.Join(c.seen, "cluster")}, settings(server, throwaway)...)
	// Not of ctx: canceling a start must shut the server down as Stop does, not kill it.
	cmd := c.as.command(context.WithoutCancel(ctx), filepath.Join(c.bin, "postgres"), args...)
	cmd.ExtraFiles = []*os.File{s.lock}
	cmd.Stderr = s.log
	cmd.SysProcAttr.Pdeathsig = s.farewell
	if err := s.launch(cmd); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return s.ready(ctx)
}

// launch starts the server from a thread that lives as long as the server does: the kernel sends
// the parent's death signal when the starting thread ends, and Go ends idle threads.
func (s *Server) launch(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			s.cmd = cmd
		}
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(s.done)
		}
	}()
	return <-started
}

// ready returns when the server answers and has Callout's database.
func (s *Server) ready(ctx context.Context) error {
	for {
		err := s.database(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return fault.New(fault.Internal, "Postgres did not start: %s", s.log.last())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) database(ctx context.Context) error {
	config, err := pgx.ParseConfig(s.url)
	if err != nil {
		return err
	}
	config.Database = "postgres"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'callout')`).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE DATABASE callout`)
	return err
}

func address(socket string) string {
	u := url.URL{Scheme: "postgres", User: url.User("callout"), Path: "/callout"}
	u.RawQuery = url.Values{"host": {socket}, "port": {strconv.Itoa(port)}}.Encode()
	return u.String()
}

// URL is the address of Callout's database on this server, as its superuser.
func (s *Server) URL() string { return s.url }

// Done is closed when the server has ended, by Stop or by itself.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop shuts the server down, which breaks off what clients are doing, and waits until it is
// gone and its folder free for the next. A second call does nothing.
func (s *Server) Stop() error {
	var err error
	s.stop.Do(func() {
		if s.cmd != nil {
			err = s.end()
		}
		if s.rubbish != "" {
			err = errors.Join(err, os.RemoveAll(s.rubbish))
		}
		err = errors.Join(err, s.lock.Close())
	})
	return err
}

func (s *Server) end() error {
	for _, try := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{s.farewell, time.Minute}, {syscall.SIGQUIT, 10 * time.Second}, {syscall.SIGKILL, 10 * time.Second}} {
		if err := s.cmd.Process.Signal(try.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		select {
		case <-s.done:
			return nil
		case <-time.After(try.wait):
		}
	}
	return fault.New(fault.Internal, "Postgres (process %d) does not stop", s.cmd.Process.Pid)
}
