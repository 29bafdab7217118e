// Package pgtest lends each test a Postgres database of its own: a clone of a
// template that was migrated once.
package pgtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"callout/internal/pg"
	"callout/migrations"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that the template is made with
)

var (
	next     atomic.Int64
	template = sync.OnceValues(migrate)
	adminDB  = sync.OnceValues(func() (*sql.DB, error) { return open("postgres") })
)

// URL returns the address of a fresh, migrated database, dropped when t ends.
// Without TEST_DATABASE_URL the test fails: `make test` sets it.
func URL(t testing.TB) string {
	t.Helper()
	tmpl, err := template()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), next.Add(1))
	admin(t, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, name, tmpl))
	t.Cleanup(func() { admin(t, `DROP DATABASE `+name+` WITH (FORCE)`) })
	at, err := address(name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return at
}

// Copy returns the address of a copy of a database from URL that nobody has open, dropped when t ends.
func Copy(t testing.TB, of string) string {
	t.Helper()
	u, err := url.Parse(of)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), next.Add(1))
	admin(t, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, name, strings.TrimPrefix(u.Path, "/")))
	t.Cleanup(func() { admin(t, `DROP DATABASE `+name+` WITH (FORCE)`) })
	at, err := address(name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return at
}

// Open returns a pool on a fresh, migrated database.
func Open(t testing.TB) *pg.DB {
	t.Helper()
	db, err := pg.Open(context.Background(), URL(t))
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// migrate makes the template, named after the migrations that it holds.
func migrate() (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	db, err := open("postgres")
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	// Test binaries of other packages come here at the same time.
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(727)`); err != nil {
		return "", err
	}
	defer func() { _, _ = conn.ExecContext(ctx, `SELECT pg_advisory_unlock(727)`) }()
	var there bool
	if err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	building := name + "_building"
	for _, q := range []string{`DROP DATABASE IF EXISTS ` + building, `CREATE DATABASE ` + building} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return "", err
		}
	}
	at, err := address(building)
	if err != nil {
		return "", err
	}
	if err := migrations.Up(ctx, at); err != nil {
		return "", err
	}
	_, err = conn.ExecContext(ctx, `ALTER DATABASE `+building+` RENAME TO `+name)
	return name, err
}

func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := migrations.FS.ReadFile(p)
		sum.Write([]byte(p))
		sum.Write(b)
		return err
	})
	return "tmpl_" + hex.EncodeToString(sum.Sum(nil)[:6]), err
}

func admin(t testing.TB, q string) {
	t.Helper()
	db, err := adminDB()
	if err == nil {
		_, err = db.ExecContext(context.Background(), q)
	}
	if err != nil {
		t.Fatalf("pgtest: %s: %v", q, err)
	}
}

func open(database string) (*sql.DB, error) {
	at, err := address(database)
	if err != nil {
		return nil, err
	}
	return sql.Open("pgx", at)
}

// address is TEST_DATABASE_URL with another database's name.
func address(database string) (string, error) {
	at := os.Getenv("TEST_DATABASE_URL")
	if at == "" {
		return "", errors.New("TEST_DATABASE_URL is not set: run the tests with `make test`")
	}
	u, err := url.Parse(at)
	if err != nil {
		return "", fmt.Errorf("TEST_DATABASE_URL: %w", err)
	}
	u.Path = "/" + database
	return u.String(), nil
}
