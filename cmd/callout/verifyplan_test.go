package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"callout/dispatch"
	"callout/house"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
)

func TestVerifyPlan(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, err := house.Open(ctx, house.Options{DatabaseURL: pgtest.URL(t), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	if _, err := h.Network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "O", Name: "Outlet", TimeZone: "Asia/Shanghai"}); err != nil {
		t.Fatal(err)
	}
	p, err := h.Planner.Start(ctx, who.System, dispatch.NewPlan{Day: time.Now().AddDate(0, 0, 2), Options: dispatch.PlanOptions{Iterations: 10}})
	if err == nil {
		err = h.Planner.Perform(ctx, p.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&verifyPlan{ID: p.ID, Lang: "en"}).report(ctx, &out, h.Planner); err != nil || !strings.Contains(out.String(), "byte for byte") {
		t.Errorf("as it was: %v\n%s", err, &out)
	}
	if _, err := pg.Exec(ctx, h.DB, `UPDATE plans SET hash = sha256('forged') WHERE id = $1`, p.ID); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := (&verifyPlan{ID: p.ID, Lang: "zh-CN"}).report(ctx, &out, h.Planner); err == nil || !strings.Contains(err.Error(), "不一致") {
		t.Errorf("forged: %v\n%s", err, &out)
	}
}
