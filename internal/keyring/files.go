package keyring

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const maxFile = 4096

// makeDir makes the directory for its owner alone, and refuses one that others may write to.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("keyring: %s is not a directory", dir)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("keyring: %s has mode %04o; %04o is the most it may have", dir, info.Mode().Perm(), 0o755)
	}
	return nil
}

// readFile reads a small regular file that nobody else has any of the forbidden permissions on.
func readFile(path string, forbidden os.FileMode) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("keyring: %s is not a file", path)
	}
	if info.Mode().Perm()&forbidden != 0 {
		return nil, fmt.Errorf("keyring: %s has mode %04o; %04o is the most it may have", path, info.Mode().Perm(), 0o777&^forbidden)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("keyring: %s is too large for a key", path)
	}
	return b, nil
}

// create makes a file that is there whole or not at all. Whoever comes second gets os.ErrExist.
func create(dir, name string, b []byte, mode os.FileMode) (err error) {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(b)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	// A link never replaces a file, as a rename would.
	if err := os.Link(f.Name(), filepath.Join(dir, name)); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	return nil
}
