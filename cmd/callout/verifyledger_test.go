package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

type noVans struct{}

func (noVans) VanOf(context.Context, uuid.UUID) (uuid.UUID, error) { return uuid.Nil, nil }

func TestVerifyLedger(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.Open(t)
	ledger := inventory.NewLedger(db, noVans{}, time.Now)
	p, err := ledger.OpenPart(ctx, who.System, inventory.Part{Number: "SC-1", Name: "Screw"})
	if err != nil {
		t.Fatal(err)
	}
	w, err := ledger.OpenLocation(ctx, who.System, inventory.Location{Code: "W", Name: "Warehouse", Kind: inventory.KindWarehouse})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Receive(ctx, who.System, inventory.Receipt{LocationID: w.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 3}}}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&verifyLedger{Lang: "en"}).report(ctx, &out, ledger); err != nil || !strings.Contains(out.String(), "1 movements, 2 balances and 0 units folded") {
		t.Errorf("sound books: %v\n%s", err, &out)
	}
	// Only who owns the tables can forge a balance.
	conn, err := db.Pool().Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for _, q := range []string{`RESET ROLE`, `UPDATE balances SET quantity = 7 WHERE location_id = '` + w.ID.String() + `'`, `SET ROLE ` + pg.AppRole} {
		if _, err := conn.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	out.Reset()
	if err := (&verifyLedger{Lang: "zh-CN"}).report(ctx, &out, ledger); err == nil || !strings.Contains(out.String(), "W 按移动记录有 3 件备件 SC-1，按余额有 7 件") {
		t.Errorf("forged books: %v\n%s", err, &out)
	}
}
