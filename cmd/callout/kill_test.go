package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
)

const (
	closings  = 100
	answers   = 30 // after which the server is killed
	customers = 8  // who sign at the same time
)

// TestKilledWhileClosing kills the server in the midst of a hundred closings. After the restart
// each job is closed with everything that belongs to it, or as it was; the rest can be closed by
// the same commands again, and those that were closed answer as before.
func TestKilledWhileClosing(t *testing.T) {
	t.Parallel()
	url, data := pgtest.URL(t), t.TempDir()
	jobs, account := finishedJobs(t, url, data)
	first := start(t, url, data)
	token := first.signIn(account)
	var stop atomic.Bool
	var heard atomic.Int32
	was := first.closeAll(token, jobs, &stop, func() {
		if heard.Add(1) == answers {
			stop.Store(true)
			// At any point of those closings that are under way.
			time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
			first.kill()
		}
	})
	told := 0
	for _, a := range was {
		if a != nil {
			told++
		}
	}
	if told < answers {
		t.Fatalf("%d closings were answered before the end: the server died by itself", told)
	}
	db := connect(t, url)
	settle(t, db)
	closed := 0
	for i, j := range jobs {
		switch standing := stands(t, db, j); {
		case standing == whole:
			closed++
		case standing != untouched:
			t.Errorf("job %d is %+v: neither closed with everything nor untouched", i, standing)
		case was[i] != nil:
			t.Errorf("the closing of job %d was confirmed and is lost", i)
		}
	}
	if closed < answers || closed == closings {
		t.Errorf("%d of %d jobs were closed when the server was killed: that is not in the middle", closed, closings)
	}
	t.Logf("killed after %d answers: %d jobs closed, %d untouched", told, closed, closings-closed)

	second := start(t, url, data)
	token = second.signIn(account)
	for i, a := range second.closeAll(token, jobs, new(atomic.Bool), func() {}) {
		if a == nil {
			t.Errorf("job %d could not be closed after the restart", i)
		} else if was[i] != nil && !bytes.Equal(a, was[i]) {
			t.Errorf("the closing of job %d is answered otherwise than before:\n%s\n%s", i, was[i], a)
		}
	}
	for i, j := range jobs {
		if standing := stands(t, db, j); standing != whole {
			t.Errorf("job %d is %+v in the end", i, standing)
		}
	}
	second.end()
	allSound(t, url, data)
}

// closeAll closes jobs, several at a time, and returns the answers that were heard, nil where
// none was. An answer that is no success fails the test.
func (p *process) closeAll(token string, jobs []finished, stop *atomic.Bool, heard func()) [][]byte {
	all := make([][]byte, len(jobs))
	var next atomic.Int32
	var hands sync.WaitGroup
	for range customers {
		hands.Go(func() {
			for !stop.Load() {
				i := int(next.Add(1)) - 1
				if i >= len(jobs) {
					return
				}
				status, body, err := p.close(token, jobs[i])
				if err != nil {
					continue // the server is gone
				}
				if status != http.StatusOK {
					p.t.Errorf("job %d: %d %s", i, status, body)
					continue
				}
				all[i] = body
				heard()
			}
		})
	}
	hands.Wait()
	return all
}

func (p *process) close(token string, j finished) (int, []byte, error) {
	r, err := http.NewRequest(http.MethodPost, fmt.Sprintf("%s/v1/jobs/%s/close", p.url, j.id), bytes.NewReader(j.closing))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", "close-"+j.id.String())
	r.Header.Set("If-Match", fmt.Sprintf(`"%d"`, j.version))
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, b, err
}

// settle returns when the database has ended what the killed server had begun.
func settle(t *testing.T, db *pg.DB) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		n, err := pg.One[int](t.Context(), db, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()`)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
	t.Fatal("the database does not come to rest")
}

// allSound checks the seals and the books of everything together.
func allSound(t *testing.T, url, data string) {
	t.Helper()
	h := inside(t, url, data)
	ids, err := pg.Query[struct{ Sequence int64 }](t.Context(), h.DB, `SELECT sequence FROM sign_offs ORDER BY sequence`)
	if err != nil || len(ids) != closings {
		t.Fatalf("%d sign-offs, %v", len(ids), err)
	}
	for i, s := range ids {
		if s.Sequence != int64(i+1) {
			t.Fatalf("the chain has a gap: record %d stands in place %d", s.Sequence, i+1)
		}
	}
	for after, more := noID, true; more; more = after != noID {
		some, next, err := h.Locker.ListSignOffs(t.Context(), who.System, allSignOffs, after, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range some {
			r, err := h.Locker.Verify(t.Context(), who.System, s.ID)
			if err != nil || !r.OK() {
				t.Errorf("sign-off of %s: %+v, %v", s.JobNumber, r.Checks, err)
			}
		}
		after = next
	}
	books, err := h.Ledger.Verify(t.Context())
	if err != nil || len(books.Faults) > 0 {
		t.Errorf("the books: %v, %v", books.Faults, err)
	}
}
