package api_test

import (
	"crypto/sha256"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
)

// BenchmarkCloseJob closes jobs over HTTP: signature, one photo, the seal, the event, all in one transaction.
func BenchmarkCloseJob(b *testing.B) {
	d := open(b).newDesk("A")
	at := time.Now().AddDate(0, 0, 2)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		job, photo := d.finished(at)
		at = at.Add(2 * time.Hour)
		body := signed(b, "photos", []uuid.UUID{photo}, "work_summary", "Exchanged the fan.")
		b.StartTimer()
		d.dispatcher.post("/v1/jobs/"+job.String()+"/close", body, match(1)).want(http.StatusOK)
	}
}

// finished is a job that the technician has finished, and a stored photo of it.
func (d *desk) finished(at time.Time) (job, photo uuid.UUID) {
	d.t.Helper()
	job = d.row("jobs", obj{
		"number": uuid.NewString(), "status": "finished", "priority": "P1", "customer_id": d.customer, "site_id": d.site, "outlet_id": d.outlet,
		"time_zone": "Asia/Shanghai", "location": "(0,0)", "minutes": 60, "finished_at": time.Now(), "photos": `[{"kind": "after", "count": 1}]`,
	})
	d.row("bookings", obj{
		"job_id": job, "technician_id": d.technician, "outlet_id": d.outlet, "starts_at": at, "ends_at": at.Add(time.Hour),
		"explanation": `{"source": "hand"}`,
	})
	sum := sha256.Sum256([]byte(job.String()))
	photo = d.row("photos", obj{
		"job_id": job, "kind": "after", "status": "stored", "stored_at": time.Now(), "sha256": sum[:], "media_type": "image/jpeg", "width": 640, "height": 480,
		"announced_by": d.tech.user,
	})
	return job, photo
}
