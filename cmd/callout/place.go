package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"callout/house"
	"callout/internal/pgown"
	"callout/migrations"
)

// Place is where an operation lives, for every command that works on one.
type Place struct {
	Data        string `env:"DATA" default:"./data" type:"path" help:"The folder of keys, photos, and our own Postgres."`
	DatabaseURL string `env:"DATABASE_URL" help:"The Postgres to use instead of our own."`
	Blobs       string `env:"BLOBS" help:"The bucket of photos (s3://…) instead of the data folder."`
	LogLevel    string `env:"LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"What to log: debug, info, warn, error."`
}

func (p *Place) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(p.LogLevel)) // kong has checked it
	return slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: level}))
}

// database returns the address of the operation's database, and what to do when done with it. It
// joins a Callout that already runs on the data folder, or else starts Postgres there.
func (p *Place) database(ctx context.Context) (url string, leave func() error, err error) {
	if p.DatabaseURL != "" {
		return p.DatabaseURL, func() error { return nil }, nil
	}
	if url, running := pgown.Running(ctx, postgresFolder(p.Data)); running {
		return url, func() error { return nil }, nil
	}
	server, err := pgown.Start(ctx, pgown.Options{Dir: postgresFolder(p.Data)})
	if err != nil {
		return "", nil, err
	}
	return server.URL(), server.Stop, nil
}

// enter opens the operation's house on a database of the newest schema.
func (p *Place) enter(ctx context.Context) (*house.House, func() error, error) {
	url, leave, err := p.database(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := migrations.Up(ctx, url); err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	h, err := house.Open(ctx, house.Options{DatabaseURL: url, Dir: p.Data, Blobs: p.Blobs, Log: p.logger()})
	if err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	return h, func() error { h.Close(); return leave() }, nil
}
