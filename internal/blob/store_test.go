package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"callout/internal/blob"
	"callout/internal/fault"
)

func open(t *testing.T, url string) *blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func read(t *testing.T, s *blob.Store, key string) string {
	t.Helper()
	r, size, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != size {
		t.Errorf("Get said %d bytes and gave %d", size, len(b))
	}
	return string(b)
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestStore(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"memory": "mem://", "files": "file://" + filepath.Join(t.TempDir(), "deep", "photos")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ctx := open(t, url), t.Context()
			const key = "photos/ab/ab01.jpg"
			if there, err := s.Exists(ctx, key); there || err != nil {
				t.Errorf("Exists before Put: %v %v", there, err)
			}
			if _, _, err := s.Get(ctx, key); !fault.Is(err, fault.NotFound) {
				t.Errorf("Get of nothing: %v", err)
			}
			if err := s.Delete(ctx, key); !fault.Is(err, fault.NotFound) {
				t.Errorf("Delete of nothing: %v", err)
			}
			for _, body := range []string{"first", "", strings.Repeat("long", 1<<18)} {
				if err := s.Put(ctx, key, strings.NewReader(body), "image/jpeg"); err != nil {
					t.Fatal(err)
				}
				if got := read(t, s, key); got != body {
					t.Errorf("%d bytes went in, %d came out", len(body), len(got))
				}
			}
			if there, err := s.Exists(ctx, key); !there || err != nil {
				t.Errorf("Exists after Put: %v %v", there, err)
			}
			if _, _, err := s.Get(ctx, "photos/ab"); !fault.Is(err, fault.NotFound) {
				t.Errorf("Get of a folder: %v", err)
			}
			if err := s.Delete(ctx, key); err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.Get(ctx, key); !fault.Is(err, fault.NotFound) {
				t.Errorf("Get after Delete: %v", err)
			}
		})
	}
}

func TestHalfAPutLeavesNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line broke")
	half := func() io.Reader {
		return io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(broken))
	}
	for _, scheme := range []string{"mem", "file"} {
		dir := t.TempDir()
		url := "mem://"
		if scheme == "file" {
			url = "file://" + dir
		}
		s := open(t, url)
		if err := s.Put(t.Context(), "a/b", half(), "image/png"); !errors.Is(err, broken) {
			t.Errorf("%s: Put of a broken stream: %v", scheme, err)
		}
		if there, _ := s.Exists(t.Context(), "a/b"); there {
			t.Errorf("%s: half a blob is there", scheme)
		}
		if err := s.Put(t.Context(), "a/b", strings.NewReader("whole"), "image/png"); err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), "a/b", half(), "image/png"); !errors.Is(err, broken) {
			t.Errorf("%s: Put of a broken stream: %v", scheme, err)
		}
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Put(canceled, "a/b", strings.NewReader("late"), "image/png"); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Put after the caller has gone: %v", scheme, err)
		}
		if got := read(t, s, "a/b"); got != "whole" {
			t.Errorf("%s: half a Put replaced a whole one by %d bytes", scheme, len(got))
		}
		if names := files(t, dir); scheme == "file" && len(names) != 1 {
			t.Errorf("left in the directory: %q", names)
		}
	}
}

func TestPutTogetherKeepsOneWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, "file://"+dir)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			body := strings.Repeat(string(rune('a'+i)), 1<<17)
			if err := s.Put(t.Context(), "same", strings.NewReader(body), "image/png"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got := read(t, s, "same")
	if len(got) != 1<<17 || strings.Trim(got, got[:1]) != "" {
		t.Error("two writers mixed")
	}
	if names := files(t, dir); len(names) != 1 {
		t.Errorf("left in the directory: %q", names)
	}
}

func TestDirectoryIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "photos")
	s := open(t, "file://"+dir)
	if err := s.Put(t.Context(), "a/b/c", strings.NewReader("x"), "image/png"); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"", "a", "a/b"} {
		info, err := os.Stat(filepath.Join(dir, d))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%q has mode %v", d, info.Mode())
		}
	}
}

func TestBadKeysAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t, "file://"+t.TempDir())
	for _, key := range []string{"", "/a", "a/", "a//b", "..", "../a", "a/../../b", ".hidden", "a/.b", "a b", "a\x00b", "a\\b", "ü", "a.tmp", "a.attrs", strings.Repeat("a", 513)} {
		if err := s.Put(t.Context(), key, strings.NewReader("x"), "image/png"); !fault.Is(err, fault.Invalid) {
			t.Errorf("Put %q: %v", key, err)
		}
		if _, _, err := s.Get(t.Context(), key); !fault.Is(err, fault.Invalid) {
			t.Errorf("Get %q: %v", key, err)
		}
		if _, err := s.Exists(t.Context(), key); !fault.Is(err, fault.Invalid) {
			t.Errorf("Exists %q: %v", key, err)
		}
		if err := s.Delete(t.Context(), key); !fault.Is(err, fault.Invalid) {
			t.Errorf("Delete %q: %v", key, err)
		}
	}
}

func TestBadAddressesAreRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"", "photos", "file://", "file:///", "file://host/a", "file:///a?metadata=skip", "ftp://a/b", "file://" + file, "%"} {
		if s, err := blob.Open(t.Context(), url); err == nil {
			t.Errorf("%q opened", url)
			_ = s.Close()
		}
	}
}

func BenchmarkPut1MiB(b *testing.B) {
	s, err := blob.Open(b.Context(), "file://"+b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	body := make([]byte, 1<<20)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Put(b.Context(), "a/b.jpg", bytes.NewReader(body), "image/jpeg"); err != nil {
			b.Fatal(err)
		}
	}
}
