package blob

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/memblob" // mem://
	_ "gocloud.dev/blob/s3blob"  // s3://bucket?region=…
	"gocloud.dev/gcerrors"

	"callout/internal/fault"
)

// Store is an open bucket.
type Store struct {
	bucket *blob.Bucket
	dir    string // of a file bucket
}

// keyRule keeps a key the same text in a file system, in S3 and in a URL: no segment starts
// with a dot, so that none climbs out of the directory.
var keyRule = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)

const maxKey = 512

// Open opens the bucket at rawURL: file:///a/directory (made with mode 0700 where it is missing;
// file://./directory is relative), s3://bucket?region=…&endpoint=…, or mem://, which forgets.
func Open(ctx context.Context, rawURL string) (*Store, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	if u.Scheme == "file" {
		return openDir(u)
	}
	bucket, err := blob.OpenBucket(ctx, rawURL)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Store{bucket: bucket}, nil
}

func openDir(u *url.URL) (*Store, error) {
	if u.RawQuery != "" || (u.Host != "" && u.Host != ".") || strings.Trim(u.Path, "/") == "" {
		return nil, fmt.Errorf("blob: %q is not of the form file:///a/directory", u)
	}
	path := u.Path
	if u.Host == "." {
		path = strings.TrimPrefix(path, "/")
	}
	dir, err := filepath.Abs(filepath.FromSlash(path))
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: 0o700,
		// A rename from the system's temporary directory may cross file systems, where it fails.
		NoTempDir: true,
		Metadata:  fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Store{bucket: bucket, dir: dir}, nil
}

// Put stores everything that r yields under key, in place of what was there. Where r fails, ctx
// ends or the process dies, the key keeps what it held before. In a directory the bytes are on
// the disk when Put returns; a process killed meanwhile may leave a "<key>.<time>.tmp" beside it,
// which no key can name. A key of another form than a/b/c.ext is fault.Invalid.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, contentType string) (err error) {
	if err := checkKey(key); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: contentType,
		BeforeWrite: func(as func(any) bool) error {
			as(&file)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	_, err = io.Copy(w, r)
	if err == nil && file != nil {
		err = file.Sync()
	}
	if err != nil {
		cancel() // Close throws away what a canceled writer wrote
		_ = w.Close()
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	return s.syncDirs(key)
}

// syncDirs makes the name of a file last as its bytes do: the database may already be told of it.
func (s *Store) syncDirs(key string) error {
	if s.dir == "" {
		return nil
	}
	for dir := filepath.Dir(filepath.Join(s.dir, key)); len(dir) >= len(s.dir); dir = filepath.Dir(dir) {
		d, err := os.Open(dir)
		if err != nil {
			return fmt.Errorf("blob: put %s: %w", key, err)
		}
		err = d.Sync()
		_ = d.Close()
		if err != nil {
			return fmt.Errorf("blob: put %s: %w", key, err)
		}
	}
	return nil
}

// Get opens what key holds and says how many bytes it has; the caller closes it. It returns
// fault.NotFound where there is nothing.
func (s *Store) Get(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	if err := checkKey(key); err != nil {
		return nil, 0, err
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, 0, said(err, "get", key)
	}
	return r, r.Size(), nil
}

// Exists says whether key holds something.
func (s *Store) Exists(ctx context.Context, key string) (bool, error) {
	if err := checkKey(key); err != nil {
		return false, err
	}
	there, err := s.bucket.Exists(ctx, key)
	if err != nil {
		return false, said(err, "look for", key)
	}
	return there, nil
}

// Delete removes what key holds. It returns fault.NotFound where there is nothing, except in S3,
// which does not tell.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := s.bucket.Delete(ctx, key); err != nil {
		return said(err, "delete", key)
	}
	return nil
}

// Close gives back what the bucket holds open.
func (s *Store) Close() error { return s.bucket.Close() }

func checkKey(key string) error {
	if len(key) > maxKey || !keyRule.MatchString(key) || strings.HasSuffix(key, ".tmp") || strings.HasSuffix(key, ".attrs") {
		return fault.New(fault.Invalid, "%q cannot name a stored file", key)
	}
	return nil
}

func said(err error, verb, key string) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fault.New(fault.NotFound, "no stored file is called %q", key)
	}
	return fmt.Errorf("blob: %s %s: %w", verb, key, err)
}
