package keyring

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// content is what the directory held when it was read.
type content struct {
	private          map[int]ed25519.PrivateKey
	public           Publics
	current, highest int // numbers; 0 for none
	modified, readAt time.Time
}

// Publics are public keys by their ids.
type Publics map[string]ed25519.PublicKey

// Public returns the key of an id.
func (p Publics) Public(kid string) (ed25519.PublicKey, bool) {
	key, known := p[kid]
	return key, known
}

func fileName(number int, ext string) string { return fmt.Sprintf("%06d%s", number, ext) }

func readContent(dir string) (content, error) {
	c := content{private: map[int]ed25519.PrivateKey{}, public: Publics{}, readAt: time.Now()}
	info, err := os.Stat(dir)
	if err != nil {
		return c, fmt.Errorf("keyring: %w", err)
	}
	c.modified = info.ModTime()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return c, fmt.Errorf("keyring: %w", err)
	}
	published := map[int]ed25519.PublicKey{}
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if ext != ".key" && ext != ".pub" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		number, err := strconv.Atoi(strings.TrimSuffix(e.Name(), ext))
		if err != nil || number < 1 || fileName(number, ext) != e.Name() {
			return c, fmt.Errorf("keyring: %s is not named like a key of ours (000001%s)", path, ext)
		}
		if ext == ".key" {
			err = c.readPrivate(path, number)
		} else {
			published[number], err = readPublic(path, 0o022)
		}
		// Another process may have retired it since the directory was listed.
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return c, err
		}
		c.highest = max(c.highest, number)
	}
	for number, key := range published {
		if key == nil {
			continue
		}
		if private, has := c.private[number]; has && !key.Equal(private.Public()) {
			return c, fmt.Errorf("keyring: %s is not the public half of %s", fileName(number, ".pub"), fileName(number, ".key"))
		}
		c.public[KeyID(key)] = key
	}
	return c, nil
}

func (c *content) readPrivate(path string, number int) error {
	b, err := readFile(path, 0o077)
	if err != nil {
		return err
	}
	key, err := parsePrivate(b)
	if err != nil {
		return fmt.Errorf("keyring: %s %w", path, err)
	}
	public := key.Public().(ed25519.PublicKey)
	c.private[number], c.public[KeyID(public)] = key, public
	c.current = max(c.current, number)
	return nil
}

func readPublic(path string, forbidden os.FileMode) (ed25519.PublicKey, error) {
	b, err := readFile(path, forbidden)
	if err != nil {
		return nil, err
	}
	key, err := parsePublic(b)
	if err != nil {
		return nil, fmt.Errorf("keyring: %s %w", path, err)
	}
	return key, nil
}

// ReadPublics reads public keys from PEM files, and from every .pub file of a directory.
func ReadPublics(paths ...string) (Publics, error) {
	all := Publics{}
	for _, path := range paths {
		names := []string{path}
		if entries, err := os.ReadDir(path); err == nil {
			names = nil
			for _, e := range entries {
				if filepath.Ext(e.Name()) == ".pub" {
					names = append(names, filepath.Join(path, e.Name()))
				}
			}
		}
		for _, name := range names {
			key, err := readPublic(name, 0)
			if err != nil {
				return nil, err
			}
			all[KeyID(key)] = key
		}
	}
	return all, nil
}
