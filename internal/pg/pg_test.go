package pg_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"

	"github.com/google/uuid"
)

func TestTheApplicationWorksUnderItsOwnRole(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	if role, err := pg.One[string](t.Context(), db, `SELECT current_user`); err != nil || role != pg.AppRole {
		t.Errorf("works as %s, %v", role, err)
	}
	if _, err := pg.Exec(t.Context(), db, `DROP TABLE events`); err == nil {
		t.Error("the application dropped a table")
	}
}

func TestWhatFailsIsUndoneInEveryWayOfWriting(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	refused := errors.New("refused")
	err := db.InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, db, `INSERT INTO number_days VALUES ('plain', now(), 1)`); err != nil {
			return err
		}
		type NumberDay struct {
			Kind string
			Day  time.Time
			Base int64
		}
		if err := pg.Rows[NumberDay](ctx, db).Create(ctx, &NumberDay{"orm", time.Now(), 1}); err != nil {
			return err
		}
		return db.InTx(ctx, func(ctx context.Context) error {
			if n, err := pg.One[int64](ctx, db, `SELECT count(*) FROM number_days`); err != nil || n != 2 {
				t.Errorf("within: %d rows, %v", n, err)
			}
			return refused
		})
	})
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if n, err := pg.One[int64](ctx, db, `SELECT count(*) FROM number_days`); err != nil || n != 0 {
		t.Errorf("after: %d rows, %v", n, err)
	}
}

func TestTheVictimOfADeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	if _, err := pg.Exec(ctx, db, `INSERT INTO number_days VALUES ('a', '2026-01-01', 0), ('b', '2026-01-01', 0)`); err != nil {
		t.Fatal(err)
	}
	var wg, met sync.WaitGroup
	met.Add(2)
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wg.Go(func() {
			first := sync.OnceFunc(func() { met.Done(); met.Wait() })
			err := db.InTx(ctx, func(ctx context.Context) error {
				for i, kind := range order {
					if _, err := pg.Exec(ctx, db, `UPDATE number_days SET base = base + 1 WHERE kind = $1`, kind); err != nil {
						return err
					}
					if i == 0 {
						first()
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, err := pg.One[int64](ctx, db, `SELECT sum(base)::bigint FROM number_days`); err != nil || n != 4 {
		t.Errorf("sum %d, %v", n, err)
	}
}

func TestSomebodyWhoIsAVictimAgainAndAgainIsToldSo(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	for _, tt := range []struct{ victim, tried int }{{0, 1}, {4, 5}, {9, 5}} {
		tried := 0
		err := db.InTx(ctx, func(ctx context.Context) error {
			if tried++; tried > tt.victim {
				return nil
			}
			_, err := pg.Exec(ctx, db, `DO $$ BEGIN RAISE EXCEPTION 'a deadlock' USING ERRCODE = 'deadlock_detected'; END $$`)
			return err
		})
		if tried != tt.tried || (err == nil) != (tt.victim < tt.tried) {
			t.Errorf("a victim %d times: tried %d times, %v", tt.victim, tried, err)
		}
	}
}

func TestFaultsSayWhatAQueryMeant(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	for _, tt := range []struct {
		name, statement string
		code            fault.Code
	}{
		{"duplicate", `INSERT INTO number_days VALUES ('a', '2026-01-01', 0), ('a', '2026-01-01', 0)`, fault.Conflict},
		{"broken reference", `INSERT INTO sessions (id, user_id, created_at) VALUES (gen_random_uuid(), gen_random_uuid(), now())`, fault.Invalid},
		{"broken rule", `INSERT INTO policies (version, effective_from, document, published_at) VALUES (0, now(), '{}', now())`, fault.Conflict},
	} {
		_, err := pg.Exec(ctx, db, tt.statement)
		if got := pg.Fault(err, "row"); !fault.Is(got, tt.code) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	_, err := pg.One[string](ctx, db, `SELECT kind FROM number_days WHERE kind = 'none'`)
	if got := pg.Fault(err, "row"); !fault.Is(got, fault.NotFound) {
		t.Errorf("no row: %v", got)
	}
}

func TestNumbersOfADayAreDistinctAndBeginAtOne(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				n, err := pg.One[string](ctx, db, `SELECT next_number('case', '2024-05-01')`)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if seen[n] {
					t.Errorf("%s came twice", n)
				}
				seen[n] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if !seen["20240501001"] {
		t.Error("nobody got 20240501001")
	}
	if n, err := pg.One[string](ctx, db, `SELECT next_number('case', '2024-05-02')`); err != nil || n != "20240502001" {
		t.Errorf("next day: %s, %v", n, err)
	}
}

func TestColumnTypesComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	type row struct {
		At    pg.Point
		Words pg.Strings[fault.Code]
		IDs   pg.IDs
		Doc   pg.JSON[map[string]int]
	}
	want := row{pg.Point{-118.25, 34.05}, pg.Strings[fault.Code]{"a,b", `c"d`, ""}, pg.IDs{uuid.New()}, pg.JSON[map[string]int]{V: map[string]int{"n": 1}}}
	got, err := pg.Query[row](ctx, db, `SELECT $1::point AS at, $2::text[] AS words, $3::uuid[] AS ids, $4::jsonb AS doc`, want.At, want.Words, want.IDs, want.Doc)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].At != want.At || len(got[0].Words) != 3 || got[0].Words[1] != `c"d` || got[0].IDs[0] != want.IDs[0] || got[0].Doc.V["n"] != 1 {
		t.Errorf("got %+v", got[0])
	}
}
