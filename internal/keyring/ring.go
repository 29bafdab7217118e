package keyring

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"callout/internal/fault"
)

// Ring is an open directory of keys.
type Ring struct {
	dir string
	mu  sync.Mutex
	now content
}

// Open opens the keys in dir. It makes the directory (mode 0700) and a first key where there is
// none, also when several processes start at once. It refuses a private key that others may
// read, one that is not a sound Ed25519 key, and a public key that is not the private one's.
func Open(dir string) (*Ring, error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	r := &Ring{dir: dir}
	if err := r.read(); err != nil {
		return nil, err
	}
	if r.now.current == 0 {
		// Somebody else's first key serves as well as ours.
		if _, err := r.add(r.now.highest + 1); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, err
		}
	}
	for number, key := range r.now.private {
		if err := r.publish(number, key); err != nil {
			return nil, err
		}
	}
	return r, r.read()
}

// Current returns the key that signs now and its id.
func (r *Ring) Current() (kid string, key ed25519.PrivateKey) {
	c := r.latest()
	key = c.private[c.current]
	return KeyID(key.Public().(ed25519.PublicKey)), key
}

// Public returns the public key of an id, of the current key and of every earlier one.
func (r *Ring) Public(kid string) (ed25519.PublicKey, bool) {
	key, known := r.latest().public[kid]
	return key, known
}

// Publics returns every public key by its id.
func (r *Ring) Publics() Publics { return maps.Clone(r.latest().public) }

// Rotate adds a key, which signs from now on, and returns its id. The earlier keys stay.
func (r *Ring) Rotate() (kid string, err error) {
	for {
		if err := r.read(); err != nil {
			return "", err
		}
		kid, err := r.add(r.latest().highest + 1)
		if !errors.Is(err, os.ErrExist) {
			return kid, err
		}
	}
}

// Retire destroys a private key; its public key still verifies. It returns fault.NotFound where
// no private key has the id, and fault.Conflict for the key that signs now.
func (r *Ring) Retire(kid string) error {
	c := r.latest()
	for number, key := range c.private {
		if KeyID(key.Public().(ed25519.PublicKey)) != kid {
			continue
		}
		if number == c.current {
			return fault.New(fault.Conflict, "key %s signs now: rotate first", kid)
		}
		if err := r.publish(number, key); err != nil {
			return err
		}
		if err := os.Remove(filepath.Join(r.dir, fileName(number, ".key"))); err != nil {
			return fmt.Errorf("keyring: %w", err)
		}
		if err := syncDir(r.dir); err != nil {
			return err
		}
		return r.read()
	}
	return fault.New(fault.NotFound, "no private key %s", kid)
}

// add makes the key of a number; os.ErrExist where somebody made it first.
func (r *Ring) add(number int) (kid string, err error) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return "", fmt.Errorf("keyring: %w", err)
	}
	b, err := formatPrivate(key)
	if err != nil {
		return "", fmt.Errorf("keyring: %w", err)
	}
	if err := create(r.dir, fileName(number, ".key"), b, 0o600); err != nil {
		return "", err
	}
	if err := r.publish(number, key); err != nil {
		return "", err
	}
	return KeyID(public), r.read()
}

// publish writes the public half beside a private key, if it is not there.
func (r *Ring) publish(number int, key ed25519.PrivateKey) error {
	b, err := formatPublic(key.Public().(ed25519.PublicKey))
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	if err := create(r.dir, fileName(number, ".pub"), b, 0o644); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// settled is how long a directory must have been left alone before its modification time can
// tell a later change: the clock of a file system is coarser than a process is quick.
const settled = 100 * time.Millisecond

// latest is what the directory holds. Where it cannot be read any more, what it held before.
func (r *Ring) latest() content {
	r.mu.Lock()
	defer r.mu.Unlock()
	info, err := os.Stat(r.dir)
	if err != nil || (info.ModTime().Equal(r.now.modified) && r.now.readAt.Sub(r.now.modified) > settled) {
		return r.now
	}
	if c, err := readContent(r.dir); err == nil && c.current != 0 {
		r.now = c
	}
	return r.now
}

func (r *Ring) read() error {
	c, err := readContent(r.dir)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = c
	return nil
}
