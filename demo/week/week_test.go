package week_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"callout/demo"
	"callout/demo/week"
	"callout/house"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory/audit"
	"callout/inventory/signals"

	"github.com/xuri/excelize/v2"
)

// evening is when it is late in Los Angeles.
var evening = time.Date(2026, time.November, 23, 4, 30, 0, 0, time.UTC)

// open opens a house on a database, with its clock.
func open(t *testing.T, at string, clock *week.Clock) *house.House {
	t.Helper()
	h, err := house.Open(t.Context(), house.Options{DatabaseURL: at, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// operation is the address of a database with the demo operation of a day, and when its week begins.
func operation(t *testing.T) (string, time.Time) {
	t.Helper()
	day, err := demo.On(evening)
	if err != nil {
		t.Fatal(err)
	}
	begins := day.Planned(evening)
	at := pgtest.URL(t)
	h := open(t, at, week.NewClock(begins))
	defer h.Close()
	if _, err := demo.Load(t.Context(), h, day, demo.Options{Accounts: demo.Accounts()}); err != nil {
		t.Fatal(err)
	}
	return at, begins
}

func TestWeek(t *testing.T) {
	t.Parallel()
	at, begins := operation(t)
	twin := pgtest.Copy(t, at)
	clock := week.NewClock(begins)
	h := open(t, at, clock)
	defer h.Close()
	began := time.Now()
	s, err := week.Run(t.Context(), h, clock, 1, nil)
	t.Logf("in %v: %+v", time.Since(began), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("much happened", func(t *testing.T) { muchHappened(t, s) })
	t.Run("the books are sound", func(t *testing.T) { sound(t, h, s) })
	for by, sql := range independent {
		t.Run("reconciled by "+string(by), func(t *testing.T) { reconciled(t, h, by, begins, clock.Now(), sql) })
	}
	t.Run("what was planted is found", func(t *testing.T) { found(t, s) })
	t.Run("the same again", func(t *testing.T) {
		clock := week.NewClock(begins)
		h := open(t, twin, clock)
		defer h.Close()
		same, err := week.Run(t.Context(), h, clock, 1, nil)
		if err != nil || !reflect.DeepEqual(same, s) {
			t.Errorf("the same seed gave %+v, %v", same, err)
		}
	})
}

// Whatever the seed, the week of one outlet ends with sound books, and every dishonest act is found.
func TestWeekOfOneOutlet(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			clock := week.NewClock(evening)
			h := open(t, pgtest.URL(t), clock)
			defer h.Close()
			if err := demo.LoadSmall(t.Context(), h, evening, demo.Accounts()); err != nil {
				t.Fatal(err)
			}
			s, err := week.Run(t.Context(), h, clock, seed, nil)
			if err != nil {
				t.Fatal(err)
			}
			found(t, s)
			if r, err := h.Ledger.Verify(t.Context()); err != nil || len(r.Faults) > 0 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// muchHappened demands that every flow was walked.
func muchHappened(t *testing.T, s week.Summary) {
	t.Helper()
	if s.Movements < 3000 || s.Outlets != 12 || s.Vans != 117 {
		t.Errorf("%d movements of %d vans in %d outlets", s.Movements, s.Vans, s.Outlets)
	}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s: none", v.Type().Field(i).Name)
		}
	}
}

func sound(t *testing.T, h *house.House, s week.Summary) {
	t.Helper()
	r, err := h.Ledger.Verify(t.Context())
	if err != nil || len(r.Faults) > 0 || r.Movements < s.Movements {
		t.Errorf("%+v, %v", r, err)
	}
	periods, _, err := h.Auditor.ListPeriods(t.Context(), nil, 10)
	if err != nil || len(periods) != 1 || periods[0].Name != s.Period || len(periods[0].Hash) != 32 || periods[0].Places < 500 {
		t.Errorf("%+v, %v", periods, err)
	}
}

// independent adds up, past the auditor, what came into and went out of the holders: vans, every place of the house, and
// what crossed the border of an outlet or of the house. Nothing is reversed in the week.
var independent = map[audit.By]string{
	audit.ByTechnician: inAndOut(`l.kind = 'van'`),
	audit.ByOutlet:     inAndOut(`NOT l.may_go_negative AND NOT (NOT o.may_go_negative AND o.outlet_id IS NOT NULL AND o.outlet_id IS NOT DISTINCT FROM l.outlet_id)`),
	audit.ByPart:       inAndOut(`NOT l.may_go_negative AND o.may_go_negative`),
	audit.ByLocation:   inAndOut(`NOT l.may_go_negative`),
}

func inAndOut(places string) string {
	return `
SELECT coalesce(sum(n) FILTER (WHERE at < $1), 0)::int AS opening,
  coalesce(sum(n) FILTER (WHERE at >= $1 AND n > 0 AND other <> 'adjustment'), 0)::int AS issued,
  coalesce(sum(-n) FILTER (WHERE at >= $1 AND n < 0 AND kind = 'use'), 0)::int AS used,
  coalesce(sum(-n) FILTER (WHERE at >= $1 AND n < 0 AND kind <> 'use' AND other <> 'adjustment'), 0)::int AS returned,
  coalesce(sum(-n) FILTER (WHERE at >= $1 AND other = 'adjustment'), 0)::int AS variance, coalesce(sum(n), 0)::int AS closing
FROM (SELECT m.kind, m.booked_at AS at, m.quantity AS n, o.kind AS other
    FROM movements m JOIN locations l ON l.id = m.to_location JOIN locations o ON o.id = m.from_location WHERE ` + places + `
  UNION ALL SELECT m.kind, m.booked_at, -m.quantity, o.kind
    FROM movements m JOIN locations l ON l.id = m.from_location JOIN locations o ON o.id = m.to_location WHERE ` + places + `) f WHERE at < $2`
}

func reconciled(t *testing.T, h *house.House, by audit.By, from, to time.Time, sql string) {
	t.Helper()
	report, err := h.Auditor.Reconcile(t.Context(), who.System, audit.Query{By: by, From: from, To: to})
	if err != nil {
		t.Fatal(err)
	}
	var sum audit.Figures
	for _, r := range report.Rows {
		if !r.Holds() {
			t.Errorf("%s, part %s: %+v does not hold", r.HolderName, r.PartNumber, r.Figures)
		}
		sum.Opening, sum.Issued, sum.Used = sum.Opening+r.Opening, sum.Issued+r.Issued, sum.Used+r.Used
		sum.Returned, sum.Variance, sum.Closing = sum.Returned+r.Returned, sum.Variance+r.Variance, sum.Closing+r.Closing
	}
	rows, err := pg.Query[audit.Figures](t.Context(), h.DB, sql, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if want := rows[0]; sum != want || sum.Used == 0 || len(report.Rows) == 0 {
		t.Errorf("%d rows add up to %+v, the movements to %+v", len(report.Rows), sum, rows[0])
	}
	t.Logf("%d rows: %+v", len(report.Rows), sum)
	for _, l := range []words.Language{words.English, words.Chinese} {
		sheet, err := report.XLSX(l)
		if err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(sheet))
		if err != nil {
			t.Fatal(err)
		}
		lines, err := f.GetRows(f.GetSheetList()[0])
		if err != nil || len(lines) <= len(report.Rows) {
			t.Errorf("the sheet has %d lines for %d rows, %v", len(lines), len(report.Rows), err)
		}
		paper, err := report.PDF(l)
		if err != nil || !bytes.HasPrefix(paper, []byte("%PDF-")) || !bytes.Contains(paper[len(paper)-32:], []byte("%%EOF")) {
			t.Errorf("the paper: %v", err)
		}
	}
}

// found demands that every dishonest act is a signal, and says how many signals are about honest people.
func found(t *testing.T, s week.Summary) {
	t.Helper()
	rules := map[signals.RuleID]bool{}
	for _, a := range s.Planted {
		rules[a.Rule] = true
		hit := false
		for _, r := range s.Raised {
			hit = hit || r.Planted && r.Rule == a.Rule && r.Technician == a.Technician
		}
		if !hit {
			t.Errorf("%+v was not found", a)
		}
	}
	if len(s.Planted) != 3 || len(rules) != 3 {
		t.Errorf("planted: %+v", s.Planted)
	}
	mistaken := 0
	for _, r := range s.Raised {
		if !r.Planted {
			mistaken++
			t.Logf("about somebody honest: %+v", r)
		}
	}
	// One is honest and was offline: what he used was told before its delivery, and was more than the job says it needs.
	if mistaken > 3 {
		t.Errorf("%d signals are about honest people", mistaken)
	}
}
