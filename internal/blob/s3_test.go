package blob_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"callout/internal/fault"
)

// objects is as much of S3 as one bucket of small objects needs.
type objects struct {
	mu   sync.Mutex
	kept map[string]string
	typ  map[string]string
}

func (o *objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	body, there := o.kept[r.URL.Path]
	switch {
	case r.Method == http.MethodPut:
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		o.kept[r.URL.Path], o.typ[r.URL.Path] = string(b), r.Header.Get("Content-Type")
	case !there:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code></Error>`)
	case r.Method == http.MethodDelete:
		delete(o.kept, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Header().Set("Content-Type", o.typ[r.URL.Path])
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")
		_, _ = io.WriteString(w, body)
	}
}

func TestS3(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	fake := &objects{kept: map[string]string{}, typ: map[string]string{}}
	server := httptest.NewServer(fake)
	defer server.Close()
	s, ctx := open(t, "s3://photos?region=eu-central-1&use_path_style=true&endpoint="+server.URL), t.Context()

	const key = "ab/ab01.png"
	if _, _, err := s.Get(ctx, key); !fault.Is(err, fault.NotFound) {
		t.Errorf("Get of nothing: %v", err)
	}
	broken := errors.New("the line broke")
	half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	if err := s.Put(ctx, key, half, "image/png"); !errors.Is(err, broken) {
		t.Errorf("Put of a broken stream: %v", err)
	}
	if there, err := s.Exists(ctx, key); there || err != nil {
		t.Errorf("half a blob is there: %v %v", there, err)
	}
	if err := s.Put(ctx, key, strings.NewReader("whole"), "image/png"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, key); got != "whole" {
		t.Errorf("got %q", got)
	}
	if got := fake.typ["/photos/"+key]; got != "image/png" {
		t.Errorf("stored as %q", got)
	}
	if err := s.Delete(ctx, key); err != nil {
		t.Fatal(err)
	}
	if there, err := s.Exists(ctx, key); there || err != nil {
		t.Errorf("Exists after Delete: %v %v", there, err)
	}
}
