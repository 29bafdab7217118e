package event_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"callout/internal/event"
	"callout/internal/pg"
	"callout/internal/pgtest"
)

func TestSealsFindWhatSomebodyChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, tamper string }{
		{"a changed event", `UPDATE events SET data = '{"n": 2}' WHERE seq = 2`},
		{"a removed event", `DELETE FROM events WHERE seq = 2`},
		{"a changed moment", `UPDATE events SET at = at + interval '1 microsecond' WHERE seq = 1`},
		{"a changed seal", `UPDATE event_seals SET hash = sha256('x') WHERE id = 1`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, ctx := pgtest.Open(t), t.Context()
			for range 3 {
				for range 4 {
					if err := add(ctx, db, "job.opened", nil); err != nil {
						t.Fatal(err)
					}
				}
				sealAll(ctx, t, db, 4)
			}
			if n, err := event.Verify(ctx, db); err != nil || n != 12 {
				t.Fatalf("untouched: %d events, %v", n, err)
			}
			// Somebody with the owner's rights who takes the triggers away first.
			err := db.InTx(ctx, func(ctx context.Context) error {
				for _, q := range []string{`RESET ROLE`, `SET LOCAL session_replication_role = replica`, tt.tamper} {
					if _, err := pg.Exec(ctx, db, q); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := event.Verify(ctx, db); !errors.Is(err, event.ErrBroken) {
				t.Errorf("not found: %v", err)
			}
		})
	}
}

// sealAll seals until n events are sealed: other databases of the server may hold the horizon back.
func sealAll(ctx context.Context, t *testing.T, db *pg.DB, n int) {
	t.Helper()
	for patience := time.Now().Add(time.Minute); n > 0; {
		got, err := event.Seal(ctx, db, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if n -= got; n > 0 && time.Now().After(patience) {
			t.Fatalf("%d events are not sealed", n)
		}
	}
}
