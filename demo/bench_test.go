package demo_test

import (
	"log/slog"
	"testing"
	"time"

	"callout/demo"
	"callout/dispatch"
	"callout/house"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
)

// demoDay is a house with the demo loaded, and the demo's day.
func demoDay(t testing.TB) (*house.House, time.Time) {
	t.Helper()
	ctx := t.Context()
	d, err := demo.On(evening)
	if err != nil {
		t.Fatal(err)
	}
	planned := d.Planned(evening)
	h, err := house.Open(ctx, house.Options{DatabaseURL: pgtest.URL(t), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return planned }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	if _, err := demo.Load(ctx, h, d, demo.Options{Accounts: demo.Accounts()}); err != nil {
		t.Fatal(err)
	}
	day, err := time.Parse(time.DateOnly, d.String())
	if err != nil {
		t.Fatal(err)
	}
	return h, day
}

// reopen takes every job from whoever has it.
func reopen(t testing.TB, h *house.House) {
	t.Helper()
	for _, q := range []string{`DELETE FROM bookings`, `UPDATE jobs SET status = 'open'`} {
		if _, err := pg.Exec(t.Context(), h.DB, q); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkMassAssignDemoDay assigns the demo day's 1,685 open jobs to its 117 technicians, bookings and events included.
func BenchmarkMassAssignDemoDay(b *testing.B) {
	ctx := b.Context()
	h, day := demoDay(b)
	assigned := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		reopen(b, h)
		b.StartTimer()
		run, err := h.Board.StartRun(ctx, who.System, dispatch.NewRun{Day: day})
		if err == nil {
			err = h.Board.Perform(ctx, run.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
		if assigned, err = pg.One[int](ctx, h.DB, `SELECT count(*)::int FROM bookings WHERE active`); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(assigned), "jobs-assigned")
}
