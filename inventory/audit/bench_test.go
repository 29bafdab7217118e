package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
)

// sized is the operation that is measured: a year of a thousand technicians, each with forty parts on his van.
var sized = strings.NewReplacer(":technicians", "1000", ":parts", "200", ":movements", "1000000")

// yearSQL books a year: of every five movements one supplies the warehouse, and each of the others
// belongs to a technician and a part: handed out, brought along, used, and now and then lost or
// handed back. The balances are the fold; the triggers that would keep them row by row rest.
var yearSQL = []string{
	`RESET ROLE`,
	`SET LOCAL session_replication_role = replica`,
	`SET LOCAL synchronous_commit = off`,
	`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at)
		SELECT gen_random_uuid(), 'O' || n, 'Outlet ' || n, 'UTC', now(), now() FROM generate_series(1, 50) n`,
	`INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at)
		SELECT gen_random_uuid(), o.code || k.kind, o.name || ' ' || k.kind, k.kind, o.id, k.outside, now(), now()
		FROM outlets o, (VALUES ('warehouse', false), ('transit', false), ('customer_site', true), ('adjustment', true)) AS k (kind, outside)`,
	`INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at)
		SELECT gen_random_uuid(), 'VAN' || n, 'Van ' || n, 'van', o.id, false, now(), now()
		FROM generate_series(1, :technicians) n JOIN outlets o ON o.code = 'O' || (1 + n % 50)`,
	`INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, van_id, created_at, updated_at)
		SELECT gen_random_uuid(), outlet_id, 'Technician ' || code, '(0,0)', 0, 'CNY', id, now(), now() FROM locations WHERE kind = 'van'`,
	`INSERT INTO parts (id, number, name, serialized, return_required, created_at, updated_at)
		SELECT gen_random_uuid(), 'P-' || n, 'Part ' || n, false, false, now(), now() FROM generate_series(1, :parts) n`,
	`INSERT INTO part_values (part_id, pool, quantity, value, last_cost) SELECT id, 'good', 0, 0, 1250 FROM parts`,
	`CREATE TEMP TABLE bench_vans AS SELECT row_number() OVER (ORDER BY v.id) - 1 AS n, v.id AS van, w.id AS warehouse, t.id AS transit, s.id AS site, a.id AS adjustment
		FROM locations v JOIN locations w ON w.outlet_id = v.outlet_id AND w.kind = 'warehouse' JOIN locations t ON t.outlet_id = v.outlet_id AND t.kind = 'transit'
		JOIN locations s ON s.outlet_id = v.outlet_id AND s.kind = 'customer_site' JOIN locations a ON a.outlet_id = v.outlet_id AND a.kind = 'adjustment' WHERE v.kind = 'van'`,
	`CREATE TEMP TABLE bench_parts AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM parts`,
	`INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, value, moved_at, occurred_at, booked_at, note)
		SELECT gen_random_uuid(), p.id,
			CASE i % 5 WHEN 0 THEN '01900000-0000-7000-8000-000000000001' WHEN 1 THEN v.warehouse WHEN 2 THEN v.transit ELSE v.van END,
			CASE i % 5 WHEN 0 THEN v.warehouse WHEN 1 THEN v.transit WHEN 2 THEN v.van WHEN 3 THEN v.site WHEN 4 THEN
				CASE WHEN i % 200 = 4 THEN v.adjustment ELSE v.warehouse END END,
			CASE WHEN i % 5 < 3 THEN 3 ELSE 1 END,
			CASE i % 5 WHEN 0 THEN 'receive' WHEN 1 THEN 'issue' WHEN 2 THEN 'delivery' WHEN 3 THEN 'use' ELSE CASE WHEN i % 200 = 4 THEN 'count' ELSE 'unused' END END,
			CASE WHEN i % 5 = 0 THEN 3750 WHEN i % 5 = 3 OR i % 200 = 4 THEN 1250 END, at, at, at, ''
		FROM (SELECT i, now() - interval '365 days' + i * (interval '365 days' / :movements) AS at FROM generate_series(0, :movements - 1) i) m
		JOIN bench_vans v ON v.n = (i / 5) % :technicians JOIN bench_parts p ON p.n = (i / 5 / :technicians * 7 + i / 5) % 40 * (:parts / 40) + i / 5 % (:parts / 40)`,
	`INSERT INTO balances (location_id, part_id, quantity, may_go_negative, van, serialized)
		SELECT l.id, m.part_id, sum(n), l.may_go_negative, l.van, false
		FROM (SELECT to_location AS at, part_id, quantity AS n FROM movements UNION ALL SELECT from_location, part_id, -quantity FROM movements) m
		JOIN locations l ON l.id = m.at GROUP BY l.id, m.part_id`,
	`UPDATE part_values v SET quantity = b.n, value = b.n * 1250 FROM (SELECT part_id, sum(quantity) AS n FROM balances b JOIN locations l ON l.id = b.location_id
		WHERE l.pool = 'good' GROUP BY 1) b WHERE b.part_id = v.part_id`,
	`DROP TABLE bench_vans, bench_parts`,
	`ANALYZE`,
	`SET ROLE ` + pg.AppRole,
}

// year is an operation after a year.
func year(b *testing.B) (*audit.Auditor, *inventory.Ledger) {
	b.Helper()
	db := pgtest.Open(b)
	if err := db.InTx(b.Context(), func(ctx context.Context) error {
		for _, q := range yearSQL {
			if _, err := pg.Exec(ctx, db, sized.Replace(q)); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	l := inventory.NewLedger(db, nil, time.Now)
	return audit.NewAuditor(l), l
}

// BenchmarkReconciliation reconciles all vans and parts over a month of a year of a million
// movements: the last month, one half a year ago, and the last with the months before it locked; the
// whole, and pages of it that follow another.
func BenchmarkReconciliation(b *testing.B) {
	a, _ := year(b)
	now := time.Now()
	measure := func(name string, q audit.Query, by who.Actor) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				r, err := a.Reconcile(b.Context(), by, q)
				if err != nil || !r.Sound() {
					b.Fatal(err, r.Sound())
				}
				rows = len(r.Rows)
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
	// A page of fifty after so many rows: the first of them need attention.
	further := func(name string, q audit.Query, rows int) {
		begun, err := a.ReconcilePage(b.Context(), who.System, q, audit.Cursor{}, rows)
		if err != nil || begun.Next == nil {
			b.Fatal(err, begun.Next)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := a.ReconcilePage(b.Context(), who.System, q, *begun.Next, 50)
				if err != nil || len(p.Rows) != 50 {
					b.Fatal(err, len(p.Rows))
				}
			}
			b.ReportMetric(float64(begun.Next.Urgency), "urgency")
		})
	}
	pages := func(name string, q audit.Query) {
		further(name+"_second_page", q, 50)
		further(name+"_far_page", q, 5000)
	}
	last := audit.Query{By: audit.ByTechnician, From: now.AddDate(0, 0, -30), To: now}
	measure("last_month", last, who.System)
	pages("last_month", last)
	measure("half_a_year_ago", audit.Query{By: audit.ByTechnician, From: now.AddDate(0, 0, -210), To: now.AddDate(0, 0, -180)}, who.System)
	every := audit.Query{By: audit.ByLocation, From: now.AddDate(0, 0, -30), To: now}
	measure("every_place", every, who.System)
	pages("every_place", every)
	further("outlets_second_page", audit.Query{By: audit.ByOutlet, From: every.From, To: now}, 50)
	further("parts_second_page", audit.Query{By: audit.ByPart, From: every.From, To: now}, 50)
	for months := range 11 {
		at := time.Now()
		if _, err := a.LockPeriod(b.Context(), who.System, audit.Lock{Name: fmt.Sprint("month-", months), EndsAt: now.AddDate(0, 0, 30*(months-11)).Truncate(time.Second)}); err != nil {
			b.Fatal(err)
		}
		b.Logf("month %d is locked in %s", months, time.Since(at).Round(time.Millisecond))
	}
	last.From = now.AddDate(0, 0, -30)
	measure("last_month_after_a_lock", last, who.System)
	pages("last_month_after_a_lock", last)
}

// BenchmarkVerify refolds the same ledger from nothing.
func BenchmarkVerify(b *testing.B) {
	a, l := year(b)
	now := time.Now()
	for months := range 11 {
		if _, err := a.LockPeriod(b.Context(), who.System, audit.Lock{Name: fmt.Sprint("month-", months), EndsAt: now.AddDate(0, 0, 30*(months-11))}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		r, err := l.Verify(b.Context())
		if err != nil || len(r.Faults) > 0 {
			b.Fatalf("%v, %d faults: %v", err, len(r.Faults), r.Faults[:min(len(r.Faults), 3)])
		}
		b.ReportMetric(float64(r.Movements), "movements")
	}
}
