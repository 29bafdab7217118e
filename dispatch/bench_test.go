package dispatch_test

import (
	"fmt"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"

	"github.com/google/uuid"
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
	// Jobs a few kilometres from where he lives, of 20 minutes, every 50 minutes.
	busySQL = `
WITH work AS (
  INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
  SELECT gen_random_uuid(), 'B' || t.id || n, 'Work', 'scheduled', 'P2', $1, $2, t.outlet_id,
    point(t.home[0] + (n * 37 % 11 - 5) / 300.0, t.home[1] + (n * 53 % 13 - 6) / 300.0), 'Asia/Shanghai', 20, now(), now()
  FROM technicians t, generate_series(0, $4::int - 1) n RETURNING id, number)
INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
SELECT gen_random_uuid(), w.id, t.id, t.outlet_id, $3::timestamptz + n * interval '50 minutes', $3::timestamptz + n * interval '50 minutes' + interval '20 minutes', '{}', now(), now()
FROM technicians t CROSS JOIN generate_series(0, $4::int - 1) n JOIN work w ON w.number = 'B' || t.id || n`
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

// BenchmarkLive ranks 500 technicians who have 5,000 jobs on a day that is under way. It asks about another job each time,
// while the clock goes on, and counts what the process does apart from the statement that hears what happened.
func BenchmarkLive(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as serve has it
	f := newField(b)
	f.crowd(b, 500, 0)
	f.exec(`UPDATE shifts SET breaks = '[]' WHERE technician_id IN (SELECT id FROM technicians ORDER BY id LIMIT 250)`)
	f.exec(busySQL, f.customer.ID, f.site.ID, at("08:10"), 10)
	f.exec(`ANALYZE`)
	var jobs []uuid.UUID
	for i := range 40 {
		jobs = append(jobs, f.newJob(f.needing(1+i%4), func(n *dispatch.NewJob) {
			n.Minutes = 20
			if i%3 > 0 {
				n.WindowFrom, n.WindowTo = ptr(at("10:00").Add(time.Duration(i)*5*time.Minute)), ptr(at("13:00").Add(time.Duration(i)*5*time.Minute))
			}
		}).ID)
	}
	f.setClock(at("09:00"))
	var heard, took, said []time.Duration
	fit, i := 0, 0
	ask := func() {
		f.setClock(f.clock.Load().Add(700 * time.Millisecond))
		ranked, h, t, w, err := f.board.RankTimed(b.Context(), jobs[i%len(jobs)])
		if err != nil || len(ranked) != 500 {
			b.Fatal(len(ranked), err)
		}
		for _, c := range ranked {
			if c.Ranked {
				fit++
			}
		}
		heard, took, said, i = append(heard, h), append(took, t), append(said, t+w), i+1
	}
	ask()
	heard, took, said, fit, i = nil, nil, nil, 0, 0
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
	slices.Sort(heard)
	slices.Sort(took)
	slices.Sort(said)
	share := func(all []time.Duration, p float64) float64 {
		return float64(all[int(float64(len(all)-1)*p)].Microseconds())
	}
	b.ReportMetric(share(took, .5), "µs-p50")
	b.ReportMetric(share(took, .99), "µs-p99")
	b.ReportMetric(share(said, .5), "µs-with-words-p50")
	b.ReportMetric(share(said, .99), "µs-with-words-p99")
	b.ReportMetric(share(heard, .5), "µs-hearing-p50")
	b.ReportMetric(float64(fit)/float64(i), "fit")
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
