package once_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/once"
	"callout/internal/pg"
	"callout/internal/pgtest"

	"github.com/google/uuid"
)

// deed counts how often it was really done: a row each.
func deed(db *pg.DB, body string) func(context.Context) (once.Answer, error) {
	return func(ctx context.Context) (once.Answer, error) {
		_, err := pg.Exec(ctx, db, `INSERT INTO number_days VALUES ($1, now(), 1)`, uuid.NewString())
		return once.Answer{Status: 201, Headers: map[string]string{"ETag": `"1"`}, Body: []byte(body)}, err
	}
}

func deeds(t *testing.T, db *pg.DB) int {
	t.Helper()
	n, err := pg.One[int](t.Context(), db, `SELECT count(*)::int FROM number_days`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSameKeyAnswersTheSame(t *testing.T) {
	t.Parallel()
	db, ctx, user := pgtest.Open(t), t.Context(), uuid.New()
	keys := once.New(db)
	for i := range 3 {
		a, replayed, err := keys.Do(ctx, user, "key-1", []byte("a"), deed(db, `{"n":1}`))
		if err != nil || replayed != (i > 0) || a.Status != 201 || string(a.Body) != `{"n":1}` || a.Headers["ETag"] != `"1"` {
			t.Errorf("try %d: %+v, %v, %v", i, a, replayed, err)
		}
	}
	if _, _, err := keys.Do(ctx, user, "key-1", []byte("b"), deed(db, "")); !fault.Is(err, fault.Invalid) {
		t.Errorf("another request under the key: %v", err)
	}
	if _, replayed, err := keys.Do(ctx, uuid.New(), "key-1", []byte("b"), deed(db, "")); err != nil || replayed {
		t.Errorf("the key of another user: %v, %v", replayed, err)
	}
	if n := deeds(t, db); n != 2 {
		t.Errorf("done %d times", n)
	}
}

func TestRefusedCommandMayBeTriedAgainUnderItsKey(t *testing.T) {
	t.Parallel()
	db, ctx, user := pgtest.Open(t), t.Context(), uuid.New()
	keys := once.New(db)
	refused := errors.New("refused")
	_, _, err := keys.Do(ctx, user, "key-1", []byte("a"), func(ctx context.Context) (once.Answer, error) {
		if _, err := deed(db, "")(ctx); err != nil {
			t.Fatal(err)
		}
		return once.Answer{}, refused
	})
	if !errors.Is(err, refused) || deeds(t, db) != 0 {
		t.Errorf("%v left %d deeds", err, deeds(t, db))
	}
	if _, replayed, err := keys.Do(ctx, user, "key-1", []byte("other"), deed(db, "{}")); err != nil || replayed {
		t.Errorf("second try: %v, %v", replayed, err)
	}
}

func TestManyAtOnceTakeEffectOnce(t *testing.T) {
	t.Parallel()
	db, ctx, user := pgtest.Open(t), t.Context(), uuid.New()
	keys := once.New(db)
	var wg sync.WaitGroup
	var done, replays, inFlight atomic.Int32
	for range 40 {
		wg.Go(func() {
			_, replayed, err := keys.Do(ctx, user, "key-1", []byte("a"), func(ctx context.Context) (once.Answer, error) {
				time.Sleep(20 * time.Millisecond)
				return deed(db, "{}")(ctx)
			})
			switch {
			case fault.Is(err, fault.Conflict):
				inFlight.Add(1)
			case err != nil:
				t.Error(err)
			case replayed:
				replays.Add(1)
			default:
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 || deeds(t, db) != 1 {
		t.Errorf("done %d times, %d rows; %d replays, %d told that it is in flight", done.Load(), deeds(t, db), replays.Load(), inFlight.Load())
	}
	if replays.Load()+inFlight.Load() != 39 {
		t.Errorf("%d replays and %d in flight of 39", replays.Load(), inFlight.Load())
	}
}

func TestOldKeysAreForgotten(t *testing.T) {
	t.Parallel()
	db, ctx, user := pgtest.Open(t), t.Context(), uuid.New()
	keys := once.New(db)
	if _, _, err := keys.Do(ctx, user, "key-1", []byte("a"), deed(db, "{}")); err != nil {
		t.Fatal(err)
	}
	if n, err := keys.Sweep(ctx, time.Now().Add(-time.Hour)); err != nil || n != 0 {
		t.Errorf("forgot %d young keys, %v", n, err)
	}
	if n, err := keys.Sweep(ctx, time.Now().Add(time.Hour)); err != nil || n != 1 {
		t.Errorf("forgot %d old keys, %v", n, err)
	}
}
