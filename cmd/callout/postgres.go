package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"callout/internal/fault"
	"callout/internal/pgown"
)

// postgres runs a command beside a private Postgres and ends with the command's exit code.
type postgres struct {
	Throwaway bool     `help:"Start an empty Postgres in a temporary folder, as TEST_DATABASE_URL: fast, and gone afterwards."`
	Data      string   `env:"DATA" default:"./data" type:"path" help:"Without --throwaway: the data folder whose Postgres to start, as DATABASE_URL."`
	Command   []string `arg:"" name:"command" help:"The command and its arguments, after --."`
}

// Run runs the command as our own user, with the address of the server in its environment.
func (p *postgres) Run(ctx context.Context) (err error) {
	options, variable := pgown.Options{Dir: postgresFolder(p.Data)}, "DATABASE_URL"
	if p.Throwaway {
		dir, err := os.MkdirTemp("", "callout-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		options, variable = pgown.Options{Dir: filepath.Join(dir, "postgres"), Throwaway: true}, "TEST_DATABASE_URL"
	}
	server, err := pgown.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	return beside(ctx, server, p.Command, variable+"="+server.URL())
}

// beside runs a command to its end, which comes early where we are told to stop or Postgres ends.
func beside(ctx context.Context, server *pgown.Server, command []string, variable string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-server.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), variable)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	select {
	case <-server.Done():
		return fault.New(fault.Internal, "Postgres ended before the command did")
	default:
		return err
	}
}

// postgresFolder is where in the data folder the private Postgres lives.
func postgresFolder(data string) string { return filepath.Join(data, "postgres") }
