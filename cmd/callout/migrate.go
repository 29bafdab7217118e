package main

import (
	"context"
	"errors"

	"callout/migrations"
)

// migrate brings the database to the newest schema; serve does it too.
type migrate struct{ Place }

// Run migrates and leaves.
func (m *migrate) Run(ctx context.Context) (err error) {
	url, leave, err := m.database(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return migrations.Up(ctx, url)
}
