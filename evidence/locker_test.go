package evidence_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"callout/evidence"
	"callout/internal/blob"
	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/keyring"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
)

// shelf is a locker on a database, a bucket and keys of its own.
type shelf struct {
	*evidence.Locker

	t    testing.TB
	db   *pg.DB
	url  string
	dir  string // of the bucket
	keys *keyring.Ring
	now  time.Time
}

func open(t testing.TB) *shelf {
	t.Helper()
	s := &shelf{t: t, url: pgtest.URL(t), dir: t.TempDir(), now: *moment("2026-11-24T09:00:00.5Z")}
	var err error
	if s.db, err = pg.Open(t.Context(), s.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.db.Close)
	store, err := blob.Open(t.Context(), "file://"+s.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if s.keys, err = keyring.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	s.Locker = evidence.NewLocker(s.db, store, s.keys, func() time.Time { return s.now })
	return s
}

func (s *shelf) exec(statement string, args ...any) {
	s.t.Helper()
	if _, err := pg.Exec(s.t.Context(), s.db, statement, args...); err != nil {
		s.t.Fatal(err)
	}
}

// tamper changes rows as only somebody with the database itself in hands can.
func (s *shelf) tamper(statement string, args ...any) {
	s.t.Helper()
	c, err := pgx.Connect(context.Background(), s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Close(context.Background()) }()
	if _, err = c.Exec(s.t.Context(), `SET session_replication_role = replica`); err == nil {
		_, err = c.Exec(s.t.Context(), statement, args...)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) outlet() uuid.UUID {
	s.t.Helper()
	o := uuid.Must(uuid.NewV7())
	s.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, $2, $2, 'UTC', now(), now())`, o, o.String())
	return o
}

// job opens a job of an outlet, or of nobody's.
func (s *shelf) job(outlet *uuid.UUID) uuid.UUID {
	s.t.Helper()
	j, at := uuid.Must(uuid.NewV7()), s.now
	s.exec(`INSERT INTO customers (id, name, created_at, updated_at) VALUES ($1, 'C', $2, $2)`, j, at)
	s.exec(`INSERT INTO sites (id, customer_id, address, location, time_zone, created_at, updated_at) VALUES ($1, $1, 'A', '(1,2)', 'UTC', $2, $2)`, j, at)
	s.exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, $2, 'T', 'working', 'P1', $1, $1, $3, '(1,2)', 'UTC', 60, $4, $4)`, j, "J"+j.String()[24:], outlet, at)
	return j
}

// technician returns somebody who has a job booked and is nothing but a technician.
func (s *shelf) technician(outlet, job uuid.UUID) who.Actor {
	s.t.Helper()
	id := uuid.Must(uuid.NewV7())
	s.exec(`INSERT INTO technicians (id, outlet_id, name, home, cost_per_hour, currency, created_at, updated_at) VALUES ($1, $2, 'T', '(1,2)', 0, 'CNY', now(), now())`, id, outlet)
	s.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
		VALUES ($1, $2, $1, $3, $4, $5, '{}', $4, $4)`, id, job, outlet, s.now, s.now.Add(time.Hour))
	return who.Actor{UserID: id, Roles: []who.Role{who.Technician}, OutletID: &outlet, TechnicianID: &id}
}

// announced is the announcement of a picture.
func announced(b []byte) evidence.Announcement {
	return evidence.Announcement{
		Kind: evidence.KindAfter, SHA256: evidence.Sum(b), Size: int64(len(b)), TakenAt: *moment("2026-11-24T16:50:00.123456789+08:00"),
		Position: &evidence.Position{Lng: 116.391, Lat: 39.907},
	}
}

// photo announces a picture and stores it.
func (s *shelf) photo(by who.Actor, job uuid.UUID, b []byte) evidence.Photo {
	s.t.Helper()
	p, err := s.Announce(s.t.Context(), by, job, announced(b))
	if err == nil {
		p, err = s.PutContent(s.t.Context(), by, p.ID, "image/jpeg", bytes.NewReader(b))
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// file is where the bytes of a hash lie.
func (s *shelf) file(h evidence.Hash) string {
	return filepath.Join(s.dir, "photos", h.String()[:2], h.String())
}

func (s *shelf) events(subject uuid.UUID) (kinds []string) {
	s.t.Helper()
	all, err := event.History(s.t.Context(), s.db, subject, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range all {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func wantFault(t testing.TB, err error, code fault.Code, pointers ...string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("got %v, want %s", err, code)
	}
	var got []string
	for _, f := range fault.From(err).Fields {
		got = append(got, f.Pointer)
	}
	if len(got) != len(pointers) {
		t.Fatalf("%v names %q, want %q", err, got, pointers)
	}
	for i := range got {
		if got[i] != pointers[i] {
			t.Fatalf("%v names %q, want %q", err, got, pointers)
		}
	}
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
