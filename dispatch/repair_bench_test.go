package dispatch_test

import (
	"syscall"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"
)

// fullDaySQL gives every technician so many jobs of 30 minutes, 50 minutes apart and near his home; every second customer has a
// window of two hours.
const fullDaySQL = `
WITH work AS (
  INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, window_from, window_to, needs, created_at, updated_at)
  SELECT gen_random_uuid(), 'B' || t.id || n, 'Work', 'scheduled', 'P' || (n % 3)::text, $1, $2, t.outlet_id,
    point(t.home[0] + ((hashtext(t.id::text || n) % 100) / 9000.0), t.home[1] + ((hashtext(n || t.id::text) % 100) / 9000.0)), 'Asia/Shanghai', 30,
    CASE WHEN n % 2 = 0 THEN $3::timestamptz + n * interval '50 minutes' - interval '1 hour' END,
    CASE WHEN n % 2 = 0 THEN $3::timestamptz + n * interval '50 minutes' + interval '1 hour' END,
    (SELECT jsonb_build_array(jsonb_build_object('skill_id', s.id, 'code', s.code, 'level', 1)) FROM skills s LIMIT 1), now(), now()
  FROM technicians t, generate_series(0, $4::int - 1) n RETURNING id, number)
INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
SELECT gen_random_uuid(), w.id, t.id, t.outlet_id, $3::timestamptz + n * interval '50 minutes', $3::timestamptz + n * interval '50 minutes' + interval '30 minutes', '{}', now(), now()
FROM technicians t, generate_series(0, $4::int - 1) n JOIN LATERAL (SELECT id FROM work WHERE number = 'B' || t.id || n) w ON true`

// BenchmarkRepair is from an event, a technician who calls in ill for the rest of the day, to the proposal: 500
// technicians and 5,000 jobs of one outlet. It reports how many jobs the proposal moves to others, how many of them
// are not those of the one who is ill, how many times change besides, and what the process itself takes of a processor.
func BenchmarkRepair(b *testing.B) {
	f := newField(b)
	f.exec(crowdSQL, f.outlet.ID, 500)
	f.exec(grantsSQL, monday.AddDate(-1, 0, 0), monday.AddDate(1, 0, 0))
	f.exec(`
INSERT INTO shifts (id, technician_id, starts_at, ends_at, breaks, created_at, updated_at)
SELECT gen_random_uuid(), id, $1::timestamptz, $1::timestamptz + interval '10 hours', '[]', now(), now() FROM technicians`, at("08:00"))
	f.exec(fullDaySQL, f.customer.ID, f.site.ID, at("08:30"), 10)
	f.exec(`ANALYZE`)
	p := f.mender(b)
	all, _, err := f.crew.List(b.Context(), who.System, dispatch.TechnicianQuery{}, [16]byte{}, 100)
	if err != nil {
		b.Fatal(err)
	}
	moved, others, slides, ill := 0, 0, 0, 0
	var spent, slowest time.Duration
	for b.Loop() {
		b.StopTimer()
		a, booked, err := f.crew.Announce(b.Context(), who.System, all[ill%len(all)].ID, dispatch.NewAbsence{StartsAt: at("08:00"), EndsAt: at("18:00"), Reason: "flu"})
		if err != nil {
			b.Fatal(err)
		}
		before := processor(b)
		b.StartTimer()
		f.heed(b, p)
		b.StopTimer()
		took := processor(b) - before
		spent, slowest = spent+took, max(slowest, took)
		plan := f.repairs(b, p)[0]
		if plan.Status != dispatch.PlanProposed || len(plan.Changes) < len(booked)-1 {
			b.Fatalf("%s with %d changes of %d jobs", plan.Status, len(plan.Changes), len(booked))
		}
		for _, c := range plan.Changes {
			switch {
			case *c.TechnicianID != *c.WasTechnicianID && *c.WasTechnicianID != a.TechnicianID:
				others++
				moved++
			case *c.TechnicianID != *c.WasTechnicianID:
				moved++
			}
		}
		slides += len(plan.Changes)
		ill++
		if _, err := f.crew.CancelAbsence(b.Context(), who.System, a.ID, a.Version); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Discard(b.Context(), who.System, plan.ID, plan.Version); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(moved)/float64(ill), "jobs-moved")
	b.ReportMetric(float64(others)/float64(ill), "of-others")
	b.ReportMetric(float64(slides-moved)/float64(ill), "times-changed")
	b.ReportMetric(float64(spent.Milliseconds())/float64(ill), "cpu-ms/repair")
	b.ReportMetric(float64(slowest.Milliseconds()), "slowest-cpu-ms")
}

// processor is how long the process has kept processors busy.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
