package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The share benchmarks ask the whole product (token, contract, idempotency, event) and a control
// (net/http and pgx with the statements that cannot be done without) the same, in turns, in one run.
// %_of_raw is the control's time over ours.

const (
	benchWorkers = 4
	benchRound   = 200 // requests of a turn
)

// asker makes one request; n tells the requests of a benchmark apart.
type asker func(n int) *http.Request

// share measures both sides in turns.
func share(b *testing.B, control, ours asker) {
	b.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as callout serve runs
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchWorkers}}
	defer client.CloseIdleConnections()
	n := 0
	turn := func(ask asker) time.Duration {
		began := time.Now()
		var wg sync.WaitGroup
		for w := range benchWorkers {
			wg.Go(func() {
				for i := w; i < benchRound; i += benchWorkers {
					answer, err := client.Do(ask(n + i))
					if err != nil {
						b.Error(err)
						return
					}
					body, _ := io.ReadAll(answer.Body)
					_ = answer.Body.Close()
					if answer.StatusCode >= 300 {
						b.Errorf("%d: %s", answer.StatusCode, body)
					}
				}
			})
		}
		wg.Wait()
		n += benchRound
		return time.Since(began)
	}
	turn(control) // prepared statements, caches
	turn(ours)
	var raw, full time.Duration
	b.ResetTimer()
	for range b.N {
		raw += turn(control)
		full += turn(ours)
	}
	b.StopTimer()
	each := float64(b.N * benchRound)
	b.ReportMetric(100*float64(raw)/float64(full), "%_of_raw")
	b.ReportMetric(float64(raw.Nanoseconds())/each, "raw-ns/request")
	b.ReportMetric(float64(full.Nanoseconds())/each, "ns/request")
}

// benchSite is a world with a dispatcher, an outlet, a site, and jobs there.
type benchSite struct {
	*world
	url, raw string
	c        *client
	site     uuid.UUID
	jobs     []uuid.UUID
}

func openBench(b *testing.B, jobs int) *benchSite {
	b.Helper()
	w := open(b)
	s := &benchSite{world: w, c: w.as(who.Dispatcher)}
	outlet := w.outlet()
	customer := w.row("customers", map[string]any{})
	s.site = w.row("sites", map[string]any{"customer_id": customer, "outlet_id": outlet, "time_zone": "Asia/Shanghai"})
	tech := w.row("technicians", map[string]any{"outlet_id": outlet, "currency": "CNY"})
	for i := range jobs {
		id := w.row("jobs", map[string]any{
			"number": fmt.Sprintf("J%d", i), "status": "scheduled", "priority": "P1", "customer_id": customer, "site_id": s.site, "outlet_id": outlet, "minutes": 60,
			"time_zone": "Asia/Shanghai", "needs": fmt.Sprintf(`[{"skill_id": %q, "code": "hvac", "level": 2}]`, uuid.New()), "photos": `[{"kind": "after", "count": 1}]`,
		})
		at := time.Now().Add(time.Duration(i) * time.Hour)
		w.row("bookings", map[string]any{"job_id": id, "technician_id": tech, "outlet_id": outlet, "starts_at": at, "ends_at": at.Add(time.Hour)})
		s.jobs = append(s.jobs, id)
	}
	w.exec(`ANALYZE`)
	server := httptest.NewServer(w.house.Handler)
	b.Cleanup(server.Close)
	s.url = server.URL
	raw := httptest.NewServer(control(w.house.DB.Pool()))
	b.Cleanup(raw.Close)
	s.raw = raw.URL
	return s
}

func (s *benchSite) request(method, path string, body any) *http.Request {
	var content bytes.Buffer
	if body != nil {
		_ = json.NewEncoder(&content).Encode(body)
	}
	r, err := http.NewRequest(method, path, &content)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.c.token)
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	return r
}

func BenchmarkShareGetJob(b *testing.B) {
	s := openBench(b, 500)
	path := func(n int) string { return "/v1/jobs/" + s.jobs[n%len(s.jobs)].String() }
	share(b, func(n int) *http.Request { return s.request("GET", s.raw+path(n), nil) },
		func(n int) *http.Request { return s.request("GET", s.url+path(n), nil) })
}

func BenchmarkShareListJobs(b *testing.B) {
	s := openBench(b, 500)
	share(b, func(int) *http.Request { return s.request("GET", s.raw+"/v1/jobs?limit=50", nil) },
		func(int) *http.Request { return s.request("GET", s.url+"/v1/jobs?limit=50", nil) })
}

func BenchmarkShareOpenJob(b *testing.B) {
	s := openBench(b, 1)
	body := map[string]any{
		"site_id": s.site, "title": "Mend the outdoor unit", "priority": "P1", "minutes": 90, "description": "The gate is on the left.",
		"window": map[string]any{"from": "2036-11-24T09:00:00+08:00", "to": "2036-11-24T11:00:00+08:00"},
	}
	share(b, func(int) *http.Request { return s.request("POST", s.raw+"/v1/jobs", body) },
		func(int) *http.Request { return s.request("POST", s.url+"/v1/jobs", body) })
}

// rawJob is a job as the control reads it: what the product answers, field for field.
type rawJob struct {
	ID              uuid.UUID    `json:"id"`
	Number          string       `json:"number"`
	Title           string       `json:"title"`
	Status          string       `json:"status"`
	HoldReason      *string      `json:"hold_reason"`
	Priority        string       `json:"priority"`
	CaseID          *uuid.UUID   `json:"case_id"`
	FollowsID       *uuid.UUID   `json:"follows_id"`
	CustomerID      uuid.UUID    `json:"customer_id"`
	SiteID          uuid.UUID    `json:"site_id"`
	AssetID         *uuid.UUID   `json:"asset_id"`
	OutletID        *uuid.UUID   `json:"outlet_id"`
	Location        pgtype.Point `json:"location"`
	TimeZone        string       `json:"time_zone"`
	Description     string       `json:"description"`
	Minutes         int          `json:"minutes"`
	WindowFrom      *time.Time   `json:"window_from"`
	WindowTo        *time.Time   `json:"window_to"`
	DueAt           *time.Time   `json:"due_at"`
	Needs           []rawNeed    `json:"needs"`
	Parts           []rawPart    `json:"parts"`
	Photos          []rawPhoto   `json:"photos"`
	Outcome         string       `json:"outcome"`
	Reason          string       `json:"reason"`
	TravelingAt     *time.Time   `json:"traveling_at"`
	ArrivedAt       *time.Time   `json:"arrived_at"`
	StartedAt       *time.Time   `json:"started_at"`
	FinishedAt      *time.Time   `json:"finished_at"`
	ClosedAt        *time.Time   `json:"closed_at"`
	ArrivalMetres   *int         `json:"arrival_metres"`
	ArrivalAccuracy *int         `json:"arrival_accuracy"`
	ArrivalFlags    []string     `json:"arrival_flags"`
	ExternalKey     *string      `json:"external_key"`
	Version         int          `json:"version"`
	CreatedAt       time.Time    `json:"created_at"`
	UpdatedAt       time.Time    `json:"updated_at"`
	BookingID       *uuid.UUID   `json:"booking_id"`
	TechnicianID    *uuid.UUID   `json:"technician_id"`
	Technician      *string      `json:"technician"`
	BookingOutlet   *uuid.UUID   `json:"booking_outlet_id"`
	StartsAt        *time.Time   `json:"starts_at"`
	EndsAt          *time.Time   `json:"ends_at"`
	Pinned          *bool        `json:"pinned"`
	RunID           *uuid.UUID   `json:"run_id"`
	BookingVersion  *int         `json:"booking_version"`
	BookedAt        *time.Time   `json:"booked_at"`
}

type rawNeed struct {
	SkillID uuid.UUID `json:"skill_id"`
	Code    string    `json:"code"`
	Level   int       `json:"level"`
}

type rawPart struct {
	PartID   uuid.UUID `json:"part_id"`
	Quantity int       `json:"quantity"`
}

type rawPhoto struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

const rawSelect = `SELECT j.id, j.number, j.title, j.status, j.hold_reason, j.priority, j.case_id, j.follows_id, j.customer_id, j.site_id, j.asset_id,
	j.outlet_id, j.location, j.time_zone, j.description, j.minutes, j.window_from, j.window_to, j.due_at, j.needs, j.parts, j.photos, j.outcome, j.reason,
	j.traveling_at, j.arrived_at, j.started_at, j.finished_at, j.closed_at, j.arrival_metres, j.arrival_accuracy, j.arrival_flags, j.external_key, j.version,
	j.created_at, j.updated_at, b.id, b.technician_id, t.name, b.outlet_id, b.starts_at, b.ends_at, b.pinned, b.run_id, b.version, b.created_at
	FROM jobs j LEFT JOIN bookings b ON b.job_id = j.id AND b.active LEFT JOIN technicians t ON t.id = b.technician_id `

const (
	rawInsert = `INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, description, minutes, window_from, window_to, created_at, updated_at)
	SELECT $1, 'J' || next_number('job', now()::date), $2, 'open', $3, s.customer_id, s.id, s.outlet_id, s.location, s.time_zone, $4, $5, $6, $7, now(), now() FROM sites s WHERE s.id = $8`
	rawEvent = `INSERT INTO events (at, kind, subject_id, data) VALUES (now(), 'job.opened', $1, '{}')`
)

// control answers the three requests with net/http and pgx and nothing else.
func control(pool *pgxpool.Pool) http.Handler {
	fail := func(w http.ResponseWriter, err error) bool {
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		return err != nil
	}
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/jobs/{id}", func(w http.ResponseWriter, r *http.Request) {
		rows, err := pool.Query(r.Context(), rawSelect+`WHERE j.id = $1`, r.PathValue("id"))
		if fail(w, err) {
			return
		}
		j, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[rawJob])
		if !fail(w, err) {
			answer(w, j)
		}
	})
	mux.HandleFunc("GET /v1/jobs", func(w http.ResponseWriter, r *http.Request) {
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if fail(w, err) {
			return
		}
		rows, err := pool.Query(r.Context(), rawSelect+`WHERE j.id > $1 ORDER BY j.id LIMIT $2`, uuid.Nil, limit+1)
		if fail(w, err) {
			return
		}
		list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[rawJob])
		if !fail(w, err) {
			answer(w, map[string]any{"items": list[:min(limit, len(list))]})
		}
	})
	mux.HandleFunc("POST /v1/jobs", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			SiteID                       uuid.UUID `json:"site_id"`
			Title, Priority, Description string
			Minutes                      int
			Window                       struct{ From, To time.Time }
		}
		if fail(w, json.NewDecoder(r.Body).Decode(&in)) {
			return
		}
		id := uuid.Must(uuid.NewV7())
		err := pgx.BeginFunc(r.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(r.Context(), rawInsert, id, in.Title, in.Priority, in.Description, in.Minutes, in.Window.From, in.Window.To, in.SiteID); err != nil {
				return err
			}
			_, err := tx.Exec(r.Context(), rawEvent, id)
			return err
		})
		if !fail(w, err) {
			answer(w, map[string]any{"id": id})
		}
	})
	return mux
}
