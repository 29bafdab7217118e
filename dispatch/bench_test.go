package dispatch_test

import (
	"fmt"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"
)

const (
	crowdSQL = `
INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, created_at, updated_at)
SELECT gen_random_uuid(), $1, 'T' || n, point(121.4 + (n * 7919 % 1000) / 7000.0, 31.16 + (n * 104729 % 1000) / 7000.0), 5000 + n % 7 * 500, 'CNY', now(), now()
FROM generate_series(1, $2) n`
	grantsSQL = `
INSERT INTO certifications (id, technician_id, skill_id, level, valid_from, valid_to, created_at, updated_at)
SELECT gen_random_uuid(), t.id, s.id, 1 + (hashtext(t.id::text || s.code) & 3), $1, $2, now(), now() FROM technicians t, skills s`
	dutySQL = `
INSERT INTO shifts (id, technician_id, starts_at, ends_at, breaks, created_at, updated_at)
SELECT gen_random_uuid(), id, $1::timestamptz, $1::timestamptz + interval '9 hours',
  jsonb_build_array(jsonb_build_object('earliest', $1::timestamptz + interval '3 hours', 'latest', $1::timestamptz + interval '5 hours', 'minutes', 30)), now(), now() FROM technicians`
	workSQL = `
WITH work AS (
  INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
  SELECT gen_random_uuid(), 'B' || t.id || n, 'Work', 'scheduled', 'P2', $1, $2, t.outlet_id, t.home, 'Asia/Shanghai', 40, now(), now()
  FROM technicians t, generate_series(0, $4::int - 1) n RETURNING id, number)
INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
SELECT gen_random_uuid(), w.id, t.id, t.outlet_id, $3::timestamptz + n * interval '100 minutes', $3::timestamptz + n * interval '100 minutes' + interval '40 minutes', '{}', now(), now()
FROM technicians t, generate_series(0, $4::int - 1) n JOIN LATERAL (SELECT id FROM work WHERE number = 'B' || t.id || n) w ON true`
)

// crowd gives the outlet so many technicians with certificates, a shift with a break, and so many jobs each.
func (f *field) crowd(b *testing.B, technicians, booked int) {
	b.Helper()
	f.exec(crowdSQL, f.outlet.ID, technicians)
	f.exec(grantsSQL, monday.AddDate(-1, 0, 0), monday.AddDate(1, 0, 0))
	f.exec(dutySQL, at("08:00"))
	if booked > 0 {
		f.exec(workSQL, f.customer.ID, f.site.ID, at("08:30"), booked)
	}
	f.exec(`ANALYZE`)
}

func BenchmarkCandidates(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("%d technicians", n), func(b *testing.B) {
			f := newField(b)
			f.crowd(b, n, 4)
			j := f.newJob(f.needing(2), window("09:00", "15:00"))
			b.ReportAllocs()
			for b.Loop() {
				ranked, err := f.board.Candidates(b.Context(), who.System, j.ID, dispatch.Asked{})
				if err != nil || len(ranked) != n || !ranked[0].Ranked {
					b.Fatal(len(ranked), err)
				}
			}
		})
	}
}

func BenchmarkAssign(b *testing.B) {
	f := newField(b)
	f.crowd(b, 100, 2)
	j := f.newJob(f.needing(2), window("09:00", "15:00"))
	b.ReportAllocs()
	for b.Loop() {
		booked, err := f.board.AutoAssign(b.Context(), who.System, j.ID, j.Version, dispatch.Asked{})
		if err != nil {
			b.Fatal(err)
		}
		if j, err = f.board.Unassign(b.Context(), who.System, booked.ID, booked.Version, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		f := newField(b)
		f.crowd(b, 150, 0)
		for i := range 1200 {
			f.newJob(f.needing(1+i%2), func(n *dispatch.NewJob) {
				n.Minutes = 30 + i%4*15
				n.SiteID = f.site.ID
			})
		}
		f.works(b)
		b.StartTimer()
		r := must(f.board.StartRun(b.Context(), who.System, dispatch.NewRun{Day: monday}))(b)
		for r.Status != dispatch.RunDone {
			time.Sleep(5 * time.Millisecond)
			r = must(f.board.FindRun(b.Context(), who.System, r.ID))(b)
		}
		b.ReportMetric(float64(r.Assigned), "assigned")
	}
}
