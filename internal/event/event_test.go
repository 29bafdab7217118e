package event_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"callout/internal/event"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"

	"github.com/google/uuid"
)

func add(ctx context.Context, db *pg.DB, kind string, hold func()) error {
	return db.InTx(ctx, func(ctx context.Context) error {
		err := event.Append(ctx, db, who.System, time.Now(), event.Entry{Kind: kind, SubjectID: uuid.New(), Data: map[string]int{"n": 1}})
		if hold != nil {
			hold()
		}
		return err
	})
}

func TestReaderMissesNothingThatCommitsLate(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	const writers, each = 8, 60
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := range each {
				if err := add(ctx, db, "job.opened", func() { time.Sleep(time.Duration(i%3) * time.Millisecond) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen := map[int64]bool{}
	var at event.Cursor
	// A transaction of another database of the server may hold the horizon back for a while.
	for patience := time.Now().Add(time.Minute); len(seen) < writers*each && time.Now().Before(patience); {
		got, next, err := event.Read(ctx, db, at, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got {
			if seen[e.Seq] {
				t.Fatalf("event %d came twice", e.Seq)
			}
			seen[e.Seq] = true
		}
		at = next
	}
	wg.Wait()
	if len(seen) != writers*each {
		t.Errorf("read %d events of %d", len(seen), writers*each)
	}
}

func TestLogIsAppendOnly(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	if err := add(ctx, db, "job.opened", nil); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`UPDATE events SET kind = 'a.b'`, `DELETE FROM events`, `TRUNCATE events CASCADE`} {
		if _, err := pg.Exec(ctx, db, q); err == nil {
			t.Errorf("%s was allowed to the application", q)
		}
		// The owner of the table is stopped by the trigger as well.
		if err := db.InTx(ctx, func(ctx context.Context) error {
			if _, err := pg.Exec(ctx, db, `RESET ROLE`); err != nil {
				t.Fatal(err)
			}
			_, err := pg.Exec(ctx, db, q)
			return err
		}); err == nil {
			t.Errorf("%s was allowed to the owner", q)
		}
	}
}

func TestRefusedCommandLeavesNoEvent(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), t.Context()
	_ = db.InTx(ctx, func(ctx context.Context) error {
		if err := event.Append(ctx, db, who.System, time.Now(), event.Entry{Kind: "job.opened", SubjectID: uuid.New()}); err != nil {
			t.Fatal(err)
		}
		return context.Canceled
	})
	if got, _, err := event.Read(ctx, db, event.Cursor{}, 10); err != nil || len(got) != 0 {
		t.Errorf("read %v, %v", got, err)
	}
	if err := event.Append(ctx, db, who.System, time.Now(), event.Entry{Kind: "job.opened"}); err == nil {
		t.Error("an event without a transaction was written")
	}
}
