package pgown_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/internal/fault"
	"callout/internal/pgown"
)

// parent makes this test binary a Callout that holds a Postgres until it is killed.
const parent = "PGOWN_TEST_PARENT"

func TestMain(m *testing.M) {
	dir := os.Getenv(parent)
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := pgown.Start(context.Background(), pgown.Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	<-s.Done()
}

func TestDataSurviveAStop(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	query(t, s, `CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)`)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s = start(t, dir)
	t.Log("second start:", time.Since(began))
	if got := query(t, s, `SELECT n::text FROM kept`); got != "7" {
		t.Errorf("found %q, want 7", got)
	}
}

func TestDataSurviveKilledPostmaster(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	query(t, s, `CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)`)
	if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("nobody noticed that Postgres was killed")
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, dir)
	if got := query(t, s, `SELECT n::text FROM kept`); got != "7" {
		t.Errorf("found %q, want 7", got)
	}
}

func TestPostgresDiesWithItsParentAndTheNextStartsAtOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	callout := exec.CommandContext(t.Context(), os.Args[0])
	callout.Env = append(os.Environ(), parent+"="+dir)
	out, err := callout.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := callout.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(url, "postgres://") {
		t.Fatalf("the parent says %q, %v", url, err)
	}
	ask(t, strings.TrimSpace(url), `CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)`)
	if err := callout.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = callout.Wait()
	s := start(t, dir)
	if got := query(t, s, `SELECT n::text FROM kept`); got != "7" {
		t.Errorf("found %q, want 7", got)
	}
}

func TestReusedProcessNumberIsNoPostgres(t *testing.T) {
	t.Parallel()
	dir, other := folder(t), folder(t)
	s := start(t, dir)
	pidfile := filepath.Join(dir, "cluster", "postmaster.pid")
	left, err := os.ReadFile(pidfile)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	// The number in the file is now a living process of the very same user.
	start(t, other)
	_, rest, _ := strings.Cut(string(left), "\n")
	if err := os.WriteFile(pidfile, fmt.Appendf(nil, "%d\n%s", postmaster(t, other), rest), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestSecondCalloutOnAFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := start(t, dir)
	_, err := pgown.Start(t.Context(), pgown.Options{Dir: dir})
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), dir) {
		t.Errorf("the second says %v, want a conflict that names the folder", err)
	}
	query(t, first, `SELECT 'unharmed'`)
}

func TestPostgresStartedByHandIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	pid := postmaster(t, dir)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	// Whatever works inside the cluster under the number in postmaster.pid is its server.
	hand := exec.CommandContext(t.Context(), "sleep", "60")
	hand.Dir = filepath.Join(dir, "cluster")
	if err := hand.Start(); err != nil {
		t.Fatal(err)
	}
	if pid == hand.Process.Pid {
		t.Fatal("the process numbers must differ")
	}
	if err := os.WriteFile(filepath.Join(hand.Dir, "postmaster.pid"), fmt.Appendf(nil, "%d\n", hand.Process.Pid), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pgown.Start(t.Context(), pgown.Options{Dir: dir}); !fault.Is(err, fault.Conflict) {
		t.Errorf("says %v, want a conflict", err)
	}
}

func TestClosedFolderAboveIsNoObstacle(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(folder(t), "home")
	if err := os.MkdirAll(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "callout", "data")
	s := start(t, dir)
	query(t, s, `CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)`)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, dir), `SELECT n::text FROM kept`); got != "7" {
		t.Errorf("found %q, want 7", got)
	}
}

func TestLongPathHasItsSocketElsewhere(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(folder(t), strings.Repeat("deep/", 20), "data"))
	query(t, s, `SELECT 'there'`)
}

func TestThrowawayIsFastNotSafe(t *testing.T) {
	t.Parallel()
	s, err := pgown.Start(t.Context(), pgown.Options{Dir: folder(t), Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	for setting, want := range map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
		"listen_addresses": "", "server_encoding": "UTF8", "lc_collate": "C.UTF-8", "TimeZone": "UTC",
	} {
		if got := query(t, s, `SHOW `+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
}

func TestMissingBinariesAreNamed(t *testing.T) {
	t.Setenv("PG_BIN", t.TempDir())
	_, err := pgown.Start(t.Context(), pgown.Options{Dir: folder(t)})
	if !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "apt-get install postgresql-15") {
		t.Errorf("says %v, want what to install", err)
	}
}

// folder is where a Postgres of the test may live.
func folder(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "data")
}

func start(t *testing.T, dir string) *pgown.Server {
	t.Helper()
	s, err := pgown.Start(t.Context(), pgown.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "cluster", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(b), &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func query(t *testing.T, s *pgown.Server, sql string) string {
	t.Helper()
	return ask(t, s.URL(), sql)
}

// ask runs a query that gives one text or nothing.
func ask(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if !strings.HasPrefix(sql, "SELECT") && !strings.HasPrefix(sql, "SHOW") {
		_, err = conn.Exec(t.Context(), sql)
	} else {
		var text string
		if err = conn.QueryRow(t.Context(), sql).Scan(&text); err == nil {
			return text
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return ""
}

func TestAnotherCommandFindsTheRunningServer(t *testing.T) {
	dir := t.TempDir()
	if _, running := pgown.Running(t.Context(), dir); running {
		t.Error("a server runs in an empty folder")
	}
	s, err := pgown.Start(t.Context(), pgown.Options{Dir: dir, Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	if url, running := pgown.Running(t.Context(), dir); !running || url != s.URL() {
		t.Errorf("found %q, %v", url, running)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, running := pgown.Running(t.Context(), dir); running {
		t.Error("a stopped server is running")
	}
}
