package travel

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"callout/internal/pg"
)

// readRows and writeRows are how much is read and written at once, and mostRows is how much of one
// question is written: a day of thousands of places must not wait for its own memory.
const (
	readRows  = 200_000
	writeRows = 10_000
	mostRows  = 1_000_000
)

const readSQL = `
	SELECT from_cell, to_cell, coalesce(seconds, -2) AS seconds, metres FROM drives
	WHERE network = $1 AND from_cell = ANY ($2) AND to_cell = ANY ($3) AND told_at > $4`

// stored is a row of drives.
type stored struct {
	FromCell, ToCell int64
	Seconds, Metres  int32
}

// read tells what Postgres knows of the unknown drives of t, told after a moment.
func read(ctx context.Context, db *pg.DB, network string, cells []cell, t *Table, after time.Time) error {
	at := make(map[int64]int, len(cells))
	for i, c := range cells {
		at[int64(c)] = i
	}
	for _, gap := range t.Gaps() {
		to := named(cells, gap.To)
		for from := range slices.Chunk(gap.From, max(1, readRows/len(to))) {
			rows, err := pg.Query[stored](ctx, db, readSQL, network, named(cells, from), to, after)
			if err != nil {
				return fmt.Errorf("read drives: %w", err)
			}
			for _, r := range rows {
				t.Tell(at[r.FromCell], at[r.ToCell], r.Seconds, r.Metres)
			}
		}
	}
	return nil
}

func named(cells []cell, which []int) []int64 {
	names := make([]int64, len(which))
	for i, n := range which {
		names[i] = int64(cells[n])
	}
	return names
}

// In the order of the key: two processes that write the same drives wait for each other, and
// never both.
const writeSQL = `
	INSERT INTO drives (network, from_cell, to_cell, seconds, metres, told_at)
	SELECT $1, from_cell, to_cell, nullif(seconds, -2), metres, $6
	FROM unnest($2::bigint[], $3::bigint[], $4::int[], $5::int[]) AS told (from_cell, to_cell, seconds, metres)
	ON CONFLICT (network, from_cell, to_cell) DO UPDATE
	SET seconds = excluded.seconds, metres = excluded.metres, told_at = excluded.told_at`

// write keeps those drives of t that asked marks and somebody told.
func write(ctx context.Context, db *pg.DB, network string, cells []cell, t *Table, asked []bool, at time.Time) error {
	var told []stored
	for i, s := range t.Seconds {
		if asked[i] && s != Unknown {
			told = append(told, stored{int64(cells[i/t.N]), int64(cells[i%t.N]), s, t.Metres[i]})
		}
	}
	told = told[:min(len(told), mostRows)]
	slices.SortFunc(told, func(a, b stored) int {
		return cmp.Or(cmp.Compare(a.FromCell, b.FromCell), cmp.Compare(a.ToCell, b.ToCell))
	})
	for part := range slices.Chunk(told, writeRows) {
		from, to := make([]int64, len(part)), make([]int64, len(part))
		seconds, metres := make([]int32, len(part)), make([]int32, len(part))
		for i, r := range part {
			from[i], to[i], seconds[i], metres[i] = r.FromCell, r.ToCell, r.Seconds, r.Metres
		}
		if _, err := pg.Exec(ctx, db, writeSQL, network, from, to, seconds, metres, at); err != nil {
			return fmt.Errorf("write drives: %w", err)
		}
	}
	return nil
}

const sweepSQL = `DELETE FROM drives WHERE told_at <= $1`

// Sweep forgets the drives of every network that are too old to be taken from Postgres.
func (r *Router) Sweep(ctx context.Context) error {
	if r.db == nil {
		return nil
	}
	if _, err := pg.Exec(ctx, r.db, sweepSQL, r.now().Add(-r.Kept)); err != nil {
		return fmt.Errorf("sweep drives: %w", err)
	}
	return nil
}
