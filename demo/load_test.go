package demo_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"callout/demo"
	"callout/house"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/words"
)

// evening is when it is late in Los Angeles.
var evening = time.Date(2026, time.November, 23, 4, 30, 0, 0, time.UTC)

// morning opens a house on a database whose clock stands where the demo of a day is planned.
func morning(t *testing.T, url string, d demo.Day) *house.House {
	t.Helper()
	planned := d.Planned(evening)
	h, err := house.Open(t.Context(), house.Options{
		DatabaseURL: url, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return planned },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

// counts are the rows of every table that the demo fills.
func counts(t *testing.T, h *house.House) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, table := range []string{
		"outlets", "skills", "parts", "locations", "movements", "units", "users", "technicians", "certifications", "shifts",
		"customers", "sites", "cases", "jobs",
	} {
		n, err := pg.One[int](t.Context(), h.DB, `SELECT count(*) FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		all[table] = n
	}
	return all
}

func TestDemoThatWasBrokenOffIsCompleted(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	h := morning(t, url, day(t, evening.Format(time.RFC3339)))
	state, d, err := demo.Look(t.Context(), h.DB, evening)
	if err != nil || state != demo.Absent || d.String() != "2026-11-22" {
		t.Fatalf("state %d, day %s, %v", state, d, err)
	}
	broken, stop := context.WithCancel(t.Context())
	_, err = demo.Load(broken, h, d, demo.Options{Accounts: demo.Accounts(), Progress: func(what words.Noun, done, _ int) {
		if what == "requests" && done == 100 {
			stop()
		}
	}})
	if err == nil {
		t.Fatal("a load that was broken off says nothing")
	}
	if state, d, err = demo.Look(t.Context(), h.DB, evening.Add(48*time.Hour)); err != nil || state != demo.Begun || d.String() != "2026-11-22" {
		t.Fatalf("broken off: state %d, day %s, %v", state, d, err)
	}
	accounts := demo.Accounts()
	s, err := demo.Load(t.Context(), h, d, demo.Options{Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	if s.Outlets != 12 || s.Jobs != 1685 || s.Assigned < 1450 {
		t.Errorf("%+v, want about nine jobs in ten assigned", s)
	}
	before := counts(t, h)
	if state, _, err = demo.Look(t.Context(), h.DB, evening); err != nil || state != demo.Loaded {
		t.Errorf("loaded: state %d, %v", state, err)
	}
	if _, err := demo.Load(t.Context(), h, d, demo.Options{Accounts: accounts}); err != nil {
		t.Fatal(err)
	}
	for table, n := range counts(t, h) {
		if n != before[table] {
			t.Errorf("%d %s after another start, %d before", n, table, before[table])
		}
	}
	t.Logf("%+v %v", s, before)
}
