package signals_test

import (
	"testing"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// The operation of the benchmark: what 200 technicians used on 100,000 jobs of ten kinds in ninety
// days, one piece a job; and one of them uses five times as much of one part.
const (
	benchTechnicians = 200
	benchUses        = 100_000
)

const benchJobsSQL = `
WITH crew AS (SELECT id, outlet_id, van_id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS crew FROM technicians),
at AS (
  SELECT i, gen_random_uuid() AS job, crew.*, now() - (i % 85 + 1) * interval '1 day' - i * interval '1 second' AS at, 1 + (i / crew.crew) % 10 AS fault
  FROM generate_series(1, $1::int) i JOIN crew ON crew.n = i % crew.crew),
j AS (
  INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, needs, parts, finished_at, created_at, updated_at)
  SELECT job, 'B' || i, 'Fix', 'finished', 'P1', $2, $3, outlet_id, '(0,0)', 'UTC', 60, jsonb_build_array(jsonb_build_object('code', 'skill' || fault)),
    CASE WHEN i % 4 = 0 THEN '[]' ELSE jsonb_build_array(jsonb_build_object('part_id', ($4::uuid[])[fault], 'quantity', 1)) END, at, at, at FROM at),
b AS (
  INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
  SELECT gen_random_uuid(), job, id, outlet_id, '2020-01-01'::timestamptz + i * interval '2 hours', '2020-01-01'::timestamptz + i * interval '2 hours' + interval '1 hour', '{}', at, at FROM at),
m AS (
  INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, job_id, moved_at, occurred_at, booked_at)
  SELECT gen_random_uuid(), ($4::uuid[])[fault], van_id, $5, CASE WHEN n = 0 AND fault = 1 THEN 5 ELSE 1 END, 'use', job, at, at, at
  FROM at WHERE i % 3 > 0 OR (n = 0 AND fault = 1)
  RETURNING id, part_id, quantity, job_id, moved_at)
INSERT INTO part_uses (id, job_id, part_id, quantity, old_part_wish, movement_id, used_at, occurred_at, technician_id)
SELECT gen_random_uuid(), m.job_id, m.part_id, m.quantity, 'none', m.id, m.moved_at, m.moved_at, at.id FROM m JOIN at ON at.job = m.job_id`

// busy fills the operation: half again as many jobs as uses.
func (w *world) busy() {
	w.Helper()
	site := w.place(inventory.KindCustomerSite)
	parts := make([]uuid.UUID, 10)
	for i := range parts {
		parts[i] = w.Part("").ID
	}
	for range benchTechnicians {
		w.Technician(w.Outlet)
	}
	one := w.Job(w.Outlet)
	at, err := pg.Query[struct{ CustomerID, SiteID uuid.UUID }](w.Context(), w.DB, `SELECT customer_id, site_id FROM jobs WHERE id = $1`, one)
	w.Must(err)
	w.Exec(`INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, moved_at, occurred_at, booked_at)
		SELECT gen_random_uuid(), p, $2, t.van_id, 1000, 'transfer', a, a, a FROM technicians t, unnest($1::uuid[]) p, (SELECT now() - interval '100 days' AS a) a`,
		parts, w.place(inventory.KindSupplier).ID)
	w.Exec(benchJobsSQL, benchUses*3/2, at[0].CustomerID, at[0].SiteID, parts, site.ID)
	w.owner(`ANALYZE`)
	if n := w.Count(`SELECT count(*) FROM part_uses`); n < benchUses {
		w.Fatalf("%d uses", n)
	}
}

// BenchmarkScan is the first scan over 100,000 uses, of every rule, and the one of an hour later.
func BenchmarkScan(b *testing.B) {
	w := open(b)
	w.busy()
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			w.owner(`DELETE FROM signal_scans`)
			w.owner(`TRUNCATE signals`)
			raised, err := w.signals.Scan(b.Context(), who.System)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(raised)), "signals")
		}
	})
	b.Run("hourly", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.signals.Scan(b.Context(), who.System); err != nil {
				b.Fatal(err)
			}
		}
	})
}
