package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/house"
	"callout/internal/fault"
	"callout/internal/pgown"
	"callout/migrations"
)

// Place is where an operation lives, for every command that works on one.
type Place struct {
	Data        string `env:"DATA" default:"./data" type:"path" help:"The folder of keys, photos, and our own Postgres."`
	DatabaseURL string `env:"DATABASE_URL" help:"The Postgres to use instead of our own."`
	Blobs       string `env:"BLOBS" help:"The bucket of photos (s3://…) instead of the data folder."`
	LogLevel    string `env:"LOG_LEVEL" enum:"auto,debug,info,warn,error" default:"auto" help:"What to log: debug, info, warn, error; auto is info, and warn on a terminal."`

	travel house.Travel
}

// logger logs to out: JSON for machines, from a level on that the command finds right; plain lines
// for the person at a terminal, who wants to hear only of what is wrong.
func (p *Place) logger(out *os.File, level slog.Level) *slog.Logger {
	person := terminal(out)
	if person {
		level = max(level, slog.LevelWarn)
	}
	if p.LogLevel != "auto" {
		_ = level.UnmarshalText([]byte(p.LogLevel)) // kong has checked it
	}
	options := &slog.HandlerOptions{Level: level}
	if person {
		return slog.New(slog.NewTextHandler(out, options))
	}
	return slog.New(slog.NewJSONHandler(out, options))
}

// database returns the address of the operation's database, and what to do when done with it. It
// joins a Callout that already runs on the data folder, or else starts Postgres there.
func (p *Place) database(ctx context.Context) (url string, leave func() error, err error) {
	if p.DatabaseURL != "" {
		return p.own(ctx)
	}
	if url, running := pgown.Running(ctx, postgresFolder(p.Data)); running {
		return url, func() error { return nil }, nil
	}
	return p.own(ctx)
}

// own is database for a command that stays: it joins nobody's Postgres, which would end under it
// whenever its owner does.
func (p *Place) own(ctx context.Context) (url string, leave func() error, err error) {
	if p.DatabaseURL != "" {
		if _, err := pgx.ParseConfig(p.DatabaseURL); err != nil {
			return "", nil, fault.New(fault.Invalid, "DATABASE_URL is not the address of a Postgres: write it as postgres://USER:PASSWORD@HOST:5432/NAME")
		}
		return p.DatabaseURL, func() error { return nil }, nil
	}
	server, err := pgown.Start(ctx, pgown.Options{Dir: postgresFolder(p.Data)})
	if err != nil {
		return "", nil, err
	}
	return server.URL(), server.Stop, nil
}

// enter opens the operation's house for a command that does something there and leaves.
func (p *Place) enter(ctx context.Context) (*house.House, func() error, error) {
	return p.settle(ctx, p.database, p.logger(os.Stderr, slog.LevelWarn), time.Now)
}

// opening is database or own.
type opening func(context.Context) (url string, leave func() error, err error)

// visit is enter for a command that only looks at what is there, and makes nothing where there is nothing.
func (p *Place) visit(ctx context.Context) (*house.House, func() error, error) {
	if p.DatabaseURL == "" {
		if _, err := os.Stat(postgresFolder(p.Data)); errors.Is(err, os.ErrNotExist) {
			return nil, nil, fault.New(fault.NotFound, "there is no Callout in the folder %s: name its folder with --data, or its Postgres with DATABASE_URL", p.Data)
		}
	}
	return p.enter(ctx)
}

// settle opens the operation's house, whose clock is now, on a database brought to the newest schema.
func (p *Place) settle(ctx context.Context, database opening, log *slog.Logger, now func() time.Time) (*house.House, func() error, error) {
	url, leave, err := database(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := migrations.Up(ctx, url); err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	h, err := house.Open(ctx, house.Options{DatabaseURL: url, Dir: p.Data, Blobs: p.Blobs, Log: log, Now: now, Travel: p.travel})
	if err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	return h, func() error { h.Close(); return leave() }, nil
}
