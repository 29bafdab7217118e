package pg

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrNoTx says that something which must be part of a transaction was done outside one.
var ErrNoTx = errors.New("pg: no transaction")

// Tx is the transaction of ctx as pgx has it, for the job queue, which writes its
// rows with ours. Committing it is InTx's affair.
func Tx(ctx context.Context) (pgx.Tx, error) {
	t := within(ctx)
	if t == nil {
		return nil, ErrNoTx
	}
	return &facade{t.raw}, nil
}

// facade lends the connection of a running transaction out as a pgx.Tx that cannot end it.
type facade struct{ conn *pgx.Conn }

func (f *facade) Begin(ctx context.Context) (pgx.Tx, error) {
	if _, err := f.conn.Exec(ctx, "SAVEPOINT inner_tx"); err != nil {
		return nil, err
	}
	return &savepoint{facade{f.conn}}, nil
}
func (f *facade) Commit(context.Context) error   { return errors.New("pg: InTx commits") }
func (f *facade) Rollback(context.Context) error { return errors.New("pg: InTx rolls back") }
func (f *facade) Conn() *pgx.Conn                { return f.conn }
func (f *facade) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

func (f *facade) CopyFrom(ctx context.Context, t pgx.Identifier, cols []string, src pgx.CopyFromSource) (int64, error) {
	return f.conn.CopyFrom(ctx, t, cols, src)
}

func (f *facade) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return f.conn.SendBatch(ctx, b)
}

func (f *facade) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return f.conn.Prepare(ctx, name, sql)
}

func (f *facade) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return f.conn.Exec(ctx, sql, args...)
}

func (f *facade) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return f.conn.Query(ctx, sql, args...)
}

func (f *facade) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return f.conn.QueryRow(ctx, sql, args...)
}

// savepoint is a transaction within the transaction.
type savepoint struct{ facade }

func (s *savepoint) Commit(ctx context.Context) error {
	_, err := s.conn.Exec(ctx, "RELEASE SAVEPOINT inner_tx")
	return err
}

func (s *savepoint) Rollback(ctx context.Context) error {
	_, err := s.conn.Exec(ctx, "ROLLBACK TO SAVEPOINT inner_tx; RELEASE SAVEPOINT inner_tx")
	return err
}
