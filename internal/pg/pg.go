// Package pg is the product's one door to Postgres. GORM is known here and
// nowhere else.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"callout/internal/fault"
	"callout/internal/words"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

// DB is a pool of connections.
type DB struct {
	pool *pgxpool.Pool
	std  *sql.DB
	orm  *gorm.DB
}

// AppRole is the role that the product works under: it owns no table, and may
// neither change nor delete the rows of append-only ones.
const AppRole = "callout_app"

// Open connects to url. It begins no transaction that nobody asked for.
func Open(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	if cfg.MaxConns < 16 {
		cfg.MaxConns = 16
	}
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		pgxuuid.Register(c.TypeMap()) // ids are read in binary, not by way of their text
		return dropPrivileges(ctx, c)
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	std := stdlib.OpenDBFromPool(pool)
	orm, err := gorm.Open(postgres.New(postgres.Config{Conn: std}), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC() },
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &DB{pool, std, orm}, nil
}

// dropPrivileges gives up the rights of whoever connected, where the role to work under is to be had.
func dropPrivileges(ctx context.Context, c *pgx.Conn) error {
	var may bool
	err := c.QueryRow(ctx, `SELECT coalesce((SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = $1), false)`, AppRole).Scan(&may)
	if err == nil && may {
		_, err = c.Exec(ctx, `SET ROLE `+AppRole)
	}
	return err
}

// Close gives the connections back.
func (db *DB) Close() {
	_ = db.std.Close()
	db.pool.Close()
}

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// Pool is the pool below, for what needs pgx itself: the job queue and LISTEN.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

type txKey struct{}

type transaction struct {
	orm   *gorm.DB
	raw   *pgx.Conn
	after []func()
}

func within(ctx context.Context) *transaction {
	tx, _ := ctx.Value(txKey{}).(*transaction)
	return tx
}

// InTx runs fn in one transaction: whatever is read or written with fn's
// context is part of it, in whichever package. Within InTx it joins. The victim
// of a deadlock is tried again, several times where the crowd is large.
func (db *DB) InTx(ctx context.Context, fn func(context.Context) error) error {
	if within(ctx) != nil {
		return fn(ctx)
	}
	for attempt := 1; ; attempt++ {
		err := db.inTx(ctx, fn)
		if code := stateOf(err); code != "40P01" && code != "40001" || attempt == attempts {
			return err
		}
		// At random, so that the same two do not meet again.
		select {
		case <-ctx.Done():
			return err
		case <-time.After(rand.N(time.Duration(attempt) * 20 * time.Millisecond)): //nolint:gosec // no secret
		}
	}
}

// attempts is how often a transaction is tried that Postgres broke off for the sake of others.
const attempts = 5

func (db *DB) inTx(ctx context.Context, fn func(context.Context) error) (err error) {
	conn, err := db.std.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }()
	t := &transaction{}
	if err := conn.Raw(func(c any) error { t.raw = c.(*stdlib.Conn).Conn(); return nil }); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	// Where ctx ends, the statement under way fails and we roll back; database/sql would do it at once, from
	// another goroutine, on the connection that we use.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	t.orm = db.orm.Session(&gorm.Session{NewDB: true, Context: ctx})
	t.orm.Statement.ConnPool = tx
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback()
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, t)); err != nil {
		return err
	}
	done = true
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// AfterCommit runs fn once the transaction of ctx is committed, or now where there is none.
func AfterCommit(ctx context.Context, fn func()) {
	if t := within(ctx); t != nil {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

func (db *DB) conn(ctx context.Context) *gorm.DB {
	if t := within(ctx); t != nil {
		return t.orm
	}
	return db.orm
}

// Rows queries the table of T.
func Rows[T any](ctx context.Context, db *DB) gorm.Interface[T] {
	return gorm.G[T](db.conn(ctx))
}

// Locked queries the table of T and holds what it reads until the transaction ends.
func Locked[T any](ctx context.Context, db *DB) gorm.Interface[T] {
	return gorm.G[T](db.conn(ctx), clause.Locking{Strength: clause.LockingStrengthUpdate})
}

// Query reads the rows of a plain statement with $1-style parameters into T's fields by column name.
func Query[T any](ctx context.Context, db *DB, statement string, args ...any) ([]T, error) {
	rows, err := db.query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
}

// One reads a single value or row column; it returns pgx.ErrNoRows, which Fault knows, where there is none.
func One[T any](ctx context.Context, db *DB, statement string, args ...any) (T, error) {
	var zero T
	rows, err := db.query(ctx, statement, args...)
	if err != nil {
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
}

func (db *DB) query(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
	if t := within(ctx); t != nil {
		return t.raw.Query(ctx, statement, args...)
	}
	return db.pool.Query(ctx, statement, args...)
}

// Exec runs a plain statement with $1-style parameters and returns how many rows it touched.
func Exec(ctx context.Context, db *DB, statement string, args ...any) (int64, error) {
	var tag pgconn.CommandTag
	var err error
	if t := within(ctx); t != nil {
		tag, err = t.raw.Exec(ctx, statement, args...)
	} else {
		tag, err = db.pool.Exec(ctx, statement, args...)
	}
	return tag.RowsAffected(), err
}

func stateOf(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// Violates says whether err is a breach of the named constraint.
func Violates(err error, constraint string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.ConstraintName == constraint
}

// Fault says what a failed query means: a missing row, a broken reference, a
// duplicate, a clash. Other errors stay as they are.
func Fault(err error, what words.Noun) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, pgx.ErrNoRows):
		return fault.New(fault.NotFound, "no such %s", what)
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch e.Code {
	case "23503":
		return fault.New(fault.Invalid, "%s refers to something that is not there", what)
	case "23505":
		return fault.New(fault.Conflict, "%s is there already", what)
	case "23514", "23P01":
		return fault.New(fault.Conflict, "%s breaks the rule %s", what, e.ConstraintName)
	}
	return err
}
