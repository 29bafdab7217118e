package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Statement is one that reads rows, with its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// Page reads the rows of one page, and says where to go on; uuid.Nil at the end. The statement's last
// parameter, which is not among its arguments, is how many rows it reads at the most. What stands in
// other tables fill adds to the rows of the page; nil where nothing does.
func Page[T any](ctx context.Context, db *pg.DB, s Statement, limit int, id func(T) uuid.UUID, fill func(context.Context, []T) error) ([]T, uuid.UUID, error) {
	rows, err := pg.Query[T](ctx, db, s.SQL, append(s.Args, limit+1)...)
	page, next := Cut(rows, limit, id)
	if err == nil && fill != nil {
		err = fill(ctx, page)
	}
	if err != nil {
		return nil, uuid.Nil, err
	}
	return page, next, nil
}

// Find reads the one row of a statement, filled like those of a page; fault.NotFound where there is none.
func Find[T any](ctx context.Context, db *pg.DB, s Statement, what words.Noun, fill func(context.Context, []T) error) (T, error) {
	rows, err := pg.Query[T](ctx, db, s.SQL, s.Args...)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", what)
	}
	if err == nil && fill != nil {
		err = fill(ctx, rows)
	}
	return One(rows), err
}

// ReadLines reads what belongs to rows, by a statement over their ids, and hands each line to its row.
func ReadLines[T, L any](ctx context.Context, db *pg.DB, sql string, all []T, id func(T) uuid.UUID, of func(L) uuid.UUID, add func(*T, L)) error {
	ids := make([]uuid.UUID, len(all))
	at := map[uuid.UUID]int{}
	for i, row := range all {
		ids[i], at[id(row)] = id(row), i
	}
	lines, err := pg.Query[L](ctx, db, sql, ids)
	for _, l := range lines {
		add(&all[at[of(l)]], l)
	}
	return err
}

// Cut leaves the rows of one page of those that were read, which are one more where another
// page follows, and says where to go on; uuid.Nil at the end.
func Cut[T any](rows []T, limit int, id func(T) uuid.UUID) ([]T, uuid.UUID) {
	if len(rows) <= limit {
		return rows, uuid.Nil
	}
	return rows[:limit], id(rows[limit-1])
}
