package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"callout/internal/event"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"
)

func TestVerifyEvents(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.Open(t)
	if _, err := inventory.NewLedger(db, noVans{}, time.Now).OpenPart(ctx, who.System, inventory.Part{Number: "SC-1", Name: "Screw"}); err != nil {
		t.Fatal(err)
	}
	// Other databases of the server may hold the horizon back.
	for sealed, patience := 0, time.Now().Add(time.Minute); sealed == 0; {
		var err error
		if sealed, err = event.Seal(ctx, db, time.Now()); err != nil || time.Now().After(patience) {
			t.Fatalf("%d events sealed, %v", sealed, err)
		}
	}
	var out bytes.Buffer
	if err := (&verifyEvents{Lang: "en"}).report(ctx, &out, db); err != nil || !strings.Contains(out.String(), "ok      1 sealed events") {
		t.Errorf("an untouched log: %v\n%s", err, &out)
	}
	err := db.InTx(ctx, func(ctx context.Context) error {
		for _, q := range []string{`RESET ROLE`, `SET LOCAL session_replication_role = replica`, `UPDATE events SET data = '{"n": 2}'`} {
			if _, err := pg.Exec(ctx, db, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][2]string{
		"en":    {"after the first 0 sealed events", "the event log was changed after it was sealed"},
		"zh-CN": {"前 0 条已封存事件之后", "事件日志在封存之后被改动"},
	} {
		out.Reset()
		err := (&verifyEvents{Lang: lang}).report(ctx, &out, db)
		if exit(err) != 1 || !strings.Contains(err.Error(), want[1]) || !strings.Contains(out.String(), want[0]) {
			t.Errorf("a changed log: %v\n%s", err, &out)
		}
	}
}
