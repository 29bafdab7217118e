package evidence

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

const (
	maxFiles     = maxPhotos + 50
	maxDirectory = 1 << 20 // bytes of a zip's table of contents
)

var (
	errTooLarge = errors.New("too large")
	errTooMany  = errors.New("too many files")
	errNotFile  = errors.New("not an ordinary file")
)

// files are the files of a package: in a zip, or in a folder that it was unpacked to. No name
// is ever used as a path, and nothing is read beyond a limit.
type files struct {
	names []string // in the order found; the same twice if it is there twice
	open  map[string]func() (io.ReadCloser, error)
	close func() error
}

// openFiles opens a zip or a folder. An error means that there is nothing to verify.
func openFiles(path string) (*files, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	return openZip(path, info.Size())
}

func openZip(path string, size int64) (*files, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	// A crafted table of contents may name millions of files.
	limited := &limitedAt{f, maxDirectory}
	z, err := zip.NewReader(limited, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		_ = f.Close()
		return nil, fmt.Errorf("evidence: %s: %w", path, err)
	}
	limited.left = math.MaxInt64
	all := &files{open: map[string]func() (io.ReadCloser, error){}, close: f.Close}
	for _, entry := range z.File {
		if entry.Name == photoFolder && entry.UncompressedSize64 == 0 {
			continue // whoever packs a folder again adds it
		}
		opener := entry.Open
		if !entry.Mode().IsRegular() {
			opener = func() (io.ReadCloser, error) { return nil, errNotFile }
		}
		all.add(entry.Name, opener)
	}
	if err := all.few(); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("evidence: %s: %w", path, err)
	}
	return all, nil
}

func openFolder(path string) (*files, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	all := &files{open: map[string]func() (io.ReadCloser, error){}, close: root.Close}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all.add(name, func() (io.ReadCloser, error) {
			if !d.Type().IsRegular() {
				return nil, errNotFile
			}
			return root.Open(filepath.FromSlash(name))
		})
		return all.few()
	})
	if err != nil {
		_ = root.Close()
		return nil, fmt.Errorf("evidence: %s: %w", path, err)
	}
	return all, nil
}

func (f *files) add(name string, opener func() (io.ReadCloser, error)) {
	f.names = append(f.names, name)
	if _, twice := f.open[name]; twice {
		// Which of the two a reader shows depends on the reader: neither counts.
		opener = func() (io.ReadCloser, error) { return nil, errTooMany }
	}
	f.open[name] = opener
}

func (f *files) few() error {
	if len(f.names) > maxFiles {
		return errTooMany
	}
	return nil
}

// copy writes a file to w: fs.ErrNotExist if there is none, errTooLarge if it has more bytes.
func (f *files) copy(w io.Writer, name string, most int64) error {
	open, there := f.open[name]
	if !there {
		return fs.ErrNotExist
	}
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := io.Copy(w, io.LimitReader(r, most+1))
	if n > most {
		return errTooLarge
	}
	return err
}

// limitedAt reads so many bytes and no more.
type limitedAt struct {
	r    io.ReaderAt
	left int64
}

func (l *limitedAt) ReadAt(p []byte, off int64) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errTooLarge
	}
	return l.r.ReadAt(p, off)
}
